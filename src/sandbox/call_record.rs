//! A made-up call as Retell's lists and events tell it, with everything that a real one has and that may not be kept.

use serde_json::{Value, json};

use super::calls::MadeUpCall;
use super::seed::mix;

/// What each second costs, in cents: voice, model and telephony.
const PRODUCTS: [(&str, f64); 3] = [("elevenlabs_tts", 0.0667), ("gpt-4o-mini", 0.0158), ("retell_platform", 0.09175)];

/// The call as `POST /v3/list-calls` lists it at a moment: without transcripts.
pub(super) fn listed(call: &MadeUpCall, now_ms: i64) -> Value {
    let is_over = call.end_ms() <= now_ms;
    let mut record = json!({
        "call_type": "phone_call",
        "call_id": call.id,
        "agent_id": call.agent.agent_id,
        "agent_name": "Made-up agent",
        "agent_version": call.agent.agent_version.as_ref().and_then(Value::as_u64).unwrap_or(3),
        "call_status": if is_over { call.ending.status } else { "ongoing" },
        "direction": if call.is_inbound { "inbound" } else { "outbound" },
        "from_number": if call.is_inbound { other_party(call.seed) } else { call.number.to_string() },
        "to_number": if call.is_inbound { call.number.to_string() } else { other_party(call.seed) },
        "metadata": { "customer": format!("Customer {}", other_party(call.seed)) },
        "retell_llm_dynamic_variables": { "customer_name": "Ada Example" },
        "custom_sip_headers": { "X-Caller": other_party(call.seed) },
        "data_storage_setting": "everything",
        "opt_in_signed_url": false,
        "telephony_identifier": { "twilio_call_sid": format!("CA{:032x}", u128::from(call.seed)) },
        "call_cost": no_cost(),
    });
    if call.has_start {
        record["start_timestamp"] = json!(call.start_ms);
    }
    if let Some(tag) = call.agent.agent_version.as_ref().and_then(Value::as_str) {
        record["agent_tag"] = json!(tag);
    }
    if is_over {
        end(&mut record, call);
    }
    record
}

fn end(record: &mut Value, call: &MadeUpCall) {
    if call.has_start {
        record["end_timestamp"] = json!(call.end_ms());
        record["duration_ms"] = json!(call.duration_ms);
    }
    record["disconnection_reason"] = json!(call.ending.reason);
    record["call_cost"] = cost(call.duration_ms / 1000, &PRODUCTS);
    if call.duration_ms > 0 {
        record["recording_url"] = json!(format!("https://recordings.example.com/{}/recording.wav", call.id));
        record["public_log_url"] = json!(format!("https://recordings.example.com/{}/public.log", call.id));
        record["call_analysis"] = json!({
            "call_summary": "Ada Example asked about an order.",
            "user_sentiment": "Neutral",
            "call_successful": true,
            "in_voicemail": call.ending.reason == "voicemail_reached",
        });
    }
}

/// What Retell says of a call whose cost it has not worked out.
pub(super) fn no_cost() -> Value {
    cost(0, &[])
}

/// Costs in cents, as floats, as Retell has them.
#[allow(clippy::cast_precision_loss, reason = "calls last a few thousand seconds")]
fn cost(seconds: i64, products: &[(&str, f64)]) -> Value {
    let costs: Vec<f64> = products.iter().map(|(_, price)| price * seconds as f64).collect();
    let lines = products.iter().zip(&costs);
    json!({
        "product_costs": lines.map(|((product, price), cost)| json!({ "product": product, "unit_price": price, "cost": cost })).collect::<Vec<_>>(),
        "total_duration_seconds": seconds,
        "total_duration_unit_price": products.iter().map(|(_, price)| price).sum::<f64>(),
        "combined_cost": costs.iter().sum::<f64>(),
    })
}

/// The made-up number of the person at the other end.
fn other_party(seed: u64) -> String {
    let areas = [202, 303, 404, 503, 617, 702, 808, 907];
    let area = areas[usize::try_from(mix(seed) % 8).unwrap_or(0)];
    format!("+1{area}5550{}", 100 + mix(seed ^ 7) % 100)
}

//! The events of made-up calls: which are due in a stretch of time, what they say, and how they are signed.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::call_record;
use super::calls::{Calls, MadeUpCall};
use super::credentials::RETELL_KEYS;

const LONGEST_CALL_MS: i64 = 2 * 3_600_000;
/// So long after its end a call is analysed.
const ANALYSIS_MS: i64 = 1_500;

/// One of the three events of a call, with the moment at which it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallEvent {
    Started,
    Ended,
    Analyzed,
}

impl CallEvent {
    const ALL: [Self; 3] = [Self::Started, Self::Ended, Self::Analyzed];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Started => "call_started",
            Self::Ended => "call_ended",
            Self::Analyzed => "call_analyzed",
        }
    }

    /// When it happens; a call that was not connected never started.
    fn due_ms(self, call: &MadeUpCall) -> Option<i64> {
        match self {
            Self::Started => (call.duration_ms > 0).then_some(call.start_ms),
            Self::Ended => Some(call.end_ms()),
            Self::Analyzed => Some(call.end_ms() + ANALYSIS_MS),
        }
    }
}

/// An event that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct DueEvent {
    pub(super) workspace: &'static str,
    pub(super) event: CallEvent,
    pub(super) call: MadeUpCall,
    due_ms: i64,
}

/// The events of all workspaces that are due from one moment up to, and without, another, in order.
pub(super) fn due(calls: &Calls, from_ms: i64, until_ms: i64, is_reordered: bool) -> Vec<DueEvent> {
    let mut found = Vec::new();
    for (workspace, _) in RETELL_KEYS {
        for call in calls.between(workspace, from_ms - LONGEST_CALL_MS - ANALYSIS_MS, until_ms) {
            found.extend(of_call(workspace, &call, is_reordered));
        }
    }
    found.retain(|event| event.due_ms >= from_ms && event.due_ms < until_ms);
    found.sort_by_key(|event| event.due_ms);
    found
}

/// The events of a call. In the wrong order, all come when the last one is due, and that one first.
fn of_call(workspace: &'static str, call: &MadeUpCall, is_reordered: bool) -> Vec<DueEvent> {
    let last = CallEvent::Analyzed.due_ms(call);
    let event = |event: CallEvent| {
        let due_ms = event.due_ms(call)?;
        let due_ms = last.filter(|_| is_reordered).unwrap_or(due_ms);
        Some(DueEvent { workspace, event, call: call.clone(), due_ms })
    };
    let mut events: Vec<_> = CallEvent::ALL.into_iter().filter_map(event).collect();
    if is_reordered {
        events.reverse();
    }
    events
}

impl DueEvent {
    /// The body: everything that a real event has, and that may not be kept. Costs may come with the last event only.
    pub(super) fn body(&self, are_costs_late: bool) -> Vec<u8> {
        let happened = self.event.due_ms(&self.call).unwrap_or(self.due_ms);
        let mut call = call_record::listed(&self.call, happened);
        call["transcript"] = json!("Agent: Hello.\nUser: This is Ada Example.");
        if self.event == CallEvent::Ended {
            call["call_analysis"] = Value::Null;
            if are_costs_late {
                call["call_cost"] = call_record::no_cost();
            }
        }
        json!({ "event": self.event.as_str(), "event_timestamp": happened, "call": call }).to_string().into_bytes()
    }
}

/// Retell's header over a body, by the key of a workspace.
pub(super) fn signature(workspace: &str, body: &[u8], now_ms: i64) -> String {
    let key = RETELL_KEYS.iter().find(|(name, _)| *name == workspace).map_or("", |(_, key)| key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_bytes()).expect("a key of any length is one");
    mac.update(body);
    mac.update(now_ms.to_string().as_bytes());
    let digest: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v={now_ms},d={digest}")
}

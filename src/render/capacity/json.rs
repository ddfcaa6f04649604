//! An answer about capacity for programs.

use serde_json::{Map, Value, json};

use crate::activity::time::Millis;
use crate::capacity::{CapacityReport, CrossedThreshold, Forecast, JudgedConcurrency, JudgedGroup, Judgement};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;
use crate::render::pools::counts;
use crate::render::usage::CoverageJson;

pub fn write(report: &CapacityReport) -> String {
    escape::json_of(&json!({
        "format_version": FORMAT_VERSION,
        "status": report.verdict().as_str(),
        "groups": report.groups.iter().map(group).collect::<Vec<_>>(),
        "concurrency": report.concurrency.iter().map(concurrency).collect::<Vec<_>>(),
        "coverage": CoverageJson::of(&report.coverage),
    }))
}

fn group(group: &JudgedGroup) -> Value {
    let (stock, thresholds) = (&group.stock, group.stock.thresholds);
    let matches: Map<String, Value> =
        stock.group.traits().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let forecast = group.outlook.forecast();
    let mut object = Map::new();
    object.insert("match".to_owned(), matches.into());
    object.insert("name".to_owned(), json!(stock.group.words()));
    object.extend(counts(&stock.tally));
    object.insert("min_free".to_owned(), json!(thresholds.min_free));
    object.insert("warn_free".to_owned(), json!(thresholds.warn_free));
    object.insert("horizon".to_owned(), json!(thresholds.horizon.map(|days| format!("{days}d"))));
    object.insert("per_week".to_owned(), json!(forecast.map(per_week)));
    object.insert("empty_after".to_owned(), json!(forecast.and_then(|forecast| forecast.empty_after)));
    object.insert("empty_in_weeks".to_owned(), json!(forecast.and_then(empty_in_weeks)));
    object.insert("forecast".to_owned(), json!(group.outlook.words()));
    object.extend(judgement(&group.judgement));
    Value::Object(object)
}

fn per_week(forecast: &Forecast) -> Value {
    json!({"median": number(forecast.median.as_f64()), "p90": number(forecast.ninetieth.as_f64()), "weeks": forecast.weeks})
}

/// A whole number without a fraction, as the files have it.
fn number(value: f64) -> Value {
    #[allow(clippy::cast_possible_truncation)] // only whole numbers are cast
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

fn empty_in_weeks(forecast: &Forecast) -> Option<Value> {
    let soonest = forecast.soonest_weeks?;
    Some(json!({"from": soonest, "to": forecast.latest_weeks}))
}

fn judgement(judgement: &Judgement) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("verdict".to_owned(), json!(judgement.verdict.as_str()));
    object.insert("threshold".to_owned(), json!(judgement.crossed.map(CrossedThreshold::as_str)));
    object.insert("reasons".to_owned(), json!(judgement.reasons));
    object
}

fn concurrency(judged: &JudgedConcurrency) -> Value {
    let row = &judged.row;
    let (live, peak) = (row.read(), row.peak.as_ref());
    let mut object = Map::new();
    object.insert("workspace".to_owned(), json!(row.workspace));
    object.insert("current".to_owned(), json!(live.current));
    object.insert("limit".to_owned(), json!(live.limit));
    object.insert("reserved_inbound".to_owned(), json!(live.reserved_inbound));
    object.insert("burst_limit".to_owned(), json!(live.burst_limit));
    object.insert("peak_30d".to_owned(), json!(peak.and_then(|peak| peak.most)));
    object.insert("peak_at".to_owned(), json!(peak.and_then(|peak| peak.at).as_ref().map(Millis::to_string)));
    object.insert("lost_30d".to_owned(), json!(peak.map(|peak| peak.lost)));
    object.insert("warn".to_owned(), json!(row.thresholds.warn));
    object.insert("error".to_owned(), json!(row.thresholds.error));
    object.extend(judgement(&judged.judgement));
    Value::Object(object)
}

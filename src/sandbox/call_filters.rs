//! The filters of `POST /v3/list-calls`: which calls a list is about.

use serde_json::{Map, Value};

use super::retell_answer::RetellError;

/// Where a filter finds its value in a call.
fn place(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "call_id" => &["call_id"],
        "from_number" => &["from_number"],
        "to_number" => &["to_number"],
        "batch_call_id" => &["batch_call_id"],
        "call_status" => &["call_status"],
        "call_type" => &["call_type"],
        "direction" => &["direction"],
        "disconnection_reason" => &["disconnection_reason"],
        "data_storage_setting" => &["data_storage_setting"],
        "user_sentiment" => &["call_analysis", "user_sentiment"],
        "agent_tag" => &["agent_tag"],
        "start_timestamp" => &["start_timestamp"],
        "end_timestamp" => &["end_timestamp"],
        "duration_ms" => &["duration_ms"],
        "combined_cost" => &["call_cost", "combined_cost"],
        "e2e_latency_p50" => &["latency", "e2e", "p50"],
        "call_successful" => &["call_analysis", "call_successful"],
        "in_voicemail" => &["call_analysis", "in_voicemail"],
        _ => return None,
    })
}

/// All filters of a request: a call has to pass each.
#[derive(Debug, Default)]
pub(super) struct CallFilters(Map<String, Value>);

impl CallFilters {
    /// Reads `filter_criteria`; an unknown filter or operation is Retell's 400.
    pub(super) fn parse(criteria: Option<&Value>) -> Result<Self, RetellError> {
        let bad = |text: String| RetellError::bad_request(text);
        let filters = match criteria {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(filters)) => filters.clone(),
            Some(_) => return Err(bad("filter_criteria must be an object".to_owned())),
        };
        for (name, filter) in &filters {
            if name == "agent" && filter.is_array() {
                continue;
            }
            if place(name).is_none() {
                return Err(bad(format!("filter_criteria.{name} is not known")));
            }
            let known = matches!(
                (filter["type"].as_str(), filter["op"].as_str()),
                (Some("string"), Some("eq" | "ne" | "sw" | "ew" | "co"))
                    | (Some("enum"), Some("in"))
                    | (Some("number"), Some("eq" | "ne" | "gt" | "ge" | "lt" | "le"))
                    | (Some("range"), Some("bt"))
                    | (Some("boolean"), Some("eq"))
            );
            if !known || filter.get("value").is_none() {
                return Err(bad(format!("filter_criteria.{name} needs type, op and value that fit")));
            }
        }
        Ok(Self(filters))
    }

    /// The moments between which calls have to start, both included; open where no filter says.
    pub(super) fn start_bounds(&self) -> (i64, i64) {
        let Some(filter) = self.0.get("start_timestamp") else { return (i64::MIN, i64::MAX) };
        let value = &filter["value"];
        match filter["op"].as_str() {
            Some("bt") => (value[0].as_i64().unwrap_or(i64::MIN), value[1].as_i64().unwrap_or(i64::MAX)),
            Some("ge" | "gt") => (value.as_i64().unwrap_or(i64::MIN), i64::MAX),
            Some("le" | "lt") => (i64::MIN, value.as_i64().unwrap_or(i64::MAX)),
            _ => (i64::MIN, i64::MAX),
        }
    }

    /// Whether a call passes.
    pub(super) fn admits(&self, call: &Value) -> bool {
        self.0.iter().all(|(name, filter)| match place(name) {
            Some(place) => passes(filter, place.iter().try_fold(call, |value, name| value.get(name))),
            None => is_of_agent(filter, call),
        })
    }
}

fn passes(filter: &Value, found: Option<&Value>) -> bool {
    let (op, wanted) = (filter["op"].as_str().unwrap_or_default(), &filter["value"]);
    let Some(found) = found else { return op == "ne" };
    let text = || (found.as_str().unwrap_or_default(), wanted.as_str().unwrap_or_default());
    let number = || found.as_f64().zip(wanted.as_f64());
    match op {
        "in" => wanted.as_array().is_some_and(|list| list.contains(found)),
        "sw" => text().0.starts_with(text().1),
        "ew" => text().0.ends_with(text().1),
        "co" => text().0.contains(text().1),
        "gt" => number().is_some_and(|(found, wanted)| found > wanted),
        "ge" => number().is_some_and(|(found, wanted)| found >= wanted),
        "lt" => number().is_some_and(|(found, wanted)| found < wanted),
        "le" => number().is_some_and(|(found, wanted)| found <= wanted),
        "bt" => {
            let bound = |at: usize| wanted[at].as_f64();
            found.as_f64().is_some_and(|found| {
                bound(0).is_none_or(|low| low <= found) && bound(1).is_none_or(|high| found <= high)
            })
        }
        "ne" => found != wanted,
        _ => found == wanted,
    }
}

fn is_of_agent(agents: &Value, call: &Value) -> bool {
    agents.as_array().is_some_and(|agents| {
        agents.iter().any(|agent| {
            let versions = agent["version"].as_array();
            agent["agent_id"] == call["agent_id"] && versions.is_none_or(|list| list.contains(&call["agent_version"]))
        })
    })
}

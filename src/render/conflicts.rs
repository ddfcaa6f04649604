//! Conflicts of a merge in words: what each side wants, and how to choose.

use serde_json::Value;

use super::changes::values::{share, shown};
use super::escape::terminal;
use crate::diff::FieldValue;
use crate::merge::Conflict;
use crate::model::AgentWeight;
use crate::plural::counted;

/// The most conflicts that are listed; the rest is counted.
const LISTED: usize = 50;

/// A line per conflict of a file, and what to type.
pub fn list(path: &str, conflicts: &[Conflict]) -> String {
    let mut text = format!("phone-dir: {} in `{}`:\n", counted(conflicts.len(), "conflict"), terminal(path));
    text.extend(conflicts.iter().take(LISTED).map(line));
    if conflicts.len() > LISTED {
        text.push_str(&format!("  … and {} more\n", conflicts.len() - LISTED));
    }
    if let Some(number) = conflicts.iter().find_map(|conflict| conflict.phone_number) {
        text.push_str(&format!("Choose with `phone-dir resolve {number} --ours` (or `--theirs`), or edit the file.\n"));
    }
    text
}

fn line(conflict: &Conflict) -> String {
    let subject = conflict.phone_number.map_or_else(|| "the file".to_owned(), |number| number.to_string());
    let place = conflict.workspace.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
    let what = match (&conflict.ours, &conflict.theirs) {
        (None, _) => "ours deleted it, theirs edited it".to_owned(),
        (_, None) => "ours edited it, theirs deleted it".to_owned(),
        (Some(ours), Some(theirs)) => format!("ours {}, theirs {}", value(ours), value(theirs)),
    };
    let field = match conflict.field.as_str() {
        "" => String::new(),
        field => format!(" {}", terminal(field)),
    };
    format!("  {subject}{place}{field}: {what}\n")
}

/// A value in short; a binding by all of its agents.
fn value(value: &Value) -> String {
    match (value, value.get("assignment_type").and_then(Value::as_str)) {
        (Value::Object(_), Some(kind)) => binding(value, kind),
        (Value::String(text), _) => format!("\"{}\"", terminal(text)),
        (other, _) => shown(&FieldValue::of_json(other)),
    }
}

/// Who answers and calls, with versions and shares: `inbound agents/b 80 %, agent_c 20 %, outbound agents/b (both)`.
///
/// An entry of `directory.json` says only who stands for all.
fn binding(value: &Value, kind: &str) -> String {
    let [inbound, outbound] = ["inbound", "outbound"].map(|direction| agents(value, direction));
    let principal = || value.get("agent_id")?.as_str().map(|id| terminal(named(value, id)).into_owned());
    let who = match (inbound, outbound) {
        (Some(inbound), Some(outbound)) if inbound != outbound => {
            Some(format!("inbound {inbound}, outbound {outbound}"))
        }
        (Some(agents), _) | (None, Some(agents)) => Some(agents),
        (None, None) => principal(),
    };
    let kind = terminal(kind);
    who.map_or_else(|| kind.clone().into_owned(), |who| format!("{who} ({kind})"))
}

/// The agents of one direction, in the words of a diff.
fn agents(binding: &Value, direction: &str) -> Option<String> {
    if let Some(list) = binding.get(format!("{direction}_agents")).filter(|list| !list.is_null()) {
        let Ok(agents) = serde_json::from_value::<Vec<AgentWeight>>(list.clone()) else {
            return Some(shown(&FieldValue::of_json(list)));
        };
        let told = |agent: &AgentWeight| {
            share(named(binding, agent.agent_id.as_str()), agent.agent_version.as_ref(), agent.weight)
        };
        return Some(agents.iter().map(told).collect::<Vec<_>>().join(", "));
    }
    let single = binding.get(format!("{direction}_agent_id"))?.as_str()?;
    Some(terminal(named(binding, single)).into_owned())
}

/// An agent by its folder, where the binding says which one that is.
fn named<'a>(binding: &'a Value, id: &'a str) -> &'a str {
    let text = |name| binding.get(name).and_then(Value::as_str);
    text("agent_path").filter(|_| text("agent_id") == Some(id)).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(ours: Value, theirs: Value) -> String {
        let conflict = Conflict {
            phone_number: None,
            workspace: None,
            field: "binding".to_owned(),
            ours: Some(ours),
            theirs: Some(theirs),
        };
        line(&conflict).trim().to_owned()
    }

    fn of(fields: &Value) -> Value {
        let mut binding = json!({"agent_path": "agents/b", "agent_id": "id_b", "assignment_type": "both",
            "inbound_agent_id": "id_b", "outbound_agent_id": "id_b"});
        binding.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        binding
    }

    #[test]
    fn a_share_of_the_calls_is_told_beside_one_agent_for_all() {
        let split = json!([{"agent_id": "id_b", "weight": 0.8}, {"agent_id": "id_c", "weight": 0.2}]);
        assert_eq!(
            told(of(&json!({})), of(&json!({"inbound_agents": split, "outbound_agents": split}))),
            "the file binding: ours agents/b (both), theirs agents/b 80 %, id_c 20 % (both)"
        );
        assert_eq!(
            told(of(&json!({"inbound_agents": split})), of(&json!({"outbound_agents": split}))),
            "the file binding: ours inbound agents/b 80 %, id_c 20 %, outbound agents/b (both), \
             theirs inbound agents/b, outbound agents/b 80 %, id_c 20 % (both)"
        );
    }

    #[test]
    fn versions_directions_and_the_short_form_are_told() {
        let version = |number| json!([{"agent_id": "id_b", "weight": 1, "agent_version": number}]);
        let pinned = |number| of(&json!({"inbound_agents": version(number), "outbound_agents": version(number)}));
        assert_eq!(told(pinned(1), pinned(2)), "the file binding: ours agents/b@1 (both), theirs agents/b@2 (both)");
        let short = json!({"agent_path": null, "agent_id": "id_\u{1b}c", "assignment_type": "outbound-only"});
        assert_eq!(
            told(short, json!({"agent_id": null, "assignment_type": "unassigned"})),
            "the file binding: ours id_\\u{1b}c (outbound-only), theirs unassigned"
        );
    }
}

//! Who answers and calls, in words: one agent by its folder, several with their shares.
//!
//! It quotes nothing that a provider's customer typed: folders, and ids and versions reduced to plain characters.

use serde_json::Value;

use crate::diff::{AgentNames, Change, FieldChange};

/// One side of a field.
pub type Side = fn(&FieldChange) -> &Value;

/// The value before.
pub const FROM: Side = |field| &field.from;
/// The value after.
pub const TO: Side = |field| &field.to;

/// One direction of calls, and the fields that say who takes them.
struct Direction {
    word: &'static str,
    list: &'static str,
    single: &'static str,
}

const DIRECTIONS: [Direction; 2] = [
    Direction { word: "inbound", list: "inbound_agents", single: "inbound_agent_id" },
    Direction { word: "outbound", list: "outbound_agents", single: "outbound_agent_id" },
];

/// Who is bound on one side; none where nobody is, or where the change does not say.
pub fn bound(change: &Change, names: &AgentNames, side: Side) -> Option<String> {
    let told = DIRECTIONS.map(|direction| direction.agents(change, names, side));
    match told {
        [Some(inbound), Some(outbound)] if inbound != outbound => {
            Some(format!("inbound {inbound}, outbound {outbound}"))
        }
        [Some(agents), _] | [None, Some(agents)] => Some(agents),
        [None, None] => principal(change, names, side),
    }
}

/// Who is replaced by whom; none where the change does not say that anybody is.
pub fn replaced(change: &Change, names: &AgentNames) -> Option<String> {
    let mut parts = Vec::new();
    for direction in &DIRECTIONS {
        let sides = [FROM, TO].map(|side| direction.agents(change, names, side));
        if let [Some(from), Some(to)] = sides
            && from != to
        {
            parts.push((direction.word, format!("{from} → {to}")));
        }
    }
    match parts.as_slice() {
        [] => None,
        [("outbound", part)] if change.field("agent_id").is_none() && change.field("agent_path").is_none() => {
            Some(format!("outbound {part}"))
        }
        [(_, part)] => Some(part.clone()),
        [(_, one), (_, other), ..] if one == other => Some(one.clone()),
        all => Some(all.iter().map(|(word, part)| format!("{word} {part}")).collect::<Vec<_>>().join(", ")),
    }
}

/// The one agent that stands for all: its folder, else its id as one that no folder has.
pub fn principal(change: &Change, names: &AgentNames, side: Side) -> Option<String> {
    let text = |name| change.field(name).and_then(|field| side(field).as_str());
    match (text("agent_path"), text("agent_id")) {
        (Some(path), _) => Some(path.to_owned()),
        (None, Some(id)) => Some(name(change, names, side, id)),
        (None, None) => None,
    }
}

impl Direction {
    fn agents(&self, change: &Change, names: &AgentNames, side: Side) -> Option<String> {
        let (list, single) = (change.field(self.list), change.field(self.single));
        if let Some(shares) = list.and_then(|field| side(field).as_array()) {
            let several = shares.len() > 1;
            let told = shares.iter().map(|share| shown(change, names, side, share, several));
            return Some(told.collect::<Vec<_>>().join(", "));
        }
        match (single, list) {
            (Some(field), _) => side(field).as_str().map(|id| name(change, names, side, id)),
            // The one agent is the same on both sides, and on the other it heads a list.
            (None, Some(list)) => {
                let id = heaviest(&list.from).or_else(|| heaviest(&list.to))?;
                Some(name(change, names, side, id))
            }
            (None, None) => None,
        }
    }
}

/// An agent of a list: `agents/sales@3 80 %`.
fn shown(change: &Change, names: &AgentNames, side: Side, share: &Value, several: bool) -> String {
    let id = share.get("agent_id").and_then(Value::as_str).unwrap_or_default();
    let version = match share.get("agent_version") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(tag)) => format!("@{}", opaque(tag)),
        Some(number) => format!("@{number}"),
    };
    let weight = share.get("weight").and_then(Value::as_f64);
    let percent = weight.filter(|weight| several || *weight < 1.0).map(|weight| format!(" {}", percent(weight)));
    format!("{}{version}{}", name(change, names, side, id), percent.unwrap_or_default())
}

/// A share of calls: `80 %`, `33.33 %`.
pub fn percent(weight: f64) -> String {
    let text = format!("{:.2}", weight * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn heaviest(list: &Value) -> Option<&str> {
    let weight = |share: &Value| share.get("weight").and_then(Value::as_f64).unwrap_or_default();
    let mut best: Option<&Value> = None;
    for share in list.as_array()? {
        if best.is_none_or(|best| weight(share) > weight(best)) {
            best = Some(share);
        }
    }
    best?.get("agent_id")?.as_str()
}

fn name(change: &Change, names: &AgentNames, side: Side, id: &str) -> String {
    let text = |name| change.field(name).and_then(|field| side(field).as_str());
    let own = text("agent_path").filter(|_| text("agent_id") == Some(id));
    let known = || names.get(id).map(|path| path.as_str());
    match own.or_else(known) {
        Some(path) => path.to_owned(),
        None => format!("{} (no folder)", opaque(id)),
    }
}

/// An id as it may stand in a commit message: anything but plain characters is replaced.
fn opaque(id: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.') { letter } else { '?' };
    id.chars().take(64).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diff::ChangeKind;
    use crate::model::{AgentPath, PhoneNumber};

    fn change(fields: &[(&str, Value, Value)]) -> Change {
        let field = |(name, from, to): &(&str, Value, Value)| FieldChange {
            field: (*name).to_owned(),
            from: from.clone(),
            to: to.clone(),
        };
        Change {
            phone_number: PhoneNumber::parse("+14155550101").unwrap(),
            workspace: None,
            kind: ChangeKind::Reassigned,
            fields: fields.iter().map(field).collect(),
        }
    }

    fn names() -> AgentNames {
        let named = |name: &str| (format!("id_{name}").parse().unwrap(), AgentPath::of_folder(name).unwrap());
        ["a", "b"].map(named).into()
    }

    fn list(shares: &[(&str, f64)]) -> Value {
        shares.iter().map(|(id, weight)| json!({"agent_id": id, "weight": weight})).collect()
    }

    fn told(fields: &[(&str, Value, Value)]) -> Option<String> {
        replaced(&change(fields), &names())
    }

    #[test]
    fn shares_are_told_in_percent() {
        let both = list(&[("id_a", 0.8), ("id_b", 0.2)]);
        assert_eq!(
            told(&[("inbound_agent_id", "id_a".into(), "id_b".into()), ("inbound_agents", both.clone(), Value::Null)]),
            Some("agents/a 80 %, agents/b 20 % → agents/b".into())
        );
        // The principal agent stays, so that no other field changes.
        assert_eq!(
            told(&[("inbound_agents", both.clone(), Value::Null)]),
            Some("agents/a 80 %, agents/b 20 % → agents/a".into())
        );
        let thirds = list(&[("id_a", 0.333_333), ("id_x y", 0.666_667)]);
        assert_eq!(
            told(&[("inbound_agents", both, thirds)]),
            Some("agents/a 80 %, agents/b 20 % → agents/a 33.33 %, id_x?y (no folder) 66.67 %".into())
        );
    }

    #[test]
    fn directions_that_change_alike_are_told_once_and_others_apart() {
        let swap = |field| (field, Value::from("id_a"), Value::from("id_b"));
        assert_eq!(told(&[swap("inbound_agent_id"), swap("outbound_agent_id")]), Some("agents/a → agents/b".into()));
        assert_eq!(told(&[swap("outbound_agent_id")]), Some("outbound agents/a → agents/b".into()));
        assert_eq!(
            told(&[swap("inbound_agent_id"), ("outbound_agent_id", "id_b".into(), "id_a".into())]),
            Some("inbound agents/a → agents/b, outbound agents/b → agents/a".into())
        );
        let version = |number| json!([{"agent_id": "id_a", "weight": 1, "agent_version": number}]);
        assert_eq!(told(&[("inbound_agents", version(1), version(2))]), Some("agents/a@1 → agents/a@2".into()));
    }
}

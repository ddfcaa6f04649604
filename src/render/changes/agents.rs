//! Who answers and calls, in words: one agent by its folder, several with their shares.
//!
//! It quotes nothing that a provider's customer typed: folders, and ids and versions reduced to plain characters.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::diff::{AgentNames, Change, FieldChange, folder};

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
    let moves = moves(change, names);
    let replacements: Vec<_> = moves.iter().filter(|step| !step.sides.contains(&None)).collect();
    match replacements.as_slice() {
        [] => None,
        [only] if change.keeps_a_direction || only.word == "outbound" && !changes_principal(change) => {
            Some(only.with_direction())
        }
        [only] => Some(only.to_string()),
        [one, other, ..] if one.sides == other.sides => Some(one.to_string()),
        all => Some(with_directions(all.iter().copied())),
    }
}

/// Who comes and goes in each direction, where a direction gets its first agent or loses its last one.
///
/// None where one agent takes the place of one other: their names say it all.
pub fn joined_or_left(change: &Change, names: &AgentNames) -> Option<String> {
    let moves = moves(change, names);
    let is_told = moves.iter().any(|step| step.sides.contains(&None)) && !is_one_for_one(&moves);
    is_told.then(|| with_directions(moves.iter()))
}

/// What happens to the agents of one direction.
struct Move {
    word: &'static str,
    /// Before and after; none where the direction has no agent.
    sides: [Option<String>; 2],
}

impl Move {
    fn with_direction(&self) -> String {
        format!("{} {self}", self.word)
    }
}

impl fmt::Display for Move {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, to] = self.sides.each_ref().map(|side| side.as_deref().unwrap_or("none"));
        write!(formatter, "{from} → {to}")
    }
}

/// The directions whose agents change.
fn moves(change: &Change, names: &AgentNames) -> Vec<Move> {
    let sides = |direction: &Direction| [FROM, TO].map(|side| direction.agents(change, names, side));
    let all = DIRECTIONS.iter().map(|direction| Move { word: direction.word, sides: sides(direction) });
    all.filter(|step| step.sides[0] != step.sides[1]).collect()
}

fn with_directions<'a>(moves: impl Iterator<Item = &'a Move>) -> String {
    moves.map(Move::with_direction).collect::<Vec<_>>().join(", ")
}

fn is_one_for_one(moves: &[Move]) -> bool {
    [0, 1].into_iter().all(|side| {
        let agents: BTreeSet<_> = moves.iter().filter_map(|step| step.sides[side].as_ref()).collect();
        agents.len() == 1
    })
}

fn changes_principal(change: &Change) -> bool {
    change.field("agent_id").is_some() || change.field("agent_path").is_some()
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

/// An agent by its folder. Where the change names another agent of the same folder, the ids tell them apart; where no
/// folder has it in the workspace, its id says who it is.
fn name(change: &Change, names: &AgentNames, side: Side, id: &str) -> String {
    let Some(path) = path(change, names, side, id) else {
        let elsewhere = names.iter().find(|((_, known), _)| known.as_str() == id);
        return match elsewhere {
            Some(((workspace, _), path)) => format!("{} ({path} of {workspace})", opaque(id)),
            None => format!("{} (no folder)", opaque(id)),
        };
    };
    let is_other = |other: &str| other != id && self::path(change, names, side, other) == Some(path);
    if change.agent_ids().any(is_other) { format!("{path} ({})", opaque(id)) } else { path.to_owned() }
}

fn path<'a>(change: &'a Change, names: &'a AgentNames, side: Side, id: &str) -> Option<&'a str> {
    let says = |side: Side| {
        let text = |name| change.field(name).and_then(|field| side(field).as_str());
        text("agent_path").filter(|_| text("agent_id") == Some(id))
    };
    // Who stood for all on one side may be one of several on the other.
    says(side).or_else(|| folder(names, change.workspace.as_ref(), id)).or_else(|| says(FROM)).or_else(|| says(TO))
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
    use crate::model::{AgentPath, PhoneNumber, WorkspaceName};

    fn change(fields: &[(&str, Value, Value)]) -> Change {
        let field = |(name, from, to): &(&str, Value, Value)| FieldChange {
            field: (*name).to_owned(),
            from: from.clone(),
            to: to.clone(),
        };
        Change {
            phone_number: PhoneNumber::parse("+14155550101").unwrap(),
            workspace: Some(staging()),
            kind: ChangeKind::Reassigned,
            fields: fields.iter().map(field).collect(),
            keeps_a_direction: false,
        }
    }

    fn staging() -> WorkspaceName {
        WorkspaceName::parse("staging").unwrap()
    }

    fn names() -> AgentNames {
        let named =
            |name: &str| ((staging(), format!("id_{name}").parse().unwrap()), AgentPath::of_folder(name).unwrap());
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

    #[test]
    fn the_new_agent_of_the_other_direction_is_named_beside_the_replaced_one() {
        let fields =
            [("inbound_agent_id", "id_a".into(), "id_b".into()), ("outbound_agent_id", Value::Null, "id_c".into())];
        assert_eq!(
            joined_or_left(&change(&fields), &names()),
            Some("inbound agents/a → agents/b, outbound none → id_c (no folder)".into())
        );
    }

    #[test]
    fn a_principal_agent_that_gives_way_to_another_direction_has_not_gone() {
        let principal = ("agent_id", Value::from("id_a"), Value::from("id_b"));
        let fields = [principal, ("inbound_agent_id", Value::Null, "id_b".into())];
        assert_eq!(joined_or_left(&change(&fields), &names()), Some("inbound none → agents/b".into()));
    }

    #[test]
    fn an_agent_that_joins_or_leaves_alone_is_named_with_its_direction() {
        let told = |from: Value, to: Value| joined_or_left(&change(&[("outbound_agent_id", from, to)]), &names());
        assert_eq!(told(Value::Null, "id_a".into()), Some("outbound none → agents/a".into()));
        assert_eq!(told("id_a".into(), Value::Null), Some("outbound agents/a → none".into()));
        assert_eq!(told("id_a".into(), "id_b".into()), None);
    }

    #[test]
    fn one_agent_that_takes_the_place_of_one_other_needs_no_direction() {
        let fields =
            [("inbound_agent_id", "id_a".into(), "id_b".into()), ("outbound_agent_id", Value::Null, "id_b".into())];
        assert_eq!(joined_or_left(&change(&fields), &names()), None);
        assert_eq!(told(&fields), Some("agents/a → agents/b".into()));
    }

    #[test]
    fn the_former_principal_agent_keeps_its_folder_as_the_smaller_part_of_a_list() {
        let fields = [
            ("agent_path", "agents/former".into(), "agents/a".into()),
            ("agent_id", "id_former".into(), "id_a".into()),
            ("inbound_agent_id", "id_former".into(), "id_a".into()),
            ("inbound_agents", Value::Null, list(&[("id_a", 0.6), ("id_former", 0.4)])),
        ];
        assert_eq!(told(&fields), Some("agents/former → agents/a 60 %, agents/former 40 %".into()));
    }

    #[test]
    fn an_agent_that_keeps_the_other_direction_has_not_gone() {
        let mut change =
            change(&[("agent_id", "id_a".into(), "id_b".into()), ("inbound_agent_id", "id_a".into(), "id_b".into())]);
        change.keeps_a_direction = true;
        assert_eq!(replaced(&change, &names()), Some("inbound agents/a → agents/b".into()));
    }

    #[test]
    fn another_agent_of_the_same_folder_is_told_by_the_ids() {
        let mut names = names();
        names.insert((staging(), "id_evil".parse().unwrap()), AgentPath::of_folder("a").unwrap());
        let told = |fields: &[(&str, Value, Value)]| replaced(&change(fields), &names);
        let swap = |field| (field, Value::from("id_a"), Value::from("id_evil"));
        assert_eq!(
            told(&[swap("agent_id"), swap("inbound_agent_id"), swap("outbound_agent_id")]),
            Some("agents/a (id_a) → agents/a (id_evil)".into())
        );
        assert_eq!(
            told(&[(
                "inbound_agents",
                list(&[("id_a", 0.8), ("id_b", 0.2)]),
                list(&[("id_evil", 0.7), ("id_b", 0.3)])
            )]),
            Some("agents/a (id_a) 80 %, agents/b 20 % → agents/a (id_evil) 70 %, agents/b 30 %".into())
        );
    }

    #[test]
    fn an_agent_of_another_workspace_is_told_by_its_id_and_whose_it_is() {
        let mut names = names();
        let production = WorkspaceName::parse("production").unwrap();
        names.insert((production, "id_p".parse().unwrap()), AgentPath::of_folder("a").unwrap());
        let fields = [
            ("agent_path", Value::from("agents/a"), Value::Null),
            ("agent_id", "id_a".into(), "id_p".into()),
            ("inbound_agent_id", "id_a".into(), "id_p".into()),
        ];
        assert_eq!(replaced(&change(&fields), &names), Some("agents/a → id_p (agents/a of production)".into()));
    }
}

//! Who answers and calls, in words: one agent by its folder, several with their shares.
//!
//! It quotes nothing that a provider's customer typed but the names that it is given: folders, and ids and versions reduced to
//! plain characters.

use std::collections::BTreeSet;
use std::fmt;

use crate::diff::{AgentNames, Change, ChangeSide, NumberField};
use crate::model::agent_names::opaque;
use crate::model::routing::principal as heaviest;
use crate::model::{AgentId, AgentPath, AgentVersion, AgentWeight};

/// One direction of calls, and the fields that say who takes them.
struct Direction {
    word: &'static str,
    list: NumberField,
    single: NumberField,
}

const DIRECTIONS: [Direction; 2] = [
    Direction { word: "inbound", list: NumberField::InboundAgents, single: NumberField::InboundAgentId },
    Direction { word: "outbound", list: NumberField::OutboundAgents, single: NumberField::OutboundAgentId },
];

/// Who is bound on one side; none where no agent is, or where the change does not say.
pub fn bound(change: &Change, names: &AgentNames, side: ChangeSide) -> Option<String> {
    let told = DIRECTIONS.map(|direction| direction.agents(change, names, side));
    match told {
        [Some(inbound), Some(outbound)] if inbound != outbound => {
            Some(format!("inbound {inbound}, outbound {outbound}"))
        }
        [Some(agents), _] | [None, Some(agents)] => Some(agents),
        [None, None] => principal(change, names, side),
    }
}

/// The agents of a list of a record, whose ids are known by their folders; `none` where no agent is bound.
pub fn listed(change: &Change, names: &AgentNames, list: &[AgentWeight]) -> String {
    let told = list.iter().map(|share| shown(change, names, ChangeSide::From, share, list.len() > 1));
    let told = told.collect::<Vec<_>>().join(", ");
    if told.is_empty() { "none".to_owned() } else { told }
}

/// Who is replaced by whom; none where the change does not say that any agent is.
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
    let sides =
        |direction: &Direction| [ChangeSide::From, ChangeSide::To].map(|side| direction.agents(change, names, side));
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
    change.field(NumberField::AgentId).is_some() || change.field(NumberField::AgentPath).is_some()
}

/// The one agent that stands for all: its folder, else its id as one that no folder has.
pub fn principal(change: &Change, names: &AgentNames, side: ChangeSide) -> Option<String> {
    let path = change.value(NumberField::AgentPath, side).and_then(|value| value.agent_paths().next());
    let id = change.value(NumberField::AgentId, side).and_then(|value| value.agent_ids().next());
    path.map(ToString::to_string).or_else(|| Some(name(change, names, side, id?)))
}

impl Direction {
    fn agents(&self, change: &Change, names: &AgentNames, side: ChangeSide) -> Option<String> {
        let (list, single) = (change.field(self.list), change.field(self.single));
        if let Some(shares) = list.and_then(|field| field.on(side).as_agents()) {
            let several = shares.len() > 1;
            let told = shares.iter().map(|share| shown(change, names, side, share, several));
            return Some(told.collect::<Vec<_>>().join(", "));
        }
        match (single, list) {
            (Some(field), _) => field.on(side).agent_ids().next().map(|id| name(change, names, side, id)),
            // The one agent is the same on both sides, and on the other it heads a list.
            (None, Some(list)) => {
                let mut lists = [&list.from, &list.to].into_iter().filter_map(|value| heaviest(value.as_agents()?));
                Some(name(change, names, side, &lists.next()?.agent_id))
            }
            (None, None) => None,
        }
    }
}

/// An agent of a list: `agents/sales@3 80 %`.
fn shown(change: &Change, names: &AgentNames, side: ChangeSide, share: &AgentWeight, several: bool) -> String {
    let version = match &share.agent_version {
        None => String::new(),
        Some(AgentVersion::Tag(tag)) => format!("@{}", opaque(tag)),
        Some(AgentVersion::Number(number)) => format!("@{number}"),
    };
    let weight = Some(share.weight.share()).filter(|weight| several || *weight < 1.0);
    let percent = weight.map(|weight| format!(" {}", percent(weight))).unwrap_or_default();
    format!("{}{version}{percent}", name(change, names, side, &share.agent_id))
}

/// A share of calls: `80 %`, `33.33 %`.
pub fn percent(weight: f64) -> String {
    let text = format!("{:.2}", weight * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// An agent by its folder. Where the change names another agent of the same folder, the ids tell them apart; where no
/// folder has it in the workspace, its name says who it is, or its id.
fn name(change: &Change, names: &AgentNames, side: ChangeSide, id: &AgentId) -> String {
    let Some(path) = path(change, names, side, id) else {
        return names.without_folder(change.workspace.as_ref(), id);
    };
    let is_other = |other: &AgentId| other != id && self::path(change, names, side, other) == Some(path);
    if change.agent_ids().any(is_other) { format!("{path} ({})", opaque(id.as_str())) } else { path.to_string() }
}

fn path<'a>(change: &'a Change, names: &'a AgentNames, side: ChangeSide, id: &AgentId) -> Option<&'a AgentPath> {
    // Who stood for all on one side may be one of several on the other.
    let elsewhere =
        || change.principal_path(ChangeSide::From, id).or_else(|| change.principal_path(ChangeSide::To, id));
    change.principal_path(side, id).or_else(|| names.folder(change.workspace.as_ref(), id)).or_else(elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{ChangeKind, FieldChange, FieldValue};
    use crate::model::{AgentPath, PhoneNumber, Weight, WorkspaceName};

    fn id(text: &str) -> FieldValue {
        FieldValue::AgentId(text.parse().unwrap())
    }

    fn path(text: &str) -> FieldValue {
        FieldValue::AgentPath(text.parse().unwrap())
    }

    fn change(fields: &[(NumberField, FieldValue, FieldValue)]) -> Change {
        let field = |(field, from, to): &(NumberField, FieldValue, FieldValue)| FieldChange {
            field: *field,
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
        AgentNames { folders: ["a", "b"].map(named).into(), ..AgentNames::default() }
    }

    fn share(id: &str, weight: f64, agent_version: Option<AgentVersion>) -> AgentWeight {
        AgentWeight { agent_id: id.parse().unwrap(), weight: Weight::new(weight).unwrap(), agent_version }
    }

    fn list(shares: &[(&str, f64)]) -> FieldValue {
        FieldValue::Agents(shares.iter().map(|(id, weight)| share(id, *weight, None)).collect())
    }

    fn told(fields: &[(NumberField, FieldValue, FieldValue)]) -> Option<String> {
        replaced(&change(fields), &names())
    }

    #[test]
    fn shares_are_told_in_percent() {
        let both = list(&[("id_a", 0.8), ("id_b", 0.2)]);
        assert_eq!(
            told(&[
                (NumberField::InboundAgentId, id("id_a"), id("id_b")),
                (NumberField::InboundAgents, both.clone(), FieldValue::Absent)
            ]),
            Some("agents/a 80 %, agents/b 20 % → agents/b".into())
        );
        // The principal agent stays, so that no other field changes.
        assert_eq!(
            told(&[(NumberField::InboundAgents, both.clone(), FieldValue::Absent)]),
            Some("agents/a 80 %, agents/b 20 % → agents/a".into())
        );
        let thirds = list(&[("id_a", 0.333_333), ("id_x y", 0.666_667)]);
        assert_eq!(
            told(&[(NumberField::InboundAgents, both, thirds)]),
            Some("agents/a 80 %, agents/b 20 % → agents/a 33.33 %, id_x?y (no folder) 66.67 %".into())
        );
    }

    #[test]
    fn directions_that_change_alike_are_told_once_and_others_apart() {
        let swap = |field| (field, id("id_a"), id("id_b"));
        assert_eq!(
            told(&[swap(NumberField::InboundAgentId), swap(NumberField::OutboundAgentId)]),
            Some("agents/a → agents/b".into())
        );
        assert_eq!(told(&[swap(NumberField::OutboundAgentId)]), Some("outbound agents/a → agents/b".into()));
        assert_eq!(
            told(&[swap(NumberField::InboundAgentId), (NumberField::OutboundAgentId, id("id_b"), id("id_a"))]),
            Some("inbound agents/a → agents/b, outbound agents/b → agents/a".into())
        );
        let version = |number| FieldValue::Agents(vec![share("id_a", 1.0, Some(AgentVersion::Number(number)))].into());
        assert_eq!(
            told(&[(NumberField::InboundAgents, version(1), version(2))]),
            Some("agents/a@1 → agents/a@2".into())
        );
    }

    #[test]
    fn the_new_agent_of_the_other_direction_is_named_beside_the_replaced_one() {
        let fields = [
            (NumberField::InboundAgentId, id("id_a"), id("id_b")),
            (NumberField::OutboundAgentId, FieldValue::Absent, id("id_c")),
        ];
        assert_eq!(
            joined_or_left(&change(&fields), &names()),
            Some("inbound agents/a → agents/b, outbound none → id_c (no folder)".into())
        );
    }

    #[test]
    fn a_principal_agent_that_gives_way_to_another_direction_has_not_gone() {
        let principal = (NumberField::AgentId, id("id_a"), id("id_b"));
        let fields = [principal, (NumberField::InboundAgentId, FieldValue::Absent, id("id_b"))];
        assert_eq!(joined_or_left(&change(&fields), &names()), Some("inbound none → agents/b".into()));
    }

    #[test]
    fn an_agent_that_joins_or_leaves_alone_is_named_with_its_direction() {
        let told = |from: FieldValue, to: FieldValue| {
            joined_or_left(&change(&[(NumberField::OutboundAgentId, from, to)]), &names())
        };
        assert_eq!(told(FieldValue::Absent, id("id_a")), Some("outbound none → agents/a".into()));
        assert_eq!(told(id("id_a"), FieldValue::Absent), Some("outbound agents/a → none".into()));
        assert_eq!(told(id("id_a"), id("id_b")), None);
    }

    #[test]
    fn one_agent_that_takes_the_place_of_one_other_needs_no_direction() {
        let fields = [
            (NumberField::InboundAgentId, id("id_a"), id("id_b")),
            (NumberField::OutboundAgentId, FieldValue::Absent, id("id_b")),
        ];
        assert_eq!(joined_or_left(&change(&fields), &names()), None);
        assert_eq!(told(&fields), Some("agents/a → agents/b".into()));
    }

    #[test]
    fn the_former_principal_agent_keeps_its_folder_as_the_smaller_part_of_a_list() {
        let fields = [
            (NumberField::AgentPath, path("agents/former"), path("agents/a")),
            (NumberField::AgentId, id("id_former"), id("id_a")),
            (NumberField::InboundAgentId, id("id_former"), id("id_a")),
            (NumberField::InboundAgents, FieldValue::Absent, list(&[("id_a", 0.6), ("id_former", 0.4)])),
        ];
        assert_eq!(told(&fields), Some("agents/former → agents/a 60 %, agents/former 40 %".into()));
    }

    #[test]
    fn an_agent_that_keeps_the_other_direction_has_not_gone() {
        let mut change = change(&[
            (NumberField::AgentId, id("id_a"), id("id_b")),
            (NumberField::InboundAgentId, id("id_a"), id("id_b")),
        ]);
        change.keeps_a_direction = true;
        assert_eq!(replaced(&change, &names()), Some("inbound agents/a → agents/b".into()));
    }

    #[test]
    fn another_agent_of_the_same_folder_is_told_by_the_ids() {
        let mut names = names();
        names.folders.insert((staging(), "id_evil".parse().unwrap()), AgentPath::of_folder("a").unwrap());
        let told = |fields: &[(NumberField, FieldValue, FieldValue)]| replaced(&change(fields), &names);
        let swap = |field| (field, id("id_a"), id("id_evil"));
        assert_eq!(
            told(&[swap(NumberField::AgentId), swap(NumberField::InboundAgentId), swap(NumberField::OutboundAgentId)]),
            Some("agents/a (id_a) → agents/a (id_evil)".into())
        );
        assert_eq!(
            told(&[(
                NumberField::InboundAgents,
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
        names.folders.insert((production, "id_p".parse().unwrap()), AgentPath::of_folder("a").unwrap());
        let fields = [
            (NumberField::AgentPath, path("agents/a"), FieldValue::Absent),
            (NumberField::AgentId, id("id_a"), id("id_p")),
            (NumberField::InboundAgentId, id("id_a"), id("id_p")),
        ];
        assert_eq!(replaced(&change(&fields), &names), Some("agents/a → id_p (agents/a of production)".into()));
    }
}

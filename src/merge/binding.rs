//! The fields that together say which agents a number is bound to: they follow from each other, so that taking some
//! from one side and some from the other may make a binding that nobody meant.

use serde_json::{Map, Value};

use super::three_way::{Versions, newest};
use crate::model::assignments::AssignmentType;
use crate::model::{AgentId, AgentWeight, routing};

/// The fields of a binding, in `assignments.json` and in an entry of `directory.json`.
pub(super) const FIELDS: [&str; 9] = [
    "agent_path",
    "agent_name",
    "agent_id",
    "assignment_type",
    "inbound_agent_id",
    "outbound_agent_id",
    "inbound_agents",
    "outbound_agents",
    "assigned_date",
];

/// The fields that say who answers, without names, folders and dates.
const AGENTS: [&str; 5] = ["agent_id", "inbound_agent_id", "outbound_agent_id", "inbound_agents", "outbound_agents"];

type Object = Map<String, Value>;

/// Whether an object holds a binding.
pub(super) fn is_in(object: &Object) -> bool {
    object.contains_key("assignment_type")
}

/// What became of a binding that both sides touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// The merged fields agree with each other.
    Agreed,
    /// They do not: each view now has its own side's binding as a whole.
    Conflict,
}

/// Makes the two views of a merged object hold whole bindings.
pub(super) fn settle(versions: Versions<'_>, ours: &mut Object, theirs: &mut Object) -> Settled {
    let empty = Object::new();
    let side = |value: Option<&'_ Value>| value.and_then(Value::as_object).cloned().unwrap_or_else(|| empty.clone());
    let (our_side, their_side) = (side(versions.ours), side(versions.theirs));
    name_follows_agent(&our_side, &their_side, ours, theirs);
    let disagree = FIELDS.iter().any(|field| ours.get(*field) != theirs.get(*field));
    let torn = is_coherent(&our_side) && is_coherent(&their_side) && !is_coherent(ours);
    if disagree || torn {
        take(&our_side, ours);
        take(&their_side, theirs);
        return Settled::Conflict;
    }
    if let Some(date) = date_of_joint_binding(versions) {
        ours.insert("assigned_date".to_owned(), date.clone());
        theirs.insert("assigned_date".to_owned(), date);
    }
    Settled::Agreed
}

/// The binding's own fields of an object.
pub(super) fn part(object: &Object) -> Value {
    let fields = FIELDS.iter().filter_map(|field| Some(((*field).to_owned(), object.get(*field)?.clone())));
    Value::Object(fields.collect())
}

fn take(side: &Object, view: &mut Object) {
    for field in FIELDS {
        match side.get(field) {
            Some(value) => view.insert(field.to_owned(), value.clone()),
            None => view.shift_remove(field),
        };
    }
}

/// A new name of an agent that the other side has replaced matters no more.
fn name_follows_agent(our_side: &Object, their_side: &Object, ours: &mut Object, theirs: &mut Object) {
    let id = |object: &Object| object.get("agent_id").cloned();
    if ours.get("agent_name") == theirs.get("agent_name") || id(ours) != id(theirs) || id(our_side) == id(their_side) {
        return;
    }
    let source = if id(ours) == id(our_side) { our_side } else { their_side };
    if let Some(name) = source.get("agent_name").filter(|_| id(source) == id(ours)) {
        ours.insert("agent_name".to_owned(), name.clone());
        theirs.insert("agent_name".to_owned(), name.clone());
    }
}

/// The same binding seen by both sides is as old as its first sight; one that both sides made is complete with the
/// later part.
fn date_of_joint_binding(versions: Versions<'_>) -> Option<Value> {
    let date = versions.member("assigned_date");
    let both_changed = date.ours != date.base && date.theirs != date.base;
    let same_agents = AGENTS.iter().all(|field| {
        let field = versions.member(field);
        field.ours == field.theirs
    });
    if both_changed && !same_agents { newest(date.ours?, date.theirs?) } else { None }
}

/// Whether the short fields are those that follow from the long ones.
fn is_coherent(object: &Object) -> bool {
    let Some(kind) = object.get("assignment_type") else { return true };
    if !object.contains_key("inbound_agent_id") {
        // `directory.json` has the short form only.
        let unassigned = kind.is_null() || kind.as_str() == Some(AssignmentType::Unassigned.as_str());
        return unassigned == object.get("agent_id").is_none_or(Value::is_null);
    }
    let (inbound, outbound) = (id(object, "inbound_agent_id"), id(object, "outbound_agent_id"));
    let follows = AssignmentType::of(inbound.as_ref(), outbound.as_ref());
    is_principal(object, "inbound_agents", inbound.as_ref())
        && is_principal(object, "outbound_agents", outbound.as_ref())
        && kind.as_str() == Some(follows.as_str())
        && id(object, "agent_id") == inbound.or(outbound)
}

fn id(object: &Object, field: &str) -> Option<AgentId> {
    object.get(field).and_then(Value::as_str).and_then(|text| AgentId::parse(text).ok())
}

fn is_principal(object: &Object, field: &str, single: Option<&AgentId>) -> bool {
    let Some(list) = object.get(field) else { return true };
    // The views are made of typed files, so that the list is one.
    serde_json::from_value::<Vec<AgentWeight>>(list.clone())
        .is_ok_and(|list| routing::principal(&list).map(|agent| &agent.agent_id) == single)
}

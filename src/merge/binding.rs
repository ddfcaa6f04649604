//! Who answers a number: one value, which merges as a whole.
//!
//! The agents of both directions, their weights and versions, and the short form that follows from them say one thing
//! together. Half of it from either side is a binding that neither side meant, and a number whose file with the short form
//! merges while the other is in conflict would contradict itself. So the agents that both sides changed differently
//! are a conflict of the number, in whichever of its files it shows. Name, folder and date follow the agents.

use serde_json::{Map, Value};

use super::three_way::{self, Versions};

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
const AGENTS: [&str; 6] =
    ["agent_id", "assignment_type", "inbound_agent_id", "outbound_agent_id", "inbound_agents", "outbound_agents"];

/// What is said of the agent itself, and not of the binding.
const FOLLOWERS: [&str; 2] = ["agent_path", "agent_name"];

type BindingObject = Map<String, Value>;

/// Whether both sides hold a binding here.
pub(super) fn is_in(versions: Versions<'_>) -> bool {
    let kind = versions.member("assignment_type");
    kind.ours.is_some() && kind.theirs.is_some()
}

/// The binding's own fields of an object.
pub(super) fn part(object: &Value) -> Value {
    fields(object, &FIELDS)
}

/// The merged binding's fields; none where the sides disagree.
pub(super) fn merge(versions: Versions<'_>) -> Option<BindingObject> {
    let source = source(versions)?;
    let is_follower = |field| is_of_same_agent(versions) && FOLLOWERS.contains(&field);
    let mut merged = BindingObject::new();
    for field in FIELDS {
        let value = match source {
            AgentsFrom::Side(side) if !is_follower(field) => side.get(field).cloned(),
            _ => field_of_both(field, versions)?,
        };
        merged.extend(value.map(|value| (field.to_owned(), value)));
    }
    Some(merged)
}

/// Where the merged agents come from.
enum AgentsFrom<'a> {
    /// The side that alone changed them.
    Side(&'a Value),
    /// Both sides have the same ones.
    Both,
}

fn source(versions: Versions<'_>) -> Option<AgentsFrom<'_>> {
    let agents = |version: Option<&Value>| version.map(|version| fields(version, &AGENTS));
    let (base, ours, theirs) = (agents(versions.base), agents(versions.ours), agents(versions.theirs));
    if ours == theirs {
        Some(AgentsFrom::Both)
    } else if theirs == base {
        versions.ours.map(AgentsFrom::Side)
    } else if ours == base {
        versions.theirs.map(AgentsFrom::Side)
    } else {
        None
    }
}

/// Whether both sides name the same agent, so that what one of them says of it holds for the other's binding too.
fn is_of_same_agent(versions: Versions<'_>) -> bool {
    let id = versions.member("agent_id");
    id.ours == id.theirs
}

/// Merges a field of bindings to the same agent; none where the sides disagree on it.
fn field_of_both(field: &str, versions: Versions<'_>) -> Option<Option<Value>> {
    let mut found = Vec::new();
    let views = three_way::merge(versions.member(field), &mut vec![field.to_owned()], &mut found);
    found.is_empty().then_some(views.ours)
}

fn fields(object: &Value, names: &[&str]) -> Value {
    let fields = names.iter().filter_map(|field| Some(((*field).to_owned(), object.get(*field)?.clone())));
    Value::Object(fields.collect())
}

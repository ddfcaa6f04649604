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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A binding of an agent with a folder, a name and a date, and what is beside it.
    fn bound(agent: &str, path: &str, name: &str, date: &str) -> Value {
        json!({
            "agent_path": path, "agent_name": name, "agent_id": agent, "assignment_type": "inbound-outbound",
            "inbound_agent_id": agent, "outbound_agent_id": "caller", "assigned_date": date,
        })
    }

    /// The merged binding, whichever side is ours.
    fn merged(base: Option<&Value>, ours: &Value, theirs: &Value) -> Option<Value> {
        let [one, other] = [(ours, theirs), (theirs, ours)]
            .map(|(ours, theirs)| merge(Versions { base, ours: Some(ours), theirs: Some(theirs) }).map(Value::Object));
        assert_eq!(one, other);
        one
    }

    #[test]
    fn a_binding_is_there_where_both_sides_have_one() {
        let (with, without) = (bound("a", "x", "X", "1"), json!({"agent_id": "a"}));
        let is_in = |ours, theirs| is_in(Versions { base: Some(&with), ours: Some(ours), theirs: Some(theirs) });
        assert!(is_in(&with, &with));
        assert!(!is_in(&with, &without) && !is_in(&without, &with) && !is_in(&without, &without));
    }

    #[test]
    fn a_part_is_the_bindings_own_fields_in_their_order() {
        let mut whole = bound("a", "x", "X", "1");
        whole["inbound_agents"] = json!([1]);
        whole["outbound_agents"] = json!([2]);
        let mut beside = whole.clone();
        beside["last_modified"] = json!("1");
        beside["inbound_sms_agents"] = json!([3]);
        assert_eq!(part(&beside), whole);
        assert_eq!(part(&beside).as_object().unwrap().keys().collect::<Vec<_>>(), FIELDS);
        assert_eq!(part(&json!({"notes": ""})), json!({}));
    }

    #[test]
    fn the_side_that_changed_the_agents_is_taken_whole_with_its_folder_name_and_date() {
        let base = bound("a", "x", "X", "1");
        let changed = bound("b", "y", "Y", "5");
        let renamed = bound("a", "z", "Z", "3");
        assert_eq!(merged(Some(&base), &changed, &base), Some(changed.clone()));
        assert_eq!(merged(Some(&base), &changed, &renamed), Some(changed));
        for field in AGENTS {
            let mut other = base.clone();
            (other[field], other["assigned_date"]) = (json!("other"), json!("5"));
            let mut expected = other.clone();
            if field != "agent_id" {
                // The agent that stands for all is still the same one: what is said of it holds.
                (expected["agent_path"], expected["agent_name"]) = (json!("z"), json!("Z"));
            }
            assert_eq!(merged(Some(&base), &other, &renamed), Some(expected), "{field}");
        }
    }

    #[test]
    fn the_same_agents_on_both_sides_merge_what_is_said_of_them() {
        let base = bound("a", "x", "X", "1");
        let (moved, named) = (bound("a", "y", "X", "3"), bound("a", "x", "Y", "2"));
        assert_eq!(merged(Some(&base), &moved, &named), Some(bound("a", "y", "Y", "2")));
        // Two folders for one agent are a conflict, two dates never are.
        assert_eq!(merged(Some(&base), &moved, &bound("a", "z", "X", "2")), None);
        assert_eq!(
            merged(None, &bound("a", "x", "X", "4"), &bound("a", "x", "X", "3")),
            Some(bound("a", "x", "X", "3"))
        );
        let mut dropped = base.clone();
        dropped.as_object_mut().unwrap().remove("agent_name");
        assert_eq!(merged(Some(&base), &dropped, &base), Some(dropped));
    }

    #[test]
    fn agents_that_both_sides_changed_differently_are_a_conflict() {
        let base = bound("a", "x", "X", "1");
        for field in AGENTS {
            let [mut ours, mut theirs] = [base.clone(), base.clone()];
            (ours[field], theirs[field]) = (json!("one"), json!("other"));
            assert_eq!(merged(Some(&base), &ours, &theirs), None, "{field}");
            theirs[field] = json!("one");
            assert_eq!(merged(Some(&base), &ours, &theirs), Some(ours.clone()), "{field}");
            let [mut ours, mut theirs] = [base.clone(), base.clone()];
            (ours[field], theirs["inbound_agents"]) = (json!("one"), json!([]));
            assert_eq!(merged(Some(&base), &ours, &theirs), None, "{field}");
        }
        assert_eq!(merged(None, &base, &bound("b", "x", "X", "1")), None);
    }
}

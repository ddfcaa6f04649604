//! A file of the directory as plain lines, one fact each, so that a diff by lines reads as changes in words.
//!
//! Every line names its number, so that it speaks for itself, behind a blank that keeps the number's `+` apart from git's. What follows from the rest (counts, indexes, pretty
//! forms) is left out; the validator checks it, and here it would repeat each change. The order is canonical: moving an
//! entry or formatting the file changes no line.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::escape::terminal;
use crate::merge::text as conflict;
use crate::model::{AssignmentsFile, MasterFile, NumbersFile, PoolsFile, WorkspaceName, canonical};

/// Members that are shown elsewhere or follow from the rest.
const LEFT_OUT: [&str; 15] = [
    "phone_number",
    "phone_number_pretty",
    "area_code",
    "country_code",
    "assigned",
    "workspace",
    "workspaces",
    "numbers",
    "assignments",
    "pools",
    "members",
    "metadata",
    "summary",
    "by_agent",
    "unassigned",
];

/// Members that the line of a binding shows.
const BINDING: [&str; 4] = ["agent_path", "agent_id", "assignment_type", "imported"];

/// The facts of a file; none where it is not a readable `directory.json`, `numbers.json`, `assignments.json` or
/// `pools.json`.
///
/// In a file with conflict markers, the facts that the sides disagree on stand between such markers.
pub fn lines(bytes: &[u8]) -> Option<String> {
    whole(bytes).or_else(|| in_conflict(bytes))
}

fn in_conflict(bytes: &[u8]) -> Option<String> {
    let file = std::str::from_utf8(bytes).ok()?;
    let labels = conflict::labels_of(file);
    let (ours, theirs) = conflict::read(file, labels.marker_size)?;
    let (ours, theirs) = (whole(ours.as_bytes())?, whole(theirs.as_bytes())?);
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    Some(conflict::write_lines(&lines(&ours), &lines(&theirs), &labels))
}

fn whole(bytes: &[u8]) -> Option<String> {
    let facts = master(bytes).or_else(|| registry(bytes)).or_else(|| assignments(bytes)).or_else(|| pools(bytes))?;
    let note = if facts.is_canonical { "" } else { " (not in canonical form: `phone-dir fmt` rewrites it)\n" };
    Some(format!("{}{note}", facts.text))
}

struct Facts {
    text: String,
    is_canonical: bool,
}

fn master(bytes: &[u8]) -> Option<Facts> {
    read::<MasterFile>(bytes, |file, text| {
        for (number, entry) in &file.numbers {
            let Value::Object(mut fields) = value(entry) else { continue };
            let workspaces = fields.shift_remove("workspaces").unwrap_or_default();
            members(text, &number.to_string(), "", &fields);
            for (name, entry) in workspaces.as_object().into_iter().flatten() {
                binding(text, &format!("{number} in {name}"), entry);
            }
        }
    })
}

fn registry(bytes: &[u8]) -> Option<Facts> {
    read::<NumbersFile>(bytes, |file, text| {
        for entry in &file.numbers {
            let subject = subject(&entry.phone_number.to_string(), &file.workspace);
            fact(text, &subject, "imported");
            members(text, &subject, "", value(entry).as_object().unwrap_or(&Map::new()));
        }
    })
}

fn assignments(bytes: &[u8]) -> Option<Facts> {
    read::<AssignmentsFile>(bytes, |file, text| {
        for entry in &file.assignments {
            binding(text, &subject(&entry.phone_number.to_string(), &file.workspace), &value(entry));
        }
    })
}

fn pools(bytes: &[u8]) -> Option<Facts> {
    read::<PoolsFile>(bytes, |file, text| {
        for (name, pool) in &file.pools {
            let subject = format!("pool {name}");
            fact(text, &subject, &format!("workspaces: {}", said(&value(&pool.workspaces))));
            members(text, &subject, "", value(pool).as_object().unwrap_or(&Map::new()));
        }
        for (number, member) in &file.members {
            members(text, &number.to_string(), "", value(member).as_object().unwrap_or(&Map::new()));
        }
    })
}

/// Reads a file of one kind, and writes what it says of itself before its numbers.
fn read<T: DeserializeOwned + Serialize>(bytes: &[u8], numbers: impl Fn(&T, &mut String)) -> Option<Facts> {
    // A file that is not of this kind is tried as another; one of no kind is shown as it stands.
    let file: T = serde_json::from_slice(bytes).ok()?;
    let mut text = String::new();
    members(&mut text, "file", "", value(&file).as_object()?);
    numbers(&file, &mut text);
    Some(Facts { text, is_canonical: canonical::to_text(&file).as_bytes() == bytes })
}

fn value<T: Serialize>(part: &T) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}

fn subject(number: &str, workspace: &WorkspaceName) -> String {
    format!("{number} in {workspace}")
}

fn fact(text: &mut String, subject: &str, words: &str) {
    text.push_str(&format!(" {subject}: {}\n", terminal(words)));
}

/// A line for who answers, then one for each other field.
fn binding(text: &mut String, subject: &str, entry: &Value) {
    let field = |name: &str| entry.get(name).and_then(Value::as_str);
    let kind = field("assignment_type").unwrap_or("unassigned");
    let words = match (entry.get("imported"), field("agent_path"), field("agent_id")) {
        (Some(Value::Bool(false)), ..) => "not imported".to_owned(),
        (_, Some(path), Some(id)) => format!("{kind} to {path} ({id})"),
        (_, Some(path), None) => format!("{kind} to {path}"),
        (_, None, Some(id)) => format!("{kind} to {id} (no folder)"),
        (_, None, None) => kind.to_owned(),
    };
    fact(text, subject, &words);
    let empty = Map::new();
    let mut rest = entry.as_object().unwrap_or(&empty).clone();
    for name in BINDING {
        rest.shift_remove(name);
    }
    members(text, subject, "", &rest);
}

/// A line for each field that says something, nested ones under the name of their object.
fn members(text: &mut String, subject: &str, within: &str, fields: &Map<String, Value>) {
    for (name, value) in fields {
        if within.is_empty() && LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let label = format!("{within}{}", name.replace('_', " "));
        match value {
            Value::Null => {}
            Value::Object(nested) => members(text, subject, &format!("{label}, "), nested),
            Value::String(none) if none.is_empty() => {}
            Value::Array(none) if none.is_empty() => {}
            _ => fact(text, subject, &format!("{label}: {}", said(value))),
        }
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::Array(list) => list.iter().map(said).collect::<Vec<_>>().join(", "),
        Value::Object(agent) => agent.iter().map(|(name, value)| share(name, value)).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A field of a weighted agent: its id, `weight 0.5`, `version 3`.
fn share(name: &str, value: &Value) -> String {
    match name {
        "agent_id" => said(value),
        other => format!("{} {}", other.trim_start_matches("agent_"), said(value)),
    }
}

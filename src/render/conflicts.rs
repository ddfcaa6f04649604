//! Conflicts of a merge in words: what each side wants, and how to choose.

use serde_json::Value;

use super::escape::terminal;
use crate::merge::Conflict;

/// The most conflicts that are listed; the rest is counted.
const LISTED: usize = 50;

/// A line per conflict of a file, and what to type.
pub fn list(path: &str, conflicts: &[Conflict]) -> String {
    let mut text = format!("phone-dir: {} in `{}`:\n", counted(conflicts.len()), terminal(path));
    text.extend(conflicts.iter().take(LISTED).map(line));
    if conflicts.len() > LISTED {
        text.push_str(&format!("  … and {} more\n", conflicts.len() - LISTED));
    }
    if let Some(number) = conflicts.iter().find_map(|conflict| conflict.phone_number) {
        text.push_str(&format!("Choose with `phone-dir resolve {number} --ours` (or `--theirs`), or edit the file.\n"));
    }
    text
}

fn counted(count: usize) -> String {
    if count == 1 { "1 conflict".to_owned() } else { format!("{count} conflicts") }
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

/// A value in short; a binding by its agent.
fn value(value: &Value) -> String {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    match (value, text("agent_path").or_else(|| text("agent_id")), text("assignment_type")) {
        (Value::Object(_), Some(agent), Some(kind)) => format!("{} ({})", terminal(agent), terminal(kind)),
        (Value::Object(_), None, Some(kind)) => terminal(kind).into_owned(),
        (Value::Null, ..) => "none".to_owned(),
        (Value::String(text), ..) => format!("\"{}\"", terminal(text)),
        (other, ..) => terminal(&other.to_string()).into_owned(),
    }
}

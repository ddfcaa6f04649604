//! The values of a field before and after, on one line of a terminal: long texts and lists as an inline diff.

use anstyle::{AnsiColor, Style};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::agents::percent;
use crate::diff::FieldChange;
use crate::render::escape::terminal;

/// Texts with more characters than this, on both sides, are shown as one text with its differences marked.
const LONG: usize = 24;

/// Marks what one side has and the other has not, so that it reads without colour too.
fn marked(tag: ChangeTag, text: &str) -> String {
    let (style, open, close) = match tag {
        ChangeTag::Equal => return text.to_owned(),
        ChangeTag::Delete => (AnsiColor::Red.on_default(), "[-", "-]"),
        ChangeTag::Insert => (AnsiColor::Green.on_default(), "{+", "+}"),
    };
    let style: Style = style;
    format!("{style}{open}{text}{close}{style:#}")
}

/// The change of a field: `from → to`, or one text or list with its differences marked.
pub fn changed(field: &FieldChange) -> String {
    match (&field.from, &field.to) {
        (Value::String(from), Value::String(to)) if is_long(from) && is_long(to) => words(from, to),
        (Value::Array(from), Value::Array(to)) => list(from, to),
        (from, to) => format!("{} → {}", shown(from), shown(to)),
    }
}

fn is_long(text: &str) -> bool {
    text.chars().nth(LONG).is_some()
}

fn words(from: &str, to: &str) -> String {
    // Escaped first: the marks then stand around what a person sees.
    let (from, to) = (terminal(from), terminal(to));
    let diff = TextDiff::from_words(from.as_ref(), to.as_ref());
    let mut text = String::new();
    let mut changes = diff.iter_all_changes().peekable();
    while let Some(change) = changes.next() {
        let mut run = change.value().to_owned();
        while let Some(next) = changes.next_if(|next| next.tag() == change.tag()) {
            run.push_str(next.value());
        }
        text.push_str(&marked(change.tag(), &run));
    }
    text
}

fn list(from: &[Value], to: &[Value]) -> String {
    let [from, to] = [from, to].map(|list| list.iter().map(shown).collect::<Vec<_>>());
    let [from, to] = [&from, &to].map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
    let diff = TextDiff::from_slices(&from, &to);
    let items: Vec<_> = diff.iter_all_changes().map(|change| marked(change.tag(), change.value())).collect();
    items.join(", ")
}

/// A value as a person would say it; `none` for null.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => terminal(text).into_owned(),
        Value::Array(list) if list.is_empty() => "empty".to_owned(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(_) => share(value).unwrap_or_else(|| terminal(&value.to_string()).into_owned()),
        other => other.to_string(),
    }
}

/// An agent of a weighted list: `agents/sales@3 50 %`.
fn share(value: &Value) -> Option<String> {
    let agent = value.get("agent_path").or_else(|| value.get("agent_id"))?;
    let version = value.get("agent_version").filter(|version| !version.is_null());
    let version = version.map(|version| format!("@{}", shown(version))).unwrap_or_default();
    let weight = value.get("weight")?.as_f64()?;
    // Who takes every call needs no number.
    let share = if weight < 1.0 { format!(" {}", percent(weight)) } else { String::new() };
    Some(format!("{}{version}{share}", shown(agent)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(from: Value, to: Value) -> String {
        let text = changed(&FieldChange { field: "x".into(), from, to });
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn long_texts_and_lists_are_shown_once_with_their_differences() {
        let (from, to) = ("Answers for the Berlin office on weekdays", "Answers for the Hamburg office on weekdays");
        assert_eq!(told(from.into(), to.into()), "Answers for the [-Berlin-]{+Hamburg+} office on weekdays");
        assert_eq!(told(json!(["a", "b"]), json!(["b", "c"])), "[-a-], b, {+c+}");
    }

    #[test]
    fn short_values_and_missing_ones_are_shown_side_by_side() {
        assert_eq!(told("old".into(), "new\u{1b}[2J".into()), "old → new\\u{1b}[2J");
        assert_eq!(told(Value::Null, json!(["US"])), "none → US");
        assert_eq!(
            told(json!([{"agent_id": "agent_a", "weight": 1}]), json!([{"agent_id": "agent_a", "weight": 0.5}])),
            "[-agent_a-], {+agent_a 50 %+}"
        );
    }
}

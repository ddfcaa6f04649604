//! The values of a field before and after, on one line of a terminal: long texts and lists as an inline diff.

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::agents::percent;
use crate::diff::{FieldChange, FieldValue, FolderShare};
use crate::model::routing::versioned;
use crate::model::{AgentVersion, AgentWeight, Weight};
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
    let (from, to) = (&field.from, &field.to);
    match (from.as_text(), to.as_text(), items(from), items(to)) {
        (Some(from), Some(to), ..) if is_long(from) && is_long(to) => words(from, to),
        (_, _, Some(from), Some(to)) => list(&from, &to),
        _ => format!("{} → {}", shown(from), shown(to)),
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

fn list(from: &[String], to: &[String]) -> String {
    let [from, to] = [from, to].map(|list| list.iter().map(String::as_str).collect::<Vec<_>>());
    let diff = TextDiff::from_slices(&from, &to);
    let items: Vec<_> = diff.iter_all_changes().map(|change| marked(change.tag(), change.value())).collect();
    items.join(", ")
}

/// A value as a person would say it; `none` for no value.
pub fn shown(value: &FieldValue) -> String {
    match (value, items(value)) {
        (FieldValue::Flag(flag), _) => flag.to_string(),
        (FieldValue::Record(record), _) => {
            let was = if record.was == record.is { String::new() } else { format!(", was {}", shown(&record.was)) };
            format!("live {}{was}", shown(&record.is))
        }
        (_, Some(items)) if items.is_empty() => "empty".to_owned(),
        (_, Some(items)) => items.join(", "),
        _ => value.as_text().map_or_else(|| "none".to_owned(), shown_text),
    }
}

fn shown_text(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { terminal(text).into_owned() }
}

/// The parts of a list, each as a person would say it; none of a value that is not a list.
fn items(value: &FieldValue) -> Option<Vec<String>> {
    match value {
        FieldValue::List(list) => Some(list.iter().map(|word| shown_text(word)).collect()),
        FieldValue::Agents(list) => Some(list.iter().map(agent).collect()),
        FieldValue::Folders(list) => Some(list.iter().map(folder).collect()),
        _ => None,
    }
}

fn agent(agent: &AgentWeight) -> String {
    share(agent.agent_id.as_str(), agent.agent_version.as_ref(), agent.weight)
}

fn folder(share_of: &FolderShare) -> String {
    let path = share_of.agent_path.as_ref().map_or("none", |path| path.as_str());
    share(path, share_of.agent_version.as_ref(), share_of.weight)
}

/// An agent of a weighted list: `agents/sales@3 50 %`.
pub fn share(agent: &str, version: Option<&AgentVersion>, weight: Weight) -> String {
    // Who takes every call needs no number.
    let share = if weight < Weight::WHOLE { format!(" {}", percent(weight.share())) } else { String::new() };
    format!("{}{share}", terminal(&versioned(agent, version)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::NumberField;

    fn told(from: FieldValue, to: FieldValue) -> String {
        let text = changed(&FieldChange { field: NumberField::Notes, from, to });
        anstream::adapter::strip_str(&text).to_string()
    }

    fn words(list: &[&str]) -> FieldValue {
        FieldValue::List(list.iter().map(ToString::to_string).collect())
    }

    fn agent(weight: f64) -> FieldValue {
        let weight = Weight::new(weight).unwrap();
        FieldValue::Agents(vec![AgentWeight { weight, ..AgentWeight::only("agent_a".parse().unwrap()) }].into())
    }

    #[test]
    fn long_texts_and_lists_are_shown_once_with_their_differences() {
        let (from, to) = ("Answers for the Berlin office on weekdays", "Answers for the Hamburg office on weekdays");
        assert_eq!(told(from.into(), to.into()), "Answers for the [-Berlin-]{+Hamburg+} office on weekdays");
        assert_eq!(told(words(&["a", "b"]), words(&["b", "c"])), "[-a-], b, {+c+}");
    }

    #[test]
    fn short_values_and_missing_ones_are_shown_side_by_side() {
        assert_eq!(told("old".into(), "new\u{1b}[2J".into()), "old → new\\u{1b}[2J");
        assert_eq!(told(FieldValue::Absent, words(&["US"])), "none → US");
        assert_eq!(told(agent(1.0), agent(0.5)), "[-agent_a-], {+agent_a 50 %+}");
    }
}

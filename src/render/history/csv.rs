//! A history as CSV for spreadsheets: a line for each field that changed.

use serde_json::Value;

use super::{Format, Heading, Turn};
use crate::diff::{Change, Changes};
use crate::model::PhoneNumber;
use crate::render::escape::terminal;

const HEADING: [&str; 12] = [
    "date",
    "commit",
    "author",
    "committer",
    "summary",
    "gap",
    "phone_number",
    "workspace",
    "kind",
    "field",
    "from",
    "to",
];

/// Records, with a heading; a commit of which nothing but a gap is known has one without a number.
pub struct Csv;

impl Format for Csv {
    fn start(&self) -> String {
        text([HEADING.map(str::to_owned).to_vec()])
    }

    fn open(&self, _commit: &Heading, _turn: Turn) -> String {
        String::new()
    }

    fn changes(&self, commit: &Heading, changes: &Changes, _turn: Turn) -> String {
        text(changes.list.iter().flat_map(|change| records(commit, change)))
    }

    fn close(&self, commit: &Heading, turn: Turn) -> String {
        if turn == Turn::First { text([record(commit, None, None)]) } else { String::new() }
    }

    fn end(&self, _stopped: Option<&str>, _turn: Turn) -> String {
        String::new()
    }
}

fn text(records: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.write_record(&record).expect("a record of strings goes into memory");
    }
    String::from_utf8_lossy(&writer.into_inner().expect("memory can be flushed")).into_owned()
}

fn records(entry: &Heading, change: &Change) -> Vec<Vec<String>> {
    if change.fields.is_empty() {
        return vec![record(entry, Some(change), None)];
    }
    let fields = change.fields.iter();
    fields.map(|field| record(entry, Some(change), Some((&field.field, &field.from, &field.to)))).collect()
}

fn record(entry: &Heading, change: Option<&Change>, field: Option<(&String, &Value, &Value)>) -> Vec<String> {
    let optional = |text: Option<&str>| cell(text.unwrap_or_default());
    let workspace = change.and_then(|change| change.workspace.as_ref()).map(|name| name.as_str());
    let mut cells = vec![
        optional(entry.date.as_deref()),
        optional(Some(&entry.commit)),
        optional(entry.author.as_deref()),
        optional(entry.committer.as_deref()),
        optional(Some(&entry.summary)),
        optional(entry.gap.as_deref()),
        optional(change.map(|change| change.phone_number.to_string()).as_deref()),
        optional(workspace),
        optional(change.map(|change| change.kind.as_str())),
    ];
    match field {
        Some((name, from, to)) => cells.extend([cell(name), cell(&value(from)), cell(&value(to))]),
        None => cells.extend([String::new(), String::new(), String::new()]),
    }
    cells
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Text that no spreadsheet takes for a formula; a strict E.164 number starts with `+` and is none.
fn cell(text: &str) -> String {
    let shown = terminal(text);
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    // A line that starts with `::` is a command to a build log.
    let is_command = text.trim_start().starts_with("::");
    if (is_formula || is_command) && PhoneNumber::parse(text).is_err() {
        format!("'{shown}")
    } else {
        shown.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn formulas_are_quoted_and_numbers_are_not() {
        for hostile in ["=1+1", "+1+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u{ff1d}1", "::error::x"] {
            assert!(cell(hostile).starts_with('\''), "{hostile:?}");
        }
        assert_eq!(cell("+14155550101"), "+14155550101");
        assert_eq!(cell("a\nb"), "a\\u{a}b");
    }
}

//! A history as CSV for spreadsheets: a line for each field that changed.

use serde_json::Value;

use super::{Entry, Timeline};
use crate::diff::Change;
use crate::error::{Error, Result};
use crate::model::PhoneNumber;
use crate::render::inert::terminal;

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

/// The history; a commit that could not be read has a line without a number.
pub fn timeline(timeline: &Timeline) -> Result<String> {
    let failed = |error: csv::Error| Error::failed("cannot write CSV").caused_by(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADING).map_err(failed)?;
    for record in timeline.entries.iter().flat_map(records) {
        writer.write_record(&record).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Error::failed("cannot write CSV").caused_by(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn records(entry: &Entry) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    if entry.changes.is_empty() {
        records.push(record(entry, None, None));
    }
    for change in &entry.changes.list {
        if change.fields.is_empty() {
            records.push(record(entry, Some(change), None));
        }
        let fields = change.fields.iter();
        records.extend(fields.map(|field| record(entry, Some(change), Some((&field.field, &field.from, &field.to)))));
    }
    records
}

fn record(entry: &Entry, change: Option<&Change>, field: Option<(&String, &Value, &Value)>) -> Vec<String> {
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

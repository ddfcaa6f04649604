//! An answer about calls as a table: for spreadsheets, and for pages.

use serde_json::Value;

use super::{Answer, UsageRowJson};
use crate::render::{csv as csv_document, markdown as markdown_table};

/// Where the column of a day, hour, reason or direction stands.
const BEHIND_AGENT: usize = 4;

/// The rows as records of texts, the names of their columns first: those of the JSON, in its order.
fn records(answer: &Answer<'_>) -> Vec<Vec<String>> {
    let part = answer.group.as_str();
    let empty = serde_json::to_value(UsageRowJson::default()).unwrap_or_default();
    let mut names: Vec<String> = empty.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
    if answer.group.is_part() {
        names.insert(BEHIND_AGENT, part.to_owned());
    }
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let row = |row: &UsageRowJson| {
        let row = serde_json::to_value(row).unwrap_or_default();
        names.iter().map(|name| text(row.get(name))).collect()
    };
    let rows: Vec<Vec<String>> = UsageRowJson::rows(answer).iter().map(row).collect();
    std::iter::once(names.clone()).chain(rows).collect()
}

pub fn csv(answer: &Answer<'_>) -> String {
    csv_document::document(records(answer))
}

/// The rows as a Markdown table.
pub fn markdown(answer: &Answer<'_>) -> String {
    let mut records = records(answer).into_iter();
    let names = records.next().unwrap_or_default();
    let headings: Vec<&str> = names.iter().map(String::as_str).collect();
    let safe = |record: Vec<String>| record.iter().map(|cell| markdown_table::cell(cell)).collect();
    markdown_table::table(&headings, records.map(safe))
}

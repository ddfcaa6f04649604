//! A list of numbers to change, as CSV or as JSON: rows of texts by column, each with its line.
//!
//! An empty cell, or a key that is not there, asks for nothing; `none`, or JSON's null, takes away. What this program
//! prints is a list too, so that it can be edited and taken back.

mod columns;
mod sheet;

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use self::columns::{Columns, Meaning};
use crate::document::Document;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// The line on which it begins, from 1.
    pub line: u64,
    cells: BTreeMap<&'static str, String>,
}

/// What is wrong with a list, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListProblem {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong, lower case.
    pub message: String,
}

/// What is wrong with a quote that swallows the rows below it.
const OPEN_QUOTE: &str = "a quote opens that does not close on its line";
/// What stands in a cell that takes a setting away.
pub const NONE: &str = "none";

impl ListRow {
    /// The text of a column, if there is one.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    /// The row without the cells that say what is there already.
    #[must_use]
    pub fn without(&self, is_there: impl Fn(&str, &str) -> bool) -> Self {
        let mut row = self.clone();
        row.cells.retain(|column, text| !is_there(column, text));
        row
    }

    /// Whether there is a cell in another column than these.
    pub fn asks_beside(&self, columns: &[&str]) -> bool {
        self.cells.keys().any(|column| !columns.contains(column))
    }
}

#[derive(Clone, Debug, Default)]
pub struct List {
    /// Each row as it could be read, or what is wrong with it.
    pub rows: Vec<Result<ListRow, ListProblem>>,
    /// What was ignored, for a person.
    pub note: Option<String>,
    /// Whether it is an output of this program, whose cells say what is there unless a user edited them.
    pub is_export: bool,
}

/// Reads a list: JSON where it begins with a bracket, else CSV with a header.
///
/// `columns` are the columns that are read. The error is what is wrong with the list as a whole, all of it.
pub fn read(text: &str, columns: &[&'static str]) -> Result<List, Vec<ListProblem>> {
    let text = text.trim_start_matches('\u{feff}');
    let columns = Columns::of(columns);
    match text.trim_start().chars().next() {
        Some('[' | '{') => Json { text, columns }.list(),
        _ => sheet::read(text, columns),
    }
}

fn problem(line: u64, message: impl Into<String>) -> ListProblem {
    ListProblem { line, message: message.into() }
}

/// A JSON array of objects, or one object a line.
struct Json<'a> {
    text: &'a str,
    columns: Columns<'a>,
}

impl Json<'_> {
    fn list(mut self) -> Result<List, Vec<ListProblem>> {
        let items = items(self.text)?;
        let rows = items.into_iter().zip(1..).map(|(item, position)| self.row(item, position)).collect();
        Ok(List { rows, note: self.columns.note(), is_export: self.columns.is_export })
    }

    fn row(&mut self, item: &RawValue, position: usize) -> Result<ListRow, ListProblem> {
        let line = self.line_of(item);
        let fail = |message: String| problem(line, message);
        let Ok(Value::Object(object)) = serde_json::from_str(item.get()) else {
            return Err(fail("expected an object".to_owned()));
        };
        // Of two values, it cannot be said which one is meant.
        if let Some(twice) = Document::new(item.get()).duplicates().first() {
            let key = item.get().get(twice.again.clone()).unwrap_or_default().trim_matches('"');
            return Err(fail(format!("row {position} has the key `{key}` twice")));
        }
        let mut cells = BTreeMap::new();
        for (name, value) in &object {
            let there = |column: &str| object.contains_key(column);
            let Meaning::Read(column) = self.columns.meaning(name, there).map_err(fail)? else { continue };
            let text = cell(column, value).map_err(|what| fail(format!("`{name}` {what}")))?;
            cells.extend(text.map(|text| (column, text)));
        }
        Ok(ListRow { line, cells })
    }

    /// The line of a part of the text.
    fn line_of(&self, item: &RawValue) -> u64 {
        let offset = (item.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() as u64 + 1
    }
}

/// The elements of an array, or the values of a text that has one after another.
fn items(text: &str) -> Result<Vec<&RawValue>, Vec<ListProblem>> {
    let items = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)
    } else {
        serde_json::Deserializer::from_str(text).into_iter::<&RawValue>().collect()
    };
    items.map_err(|error: serde_json::Error| {
        let line = u64::try_from(error.line()).unwrap_or(u64::MAX);
        vec![problem(line, "expected a JSON array of objects, or one object a line")]
    })
}

/// The text of a value; none where it is an empty text, which asks for nothing.
fn cell(column: &str, value: &Value) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(Some(NONE.to_owned())),
        Value::String(text) if column != "notes" && has_line_break(text) => Err("has a line break"),
        Value::String(text) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Value::Array(words) if column == "tags" => {
            let words: Option<Vec<_>> = words.iter().map(Value::as_str).collect();
            let words = words.ok_or("has to be a list of texts")?;
            Ok(Some(if words.is_empty() { NONE.to_owned() } else { words.join(", ") }))
        }
        _ => Err("has to be a text or null"),
    }
}

/// Whether a text goes on in a second line, which nothing in a list means to.
fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;

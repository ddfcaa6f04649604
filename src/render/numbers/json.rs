//! Listings for programs: a JSON array, or one JSON object a line.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::query::Row;
use crate::query::column::Column;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

struct RowJson<'a> {
    row: &'a Row<'a>,
    columns: &'a [&'static Column],
}

impl Serialize for RowJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for column in self.columns {
            map.serialize_entry(column.name, &column.value(self.row))?;
        }
        map.end()
    }
}

pub fn array(rows: &[Row<'_>], columns: &[&'static Column]) -> String {
    let rows: Vec<_> = rows.iter().map(|row| RowJson { row, columns }).collect();
    escape::json_of(&rows)
}

/// The rows as JSON, one object a line.
pub fn lines(rows: &[Row<'_>], columns: &[&'static Column]) -> String {
    let mut text = String::new();
    for row in rows {
        text.push_str(&serde_json::to_string(&RowJson { row, columns }).expect("rows always serialize"));
        text.push('\n');
    }
    escape::json(text)
}

#[derive(Serialize)]
struct CountJson {
    format_version: u32,
    count: usize,
    numbers: usize,
}

/// How many rows there are, and how many different numbers.
pub fn count(rows: &[Row<'_>]) -> String {
    let numbers: std::collections::HashSet<_> = rows.iter().map(|row| row.phone_number).collect();
    escape::json_of(&CountJson { format_version: FORMAT_VERSION, count: rows.len(), numbers: numbers.len() })
}

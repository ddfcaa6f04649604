//! Listings as a Markdown table.

use crate::query::Row;
use crate::query::column::Column;
use crate::render::markdown;

pub fn table(rows: &[Row<'_>], columns: &[&'static Column]) -> String {
    if rows.is_empty() {
        return "No numbers.\n".to_owned();
    }
    let headings: Vec<_> = columns.iter().map(|column| column.heading).collect();
    let body = rows.iter().map(|row| {
        let cell = |column: &&'static Column| column.value(row).text().map(|text| markdown::cell(&text));
        columns.iter().map(|column| cell(column).unwrap_or_default()).collect::<Vec<_>>()
    });
    markdown::table(&headings, body)
}

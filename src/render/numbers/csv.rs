//! Listings as CSV.

use crate::query::Row;
use crate::query::column::Column;
use crate::render::csv;

/// The rows as CSV with a heading of the columns' names.
pub fn table(rows: &[Row<'_>], columns: &[&'static Column]) -> String {
    csv::document(records(rows, columns))
}

/// The same as Excel opens it.
pub fn table_for_excel(rows: &[Row<'_>], columns: &[&'static Column]) -> String {
    csv::document_for_excel(records(rows, columns))
}

fn records(rows: &[Row<'_>], columns: &[&'static Column]) -> impl Iterator<Item = Vec<String>> {
    let heading = columns.iter().map(|column| column.name.to_owned()).collect();
    let body = rows.iter().map(|row| {
        columns.iter().map(|column| column.value(row).text().unwrap_or_default().into_owned()).collect::<Vec<_>>()
    });
    std::iter::once(heading).chain(body)
}

//! A list of numbers to change, as CSV or as JSON: rows of texts by column, each with its line.
//!
//! An empty cell, or a key that is not there, asks for nothing; `none`, or JSON's null, takes away.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::document::Document;

/// A row of a list.
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
const NONE: &str = "none";

impl ListRow {
    /// The text of a column, if there is one.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }
}

/// Each row as it could be read, or what is wrong with it.
pub type Rows = Vec<Result<ListRow, ListProblem>>;

/// Reads a list: JSON where it begins with a bracket, else CSV with a header.
///
/// `columns` are the columns that there may be. The error is what is wrong with the list as a whole, all of it.
pub fn read(text: &str, columns: &[&'static str]) -> Result<Rows, Vec<ListProblem>> {
    let text = text.trim_start_matches('\u{feff}');
    let list = List { text, columns };
    if text.trim_start().starts_with(['[', '{']) { list.json() } else { list.csv() }
}

struct List<'a> {
    text: &'a str,
    columns: &'a [&'static str],
}

fn problem(line: u64, message: impl Into<String>) -> ListProblem {
    ListProblem { line, message: message.into() }
}

impl List<'_> {
    fn csv(&self) -> Result<Rows, Vec<ListProblem>> {
        let mut builder = csv::ReaderBuilder::new();
        builder.flexible(true).delimiter(self.delimiter());
        // One more line end: within a quote that nothing closes it becomes part of the cell, and so is seen.
        let mut reader = builder.from_reader(self.text.as_bytes().chain(b"\n".as_slice()));
        let header = match reader.headers() {
            Ok(header) if header.is_empty() => return Err(vec![problem(1, "the list is empty")]),
            Ok(header) if header.iter().any(has_line_break) => return Err(vec![problem(1, OPEN_QUOTE)]),
            Ok(header) => trimmed(header),
            Err(error) => return Err(vec![problem(1, format!("the header cannot be read: {error}"))]),
        };
        let columns: Vec<_> = header.iter().enumerate().map(|(at, name)| self.header(&header, at, name)).collect();
        if columns.iter().any(Result::is_err) {
            return Err(columns.into_iter().filter_map(Result::err).collect());
        }
        let columns: Vec<_> = columns.into_iter().flatten().collect();
        Ok(reader.records().map(|record| self.csv_row(record, &columns)).collect())
    }

    /// The line of a record, which the reader lets begin with the empty lines before it.
    fn line_at(&self, position: &csv::Position) -> u64 {
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        position.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
    }

    fn csv_row(
        &self,
        record: csv::Result<csv::StringRecord>,
        columns: &[&'static str],
    ) -> Result<ListRow, ListProblem> {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            problem(line, "the row cannot be read: it is not UTF-8, or its quotes do not match")
        })?;
        let line = record.position().map_or(1, |position| self.line_at(position));
        if record.iter().any(has_line_break) {
            return Err(problem(line, OPEN_QUOTE));
        }
        if record.len() != columns.len() {
            return Err(problem(line, format!("the row has {} cells, the header {}", record.len(), columns.len())));
        }
        let filled = columns.iter().zip(record.iter().map(str::trim)).filter(|(_, text)| !text.is_empty());
        Ok(ListRow { line, cells: filled.map(|(column, text)| (*column, text.to_owned())).collect() })
    }

    /// A spreadsheet of some countries writes semicolons.
    fn delimiter(&self) -> u8 {
        let header = self.text.lines().next().unwrap_or_default();
        if header.contains(';') && !header.contains(',') { b';' } else { b',' }
    }

    fn header(&self, header: &csv::StringRecord, at: usize, name: &str) -> Result<&'static str, ListProblem> {
        if header.iter().take(at).any(|earlier| earlier == name) {
            return Err(problem(1, format!("the column `{name}` is there twice")));
        }
        self.column(name).map_err(|message| problem(1, message))
    }

    fn column(&self, name: &str) -> Result<&'static str, String> {
        if let Some(known) = self.columns.iter().find(|known| **known == name) {
            return Ok(known);
        }
        if name == "password" {
            return Err(
                "a password does not belong in a file: name an environment variable in `password_env`".to_owned()
            );
        }
        let near = |known: &&&'static str| strsim::damerau_levenshtein(known, name);
        let nearest = self.columns.iter().min_by_key(near).copied().unwrap_or_default();
        Err(format!("unknown column `{name}`; the nearest is `{nearest}`"))
    }

    fn json(&self) -> Result<Rows, Vec<ListProblem>> {
        let items: Vec<&RawValue> = match serde_json::from_str(self.text) {
            Ok(items) => items,
            Err(error) => {
                let line = u64::try_from(error.line()).unwrap_or(u64::MAX);
                return Err(vec![problem(line, "expected a JSON array of objects")]);
            }
        };
        Ok(items.into_iter().zip(1..).map(|(item, position)| self.json_row(item, position)).collect())
    }

    fn json_row(&self, item: &RawValue, position: usize) -> Result<ListRow, ListProblem> {
        let line = self.line_of(item);
        let fail = |message: String| problem(line, message);
        let Ok(Value::Object(object)) = serde_json::from_str(item.get()) else {
            return Err(fail("expected an object".to_owned()));
        };
        // Of two values, nobody can say which one is meant.
        if let Some(twice) = Document::new(item.get()).duplicates().first() {
            let key = item.get().get(twice.again.clone()).unwrap_or_default().trim_matches('"');
            return Err(fail(format!("row {position} has the key `{key}` twice")));
        }
        let mut cells = BTreeMap::new();
        for (name, value) in object {
            let column = self.column(&name).map_err(fail)?;
            let text = match value {
                Value::Null => NONE.to_owned(),
                Value::String(text) if has_line_break(&text) => {
                    return Err(fail(format!("`{name}` has a line break")));
                }
                Value::String(text) => text,
                _ => return Err(fail(format!("`{name}` has to be a text or null"))),
            };
            cells.insert(column, text);
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

/// Whether a text goes on in a second line, which nothing in a list means to.
fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

fn trimmed(record: &csv::StringRecord) -> csv::StringRecord {
    record.iter().map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [&str; 3] = ["phone_number", "inbound_agent", "nickname"];

    fn list(text: &str, columns: &[&'static str]) -> Result<Vec<ListRow>, Vec<ListProblem>> {
        let rows = read(text, columns)?;
        let problems: Vec<_> = rows.iter().filter_map(|row| row.clone().err()).collect();
        if problems.is_empty() { Ok(rows.into_iter().flatten().collect()) } else { Err(problems) }
    }

    fn problems(text: &str) -> Vec<(u64, String)> {
        list(text, &COLUMNS).unwrap_err().into_iter().map(|it| (it.line, it.message)).collect()
    }

    #[test]
    fn csv_and_json_give_the_same_rows_with_their_lines() {
        let csv = list("\u{feff}phone_number, nickname\n+14155550101,\"a, b\"\n\n+14155550102,\n", &COLUMNS).unwrap();
        let json = list(
            "[{\"phone_number\":\"+14155550101\",\n\"nickname\":\"a, b\"},\n{\"phone_number\":\"+14155550102\"}]",
            &COLUMNS,
        )
        .unwrap();
        let cells = |rows: &[ListRow]| rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
        assert_eq!(cells(&csv), cells(&json));
        assert_eq!(csv.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(json.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3]);
        let windows = list("nickname\r\na\r\n\r\nb\r\nc", &COLUMNS).unwrap();
        assert_eq!(windows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4, 5]);
    }

    #[test]
    fn a_quote_that_swallows_the_rows_below_it_is_refused_where_it_opens() {
        let open = "phone_number,nickname\n+14155550101,x\n+14155550102,\"Front desk\n+14155550103,Other\n";
        assert_eq!(problems(open), [(3, OPEN_QUOTE.to_owned())]);
        for bad in ["phone_number,\"nickname\n+1,x\n", "nickname\n\"Front", "nickname\n\"Front\n\"\n", "\"nickname"] {
            assert_eq!(problems(bad)[0].1, OPEN_QUOTE, "{bad:?}");
        }
        assert_eq!(list("nickname\n \"\"\"Front\"\"\" ", &COLUMNS).map(|rows| rows.len()), Ok(1));
        assert_eq!(problems("[{\"nickname\": \"a\\nb\"}]"), [(1, "`nickname` has a line break".to_owned())]);
    }

    #[test]
    fn semicolons_and_null_are_understood() {
        let rows = list("phone_number;nickname\n+14155550101;x\n", &COLUMNS).unwrap();
        assert_eq!(rows[0].text("nickname"), Some("x"));
        let rows = list("[{\"inbound_agent\": null}]", &COLUMNS).unwrap();
        assert_eq!((rows[0].text("inbound_agent"), rows[0].text("nickname")), (Some("none"), None));
    }

    #[test]
    fn an_unknown_column_is_named_with_the_nearest() {
        assert_eq!(
            problems("phone_nmber,nickname\n"),
            [(1, "unknown column `phone_nmber`; the nearest is `phone_number`".to_owned())]
        );
        assert_eq!(problems("[\n{\"nick\": \"x\"}]")[0].0, 2);
        assert!(problems("phone_number,password\n")[0].1.contains("password_env"));
        assert!(problems("nickname,nickname\n")[0].1.contains("twice"));
    }

    #[test]
    fn every_broken_row_is_named_and_not_only_the_first() {
        let lines: Vec<_> = problems("phone_number,nickname\na\n+1,x\nb,c,d\n").iter().map(|it| it.0).collect();
        assert_eq!(lines, [2, 4]);
        for bad in ["", "[1]", "[{\"nickname\": 1}]", "{\"nickname\": \"x\"}", "[{]"] {
            assert!(list(bad, &COLUMNS).is_err(), "{bad:?}");
        }
    }
}

//! CSV as spreadsheets save it: blank rows and columns, a line that names the delimiter, tabs and semicolons.

use std::collections::BTreeMap;
use std::io::Read;

use super::columns::{Columns, Meaning, NUMBER, plain};
use super::{List, ListProblem, ListRow, OPEN_QUOTE, has_line_break, problem};

/// The delimiters that spreadsheets write, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a sheet with a header.
pub fn read(text: &str, columns: Columns<'_>) -> Result<List, Vec<ListProblem>> {
    // Old spreadsheets end lines with a carriage return alone.
    let lines = if text.contains('\n') { text.to_owned() } else { text.replace('\r', "\n") };
    // The end of a file as DOS marks it, or what an unfinished copy leaves.
    let lines = lines.trim_end_matches(['\u{1a}', '\0']);
    let (start, first_line, delimiter) = preamble(lines);
    let sheet = Sheet { text: &lines[start..], first_line, delimiter };
    sheet.list(columns)
}

/// Where the header begins, on which line, and which delimiter a line above it names.
fn preamble(text: &str) -> (usize, u64, Option<u8>) {
    let (mut start, mut number, mut delimiter) = (0, 1, None);
    for line in text.split_inclusive('\n') {
        let plain = line.trim().trim_matches('"');
        let named = plain.get(..4).filter(|word| word.eq_ignore_ascii_case("sep="));
        let named_delimiter = named.map(|_| line.trim_matches(['\r', '\n', '"', ' ']).as_bytes().get(4).copied());
        let is_blank = plain.chars().all(|letter| letter.is_whitespace() || ",;|\"".contains(letter));
        match named_delimiter {
            Some(named) => delimiter = named,
            None if is_blank => {}
            None => break,
        }
        (start, number) = (start + line.len(), number + 1);
    }
    (start, number, delimiter)
}

/// How many rows are looked at for a header below the first.
const MOST_ABOVE: usize = 20;

struct Sheet<'a> {
    text: &'a str,
    first_line: u64,
    delimiter: Option<u8>,
}

impl Sheet<'_> {
    fn list(&self, mut columns: Columns<'_>) -> Result<List, Vec<ListProblem>> {
        let mut builder = csv::ReaderBuilder::new();
        builder.flexible(true).delimiter(self.delimiter());
        // One more line end: within a quote that nothing closes it becomes part of the cell, and so is seen.
        let mut reader = builder.from_reader(self.text.as_bytes().chain(b"\n".as_slice()));
        let fail = |message: String| vec![problem(self.first_line, message)];
        let header = match reader.headers() {
            Ok(header) if header.is_empty() => return Err(fail("the list is empty".to_owned())),
            Ok(header) if header.iter().any(has_line_break) && !self.is_quoted_well(0) => {
                return Err(fail(OPEN_QUOTE.to_owned()));
            }
            Ok(header) => header.clone(),
            Err(error) => return Err(fail(format!("the header cannot be read: {error}"))),
        };
        let meanings = self.meanings(&header, &mut columns)?;
        let rows = reader.records().filter_map(|record| self.row(record, &meanings).transpose()).collect();
        Ok(List { rows, note: columns.note(), is_export: columns.is_export })
    }

    fn delimiter(&self) -> u8 {
        self.delimiter.unwrap_or_else(|| self.likely_delimiter())
    }

    /// The text of the first row, which may have line breaks between quotes.
    fn header(&self) -> &str {
        let mut is_quoted = false;
        let end = self.text.bytes().position(|byte| {
            is_quoted ^= byte == b'"';
            byte == b'\n' && !is_quoted
        });
        end.map_or_else(|| self.text.lines().next().unwrap_or_default(), |end| &self.text[..end])
    }

    fn likely_delimiter(&self) -> u8 {
        let header = self.header().as_bytes();
        let count = |delimiter: &u8| memchr::memchr_iter(*delimiter, header).count();
        // Of equals the last is taken, so the most usual comes last.
        DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
    }

    fn meanings(
        &self,
        header: &csv::StringRecord,
        columns: &mut Columns<'_>,
    ) -> Result<Vec<Meaning>, Vec<ListProblem>> {
        let names: Vec<_> = header.iter().map(plain).collect();
        let there = |name: &str| names.iter().any(|known| known == name);
        let mut problems = Vec::new();
        let mut meanings: Vec<Meaning> = Vec::new();
        for written in header {
            match columns.meaning(written, there) {
                Ok(meaning @ Meaning::Read(_)) if meanings.contains(&meaning) => {
                    problems.push(problem(self.first_line, format!("the column `{}` is there twice", written.trim())));
                }
                Ok(meaning) => meanings.push(meaning),
                Err(message) => problems.push(problem(self.first_line, message)),
            }
        }
        let is_read = |meaning: &Meaning| matches!(meaning, Meaning::Read(_));
        if problems.is_empty() && !meanings.iter().any(is_read) {
            let message = self.header_below(columns).unwrap_or_else(|| {
                format!("the first row names no column that is read here; these are {}", columns.expected())
            });
            problems.push(problem(self.first_line, message));
        } else if problems.is_empty() && columns.reads_numbers() && !meanings.contains(&Meaning::Read(NUMBER)) {
            let message = self.header_below(columns).or_else(|| no_numbers(header, &meanings));
            problems.extend(message.map(|message| problem(self.first_line, message)));
        }
        // A column without a name and without a cell is nothing.
        while meanings.last() == Some(&Meaning::Nameless) {
            meanings.pop();
        }
        if problems.is_empty() { Ok(meanings) } else { Err(problems) }
    }

    /// Where a later row than the first is the header.
    fn header_below(&self, columns: &Columns<'_>) -> Option<String> {
        let delimiter = char::from(self.delimiter());
        let is_header = |line: &str| columns.is_header(line.split(delimiter).map(|cell| cell.trim_matches('"')));
        let (_, number) =
            self.text.lines().take(MOST_ABOVE).zip(self.first_line..).find(|(line, _)| is_header(line))?;
        Some(format!("the first row has to be the header, which stands on line {number}: take out what is above it"))
    }

    /// Whether every quote of the row that begins at an offset opens and closes a whole cell: only then is a line break in a cell meant.
    fn is_quoted_well(&self, offset: usize) -> bool {
        let mut rest = self.text.as_bytes().get(offset..).unwrap_or_default().trim_ascii_start();
        loop {
            let end = match rest.strip_prefix(b"\"") {
                Some(inner) => match closing_quote(inner) {
                    Some(at) => at + 2,
                    None => return false,
                },
                None => rest.iter().position(|byte| self.ends_cell(*byte)).unwrap_or(rest.len()),
            };
            match rest.get(end..).unwrap_or_default() {
                [] | [b'\n' | b'\r', ..] => return true,
                [byte, after @ ..] if *byte == self.delimiter() => rest = after,
                _ => return false,
            }
        }
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter() || matches!(byte, b'\n' | b'\r')
    }

    /// Reads a row; one of empty cells is none.
    fn row(
        &self,
        record: csv::Result<csv::StringRecord>,
        meanings: &[Meaning],
    ) -> Result<Option<ListRow>, ListProblem> {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            problem(self.first_line + line - 1, "the row cannot be read: its quotes do not match")
        })?;
        let line = record.position().map_or(self.first_line, |position| self.line_at(position));
        let may_break = |at: usize| !matches!(meanings.get(at), Some(Meaning::Read(column)) if *column != "notes");
        let mut broken = record.iter().enumerate().filter(|(_, cell)| has_line_break(cell)).peekable();
        let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        if broken.peek().is_some() && !(broken.all(|(at, _)| may_break(at)) && self.is_quoted_well(start)) {
            return Err(problem(line, OPEN_QUOTE));
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let beyond = record.iter().skip(meanings.len()).any(|cell| !cell.trim().is_empty());
        if record.len() < meanings.len() || beyond {
            return Err(problem(line, format!("the row has {} cells, the header {}", record.len(), meanings.len())));
        }
        let mut cells = BTreeMap::new();
        for (at, (meaning, cell)) in meanings.iter().zip(record.iter().map(content)).enumerate() {
            match meaning {
                // A program that numbers its rows has a column without a name before all others.
                Meaning::Nameless if !cell.is_empty() && (at > 0 || cell.parse::<u64>().is_err()) => {
                    return Err(problem(line, "the row has a cell in a column without a name"));
                }
                Meaning::Read(column) if !cell.is_empty() => {
                    cells.insert(*column, cell);
                }
                _ => {}
            }
        }
        Ok(Some(ListRow { line, cells }))
    }

    /// The line of a record, which the reader lets begin with the empty lines before it.
    fn line_at(&self, position: &csv::Position) -> u64 {
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        self.first_line - 1 + position.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
    }
}

/// Why no row of a list can be read whose header names no column of numbers, but others that are not known.
fn no_numbers(header: &csv::StringRecord, meanings: &[Meaning]) -> Option<String> {
    let unknown = header.iter().zip(meanings).filter(|(_, meaning)| **meaning == Meaning::Unknown);
    let names: Vec<_> = unknown.map(|(name, _)| name.trim()).collect();
    let message = || {
        format!(
            "no column is named `{NUMBER}`: give that name to the one with the numbers, of `{}`",
            names.join("`, `")
        )
    };
    (!names.is_empty()).then(message)
}

/// Where the quote of a cell closes: behind it, two together stand for one.
fn closing_quote(inner: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += inner.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if inner.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// What a cell holds, without what keeps a spreadsheet from taking it for a formula or a sum.
fn content(cell: &str) -> String {
    let cell = cell.trim();
    if let Some(text) = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return text.replace("\"\"", "\"").trim().to_owned();
    }
    // Behind a blank, quotes are no longer the format's own.
    if let Some(text) = cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|it| !it.contains('"')) {
        return text.trim().to_owned();
    }
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.trim_start().starts_with(['=', '+', '-', '@']));
    guarded.unwrap_or(cell).to_owned()
}

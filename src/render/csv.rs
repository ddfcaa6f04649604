//! CSV that is safe to open in a spreadsheet.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::escape::terminal;
use crate::model::PhoneNumber;

/// Writes records, one line each, quoted as RFC 4180 has it: the one writer of CSV. A long table is written in parts.
pub fn document(records: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in records {
        let cells = record.iter().map(|text| cell(text));
        writer.write_record(cells.map(|cell| cell.into_owned())).expect("writing to memory does not fail");
    }
    let bytes = writer.into_inner().expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("only text was written")
}

/// Records one after the other, of which what is written so far is taken away: for tables that no memory holds.
pub struct RecordStream {
    writer: csv::Writer<SharedBytes>,
    written: SharedBytes,
}

/// Bytes that the writer fills and its owner takes.
#[derive(Clone, Default)]
struct SharedBytes(Rc<RefCell<Vec<u8>>>);

impl Write for SharedBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl RecordStream {
    pub fn begin() -> Self {
        let written = SharedBytes::default();
        Self { writer: csv::WriterBuilder::new().flexible(true).from_writer(written.clone()), written }
    }

    pub fn line(&mut self, record: &[String]) -> String {
        let cells = record.iter().map(|text| cell(text));
        self.writer.write_record(cells.map(|cell| cell.into_owned())).expect("writing to memory does not fail");
        self.writer.flush().expect("writing to memory does not fail");
        let bytes = std::mem::take(&mut *self.written.0.borrow_mut());
        String::from_utf8(bytes).expect("only text was written")
    }
}

/// The same as [`document`] for Excel, which opens a file by a double click: with the mark by which it knows UTF-8, with its line ends, and
/// with numbers that it would round, or strip of their `+`, as the texts that they are.
pub fn document_for_excel(records: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for record in records {
        let cells = record.iter().map(|text| match cell(text) {
            safe if would_be_rounded(&safe) => format!("=\"{safe}\""),
            safe => safe.into_owned(),
        });
        writer.write_record(cells).expect("writing to memory does not fail");
    }
    let bytes = writer.into_inner().expect("writing to memory does not fail");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("only text was written"))
}

/// Whether a spreadsheet would take a cell for a sum: a phone number, or digits of which it drops leading zeros or the last ones.
fn would_be_rounded(cell: &str) -> bool {
    let digits = cell.strip_prefix('+').unwrap_or(cell);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (digits.len() > 9 || digits.starts_with('0') || digits != cell)
}

/// A text as a cell: on one line, without characters that act, and never a formula.
///
/// A spreadsheet takes a cell that begins with one of `= + - @` for a formula, also behind blanks or in full
/// width; an apostrophe makes it a text. A phone number in E.164 begins with `+` and cannot be anything else.
pub fn cell(text: &str) -> Cow<'_, str> {
    if PhoneNumber::parse(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let line: Cow<'_, str> = if text.contains(['\r', '\n', '\t']) {
        Cow::Owned(text.replace("\r\n", " ").replace(['\r', '\n', '\t'], " "))
    } else {
        Cow::Borrowed(text)
    };
    let line = behind_semicolons(line);
    let formula = is_formula(&line);
    match terminal(&line) {
        safe if formula => Cow::Owned(format!("'{safe}")),
        Cow::Borrowed(_) => line,
        Cow::Owned(safe) => Cow::Owned(safe),
    }
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '"')
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Where a spreadsheet's language writes decimals with a comma, it takes semicolons for the ends of cells: what stands
/// behind one must not be a formula either.
fn behind_semicolons(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.split(';').skip(1).any(is_formula) {
        return text;
    }
    let parts = text.split(';').enumerate();
    let safe =
        |(at, part): (usize, &str)| if at > 0 && is_formula(part) { format!("'{part}") } else { part.to_owned() };
    Cow::Owned(parts.map(safe).collect::<Vec<_>>().join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_but_a_phone_number_stays_one() {
        assert_eq!(cell("+14155550123"), "+14155550123");
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("+1 415", "'+1 415"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" \t=cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
            ("＝1", "'＝1"),
            ("\n=1", "' =1"),
            ("a;=1", "a;'=1"),
            ("; \"=1;b;-2", ";' \"=1;b;'-2"),
            ("a;b", "a;b"),
            ("\"=1", "'\"=1"),
            ("::add-mask::x", ":\\u{3a}add-mask::x"),
            ("\n::error::x", " :\\u{3a}error::x"),
            ("##vso[x]", "##vso\\u{5b}x]"),
            ("\u{feff}=1\u{3164}", "\\u{feff}=1\\u{3164}"),
        ] {
            assert_eq!(cell(text), safe);
        }
    }

    #[test]
    fn excel_gets_a_mark_its_line_ends_and_numbers_as_texts() {
        let text =
            document_for_excel([vec!["+14155550123".to_owned(), "415".to_owned(), "007".to_owned(), "Zoë".to_owned()]]);
        assert_eq!(text, "\u{feff}\"=\"\"+14155550123\"\"\",415,\"=\"\"007\"\"\",Zoë\r\n");
    }

    #[test]
    fn a_record_is_one_line_whatever_its_cells_hold() {
        let text = document([vec!["a,\"b\"\r\n::error::x".to_owned(), "\u{1b}[2J".to_owned()]]);
        assert_eq!(text, "\"a,\"\"b\"\" ::error::x\",\\u{1b}[2J\n");
    }
}

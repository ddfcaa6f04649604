//! Reads a list of numbers from a file or from standard input.

use std::borrow::Cow;
use std::io::Read;

use super::objections::{Placed, refuse};
use super::{ChangeOptions, Checks};
use crate::change::bulk::{Asked, RowContext};
use crate::change::list::{self, List, ListRow};
use crate::change::{Action, Edit, Objection, Safeguards};
use crate::commands::Session;
use crate::commands::desk::{WritingDesk, names};
use crate::document::encoding;
use crate::error::{Error, Result};
use crate::render::escape::terminal;
use crate::store::regular_file;

/// The largest list that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Reads the rows of `file`, `-` being standard input; what is wrong with the list as a whole is one error.
pub fn read_list(session: &Session, file: &str, columns: &[&'static str]) -> Result<List> {
    let text = text_of(session, file)?;
    let list = list::read(&text, columns).map_err(|problems| {
        let lines: String = problems.iter().map(|it| format!("\nline {}: {}", it.line, it.message)).collect();
        Error::failed(format!("the list cannot be read; nothing was changed{lines}"))
    })?;
    if let Some(note) = &list.note {
        session.note(&terminal(note));
    }
    if list.rows.is_empty() {
        return Err(Error::failed(format!("the list `{file}` has no rows")));
    }
    Ok(list)
}

impl WritingDesk<'_> {
    /// The edits that the rows of a list ask for; what stands in the way of any row is one error.
    ///
    /// `finish` adds to an edit what is not in the list.
    pub fn edits(
        &self,
        list: &List,
        action: Action,
        (workspace, options): (Option<&String>, &ChangeOptions),
        finish: impl Fn(&ListRow, &mut Edit) -> Result<(), Objection>,
    ) -> Result<Asked> {
        let workspace = names::optional_workspace(&self.before, workspace)?;
        let allowed = options.allowed();
        let context = RowContext { directory: &self.before, workspace: workspace.as_ref(), allowed: &allowed };
        let settings = self.settings();
        let guard = self.desk.guard(&settings);
        let safeguards = Safeguards { protected: &settings.protected, allowed: &allowed, directory: &self.before };
        let checks = Checks { before: &self.before, guard, safeguards };
        let finish_and_check = |row: &ListRow, edit: &mut Edit| {
            finish(row, edit)?;
            let number = format!("{} ({})", edit.phone_number, edit.workspace);
            checks
                .object(edit)
                .map_or(Ok(()), |it| Err(Objection { message: format!("{number}: {}", it.message), ..it }))
        };
        context.edits(list, action, finish_and_check).or_else(|objections| {
            let placed: Vec<_> = objections.into_iter().map(|(line, it)| Placed::on_line(line, it)).collect();
            refuse(&placed, list.rows.len()).map(|()| Asked::default())
        })
    }
}

fn text_of(session: &Session, file: &str) -> Result<String> {
    let bytes = if file == "-" {
        of_standard_input()?
    } else {
        let path = session.start.join(file);
        regular_file::read_given(&path, LARGEST).map_err(|error| {
            Error::io("read the list", &path, error)
                .hint("give the path of a list that a spreadsheet saved as CSV, or `-` for standard input")
        })?
    };
    if let Some(what) = other_format(&bytes) {
        return Err(Error::failed(format!("the list `{file}` is {what}, not a list"))
            .hint("open it in the program that made it, and save it as \"CSV UTF-8\""));
    }
    encoding::text(&bytes).map(Cow::into_owned).map_err(|wrong| {
        Error::failed(format!("the list `{file}` is not UTF-8: line {}", wrong.line))
            .hint("save it again as \"CSV UTF-8\": in which older encoding it is cannot be told")
    })
}

/// What a file is that was given by mistake for a list, by its first bytes.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const FORMATS: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "a spreadsheet's own file (.xlsx, .ods or .numbers), or another archive"),
        (b"\xd0\xcf\x11\xe0", "a workbook of old Excel (.xls)"),
        (b"%PDF-", "a PDF document"),
        (b"\x1f\x8b", "a compressed file (.gz)"),
        (b"{\\rtf", "a text document (.rtf)"),
        (b"SQLite format 3\0", "a database"),
        (b"PAR1", "a Parquet file"),
    ];
    let start = bytes.trim_ascii_start();
    let is_page = start.get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"<html"))
        || [b"<!".as_slice(), b"<?xml"].iter().any(|mark| start.starts_with(mark));
    let known = FORMATS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, what)| *what);
    known.or(is_page.then_some("a page or document with markup (.html, .xml)"))
}

fn of_standard_input() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::failed("cannot read the list from standard input").caused_by(error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::failed("the list is larger than 64 MiB"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_program_is_known_by_its_first_bytes() {
        for bytes in
            [b"PK\x03\x04xx".as_slice(), b"\xd0\xcf\x11\xe0", b"%PDF-1.7", b" <!doctype html>", b"<HTML>", b"{\\rtf1}"]
        {
            assert!(other_format(bytes).is_some(), "{bytes:?}");
        }
        for bytes in
            [b"phone_number,workspace\n".as_slice(), b"[{\"phone_number\": 1}]", b"", b"PK,x", b"\xef\xbb\xbfa"]
        {
            assert_eq!(other_format(bytes), None, "{bytes:?}");
        }
    }
}

//! Reads a list of numbers from a file or from standard input.

use std::io::Read;

use super::objections::{Placed, refuse};
use crate::change::Objection;
use crate::change::list::{self, ListRow};
use crate::commands::Session;
use crate::error::{Error, Result};

/// The largest list that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Reads the rows of `file`, `-` being standard input; what is wrong with the list is one error.
pub fn read_list(session: &Session, file: &str, columns: &[&'static str]) -> Result<Vec<ListRow>> {
    let text = text_of(session, file)?;
    let rows = list::read(&text, columns).or_else(|problems| {
        let placed: Vec<_> =
            problems.into_iter().map(|it| Placed::on_line(it.line, Objection::mistake(it.message))).collect();
        refuse(&placed, placed.len()).map(|()| Vec::new())
    })?;
    if rows.is_empty() {
        return Err(Error::failed(format!("the list `{file}` has no rows")));
    }
    Ok(rows)
}

fn text_of(session: &Session, file: &str) -> Result<String> {
    let mut bytes = Vec::new();
    if file == "-" {
        let read = std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| Error::failed("cannot read the list from standard input").caused_by(error))?;
    } else {
        let path = session.start.join(file);
        let open = std::fs::File::open(&path).map_err(|error| Error::io("read", &path, error))?;
        open.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| Error::io("read", &path, error))?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Error::failed(format!("the list `{file}` is larger than 64 MiB")));
    }
    String::from_utf8(bytes).map_err(|_| Error::failed(format!("the list `{file}` is not UTF-8")))
}

//! `phone-dir fmt`

use std::collections::BTreeMap;

use clap::Args;

use super::desk::Desk;
use super::{Exit, Session};
use crate::error::Result;
use crate::model::Directory;
use crate::model::directory::ReadFailure;
use crate::snapshot::Snapshot;
use crate::store::transaction::{FileChange, Purpose};

/// Rewrite the directory's files to their canonical form
///
/// Values stay as they are; only blanks, the order of keys and the order of numbers change. Nothing is
/// committed. A file that cannot be read is left alone and named, and the command ends with 2.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Change nothing; exit with 1 if a file is not in canonical form
    #[arg(long)]
    check: bool,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    if arguments.check {
        return check(session);
    }
    let mut transaction = Desk::to_change(session)?.begin(Purpose::Change)?;
    let snapshot = transaction.read()?;
    let (stale, failures) = stale(&snapshot)?;
    session.print(&names(&stale))?;
    transaction.write(&FileChange::writes(stale)?)?;
    ReadFailure::all_as_error(failures).map_or(Ok(Exit::Done), Err)
}

/// A question: it leaves everything as it is.
fn check(session: &Session) -> Result<Exit> {
    let (stale, failures) = stale(Desk::to_ask(session)?.files()?)?;
    session.print(&names(&stale))?;
    match ReadFailure::all_as_error(failures) {
        Some(error) => Err(error),
        None if stale.is_empty() => Ok(Exit::Done),
        None => Ok(Exit::Found),
    }
}

fn names(stale: &BTreeMap<String, String>) -> String {
    stale.keys().map(|path| format!("{path}\n")).collect()
}

/// The files that are not in canonical form, with that form, and those that cannot be read.
fn stale(snapshot: &Snapshot) -> Result<(BTreeMap<String, String>, Vec<ReadFailure>)> {
    let mut reading = Directory::read(snapshot)?;
    reading.set_foreign_aside();
    reading.directory.sort();
    let mut files = reading.directory.to_files();
    files.retain(|path, text| reading.holds(path) && snapshot.bytes(path) != Some(text.as_bytes()));
    Ok((files, reading.failures))
}

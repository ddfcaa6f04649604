//! `phone-dir fmt`

use clap::Args;

use super::{Exit, PrintsJson, Session};
use crate::error::Result;
use crate::model::Directory;
use crate::model::directory::ReadFailure;
use crate::store::project::Project;
use crate::store::transaction::{FileChange, Transaction};

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

impl PrintsJson for Arguments {}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = Project::find(&session.start)?;
    let mut transaction = Transaction::begin(&project)?;
    session.note_recovery(&transaction);
    let snapshot = transaction.read()?;
    let mut reading = Directory::read(&snapshot)?;
    reading.directory.sort();
    let mut files = reading.directory.to_files();
    files.retain(|path, _| reading.holds(path));
    let stale: Vec<_> = files.iter().filter(|(path, text)| snapshot.bytes(path) != Some(text.as_bytes())).collect();
    session.print(&stale.iter().map(|(path, _)| format!("{path}\n")).collect::<String>())?;
    if !arguments.check {
        let changes = stale.iter().map(|(path, text)| FileChange::write(path, text.as_bytes()));
        transaction.write(&changes.collect::<Result<Vec<_>>>()?)?;
    }
    match ReadFailure::all_as_error(reading.failures) {
        Some(error) => Err(error),
        None if arguments.check && !stale.is_empty() => Ok(Exit::Found),
        None => Ok(Exit::Done),
    }
}

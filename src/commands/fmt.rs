//! `phone-dir fmt`

use clap::Args;

use super::{Exit, PrintsJson, Session};
use crate::error::Result;
use crate::model::Directory;
use crate::store::project::Project;
use crate::store::transaction::{FileChange, Transaction};

/// Rewrite the directory's files to their canonical form
///
/// Values stay as they are; only blanks, the order of keys and the order of numbers change. Nothing is committed.
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
    let mut directory = Directory::load(&snapshot)?;
    directory.sort();
    let files = directory.to_files();
    let stale: Vec<_> = files.iter().filter(|(path, text)| snapshot.bytes(path) != Some(text.as_bytes())).collect();
    session.print(&stale.iter().map(|(path, _)| format!("{path}\n")).collect::<String>())?;
    if arguments.check {
        return Ok(if stale.is_empty() { Exit::Done } else { Exit::Found });
    }
    let changes =
        stale.into_iter().map(|(path, text)| FileChange::write(path, text.as_bytes())).collect::<Result<Vec<_>>>()?;
    transaction.write(&changes)?;
    Ok(Exit::Done)
}

//! `phone-dir blame`

use clap::Args;

use super::past::{Event, Past, Reading};
use super::{Exit, PrintsJson, Session, history, limit_options, number_argument};
use crate::cli::OutputFormat;
use crate::diff::revisions;
use crate::error::{Error, Result};
use crate::history::blame::Blame;
use crate::model::Directory;
use crate::model::directory::Reading as DirectoryReading;
use crate::render::history::blame::{self, Line};
use crate::store::project::Project;
use crate::store::revision::Revision;

/// Tell for each field of a number its value, and which commit set it, by whom and when
///
/// As of the last commit; edits that are not committed yet are not looked at.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The number
    #[arg(value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    output: OutputFormat,
}

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.output.is_json()
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = Project::find(&session.start)?;
    let number = limit_options::number(&project, &arguments.number)?;
    let past = Past::of(&project)?;
    let directory = committed(&past)?;
    let since_nothing = revisions::between(&Directory::empty(), &directory);
    let mut blame = Blame::of(number, &since_nothing);
    if blame.fields.is_empty() {
        number_argument::entry(&directory, &arguments.number)?;
    }
    let mut events: Vec<Event> = Vec::new();
    let stopped = past.visit(&|_| true, &mut |event| {
        blame.look(events.len(), &event.changes);
        events.push(Event { changes: crate::diff::Changes::default(), ..event });
        if blame.is_done() { Reading::Enough } else { Reading::GoesOn }
    })?;
    let lines: Vec<Line<'_>> = blame.fields.iter().map(|field| line(field, &events)).collect();
    session.print(&if arguments.prints_json() {
        blame::json(number.as_str(), stopped.as_deref(), &lines)
    } else {
        blame::text(number.as_str(), &lines)
    })?;
    Ok(history::end(session, stopped.as_deref()))
}

/// The directory of the last commit, as far as it can be read; without one, nothing can be told.
fn committed(past: &Past) -> Result<Directory> {
    let snapshot = past.repository.read_commit(&Revision::head())?;
    if snapshot.has_directory() {
        return Ok(DirectoryReading::of(&snapshot).directory);
    }
    Err(Error::cannot_tell("the last commit has no phone number directory").hint("commit `phone-numbers/` first"))
}

fn line<'a>(field: &'a crate::history::blame::Field, events: &'a [Event]) -> Line<'a> {
    let event = field.event.and_then(|at| events.get(at));
    Line {
        workspace: field.workspace.as_ref().map(|name| name.as_str()),
        field: &field.field,
        value: &field.value,
        commit: event.map(|event| event.commit.as_str()),
        date: event.and_then(|event| event.header.committed).map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        author: event.and_then(|event| event.header.author.as_deref()),
        committer: event.and_then(|event| event.header.committer.as_deref()),
        summary: event.map(|event| event.header.summary.as_str()),
    }
}

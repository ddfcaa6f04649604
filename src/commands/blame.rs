//! `phone-dir blame`

use clap::Args;

use super::desk::commits::as_far_as_readable;
use super::desk::history::WalkedHistory;
use super::desk::{Desk, names};
use super::{Exit, Session, completing, history};
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::history::blame::{Blame, BlamedField};
use crate::model::timestamp::utc_text;
use crate::model::{AgentNames, Directory};
use crate::render::changes::words;
use crate::render::history::blame::{self, BlameLine, Note};
use crate::store::git::Header;

/// Tell for each field of a number its value, and which commit set it, by whom and when
///
/// Fields stand below the commit that set them, with those that decide who answers first. As of the last commit; edits
/// that are not committed yet are not looked at.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The number
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    number: String,
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let number = desk.number_limit(&arguments.number)?;
    let past = WalkedHistory::of(&desk)?;
    let directory = committed(&past)?;
    let mut blame = Blame::of(number, &directory);
    if blame.fields.is_empty() {
        names::entry(&directory, &arguments.number)?;
    }
    let stopped = past.blame(&mut blame);
    let commits: Vec<_> = blame.fields.iter().map(|field| commit(field, &past)).collect::<Result<_>>()?;
    let lines: Vec<BlameLine<'_>> =
        blame.fields.iter().zip(&commits).map(|(field, commit)| line(field, commit.as_ref())).collect();
    let notes = notes(&blame, &past)?;
    session.answer(
        arguments.output,
        || blame::json(number.as_str(), stopped.as_deref(), &lines, &notes),
        || blame::text(number.as_str(), &lines, &notes, &AgentNames::of(&directory)),
    )?;
    Ok(history::end(&past, session, stopped.as_deref()))
}

/// What the fields do not show: changes that a merge dropped, and commits that cannot be read.
fn notes(blame: &Blame, past: &WalkedHistory) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for (commit, dropped) in &blame.dropped {
        let dropped = past.named(dropped.clone());
        let told = |line: words::NumberLine<'_>| format!("the merge dropped: {}{}", line.sentence, line.place(None));
        let messages = words::lines(&dropped).into_iter().map(told);
        notes.extend(messages.map(|message| Note { commit: past.id(*commit), message }));
    }
    for (unread, later) in &blame.unread {
        let author = past.header(*unread)?.author.unwrap_or_else(|| "no author".to_owned());
        let later = past.id(*later);
        let later = later.get(..10).unwrap_or(&later);
        let message = format!("by {author}, cannot be read: what {later} sets may have been set here");
        notes.push(Note { commit: past.id(*unread), message });
    }
    Ok(notes)
}

/// The commit that set a field; none where it is not known.
fn commit(field: &BlamedField, past: &WalkedHistory) -> Result<Option<(String, Header)>> {
    field.commit.map(|at| Ok((past.id(at), past.header(at)?))).transpose()
}

/// The directory of the last commit, as far as it can be read; without one, nothing can be told.
fn committed(past: &WalkedHistory) -> Result<Directory> {
    let head = past.repository.commits().head()?.commit();
    let directory = head.map(|head| as_far_as_readable(&past.repository, &head)).transpose()?.flatten();
    directory.ok_or_else(|| {
        Error::cannot_tell("the last commit has no phone number directory").hint("commit `phone-numbers/` first")
    })
}

fn line<'a>(field: &'a BlamedField, commit: Option<&'a (String, Header)>) -> BlameLine<'a> {
    let (id, header) = commit.map(|(id, header)| (id.as_str(), header)).unzip();
    BlameLine {
        workspace: field.workspace.as_ref().map(|name| name.as_str()),
        field: field.field.as_str(),
        value: &field.value,
        commit: id,
        newer: field.commit.unwrap_or(usize::MAX),
        date: header.and_then(|header| header.committed).map(utc_text),
        author: header.and_then(|header| header.author.as_deref()),
        committer: header.and_then(|header| header.committer.as_deref()),
        summary: header.map(|header| header.summary.as_str()),
    }
}

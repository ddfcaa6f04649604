//! `phone-dir history`

use std::cell::{Cell, RefCell};
use std::num::NonZeroUsize;

use chrono::{DateTime, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::desk::history::{HistoryEvent, HistoryEvents, WalkedHistory, moment};
use super::desk::{Desk, names};
use super::session::OutputReader;
use super::{Exit, Session, completing};
use crate::commands::options::FormatOf;
use crate::diff::Changes;
use crate::diff::limits::Limits;
use crate::error::Result;
use crate::model::PhoneNumber;
use crate::model::directory::Reading as DirectoryReading;
use crate::model::moment::EndOfDay;
use crate::model::timestamp::utc_text;
use crate::render::escape::terminal;
use crate::render::history::{self, ChangePieces, CommitSource, Heading, Unprinted};
use crate::store::git::Header;

/// Tell who changed what, and when: every commit that changed the directory, newest first
///
/// Computed from the files in the commits themselves, whatever their authors and messages say. A commit whose
/// files cannot be read is a marked gap. In a shallow clone, what is older is not known, and the exit code is 3.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this number
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    number: Option<String>,
    /// Only changes that name this agent, before or after
    #[arg(long, value_name = "AGENT", add = completing::agents())]
    agent: Option<String>,
    /// Only changes in this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Only commits since this day or time in UTC, or a phrase such as `2 weeks ago`
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only commits until the end of this day, or this time in UTC, or a phrase such as `yesterday`
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only commits whose author's name or address holds this text
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    author: Option<String>,
    /// At most this many commits
    #[arg(short = 'n', long, value_name = "COUNT")]
    limit: Option<NonZeroUsize>,
    #[command(flatten)]
    format: FormatOf<Format>,
}

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
    /// For programs: one commit a line
    Jsonl,
    /// For spreadsheets: one field a line
    Csv,
    /// For pages and comments
    Markdown,
}

impl Arguments {
    pub fn is_json(&self) -> bool {
        self.format.is_json()
    }
}

/// Which commits are asked for.
struct Wanted {
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    author: Option<String>,
}

impl Wanted {
    fn of(arguments: &Arguments, session: &Session) -> Result<Self> {
        let date = |text: &Option<String>, end| text.as_deref().map(|text| moment(text, end, session)).transpose();
        Ok(Self {
            since: date(&arguments.since, EndOfDay::First)?,
            until: date(&arguments.until, EndOfDay::Last)?,
            author: arguments.author.as_ref().map(|text| text.to_lowercase()),
        })
    }

    /// Whether any commit may be left out.
    fn limits(&self) -> bool {
        self.since.is_some() || self.until.is_some() || self.author.is_some()
    }

    /// A commit without a date or an author is not left out for a date or an author.
    fn admits(&self, header: &Header) -> bool {
        let after = |since: DateTime<Utc>| header.committed.is_none_or(|date| date >= since);
        let before = |until: DateTime<Utc>| header.committed.is_none_or(|date| date <= until);
        let by = |text: &String| header.author.as_ref().is_none_or(|author| author.to_lowercase().contains(text));
        self.since.is_none_or(after) && self.until.is_none_or(before) && self.author.as_ref().is_none_or(by)
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let past = WalkedHistory::of(&desk)?;
    let limits = limits(arguments, &desk, &past)?;
    let for_people = history::text::HistoryText { room: session.room() };
    let format: &dyn history::HistoryFormat = match arguments.format.chosen() {
        Format::Human => &for_people,
        Format::Json => &history::json::Json,
        Format::Jsonl => &history::json::Lines,
        Format::Csv => &history::csv::Csv,
        Format::Markdown => &history::markdown::Markdown,
    };
    let printing = Printing::of(format, &past, session);
    printing.is_held.set(limits.number.is_some_and(|number| !is_known(&desk, number)));
    let wanted = Wanted::of(arguments, session)?;
    let admits = |header: &Header| wanted.admits(header);
    let events = past.events_where(limits.number, wanted.limits().then_some(&admits))?;
    let left = arguments.limit.map_or(usize::MAX, NonZeroUsize::get);
    let mut timeline = Timeline { events, limits: &limits, left, printing: &printing };
    format.write(&mut timeline, &printing.written);
    printing.outcome()?;
    let stopped = timeline.events.stopped.take();
    if let (Some(written), true, None) = (&arguments.number, printing.is_held.take(), &stopped) {
        let directory = DirectoryReading::of(desk.files()?).directory;
        names::entry(&directory, written)?;
    }
    printing.goes_on();
    printing.outcome()?;
    Ok(end(&past, session, stopped.as_deref()))
}

/// Says on standard error why the answer is not whole.
pub(super) fn end(past: &WalkedHistory, session: &Session, stopped: Option<&str>) -> Exit {
    match stopped {
        None => Exit::Done,
        Some(why) => {
            let (why, hint) = (terminal(why), past.repository.objects().how_to_complete());
            session.complain(&format!("incomplete: {why}\n  hint: {hint}"));
            Exit::CannotTell
        }
    }
}

fn limits(arguments: &Arguments, desk: &Desk<'_>, past: &WalkedHistory) -> Result<Limits> {
    let known = |name: &_| past.knows(name);
    let workspace = arguments.workspace.as_deref();
    Ok(Limits {
        workspace: workspace.map(|written| desk.workspace_limit(written, known)).transpose()?,
        agent: arguments.agent.as_deref().map(|written| desk.agent_limit(written)).transpose()?,
        number: arguments.number.as_deref().map(|written| desk.number_limit(written)).transpose()?,
    })
}

/// What a format writes, printed piece by piece.
struct Printing<'a> {
    format: &'a dyn history::HistoryFormat,
    past: &'a WalkedHistory,
    session: &'a Session,
    written: Unprinted,
    /// How printing went last.
    reader: RefCell<Result<OutputReader>>,
    /// Whether nothing is printed before a change is found: of a number that no file and no commit has, there is nothing
    /// to tell.
    is_held: Cell<bool>,
}

impl<'a> Printing<'a> {
    fn of(format: &'a dyn history::HistoryFormat, past: &'a WalkedHistory, session: &'a Session) -> Self {
        let (written, is_held) = (Unprinted::default(), Cell::new(false));
        Self { format, past, session, written, reader: RefCell::new(Ok(OutputReader::Listens)), is_held }
    }

    /// Prints what was written, and says whether the next would still be read.
    fn goes_on(&self) -> bool {
        let mut reader = self.reader.borrow_mut();
        if matches!(*reader, Ok(OutputReader::Listens)) && !self.is_held.get() {
            *reader = self.past.print(self.session, &self.format.shown(self.written.take()));
        }
        matches!(*reader, Ok(OutputReader::Listens))
    }

    fn outcome(&self) -> Result<()> {
        self.reader.replace(Ok(OutputReader::Listens)).map(drop)
    }
}

/// The commits that are wanted, read while they are printed.
struct Timeline<'a> {
    events: HistoryEvents<'a>,
    limits: &'a Limits,
    /// How many more commits are wanted.
    left: usize,
    printing: &'a Printing<'a>,
}

impl<'a> Iterator for Timeline<'a> {
    type Item = (Heading, ChangePieces<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.printing.goes_on() && self.left > 0 {
            match self.events.next()? {
                Err(error) => drop(self.printing.reader.replace(Err(error))),
                Ok(event) => {
                    if let Some(commit) = told(event, self.limits, self.printing) {
                        self.left -= 1;
                        return Some(commit);
                    }
                }
            }
        }
        None
    }
}

impl<'a> CommitSource<'a> for Timeline<'a> {
    fn stopped(&self) -> Option<&str> {
        self.events.stopped.as_deref()
    }
}

/// A commit, if it changed anything that is asked for or could not be read.
fn told<'a>(
    event: HistoryEvent,
    limits: &'a Limits,
    printing: &'a Printing<'a>,
) -> Option<(Heading, ChangePieces<'a>)> {
    let HistoryEvent { commit, header, gap, pools, changes, uncertain, mut dropped } = event;
    limits.apply(&mut dropped);
    let mut of_pools = Changes { pools, ..Changes::default() };
    limits.apply(&mut of_pools);
    let mut heading = Heading { dropped, pools: of_pools.pools, ..heading(commit, header, gap) };
    let wanted = printing.past.pieces(changes).map(|mut changes| {
        limits.apply(&mut changes);
        changes
    });
    let mut pieces = wanted.filter(|changes| !changes.is_empty()).peekable();
    if heading.gap.is_none() && heading.dropped.is_empty() && heading.pools.is_empty() {
        pieces.peek()?;
        heading.uncertain = uncertain;
    }
    let printed = move || pieces.next().filter(|_| printing.goes_on()).inspect(|_| printing.is_held.set(false));
    Some((heading, Box::new(std::iter::from_fn(printed))))
}

/// What is printed above a commit's changes.
fn heading(commit: String, header: Header, gap: Option<String>) -> Heading {
    Heading {
        commit,
        parents: header.parents.iter().map(ToString::to_string).collect(),
        date: header.committed.map(utc_text),
        author: header.author,
        committer: header.committer,
        summary: header.summary,
        gap,
        uncertain: None,
        dropped: Changes::default(),
        pools: Vec::new(),
    }
}

/// Whether the directory on disk has a number; one that cannot be read knows nothing.
fn is_known(desk: &Desk<'_>, number: PhoneNumber) -> bool {
    desk.files().is_ok_and(|files| DirectoryReading::of(files).directory.number(number).is_some())
}

//! `phone-dir history`

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::desk::history::{HistoryEvent, HistoryQuestion, Past, moment};
use super::desk::{Desk, names};
use super::session::OutputReader;
use super::{Exit, Session, completing};
use crate::diff::Changes;
use crate::diff::limits::Limits;
use crate::error::Result;
use crate::model::PhoneNumber;
use crate::model::directory::Reading as DirectoryReading;
use crate::model::moment::EndOfDay;
use crate::render::escape::terminal;
use crate::render::history::{self, Heading, Turn};
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
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
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
    /// Whether standard output is JSON.
    pub fn is_json(&self) -> bool {
        self.json || self.format == Some(Format::Json)
    }
}

impl Arguments {
    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format.unwrap_or(Format::Human) }
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
    let past = Past::of(&desk)?;
    let limits = limits(arguments, &desk, &past)?;
    let format: &dyn history::HistoryFormat = match arguments.format() {
        Format::Human => &history::text::HistoryText,
        Format::Json => &history::json::Json,
        Format::Jsonl => &history::json::Lines,
        Format::Csv => &history::csv::Csv,
        Format::Markdown => &history::markdown::Markdown,
    };
    let held = limits.number.filter(|number| !is_known(&desk, *number)).map(|_| String::new());
    let mut timeline = Timeline { format, limits, past: &past, session, commits: 0, held };
    let stopped =
        timeline.tell(&Wanted::of(arguments, session)?, arguments.limit.map_or(usize::MAX, NonZeroUsize::get))?;
    if let (Some(written), Some(_), None) = (&arguments.number, &timeline.held, &stopped) {
        let directory = DirectoryReading::of(desk.files()?).directory;
        names::entry(&directory, written)?;
    }
    timeline.end(stopped.as_deref())?;
    Ok(end(&past, session, stopped.as_deref()))
}

/// Says on standard error why the answer is not whole.
pub(super) fn end(past: &Past, session: &Session, stopped: Option<&str>) -> Exit {
    match stopped {
        None => Exit::Done,
        Some(why) => {
            let (why, hint) = (terminal(why), past.repository.objects().how_to_complete());
            session.complain(&format!("incomplete: {why}\n  hint: {hint}"));
            Exit::CannotTell
        }
    }
}

fn limits(arguments: &Arguments, desk: &Desk<'_>, past: &Past) -> Result<Limits> {
    let known = |name: &_| past.knows(name);
    let workspace = arguments.workspace.as_deref();
    Ok(Limits {
        workspace: workspace.map(|written| desk.workspace_limit(written, known)).transpose()?,
        agent: arguments.agent.as_deref().map(|written| desk.agent_limit(written)).transpose()?,
        number: arguments.number.as_deref().map(|written| desk.number_limit(written)).transpose()?,
    })
}

/// A history that is printed while it is read.
struct Timeline<'a> {
    format: &'a dyn history::HistoryFormat,
    limits: Limits,
    past: &'a Past,
    session: &'a Session,
    /// How many commits were printed.
    commits: usize,
    /// What is not printed before a change is found: of a number that no file and no commit has, there is nothing to tell.
    held: Option<String>,
}

impl Timeline<'_> {
    /// Prints the commits that are wanted; says why the history ends early.
    fn tell(&mut self, wanted: &Wanted, limit: usize) -> Result<Option<String>> {
        let question = HistoryQuestion { number: self.limits.number, wanted: &|header| wanted.admits(header) };
        let past = self.past;
        past.visit(&question, &mut |event| {
            let reader = self.commit(event)?;
            Ok(if reader == OutputReader::Gone || self.commits == limit {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })
    }

    /// Prints a commit, if it changed anything that is asked for or could not be read.
    fn commit(&mut self, event: HistoryEvent) -> Result<OutputReader> {
        let HistoryEvent { commit, header, gap, pools, changes, uncertain, mut dropped } = event;
        self.limits.apply(&mut dropped);
        let mut of_pools = Changes { pools, ..Changes::default() };
        self.limits.apply(&mut of_pools);
        let pools = of_pools.pools;
        let is_told = gap.is_some() || !dropped.is_empty() || !pools.is_empty();
        let mut heading = Heading { dropped, pools, ..heading(commit, header, gap) };
        let mut written = if is_told { Some(self.open(&heading)?) } else { None };
        let mut turn = Turn::First;
        for mut changes in self.past.pieces(changes) {
            self.limits.apply(&mut changes);
            if changes.is_empty() {
                continue;
            }
            if written.is_none() {
                heading.uncertain.clone_from(&uncertain);
                self.open(&heading)?;
            }
            let held = self.held.take().unwrap_or_default();
            written = Some(self.print(&(held + &self.format.changes(&heading, &changes, turn)))?);
            turn = Turn::Later;
            if written == Some(OutputReader::Gone) {
                return Ok(OutputReader::Gone);
            }
        }
        match written {
            None => Ok(OutputReader::Listens),
            Some(_) => self.print(&self.format.close(&heading, turn)),
        }
    }

    fn print(&mut self, text: &str) -> Result<OutputReader> {
        match &mut self.held {
            Some(held) => {
                held.push_str(text);
                Ok(OutputReader::Listens)
            }
            None => self.past.print(self.session, text),
        }
    }

    fn open(&mut self, heading: &Heading) -> Result<OutputReader> {
        let (start, turn) =
            if self.commits == 0 { (self.format.start(), Turn::First) } else { (String::new(), Turn::Later) };
        self.commits += 1;
        self.print(&(start + &self.format.open(heading, turn)))
    }

    fn end(&mut self, stopped: Option<&str>) -> Result<()> {
        let (start, turn) =
            if self.commits == 0 { (self.format.start(), Turn::First) } else { (String::new(), Turn::Later) };
        let held = self.held.take().unwrap_or_default();
        self.session.print(&(held + &start + &self.format.end(stopped, turn)))
    }
}

/// What is printed above a commit's changes.
fn heading(commit: String, header: Header, gap: Option<String>) -> Heading {
    Heading {
        commit,
        parents: header.parents.iter().map(ToString::to_string).collect(),
        date: header.committed.map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
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

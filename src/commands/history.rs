//! `phone-dir history`

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};

use super::past::{EndOfDay, Event, Past, Reading, moment};
use super::{Exit, PrintsJson, Session, limit_options, number_argument};
use crate::diff::limits::Limits;
use crate::error::Result;
use crate::model::PhoneNumber;
use crate::model::directory::Reading as DirectoryReading;
use crate::render::history::{self, Entry, Timeline};
use crate::store::git::Header;
use crate::store::project::Project;
use crate::store::worktree;

/// Tell who changed what, and when: every commit that changed the directory, newest first
///
/// Computed from the files in the commits themselves, whoever made them and whatever their messages say. A commit whose
/// files cannot be read is a marked gap. In a shallow clone, what is older is not known, and the exit code is 3.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this number
    #[arg(value_name = "NUMBER")]
    number: Option<String>,
    /// Only changes that name this agent, before or after
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,
    /// Only changes in this workspace
    #[arg(short, long, value_name = "NAME")]
    workspace: Option<String>,
    /// Only commits since this day or time, in UTC
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only commits until the end of this day, or this time, in UTC
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only commits whose author's name or address holds this text
    #[arg(long, value_name = "TEXT")]
    author: Option<String>,
    /// At most this many commits
    #[arg(short = 'n', long, value_name = "COUNT")]
    limit: Option<usize>,
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

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
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
    fn of(arguments: &Arguments) -> Result<Self> {
        let date = |text: &Option<String>, end| text.as_deref().map(|text| moment(text, end)).transpose();
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

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = Project::find(&session.start)?;
    let past = Past::of(&project)?;
    let limits = limits(arguments, &project, &past)?;
    let timeline = timeline(&past, &limits, &Wanted::of(arguments)?, arguments.limit.unwrap_or(usize::MAX))?;
    if let (Some(number), Some(written)) = (limits.number, &arguments.number) {
        refuse_unknown(&project, number, written, &timeline)?;
    }
    session.print(&match arguments.format() {
        Format::Human => history::text::timeline(&timeline),
        Format::Json => history::json::timeline(&timeline),
        Format::Jsonl => history::json::lines(&timeline),
        Format::Csv => history::csv::timeline(&timeline)?,
        Format::Markdown => history::markdown::timeline(&timeline),
    })?;
    Ok(end(session, timeline.stopped.as_deref()))
}

/// Says on standard error why the answer is not whole.
pub(super) fn end(session: &Session, stopped: Option<&str>) -> Exit {
    match stopped {
        None => Exit::Done,
        Some(why) => {
            session.complain(&format!(
                "incomplete: {}\n  hint: bring the rest with `git fetch --unshallow` (in CI: `fetch-depth: 0`)",
                crate::render::inert::terminal(why)
            ));
            Exit::CannotTell
        }
    }
}

fn limits(arguments: &Arguments, project: &Project, past: &Past) -> Result<Limits> {
    let known = |name: &_| past.knows(name);
    let workspace = arguments.workspace.as_deref();
    Ok(Limits {
        workspace: workspace.map(|written| limit_options::workspace(project, written, known)).transpose()?,
        agent: arguments.agent.as_deref().map(|written| limit_options::agent(project, written)).transpose()?,
        number: arguments.number.as_deref().map(|written| limit_options::number(project, written)).transpose()?,
    })
}

fn timeline(past: &Past, limits: &Limits, wanted: &Wanted, limit: usize) -> Result<Timeline> {
    let mut entries: Vec<Entry> = Vec::new();
    if limit == 0 {
        return Ok(Timeline { entries, stopped: None });
    }
    let stopped = past.visit(&|header| wanted.admits(header), &mut |mut event| {
        limits.apply(&mut event.changes);
        if event.gap.is_some() || !event.changes.is_empty() {
            entries.push(entry(event));
        }
        if entries.len() == limit { Reading::Enough } else { Reading::GoesOn }
    })?;
    Ok(Timeline { entries, stopped })
}

/// An event in the form in which it is printed.
fn entry(event: Event) -> Entry {
    let Event { commit, header, gap, changes } = event;
    Entry {
        commit,
        parents: header.parents.iter().map(ToString::to_string).collect(),
        date: header.committed.map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        author: header.author,
        committer: header.committer,
        summary: header.summary,
        gap,
        changes,
    }
}

/// A number that neither the history nor the directory has is a slip of the pen, not an empty history.
fn refuse_unknown(project: &Project, number: PhoneNumber, written: &str, timeline: &Timeline) -> Result<()> {
    if timeline.stopped.is_some() || timeline.entries.iter().any(|entry| !entry.changes.is_empty()) {
        return Ok(());
    }
    let directory = DirectoryReading::of(&worktree::read(project.root())?).directory;
    if directory.number(number).is_some() { Ok(()) } else { number_argument::entry(&directory, written).map(drop) }
}

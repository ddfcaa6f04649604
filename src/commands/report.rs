//! `phone-dir report`

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use clap::{Args, ValueEnum};

use super::capacity::PastWeeks;
use super::desk::history::{HistoryEvent, WalkedHistory};
use super::desk::{AsOf, Desk, findings, known_calls};
use super::{Exit, Session};
use crate::activity::report::ActivityReport;
use crate::capacity::trend::PoolTrend;
use crate::diff::Change;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Day, Directory, Timestamp};
use crate::pools::Inventory;
use crate::query::column;
use crate::render;
use crate::render::changes::{self, words};
use crate::reporting::report::{self, RecentChange, Report, ReportOrigin};
use crate::snapshot::Snapshot;
use crate::validate::Settings;

/// Report on the directory: totals, agents, import methods, activity
///
/// CSV is an inventory with a line for each number and workspace. HTML is one self-contained page that needs no
/// network: charts, differences between the workspaces, findings, and a table of every number to search and sort. Where
/// `phone-dir usage pull` has read calls, it tells calls a day, hours of the week, the cost of each agent, and idle numbers.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print; without it, the ending of `--output` decides
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<ReportFormat>,
    /// Write to FILE (`.json`, `.csv`, `.md`, `.html`; `.txt` or no ending: text) instead of standard output, which is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    as_of: AsOf,
}

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// An inventory for spreadsheets
    Csv,
    /// The same, as Excel opens it with a double click: marked as UTF-8, numbers as texts
    Excel,
    /// For a wiki or a job summary
    Markdown,
    /// A page with charts and a table to search
    Html,
}

impl ReportFormat {
    /// The format that a file's ending stands for; none for an ending that says nothing.
    fn of_file(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "txt" | "text" => Some(Self::Human),
            _ => None,
        }
    }

    /// Whether it tells what the validator found.
    fn has_findings(self) -> bool {
        matches!(self, Self::Json | Self::Markdown | Self::Html)
    }

    fn text(self, report: &Report<'_>, calls: Option<&ActivityReport>) -> String {
        match self {
            Self::Human => render::report::text::write(report, calls),
            Self::Json => render::report::json::write(report, calls),
            Self::Csv => render::numbers::csv::table(&report.rows, &column::all()),
            Self::Excel => render::numbers::csv::table_for_excel(&report.rows, &column::all()),
            Self::Markdown => render::report::markdown::write(report, calls),
            Self::Html => render::report::html::write(report, calls),
        }
    }
}

impl Arguments {
    pub fn is_json(&self) -> bool {
        self.file().is_none() && self.format().is_ok_and(|format| format == ReportFormat::Json)
    }
}

impl Arguments {
    fn format(&self) -> Result<ReportFormat> {
        let given = if self.json { Some(ReportFormat::Json) } else { self.format };
        match (given, self.output.as_deref()) {
            (Some(format), _) => Ok(format),
            (None, Some(file)) if file.extension().is_some() => ReportFormat::of_file(file).ok_or_else(|| {
                Error::failed(format!("the ending of `{}` says no format", file.display()))
                    .hint("end it in `.json`, `.csv`, `.md`, `.html` or `.txt`, or name the format with `--format`")
            }),
            (None, _) => Ok(ReportFormat::Human),
        }
    }

    /// The file to write to; none for standard output.
    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|file| *file != Path::new("-"))
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let format = arguments.format()?;
    let desk = Desk::to_ask(session)?;
    let (snapshot, directory) = desk.read(&arguments.as_of)?;
    session.note_unread(&directory);
    let mut report = report::of(&directory, session.now);
    if format.has_findings() {
        // What git tracks now says nothing of an earlier state.
        let found = match arguments.as_of.at {
            None => findings::on_disk(&desk)?,
            Some(_) => findings::in_project(&desk, &snapshot)?,
        };
        report.findings = Some(found);
        report.recent = recent(&desk, &arguments.as_of)?;
        report.origin = Some(origin(&desk, &arguments.as_of)?);
    }
    report.pools = pools(&desk, (&snapshot, &directory), format, &arguments.as_of)?;
    // What happens now says nothing of an earlier state.
    let calls = if arguments.as_of.at.is_some() {
        None
    } else {
        known_calls::activity(&desk.project, &directory, &Settings::in_snapshot(&snapshot), session)
    };
    let text = format.text(&report, calls.as_ref());
    match arguments.file() {
        None if format == ReportFormat::Human => session.print(&session.fitted(&text))?,
        None => session.print(&text)?,
        Some(file) => {
            desk.write_masked(file, &text)?;
            session.note(&format!("Wrote `{}`.", file.display()));
        }
    }
    Ok(Exit::Done)
}

/// The pools; a page shows their past too, where the question is about the present.
fn pools(
    desk: &Desk<'_>,
    (snapshot, directory): (&Snapshot, &Directory),
    format: ReportFormat,
    as_of: &AsOf,
) -> Result<Vec<PoolTrend>> {
    let hosts = Settings::in_snapshot(snapshot).sip_hosts;
    let inventory = Inventory::new(directory, Day::of(desk.session.now), &hosts);
    let names = directory.pools.iter().flat_map(|file| file.pools.keys());
    let past = format == ReportFormat::Html && as_of.at.is_none() && directory.pools.is_some();
    let weeks = past.then(|| PastWeeks::read(desk, directory)).transpose()?;
    Ok(names.map(|name| PastWeeks::course(weeks.as_ref(), &inventory, name, &hosts)).collect())
}

/// Where the directory comes from, as people name it.
fn origin(desk: &Desk<'_>, as_of: &AsOf) -> Result<ReportOrigin> {
    let name = desk.root().canonicalize().ok().and_then(|root| Some(root.file_name()?.to_string_lossy().into_owned()));
    let origin = ReportOrigin { project: name.unwrap_or_default(), ..ReportOrigin::default() };
    let Some(repository) = desk.git()? else { return Ok(origin) };
    if let Some(at) = &as_of.at {
        let commit = desk.commit_at(at)?.short();
        return Ok(ReportOrigin { commit: Some(commit), ..origin });
    }
    let head = repository.commits().head()?;
    let branch = head.reference().strip_prefix("refs/heads/").map(str::to_owned);
    Ok(ReportOrigin { branch, commit: head.commit().map(|commit| commit.short()), ..origin })
}

/// How far back the recent changes reach, in days.
const RECENT_DAYS: i64 = 30;
/// The most commits that are read for them.
const RECENT_COMMITS: usize = 200;
/// As many commits are told of, however old they are.
const AT_LEAST: usize = 20;

/// What changed lately, up to the commit that `--at` names; none where there is no history to read.
fn recent(desk: &Desk<'_>, as_of: &AsOf) -> Result<Option<Vec<RecentChange>>> {
    let session = desk.session;
    let Some(repository) = desk.git()? else { return Ok(None) };
    let tip = match &as_of.at {
        Some(at) => Some(desk.commit_at(at)?),
        None => repository.commits().head()?.commit(),
    };
    let Some(tip) = tip else { return Ok(None) };
    let until = match &as_of.at {
        Some(_) => repository.commits().committed(&tip)?.unwrap_or_else(|| session.now.to_datetime()),
        None => session.now.to_datetime(),
    };
    let since = until - TimeDelta::days(RECENT_DAYS);
    let past = match WalkedHistory::behind(desk, &tip) {
        Err(error) if error.kind() == ErrorKind::CannotTell => {
            session.note(&format!("The recent changes are left out: {error}."));
            return Ok(None);
        }
        past => past?,
    };
    let mut changes = Vec::new();
    let mut events = past.events(None)?;
    while let Some(event) = events.next().transpose()? {
        let is_old = event.header.committed.is_some_and(|date| date < since);
        if changes.len() >= RECENT_COMMITS || (is_old && changes.len() >= AT_LEAST) {
            break;
        }
        changes.extend(change(event, &past));
    }
    if let Some(why) = &events.stopped {
        session.note(&format!("The recent changes may be incomplete: {why}."));
    }
    Ok(Some(changes))
}

/// A commit in words; none where it changed nothing, or its date makes no sense.
fn change(event: HistoryEvent, past: &WalkedHistory) -> Option<RecentChange> {
    let author = event.header.author.as_deref().unwrap_or("unknown");
    let mut sentences = Vec::new();
    for changes in past.pieces(event.changes) {
        let sentence = |change: &Change| {
            let place = change.workspace.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            format!("{} {}{place}", change.phone_number, words::sentence(change, &changes.names))
        };
        sentences.extend(changes.list.iter().map(sentence));
    }
    sentences.extend(event.pools.iter().map(changes::pools::of_pool));
    if sentences.is_empty() && event.gap.is_none() {
        return None;
    }
    Some(RecentChange {
        date: Timestamp::from_datetime(event.header.committed?),
        commit: event.commit.chars().take(10).collect(),
        // A page that is passed around does not show addresses.
        author: author.split('<').next().unwrap_or(author).trim().to_owned(),
        sentences,
    })
}

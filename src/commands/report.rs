//! `phone-dir report`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::queries::{self, AsOf};
use super::{Exit, Session};
use crate::error::Result;
use crate::model::{Directory, paths};
use crate::query::column;
use crate::query::report::{self, Report};
use crate::render;
use crate::snapshot::Snapshot;
use crate::store::artefact;
use crate::validate::{self, Diagnostic, Occasion, Settings, Source};

/// Report on the directory: totals, agents, import methods, activity
///
/// CSV is an inventory with a line for each number and workspace. HTML is one self-contained page that needs no
/// network: charts, differences between the workspaces, findings, and a table of every number to search and sort.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print; without it, the ending of `--output` decides
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<ReportFormat>,
    /// Write to FILE (`.json`, `.csv`, `.md`, `.html`, else text) instead of standard output, which is `-`
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
    /// For a wiki or a job summary
    Markdown,
    /// A page with charts and a table to search
    Html,
}

impl ReportFormat {
    /// The format that a file's ending stands for.
    fn of_file(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }

    /// Whether it tells what the validator found.
    fn has_findings(self) -> bool {
        matches!(self, Self::Json | Self::Markdown | Self::Html)
    }

    fn text(self, report: &Report<'_>) -> String {
        match self {
            Self::Human => render::report::text::write(report),
            Self::Json => render::report::json::write(report),
            Self::Csv => render::numbers::csv::table(&report.rows, &column::all()),
            Self::Markdown => render::report::markdown::write(report),
            Self::Html => render::report::html::write(report),
        }
    }
}

impl Arguments {
    pub(crate) fn prints_json(&self) -> bool {
        self.file().is_none() && self.format() == ReportFormat::Json
    }

    fn format(&self) -> ReportFormat {
        if self.json {
            return ReportFormat::Json;
        }
        let by_ending = || self.output.as_deref().and_then(ReportFormat::of_file);
        self.format.or_else(by_ending).unwrap_or(ReportFormat::Human)
    }

    /// The file to write to; none for standard output.
    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|file| *file != Path::new("-"))
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = queries::find_project(session)?;
    let snapshot = queries::read(&project, &arguments.as_of)?;
    let directory = Directory::load(&snapshot)?;
    let format = arguments.format();
    let mut report = report::of(&directory, session.now);
    if format.has_findings() {
        report.findings = Some(findings(&snapshot, session)?);
    }
    let text = format.text(&report);
    match arguments.file() {
        None => session.print(&text)?,
        Some(file) => {
            artefact::write(project.root(), &session.start, file, text.as_bytes())?;
            session.note(&format!("Wrote `{}`.", file.display()));
        }
    }
    Ok(Exit::Done)
}

fn findings(snapshot: &Snapshot, session: &Session) -> Result<Vec<Diagnostic>> {
    let settings = Settings::of(snapshot.bytes(paths::SETTINGS));
    let occasion = Occasion::new(Source::Worktree, session.now);
    Ok(validate::validate(snapshot, &settings, &occasion)?.diagnostics)
}

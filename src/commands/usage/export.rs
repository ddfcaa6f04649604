//! `phone-dir usage export`

use std::path::PathBuf;

use clap::ValueEnum;

use super::question;
use super::standing::{self, Standing, WorkspaceChoice};
use crate::activity::coverage::{AskedSpan, answer_span};
use crate::activity::time::DAY;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::render::usage::export as render;
use crate::store::calls::{CallStore, StoredCall};

/// Write the calls of the store to a file, one a line: our columns only, by number and time
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    /// Only calls since so long ago (`30d`), this day or this time, in UTC; 90 days unless it is said
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only calls until the end of this day, or before this time, in UTC
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// How to write
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ExportFormat::Csv)]
    format: ExportFormat,
    /// The file, `-` for standard output; for Parquet the folder
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// For spreadsheets
    Csv,
    /// For programs: one JSON object a line
    Jsonl,
    /// For DuckDB, Spark and warehouses: a folder with a file a day
    Parquet,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let standing = Standing::of(&options.workspaces, session)?;
    let Some(store) = CallStore::open_to_ask(&standing.place)? else { return Err(standing::no_store()) };
    let asked = AskedSpan {
        since: options.since.as_deref().map(|text| standing::since(text, session)).transpose()?,
        until: options.until.as_deref().map(|text| standing::until(text, session)).transpose()?,
        usual: 90 * DAY,
        stale_after: standing.settings.usage.stale_after,
        needs_calls: true,
    };
    let span = answer_span(&asked, &standing.coverage(Some(&store))?, standing::now(session));
    let mut calls = Vec::new();
    for workspace in &standing.workspaces {
        store.visit_calls(workspace, span.since, span.until, &mut |call| calls.push(call))?;
    }
    let text = match options.format {
        ExportFormat::Csv => render::csv(&calls, &standing.directory),
        ExportFormat::Jsonl => render::jsonl(&calls, &standing.directory),
        ExportFormat::Parquet => {
            write_parquet(options, &standing, calls, session)?;
            return Ok(question::end(&span, session));
        }
    };
    if options.output.as_os_str() == "-" {
        session.print(&text)?;
    } else {
        standing.desk.write_masked(&options.output, &text)?;
        session.note(&format!("{} calls written to `{}`", calls.len(), options.output.display()));
    }
    Ok(question::end(&span, session))
}

/// Writes a file a day into the folder that was named; a file of a day that is there is written anew.
#[cfg(feature = "parquet")]
fn write_parquet(
    options: &Arguments,
    standing: &Standing<'_>,
    calls: Vec<StoredCall>,
    session: &Session,
) -> Result<()> {
    if options.output.as_os_str() == "-" {
        return Err(Error::failed("Parquet is written into a folder, a file a day")
            .hint("name one that is there with `--output FOLDER`"));
    }
    let count = calls.len();
    let files = crate::render::usage::parquet::files_by_day(calls, &standing.directory)?;
    for (name, bytes) in &files {
        standing.desk.write_artefact(&options.output.join(name), bytes)?;
    }
    session.note(&format!("{count} calls written to {} files in `{}`", files.len(), options.output.display()));
    Ok(())
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(_: &Arguments, _: &Standing<'_>, _: Vec<StoredCall>, _: &Session) -> Result<()> {
    Err(Error::failed("this phone-dir was built without Parquet")
        .hint("take a released one, build it with `--features parquet`, or export CSV, which DuckDB reads too"))
}

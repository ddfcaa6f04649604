//! `phone-dir usage export`: call by call, so that however many there are, few are held at a time.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::activity::coverage::{AnswerSpan, AskedSpan, answer_span};
use crate::activity::time::DAY;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::session::OutputReader;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::render::usage::export as render;
use crate::store::artefact::Draft;
use crate::store::calls::{CallStore, StoredCall};

/// So many letters are put together before they are written.
const PIECE: usize = 64 << 10;

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
    let context = CallContext::of(&options.workspaces, session)?;
    let Some(store) = CallStore::open_to_ask(&context.place)? else { return Err(calls::no_store()) };
    let asked = AskedSpan {
        since: options.since.as_deref().map(|text| calls::since(text, session)).transpose()?,
        until: options.until.as_deref().map(|text| calls::until(text, session)).transpose()?,
        usual: 90 * DAY,
        stale_after: context.settings.usage.stale_after,
        needs_calls: true,
    };
    let span = answer_span(&asked, &context.coverage(Some(&store))?, calls::now(session));
    let export = Export { options, context: &context, store: &store, span: &span, session };
    match options.format {
        ExportFormat::Csv => {
            let (mut lines, heading) = render::CsvLines::begin();
            export.lines(&heading, |call| lines.line(call, &context.directory))?;
        }
        ExportFormat::Jsonl => export.lines("", |call| render::json_line(call, &context.directory))?,
        ExportFormat::Parquet => parquet(&export)?,
    }
    Ok(calls::end(&span, session))
}

struct Export<'a> {
    options: &'a Arguments,
    context: &'a CallContext<'a>,
    store: &'a CallStore,
    span: &'a AnswerSpan,
    session: &'a Session,
}

impl Export<'_> {
    fn is_to_standard_output(&self) -> bool {
        self.options.output.as_os_str() == "-"
    }

    fn lines(&self, heading: &str, mut line: impl FnMut(&StoredCall) -> String) -> Result<()> {
        let mut out = LineOutput { session: self.session, draft: None, waiting: heading.to_owned() };
        if !self.is_to_standard_output() {
            out.draft = Some(self.context.desk.begin_artefact(&self.options.output)?);
        }
        let mut calls = 0_usize;
        for workspace in &self.context.workspaces {
            let mut reader = ControlFlow::Continue(());
            self.store.visit_calls(workspace, self.span.since, self.span.until, &mut |call| {
                calls += 1;
                reader = out.add(&line(&call))?;
                Ok(reader)
            })?;
            if reader.is_break() {
                return Ok(());
            }
        }
        let is_file = out.draft.is_some();
        out.end()?;
        if is_file {
            self.session.note(&format!("{calls} calls written to `{}`", self.options.output.display()));
        }
        Ok(())
    }

    /// Writes a file a day into the folder that was named; a file of a day that is there is written anew.
    #[cfg(feature = "parquet")]
    fn days(&self) -> Result<()> {
        if self.is_to_standard_output() {
            return Err(Error::failed("Parquet is written into a folder, a file a day")
                .hint("name one that is there with `--output FOLDER`"));
        }
        let (mut calls, mut files) = (0, 0);
        let mut from = self.span.since;
        while from < self.span.until {
            let until = from.plus(1).next_day_start().min(self.span.until);
            let written = self.day(from, until)?;
            calls += written;
            files += usize::from(written > 0);
            from = until;
        }
        let folder = self.options.output.display();
        self.session.note(&format!("{calls} calls written to {files} files in `{folder}`"));
        Ok(())
    }

    #[cfg(feature = "parquet")]
    fn day(&self, from: crate::activity::time::Millis, until: crate::activity::time::Millis) -> Result<usize> {
        use crate::render::usage::parquet::CallFile;

        let name = self.options.output.join(format!("{}.parquet", from.day()));
        let (mut file, mut calls) = (None, 0);
        for workspace in &self.context.workspaces {
            self.store.visit_calls(workspace, from, until, &mut |call| {
                let file = match &mut file {
                    Some(file) => file,
                    // A day without calls has no file.
                    none => {
                        let draft = self.context.desk.begin_artefact(&name)?;
                        none.insert(CallFile::begin(draft, &self.context.directory)?)
                    }
                };
                calls += 1;
                file.take(call)?;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        if let Some(file) = file {
            file.end()?.publish()?;
        }
        Ok(calls)
    }
}

#[cfg(feature = "parquet")]
fn parquet(export: &Export<'_>) -> Result<()> {
    export.days()
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &Export<'_>) -> Result<()> {
    Err(Error::failed("this phone-dir was built without Parquet")
        .hint("take a released one, build it with `--features parquet`, or export CSV, which DuckDB reads too"))
}

/// Where lines go: standard output, or a file that stands in its place once it is whole.
struct LineOutput<'a> {
    session: &'a Session,
    draft: Option<Draft>,
    waiting: String,
}

impl LineOutput<'_> {
    /// Adds a line, and says whether the next would still be read.
    fn add(&mut self, line: &str) -> Result<ControlFlow<()>> {
        self.waiting.push_str(line);
        if self.waiting.len() < PIECE { Ok(ControlFlow::Continue(())) } else { self.write() }
    }

    fn write(&mut self) -> Result<ControlFlow<()>> {
        let text = std::mem::take(&mut self.waiting);
        let Some(draft) = &mut self.draft else {
            return Ok(match self.session.print_piece(&text)? {
                OutputReader::Listens => ControlFlow::Continue(()),
                OutputReader::Gone => ControlFlow::Break(()),
            });
        };
        let text = self.session.keys().masked(&text).into_owned();
        draft.write_all(text.as_bytes()).map_err(|error| draft.failed(error))?;
        Ok(ControlFlow::Continue(()))
    }

    fn end(mut self) -> Result<()> {
        let _read_to_the_end = self.write()?;
        self.draft.map_or(Ok(()), Draft::publish)
    }
}

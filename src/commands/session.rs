//! What every command is given: where it runs, the environment, the clock and the two output streams.

mod pager;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;

use self::pager::Pager;
use super::known_keys;
use crate::commands::options::{Global, OutputFormat};
use crate::error::{Error, Result};
use crate::model::run_keys::RunKeys;
use crate::model::workspaces_file::ApiKey;
use crate::model::{Directory, Timestamp, paths};
use crate::providers::environment::Environment;
use crate::providers::progress::Progress;
use crate::render::escape;
use crate::render::table::Room;
use crate::render::wrap::wrapped;
use crate::render::{failure, outstanding};
use crate::snapshot::Snapshot;
use crate::store::outstanding::OutstandingRequests;
use crate::store::project::Project;
use crate::store::transaction::{Purpose, Transaction};
use crate::validate::Settings;

#[derive(Clone, Debug)]
pub struct Session {
    /// Where the command starts to look for the project.
    pub start: PathBuf,
    pub environment: BTreeMap<OsString, OsString>,
    pub now: Timestamp,
    /// Whether only errors and data are printed.
    pub quiet: bool,
    /// How much more is printed: 0 as usual.
    pub verbosity: u8,
    /// What nothing may print, as far as the command has come across it.
    pub(super) withheld: Arc<Mutex<RunKeys>>,
    /// What is told after everything else: what to do next.
    pub(super) closing: Arc<Mutex<Vec<String>>>,
    /// The pager that data goes through, if there is one.
    pub(super) pager: Arc<Mutex<Option<Pager>>>,
}

/// Fixes the clock, so that tests and documentation print the same text every time.
const CLOCK_VARIABLE: &str = "PHONE_DIR_NOW";
/// The most files of other tools that a command lists as unread.
const UNREAD_LISTED: usize = 5;

impl Session {
    /// Takes the surroundings of this process.
    pub fn of_process(global: &Global) -> Result<Self> {
        let environment: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        let start = match &global.directory {
            Some(folder) => folder.clone(),
            None => std::env::current_dir()
                .map_err(|error| Error::failed("cannot tell the current folder").caused_by(error))?,
        };
        if !start.is_dir() {
            return Err(Error::failed(format!("`{}` is not a folder", start.display()))
                .hint("give an existing folder with `-C`"));
        }
        global.color.choice().write_global();
        let now = clock(environment.get(&OsString::from(CLOCK_VARIABLE)))?;
        let session = Self {
            start,
            environment,
            now,
            quiet: global.quiet,
            verbosity: global.verbose,
            withheld: Arc::default(),
            closing: Arc::default(),
            pager: Arc::default(),
        };
        session.withhold(&known_keys::around(&session.start, &session.variables()));
        Ok(session)
    }

    /// A variable of the process environment, if it is text and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(&OsString::from(name)).and_then(|value| value.to_str()).filter(|value| !value.is_empty())
    }

    /// The time at which the clock was fixed, if it was.
    pub fn fixed_clock(&self) -> Option<Timestamp> {
        self.variable(CLOCK_VARIABLE).map(|_| self.now)
    }

    /// Where a command that goes on takes the present from: the clock, unless it was fixed.
    pub fn present(&self) -> impl Fn() -> chrono::DateTime<Utc> + Send + Sync + use<> {
        let fixed = self.fixed_clock();
        move || fixed.map_or_else(Utc::now, Timestamp::to_datetime)
    }

    /// Keeps these keys out of everything that is printed from now on.
    pub fn withhold(&self, keys: &RunKeys) {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).learn_all(keys);
    }

    /// Keeps a password out of everything that is printed from now on.
    pub fn withhold_password(&self, password: &ApiKey) {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).learn(password);
    }

    /// Keeps the keys of an environment out of everything that is printed from now on.
    pub fn withhold_all_of(&self, environment: &Environment) {
        self.withhold(&environment.run_keys());
    }

    /// The keys that nothing may print or write.
    pub fn keys(&self) -> RunKeys {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins to change the directory, or to show what would change, and tells what was interrupted before.
    pub fn begin(&self, purpose: Purpose, project: &Project) -> Result<Transaction> {
        if purpose == Purpose::Preview
            && let Some(unfinished) = Transaction::unfinished(project)
        {
            self.note(&unfinished.to_string());
        }
        let transaction = Transaction::begin_for(purpose, project)?;
        self.note_recovery(&transaction);
        Ok(transaction)
    }

    /// Prints an answer in the form that was asked for: for programs, or for people and as wide as the terminal.
    pub fn answer(
        &self,
        output: OutputFormat,
        json: impl FnOnce() -> String,
        text: impl FnOnce() -> String,
    ) -> Result<()> {
        self.print(&if output.is_json() { json() } else { self.fitted(&text()) })
    }

    /// Prints data. A reader that went away is a quiet end.
    pub fn print(&self, text: &str) -> Result<()> {
        // The command goes on to its own end, and its exit code still says what it found.
        self.print_piece(text).map(drop)
    }

    /// Prints a piece of data that may be long, and says whether the next would still be read.
    pub fn print_piece(&self, text: &str) -> Result<OutputReader> {
        let text = self.keys().masked(text);
        if let Some(written) = self.write_to_pager(&text) {
            return written.map_err(|error| Error::failed("cannot write to the pager").caused_by(error));
        }
        // Styles are looked for byte by byte, where there may be any.
        let is_plain = text.bytes().all(|byte| byte == b'\n' || (byte >= b' ' && byte != 0x7f));
        let written = if is_plain { put(io::stdout().lock(), &text) } else { put(anstream::stdout().lock(), &text) };
        match written {
            Ok(()) => Ok(OutputReader::Listens),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(OutputReader::Gone),
            Err(error) => Err(Error::failed("cannot write the output").caused_by(error)),
        }
    }

    /// The variables of the process environment whose names and values are text.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let text = |value: &OsString| value.to_str().map(str::to_owned);
        self.environment.iter().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect()
    }

    /// Says something beside the data, unless `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Tells something when the command has said everything else.
    pub fn note_at_the_end(&self, text: &str) {
        self.closing.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }

    /// Tells what was kept for the end.
    pub fn close(&self) {
        let notes = std::mem::take(&mut *self.closing.lock().unwrap_or_else(PoisonError::into_inner));
        for note in &notes {
            self.note(note);
        }
    }

    /// Tells what went wrong, also with `--quiet`. Whatever it names, nothing of it acts.
    pub fn complain(&self, text: &str) {
        let text = self.keys().masked(text).into_owned();
        let text = wrapped(&escape::styled_lines(text.trim_end()), room_of_notes());
        // Standard error is closed: there is no other place to tell it.
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    }

    /// What people read, in lines that fit the terminal, if standard output is one.
    pub fn fitted(&self, text: &str) -> String {
        wrapped(text, self.room())
    }

    /// How wide a table may be: the terminal, if standard output is one.
    #[allow(clippy::unused_self)]
    pub fn room(&self) -> Room {
        let watched = io::stdout().is_terminal();
        let size = terminal_size::terminal_size().filter(|_| watched);
        size.map_or(Room::Unlimited, |(width, _)| Room::Cells(width.0.into()))
    }

    /// Tells which files of other tools could not be read, so that what they say is missing from the answer.
    pub fn note_unread(&self, directory: &Directory) {
        let unread: Vec<_> = directory.unread_agents().collect();
        for failure in unread.iter().take(UNREAD_LISTED) {
            let error = (*failure).clone().into_error();
            self.note(&format!(
                "warning: {}; what was known of the agent stands in",
                escape::terminal(error.message())
            ));
        }
        if unread.len() > UNREAD_LISTED {
            self.note(&format!("  … and {} more; `phone-dir validate` lists them all", unread.len() - UNREAD_LISTED));
        }
    }

    /// Tells what of `phone-dir.toml` does not count before something is changed: defaults stand in for it, also for rails
    /// and for what it protects.
    pub fn note_settings(&self, snapshot: &Snapshot) {
        for why in Settings::unread_in(snapshot).iter().take(UNREAD_LISTED) {
            let why = escape::terminal(why.lines().next().unwrap_or_default()).into_owned();
            let words = format!("warning: `{}`: {why}; a default stands in", paths::SETTINGS);
            self.complain(&format!("{words} (`phone-dir validate` says where)"));
        }
    }

    /// Tells what became of a change that an earlier process did not end, and what it asked of Retell.
    pub fn note_recovery(&self, transaction: &Transaction) {
        if let Some(recovery) = transaction.recovered() {
            self.note(&recovery.to_string());
        }
        self.note_outstanding(transaction.outstanding().list());
    }

    /// Tells what was asked of Retell without a known outcome.
    pub fn note_outstanding(&self, open: Result<Vec<OutstandingRequests>>) {
        match open {
            Ok(open) if open.is_empty() => {}
            Ok(open) => self.note(&outstanding::note(&open)),
            Err(error) => self.note(&format!("warning: {}", failure::human(&error))),
        }
    }

    pub fn progress(&self) -> Progress {
        // Lines of progress would be drawn over the pager's page.
        let is_paged = self.pager.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if self.is_watched() && !self.quiet && !is_paged { Progress::shown() } else { Progress::silent() }
    }

    /// Whether a person watches standard error.
    #[allow(clippy::unused_self)]
    pub fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }
}

/// How wide a line beside the data may be: the terminal, if standard error is one.
pub(super) fn room_of_notes() -> Room {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(Room::Unlimited, |(width, _)| Room::Cells(width.0.into()))
}

/// Whether what is printed is still read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputReader {
    Listens,
    Gone,
}

fn put(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

fn clock(fixed: Option<&OsString>) -> Result<Timestamp> {
    let Some(text) = fixed.and_then(|text| text.to_str()) else { return Ok(Timestamp::from_datetime(Utc::now())) };
    Timestamp::parse(text).map_err(|error| Error::failed(format!("`{CLOCK_VARIABLE}` is not a time: {error}")))
}

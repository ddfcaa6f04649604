//! From the words of the command line to the exit code: the same for both programs.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::FromArgMatches;

use super::{Session, completions, overview};
use crate::cli::Cli;
use crate::error::Error;
use crate::model::run_keys::RunKeys;
use crate::render::failure;

/// Parses the words, runs the command and says how it ended.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    match completions::answer(&words) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(usage) => return explain_usage(&usage),
    }
    let parsed = overview::command().try_get_matches_from(words).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(usage) => return explain_usage(&usage),
    };
    let session = match Session::of_process(&cli.global) {
        Ok(session) => session,
        Err(error) => return fail(&error, cli.command.prints_json(), &RunKeys::default()),
    };
    match cli.command.run(&session) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => fail(&error, cli.command.prints_json(), &session.keys()),
    }
}

/// Prints clap's own text: help and version are data (exit 0), a usage error is an error (exit 2).
fn explain_usage(usage: &clap::Error) -> ExitCode {
    // Whoever closed the pipe does not want to know.
    let _ = usage.print();
    ExitCode::from(if usage.use_stderr() { 2 } else { 0 })
}

/// Prints an error for people and, where a program waits for JSON, as JSON too; without the keys of the run.
pub fn fail(error: &Error, as_json: bool, keys: &RunKeys) -> ExitCode {
    if as_json {
        let _ = anstream::stdout().lock().write_all(keys.masked(&failure::json(error)).as_bytes());
    }
    let _ = anstream::stderr().lock().write_all(keys.masked(&failure::human(error)).as_bytes());
    ExitCode::from(error.kind().exit_code())
}

//! From the words of the command line to the exit code: the same for both programs.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgMatches, FromArgMatches};

use super::session::room_of_notes;
use super::{Session, completions, known_keys, overview};
use crate::commands::cli::{Cli, Command};
use crate::error::Error;
use crate::model::nearest;
use crate::model::run_keys::RunKeys;
use crate::render::wrap::wrapped;
use crate::render::{escape, failure};
use crate::secrets;

/// Parses the words, runs the command and says how it ended.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    match completions::answer(&words) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(usage) => return explain_usage(usage, &words),
    }
    let parse = |matches: ArgMatches| Ok((Cli::from_arg_matches(&matches)?, asks_for_json(&matches)));
    let (cli, is_json) = match overview::command().try_get_matches_from(&words).and_then(parse) {
        Ok(parsed) => parsed,
        Err(usage) => return explain_usage(usage, &words),
    };
    let is_json = cli.command.prints_json(is_json);
    let session = match Session::of_process(&cli.global) {
        Ok(session) => session,
        Err(error) => return fail(&error, is_json, &known_keys::of_words(&words)),
    };
    if is_long(&cli.command) {
        session.page();
    }
    let result = cli.command.run(&session);
    session.end_paging();
    match result {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => fail(&error, is_json, &session.keys()),
    }
}

/// Whether the words ask for JSON: by `--json`, or by a format of a command that has that option.
fn asks_for_json(matches: &ArgMatches) -> bool {
    if let Some((_, inner)) = matches.subcommand() {
        return asks_for_json(inner);
    }
    let Ok(Some(is_given)) = matches.try_get_one::<bool>("json") else { return false };
    let formats = matches.try_get_raw("format").ok().flatten();
    *is_given || formats.into_iter().flatten().any(|format| format == "json" || format == "jsonl")
}

/// Whether an answer is one that people scroll through.
fn is_long(command: &Command) -> bool {
    use Command::{AgentNumbers, Blame, Diff, Explain, History, List, Report, Rules, Search, Trunks, Unassigned};
    matches!(
        command,
        AgentNumbers(_)
            | Blame(_)
            | Diff(_)
            | Explain(_)
            | History(_)
            | List(_)
            | Report(_)
            | Rules(_)
            | Search(_)
            | Trunks(_)
            | Unassigned(_)
    )
}

/// Prints clap's own text: help and version are data (exit 0), a usage error is an error (exit 2).
fn explain_usage(mut usage: clap::Error, words: &[OsString]) -> ExitCode {
    if !usage.use_stderr() {
        let _ = usage.print();
        return ExitCode::SUCCESS;
    }
    let keys = known_keys::of_words(words);
    keep_near(&mut usage);
    settle(&mut usage, &keys);
    let plain = usage.render().to_string();
    let shown = escape::lines(&quotable(&plain, &keys));
    // A closed pipe is a quiet end. What a value's own parser quoted is found in the text alone, which has no styles.
    let _ = if shown == plain { usage.print() } else { anstream::stderr().lock().write_all(shown.as_bytes()) };
    ExitCode::from(2)
}

/// Leaves of clap's suggestions those that are near what was typed, by the measure of every other hint.
fn keep_near(usage: &mut clap::Error) {
    const PAIRS: [(ContextKind, ContextKind); 3] = [
        (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (ContextKind::InvalidValue, ContextKind::SuggestedValue),
    ];
    for (typed, suggested) in PAIRS {
        let Some(ContextValue::String(typed)) = usage.get(typed).cloned() else { continue };
        let bare = |word: &str| word.trim_start_matches('-').to_owned();
        let is_near = |known: &String| nearest::meant(&bare(&typed), [bare(known).as_str()]).is_some();
        let kept = match usage.remove(suggested) {
            Some(ContextValue::String(known)) => is_near(&known).then_some(ContextValue::String(known)),
            Some(ContextValue::Strings(known)) => {
                let near: Vec<_> = known.into_iter().filter(is_near).collect();
                (!near.is_empty()).then_some(ContextValue::Strings(near))
            }
            other => other,
        };
        if let Some(kept) = kept {
            usage.insert(suggested, kept);
        }
    }
}

/// Makes the words that clap quotes from the command line inert, each of which is one line, and takes keys out of them.
fn settle(usage: &mut clap::Error, keys: &RunKeys) {
    let word = |word: &String| escape::terminal(&quotable(word, keys)).into_owned();
    let settled = |value: &ContextValue| match value {
        ContextValue::String(text) => Some(ContextValue::String(word(text))),
        ContextValue::Strings(texts) => Some(ContextValue::Strings(texts.iter().map(word).collect())),
        _ => None,
    };
    let words: Vec<_> = usage.context().filter_map(|(kind, value)| Some((kind, settled(value)?))).collect();
    for (kind, value) in words {
        usage.insert(kind, value);
    }
}

/// What may be shown of a text that quotes the command line: no key of the run, and nothing that has the form of a key.
fn quotable(text: &str, keys: &RunKeys) -> String {
    secrets::masked(&keys.masked(text)).into_owned()
}

/// Prints an error for people and, where a program waits for JSON, as JSON too; without keys.
pub fn fail(error: &Error, as_json: bool, keys: &RunKeys) -> ExitCode {
    if as_json {
        let _ = anstream::stdout().lock().write_all(quotable(&failure::json(error), keys).as_bytes());
    }
    let text = wrapped(&quotable(&failure::human(error), keys), room_of_notes());
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
    ExitCode::from(error.kind().exit_code())
}

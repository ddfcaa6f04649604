//! `phone-dir hook run`

use clap::Args;

use super::place;
use crate::commands::validate::source;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::hook::{NAMES, all_roots, touched_roots};
use crate::model::paths;
use crate::render::inert::terminal;
use crate::render::validate::{Detail, Format};
use crate::store::git::GitRepository;
use crate::validate::{self, Occasion, Report, Settings, Severity, Source};

/// What the hook is told.
#[derive(Args, Debug)]
pub struct Options {
    /// The hook that runs
    #[arg(value_name = "HOOK", default_value = NAMES[0], value_parser = NAMES)]
    hook: String,
}

/// Set by git for the hooks of a commit under way, and by nothing else in everyday use.
const INDEX_VARIABLE: &str = "GIT_INDEX_FILE";

/// Runs the command.
pub fn run(options: &Options, session: &Session) -> Result<Exit> {
    let repository = place::repository(session)?;
    let indexed = repository.indexed_paths()?;
    let is_commit = session.variable(INDEX_VARIABLE).is_some();
    let roots = if is_commit { touched(&repository, &indexed)? } else { all(&indexed)? };
    let mut exit = Exit::Done;
    for root in roots {
        if judge(&root, session)? == Exit::Found {
            exit = Exit::Found;
        }
    }
    if exit == Exit::Found {
        session.complain(&format!("{}: refused because of the errors above; {BYPASS}", options.hook));
    }
    Ok(exit)
}

const BYPASS: &str = "`git commit --no-verify` commits all the same";

fn touched(repository: &GitRepository, indexed: &[String]) -> Result<Vec<String>> {
    let staged = repository.staged_paths()?;
    let roots = all_roots(indexed.iter().chain(&staged).map(String::as_str));
    Ok(touched_roots(&roots, &staged))
}

fn all(indexed: &[String]) -> Result<Vec<String>> {
    let roots = all_roots(indexed.iter().map(String::as_str));
    if roots.is_empty() {
        return Err(Error::cannot_tell("nothing below a `phone-numbers/` is in git's index")
            .hint("add the directory with `git add phone-numbers/`"));
    }
    Ok(roots.into_iter().collect())
}

/// Judges one project as it is staged; what it finds goes to standard error, where hooks speak.
fn judge(root: &str, session: &Session) -> Result<Exit> {
    let git = place::repository(session)?.of_project(root)?;
    let snapshot = source::staged(&git)?;
    if !snapshot.has_directory() {
        return removed(&git, root);
    }
    let settings = Settings::of(snapshot.bytes(paths::SETTINGS));
    let report = validate::validate(&snapshot, &settings, &Occasion::new(Source::Index, session.now))?;
    if report.diagnostics.is_empty() {
        return Ok(Exit::Done);
    }
    say(&report, root, session)?;
    Ok(if report.count(Severity::Error) > 0 { Exit::Found } else { Exit::Done })
}

/// Nothing is left to check: either the commit removes the directory, or there never was one.
fn removed(git: &GitRepository, root: &str) -> Result<Exit> {
    if !git.head_has_folder(paths::FOLDER)? {
        return Ok(Exit::Done);
    }
    Err(Error::refused(
        format!("this commit would remove the whole phone number directory, `{root}phone-numbers/`"),
        "git commit --no-verify",
    ))
}

fn say(report: &Report, root: &str, session: &Session) -> Result<()> {
    if !root.is_empty() {
        session.complain(&format!("In `{}`:", terminal(root)));
    }
    let has_errors = report.count(Severity::Error) > 0;
    let mut bytes = Vec::new();
    let written = Format::Human(Detail::Failures).write(report, &mut bytes);
    written.map_err(|error| Error::failed("cannot write the report").caused_by(error))?;
    let text = String::from_utf8_lossy(&bytes);
    if has_errors {
        session.complain(&text);
    } else {
        session.note(&text);
    }
    Ok(())
}

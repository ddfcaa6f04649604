//! `phone-dir hook run`

use clap::Args;

use super::place;
use crate::clone::hook::{NAMES, all_roots, touched_roots};
use crate::commands::desk::{judged, trusted};
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::paths;
use crate::plural::counted;
use crate::render::escape::terminal;
use crate::render::validate::{Detail, FindingsFormat};
use crate::store::git::GitRepository;
use crate::validate::{self, Settings, Severity, Strictness, ValidationReport};

/// What the hook is told.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The hook that runs
    #[arg(value_name = "HOOK", default_value = NAMES[0], value_parser = NAMES)]
    hook: String,
}

/// Set by git for the hooks of a commit under way, and by nothing else in everyday use.
const INDEX_VARIABLE: &str = "GIT_INDEX_FILE";

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let repository = place::repository(session)?;
    let indexed = repository.index().indexed_paths()?;
    let is_commit = session.variable(INDEX_VARIABLE).is_some();
    let roots = if is_commit { touched(&repository, &indexed)? } else { all(&indexed)? };
    let before = repository.commits().head()?.commit();
    let roots = trusted::judged(&repository, before.as_ref(), roots)?;
    let mut exit = Exit::Done;
    for root in roots {
        if judge(&root, is_commit, session)? == Exit::Found {
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
    let staged = repository.index().staged_paths()?;
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
///
/// Of the warnings, a commit is told its own; those that HEAD has already are counted.
fn judge(root: &str, is_commit: bool, session: &Session) -> Result<Exit> {
    let git = place::repository(session)?.of_project(root)?;
    let (snapshot, occasion) = judged::staged(&git, session.now)?;
    if !occasion.has_project(&snapshot) {
        return removed(&git, root);
    }
    let before = git.commits().head()?.commit();
    let settings = trusted::settings(&git, before.as_ref(), &snapshot)?;
    if settings.text != snapshot.bytes(paths::SETTINGS).unwrap_or_default() {
        session.note(&format!("`{}{}` judges from the next commit on", terminal(root), paths::SETTINGS));
    }
    let mut report = validate::validate(&snapshot, &settings, &occasion.after(judged::before_index(&git)?))?;
    if report.is_empty() {
        return Ok(Exit::Done);
    }
    let is_asked = is_commit && report.count(Severity::Warning) > 0;
    // Where HEAD cannot be judged, nothing is known to stand since then, and everything is shown.
    let before = is_asked.then(|| committed(&git, &settings, session).unwrap_or_default()).flatten();
    let standing = before.map_or(0, |before| report.set_aside_warnings_of(&before));
    if !report.is_empty() {
        say(&report, root, session)?;
    }
    count(standing, root, session);
    Ok(if report.refuses(Strictness::Errors) { Exit::Found } else { Exit::Done })
}

/// What HEAD has, judged by the same rules; none where there is no directory in it.
fn committed(git: &GitRepository, settings: &Settings, session: &Session) -> Result<Option<ValidationReport>> {
    let Some(head) = git.commits().head()?.commit() else { return Ok(None) };
    let (snapshot, occasion) = judged::committed(git, &head, session.now)?;
    if !occasion.has_project(&snapshot) {
        return Ok(None);
    }
    validate::validate(&snapshot, settings, &occasion).map(Some)
}

/// Says in one line how much was wrong before, and is no matter of this commit.
fn count(standing: usize, root: &str, session: &Session) {
    if standing > 0 {
        let (warnings, place) = (counted(standing, "warning"), terminal(root));
        let place = if place.is_empty() { String::new() } else { format!(" in `{place}`") };
        session.note(&format!("{warnings}{place} from before this commit: `phone-dir validate` lists them"));
    }
}

/// Nothing is left to check: either the commit removes the directory, or there never was one.
fn removed(git: &GitRepository, root: &str) -> Result<Exit> {
    if !git.objects().head_has_folder(paths::FOLDER)? {
        return Ok(Exit::Done);
    }
    Err(Error::refused(
        format!("this commit would remove the whole phone number directory, `{root}phone-numbers/`"),
        "git commit --no-verify",
    ))
}

fn say(report: &ValidationReport, root: &str, session: &Session) -> Result<()> {
    if !root.is_empty() {
        session.complain(&format!("In `{}`:", terminal(root)));
    }
    let has_errors = report.refuses(Strictness::Errors);
    let mut bytes = Vec::new();
    let written = FindingsFormat::Human(Detail::Failures).write(report, &mut bytes);
    written.map_err(|error| Error::failed("cannot write the report").caused_by(error))?;
    let text = String::from_utf8_lossy(&bytes);
    if has_errors {
        session.complain(&text);
    } else {
        session.note(&text);
    }
    Ok(())
}

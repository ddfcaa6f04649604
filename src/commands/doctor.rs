//! `phone-dir doctor`

use clap::Args;

use super::desk::Desk;
use super::hook::{self, Presence};
use super::setup::{ATTRIBUTES, program, text_at};
use super::{Exit, Session, doctor_live};
use crate::cli::OutputFormat;
use crate::clone::findings::{DoctorCheck, Finding, OLDEST_GIT, git_version};
use crate::clone::{attributes, block, drivers};
use crate::error::{Error, Result};
use crate::model::directory::Reading;
use crate::model::{Directory, paths};
use crate::providers::credentials;
use crate::render::doctor;
use crate::store::git::GitRepository;
use crate::store::path::ProjectPath;
use crate::store::project::Project;

/// Say what is missing on this clone, with the command that mends it
///
/// It looks at git's version, the hook, the drivers, the ignore rules, secrets that git tracks, the length of the history and
/// the credentials of every workspace. Without `--live` it calls no provider. Exit code 1 when something is missing.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Ask the providers, too: whether the keys work, and which account and organisations they belong to
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    // What is wrong with the files is the validator's business; here they only name the workspaces.
    let mut reading = Reading::of(desk.files()?);
    reading.set_foreign_aside();
    let directory = reading.directory;
    let mut checks = match desk.git() {
        Ok(Some(repository)) => of_git(&repository, &desk, &directory)?,
        Ok(None) => vec![check("repository", [Finding::new("this is not a git repository", "git init")])],
        Err(error) => vec![check("repository", [of_error(&error)])],
    };
    checks.extend(of_credentials(&desk, &directory)?);
    if arguments.live {
        checks.extend(doctor_live::checks(&desk, &directory)?);
    }
    session.print(&if arguments.output.is_json() { doctor::json(&checks) } else { doctor::human(&checks) })?;
    let is_well = checks.iter().all(|check| check.findings.is_empty());
    Ok(if is_well { Exit::Done } else { Exit::Found })
}

fn check(name: &'static str, findings: impl IntoIterator<Item = Finding>) -> DoctorCheck {
    DoctorCheck { name, told: Vec::new(), findings: findings.into_iter().collect() }
}

/// An error whose hint is the remedy.
fn of_error(error: &Error) -> Finding {
    Finding::new(error.message(), error.hint_text().unwrap_or("`git status` says more"))
}

fn of_git(repository: &GitRepository, desk: &Desk<'_>, directory: &Directory) -> Result<Vec<DoctorCheck>> {
    let shallow = repository
        .commits()
        .is_shallow()
        .then(|| Finding::new("the history is shallow, so that its beginning cannot be told", "git fetch --unshallow"));
    Ok(vec![
        check("git-version", version(repository)?),
        check("hook", hook_in_place(repository)?),
        check("attributes", named_drivers(repository, &desk.project)?),
        check("drivers", registered(repository, desk.session)?),
        check("ignore-rules", ignored(repository)?),
        check("tracked-secrets", tracked(repository, directory)?),
        check("history", shallow),
    ])
}

fn version(repository: &GitRepository) -> Result<Option<Finding>> {
    let printed = repository.configuration().program_version()?;
    let (major, minor) = OLDEST_GIT;
    let is_old = git_version(&printed).is_none_or(|version| version < OLDEST_GIT);
    Ok(is_old.then(|| Finding::new(format!("{} is older than {major}.{minor}", printed.trim()), "upgrade git")))
}

fn hook_in_place(repository: &GitRepository) -> Result<Option<Finding>> {
    Ok(match hook::presence(repository)? {
        Presence::Installed | Presence::Called => None,
        Presence::Missing => Some(Finding::new("the hook is not installed", "phone-dir hook install")),
        Presence::Everywhere => Some(Finding::new(
            "the hook is not installed, and git's hooks folder is that of every repository",
            "phone-dir hook install --everywhere",
        )),
        Presence::Managed(advice) => {
            Some(Finding::new("another tool owns the hooks, and does not call phone-dir's", advice))
        }
    })
}

/// Whether the drivers are those of a file of each kind, whoever named them.
fn named_drivers(repository: &GitRepository, project: &Project) -> Result<Option<Finding>> {
    for path in [paths::MASTER, "phone-numbers/staging/numbers.json", "phone-numbers/staging/assignments.json"] {
        for name in ["diff", "merge"] {
            if repository.configuration().attribute(&ProjectPath::parse(path)?, name)?.as_deref() != Some(drivers::NAME)
            {
                return Ok(Some(unnamed(path, project)?));
            }
        }
    }
    Ok(None)
}

fn unnamed(path: &str, project: &Project) -> Result<Finding> {
    if block::is_current(text_at(project, ATTRIBUTES)?.as_deref(), &attributes::lines()) {
        let message = format!("`{path}` has other drivers than {ATTRIBUTES} names: another file of attributes wins");
        let places = "`.git/info/attributes` and the files `.gitattributes` below";
        return Ok(Finding::new(message, format!("take the line out that wins: look into {places}")));
    }
    Ok(Finding::new(format!("{ATTRIBUTES} does not name phone-dir's drivers"), "phone-dir setup"))
}

/// What is missing of the drivers' commands, wherever they are configured.
pub(super) fn registered(repository: &GitRepository, session: &Session) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for setting in drivers::settings(&program(session)?) {
        let key = &setting.key;
        findings.push(match repository.configuration().config_text(key)? {
            None => Finding::new(format!("git's setting `{key}` is missing"), "phone-dir setup"),
            Some(value) if value == setting.value => continue,
            Some(value) => {
                // Setup replaces what an earlier one wrote, and nothing of anybody else's.
                let is_own = drivers::is_own(&value);
                let fix = if is_own {
                    "phone-dir setup".to_owned()
                } else {
                    format!("git config --unset {key} && phone-dir setup")
                };
                Finding::new(format!("git's setting `{key}` is another one: {value}"), fix)
            }
        });
    }
    Ok(findings)
}

/// A file of a backup as the specification makes it: any shows the rule.
const BACKUP: &str = "phone-numbers.backup.20260101_000000/directory.json";

fn ignored(repository: &GitRepository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in [paths::WORKSPACES, paths::ENVIRONMENT, paths::TRUNKS, paths::SYNC, BACKUP] {
        if !repository.configuration().ignored(&ProjectPath::parse(path)?)? {
            findings.push(Finding::new(format!("git does not ignore `{path}`"), "phone-dir init"));
        }
    }
    Ok(findings)
}

fn tracked(repository: &GitRepository, directory: &Directory) -> Result<Vec<Finding>> {
    let tracked = repository.index().never_committed_in_index()?;
    let names_variables_only = directory.settings.as_ref().is_some_and(|settings| !settings.holds_a_key());
    let finding = |path: &String| {
        let has_keys = path != paths::WORKSPACES || !names_variables_only;
        let then = if has_keys { ", commit, and replace the keys in it" } else { ", and commit; no key is in it now" };
        let fix = format!("git rm --cached {}{then}", drivers::shell_word(path));
        Finding::new(format!("git tracks `{path}`, which must never be committed"), fix)
    };
    Ok(tracked.iter().map(finding).collect())
}

fn of_credentials(desk: &Desk<'_>, directory: &Directory) -> Result<Vec<DoctorCheck>> {
    let environment = desk.environment()?;
    let twilio = credentials::twilio(&environment).err().map(|error| of_error(&error));
    let settings = directory.settings.as_ref();
    let names = directory.workspace_names();
    let keys = names.iter().map(|name| credentials::retell(&environment, settings, name));
    let (known, missing): (Vec<_>, Vec<_>) = keys.partition(Result::is_ok);
    let missing: Vec<_> = missing.into_iter().filter_map(Result::err).collect();
    let unread = directory.unread.iter().filter(|failure| failure.path == paths::WORKSPACES);
    let unread: Vec<_> = unread.map(|failure| of_error(&failure.clone().into_error())).collect();
    let unset = settings.is_none() && unread.is_empty() && !missing.is_empty();
    let no_file = unset.then(|| {
        Finding::new(
            format!("`{}` is missing, and the environment does not have every workspace's key", paths::WORKSPACES),
            format!("write `{}` (`phone-dir schema workspaces` describes it), or set the variables", paths::WORKSPACES),
        )
    });
    let known: Vec<_> = known.into_iter().filter_map(Result::ok).collect();
    let shared = credentials::shared_keys(&known).into_iter().map(|shared| {
        let names: Vec<_> = shared.iter().map(|name| format!("`{name}`")).collect();
        Finding::new(
            format!("the workspaces {} use the same key", names.join(" and ")),
            format!("give each workspace its own key in `{}` or the environment", paths::WORKSPACES),
        )
    });
    Ok(vec![
        check("twilio-credentials", twilio),
        check("workspace-credentials", missing.iter().map(of_error)),
        check("workspaces-file", unread.into_iter().chain(no_file)),
        check("shared-keys", shared),
    ])
}

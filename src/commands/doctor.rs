//! `phone-dir doctor`

use clap::Args;

use super::desk::Desk;
use super::hook;
use super::setup::{program, text_at};
use super::{Exit, Session, doctor_live};
use crate::clone::checks::{self, ATTRIBUTES};
use crate::clone::findings::{DoctorCheck, Finding};
use crate::clone::{attributes, block, drivers};
use crate::commands::options::OutputFormat;
use crate::error::Result;
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
    /// Ask the providers, too: whether the keys work, which account and organisations they belong to, and which agents have
    /// no folder
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
    let mut found = match desk.git() {
        Ok(Some(repository)) => of_git(&repository, &desk, &directory)?,
        Ok(None) => vec![check("repository", [Finding::new("this is not a git repository", "git init")])],
        Err(error) => vec![check("repository", [checks::of_error(&error)])],
    };
    found.extend(of_credentials(&desk, &directory));
    if arguments.live {
        found.extend(doctor_live::checks(&desk, &directory)?);
    }
    session.answer(arguments.output, || doctor::json(&found), || doctor::human(&found))?;
    let is_well = found.iter().all(|check| check.findings.is_empty());
    Ok(if is_well { Exit::Done } else { Exit::Found })
}

fn check(name: &'static str, findings: impl IntoIterator<Item = Finding>) -> DoctorCheck {
    DoctorCheck { name, told: Vec::new(), findings: findings.into_iter().collect() }
}

fn of_git(repository: &GitRepository, desk: &Desk<'_>, directory: &Directory) -> Result<Vec<DoctorCheck>> {
    let configuration = repository.configuration();
    Ok(vec![
        check("git-version", checks::old_git(&configuration.program_version()?)),
        check("hook", checks::hook(&hook::presence(repository)?)),
        check("attributes", named_drivers(repository, &desk.project)?),
        check("drivers", registered(repository, desk.session)?),
        check("ignore-rules", ignored(repository)?),
        check("tracked-secrets", tracked(repository, directory)?),
        check("history", repository.commits().is_shallow().then(checks::shallow)),
    ])
}

/// Whether the drivers are those of a file of each kind, in whichever file of attributes they are named.
fn named_drivers(repository: &GitRepository, project: &Project) -> Result<Option<Finding>> {
    for path in [paths::MASTER, "phone-numbers/staging/numbers.json", "phone-numbers/staging/assignments.json"] {
        for name in ["diff", "merge"] {
            let driver = repository.configuration().attribute(&ProjectPath::parse(path)?, name)?;
            if driver.as_deref() != Some(drivers::NAME) {
                let is_named = block::is_current(text_at(project, ATTRIBUTES)?.as_deref(), &attributes::lines());
                return Ok(Some(checks::other_driver(path, is_named)));
            }
        }
    }
    Ok(None)
}

/// What is missing of the drivers' commands, wherever they are configured.
pub(super) fn registered(repository: &GitRepository, session: &Session) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for setting in drivers::settings(&program(session)?) {
        findings.extend(checks::driver(&setting, repository.configuration().config_text(&setting.key)?.as_deref()));
    }
    Ok(findings)
}

/// A file of a backup as the specification makes it: any shows the rule.
const BACKUP: &str = "phone-numbers.backup.20260101_000000/directory.json";

fn ignored(repository: &GitRepository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in [paths::WORKSPACES, paths::ENVIRONMENT, paths::TRUNKS, paths::SYNC, BACKUP] {
        if !repository.configuration().ignored(&ProjectPath::parse(path)?)? {
            findings.push(checks::not_ignored(path));
        }
    }
    let rules = repository.index().ignoring_rules()?;
    findings.extend(rules.iter().map(|rule| Finding::new(rule.to_string(), rule.way_out())));
    Ok(findings)
}

fn tracked(repository: &GitRepository, directory: &Directory) -> Result<Vec<Finding>> {
    let names_variables_only = directory.settings.as_ref().is_some_and(|settings| !settings.holds_a_key());
    let tracked = repository.index().never_committed_in_index()?;
    Ok(tracked.iter().map(|path| checks::tracked_secret(path, names_variables_only)).collect())
}

fn of_credentials(desk: &Desk<'_>, directory: &Directory) -> Vec<DoctorCheck> {
    let environment = desk.environment();
    let settings = directory.settings.as_ref();
    let names = directory.workspace_names();
    let keys = names.iter().map(|name| credentials::retell(&environment, settings, name));
    let (known, missing): (Vec<_>, Vec<_>) = keys.partition(Result::is_ok);
    let known: Vec<_> = known.into_iter().filter_map(Result::ok).collect();
    let missing: Vec<_> = missing.into_iter().filter_map(Result::err).collect();
    let unread = directory.unread.iter().filter(|failure| failure.path == paths::WORKSPACES);
    let unread: Vec<_> = unread.map(|failure| checks::of_error(&failure.clone().into_error())).collect();
    let unset = settings.is_none() && unread.is_empty() && !missing.is_empty();
    vec![
        check("twilio-credentials", credentials::twilio(&environment).err().as_ref().map(checks::of_error)),
        check("workspace-credentials", missing.iter().map(checks::of_error)),
        check("workspaces-file", unread.into_iter().chain(unset.then(checks::no_workspaces_file))),
        check("shared-keys", credentials::shared_keys(&known).iter().map(|names| checks::shared_key(names))),
    ]
}

//! `phone-dir setup`

use std::path::{Path, PathBuf};

use clap::Args;

use super::desk::Desk;
use super::hook;
use super::{Exit, Session};
use crate::clone::checks::ATTRIBUTES;
use crate::clone::drivers::{self, Setting};
use crate::clone::hook::HookPresence;
use crate::clone::prettier;
use crate::clone::setup::{CloneState, SetupStep};
use crate::error::{Error, Result};
use crate::store::git::ConfigChange;
use crate::store::project::Project;
use crate::store::regular_file::{self, Links, MOST_TEXT};
use crate::store::transaction::{FileChange, Purpose};

/// Install the hook and the diff and merge drivers in this clone, and name the drivers in .gitattributes
///
/// `git diff` and `git log -p` then read as changes in words, and merges work by number and field; where git does not find phone-dir, it
/// does both by lines. Each clone needs it once, because git keeps the commands of drivers out of the repository; commit .gitattributes,
/// which is the same for all and keeps line feeds on Windows, and .prettierignore, which is written where a project uses prettier. Lines
/// of your own stay as they are, and running it again changes nothing.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Take everything out again that setup put in
    #[arg(long)]
    remove: bool,
    /// Print what would change, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = if arguments.dry_run { Desk::to_ask(session)? } else { Desk::to_change(session)? };
    let state = state(&desk, arguments.remove)?;
    let steps = if arguments.remove { state.removal() } else { state.installation()? };
    session.print(&session.fitted(&steps.iter().map(|step| format!("{}\n", step.words())).collect::<String>()))?;
    if steps.is_empty() {
        session.note("Nothing to do.");
    } else if !arguments.dry_run {
        apply(steps, &desk)?;
        session.note(next(arguments.remove));
    }
    Ok(Exit::Done)
}

fn next(remove: bool) -> &'static str {
    if remove {
        "Next: commit .gitattributes if it was committed; other clones keep their own drivers."
    } else {
        "Next: commit .gitattributes; every clone runs `phone-dir setup` once. `phone-dir doctor` checks it."
    }
}

/// How this clone stands; what stays as it is, and why, is told.
fn state(desk: &Desk<'_>, remove: bool) -> Result<CloneState> {
    let (project, repository) = (&desk.project, desk.repository()?);
    let configuration = repository.configuration();
    let hook = hook::presence(&repository)?;
    match &hook {
        _ if remove => {}
        HookPresence::Everywhere => desk.session.note(
            "The hooks folder is that of every repository, and stays as it is: `phone-dir hook install` says what to do.",
        ),
        HookPresence::SwitchedOff(off) => {
            desk.session.note(&format!("Nothing checks commits: {off}. `{}` lets hooks run.", off.command()));
        }
        HookPresence::Managed(advice) => desk.session.note(&format!("Another tool owns the hooks: {advice}.")),
        HookPresence::Installed | HookPresence::Called | HookPresence::Missing => {}
    }
    let program = if remove { drivers::Program::OnPath } else { program(desk.session)? };
    let mut settings = Vec::new();
    for setting in drivers::settings(&program) {
        let value = configuration.local_config(&setting.key)?;
        settings.push((setting, value));
    }
    Ok(CloneState {
        hook,
        drivers: settings,
        ends_bare: configuration.config_ends_bare()?,
        remembers_bare_end: configuration.local_config(drivers::BARE_END)?.is_some(),
        attributes: text_at(project, ATTRIBUTES)?,
        prettier_ignored: text_at(project, prettier::IGNORED)?,
        uses_prettier: uses_prettier(project)?,
    })
}

fn uses_prettier(project: &Project) -> Result<bool> {
    let has_sign = prettier::SIGNS.iter().any(|name| project.root().join(name).is_file());
    Ok(has_sign || text_at(project, "package.json")?.is_some_and(|text| prettier::is_in_package(&text)))
}

fn apply(steps: Vec<SetupStep>, desk: &Desk<'_>) -> Result<()> {
    let (repository, mut transaction) = (desk.repository()?, desk.begin(Purpose::Surroundings)?);
    let silent = Session { quiet: true, ..desk.session.clone() };
    let mut settings = Vec::new();
    for step in steps {
        match step {
            SetupStep::InstallHook => hook::install(&silent, &repository, &mut transaction)?,
            SetupStep::UninstallHook => hook::uninstall(&silent, &repository, &mut transaction)?,
            SetupStep::File(name, Some(text)) => transaction.write(&[FileChange::write(name, text)?]).map(drop)?,
            SetupStep::File(name, None) => transaction.write(&[FileChange::remove(name)?]).map(drop)?,
            SetupStep::Set(Setting { key, value }) => settings.push(ConfigChange::Set { key, value }),
            SetupStep::Unset(key) => settings.push(ConfigChange::Unset { key }),
            SetupStep::BareEnd => settings.push(ConfigChange::BareEnd),
        }
    }
    // At once, so that it is never set up by half.
    transaction.configure(&repository, &settings)
}

/// The text of a file at the project's root, if it has one.
pub(super) fn text_at(project: &Project, name: &str) -> Result<Option<String>> {
    let place = project.root().join(name);
    regular_file::read_text_if_there(&place, Links::Follow, MOST_TEXT).map_err(|error| Error::io("read", &place, error))
}

/// Where this very program is, as the drivers' commands name it.
pub(super) fn program(session: &Session) -> Result<drivers::Program> {
    let failed = |error| Error::failed("cannot tell where this program is").caused_by(error);
    let running = std::env::current_exe().map_err(failed)?;
    let beside = running.with_file_name(format!("{}{}", drivers::NAME, std::env::consts::EXE_SUFFIX));
    if !beside.is_file() {
        return Ok(drivers::Program::GroupOf(shell_word(&running)));
    }
    let named = on_path(session, &beside);
    Ok(if named { drivers::Program::OnPath } else { drivers::Program::At(shell_word(&beside)) })
}

fn shell_word(path: &Path) -> String {
    // git's own shell reads backslashes as escapes, on Windows too.
    drivers::shell_word(&path.to_string_lossy().replace('\\', "/"))
}

fn on_path(session: &Session, program: &Path) -> bool {
    let name = program.file_name().map(PathBuf::from).unwrap_or_default();
    let found = session.environment.get(std::ffi::OsStr::new("PATH")).and_then(|path| {
        std::env::split_paths(path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(&name))
            .find(|path| path.is_file())
    });
    match (found.map(|path| path.canonicalize()), program.canonicalize()) {
        (Some(Ok(found)), Ok(program)) => found == program,
        _ => false,
    }
}

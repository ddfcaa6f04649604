//! `phone-dir setup`

use std::path::{Path, PathBuf};

use clap::Args;

use super::desk::Desk;
use super::hook::{self, Presence};
use super::{Exit, Session};
use crate::clone::drivers::{self, Setting};
use crate::clone::{attributes, block, prettier};
use crate::error::{Error, Result};
use crate::store::git::{ConfigChange, GitRepository};
use crate::store::project::Project;
use crate::store::regular_file::{self, Links, MOST_TEXT};
use crate::store::transaction::{FileChange, Purpose};

/// The attributes' file, at the project's root.
pub(super) const ATTRIBUTES: &str = ".gitattributes";

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
    let (project, repository) = (&desk.project, desk.repository()?);
    let steps =
        if arguments.remove { removal(project, &repository)? } else { installation(project, &repository, session)? };
    session.print(&steps.iter().map(|step| format!("{}\n", step.words())).collect::<String>())?;
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

/// One thing that setup changes.
enum Step {
    InstallHook,
    UninstallHook,
    /// What a file at the root holds then; nothing where it goes.
    File(&'static str, Option<String>),
    Set(Setting),
    Unset(String),
    BareEnd,
}

impl Step {
    fn words(&self) -> String {
        match self {
            Self::InstallHook => "phone-dir hook install".to_owned(),
            Self::UninstallHook => "phone-dir hook uninstall".to_owned(),
            Self::File(name, Some(_)) => format!("write {name}"),
            Self::File(name, None) => format!("remove {name}"),
            Self::Set(setting) => {
                format!("git config --local {} {}", setting.key, drivers::shell_word(&setting.value))
            }
            Self::Unset(key) => format!("git config --local --unset {key}"),
            Self::BareEnd => "take the last line feed off .git/config, as it was".to_owned(),
        }
    }
}

/// The hook comes first: it is the one step that may be refused.
fn installation(project: &Project, repository: &GitRepository, session: &Session) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    match hook::presence(repository)? {
        Presence::Installed | Presence::Called => {}
        Presence::Everywhere => session.note(
            "The hooks folder is that of every repository, and stays as it is: `phone-dir hook install` says what to do.",
        ),
        Presence::Missing => steps.push(Step::InstallHook),
        Presence::Managed(advice) => session.note(&format!("Another tool owns the hooks: {advice}.")),
    }
    for setting in drivers::settings(&program(session)?) {
        match repository.configuration().local_config(&setting.key)? {
            Some(value) if value == setting.value => {}
            Some(value) if !drivers::is_own(&value) => return Err(taken(&setting.key)),
            _ => steps.push(Step::Set(setting)),
        }
    }
    let sets_any = steps.iter().any(|step| matches!(step, Step::Set(_)));
    if sets_any && repository.configuration().config_ends_bare()? {
        steps.push(Step::Set(Setting { key: drivers::BARE_END.to_owned(), value: "true".to_owned() }));
    }
    steps.extend(with_block(project, ATTRIBUTES, &attributes::lines())?);
    if uses_prettier(project)? {
        steps.extend(with_block(project, prettier::IGNORED, prettier::LINES)?);
    }
    Ok(steps)
}

fn with_block(project: &Project, name: &'static str, lines: &str) -> Result<Option<Step>> {
    let text = text_at(project, name)?;
    let is_current = block::is_current(text.as_deref(), lines);
    Ok((!is_current).then(|| Step::File(name, Some(block::with(text.as_deref(), lines)))))
}

fn without_block(project: &Project, name: &'static str) -> Result<Option<Step>> {
    let text = text_at(project, name)?;
    let before = block::without(text.as_deref());
    Ok((before != text).then_some(Step::File(name, before)))
}

fn uses_prettier(project: &Project) -> Result<bool> {
    let has_sign = prettier::SIGNS.iter().any(|name| project.root().join(name).is_file());
    Ok(has_sign || text_at(project, "package.json")?.is_some_and(|text| prettier::is_in_package(&text)))
}

fn taken(key: &str) -> Error {
    Error::failed(format!("git's setting `{key}` is there already, and not phone-dir's"))
        .hint(format!("see it with `git config --show-origin {key}`; remove it with `git config --unset {key}`"))
}

fn removal(project: &Project, repository: &GitRepository) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    if matches!(hook::presence(repository)?, Presence::Installed) {
        steps.push(Step::UninstallHook);
    }
    for name in [ATTRIBUTES, prettier::IGNORED] {
        steps.extend(without_block(project, name)?);
    }
    for setting in drivers::settings(&drivers::Program::OnPath) {
        if repository.configuration().local_config(&setting.key)?.is_some_and(|value| drivers::is_own(&value)) {
            steps.push(Step::Unset(setting.key));
        }
    }
    if repository.configuration().local_config(drivers::BARE_END)?.is_some() {
        steps.extend([Step::Unset(drivers::BARE_END.to_owned()), Step::BareEnd]);
    }
    Ok(steps)
}

fn apply(steps: Vec<Step>, desk: &Desk<'_>) -> Result<()> {
    let mut transaction = desk.begin(Purpose::Surroundings)?;
    let silent = Session { quiet: true, ..desk.session.clone() };
    let mut settings = Vec::new();
    for step in steps {
        match step {
            Step::InstallHook => hook::install(&silent, &mut transaction)?,
            Step::UninstallHook => hook::uninstall(&silent, &mut transaction)?,
            Step::File(name, Some(text)) => transaction.write(&[FileChange::write(name, text)?]).map(drop)?,
            Step::File(name, None) => transaction.write(&[FileChange::remove(name)?]).map(drop)?,
            Step::Set(Setting { key, value }) => settings.push(ConfigChange::Set { key, value }),
            Step::Unset(key) => settings.push(ConfigChange::Unset { key }),
            Step::BareEnd => settings.push(ConfigChange::BareEnd),
        }
    }
    // At once, so that it is never set up by half.
    transaction.configure(&*desk.repository()?, &settings)
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

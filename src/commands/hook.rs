//! `phone-dir hook`

mod install;
mod place;
mod run;
mod status;
mod uninstall;

use clap::{Args, Subcommand};

use super::{Exit, Session};
use crate::clone::hook::HookPresence;
use crate::error::Result;
use crate::store::git::GitRepository;
use crate::store::hooks_folder::HooksFolder;
use crate::store::project::Project;
use crate::store::transaction::{Purpose, Transaction};

/// Check what is staged at every commit: install, remove or look at the git hook
///
/// The hook judges the index and never touches the working tree. It refuses a commit on errors, not on warnings, and
/// ends at once when nothing of the directory is staged. `git commit --no-verify` goes past it.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    action: HookAction,
}

/// What to do about the hook.
#[derive(Debug, Subcommand)]
enum HookAction {
    /// Put the hook in place, as `pre-commit` and `pre-merge-commit`
    ///
    /// A hook that is there already keeps running first. Running this again changes nothing.
    Install(install::Arguments),
    /// Remove the hook, and put the one that was there before back, byte for byte
    Uninstall,
    /// Say where git looks for hooks, and what is there
    Status(status::Arguments),
    /// Judge what a commit under way would change; hooks call this
    ///
    /// Outside of a commit (`pre-commit run --all-files`) it judges the whole index. In a repository with several
    /// projects, also one inside another, it judges each one that the commit touches, but for those that a
    /// `phone-dir.toml` further out ignores. Rules, waivers and ignored projects are those of HEAD, so that no commit
    /// weakens its own check.
    Run(run::Arguments),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.action {
        HookAction::Install(options) => {
            let repository = place::repository(session)?;
            install::run(options, session, &repository, &mut begin(session)?)
        }
        HookAction::Uninstall => {
            let repository = place::repository(session)?;
            uninstall::run(session, &repository, &mut begin(session)?)
        }
        HookAction::Status(options) => status::run(options, session),
        HookAction::Run(options) => run::run(options, session),
    }
}

/// The repository need not have a directory yet.
fn begin(session: &Session) -> Result<Transaction> {
    session.begin(Purpose::Surroundings, &Project::for_init(&session.start)?)
}

/// Looks whether the hook is in place.
pub(super) fn presence(repository: &GitRepository) -> Result<HookPresence> {
    match repository.configuration().hooks_off()? {
        Some(off) => Ok(HookPresence::SwitchedOff(off)),
        None => Ok(place::state(repository, &HooksFolder::of(repository)?)?.presence()),
    }
}

/// Puts the hook in place, in front of one that is there.
pub(super) fn install(session: &Session, repository: &GitRepository, transaction: &mut Transaction) -> Result<()> {
    install::run(&install::Arguments::default(), session, repository, transaction).map(drop)
}

/// Removes the hook, and puts the one that was there before back.
pub(super) fn uninstall(session: &Session, repository: &GitRepository, transaction: &mut Transaction) -> Result<()> {
    uninstall::run(session, repository, transaction).map(drop)
}

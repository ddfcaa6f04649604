//! `phone-dir hook`

mod install;
mod place;
mod run;
mod status;
mod uninstall;

use clap::{Args, Subcommand};

use super::{Exit, Session};
use crate::clone::hook::HookStanding;
use crate::error::Result;
use crate::store::git::GitRepository;
use crate::store::hooks_folder::{HooksFolder, HooksReach};
use crate::store::project::Project;
use crate::store::transaction::{Purpose, Transaction};

/// Check what is staged at every commit: install, remove or look at the git hook
///
/// The hook judges the index and never touches the working tree. It refuses a commit on errors, not on warnings, and
/// ends at once when nothing of the directory is staged. `git commit --no-verify` goes past it.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

/// What to do about the hook.
#[derive(Debug, Subcommand)]
enum Action {
    /// Put the hook in place, as `pre-commit` and `pre-merge-commit`
    ///
    /// A hook that is there already keeps running first. Running this again changes nothing.
    Install(install::Options),
    /// Remove the hook, and put the one that was there before back, byte for byte
    Uninstall,
    /// Say where git looks for hooks, and what is there
    Status(status::Options),
    /// Judge what a commit under way would change; hooks call this
    ///
    /// Outside of a commit (`pre-commit run --all-files`) it judges the whole index. In a repository with several
    /// projects, also one inside another, it judges each one that the commit touches, but for those that a
    /// `phone-dir.toml` further out ignores. Rules, waivers and ignored projects are those of HEAD, so that no commit
    /// weakens its own check.
    Run(run::Options),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.action {
        Action::Install(options) => install::run(options, session, &mut begin(session)?),
        Action::Uninstall => uninstall::run(session, &mut begin(session)?),
        Action::Status(options) => status::run(options, session),
        Action::Run(options) => run::run(options, session),
    }
}

/// The repository need not have a directory yet.
fn begin(session: &Session) -> Result<Transaction> {
    place::repository(session)?;
    let transaction = session.begin(Purpose::Surroundings, &Project::for_init(&session.start)?)?;
    Ok(transaction)
}

/// How the hook stands in a clone, for `setup` and `doctor`.
pub(super) enum Presence {
    /// It runs at every commit.
    Installed,
    /// Hooks of the team's own, or of a tool, call the check at every commit.
    Called,
    /// It is not there, and would be put into a folder that every repository uses.
    Everywhere,
    /// It is not there, or an older one is.
    Missing,
    /// Another tool owns the hooks: what to write into its configuration.
    Managed(&'static str),
}

/// Looks whether the hook is in place.
pub(super) fn presence(repository: &GitRepository) -> Result<Presence> {
    let folder = HooksFolder::of(repository)?;
    let found = place::look(&folder)?;
    let is_ours = found.iter().any(|hook| hook.standing == HookStanding::Installed);
    let tool = place::tool(&folder, &found);
    Ok(match (place::is_complete(&found), tool) {
        (true, _) if is_ours && folder.reach() != HooksReach::Everywhere => Presence::Installed,
        (true, _) => Presence::Called,
        (false, Some(_)) if place::is_called(repository) => Presence::Called,
        (false, Some(tool)) => Presence::Managed(tool.advice()),
        (false, None) if folder.reach() == HooksReach::Everywhere => Presence::Everywhere,
        (false, None) => Presence::Missing,
    })
}

/// Puts the hook in place, in front of one that is there.
pub(super) fn install(session: &Session, transaction: &mut Transaction) -> Result<()> {
    install::run(&install::Options::default(), session, transaction).map(drop)
}

/// Removes the hook, and puts the one that was there before back.
pub(super) fn uninstall(session: &Session, transaction: &mut Transaction) -> Result<()> {
    uninstall::run(session, transaction).map(drop)
}

//! `phone-dir hook`

mod install;
mod place;
mod run;
mod status;
mod uninstall;

use clap::{Args, Subcommand};

use super::{Exit, Session};
use crate::error::Result;
use crate::store::hooks_folder::HooksFolder;

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
    /// projects it judges each one.
    Run(run::Options),
}

impl Arguments {
    pub(crate) fn prints_json(&self) -> bool {
        matches!(&self.action, Action::Status(options) if options.output.is_json())
    }
}

/// Installs the hook as `hook install` does, for `setup`.
pub fn install(session: &Session) -> Result<Exit> {
    install::run(&install::Options::default(), session)
}

/// Whether the hook is installed and runs, for `doctor`.
pub fn is_installed(session: &Session) -> Result<bool> {
    let folder = HooksFolder::of(&place::repository(session)?)?;
    Ok(place::is_complete(&place::look(&folder)?))
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.action {
        Action::Install(options) => install::run(options, session),
        Action::Uninstall => uninstall::run(session),
        Action::Status(options) => status::run(options, session),
        Action::Run(options) => run::run(options, session),
    }
}

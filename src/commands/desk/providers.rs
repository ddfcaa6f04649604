//! Asking the providers: with which keys, all of them checked before the first request, and what a command reads of them.

use super::Desk;
use crate::commands::known_keys::dotenv;
use crate::error::{Error, Result};
use crate::model::{Directory, WorkspaceName, paths};
use crate::providers::environment::Environment;
use crate::providers::retry::RetryLimits;
use crate::providers::{self, ReadPlan, Reads, credentials};
use crate::reconcile::workspace::needs_name;
use crate::validate::rules::key_mismatch::way_out;

/// Which providers a command asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    Twilio,
    Retell,
    Both,
}

impl Desk<'_> {
    /// Collects the credentials of every read; the first that is missing is the error.
    pub fn read_plan(&self, sources: Sources, workspaces: &[WorkspaceName], directory: &Directory) -> Result<ReadPlan> {
        self.refuse_tracked_secrets(directory)?;
        workspaces.iter().try_for_each(|name| refuse_copy(directory, name))?;
        let environment = self.environment();
        environment.notes().iter().for_each(|note| self.session.note(note));
        let twilio = (sources != Sources::Retell).then(|| credentials::twilio(&environment)).transpose()?;
        if sources != Sources::Twilio {
            refuse_unread_settings(directory)?;
        }
        let retell = workspaces.iter().filter(|_| sources != Sources::Twilio);
        let retell = retell.map(|name| credentials::retell(&environment, directory.settings.as_ref(), name));
        let retell = retell.collect::<Result<Vec<_>>>()?;
        for shared in credentials::shared_keys(&retell) {
            let names: Vec<_> = shared.iter().map(|name| format!("`{name}`")).collect();
            self.session.note(&format!("warning: the workspaces {} use the same key", names.join(" and ")));
        }
        let plan = ReadPlan { twilio, retell, limits: RetryLimits::default() };
        self.session.withhold(&plan.keys());
        Ok(plan)
    }

    /// Reads what was planned; agents' names are asked for where the directory does not know them.
    pub fn read_providers(&self, plan: &ReadPlan, directory: &Directory) -> Result<Reads> {
        let names = |workspace: &WorkspaceName, id: &_| needs_name(directory, workspace, id);
        providers::read(plan, &names, &self.session.progress())
    }

    /// A key that is in git's index is a key that leaks, so it is not used.
    pub fn refuse_tracked_secrets(&self, directory: &Directory) -> Result<()> {
        let Some(repository) = self.git()? else { return Ok(()) };
        let tracked = repository.index().never_committed_in_index()?;
        match tracked.iter().find(|path| [paths::WORKSPACES, paths::ENVIRONMENT].contains(&path.as_str())) {
            None => Ok(()),
            // It may name variables only, and does not yet hold what would leak.
            Some(path)
                if path == paths::WORKSPACES && directory.settings.as_ref().is_some_and(|it| !it.holds_a_key()) =>
            {
                Err(Error::failed(format!(
                    "`{path}` is tracked by git, where a key that is written into it would leak"
                ))
                .hint(format!("no key is in it now: run `git rm --cached {path}`, and `phone-dir init` to ignore it")))
            }
            Some(path) => Err(Error::failed(format!("`{path}` is tracked by git, and its keys would leak")).hint(
                format!("run `git rm --cached {path}`, replace the keys in it, and `phone-dir init` to ignore it"),
            )),
        }
    }

    /// The variables that credentials are looked up in: the process's, and those of `.env`.
    pub fn environment(&self) -> Environment {
        let variables = self.session.variables();
        let environment = match dotenv(self.root()) {
            Ok(text) => Environment::new(&variables, text.as_deref()),
            Err(error) => Environment::new(&variables, None).with_unread_file(error.to_string()),
        };
        self.session.withhold_all_of(&environment);
        environment
    }
}

/// A workspace's folder that was copied beside it is no workspace: nothing at Retell is of its name.
fn refuse_copy(directory: &Directory, name: &WorkspaceName) -> Result<()> {
    let Some(original) = directory.copied_from(name) else { return Ok(()) };
    let folder = format!("{}/{name}", paths::FOLDER);
    Err(Error::failed(format!("`{folder}` is a copy of the workspace `{original}` inside of the directory"))
        .hint(format!("move it out with `{}`, or read the others with `--workspace`", way_out(&folder))))
}

/// Where the keys are named in a file that cannot be read, none is guessed.
fn refuse_unread_settings(directory: &Directory) -> Result<()> {
    let unread = directory.unread.iter().find(|failure| failure.path == paths::WORKSPACES);
    unread.map_or(Ok(()), |failure| Err(failure.clone().into_error()))
}

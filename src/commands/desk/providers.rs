//! Asking the providers: with which keys, all of them checked before the first request, and what a command reads of them.

use std::io::ErrorKind;
use std::path::Path;

use super::Desk;
use crate::document::encoding;
use crate::error::{Error, Result};
use crate::model::{Directory, WorkspaceName, paths};
use crate::providers::environment::Environment;
use crate::providers::retry::RetryLimits;
use crate::providers::{self, ReadPlan, Reads, credentials};
use crate::reconcile::workspace::needs_name;
use crate::store::regular_file::{self, Links, MOST_TEXT};

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
        let environment = self.environment()?;
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
    pub fn environment(&self) -> Result<Environment> {
        let environment = Environment::new(&self.session.variables(), dotenv(self.root())?.as_deref());
        self.session.withhold_all_of(&environment);
        Ok(environment)
    }
}

/// The text of the `.env` at a project's root; none where there is no such file.
pub fn dotenv(root: &Path) -> Result<Option<String>> {
    let path = root.join(paths::ENVIRONMENT);
    let bytes = match regular_file::read(&path, Links::Follow, MOST_TEXT) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", &path, error)),
    };
    let text = encoding::text(&bytes).map_err(|wrong| {
        Error::failed(format!("`{}` is not UTF-8: line {}", paths::ENVIRONMENT, wrong.line))
            .hint("save it as UTF-8 in your editor")
    })?;
    Ok(Some(text.into_owned()))
}

/// Where the keys are named in a file that cannot be read, none is guessed.
fn refuse_unread_settings(directory: &Directory) -> Result<()> {
    let unread = directory.unread.iter().find(|failure| failure.path == paths::WORKSPACES);
    unread.map_or(Ok(()), |failure| Err(failure.clone().into_error()))
}

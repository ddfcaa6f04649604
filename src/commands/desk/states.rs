//! The states that `diff` compares, wherever they are: commits, the index, the disk, the providers.

use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;

use super::comparison::{DirectoryState, WorkspaceWords};
use super::providers::Sources;
use super::{AsOf, Desk, names, repository_of_thread};
use crate::error::{Error, Result};
use crate::model::directory::{FailureReason, Reading};
use crate::model::paths::{self, FileKind};
use crate::model::prices::PricesFile;
use crate::model::workspaces_file::WorkspacesFile;
use crate::model::{AgentFolders, Directory, WorkspaceName};
use crate::reconcile::TwilioScope;
use crate::render::escape::terminal;
use crate::side_by_side;
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{GitRepository, StoredFile, StoredKind};
use crate::store::revision::Revision;

/// The files of a state, read once.
pub struct StateFiles {
    /// What changes are about.
    pub compared: Snapshot,
    /// The agents' folders, as far as they can be read.
    pub agents: AgentFolders,
}

impl StateFiles {
    fn of(state: &DirectoryState, files: Snapshot, agents: AgentFolders) -> Result<Self> {
        Ok(Self { compared: compared(state, files)?, agents })
    }

    /// Reads a commit or the index.
    fn in_git(repository: &GitRepository, state: &DirectoryState) -> Result<Self> {
        let DirectoryState::Revision(revision) = state else {
            let files = repository.index().read_index()?;
            let agents = AgentFolders::in_files(&files);
            return Self::of(state, files, agents);
        };
        let commit = repository.commits().resolve(revision)?;
        let files = contents(repository, &repository.objects().stored_files(&commit)?)?;
        Self::of(state, files, AgentFolders::in_files(&repository.objects().read_agents(&commit)?))
    }

    fn at_desk(desk: &Desk<'_>, state: &DirectoryState) -> Result<Self> {
        match state {
            DirectoryState::Revision(_) | DirectoryState::Index => Self::in_git(&*desk.repository()?, state),
            DirectoryState::Worktree | DirectoryState::Live => {
                let files = desk.files()?;
                Self::of(state, files.clone(), AgentFolders::in_files(files))
            }
        }
    }

    /// Reads two states, on two threads: reading takes as long as comparing.
    pub fn both(desk: &Desk<'_>, from: &DirectoryState, to: &DirectoryState) -> Result<[Self; 2]> {
        let is_disk = |state: &DirectoryState| *state == DirectoryState::Worktree;
        if let (DirectoryState::Revision(one), DirectoryState::Revision(other)) = (from, to) {
            return Self::of_commits(desk, (from, one), (to, other));
        }
        if is_disk(from) && is_disk(to) {
            return Ok([Self::at_desk(desk, from)?, Self::at_desk(desk, to)?]);
        }
        // The disk is read here, where it is read once; git by the other thread.
        let root = desk.root();
        let (here, there) = if is_disk(from) { (from, to) } else { (to, from) };
        let in_thread = || Self::in_git(&repository_of_thread(root)?, there);
        let (here, there) = side_by_side::both(|| Self::at_desk(desk, here), in_thread);
        Ok(if is_disk(from) { [here?, there?] } else { [there?, here?] })
    }

    /// The one large file of two commits, `directory.json`, is read by one thread: git stores the one as its difference
    /// from the other.
    fn of_commits(
        desk: &Desk<'_>,
        (from, one): (&DirectoryState, &Revision),
        (to, other): (&DirectoryState, &Revision),
    ) -> Result<[Self; 2]> {
        let (repository, root) = (desk.repository()?, desk.root());
        let commits = [repository.commits().resolve(one)?, repository.commits().resolve(other)?];
        let [one, other] =
            [repository.objects().stored_files(&commits[0])?, repository.objects().stored_files(&commits[1])?];
        let read = |repository: &GitRepository, is_master: bool| -> Result<[Snapshot; 2]> {
            let read = |files: &[StoredFile]| {
                contents(repository, files.iter().filter(|file| (file.path == paths::MASTER) == is_master))
            };
            Ok([read(&one)?, read(&other)?])
        };
        let (rest, masters) =
            side_by_side::both(|| read(&repository, false), || read(&repository_of_thread(root)?, true));
        let ([mut before, mut after], [master_before, master_after]) = (rest?, masters?);
        before.files.extend(master_before.files);
        after.files.extend(master_after.files);
        let agents = |commit| repository.objects().read_agents(commit).map(|files| AgentFolders::in_files(&files));
        Ok([Self::of(from, before, agents(&commits[0])?)?, Self::of(to, after, agents(&commits[1])?)?])
    }
}

/// Loads a state as a directory; one that cannot be read whole is an error with exit code 3.
pub fn load(desk: &Desk<'_>, state: &DirectoryState) -> Result<Directory> {
    let files = StateFiles::at_desk(desk, state)?.compared;
    if *state == DirectoryState::Live {
        return live(desk, &directory(&DirectoryState::Worktree, &files)?);
    }
    directory(state, &files)
}

/// The price list of a state, as far as it can be read.
pub fn prices(desk: &Desk<'_>, state: &DirectoryState) -> Result<Option<PricesFile>> {
    let mut files = match state {
        DirectoryState::Revision(revision) => {
            let repository = desk.repository()?;
            let stored = repository.objects().stored_files(&repository.commits().resolve(revision)?)?;
            let mut files = Snapshot::default();
            for file in stored.iter().filter(|file| file.path == paths::PRICES) {
                if let StoredKind::File(id) = file.kind {
                    files.files.insert(file.path.clone(), repository.objects().stored_content(id)?);
                }
            }
            files
        }
        DirectoryState::Index => desk.repository()?.index().read_index()?,
        DirectoryState::Worktree | DirectoryState::Live => desk.files()?.clone(),
    };
    files.files.retain(|path, _| path == paths::PRICES);
    Ok(Reading::of(&files).directory.prices)
}

/// What changes are about, of the files of a state that has a directory; `@live` has none of its own.
fn compared(state: &DirectoryState, mut snapshot: Snapshot) -> Result<Snapshot> {
    if !snapshot.has_directory() {
        return Err(Error::cannot_tell(format!("there is no phone number directory at `{}`", state.name()))
            .hint("`git log --diff-filter=A -- phone-numbers/directory.json` shows when it began"));
    }
    if *state != DirectoryState::Live {
        snapshot.files.retain(|path, _| is_compared(path));
    }
    Ok(snapshot)
}

/// Whether changes are about a file: the agents' folders and Twilio's data that is never committed are not.
fn is_compared(path: &str) -> bool {
    matches!(
        FileKind::of(path),
        Some(FileKind::Master | FileKind::Numbers(_) | FileKind::Assignments(_) | FileKind::Pools)
    )
}

fn contents<'f>(repository: &GitRepository, files: impl IntoIterator<Item = &'f StoredFile>) -> Result<Snapshot> {
    let mut snapshot = Snapshot::default();
    for file in files {
        let content = match file.kind {
            StoredKind::File(id) if is_compared(&file.path) => repository.objects().stored_content(id)?,
            // That it is there is all that counts.
            StoredKind::File(_) => Content::Bytes(Bytes::new()),
            StoredKind::Irregular(reason) => Content::Irregular(reason),
        };
        snapshot.files.insert(file.path.clone(), content);
    }
    Ok(snapshot)
}

/// The directory of a snapshot that has to be whole.
pub fn directory(state: &DirectoryState, snapshot: &Snapshot) -> Result<Directory> {
    let mut reading = Reading::of(snapshot);
    reading.set_foreign_aside();
    match reading.failures.into_iter().next() {
        None => Ok(reading.directory),
        Some(failure) if matches!(failure.reason, FailureReason::Newer(_)) => Err(failure.into_error()),
        Some(failure) => {
            let validate = match state {
                DirectoryState::Revision(revision) => format!("phone-dir validate --rev {revision}"),
                DirectoryState::Index => "phone-dir validate --staged".to_owned(),
                DirectoryState::Worktree | DirectoryState::Live => "phone-dir validate".to_owned(),
            };
            let hint = format!("run `{validate}` to see every problem");
            Err(unreadable(state, failure.into_error().message(), &hint))
        }
    }
}

fn unreadable(state: &DirectoryState, what: &str, hint: &str) -> Error {
    Error::cannot_tell(format!("the directory at `{}` cannot be read whole: {what}", state.name())).hint(hint)
}

/// What the providers have now, brought onto the directory of the disk as a sync would, and written nowhere.
fn live(desk: &Desk<'_>, before: &Directory) -> Result<Directory> {
    let workspaces: Vec<_> = before.workspace_names().into_iter().collect();
    let reads = desk.read_live(before, Sources::Both, &workspaces)?;
    if let Some(error) = reads.first_failure() {
        return Err(Error::cannot_tell("the providers could not be read completely, so nothing was compared")
            .hint("try again; `phone-dir sync --dry-run` shows how far each read came")
            .caused_by(error));
    }
    let live = desk.live(before, reads, &TwilioScope::WholeAccount);
    for key in &live.foreign_keys {
        desk.session.complain(&format!("warning: {}", terminal(key)));
    }
    Ok(live.directory)
}

/// The workspaces of a state of the directory: of the disk, where no other is asked about.
pub struct WorkspacesAt<'a> {
    pub desk: &'a Desk<'a>,
    pub as_of: &'a AsOf,
}

impl WorkspaceWords for WorkspacesAt<'_> {
    fn has(&self, word: &str) -> Result<bool> {
        if self.as_of.at.is_none() {
            return self.desk.is_workspace(word);
        }
        let directory = self.desk.directory(self.as_of)?;
        Ok(directory.workspace_names().iter().any(|name| name.as_str() == word))
    }

    fn all(&self) -> Result<String> {
        if self.as_of.at.is_none() {
            return self.desk.workspaces_listed();
        }
        Ok(names::listed(&self.desk.directory(self.as_of)?))
    }
}

impl Desk<'_> {
    /// Whether a word names a workspace that is in force on disk: a folder, a key of `workspaces.json`, or a count.
    pub fn is_workspace(&self, word: &str) -> Result<bool> {
        let Ok(name) = WorkspaceName::parse(word) else { return Ok(false) };
        let files = self.files()?;
        let has_folder = files.files.keys().any(|path| {
            matches!(FileKind::of(path), Some(FileKind::Numbers(owner) | FileKind::Assignments(owner)) if owner == name)
        });
        Ok(has_folder || is_configured(files, &name) || is_counted(files, &name))
    }
}

fn is_configured(snapshot: &Snapshot, name: &WorkspaceName) -> bool {
    let settings = snapshot.bytes(paths::WORKSPACES).map(serde_json::from_slice::<WorkspacesFile>);
    matches!(settings, Some(Ok(settings)) if settings.workspaces.contains_key(name))
}

fn is_counted(snapshot: &Snapshot, name: &WorkspaceName) -> bool {
    #[derive(Deserialize)]
    struct CountsOnly {
        metadata: CountsByWorkspace,
    }
    #[derive(Deserialize)]
    struct CountsByWorkspace {
        by_workspace: HashMap<String, u64>,
    }
    let master = snapshot.bytes(paths::MASTER).map(serde_json::from_slice::<CountsOnly>);
    matches!(master, Some(Ok(master)) if master.metadata.by_workspace.contains_key(name.as_str()))
}

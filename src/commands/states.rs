//! Reads the states that `diff` compares, wherever they are: commits, the index, the disk, the providers.

use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;

use super::comparison::State;
use super::syncing::{self, Sources};
use super::{Session, queries};
use crate::error::{Error, Result};
use crate::model::directory::{FailureReason, Reading};
use crate::model::paths::{self, FileKind};
use crate::model::workspaces_file::WorkspacesFile;
use crate::model::{AgentFolders, Directory, WorkspaceName};
use crate::providers::{self, progress};
use crate::reconcile::workspace::needs_name;
use crate::reconcile::{TwilioScope, organisation, reconcile};
use crate::render::escape::terminal;
use crate::side_by_side;
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{GitRepository, StoredFile, StoredKind};
use crate::store::project::Project;
use crate::store::revision::Revision;
use crate::store::worktree;

/// Loads a state as a directory; one that cannot be read whole is an error with exit code 3.
pub fn load(session: &Session, project: &Project, state: &State) -> Result<Directory> {
    if *state == State::Live {
        let before = directory(&State::Worktree, &snapshot(project, &State::Live)?)?;
        return live(session, project, &before);
    }
    directory(state, &snapshot(project, state)?)
}

/// Reads the files of two states that changes are about, on two threads: reading takes as long as comparing.
///
/// The one large file of two commits, `directory.json`, is read by one of them: git stores the one as its difference from
/// the other.
pub fn snapshots(project: &Project, from: &State, to: &State) -> Result<[Snapshot; 2]> {
    let (State::Revision(one), State::Revision(other)) = (from, to) else {
        let (from, to) = side_by_side::both(|| snapshot(project, from), || snapshot(project, to));
        return Ok([from?, to?]);
    };
    let repository = queries::repository(project)?;
    let files = |revision: &Revision| repository.objects().stored_files(&repository.commits().resolve(revision)?);
    let (one, other) = (files(one)?, files(other)?);
    let read = |repository: &GitRepository, is_master: bool| -> Result<[Snapshot; 2]> {
        let read = |files: &[StoredFile]| {
            contents(repository, files.iter().filter(|file| (file.path == paths::MASTER) == is_master))
        };
        Ok([read(&one)?, read(&other)?])
    };
    let (rest, masters) =
        side_by_side::both(|| read(&repository, false), || read(&queries::repository(project)?, true));
    let ([mut before, mut after], [master_before, master_after]) = (rest?, masters?);
    before.files.extend(master_before.files);
    after.files.extend(master_after.files);
    Ok([compared(from, before)?, compared(to, after)?])
}

/// Reads the files of a state that changes are about; `@live` has none of its own.
fn snapshot(project: &Project, state: &State) -> Result<Snapshot> {
    let snapshot = match state {
        State::Revision(revision) => {
            let repository = queries::repository(project)?;
            contents(&repository, &repository.objects().stored_files(&repository.commits().resolve(revision)?)?)?
        }
        State::Index => queries::repository(project)?.index().read_index()?,
        State::Worktree | State::Live => worktree::read(project.root())?,
    };
    compared(state, snapshot)
}

/// What changes are about, of the files of a state that has a directory.
fn compared(state: &State, mut snapshot: Snapshot) -> Result<Snapshot> {
    if !snapshot.has_directory() {
        return Err(Error::cannot_tell(format!("there is no phone number directory at `{}`", state.name()))
            .hint("`git log --diff-filter=A -- phone-numbers/directory.json` shows when it began"));
    }
    if *state != State::Live {
        snapshot.files.retain(|path, _| is_compared(path));
    }
    Ok(snapshot)
}

/// The agents' folders of a state, as far as they can be read.
pub fn agents(project: &Project, state: &State) -> Result<AgentFolders> {
    let mut snapshot = match state {
        State::Revision(revision) => {
            let repository = queries::repository(project)?;
            repository.objects().read_agents(&repository.commits().resolve(revision)?)?
        }
        State::Index => queries::repository(project)?.index().read_index()?,
        State::Worktree | State::Live => worktree::read(project.root())?,
    };
    snapshot.files.retain(|path, _| path.starts_with("agents/"));
    Ok(Reading::of(&snapshot).directory.agents)
}

/// Whether changes are about a file: the agents' folders and Twilio's data that is never committed are not.
fn is_compared(path: &str) -> bool {
    matches!(FileKind::of(path), Some(FileKind::Master | FileKind::Numbers(_) | FileKind::Assignments(_)))
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
pub fn directory(state: &State, snapshot: &Snapshot) -> Result<Directory> {
    let mut reading = Reading::of(snapshot);
    reading.set_foreign_aside();
    match reading.failures.into_iter().next() {
        None => Ok(reading.directory),
        Some(failure) if matches!(failure.reason, FailureReason::Newer(_)) => Err(failure.into_error()),
        Some(failure) => {
            let validate = match state {
                State::Revision(revision) => format!("phone-dir validate --rev {revision}"),
                State::Index => "phone-dir validate --staged".to_owned(),
                State::Worktree | State::Live => "phone-dir validate".to_owned(),
            };
            let hint = format!("run `{validate}` to see every problem");
            Err(unreadable(state, failure.into_error().message(), &hint))
        }
    }
}

fn unreadable(state: &State, what: &str, hint: &str) -> Error {
    Error::cannot_tell(format!("the directory at `{}` cannot be read whole: {what}", state.name())).hint(hint)
}

/// What the providers have now, brought onto the directory of the disk as a sync would, and written nowhere.
fn live(session: &Session, project: &Project, before: &Directory) -> Result<Directory> {
    syncing::agents::refuse_absent(project, &worktree::read(project.root())?)?;
    let workspaces: Vec<_> = before.workspace_names().into_iter().collect();
    let plan = syncing::access::plan(Sources::Both, &workspaces, before, project, session)?;
    let watched = session.is_watched() && !session.quiet;
    let mode = if watched { progress::ProgressMode::Lines } else { progress::ProgressMode::Silent };
    let names = |workspace: &WorkspaceName, id: &_| needs_name(before, workspace, id);
    let reads = providers::read(&plan, &names, &progress::Progress::new(mode))?;
    if let Some(error) = syncing::first_failure(&reads) {
        return Err(Error::cannot_tell("the providers could not be read completely, so nothing was compared")
            .hint("try again; `phone-dir sync --dry-run` shows how far each read came")
            .caused_by(error));
    }
    let complete = syncing::complete(&reads);
    for hit in organisation::check(before, &complete, &[]) {
        session.complain(&format!("warning: {}", terminal(&hit.message())));
    }
    Ok(reconcile(before, &complete, &TwilioScope::WholeAccount, session.now).directory)
}

/// Whether a word names a workspace that is in force on disk: a folder, a key of `workspaces.json`, or a count.
pub fn is_workspace(project: &Project, word: &str) -> Result<bool> {
    let Ok(name) = WorkspaceName::parse(word) else { return Ok(false) };
    let snapshot = worktree::read(project.root())?;
    let has_folder = snapshot.files.keys().any(|path| {
        matches!(FileKind::of(path), Some(FileKind::Numbers(owner) | FileKind::Assignments(owner)) if owner == name)
    });
    Ok(has_folder || is_configured(&snapshot, &name) || is_counted(&snapshot, &name))
}

fn is_configured(snapshot: &Snapshot, name: &WorkspaceName) -> bool {
    let settings = snapshot.bytes(paths::WORKSPACES).map(serde_json::from_slice::<WorkspacesFile>);
    matches!(settings, Some(Ok(settings)) if settings.workspaces.contains_key(name))
}

fn is_counted(snapshot: &Snapshot, name: &WorkspaceName) -> bool {
    #[derive(Deserialize)]
    struct Master {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        by_workspace: HashMap<String, u64>,
    }
    let master = snapshot.bytes(paths::MASTER).map(serde_json::from_slice::<Master>);
    matches!(master, Some(Ok(master)) if master.metadata.by_workspace.contains_key(name.as_str()))
}

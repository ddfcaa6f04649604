//! What has one right answer: the canonical text of every file, with everything derived computed anew.

use similar::TextDiff;

use crate::decision::completing;
use crate::error::{Error, Result};
use crate::model::directory::Reading;
use crate::model::paths::{self, FileKind};
use crate::model::{AgentFolders, Assignment, Day, Directory, MasterFile, WorkspaceFiles, WorkspaceName, derive};
use crate::snapshot::Snapshot;

/// A file that is to be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Its path from the project's root.
    pub path: String,
    /// What stands there, for the diff; bytes that are no text are shown as such.
    pub before: String,
    /// What it should be.
    pub after: String,
}

impl Repair {
    /// The change as a unified diff, with three lines around each place.
    pub fn diff(&self) -> String {
        let diff = TextDiff::from_lines(self.before.as_str(), self.after.as_str());
        diff.unified_diff().header(&format!("a/{}", self.path), &format!("b/{}", self.path)).to_string()
    }
}

/// Computes which files to rewrite, and how; a second run on the result finds nothing.
///
/// A value is derived only where every file that it follows from could be read; of other files, only the form
/// is repaired.
///
/// # Errors
/// Fails for a directory of a newer format, which is never rewritten, and cannot tell where there is none.
///
/// `head` is the directory of the commit before: by it, edits by hand are told and completed.
pub fn repairs(snapshot: &Snapshot, head: Option<&Directory>, today: Day) -> Result<Vec<Repair>> {
    if !snapshot.has_directory() {
        return Err(Error::cannot_tell("no phone number directory to fix").hint("run `phone-dir init` to create one"));
    }
    let mut reading = Reading::of(&without_marks(snapshot));
    reading.refuse_newer()?;
    if let Some(head) = head.filter(|_| reading.failures.is_empty()) {
        reading.directory.sort();
        reading.directory = completing::complete(&reading.directory, head);
    }
    recompute(&mut reading, head);
    end_states(&mut reading.directory, today);
    let files = reading.directory.to_files().into_iter().filter(|(path, _)| reading.holds(path));
    Ok(files.filter_map(|(path, after)| repair(snapshot, path, after)).collect())
}

/// Takes the states of pools' numbers out whose last day is over: they do not count any more.
fn end_states(directory: &mut Directory, today: Day) {
    let members = directory.pools.iter_mut().flat_map(|file| file.members.values_mut());
    for member in members.filter(|member| member.is_expired_on(today)) {
        *member = member.clone().without_state();
    }
}

fn recompute(reading: &mut Reading, head: Option<&Directory>) {
    let names = reading.directory.workspaces.keys();
    let whole: Vec<WorkspaceName> = names.filter(|name| is_whole(reading, name)).cloned().collect();
    let has_master = reading.holds(paths::MASTER);
    let Directory { master, workspaces, agents, .. } = &mut reading.directory;
    for (name, files) in workspaces {
        if whole.contains(name) {
            if has_master {
                follow_folders(name, files, master, (agents, head));
            }
            derive::recompute_workspace(name, files, agents);
        } else {
            files.sort();
        }
    }
    if reading.holds(paths::MASTER) {
        derive::recompute_master(&mut reading.directory);
    }
}

/// Names the folder that an agent's id is in now, where the folder that was named does not have it, and one other has.
/// A folder that was named since the commit before is a decision, which nothing here takes back.
fn follow_folders(
    name: &WorkspaceName,
    files: &mut WorkspaceFiles,
    master: &mut MasterFile,
    (agents, head): (&AgentFolders, Option<&Directory>),
) {
    let committed = head.and_then(|head| head.workspaces.get(name));
    let is_decided = |assignment: &Assignment| {
        let before = committed.and_then(|files| files.assignment(assignment.phone_number));
        before.is_some_and(|before| before.agent_path != assignment.agent_path)
    };
    for assignment in files.assignments.assignments.iter_mut().filter(|assignment| !is_decided(assignment)) {
        let (Some(named), Some(id)) = (&assignment.agent_path, &assignment.agent_id) else { continue };
        let Some(path) = agents.only_path_of(name, id).filter(|path| *path != named) else { continue };
        let entry = master.numbers.get_mut(&assignment.phone_number);
        if let Some(binding) = entry.and_then(|entry| entry.workspaces.get_mut(name))
            && binding.agent_id.as_ref() == Some(id)
            && binding.agent_path.as_ref() == Some(named)
        {
            binding.agent_path = Some(path.clone());
        }
        assignment.agent_path = Some(path.clone());
        if let Some(words) = agents.name_of(path) {
            assignment.agent_name = Some(words.to_owned());
        }
    }
}

/// Whether both files of a workspace, and every agent's file for it, could be read.
fn is_whole(reading: &Reading, workspace: &WorkspaceName) -> bool {
    let is_agents =
        |path: &str| matches!(FileKind::of(path), Some(FileKind::AgentWorkspace(_, name)) if name == *workspace);
    reading.holds(&paths::numbers(workspace))
        && reading.holds(&paths::assignments(workspace))
        && !reading.failures.iter().any(|failure| is_agents(&failure.path))
}

fn repair(snapshot: &Snapshot, path: String, after: String) -> Option<Repair> {
    let bytes = snapshot.bytes(&path)?;
    (bytes != after.as_bytes()).then(|| Repair { path, before: String::from_utf8_lossy(bytes).into_owned(), after })
}

/// The files without byte order marks, which have one right answer too: none.
fn without_marks(snapshot: &Snapshot) -> std::borrow::Cow<'_, Snapshot> {
    let marked: Vec<(&String, &[u8])> = snapshot
        .files
        .keys()
        .filter(|path| FileKind::of(path).is_some_and(|kind| kind.is_owned()))
        .filter_map(|path| Some((path, snapshot.bytes(path)?.strip_prefix(b"\xef\xbb\xbf")?)))
        .collect();
    if marked.is_empty() {
        return std::borrow::Cow::Borrowed(snapshot);
    }
    let mut plain = snapshot.clone();
    for (path, bytes) in marked {
        plain.insert(path.clone(), bytes);
    }
    std::borrow::Cow::Owned(plain)
}

//! Which agents' folders a sync goes by: those that its commit will stand beside, and never fewer than there are.

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::desk::Desk;
use crate::error::{Error, Result};
use crate::model::agent_folders::AgentIdChange;
use crate::model::directory::Reading;
use crate::model::scope::reason;
use crate::model::{AgentFolders, AgentPath, Directory};
use crate::plural::counted;
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{Absence, GitRepository, Head};

/// The folder of the agents' folders, as paths begin.
pub const FOLDER: &str = "agents/";

/// Refuses to judge by folders that are not all there: what git has and the working tree has not may be merely not
/// checked out.
pub fn refuse_absent(desk: &Desk<'_>, snapshot: &Snapshot) -> Result<()> {
    let Some(repository) = desk.git()? else { return Ok(()) };
    let absent = repository.index().absent_agents(snapshot)?;
    let Some((first, why)) = absent.first() else { return Ok(()) };
    // What is closed is there, and git cannot bring it back.
    let above = |path: &&String| first.starts_with(path.as_str()) && path.starts_with(FOLDER.trim_end_matches('/'));
    let closed = |path: &&String| snapshot.files.get(*path) == Some(&Content::Irregular(reason::CLOSED));
    if let Some(closed) = snapshot.files.keys().filter(above).find(closed) {
        return Err(
            Error::cannot_tell(format!("`{closed}` is {}", reason::CLOSED)).hint(reason::remedy(reason::CLOSED))
        );
    }
    let files = counted(absent.len(), "file");
    let error = Error::cannot_tell(format!(
        "`agents/` is not checked out in full: the working tree lacks {files} that git has, such as `{first}`"
    ));
    Err(error.hint(match why {
        Absence::Sparse => "bring them with `git sparse-checkout add agents`",
        Absence::Submodule => "bring them with `git submodule update --init agents`",
        Absence::Removed => "bring them back with `git restore --source=HEAD --staged --worktree agents`; if they are meant to go, commit that first",
    }))
}

/// The agents' files that a commit on `base` will stand beside: those of git, and those that git does not keep.
pub fn as_committed(snapshot: &Snapshot, repository: &GitRepository, base: &Head) -> Result<Snapshot> {
    let mut committed = Snapshot::default();
    if let Some(commit) = base.commit() {
        committed = repository.objects().read_agents(&commit)?;
    }
    for path in repository
        .index()
        .kept_elsewhere(below(snapshot).filter(|path| !committed.files.contains_key(*path)).cloned().collect())?
    {
        if let Some(content) = snapshot.files.get(&path) {
            committed.files.insert(path, content.clone());
        }
    }
    Ok(committed)
}

/// The files, `agents/<name>/<workspace>.json`, of the folders that the assignments name.
pub fn named(snapshot: &Snapshot) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (workspace, files) in &Reading::of(snapshot).directory.workspaces {
        let paths = files.assignments.assignments.iter().filter_map(|known| known.agent_path.as_ref());
        named.extend(paths.map(|path| format!("{path}/{workspace}.json")));
    }
    named
}

/// The ids on disk that are not those of HEAD, for files that git keeps.
pub fn edited_ids(desk: &Desk<'_>, on_disk: &AgentFolders) -> Result<Vec<AgentIdChange>> {
    let Some(repository) = desk.git()? else { return Ok(Vec::new()) };
    let Some(head) = repository.commits().head()?.commit() else { return Ok(Vec::new()) };
    Ok(AgentFolders::in_files(&repository.objects().read_agents(&head)?).changed_ids(on_disk))
}

/// Goes by the agents' folders of HEAD, whatever was edited in the working tree.
pub fn go_by_head(desk: &Desk<'_>, directory: &mut Directory, snapshot: &Snapshot) -> Result<()> {
    if let Some(repository) = desk.git()? {
        directory.go_by_agents(&as_committed(snapshot, &repository, &repository.commits().head()?)?);
    }
    Ok(())
}

/// Adds the files of agents that are merely not checked out, as they are staged or else in HEAD; gives those that were taken
/// out of the working tree and not committed so: no agent of theirs is to be chosen, and none that is bound is lost.
pub fn fill_in(desk: &Desk<'_>, snapshot: &mut Snapshot) -> Result<BTreeSet<String>> {
    let Some(repository) = desk.git()? else { return Ok(BTreeSet::new()) };
    let absent = repository.index().absent_agents(snapshot)?;
    let (sparse, removed): (Vec<_>, Vec<_>) = absent.into_iter().partition(|(_, why)| *why == Absence::Sparse);
    if !sparse.is_empty() {
        let mut staged = repository.index().read_agents()?;
        let mut content = |path: String| staged.files.remove_entry(&path);
        snapshot.files.extend(sparse.into_iter().filter_map(|(path, _)| content(path)));
    }
    Ok(removed.into_iter().map(|(path, _)| path).collect())
}

/// An id that is not committed, in words: whose it is, and which one HEAD has.
pub fn edited_id(change: &AgentIdChange) -> String {
    let file = format!("{}/{}.json", change.path, change.workspace);
    match &change.to {
        Some(id) => format!("`{file}` has the agent `{id}`, which is not committed; HEAD has `{}`", change.from),
        None => format!("`{file}` has no agent, which is not committed; HEAD has `{}`", change.from),
    }
}

/// The paths of a snapshot's agents' files.
pub fn below(snapshot: &Snapshot) -> impl Iterator<Item = &String> {
    snapshot.files.range(FOLDER.to_owned()..).map(|(path, _)| path).take_while(|path| path.starts_with(FOLDER))
}

/// Notes the folders that numbers name and that are not here because this repository does not keep them: git ignores
/// them, or, outside git, no agent's folder came along. So are those whose files were `removed` without a commit.
pub fn note_kept_elsewhere(desk: &Desk<'_>, directory: &mut Directory, removed: &BTreeSet<String>) -> Result<()> {
    let mut unknown: BTreeMap<String, AgentPath> = BTreeMap::new();
    for (name, files) in &directory.workspaces {
        let named = files.assignments.assignments.iter().filter_map(|known| known.agent_path.as_ref());
        let indexed = files.assignments.by_agent.keys();
        for path in named.chain(indexed).filter(|path| directory.agents.id_in(path, name).is_none()) {
            unknown.entry(format!("{path}/{name}.json")).or_insert_with(|| path.clone());
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    match desk.git()? {
        Some(repository) => {
            let kept = repository.index().kept_elsewhere(unknown.keys().cloned().collect())?;
            unknown.retain(|file, _| kept.contains(file) || removed.contains(file));
        }
        None if directory.agents.iter().next().is_some() => unknown.clear(),
        None => {}
    }
    directory.agents.keep_elsewhere(unknown.into_values().collect());
    Ok(())
}

/// The folders of the working tree that have agents of numbers without a path, because nothing committed them yet.
pub fn uncommitted(snapshot: &Snapshot, directory: &Directory) -> BTreeSet<AgentPath> {
    let folders = AgentFolders::in_files(snapshot);
    let mut found = BTreeSet::new();
    for (name, files) in &directory.workspaces {
        let unmapped = files.assignments.assignments.iter().filter(|known| known.agent_path.is_none());
        let ids = unmapped.filter_map(|known| known.agent_id.as_ref());
        found.extend(ids.filter_map(|id| folders.path_of(name, id)).cloned());
    }
    found
}

/// The folders that files name for an agent that they do not have, and that give way to the bound agent's own, in words:
/// edits by hand that were not completed.
pub fn taken_back(before: &Directory, after: &Directory) -> Vec<String> {
    let mut told = Vec::new();
    for (name, files) in &before.workspaces {
        for known in &files.assignments.assignments {
            let (Some(path), Some(id)) = (&known.agent_path, &known.agent_id) else { continue };
            let is_of_another = before.agents.id_in(path, name).is_some_and(|theirs| theirs != id);
            let now = after.workspaces.get(name).and_then(|files| files.assignment(known.phone_number));
            let gives_way = now.is_some_and(|now| now.agent_id == known.agent_id && now.agent_path != known.agent_path);
            if is_of_another && gives_way {
                let number = known.phone_number;
                told.push(format!(
                    "{number} ({name}) was put under `{path}`, and is bound to another agent, whose folder it has now; to decide it: phone-dir edit {number} -w {name} --inbound-agent {path}"
                ));
            }
        }
    }
    told
}

//! `phone-dir init`

use std::collections::BTreeMap;

use clap::Args;

use super::desk::ignore_rules;
use super::{Exit, Session, workspaces};
use crate::error::Result;
use crate::model::directory::{FailureReason, Reading};
use crate::model::{Directory, TrunksFile, WorkspaceName, derive, paths, sync_log::SyncLog};
use crate::snapshot::Snapshot;
use crate::store::git::GitRepository;
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::transaction::{FileChange, Purpose};

/// Create the directory's structure, its ignore rules and empty files
///
/// It never overwrites: what is there stays as it is, and running it again adds only what is missing. A project
/// that already has `agents/` and `workspaces.json` is adopted; its workspaces become the directory's.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A workspace to begin with; staging and production unless workspaces.json names others
    #[arg(short, long, value_name = "NAME")]
    workspace: Vec<WorkspaceName>,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = Project::for_init(&session.start)?;
    // In a directory that is there, a further workspace is a change of it, which may be refused before anything is written.
    if !arguments.workspace.is_empty() && has_directory(session, &project)? {
        let exit = workspaces::add(&arguments.workspace, session)?;
        complete(&[], session, &project)?;
        tell_ignoring_rules(session, &project)?;
        return Ok(exit);
    }
    let written = complete(&arguments.workspace, session, &project)?;
    report(session, &project, &written);
    tell_ignoring_rules(session, &project)?;
    Ok(Exit::Done)
}

/// What git ignores would be in no commit, and nothing would say so.
fn tell_ignoring_rules(session: &Session, project: &Project) -> Result<()> {
    let Some(repository) = GitRepository::discover(project.root())? else { return Ok(()) };
    for rule in repository.index().ignoring_rules()? {
        session.complain(&format!("warning: {rule}; no commit would have it: {}", rule.way_out()));
    }
    Ok(())
}

fn has_directory(session: &Session, project: &Project) -> Result<bool> {
    let snapshot = session.begin(Purpose::Change, project)?.read()?;
    Ok(snapshot.files.contains_key(paths::MASTER))
}

/// Writes and names the files and the rules that are missing.
fn complete(wanted: &[WorkspaceName], session: &Session, project: &Project) -> Result<Vec<ProjectPath>> {
    let mut transaction = session.begin(Purpose::Change, project)?;
    let mut files = missing_files(&transaction.read()?, wanted)?;
    files.extend(ignore_rules::lacking(project)?);
    let written = transaction.write(&FileChange::writes(files)?)?;
    session.print(&written.iter().map(|path| format!("{path}\n")).collect::<String>())?;
    Ok(written)
}

/// The directory's files that are not there yet, empty and valid.
fn missing_files(snapshot: &Snapshot, wanted: &[WorkspaceName]) -> Result<BTreeMap<String, String>> {
    let reading = Reading::of(snapshot);
    let mut directory = reading.directory;
    for failure in reading.failures {
        // Which workspaces there are, `workspaces.json` says; of agents, empty files say nothing.
        let is_agents = failure.path.starts_with("agents/");
        let only_missing = matches!(failure.reason, FailureReason::Missing);
        if !only_missing && !is_agents {
            return Err(failure.into_error());
        }
    }
    let begins = !snapshot.files.contains_key(paths::MASTER);
    let names = begun_with(&directory, wanted, begins);
    names.iter().try_for_each(|name| workspaces::refuse_alike(directory.workspaces.keys().chain(&names), name))?;
    for name in names {
        directory.workspace_mut(&name);
    }
    directory.trunks.get_or_insert_with(TrunksFile::default);
    directory.sync_log.get_or_insert_with(SyncLog::empty);
    derive::recompute(&mut directory);
    Ok(directory.to_files().into_iter().filter(|(path, _)| !snapshot.files.contains_key(path)).collect())
}

fn begun_with(directory: &Directory, wanted: &[WorkspaceName], begins: bool) -> Vec<WorkspaceName> {
    let known = directory.workspace_names();
    if !wanted.is_empty() {
        return wanted.to_vec();
    }
    if known.is_empty() || begins && directory.settings.is_none() {
        return WorkspaceName::default_pair().into_iter().chain(known).collect();
    }
    known.into_iter().collect()
}

fn report(session: &Session, project: &Project, written: &[ProjectPath]) {
    let root = project.root().display();
    if written.is_empty() {
        session.note(&format!("Nothing to do: the directory in `{root}` is complete."));
    } else {
        session.note(&format!("Created in `{root}`. Next: `phone-dir sync --all`, then `phone-dir validate`."));
    }
}

//! `phone-dir init`

use std::collections::BTreeMap;

use clap::Args;

use super::desk::ignore_rules;
use super::{Exit, Session, workspaces};
use crate::error::Result;
use crate::model::directory::{FailureReason, Reading};
use crate::model::{Directory, TrunksFile, WorkspaceName, derive, paths, sync_log::SyncLog};
use crate::snapshot::Snapshot;
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
    let mut transaction = session.begin(Purpose::Change, &project)?;
    let snapshot = transaction.read()?;
    // In a directory that is there, a further workspace is a change of it, and not only new files.
    let begins = !snapshot.files.contains_key(paths::MASTER);
    let (first, further): (&[_], &[_]) = if begins { (&arguments.workspace, &[]) } else { (&[], &arguments.workspace) };
    let mut files = missing_files(&snapshot, first)?;
    files.extend(ignore_rules::lacking(&project)?);
    let written = transaction.write(&FileChange::writes(files)?)?;
    session.print(&written.iter().map(|path| format!("{path}\n")).collect::<String>())?;
    if !further.is_empty() {
        drop(transaction);
        return workspaces::add(further, session);
    }
    report(session, &project, &written);
    Ok(Exit::Done)
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

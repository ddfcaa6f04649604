//! `phone-dir init`

use std::collections::BTreeMap;

use clap::Args;

use super::{Exit, Session, workspaces};
use crate::error::{Error, Result};
use crate::model::directory::{FailureReason, Reading};
use crate::model::{Directory, TrunksFile, WorkspaceName, derive, paths, sync_log::SyncLog};
use crate::snapshot::Snapshot;
use crate::store::git::GitRepository;
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::regular_file::{self, Links, MOST_TEXT};
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
    files.extend(ignore_rules(&project)?);
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

/// The ignore rules of the project's root.
pub(super) const ROOT_IGNORE: &str = ".gitignore";

/// Whether the root's ignore rules say nothing that `committed` does not say, but for those that this command adds.
pub(super) fn adds_own_rules_only(committed: &str, now: &str) -> bool {
    let added = now.strip_prefix(committed).or_else(|| now.strip_prefix(committed.trim_end())).map(str::trim);
    added.is_some_and(|text| !text.is_empty() && text.lines().all(is_own_rule))
}

fn is_own_rule(line: &str) -> bool {
    line.is_empty() || line == REASON || ROOT_RULES.contains(&line)
}

/// Why the rules are there, above them.
const REASON: &str = "# Keys, references to credentials and run-time data of phone-dir: never committed.";
/// What must never be committed, for the `.gitignore` of the root.
const ROOT_RULES: [&str; 3] = ["/workspaces.json", "/.env", "phone-numbers.backup.*/"];
/// The same for `phone-numbers/.gitignore`, which `git add phone-numbers/` brings along.
const FOLDER_RULES: [&str; 4] = ["/twilio/trunks.json", "/twilio/sync.json", "phone-numbers.backup.*/", ".phone-dir.*"];

/// The ignore files with the rules that they lack, where they lack any.
fn ignore_rules(project: &Project) -> Result<BTreeMap<String, String>> {
    let repository = GitRepository::discover(project.root())?;
    let mut files = BTreeMap::new();
    for (file, folder, rules) in
        [(ROOT_IGNORE, "", &ROOT_RULES[..]), (paths::FOLDER_IGNORE, "phone-numbers/", &FOLDER_RULES[..])]
    {
        let old = existing_text(project, file)?;
        let lacks = |rule: &&&str| Ok::<_, Error>(!is_ignored(repository.as_ref(), &old, folder, rule)?);
        let missing = rules.iter().map(|rule| Ok((rule, lacks(&rule)?))).collect::<Result<Vec<_>>>()?;
        let missing: Vec<_> = missing.into_iter().filter(|(_, lacks)| *lacks).map(|(rule, _)| *rule).collect();
        if !missing.is_empty() {
            files.insert(file.to_owned(), with_rules(&old, &missing));
        }
    }
    Ok(files)
}

pub(super) fn existing_text(project: &Project, file: &str) -> Result<String> {
    let path = ProjectPath::parse(file)?.below(project.root());
    let text = regular_file::read_text_if_there(&path, Links::Follow, MOST_TEXT);
    text.map(Option::unwrap_or_default).map_err(|error| Error::io("read", &path, error))
}

/// Whether git ignores such a file already, by this rule or by one of the user's own.
fn is_ignored(repository: Option<&GitRepository>, old: &str, folder: &str, rule: &str) -> Result<bool> {
    if old.lines().any(|line| line.trim() == rule) {
        return Ok(true);
    }
    let Some(repository) = repository.filter(|_| !rule.contains('*')) else { return Ok(false) };
    repository.configuration().ignored(&ProjectPath::parse(&format!("{folder}{}", rule.trim_start_matches('/')))?)
}

fn with_rules(old: &str, rules: &[&str]) -> String {
    let mut text = old.to_owned();
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(&format!("{REASON}\n"));
    text.extend(rules.iter().map(|rule| format!("{rule}\n")));
    text
}

fn report(session: &Session, project: &Project, written: &[ProjectPath]) {
    let root = project.root().display();
    if written.is_empty() {
        session.note(&format!("Nothing to do: the directory in `{root}` is complete."));
    } else {
        session.note(&format!("Created in `{root}`. Next: `phone-dir sync --all`, then `phone-dir validate`."));
    }
}

//! How a command that changed the directory writes it down: files, and one commit where the directory is tracked.

use std::borrow::Cow;
use std::rc::Rc;

use clap::Args;

use super::{Desk, agents, ignore_rules};
use crate::commands::Session;
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::model::directory::Reading;
use crate::model::paths::{self, FileKind};
use crate::model::{AgentFolders, AgentId, Directory, WorkspaceName};
use crate::render::escape::terminal;
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{CommitRequest, Committed, GitRepository, IgnoringRule, Ready, Uncommitted};
use crate::store::path::ProjectPath;
use crate::store::revision::Revision;
use crate::store::transaction::{FileChange, Transaction};

/// Whether, and over what, to commit.
#[derive(Args, Clone, Debug, Default)]
pub struct CommitOptions {
    /// Write the files, and leave the commit to me
    #[arg(long, conflicts_with_all = ["commit", "allow_dirty"])]
    no_commit: bool,
    /// Commit, even if directory.json is not tracked yet
    #[arg(long)]
    commit: bool,
    /// Commit uncommitted edits of directory files along, instead of refusing
    #[arg(long)]
    allow_dirty: bool,
}

/// The options of a change of files alone.
#[derive(Args, Clone, Debug, Default)]
pub struct WritingOptions {
    /// Print what would change, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub commit: CommitOptions,
    #[command(flatten)]
    pub output: OutputFormat,
}

/// What will happen to the files, decided and checked before anything is changed.
pub enum CommitMode {
    Commit(Rc<GitRepository>, Ready),
    /// They are only written: why, and what to do next.
    WriteOnly(Cow<'static, str>),
}

const OUTSIDE_GIT: &str = "Not committed: this is not a git repository.";
const TURNED_OFF: &str = "Not committed, as asked. Next: `git add phone-numbers/` and `git commit`.";
const NOT_TRACKED: &str = "Not committed: phone-numbers/directory.json is not tracked yet. \
    Review it, then `git add phone-numbers/ .gitignore` and `git commit`; from then on changes commit themselves.";

/// Why nothing was committed, where git ignores the directory.
fn not_tracked_by(rule: &IgnoringRule) -> String {
    let way_out = rule.way_out();
    format!("Not committed: {rule}. Next: {way_out}; then `git add phone-numbers/ .gitignore` and `git commit`.")
}

impl Desk<'_> {
    /// Decides how changes will be written, and checks that they can be.
    pub fn prepare(&self, options: &CommitOptions) -> Result<CommitMode> {
        // Before anything else, so that files can be written in a repository that cannot be committed to.
        if options.no_commit {
            return Ok(CommitMode::WriteOnly(TURNED_OFF.into()));
        }
        let Some(repository) = self.git()? else { return Ok(CommitMode::WriteOnly(OUTSIDE_GIT.into())) };
        if !options.commit && repository.configuration().commits_are_off()? {
            return Ok(CommitMode::WriteOnly(TURNED_OFF.into()));
        }
        let is_tracked = repository.index().tracked(&ProjectPath::parse(paths::MASTER)?)?;
        let ignoring = if is_tracked { Vec::new() } else { repository.index().ignoring_rules()? };
        match ignoring.first() {
            Some(rule) if options.commit => {
                return Err(Error::failed(rule.to_string()).hint(format!("{}, then run this again", rule.way_out())));
            }
            _ if options.commit || is_tracked => {}
            Some(rule) => return Ok(CommitMode::WriteOnly(not_tracked_by(rule).into())),
            None => return Ok(CommitMode::WriteOnly(NOT_TRACKED.into())),
        }
        let uncommitted = if options.allow_dirty { Uncommitted::CommitAlong } else { Uncommitted::Refuse };
        let mut ready = repository.preflight(uncommitted)?;
        if !is_tracked {
            ready.uncommitted.extend(created_by_init(&repository)?);
            ready.uncommitted.extend(ignore_rules::uncommitted(&self.project, &repository)?);
        }
        Ok(CommitMode::Commit(repository, ready))
    }
}

/// The directory's files that nothing has committed yet: the first commit takes them along.
fn created_by_init(repository: &GitRepository) -> Result<Vec<ProjectPath>> {
    let is_ours = |path: &ProjectPath| FileKind::of(path.as_str()).is_some() || path.as_str() == paths::FOLDER_IGNORE;
    Ok(repository.index().untracked()?.into_iter().filter(is_ours).collect())
}

/// Refuses to commit what names an agent's folder that the commit does not stand beside.
fn refuse_uncommitted_folders(repository: &GitRepository, ready: &Ready, files: &[FileChange]) -> Result<()> {
    let mut after = Snapshot::default();
    for FileChange { path, content } in files {
        if let Some(bytes) = content {
            after.files.insert(path.to_string(), Content::Bytes(bytes.clone()));
        }
    }
    let mut named = agents::named(&after);
    if named.is_empty() {
        return Ok(());
    }
    let base = ready.base().commit();
    let committed = base.map(|commit| repository.objects().read_agents(&commit)).transpose()?.unwrap_or_default();
    let folders = AgentFolders::in_files(&committed);
    let is_there = |path: &str| committed.files.contains_key(path) || after.files.contains_key(path);
    named.retain(|path| !is_there(path) && !is_listed(&folders, path));
    if named.is_empty() {
        return Ok(());
    }
    let kept = repository.index().kept_elsewhere(named.clone())?;
    let before = base.map(|commit| repository.objects().read_commit_id(&commit)).transpose()?.unwrap_or_default();
    let before = agents::named(&before);
    match named.iter().find(|path| !kept.contains(*path) && !before.contains(*path)) {
        None => Ok(()),
        Some(path) => Err(uncommitted_folder(path)),
    }
}

/// Whether the folder of `agents/<name>/<workspace>.json` has an agent of that workspace in another of its files: the other tool lists
/// several workspaces in one.
fn is_listed(folders: &AgentFolders, path: &str) -> bool {
    let Some(FileKind::AgentWorkspace(folder, workspace)) = FileKind::of(path) else { return false };
    folders.id_in(&folder, &workspace).is_some()
}

fn uncommitted_folder(path: &str) -> Error {
    Error::failed(format!("the commit would name the agent of `{}`, which git does not have yet", terminal(path)))
        .hint("commit `agents/` first, or together with the directory by hand; `--no-commit` writes the files alone")
}

impl CommitMode {
    /// Goes by the agents' folders that the commit will stand beside, whatever was edited in the working tree; says which
    /// of `bound` have another folder there, which is not committed yet.
    pub fn go_by_committed_agents<'a>(
        &self,
        snapshot: &Snapshot,
        directory: &mut Directory,
        bound: impl Iterator<Item = (&'a WorkspaceName, &'a AgentId)>,
    ) -> Result<()> {
        let Self::Commit(repository, ready) = self else { return Ok(()) };
        let committed = agents::as_committed(snapshot, repository, ready.base())?;
        let here = snapshot.files.iter().filter(|(path, _)| path.starts_with(agents::FOLDER));
        if here.eq(committed.files.iter()) {
            return Ok(());
        }
        let on_disk = directory.agents.clone();
        directory.go_by_agents(&committed);
        for (workspace, id) in bound {
            let (now, then) = (on_disk.path_of(workspace, id), directory.agents.path_of(workspace, id));
            if let Some(path) = now.filter(|path| Some(*path) != then) {
                return Err(uncommitted_folder(&format!("{path}/{workspace}.json")));
            }
        }
        Ok(())
    }
    /// The files with edits of a person that will be committed along.
    pub fn along(&self) -> Vec<String> {
        match self {
            Self::Commit(_, ready) => ready.uncommitted.iter().map(ToString::to_string).collect(),
            Self::WriteOnly(_) => Vec::new(),
        }
    }

    /// The directory as it is committed, where its files have uncommitted edits that will be committed along.
    pub fn edited_since(&self) -> Result<Option<Directory>> {
        let Self::Commit(repository, ready) = self else { return Ok(None) };
        if ready.uncommitted.is_empty() {
            return Ok(None);
        }
        if ready.base().commit().is_none() {
            return Ok(Some(Directory::empty()));
        }
        let snapshot = repository.objects().read_commit(&Revision::head())?;
        if !snapshot.has_directory() {
            return Ok(Some(Directory::empty()));
        }
        let mut reading = Reading::of(&snapshot);
        reading.set_foreign_aside();
        // A committed directory that cannot be read is nothing to compare with: the edits are its repair.
        let mut committed = Some(reading.directory).filter(|_| reading.failures.is_empty());
        committed.iter_mut().for_each(Directory::sort);
        Ok(committed)
    }

    /// Writes the files, and commits those that may be committed; says what was not done.
    pub fn write(
        &self,
        session: &Session,
        transaction: &mut Transaction,
        changes: &[FileChange],
        message: &str,
    ) -> Result<Option<Committed>> {
        match self {
            Self::Commit(repository, ready) => {
                let request = CommitRequest { ready, message };
                refuse_uncommitted_folders(repository, ready, &transaction.committable(changes, &request)?)?;
                transaction.write_and_commit(changes, repository, &request)
            }
            Self::WriteOnly(why) => {
                if !transaction.write(changes)?.is_empty() {
                    session.note_at_the_end(why);
                }
                Ok(None)
            }
        }
    }
}

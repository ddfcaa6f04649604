//! One change under way: its steps, in order, and how they are taken back.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use git2::Oid;

use super::journal::{self, CommitRecord, FileRecord, HooksRecord, IndexRecord, Journal, MoveRecord};
use crate::error::Result;
use crate::store::fault::{FaultStep, passed};
use crate::store::git::{BranchMove, CommitRequest, Committed, GitRepository, IndexUpdate, LockedFile};
use crate::store::lock::ProjectLock;
use crate::store::path::ProjectPath;
use crate::store::project_file;
use crate::store::project_file::FileChange;
use crate::store::state;

/// A change whose earlier contents are kept in the journal.
pub struct JournaledChange<'a> {
    root: &'a Path,
    journal: &'a Journal,
    lock: &'a ProjectLock,
    entry: journal::JournalEntry,
    files: Vec<FileChange>,
}

impl<'a> JournaledChange<'a> {
    /// Begins a change without files.
    pub fn empty(root: &'a Path, prefix: &str, journal: &'a Journal, lock: &'a ProjectLock) -> Self {
        let entry = journal::JournalEntry::new(journal.owner().clone(), fresh_id(), prefix.to_owned());
        Self { root, journal, lock, entry, files: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The changed files, sorted.
    pub fn paths(&self) -> Vec<ProjectPath> {
        let mut paths: Vec<ProjectPath> = self.files.iter().map(|file| file.path.clone()).collect();
        paths.sort();
        paths
    }

    /// Takes up a file, unless it has its content already, and keeps its earlier content.
    pub fn add(&mut self, file: &FileChange) -> Result<()> {
        let before = project_file::current(self.root, &file.path)?;
        if before.as_deref() == file.content.as_deref() {
            return Ok(());
        }
        let index = self.files.len();
        if let Some(bytes) = &before {
            self.journal.keep(index, bytes)?;
        }
        let fingerprint = |bytes: Option<&[u8]>| bytes.map(project_file::fingerprint).transpose();
        self.entry.files.push(FileRecord {
            path: file.path.to_string(),
            temporary: state::temporary_name(&self.entry.id, index),
            before: fingerprint(before.as_deref())?.map(|id| id.to_string()),
            after: fingerprint(file.content.as_deref())?.map(|id| id.to_string()),
        });
        for folder in project_file::missing_folders(self.root, &file.path) {
            if !self.entry.folders.contains(&folder) {
                self.entry.folders.push(folder);
            }
        }
        self.files.push(file.clone());
        Ok(())
    }

    /// Writes the journal: from here on the change can be undone by any command.
    pub fn describe(&self) -> Result<()> {
        self.journal.write(&self.entry)?;
        passed(FaultStep::Journal, 1);
        Ok(())
    }

    /// Gives every file its new content: first all under temporary names, then one rename each.
    pub fn apply(&self) -> Result<()> {
        for (index, (file, record)) in self.files.iter().zip(&self.entry.files).enumerate() {
            if let Some(bytes) = &file.content {
                project_file::make_folders(self.root, &file.path)?;
                project_file::prepare(self.root, &file.path, &record.temporary, bytes)?;
            }
            passed(FaultStep::Temporary, index + 1);
        }
        for (index, (file, record)) in self.files.iter().zip(&self.entry.files).enumerate() {
            match file.content {
                Some(_) => project_file::put_in_place(self.root, &file.path, &record.temporary)?,
                None => project_file::remove(self.root, &file.path)?,
            }
            passed(FaultStep::Rename, index + 1);
        }
        Ok(())
    }

    /// Commits `files`, and brings git's index along.
    ///
    /// The index is prepared and locked before the branch moves: afterwards only a rename is left to do.
    pub fn commit(
        &mut self,
        repository: &GitRepository,
        request: &CommitRequest<'_>,
        files: &[FileChange],
    ) -> Result<Option<Committed>> {
        let contents: Vec<_> = files.iter().map(|file| (&file.path, file.content.as_deref())).collect();
        let Some(prepared) = repository.commits().prepare_commit(request, &contents)? else { return Ok(None) };
        self.entry.commit = Some(CommitRecord {
            id: prepared.id.to_string(),
            reference: prepared.base.reference().to_owned(),
            base: prepared.base.commit().map(|id| id.to_string()),
            entries: prepared.entries.iter().map(index_record).collect(),
        });
        self.entry.locks = repository.lock_places();
        self.journal.write(&self.entry)?;
        passed(FaultStep::CommitObject, 1);
        let index = repository.index().prepare_index(&prepared.entries, &self.entry.id)?;
        passed(FaultStep::IndexLock, 1);
        repository.commits().advance(&prepared, self.lock)?;
        passed(FaultStep::Head, 1);
        index.publish()?;
        passed(FaultStep::Index, 1);
        drop(index);
        passed(FaultStep::Unlock, 1);
        let changed =
            |file: &&FileChange| prepared.entries.iter().any(|entry| entry.path == repository.path_in_git(&file.path));
        Ok(Some(Committed {
            id: prepared.id,
            files: files.iter().filter(changed).map(|file| file.path.clone()).collect(),
        }))
    }
}

impl JournaledChange<'_> {
    /// Writes down which hooks are about to change.
    pub fn announce(&mut self, hooks: HooksRecord) -> Result<()> {
        self.entry.hooks = Some(hooks);
        self.journal.write(&self.entry)
    }

    /// Replaces one of git's own files, under git's lock.
    pub fn replace(
        &mut self,
        repository: &GitRepository,
        prepare: impl FnOnce(&str) -> Result<LockedFile>,
    ) -> Result<()> {
        self.entry.locks = repository.lock_places();
        self.journal.write(&self.entry)?;
        prepare(&self.entry.id)?.publish()
    }

    /// Moves the branch to a commit that is there already, with the index and the working tree.
    ///
    /// The directory's own files are written as ever, whole at every moment; the others are git's to write.
    pub fn move_branch(&mut self, repository: &GitRepository, way: BranchMove) -> Result<()> {
        self.entry.locks = repository.lock_places();
        self.journal.write(&self.entry)?;
        let index = repository.index().prepare_move(way, &self.entry.id)?;
        let (files, entries): (Vec<_>, Vec<_>) = repository.index().own_files_of(way)?.into_iter().unzip();
        files.iter().try_for_each(|file| self.add(file))?;
        self.entry.moved = Some(MoveRecord {
            reference: repository.commits().head()?.reference().to_owned(),
            from: way.from.to_string(),
            to: way.to.to_string(),
        });
        self.journal.write(&self.entry)?;
        self.apply()?;
        repository.index().move_files(way, &entries, &index, self.lock)?;
        repository.commits().move_head(way, self.lock)?;
        index.publish()
    }
}

fn index_record(entry: &IndexUpdate) -> IndexRecord {
    IndexRecord { path: entry.path.clone(), stored: entry.stored.map(|(mode, id)| (mode, id.to_string())) }
}

/// A name for a change that no other has.
pub(in crate::store) fn fresh_id() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    format!("{}-{now:x}", std::process::id())
}

/// Gives every file of a change its earlier content; those that were edited since are left alone and named.
pub fn undo(root: &Path, journal: &Journal, entry: &journal::JournalEntry) -> Result<Vec<ProjectPath>> {
    let mut left = Vec::new();
    for (index, record) in entry.files.iter().enumerate() {
        let path = ProjectPath::parse(&record.path)?;
        let now = project_file::current(root, &path)?.as_deref().map(project_file::fingerprint).transpose()?;
        project_file::discard(root, &path, &record.temporary)?;
        if is(now, record.before.as_deref()) {
            continue;
        }
        if !is(now, record.after.as_deref()) {
            left.push(path);
            continue;
        }
        restore(root, journal, &path, index, record)?;
    }
    for folder in entry.folders.iter().rev() {
        project_file::remove_folder_if_empty(root, ProjectPath::parse(folder)?.as_str())?;
    }
    Ok(left)
}

fn restore(root: &Path, journal: &Journal, path: &ProjectPath, index: usize, record: &FileRecord) -> Result<()> {
    let Some(before) = &record.before else { return project_file::remove(root, path) };
    project_file::make_folders(root, path)?;
    project_file::prepare(root, path, &record.temporary, &journal.earlier(index, before)?)?;
    project_file::put_in_place(root, path, &record.temporary)
}

fn is(id: Option<Oid>, text: Option<&str>) -> bool {
    id.map(|id| id.to_string()).as_deref() == text
}

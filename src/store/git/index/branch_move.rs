//! Moves a branch, the index and the working tree from one commit to another, as a fast-forward does, in steps that a
//! journal can finish or take back.
//!
//! Which files the tool writes itself, whole at every moment, and when, is decided by the
//! [change](crate::store::transaction::change); all others are git's to write.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use git2::Oid;

use super::{GitIndex, IndexUpdate};
use crate::error::{Error, Result};
use crate::model::scope;
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::disk;
use crate::store::git::CommitId;
use crate::store::git::locked_file::LockedFile;
use crate::store::git::objects::StoredEntry;
use crate::store::git::program::{Git, refused};
use crate::store::lock::ProjectLock;
use crate::store::path::ProjectPath;
use crate::store::project_file::FileChange;
use crate::store::regular_file::{self, Links};

/// From which commit to which.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct BranchMove {
    pub from: CommitId,
    pub to: CommitId,
}

const FILE: u32 = 0o100_644;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

impl GitIndex<'_> {
    /// Locks the index and checks that the move would overwrite no work.
    ///
    /// Staged and unstaged work elsewhere does not hinder it; in files that differ between the two commits it does.
    pub(in crate::store) fn prepare_move(self, way: BranchMove, token: &str) -> Result<LockedFile> {
        let index = self.replace_index(token)?;
        // Files that were only touched must not look edited. It ends with 1 where one is, which `read-tree` judges.
        Git::new(self.git, "update-index").args(["-q", "--refresh"]).index(index.next()).output()?;
        read_tree(way, Git::new(self.git, "read-tree").args(["-n"]), &index)?;
        Ok(index)
    }

    /// The directory's own files among those that differ: plain files that git would write as they are stored, and
    /// that are in the index as the first commit has them.
    pub(in crate::store) fn own_files_of(self, way: BranchMove) -> Result<Vec<(FileChange, IndexUpdate)>> {
        let paths: BTreeSet<String> = self.git.objects().paths_between(&way.from, &way.to)?.into_iter().collect();
        let folder = format!("{}{}/", self.git.prefix, scope::DIRECTORY);
        let mut own = Vec::new();
        for full in paths.iter().filter(|path| path.starts_with(&folder)) {
            let (before, after) =
                (self.git.objects().stored_in(&way.from, full)?, self.git.objects().stored_in(&way.to, full)?);
            let is_plain = [before, after].iter().flatten().all(|(mode, _)| *mode == FILE);
            let is_free = is_plain && !is_nested(full, &paths) && self.staged(full)? == before;
            if !is_free || self.git.configuration().is_filtered(full)? {
                continue;
            }
            let Ok(path) = ProjectPath::parse(&full[self.git.prefix.len()..]) else { continue };
            let content = after.map(|(_, id)| self.git.objects().blob(id)).transpose()?.map(Bytes::from);
            own.push((FileChange { path, content }, IndexUpdate { path: full.clone(), stored: after }));
        }
        Ok(own)
    }

    /// Moves the index that was prepared, and the working tree but for the entries that are written already.
    pub(in crate::store) fn move_files(
        self,
        way: BranchMove,
        written: &[IndexUpdate],
        index: &LockedFile,
        lock: &ProjectLock,
    ) -> Result<()> {
        if !written.is_empty() {
            self.enter(written, index.next())?;
        }
        // It holds the project's lock, so that no other command judges what it did before it is done.
        read_tree(way, Git::new(self.git, "read-tree").holding(lock.share()?), index)
    }

    /// Takes back what git wrote to the working tree for a move that did not come to its end; the index in force is
    /// still the one before it. Gives the paths that were edited since, which are left alone.
    ///
    /// `written` are the files that were not git's to write.
    pub(in crate::store) fn undo_move(self, way: BranchMove, written: &BTreeSet<String>) -> Result<Vec<String>> {
        let (mut restored, mut removed, mut left) = (Vec::new(), Vec::new(), Vec::new());
        for path in
            self.git.objects().paths_between(&way.from, &way.to)?.into_iter().filter(|path| !written.contains(path))
        {
            let (before, after) =
                (self.git.objects().stored_in(&way.from, &path)?, self.git.objects().stored_in(&way.to, &path)?);
            let is_submodule = [before, after].iter().flatten().any(|(mode, _)| *mode == SUBMODULE);
            if is_submodule || self.staged(&path)? != before || self.stands(&path, before)? {
                continue;
            }
            match (self.is_on_the_way(&path, after)?, before) {
                (false, _) => left.push(path),
                (true, Some(_)) => restored.push(path),
                (true, None) => removed.push(path),
            }
        }
        removed.iter().try_for_each(|path| self.remove_with_folders(path))?;
        self.check_out(&restored)?;
        Ok(left)
    }

    /// Brings the index along with a branch that was moved: entries that were staged since stay.
    pub(in crate::store) fn entries_behind(self, way: BranchMove) -> Result<Vec<IndexUpdate>> {
        let mut behind = BTreeMap::new();
        for path in self.git.objects().paths_between(&way.from, &way.to)? {
            let stored = self.git.objects().stored_in(&way.to, &path)?;
            if self.staged(&path)? == self.git.objects().stored_in(&way.from, &path)? {
                // What goes makes room for what comes in its place.
                behind.insert((stored.is_some(), path.clone()), IndexUpdate { path, stored });
            }
        }
        Ok(behind.into_values().collect())
    }

    /// Writes files as the index has them.
    fn check_out(self, paths: &[String]) -> Result<()> {
        if paths.is_empty() {
            return Ok(());
        }
        let listed: Vec<u8> = paths.iter().flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
        let git = Git::new(self.git, "checkout-index").args(["--force", "-z", "--stdin"]).input(&listed);
        git.run("restore the files of an interrupted change").map(drop)
    }

    /// Removes a file, and the folders above it that it leaves empty.
    fn remove_with_folders(self, path: &str) -> Result<()> {
        let place = self.git.workdir().join(path);
        disk::remove_if_there(&place).map_err(|error| Error::io("remove", &place, error))?;
        let above = place.ancestors().skip(1).take_while(|folder| *folder != self.git.workdir());
        for folder in above {
            if disk::remove_dir(folder).is_err() {
                // Something else is in it, or it is gone already.
                break;
            }
        }
        Ok(())
    }

    /// Whether the working tree has exactly this at a path.
    fn stands(self, path: &str, stored: StoredEntry) -> Result<bool> {
        let place = self.git.workdir().join(path);
        let Some(found) = found_at(&place)? else { return Ok(stored.is_none()) };
        match stored {
            None => Ok(false),
            Some((LINK, id)) => Ok(found.is_symlink() && target(&place)? == self.git.objects().blob(id)?),
            Some((_, id)) => Ok(found.is_file() && (is_content(&place, id)? || self.is_clean(path, id)?)),
        }
    }

    /// Whether the working tree has at a path what git leaves when it is killed while it writes: nothing, a part, or
    /// the whole.
    fn is_on_the_way(self, path: &str, after: StoredEntry) -> Result<bool> {
        let place = self.git.workdir().join(path);
        if leads_through_a_link(self.git.workdir(), path) {
            return Ok(false);
        }
        let Some(found) = found_at(&place)? else { return Ok(true) };
        if self.stands(path, after)? {
            return Ok(true);
        }
        let Some((mode, id)) = after.filter(|(mode, _)| *mode != LINK) else { return Ok(false) };
        debug_assert_ne!(mode, SUBMODULE);
        if !found.is_file() {
            return Ok(false);
        }
        let part = regular_file::read(&place, Links::Refuse, MAX_FILE_BYTES)
            .map_err(|error| Error::io("read", &place, error))?;
        Ok(without_returns(&self.git.objects().blob(id)?).starts_with(&without_returns(&part)))
    }

    /// Whether git would store a file under this id, by way of its filters.
    fn is_clean(self, path: &str, id: Oid) -> Result<bool> {
        let hashed = Git::new(self.git, "hash-object").args(["--", path]).run("compare a file with a commit")?;
        Ok(String::from_utf8_lossy(&hashed).trim() == id.to_string())
    }
}

fn read_tree(way: BranchMove, git: Git<'_>, index: &LockedFile) -> Result<()> {
    let trees = [way.from.to_string(), way.to.to_string()];
    let git = git.args(["-m", "-u", "--no-recurse-submodules"]).args(trees).index(index.next());
    let output = git.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(refused("bring the working tree up to the remote branch", &output)
        .hint("commit or stash the files that git names, then run this again"))
}

fn is_content(place: &Path, id: Oid) -> Result<bool> {
    let bytes =
        regular_file::read(place, Links::Refuse, MAX_FILE_BYTES).map_err(|error| Error::io("read", place, error))?;
    Ok(crate::store::project_file::fingerprint(&bytes)? == id)
}

/// Whether a file takes the place of a folder, or the other way round.
fn is_nested(path: &str, paths: &BTreeSet<String>) -> bool {
    let folder = format!("{path}/");
    let is_below = paths.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder));
    is_below || path.match_indices('/').any(|(end, _)| paths.contains(&path[..end]))
}

fn found_at(place: &Path) -> Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(place) {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Error::io("read", place, error)),
    }
}

fn target(place: &Path) -> Result<Vec<u8>> {
    let target: PathBuf = fs::read_link(place).map_err(|error| Error::io("read", place, error))?;
    Ok(target.into_os_string().into_encoded_bytes())
}

/// A link among the folders would lead what is written or removed to another place.
fn leads_through_a_link(workdir: &Path, path: &str) -> bool {
    path.match_indices('/').any(|(end, _)| workdir.join(&path[..end]).is_symlink())
}

/// Line ends may be converted on their way to disk.
fn without_returns(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != b'\r').collect()
}

//! What comparing two versions of a file showed, kept for the next question: a cache, whose loss changes no answer.
//!
//! It lies in `cache/` of the folder that git's working trees share. Equal ids mean equal bytes, so what was seen once
//! stays true; it is believed only where this very repository wrote it (a copy has another [`FolderIdentity`]), with this
//! version of the program, where its own checksum fits, and where git's files with the two versions are older than it:
//! those that were written since may be damaged, and are read again. Nothing here fails: a cache that cannot be read is
//! empty, and one that cannot be written stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk;
use super::regular_file::{self, Links};
use super::state::{FolderIdentity, require_folder};

const FORMAT: u32 = 1;
const FOLDER: &str = "phone-dir";
const CACHE: &str = "cache";
const FILE: &str = "comparisons";
const HALF_WRITTEN: &str = "comparisons.next";
/// The most bytes of the file.
const LARGEST: usize = 64 << 20;
/// The most bytes of the first line.
const LONGEST_HEADING: usize = 1 << 10;
/// The bytes of an object's id (SHA-1).
const ID: usize = 20;
/// Two ids, the time, the length of what was seen, and the checksum of all of it.
const FRAME: usize = 2 * ID + 8 + 4 + CHECKSUM;
const CHECKSUM: usize = 8;

/// The ids of the two versions that were compared.
pub type ComparedIds = [[u8; ID]; 2];

/// The first line of the file: who wrote it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct CacheHeading {
    format: u32,
    version: String,
    repository: FolderIdentity,
}

/// What was seen of two versions, and when, in seconds since 1970.
#[derive(Clone, Debug)]
struct SeenComparison {
    at: u64,
    /// In the bytes of the file.
    content: Range<usize>,
}

/// The comparisons that are known of a repository.
#[derive(Debug, Default)]
pub struct Comparisons {
    /// None where nothing may be kept.
    folder: Option<PathBuf>,
    now: u64,
    bytes: Vec<u8>,
    /// How many bytes of the file are there to be added to; none where it has to be written anew.
    whole: Option<usize>,
    seen: BTreeMap<ComparedIds, SeenComparison>,
    asked: BTreeSet<ComparedIds>,
    is_changed: bool,
}

impl Comparisons {
    /// Opens what is known of the repository whose working trees share the folder `git`, at `now`.
    pub fn open(git: &Path, now: u64) -> Self {
        let folder = git.join(FOLDER);
        let Some(heading) = heading(git, &folder) else { return Self::default() };
        let cache = folder.join(CACHE);
        let read = regular_file::read(&cache.join(FILE), Links::Refuse, LARGEST as u64);
        let mut comparisons = Self { folder: Some(cache), now, bytes: read.unwrap_or_default(), ..Self::default() };
        let start = comparisons.bytes.iter().take(LONGEST_HEADING).position(|byte| *byte == b'\n').map(|end| end + 1);
        match start.filter(|start| comparisons.bytes[..*start] == heading[..]) {
            Some(start) => comparisons.list(start),
            None => comparisons.bytes = heading,
        }
        comparisons
    }

    /// Finds the comparisons of the file, up to one that was not written whole.
    fn list(&mut self, start: usize) {
        let mut at = start;
        while let Some((ids, seen)) = frame(&self.bytes, at) {
            at = seen.content.end;
            self.seen.insert(ids, seen);
        }
        self.whole = Some(at).filter(|end| *end == self.bytes.len());
        self.bytes.truncate(at);
    }

    /// When two versions were compared, in seconds since 1970; none where they were not.
    pub fn seen_at(&self, ids: &ComparedIds) -> Option<u64> {
        self.seen.get(ids).map(|seen| seen.at)
    }

    /// What comparing two versions showed.
    pub fn recall(&mut self, ids: &ComparedIds) -> Option<&[u8]> {
        let seen = self.seen.get(ids)?;
        let content = self.bytes.get(seen.content.clone())?;
        let kept = &self.bytes[seen.content.start - CHECKSUM..seen.content.start];
        if checksum(ids, seen.at, content) != *kept {
            return None;
        }
        self.asked.insert(*ids);
        Some(content)
    }

    /// Keeps what comparing two versions showed.
    pub fn keep(&mut self, ids: &ComparedIds, content: &[u8]) {
        let Ok(length) = u32::try_from(content.len()) else { return };
        if self.folder.is_none() || content.len() > LARGEST / 4 {
            return;
        }
        self.bytes.extend(ids.as_flattened());
        self.bytes.extend(self.now.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(checksum(ids, self.now, content));
        let start = self.bytes.len();
        self.bytes.extend(content);
        self.seen.insert(*ids, SeenComparison { at: self.now, content: start..self.bytes.len() });
        self.asked.insert(*ids);
        self.is_changed = true;
    }

    /// Writes down what is new. What cannot be written is worked out again the next time.
    pub fn save(&mut self) {
        if let Some(folder) = self.folder.clone().filter(|_| self.is_changed) {
            self.is_changed = self.write(&folder).is_err();
        }
    }

    fn write(&mut self, folder: &Path) -> io::Result<()> {
        let above = folder.parent().unwrap_or(folder);
        let is_ours = require_folder(above).is_ok() && require_folder(folder).is_ok();
        if !is_ours {
            return Err(io::Error::other("it is not a folder"));
        }
        disk::create_dir_all(folder)?;
        match self.whole {
            Some(end) if self.bytes.len() <= LARGEST => disk::append(&folder.join(FILE), &self.bytes[end..])?,
            _ => self.replace(folder)?,
        }
        self.whole = Some(self.bytes.len());
        Ok(())
    }

    /// Writes the file anew, with what was asked for in this run where all of it would be too much.
    fn replace(&mut self, folder: &Path) -> io::Result<()> {
        if self.bytes.len() > LARGEST {
            self.forget_unasked();
        }
        disk::replace(&folder.join(FILE), &folder.join(HALF_WRITTEN), &self.bytes)
    }

    fn forget_unasked(&mut self) {
        let heading = self.bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut kept = self.bytes[..heading].to_vec();
        self.seen.retain(|ids, seen| {
            let stays = self.asked.contains(ids) && kept.len() + FRAME + seen.content.len() <= LARGEST / 2;
            if stays {
                kept.extend(&self.bytes[seen.content.start - FRAME..seen.content.end]);
                seen.content = kept.len() - seen.content.len()..kept.len();
            }
            stays
        });
        self.bytes = kept;
    }
}

/// The first line of this repository's cache, where it may have one.
fn heading(git: &Path, folder: &Path) -> Option<Vec<u8>> {
    require_folder(folder).ok()?;
    require_folder(&folder.join(CACHE)).ok()?;
    let repository = FolderIdentity::at(git).ok()?;
    let heading = CacheHeading { format: FORMAT, version: env!("CARGO_PKG_VERSION").to_owned(), repository };
    let mut line = serde_json::to_vec(&heading).ok()?;
    line.push(b'\n');
    Some(line)
}

/// The comparison that begins at a byte; none where no whole one does.
fn frame(bytes: &[u8], start: usize) -> Option<(ComparedIds, SeenComparison)> {
    let frame = bytes.get(start..start + FRAME)?;
    let (one, rest) = frame.split_first_chunk::<ID>()?;
    let (other, rest) = rest.split_first_chunk::<ID>()?;
    let (at, rest) = rest.split_first_chunk::<8>()?;
    let length = u32::from_le_bytes(*rest.first_chunk::<4>()?) as usize;
    let content = start + FRAME..start + FRAME + length;
    let seen = SeenComparison { at: u64::from_le_bytes(*at), content };
    (seen.content.end <= bytes.len()).then_some(([*one, *other], seen))
}

fn checksum(ids: &ComparedIds, at: u64, content: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::new().chain_update(ids.as_flattened()).chain_update(at.to_le_bytes()).chain_update(content);
    digest.finalize().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: ComparedIds = [[1; ID], [2; ID]];
    const OTHER: ComparedIds = [[2; ID], [3; ID]];

    fn repository() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn file(folder: &tempfile::TempDir) -> PathBuf {
        folder.path().join("phone-dir/cache/comparisons")
    }

    fn recalled(folder: &tempfile::TempDir, ids: &ComparedIds) -> Option<Vec<u8>> {
        Comparisons::open(folder.path(), 9).recall(ids).map(<[u8]>::to_vec)
    }

    /// A cache with two comparisons, written in two runs.
    fn written() -> tempfile::TempDir {
        let folder = repository();
        for (ids, content) in [(ONE, "one"), (OTHER, "other")] {
            let mut comparisons = Comparisons::open(folder.path(), 7);
            comparisons.keep(&ids, content.as_bytes());
            comparisons.save();
        }
        folder
    }

    #[test]
    fn what_was_seen_is_known_to_the_next_run() {
        let folder = written();
        let mut comparisons = Comparisons::open(folder.path(), 9);
        assert_eq!(comparisons.recall(&ONE), Some(&b"one"[..]));
        assert_eq!(comparisons.recall(&OTHER), Some(&b"other"[..]));
        assert_eq!((comparisons.seen_at(&ONE), comparisons.seen_at(&[[3; ID], [1; ID]])), (Some(7), None));
    }

    #[test]
    fn a_byte_that_is_another_is_noticed_wherever_it_is() {
        let folder = written();
        let bytes = std::fs::read(file(&folder)).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            std::fs::write(file(&folder), &damaged).unwrap();
            for (ids, content) in [(ONE, "one"), (OTHER, "other")] {
                let found = recalled(&folder, &ids);
                assert!(found.is_none_or(|found| found == content.as_bytes()), "{at}");
            }
        }
    }

    #[test]
    fn what_was_not_written_whole_is_left_out_and_written_over() {
        let folder = written();
        let bytes = std::fs::read(file(&folder)).unwrap();
        for end in 0..bytes.len() {
            std::fs::write(file(&folder), &bytes[..end]).unwrap();
            assert_eq!(recalled(&folder, &OTHER), None, "{end}");
        }
        std::fs::write(file(&folder), &bytes[..bytes.len() - 1]).unwrap();
        let mut comparisons = Comparisons::open(folder.path(), 7);
        comparisons.keep(&OTHER, b"other");
        comparisons.save();
        assert_eq!(std::fs::read(file(&folder)).unwrap(), bytes);
    }

    #[test]
    fn a_copy_of_a_repository_begins_with_nothing() {
        let (folder, copy) = (written(), repository());
        std::fs::create_dir_all(file(&copy).parent().unwrap()).unwrap();
        std::fs::copy(file(&folder), file(&copy)).unwrap();
        assert_eq!(recalled(&copy, &ONE), None);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_read_or_written_behind_a_link() {
        let (folder, elsewhere) = (repository(), repository());
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("phone-dir")).unwrap();
        let mut comparisons = Comparisons::open(folder.path(), 7);
        comparisons.keep(&ONE, b"one");
        comparisons.save();
        assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_cache_that_would_be_too_large_keeps_what_was_asked_for() {
        let folder = written();
        let mut comparisons = Comparisons::open(folder.path(), 7);
        let large = vec![b'x'; LARGEST / 4];
        for last in 0..5 {
            comparisons.keep(&[[9; ID], [last; ID]], &large);
        }
        comparisons.recall(&ONE);
        comparisons.save();
        assert!(std::fs::metadata(file(&folder)).unwrap().len() <= LARGEST as u64);
        assert_eq!(recalled(&folder, &ONE).as_deref(), Some(&b"one"[..]));
        assert_eq!(recalled(&folder, &OTHER), None);
    }
}

//! Reads contents straight out of the repository's pack files, putting each together from the deltas it is stored as.
//!
//! Whoever reads a history reads hundreds of versions of a file, each stored as its difference from another. libgit2 keeps
//! 16 MiB of such bases and none above 1 MiB, and so begins most versions of a large file at the start of their
//! chain; a `git cat-file` keeps more, but hands every version through a pipe. Here a version costs little more than
//! copying it once.
//!
//! What is not in a pack of this repository (loose objects, other repositories' objects) or is not as git writes it
//! is simply not found here: libgit2 then reads it, or says what is wrong.

mod bases;
mod delta;

use std::fs;
use std::path::Path;

use bytes::Bytes;
use git2::Oid;
use gix_hash::{Kind, ObjectId};
use gix_pack::data::Entry;
use gix_pack::data::entry::Header;
use gix_zlib::Inflate;

use self::bases::Bases;
use crate::snapshot::MAX_FILE_BYTES;

/// How many bytes of bases are kept: enough for the chains of a few files of a megabyte, and bounded whatever they are.
const KEPT_BYTES: usize = 64 << 20;
/// The longest chain of deltas: git's own limit (`pack.depth`).
const LONGEST_CHAIN: usize = 4095;

/// The packs of a repository, as they were when it was opened.
pub(super) struct Packs {
    packs: Vec<Pack>,
    bases: Bases,
    inflate: Inflate,
    /// The delta that is being applied; kept for its memory.
    delta: Vec<u8>,
}

/// A pack and its index.
struct Pack {
    index: gix_pack::index::File,
    data: gix_pack::data::File,
}

/// Where an object is: the place of its pack, and its offset there.
type Location = (usize, u64);

impl Packs {
    /// Opens the packs of a folder of objects; one that cannot be opened is left to libgit2.
    pub(super) fn open(objects: &Path) -> Self {
        let entries = fs::read_dir(objects.join("pack")).into_iter().flatten().flatten();
        let indexes = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "idx"));
        Self {
            packs: indexes.filter_map(|index| Pack::open(&index)).collect(),
            bases: Bases::new(KEPT_BYTES),
            inflate: Inflate::default(),
            delta: Vec::new(),
        }
    }

    /// A content's bytes; none where no pack has it whole, or it is larger than a file may be.
    pub(super) fn read(&mut self, id: Oid) -> Option<Bytes> {
        let id = ObjectId::try_from(id.as_bytes()).ok()?;
        let location = self.packs.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(&id)?)))?;
        let (mut chain, mut base) = self.chain(location)?;
        while let Some((at, entry)) = chain.pop() {
            base = self.apply(at.0, &entry, &base)?;
            if at != location {
                self.bases.keep(at, base.clone());
            }
        }
        Some(base)
    }

    /// The deltas that lead to an object, the last one first, and what the earliest of them applies to.
    fn chain(&mut self, end: Location) -> Option<(Vec<(Location, Entry)>, Bytes)> {
        let (mut chain, mut at) = (Vec::new(), end);
        while chain.len() <= LONGEST_CHAIN {
            if let Some(base) = self.bases.get(at) {
                return Some((chain, base));
            }
            let entry = self.packs[at.0].data.entry(at.1).ok()?;
            if entry.decompressed_size > MAX_FILE_BYTES {
                return None;
            }
            let next = match entry.header {
                Header::Blob => {
                    let whole = self.whole(at.0, &entry)?;
                    if !chain.is_empty() {
                        self.bases.keep(at, whole.clone());
                    }
                    return Some((chain, whole));
                }
                Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(base_distance)?,
                Header::RefDelta { base_id } => self.packs[at.0].offset(&base_id)?,
                Header::Commit | Header::Tree | Header::Tag => return None,
            };
            chain.push((at, entry));
            at.1 = next;
        }
        None
    }

    fn whole(&mut self, pack: usize, entry: &Entry) -> Option<Bytes> {
        let mut content = vec![0; usize::try_from(entry.decompressed_size).ok()?];
        self.packs[pack].data.decompress_entry(entry, &mut self.inflate, &mut content).ok()?;
        Some(content.into())
    }

    fn apply(&mut self, pack: usize, entry: &Entry, base: &[u8]) -> Option<Bytes> {
        self.delta.resize(usize::try_from(entry.decompressed_size).ok()?, 0);
        self.packs[pack].data.decompress_entry(entry, &mut self.inflate, &mut self.delta).ok()?;
        delta::apply(base, &self.delta).map(Bytes::from)
    }
}

impl Pack {
    fn open(index: &Path) -> Option<Self> {
        let data = gix_pack::data::File::at(index.with_extension("pack"), Kind::Sha1).ok()?;
        Some(Self { index: gix_pack::index::File::at(index, Kind::Sha1).ok()?, data })
    }

    fn offset(&self, id: &ObjectId) -> Option<u64> {
        self.index.lookup(id).map(|at| self.index.pack_offset_at_index(at))
    }
}

//! Reads contents straight out of pack files, putting each together from the deltas it is stored as.
//!
//! A history takes hundreds of versions of a file, each stored as its difference from another. libgit2 keeps 16 MiB of
//! such bases and none above 1 MiB, and so begins most versions of a large file at the start of their chain; a
//! `git cat-file` keeps more, but hands every version through a pipe. Here a version costs little more than copying it once.
//!
//! Why the packs are not read by `gix_pack`'s own `decode_entry`, whose index, map and zlib are used: measured on histories of a
//! directory of some megabytes it takes 2.6 to 10 times as long. It hands out no base: its cache copies each into and out
//! of itself, and every version is put together in fresh memory. Here bases are shared ([`bases`]), and memory goes from one
//! version to the next ([`memory`]).

mod alternates;
mod bases;
mod delta;
mod memory;

use std::path::Path;
use std::time::SystemTime;
use std::{fs, mem};

use bytes::Bytes;
use git2::Oid;
use gix_hash::{Kind, ObjectId};
use gix_pack::data::Entry;
use gix_pack::data::entry::Header;
use gix_zlib::Inflate;

use self::bases::Bases;
use self::memory::Memory;
use crate::snapshot::MAX_FILE_BYTES;

/// How much is kept of what contents are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expecting {
    /// A version or two of each file: kept is what the second may have in common with the first.
    Few,
    /// A history: enough for the chains of a few files of a megabyte, and bounded whatever they are.
    Many,
}

impl Expecting {
    fn kept_bytes(self) -> usize {
        match self {
            Self::Few => 16 << 20,
            Self::Many => 36 << 20,
        }
    }
}

/// The longest chain of deltas: git's own limit (`pack.depth`).
const LONGEST_CHAIN: usize = 4095;

/// How many bytes of a pack may be mapped at once: what was read of it through its map counts as this process's memory.
const MAPPED_BYTES: u64 = 16 << 20;

/// The packs of a repository, as they were when it was opened.
pub(in crate::store::git) struct Packs {
    opened: Vec<Pack>,
    bases: Bases,
    memory: Memory,
    inflate: Inflate,
    /// The delta that is being applied; kept for its memory.
    delta: Vec<u8>,
}

struct Pack {
    index: gix_pack::index::File,
    data: gix_pack::data::File,
    /// How many bytes were read since it was mapped.
    read: u64,
    /// When it was last written, as it was opened.
    written: Option<SystemTime>,
}

/// Where an object is: the place of its pack, and its offset there.
type Location = (usize, u64);

/// What an object is made from.
struct Chain {
    /// What the earliest delta applies to.
    base: Bytes,
    /// The deltas, the last one first.
    deltas: Vec<(Location, Entry)>,
}

/// Why an object that a pack has is not read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is larger than a file may be.
    Huge,
    /// It is no blob, or not as git writes it: libgit2 has the words for what is wrong.
    Broken,
}

impl Packs {
    /// Opens the packs of a folder of objects, and of those that it borrows from; a broken pack is left to libgit2.
    pub(super) fn open(objects: &Path, expecting: Expecting) -> Self {
        let folders = alternates::with_borrowed(objects);
        let entries = folders.iter().filter_map(|folder| fs::read_dir(folder.join("pack")).ok()).flatten().flatten();
        let indexes = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "idx"));
        Self {
            opened: indexes.filter_map(|index| Pack::open(&index)).collect(),
            bases: Bases::new(expecting.kept_bytes()),
            memory: Memory::default(),
            inflate: Inflate::default(),
            delta: Vec::new(),
        }
    }

    /// A content's bytes; none where it is in no pack.
    pub(super) fn read(&mut self, id: Oid) -> Option<Result<Bytes, Fault>> {
        let location = self.location(id)?;
        Some(self.content(location))
    }

    /// When the pack that has an object was last written; none where no pack has it.
    pub(super) fn written(&self, id: Oid) -> Option<SystemTime> {
        let (pack, _) = self.location(id)?;
        self.opened[pack].written
    }

    /// Whether an object, of whatever kind, is in a pack.
    pub(super) fn has(&self, id: Oid) -> bool {
        self.location(id).is_some()
    }

    fn location(&self, id: Oid) -> Option<Location> {
        let id = ObjectId::try_from(id.as_bytes()).ok()?;
        self.opened.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset(&id)?)))
    }

    fn content(&mut self, location: Location) -> Result<Bytes, Fault> {
        let Chain { mut base, mut deltas } = self.chain(location)?;
        while let Some((at, entry)) = deltas.pop() {
            base = self.apply(at.0, &entry, &base)?;
            if at != location {
                self.bases.keep(at, base.clone());
            }
        }
        Ok(base)
    }

    /// Follows an object's deltas down to what is kept already, or is stored whole.
    fn chain(&mut self, end: Location) -> Result<Chain, Fault> {
        let (mut deltas, mut at) = (Vec::new(), end);
        while deltas.len() <= LONGEST_CHAIN {
            if let Some(base) = self.bases.get(at) {
                return Ok(Chain { base, deltas });
            }
            let entry = self.opened[at.0].data.entry(at.1).map_err(|_| Fault::Broken)?;
            let next = match entry.header {
                Header::Blob => {
                    let base = self.whole(at.0, &entry)?;
                    if at != end {
                        self.bases.keep(at, base.clone());
                    }
                    return Ok(Chain { base, deltas });
                }
                Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(base_distance),
                Header::RefDelta { base_id } => self.opened[at.0].offset(&base_id),
                Header::Commit | Header::Tree | Header::Tag => None,
            };
            deltas.push((at, entry));
            at.1 = next.ok_or(Fault::Broken)?;
        }
        Err(Fault::Broken)
    }

    fn whole(&mut self, pack: usize, entry: &Entry) -> Result<Bytes, Fault> {
        let memory = self.memory.take(size(entry)?);
        let content = self.inflated(memory, pack, entry)?;
        Ok(self.memory.lend(content))
    }

    fn apply(&mut self, pack: usize, entry: &Entry, base: &[u8]) -> Result<Bytes, Fault> {
        let memory = mem::take(&mut self.delta);
        self.delta = self.inflated(memory, pack, entry)?;
        let content = delta::apply(base, &self.delta, |size| self.memory.take(size))?;
        Ok(self.memory.lend(content))
    }

    fn inflated(&mut self, mut memory: Vec<u8>, pack: usize, entry: &Entry) -> Result<Vec<u8>, Fault> {
        memory.resize(size(entry)?, 0);
        let pack = &mut self.opened[pack];
        let packed = pack.data.decompress_entry(entry, &mut self.inflate, &mut memory).map_err(|_| Fault::Broken)?;
        pack.read += packed as u64;
        if pack.read > MAPPED_BYTES {
            pack.map_anew();
        }
        Ok(memory)
    }
}

fn size(entry: &Entry) -> Result<usize, Fault> {
    let size = Some(entry.decompressed_size).filter(|size| *size <= MAX_FILE_BYTES);
    size.and_then(|size| usize::try_from(size).ok()).ok_or(Fault::Huge)
}

impl Pack {
    fn open(index: &Path) -> Option<Self> {
        let data = gix_pack::data::File::at(index.with_extension("pack"), Kind::Sha1).ok()?;
        let written = fs::metadata(data.path()).and_then(|found| found.modified()).ok();
        Some(Self { index: gix_pack::index::File::at(index, Kind::Sha1).ok()?, data, read: 0, written })
    }

    /// Lets go of what was mapped. A pack that is not there any more stays mapped: it can still be read that way.
    fn map_anew(&mut self) {
        self.read = 0;
        if let Ok(data) = gix_pack::data::File::at(self.data.path(), Kind::Sha1) {
            self.data = data;
        }
    }

    fn offset(&self, id: &ObjectId) -> Option<u64> {
        self.index.lookup(id).map(|at| self.index.pack_offset_at_index(at))
    }
}

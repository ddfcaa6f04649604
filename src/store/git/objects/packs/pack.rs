//! One pack with its index, of which only a part is mapped at a time.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use gix_hash::{Kind, ObjectId};
use gix_pack::data::Entry;
use gix_zlib::Inflate;

use super::Fault;
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::git::objects::most_inflated;

/// How many bytes of a pack may be mapped at once: what was read of it through its map counts as this process's memory.
const MAPPED_BYTES: u64 = 16 << 20;

pub(super) struct Pack {
    index: gix_pack::index::File,
    data: gix_pack::data::File,
    /// How many bytes were read since it was mapped.
    read: u64,
    /// When it was last written, as it was opened.
    pub(super) written: Option<SystemTime>,
}

impl Pack {
    pub(super) fn open(index: &Path) -> Option<Self> {
        let data = gix_pack::data::File::at(index.with_extension("pack"), Kind::Sha1).ok()?;
        let written = fs::metadata(data.path()).and_then(|found| found.modified()).ok();
        Some(Self { index: gix_pack::index::File::at(index, Kind::Sha1).ok()?, data, read: 0, written })
    }

    /// What is at an offset, before it is inflated.
    pub(super) fn entry(&self, offset: u64) -> Result<Entry, Fault> {
        self.data.entry(offset).map_err(|_| Fault::Broken)
    }

    /// How many bytes an entry says that it has, unless its pack is too short for them.
    pub(super) fn size(&self, entry: &Entry) -> Result<usize, Fault> {
        let size = Some(entry.decompressed_size).filter(|size| *size <= MAX_FILE_BYTES);
        let size = size.and_then(|size| usize::try_from(size).ok()).ok_or(Fault::Huge)?;
        let start = usize::try_from(entry.data_offset).map_err(|_| Fault::Broken)?;
        let packed = self.data.pack_end().saturating_sub(start);
        if size > most_inflated(packed) { Err(Fault::Broken) } else { Ok(size) }
    }

    /// Inflates an entry into memory of its size.
    pub(super) fn inflate(&mut self, entry: &Entry, inflate: &mut Inflate, memory: &mut [u8]) -> Result<(), Fault> {
        let packed = self.data.decompress_entry(entry, inflate, memory).map_err(|_| Fault::Broken)?;
        self.read += packed as u64;
        if self.read > MAPPED_BYTES {
            self.map_anew();
        }
        Ok(())
    }

    /// Lets go of what was mapped. A pack that is not there any more stays mapped: it can still be read that way.
    fn map_anew(&mut self) {
        self.read = 0;
        if let Ok(data) = gix_pack::data::File::at(self.data.path(), Kind::Sha1) {
            self.data = data;
        }
    }

    /// Where an object is in it; none where it is not.
    pub(super) fn offset(&self, id: &ObjectId) -> Option<u64> {
        self.index.lookup(id).map(|at| self.index.pack_offset_at_index(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_no_bytes_of_the_pack_can_have_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let repository = git2::Repository::init(folder.path()).unwrap();
        let mut builder = repository.packbuilder().unwrap();
        builder.insert_object(repository.blob(b"hello").unwrap(), None).unwrap();
        builder.write(folder.path(), 0).unwrap();
        let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let index = files.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "idx")).unwrap();
        let pack = Pack::open(&index).unwrap();
        // The first entry stands behind a header of 12 bytes.
        let entry = pack.entry(12).unwrap();
        assert_eq!(pack.size(&entry), Ok(5));
        assert_eq!(pack.size(&Entry { decompressed_size: 2_000_000_000, ..entry.clone() }), Err(Fault::Broken));
        assert_eq!(pack.size(&Entry { decompressed_size: MAX_FILE_BYTES + 1, ..entry }), Err(Fault::Huge));
    }
}

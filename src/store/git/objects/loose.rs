//! Looks whether a loose object is whole before libgit2 reads it.
//!
//! A full disk or a power cut leaves objects that end too early, and libgit2 1.9 waits for the rest of such a one forever
//! (<https://github.com/libgit2/libgit2/issues/7342>).

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::PathBuf;
use std::time::SystemTime;

use bytes::Bytes;
use git2::Oid;
use gix_zlib::{Decompress, FlushDecompress, Status};

use super::packs::Expecting;
use super::{ContentId, GitObjects, ObjectKind, unexpected};
use crate::error::{Error, Result};
use crate::store::regular_file::{self, Links};

/// How much is read, and inflated, at a time.
const BLOCK: usize = 32 << 10;

impl GitObjects<'_> {
    /// Whether git's file with a content is here, and was last written before a second since 1970.
    pub fn is_older(self, id: ContentId, second: u64) -> bool {
        let packed = self.packs(Expecting::Few).borrow().written(id.0);
        let loose = || fs::metadata(self.loose_path(id.0)).and_then(|found| found.modified()).ok();
        let written = packed.or_else(loose).and_then(|written| written.duration_since(SystemTime::UNIX_EPOCH).ok());
        written.is_some_and(|since| since.as_secs() < second)
    }

    /// Whether an object is in this clone.
    pub(in crate::store::git) fn is_here(self, id: Oid) -> Result<bool> {
        if self.is_packed(id) {
            return Ok(true);
        }
        let odb = self.git.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        Ok(odb.exists(id))
    }

    /// An object that is in no pack; none where it is for libgit2 to say what is there instead.
    pub(super) fn loose(self, id: Oid, kind: ObjectKind) -> Option<Bytes> {
        self.git.loose.get_or_init(RefCell::default).borrow_mut().read(&self.loose_path(id), kind)
    }

    fn loose_path(self, id: Oid) -> PathBuf {
        let name = id.to_string();
        self.git.shared_folder().join("objects").join(&name[..2]).join(&name[2..])
    }

    /// Refuses an object that libgit2 would find loose, and not whole. What is elsewhere, or nowhere, passes.
    pub(in crate::store::git) fn check_whole(self, id: Oid) -> Result<()> {
        if self.is_packed(id) {
            return Ok(());
        }
        let path = self.loose_path(id);
        let is_whole = match regular_file::open(&path, Links::Follow) {
            Ok(file) => is_whole(file).map_err(|error| Error::io("read", &path, error))?,
            // The reader that looks it up says that it is not there.
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        if is_whole {
            return Ok(());
        }
        let broken = Error::cannot_tell(format!("the git object `{id}` is cut off or damaged"));
        Err(broken.hint("run `git fsck`, and bring it back with a fetch or from another clone"))
    }
}

/// Whether an object's file ends where its stream of zlib's says, with as many bytes as its header says: libgit2 takes
/// memory for these before it looks.
fn is_whole(file: impl Read) -> std::io::Result<bool> {
    let mut file = BufReader::with_capacity(BLOCK, file);
    let (mut stream, mut inflated) = (Decompress::new(), vec![0; BLOCK]);
    let mut expected = None;
    loop {
        let input = file.fill_buf()?;
        let before = (stream.total_in(), stream.total_out());
        let status = stream.decompress(input, &mut inflated, FlushDecompress::None);
        let read = usize::try_from(stream.total_in() - before.0).unwrap_or(usize::MAX);
        if before.1 == 0 {
            let written = usize::try_from(stream.total_out()).unwrap_or(usize::MAX);
            expected = inflated.get(..written).and_then(size_with_header);
        }
        match status {
            Ok(Status::StreamEnd) => return Ok(expected == Some(stream.total_out())),
            Ok(_) if (stream.total_in(), stream.total_out()) != before => file.consume(read),
            Ok(_) | Err(_) => return Ok(false),
        }
    }
}

/// How many bytes an object has together with its header, as its header says.
fn size_with_header(object: &[u8]) -> Option<u64> {
    let end = memchr::memchr(0, object)?;
    let (_kind, size) = std::str::from_utf8(&object[..end]).ok()?.split_once(' ')?;
    size.parse::<u64>().ok()?.checked_add(end as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What zlib makes of `blob 19`, a zero and `hello, hello, hello`.
    const HELLO: [u8; 24] = [
        0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0xb4, 0x64, 0xc8, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0x40,
        0xa6, 0x00, 0x79, 0x48, 0x08, 0xfe,
    ];
    /// The same that says `blob 20`.
    const OF_ANOTHER_SIZE: [u8; 24] = [
        0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0x32, 0x60, 0xc8, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0x40,
        0xa6, 0x00, 0x78, 0xa1, 0x08, 0xf6,
    ];
    /// The text alone, without what an object begins with.
    const NO_OBJECT: [u8; 17] =
        [0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40, 0xa2, 0x00, 0x44, 0x28, 0x06, 0xd5];

    #[test]
    fn a_stream_is_whole_only_with_its_last_byte_and_with_as_many_as_its_header_says() {
        assert!(is_whole(&HELLO[..]).unwrap_or_default());
        for end in 0..HELLO.len() {
            assert!(!is_whole(&HELLO[..end]).unwrap_or(true), "{end}");
        }
        assert!(!is_whole(&OF_ANOTHER_SIZE[..]).unwrap_or(true));
        assert!(!is_whole(&NO_OBJECT[..]).unwrap_or(true));
    }
}

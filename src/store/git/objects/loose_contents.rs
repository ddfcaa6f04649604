//! Reads loose objects, inflating each once.
//!
//! A repository that git never packed has every version of a file as a whole: a history of a directory of some megabytes
//! inflates gigabytes. libgit2 takes several times as long for that as the reader here, and has to have each object looked
//! at first ([`loose`](super::loose)). Whatever is not a whole object as git writes it is left to libgit2, which has the
//! words for what is wrong.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use gix_zlib::{Inflate, Status};

use super::memory::Memory;
use super::{ObjectKind, most_inflated};
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::regular_file::{self, Links};

/// The most bytes of what stands before a content in its object: its kind, a space, its size and a zero.
const LONGEST_HEADER: usize = 32;

/// Reads one loose content after the other.
#[derive(Default)]
pub(in crate::store::git) struct LooseContents {
    inflate: Inflate,
    /// The file of the content that is being read; kept for its memory.
    packed: Vec<u8>,
    memory: Memory,
}

impl LooseContents {
    /// The content in an object's file; none where there is no such file, or not a whole object of the kind in it.
    pub(super) fn read(&mut self, place: &Path, kind: ObjectKind) -> Option<Bytes> {
        let file = regular_file::open(place, Links::Follow).ok()?;
        self.fill(file)?;
        self.content(kind)
    }

    fn fill(&mut self, file: File) -> Option<()> {
        self.packed.clear();
        file.take(MAX_FILE_BYTES).read_to_end(&mut self.packed).ok().map(drop)
    }

    fn content(&mut self, kind: ObjectKind) -> Option<Bytes> {
        let mut head = [0; LONGEST_HEADER];
        self.inflate.reset();
        let (mut status, mut read, written) = self.inflate.once(&self.packed, &mut head).ok()?;
        let (start, size) = header(&head[..written], kind)?;
        if size > most_inflated(self.packed.len()) {
            return None;
        }
        let begun = &head[start..written];
        let mut content = self.memory.take_filled(size);
        content.get_mut(..begun.len())?.copy_from_slice(begun);
        let mut end = begun.len();
        if status != Status::StreamEnd {
            let rest = self.inflate.once(&self.packed[read..], &mut content[end..]).ok()?;
            (status, read, end) = (rest.0, read + rest.1, end + rest.2);
        }
        let is_whole = status == Status::StreamEnd && read == self.packed.len() && end == size;
        is_whole.then(|| self.memory.lend(content))
    }
}

/// Where the content of an object begins, and its size; none of another kind.
fn header(head: &[u8], kind: ObjectKind) -> Option<(usize, usize)> {
    let kind: &[u8] = match kind {
        ObjectKind::Commit => b"commit ",
        ObjectKind::Tree => b"tree ",
        ObjectKind::Blob => b"blob ",
    };
    let end = head.iter().position(|byte| *byte == 0)?;
    let size = std::str::from_utf8(head[..end].strip_prefix(kind)?).ok()?;
    let size = size.bytes().all(|byte| byte.is_ascii_digit()).then(|| size.parse::<u64>().ok())?;
    let size = size.filter(|size| *size <= MAX_FILE_BYTES)?;
    Some((end + 1, usize::try_from(size).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What zlib makes of `blob 5`, a zero and `hello`.
    const HELLO: [u8; 20] = [
        0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0x65, 0xc8, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x19, 0xaa,
        0x04, 0x09,
    ];
    /// The same that says `blob 6`.
    const OF_ANOTHER_SIZE: [u8; 20] = [
        0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0x63, 0xc8, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x19, 0xb1,
        0x04, 0x0a,
    ];
    /// What zlib makes of `blob 60`, a zero and thirty times `ab`.
    const LONGER: [u8; 24] = [
        0x78, 0x9c, 0x4b, 0xca, 0xc9, 0x4f, 0x52, 0x30, 0x33, 0x60, 0x48, 0x4c, 0x22, 0x1f, 0x02, 0x00, 0x46, 0x11,
        0x19, 0x00, 0, 0, 0, 0,
    ];

    fn read(object: &[u8], kind: ObjectKind) -> Option<Bytes> {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("object");
        std::fs::write(&place, object).unwrap();
        LooseContents::default().read(&place, kind)
    }

    #[test]
    fn a_whole_object_of_the_kind_is_read_however_long_it_is() {
        assert_eq!(read(&HELLO, ObjectKind::Blob).as_deref(), Some(&b"hello"[..]));
        assert_eq!(read(&LONGER[..20], ObjectKind::Blob).as_deref(), Some("ab".repeat(30).as_bytes()));
    }

    #[test]
    fn whatever_else_is_there_is_left_to_libgit2() {
        for other in [&OF_ANOTHER_SIZE[..], &HELLO[..19], &LONGER[..16], &LONGER, &[], b"hello"] {
            assert_eq!(read(other, ObjectKind::Blob), None, "{other:x?}");
        }
        assert_eq!(read(&HELLO, ObjectKind::Tree), None);
        assert_eq!(LooseContents::default().read(Path::new("nowhere"), ObjectKind::Blob), None);
    }

    #[test]
    fn one_that_was_broken_has_no_part_in_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (broken, whole) = (folder.path().join("broken"), folder.path().join("whole"));
        std::fs::write(&broken, &HELLO[..12]).unwrap();
        std::fs::write(&whole, HELLO).unwrap();
        let mut contents = LooseContents::default();
        assert_eq!(contents.read(&broken, ObjectKind::Blob), None);
        assert_eq!(contents.read(&whole, ObjectKind::Blob).as_deref(), Some(&b"hello"[..]));
    }
}

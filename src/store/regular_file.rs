//! The one way to open a file for reading: a regular file only, without waiting, and never more of it than
//! is expected.
//!
//! A path may be a stranger's: a link to a device that never ends, a pipe without a writer, a file of terabytes.
//! Nothing else in the program opens a file to read it; `tests/architecture.rs` sees to that.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::fault;

/// The most bytes of a text that people write: ignore rules, attributes, an environment file.
pub const MOST_TEXT: u64 = 16 << 20;

/// Whether a link may stand for the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// The file behind it is read.
    Follow,
    /// It is refused: only the tool itself puts a file there.
    Refuse,
}

/// Opens a regular file.
///
/// # Errors
/// `InvalidInput` for anything else, with what it is; otherwise what the system says.
pub fn open(place: &Path, links: Links) -> io::Result<File> {
    // Before it is opened, since opening some devices does something already; and after, since it may be another by then.
    refuse_irregular(&match links {
        Links::Follow => fs::metadata(place)?,
        Links::Refuse => fs::symlink_metadata(place)?,
    })?;
    let file = options(links).read(true).open(place)?;
    refuse_irregular(&file.metadata()?)?;
    fault::opened("file", place);
    Ok(file)
}

/// Reads a regular file of at most `limit` bytes.
pub fn read(place: &Path, links: Links, limit: u64) -> io::Result<Vec<u8>> {
    let file = open(place, links)?;
    let expected = file.metadata()?.len();
    if expected > limit {
        return Err(too_large(limit));
    }
    up_to(file, expected, limit)
}

/// As [`read`], of a text in UTF-8.
pub fn read_text(place: &Path, links: Links, limit: u64) -> io::Result<String> {
    String::from_utf8(read(place, links, limit)?).map_err(|_| irregular("it is not UTF-8"))
}

/// As [`read_text`]; none where there is nothing.
pub fn read_text_if_there(place: &Path, links: Links, limit: u64) -> io::Result<Option<String>> {
    match read_text(place, links, limit) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads at most `limit` bytes of what the user names on the command line: a pipe too, for which it waits as long as
/// the user lets it.
pub fn read_given(place: &Path, limit: u64) -> io::Result<Vec<u8>> {
    up_to(File::open(place)?, 0, limit)
}

/// Adds what keeps an opening from following a link and from waiting.
pub(super) fn options(links: Links) -> fs::OpenOptions {
    let mut options = File::options();
    guard(&mut options, links);
    options
}

#[cfg(unix)]
fn guard(options: &mut fs::OpenOptions, links: Links) {
    use std::os::unix::fs::OpenOptionsExt;
    let no_link = if links == Links::Refuse { libc::O_NOFOLLOW } else { 0 };
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | no_link);
}

#[cfg(not(unix))]
fn guard(_options: &mut fs::OpenOptions, _links: Links) {}

pub(super) fn refuse_irregular(found: &Metadata) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    Err(irregular(match found {
        found if found.is_symlink() => "it is a symbolic link",
        found if found.is_dir() => "it is a folder",
        _ => "it is a device, pipe or socket, not a regular file",
    }))
}

/// Whether nothing stands at a place, or a regular file, be it behind a link: what git and libgit2 open without asking.
pub(super) fn refuse_irregular_if_there(place: &Path) -> io::Result<()> {
    match fs::metadata(place) {
        Ok(found) => refuse_irregular(&found),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err(error),
    }
}

fn up_to(file: File, expected: u64, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

fn too_large(limit: u64) -> io::Error {
    irregular(format!("it is larger than {} MiB", limit >> 20))
}

fn irregular(why: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("file");
        fs::write(&place, "four").unwrap();
        assert_eq!(read(&place, Links::Refuse, 4).unwrap(), b"four");
        assert_eq!(read(&place, Links::Refuse, 3).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(read_text_if_there(&folder.path().join("none"), Links::Follow, 4).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn devices_pipes_and_folders_are_refused_behind_links_too_and_nobody_waits() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let linked = folder.path().join("linked");
        symlink("/dev/zero", &linked).unwrap();
        for place in [Path::new("/dev/zero"), &linked, &pipe, folder.path()] {
            let error = read(place, Links::Follow, 4).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{place:?}: {error}");
        }
        fs::write(folder.path().join("file"), "four").unwrap();
        let to_file = folder.path().join("to-file");
        symlink("file", &to_file).unwrap();
        assert_eq!(read(&to_file, Links::Follow, 4).unwrap(), b"four");
        assert!(read(&to_file, Links::Refuse, 4).is_err());
    }
}

//! The system calls that change a disk, each with a [fault point](super::fault) behind it: a test can end the process
//! after every one of them, because nothing else in the store writes. What to write, and in which order, is decided
//! by the caller.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::TempPath;

use super::fault;
use super::regular_file::{self, Links};

/// What may stand where a new file is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwriting {
    /// Nothing: whatever is there is an error.
    Nothing,
    /// A file of the tool's own, whose content does not count any more.
    Leftover,
}

/// Writes a file and waits until the disk has it; `permissions` are those of the file whose place it will take.
pub fn write(place: &Path, bytes: &[u8], standing: Overwriting, permissions: Option<Permissions>) -> io::Result<()> {
    if standing == Overwriting::Leftover {
        // Not written over: a link in its place would lead to another file.
        remove_if_there(place)?;
    }
    let mut file = File::options().write(true).create_new(true).open(place)?;
    fault::reached("create", place);
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()?;
    fault::reached("write", place);
    Ok(())
}

/// Puts bytes in the place of a file of the tool's own, by way of `next` beside it: the file is the old one or the new one.
pub fn replace(place: &Path, next: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = write(next, bytes, Overwriting::Leftover, None).and_then(|()| rename(next, place));
    if written.is_err() {
        // The failure is what counts; what cannot be removed is written over, or swept, by a later run.
        let _ = remove_file(next);
    }
    written
}

/// Adds to the end of a file that is there. Nothing waits until the disk has it: what is lost is only a cache's.
pub fn append(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = regular_file::options(Links::Refuse).append(true).open(place)?;
    file.write_all(bytes)?;
    fault::reached("append", place);
    Ok(())
}

/// Gives a file another name; what has that name is replaced in the same instant.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    fault::reached("rename", to);
    Ok(())
}

/// Gives a file another name, which nothing may have; a file that cannot have it is removed.
pub fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    TempPath::try_from_path(from)?.persist_noclobber(to).map_err(|refused| refused.error)?;
    fault::reached("rename", to);
    Ok(())
}

/// Copies a file's bytes, permissions and time over another.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let modified = fs::metadata(from)?.modified()?;
    fs::copy(from, to)?;
    File::options().write(true).open(to)?.set_modified(modified)?;
    fault::reached("copy", to);
    Ok(())
}

pub fn remove_file(place: &Path) -> io::Result<()> {
    fs::remove_file(place)?;
    fault::reached("remove", place);
    Ok(())
}

/// Removes a file, or does nothing where there is none.
pub fn remove_if_there(place: &Path) -> io::Result<()> {
    match remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub fn remove_dir(place: &Path) -> io::Result<()> {
    fs::remove_dir(place)?;
    fault::reached("remove", place);
    Ok(())
}

pub fn remove_dir_all(place: &Path) -> io::Result<()> {
    fs::remove_dir_all(place)?;
    fault::reached("remove", place);
    Ok(())
}

/// Makes a folder that only its owner may look into, and those above it, as far as they are not there.
///
/// Another process may remove it at any moment, since the last one that used it does: then it is made again.
pub fn create_private_dir(place: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    loop {
        match keep_private(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            kept => return kept,
        }
        match builder.recursive(true).create(place) {
            // It was there when it was to be made, and is looked at again.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                made?;
                fault::reached("make", place);
                return Ok(());
            }
        }
    }
}

/// Looks at a folder, and closes one that an earlier version made for everybody to read.
fn keep_private(place: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(place)?;
    if !found.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0 {
        fs::set_permissions(place, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    }
    Ok(())
}

/// Makes an empty file that only its owner may read.
pub fn create_private_file(place: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place)?;
    fault::reached("create", place);
    Ok(())
}

/// Takes from everybody else what they may do with a file.
#[cfg(unix)]
pub fn keep_private_file(place: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::symlink_metadata(place)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(place, Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Takes from everybody else what they may do with a file; elsewhere its folder does so.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
pub fn keep_private_file(_place: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes what was done in a folder last through a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes a folder and those above it, as far as they are not there.
pub fn create_dir_all(place: &Path) -> io::Result<()> {
    if place.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(place)?;
    fault::reached("make", place);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_others_remove_meanwhile_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("state");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        create_private_dir(&place).unwrap();
                        let _removed_by_another = fs::remove_dir(&place);
                    }
                });
            }
        });
        fs::write(&place, "").unwrap();
        assert_eq!(create_private_dir(&place).unwrap_err().kind(), io::ErrorKind::NotADirectory);
    }
}

//! Writes a file that a person asked for, such as a report: whole or not at all, and only where they meant.

use std::fs;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use super::fault;
use super::regular_file::{self, Links};
use crate::error::{Error, Result};
use crate::model::paths;

/// Writes `bytes` to `file`, as [`Draft::begin`] takes it.
pub fn write(root: &Path, start: &Path, file: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = Draft::begin(root, start, file)?;
    draft.write_all(bytes).map_err(|error| draft.failed(error))?;
    draft.publish()
}

/// A file that is written piece by piece, and stands in its place only once it is whole.
#[derive(Debug)]
pub struct Draft {
    temporary: BufWriter<NamedTempFile>,
    place: PathBuf,
}

impl Draft {
    /// Begins `file`, which is taken from the folder `start`; a file that is there is replaced at the end.
    ///
    /// Refused are a link, a folder on the way that is a link out of the project at `root`, anything but a regular file,
    /// and the project's own data, which a slip of the hand would destroy.
    pub fn begin(root: &Path, start: &Path, file: &Path) -> Result<Self> {
        let (place, folder) = place_of(root, start, file)?;
        let temporary = temporary_in(&folder).map_err(|error| Error::io("write", &place, error))?;
        Ok(Self { temporary: BufWriter::new(temporary), place })
    }

    /// The error of a piece that could not be written.
    pub fn failed(&self, error: std::io::Error) -> Error {
        Error::io("write", &self.place, error)
    }

    /// Puts the file into its place.
    pub fn publish(self) -> Result<()> {
        let Self { temporary, place } = self;
        let publish = || {
            let temporary = temporary.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            temporary.as_file().sync_all()?;
            temporary.persist(&place).map_err(|failed| failed.error)?;
            fault::reached("rename", &place);
            Ok(())
        };
        publish().map_err(|error| Error::io("write", &place, error))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.temporary.flush()
    }
}

/// Where a file is to stand, and its folder.
fn place_of(root: &Path, start: &Path, file: &Path) -> Result<(PathBuf, PathBuf)> {
    let place = normal(&start.canonicalize().map_err(|error| Error::io("find", start, error))?.join(file));
    let (Some(folder), Some(name)) = (place.parent(), place.file_name()) else {
        return Err(Error::failed(format!("`{}` is not a file's name", file.display())));
    };
    let resolved = folder.canonicalize().map_err(|error| {
        Error::io("write", &place, error).hint("the folder has to be there; make it with `mkdir -p`")
    })?;
    if folder.starts_with(root) && !resolved.starts_with(root) {
        return Err(refused(file, "a folder on the way is a link that leaves the project"));
    }
    let place = resolved.join(name);
    let inside = place.strip_prefix(root).unwrap_or(Path::new(""));
    if inside.starts_with(paths::FOLDER) || inside.components().any(|part| part.as_os_str() == ".git") {
        return Err(refused(file, "it belongs to the directory's own data"));
    }
    match fs::symlink_metadata(&place) {
        Ok(found) if found.is_symlink() => return Err(refused(file, "it is a symbolic link")),
        Ok(found) if !found.is_file() => return Err(refused(file, "it is not a regular file")),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::io("write", &place, error)),
        _ => {}
    }
    Ok((place, resolved))
}

/// A text that a person edits with a program of their own; it is gone afterwards.
#[derive(Debug)]
pub struct Scratch(NamedTempFile);

/// The largest text that is read back, in bytes.
const LARGEST_SCRATCH: u64 = 1 << 20;

impl Scratch {
    /// Writes the text where only its owner can read it.
    pub fn new(text: &str) -> Result<Self> {
        let failed = |error| Error::failed("cannot write a file for the editor").caused_by(error);
        let mut file = tempfile::Builder::new().prefix("phone-dir-").suffix(".txt").tempfile().map_err(failed)?;
        file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(failed)?;
        Ok(Self(file))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// What became of it. An editor may have put another file in its place.
    pub fn read(&self) -> Result<String> {
        let text = regular_file::read_text(self.path(), Links::Refuse, LARGEST_SCRATCH);
        text.map_err(|error| Error::failed("cannot read what the editor wrote").caused_by(error))
    }
}

fn temporary_in(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any program's new file has; the umask takes its part from it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".phone-dir-").tempfile_in(folder)
}

fn refused(file: &Path, why: &str) -> Error {
    Error::failed(format!("will not write to `{}`: {why}", file.display()))
        .hint("give another file with `--output`, or `-` for standard output")
}

/// The path without `.` and `..`, which are taken at their word: `a/link/..` is `a`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join(paths::FOLDER)).unwrap();
        for text in ["one", "two"] {
            write(&root, &root, Path::new("./report.csv"), text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(root.join("report.csv")).unwrap(), text);
        }
        for bad in
            ["phone-numbers/directory.json", "phone-numbers/../phone-numbers/x.csv", ".git/config", "phone-numbers"]
        {
            assert!(write(&root, &root, Path::new(bad), b"x").is_err(), "{bad}");
        }
        assert_eq!(fs::read_dir(&root).unwrap().count(), 2, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = folder.path().canonicalize().unwrap();
        fs::write(elsewhere.path().join("victim"), "as it was").unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("victim"), root.join("report.csv")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), root.join("out")).unwrap();
        for bad in ["report.csv", "out/victim"] {
            assert!(write(&root, &root, Path::new(bad), b"x").is_err(), "{bad}");
        }
        assert_eq!(fs::read_to_string(elsewhere.path().join("victim")).unwrap(), "as it was");
    }
}

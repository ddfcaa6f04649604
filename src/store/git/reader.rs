//! Reads many contents one after the other, each in the way that is fastest for its size.
//!
//! libgit2 keeps 16 MiB of delta bases and none above 1 MiB, so that most versions of a large file are put together from the
//! start of their chain; the `git` program keeps more, and is ten times as fast on files of half a megabyte. Whoever knows what it will ask for has it read ahead, on a thread of its own
//! ([`ahead`](super::ahead)).

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout};

use super::{ContentId, GitRepository};
use crate::error::{Error, Result};
use crate::snapshot::{Content, MAX_FILE_BYTES};

/// From this size on, it is worth asking git.
const LARGE: u64 = 1 << 16;
/// What git may keep: enough for the chains of a few files of a megabyte, and bounded whatever the files are.
const KEPT_BASES: &str = "core.deltaBaseCacheLimit=64m";

/// Reads contents, with a `git cat-file` at its side once there is a large one.
pub struct ContentReader<'r> {
    repository: &'r GitRepository,
    batch: RefCell<Batch>,
}

enum Batch {
    NotStarted,
    Running(Box<Process>),
    /// Without the `git` program everything is read in this process.
    Unavailable,
}

impl GitRepository {
    /// Prepares to read many contents.
    pub fn reader(&self) -> ContentReader<'_> {
        ContentReader { repository: self, batch: RefCell::new(Batch::NotStarted) }
    }
}

impl ContentReader<'_> {
    /// A content's bytes, or why it is not read.
    pub fn read(&self, id: ContentId) -> Result<Content> {
        let size = self.repository.blob_size(id.0)?;
        if (LARGE..=MAX_FILE_BYTES).contains(&size)
            && let Some(bytes) = self.by_git(id)
        {
            return Ok(Content::Bytes(bytes));
        }
        self.repository.stored_content(id)
    }

    /// The bytes as git gives them; none where it does not, and libgit2 has to say what is wrong.
    fn by_git(&self, id: ContentId) -> Option<Vec<u8>> {
        let mut batch = self.batch.borrow_mut();
        if matches!(*batch, Batch::NotStarted) {
            let started = Process::start(self.repository);
            *batch = started.map_or(Batch::Unavailable, |process| Batch::Running(Box::new(process)));
        }
        let Batch::Running(process) = &mut *batch else { return None };
        let bytes = process.read(id);
        if bytes.is_err() {
            *batch = Batch::Unavailable;
        }
        bytes.ok()
    }
}

/// A running `git cat-file --batch`.
struct Process {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    fn start(repository: &GitRepository) -> Result<Self> {
        let mut child = repository.question("cat-file")?.setting(KEPT_BASES).args(["--batch"]).start()?;
        let requests = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| Error::failed("`git cat-file` has no output"))?;
        Ok(Self { child, requests, answers: BufReader::with_capacity(1 << 16, answers) })
    }

    fn read(&mut self, id: ContentId) -> Result<Vec<u8>> {
        self.exchange(id).map_err(|error| Error::failed("cannot talk to `git cat-file`").caused_by(error))
    }

    fn exchange(&mut self, id: ContentId) -> std::io::Result<Vec<u8>> {
        let unexpected = || std::io::Error::other("an unexpected answer");
        let requests = self.requests.as_mut().ok_or_else(unexpected)?;
        requests.write_all(format!("{}\n", id.0).as_bytes())?;
        let mut heading = String::new();
        self.answers.read_line(&mut heading)?;
        let size = heading.trim_end().strip_prefix(&format!("{} blob ", id.0)).ok_or_else(unexpected)?;
        let mut bytes = vec![0; size.parse().map_err(|_| unexpected())?];
        self.answers.read_exact(&mut bytes)?;
        let mut end = [0];
        self.answers.read_exact(&mut end)?;
        Ok(bytes)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.requests.take());
        // Its input has ended, so it ends; how does not matter any more.
        let _ = self.child.wait();
    }
}

//! The points at which a test can end the process: after each step of a change, and after each single thing that
//! changes the disk or git.
//!
//! `PHONE_DIR_FAULT` says where. `<step>` or `<step>:<number>` ends the process right after a step. `stop:<n>` lets it
//! wait for ever at the `n`th point that it reaches, so that a test that reads its standard error can kill it there, and
//! `trace` names every point on standard error. `reads` names every file and repository that is opened to be read.
//! Release builds have none of this.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A step after which the process may be killed; the number counts files within a step, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultStep {
    /// The journal with the earlier contents is on disk.
    Journal,
    /// A new content is on disk, under a temporary name.
    Temporary,
    /// A file has its new content.
    Rename,
    /// The commit object exists, and the journal names it.
    CommitObject,
    /// Git's index is locked, and the new one is prepared.
    IndexLock,
    /// The branch points to the commit.
    Head,
    /// The index has the new entries.
    Index,
    /// The index is unlocked again; only the journal is left.
    Unlock,
}

impl FaultStep {
    pub const ALL: [Self; 8] = [
        Self::Journal,
        Self::Temporary,
        Self::Rename,
        Self::CommitObject,
        Self::IndexLock,
        Self::Head,
        Self::Index,
        Self::Unlock,
    ];

    /// The name in `PHONE_DIR_FAULT`, such as `after-rename`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Journal => "after-journal",
            Self::Temporary => "after-temporary",
            Self::Rename => "after-rename",
            Self::CommitObject => "after-commit-object",
            Self::IndexLock => "after-index-lock",
            Self::Head => "after-head",
            Self::Index => "after-index",
            Self::Unlock => "after-unlock",
        }
    }
}

/// The exit code of a process that ended at a fault.
pub const EXIT_CODE: i32 = 86;

/// How a line on standard error begins that names a point, with `PHONE_DIR_FAULT=trace` or at a stop.
pub const POINT: &str = "fault point ";

/// How a line on standard error begins that names what was opened to be read, with `PHONE_DIR_FAULT=reads`.
pub const OPENED: &str = "opened ";

const VARIABLE: &str = "PHONE_DIR_FAULT";

/// Ends the process when `PHONE_DIR_FAULT` is `<step>` or `<step>:<number>`; debug builds only.
pub(crate) fn passed(step: FaultStep, number: usize) {
    if cfg!(debug_assertions) && std::env::var(VARIABLE).is_ok_and(|wanted| matches(&wanted, step, number)) {
        std::process::exit(EXIT_CODE);
    }
}

fn matches(wanted: &str, step: FaultStep, number: usize) -> bool {
    let (name, count) = wanted.split_once(':').unwrap_or((wanted, "1"));
    name == step.name() && count.parse() == Ok(number)
}

/// Says that a file or a repository was opened, with `PHONE_DIR_FAULT=reads`; debug builds only.
pub(crate) fn opened(what: &str, place: &Path) {
    if cfg!(debug_assertions) && std::env::var(VARIABLE).is_ok_and(|wanted| wanted == "reads") {
        eprintln!("{OPENED}{what} {}", place.display());
    }
}

/// Says that `action` was done to `place`; debug builds can stop here.
pub(crate) fn reached(action: &str, place: impl AsRef<Path>) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    if !cfg!(debug_assertions) {
        return;
    }
    let Ok(wanted) = std::env::var(VARIABLE) else { return };
    let number = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
    let is_stop = wanted.strip_prefix("stop:").is_some_and(|wanted| wanted.parse() == Ok(number));
    if is_stop || wanted == "trace" {
        eprintln!("{POINT}{number}: {action} {}", place.as_ref().display());
    }
    if is_stop {
        loop {
            std::thread::park();
        }
    }
}

//! The steps of a change to files, and a way for tests to end the process right after any of them.
//!
//! Release builds have no such ends.

/// A step after which the process may be killed; the number counts files within a step, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
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

impl Step {
    /// Every step, in order.
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

/// Ends the process, as a kill would, when `PHONE_DIR_FAULT` is `<step>` or `<step>:<number>`; debug builds only.
pub(crate) fn passed(step: Step, number: usize) {
    if cfg!(debug_assertions) && std::env::var("PHONE_DIR_FAULT").is_ok_and(|wanted| matches(&wanted, step, number)) {
        std::process::exit(EXIT_CODE);
    }
}

fn matches(wanted: &str, step: Step, number: usize) -> bool {
    let (name, count) = wanted.split_once(':').unwrap_or((wanted, "1"));
    name == step.name() && count.parse() == Ok(number)
}

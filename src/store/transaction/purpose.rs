//! What a command means to change, which decides what becomes of an interrupted change before it.

/// What a transaction is begun for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To change the directory: what was interrupted before is finished or undone first.
    Change,
    /// To change what stands around the directory: hooks, drivers, attributes. A change of the directory that was
    /// interrupted is left to a command that changes the directory.
    Surroundings,
    /// To show what would change, as `--dry-run` does: what was interrupted stays as it is.
    Preview,
}

impl Purpose {
    /// The purpose of a command with this `--dry-run`.
    pub fn of(dry_run: bool) -> Self {
        if dry_run { Self::Preview } else { Self::Change }
    }
}

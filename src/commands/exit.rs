//! How a command that did its job ends.

/// How a command that did its job ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done. Exit code 0.
    Done,
    /// There are findings or differences. Exit code 1.
    Found,
    /// The job is done in part: an error was printed as part of the output. Exit code 2.
    Failed,
    /// What was asked cannot be told in full. Exit code 3.
    CannotTell,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Failed => 2,
            Self::CannotTell => 3,
        }
    }
}

//! Why a command could not do its job, and what to do next.
//!
//! An [`Error`] is never a finding: a wrong value in a file is a [finding](crate::validate), collected and
//! reported with exit code 1. An error ends the command with exit code 2 or 3.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The result of anything that can end a command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How an error ends the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command failed: usage, I/O, git, or a provider that answered no. Exit code 2.
    Failed,
    /// A rail stopped the command before it did something that looks wrong. Exit code 2, status `refused`.
    Refused,
    /// The user answered no to a question: nothing went wrong, and nothing was done. Exit code 2, status `refused`.
    Declined,
    /// The answer cannot be known: an incomplete read, shallow history, no directory. Exit code 3.
    CannotTell,
}

impl ErrorKind {
    /// The process exit code: 2 or 3.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed | Self::Refused | Self::Declined => 2,
            Self::CannotTell => 3,
        }
    }

    pub fn status(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Refused | Self::Declined => "refused",
            Self::CannotTell => "incomplete",
        }
    }
}

/// A failure with its reason, its cause and the next thing to type.
///
/// Messages are lower case, without a final stop, and put literals in backticks.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    allow_flag: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Creates an error that ends with exit code 2.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    /// Creates a refusal by a rail (exit code 2); `flag` is the option that allows exactly this.
    pub fn refused(message: impl Into<String>, flag: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Refused, message);
        error.allow_flag = Some(flag.into());
        error
    }

    /// Creates the end of a command whose user answered no (exit code 2).
    pub fn declined(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Declined, message)
    }

    /// Creates an error that ends with exit code 3.
    pub fn cannot_tell(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::CannotTell, message)
    }

    /// Creates the error of a file operation: `action` is a verb such as `read` or `write`.
    pub fn io(action: &str, path: &Path, source: io::Error) -> Self {
        let hint = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Some("free some space, then run the command again")
            }
            io::ErrorKind::PermissionDenied => Some("see that you may read and write the folder and what is in it"),
            io::ErrorKind::ReadOnlyFilesystem => Some("mount the disk for writing, or work in a copy elsewhere"),
            _ => None,
        };
        let error = Self::failed(format!("cannot {action} `{}`", path.display())).caused_by(source);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, allow_flag: None, source: None }
    }

    /// Adds what to do next, as a sentence that starts in lower case.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the cause, printed as a "caused by" line.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The same where the command has no option that allows it: then it is no rail's refusal.
    #[must_use]
    pub fn without_flag(mut self) -> Self {
        if self.allow_flag.take().is_some() {
            self.kind = ErrorKind::Failed;
        }
        self
    }

    /// How this error ends the process.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What went wrong, and where.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The option that allows what a rail refused.
    pub fn allow_flag(&self) -> Option<&str> {
        self.allow_flag.as_deref()
    }

    /// What the system said, where that is the cause.
    pub fn system_error(&self) -> Option<io::ErrorKind> {
        self.source.as_deref()?.downcast_ref::<io::Error>().map(io::Error::kind)
    }

    /// The causes, outermost first, each as one line.
    pub fn causes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            lines.push(cause.to_string());
            next = cause.source();
        }
        lines
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

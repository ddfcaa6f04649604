//! A finding: something wrong in the data, with the place that it cannot be made without.

use std::fmt::Display;
use std::ops::Range;

use super::rule::{Rule, Severity};
use crate::document::escape;
use crate::model::{PhoneNumber, WorkspaceName};

/// A JSON pointer (RFC 6901) that is built token by token.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer of the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Takes a pointer that is written already.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The pointer of a property below this one, or of an array's element.
    #[must_use]
    pub fn at(mut self, token: impl Display) -> Self {
        self.0.push('/');
        self.0.push_str(&escape(&token.to_string()));
        self
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which bytes of a file a place means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The key that the pointer ends with.
    Key(Pointer),
    /// The value that the pointer names.
    Value(Pointer),
    /// The file itself: it is missing, or must not be there.
    WholeFile,
    /// Bytes of a file that is not, or not yet, JSON.
    Offset(Range<usize>),
}

/// A place in a file, before its line is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's path from the project's root.
    pub file: String,
    pub part: Part,
}

impl Place {
    pub fn key(file: impl Into<String>, pointer: Pointer) -> Self {
        Self { file: file.into(), part: Part::Key(pointer) }
    }

    pub fn value(file: impl Into<String>, pointer: Pointer) -> Self {
        Self { file: file.into(), part: Part::Value(pointer) }
    }

    /// A file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), part: Part::WholeFile }
    }

    pub fn bytes(file: impl Into<String>, range: Range<usize>) -> Self {
        Self { file: file.into(), part: Part::Offset(range) }
    }
}

/// Another place that belongs to a finding, such as the one that contradicts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub place: Place,
    pub message: String,
}

/// One thing that is wrong, as a rule reports it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// What is wrong, as a sentence that stands alone; lower case, no final stop.
    pub message: String,
    /// What the check list for people says instead, below the check's heading.
    pub item: Option<String>,
    pub place: Place,
    /// What else has to do with it.
    pub related: Vec<Related>,
    pub phone_number: Option<PhoneNumber>,
    pub workspace: Option<WorkspaceName>,
    /// What to do about this very finding.
    pub help: Option<String>,
    /// The worst that it can be, whatever the rule's severity is.
    pub at_most: Severity,
}

impl Finding {
    /// Creates a finding at its place.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
            item: None,
            place,
            related: Vec::new(),
            phone_number: None,
            workspace: None,
            help: None,
            at_most: Severity::Error,
        }
    }

    #[must_use]
    pub fn number(mut self, number: PhoneNumber) -> Self {
        self.phone_number = Some(number);
        self
    }

    #[must_use]
    pub fn workspace(mut self, workspace: &WorkspaceName) -> Self {
        self.workspace = Some(workspace.clone());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says how bad it is at most: a rule's finding may be milder here than elsewhere.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.at_most = severity;
        self
    }

    /// Says it in other words below the check's heading.
    #[must_use]
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.item = Some(item.into());
        self
    }
}

//! The version of the directory's file format.

use super::{ParseError, text::text_type};

/// The format's version, `MAJOR.MINOR.PATCH`; a reader knows one major.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FormatVersion(Box<str>);

impl FormatVersion {
    pub(crate) const EXPECTED: &'static str = "a version such as `1.0.0`";
    /// The major version that this program reads and writes.
    pub const KNOWN_MAJOR: &str = "1";

    /// Parses three numbers without leading zeros, joined by dots.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let is_number = |part: &str| {
            (1..=9).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_digit())
                && (part == "0" || !part.starts_with('0'))
        };
        if text.split('.').count() == 3 && text.split('.').all(is_number) {
            Ok(Self(text.into()))
        } else {
            Err(ParseError::expected(Self::EXPECTED))
        }
    }

    /// The version that a new directory starts with.
    pub fn current() -> Self {
        Self("1.0.0".into())
    }

    /// Whether this program may read, and rewrite, a directory of this version.
    pub fn is_known(&self) -> bool {
        self.as_str().split('.').next() == Some(Self::KNOWN_MAJOR)
    }

    /// The version as the file writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_type!(FormatVersion);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_three_numbers_without_leading_zeros() {
        for (good, is_known) in [
            ("1.0.0", true),
            ("1.999999999.0", true),
            ("1.2.10", true),
            ("0.0.0", false),
            ("2.0.0", false),
            ("10.1.1", false),
        ] {
            let version = FormatVersion::parse(good).unwrap();
            assert_eq!((version.as_str(), version.is_known()), (good, is_known), "{good}");
        }
        for bad in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "1..0",
            "1.0.",
            ".1.0",
            "01.0.0",
            "1.00.0",
            "1.0.01",
            "a.0.0",
            "1.0.0 ",
            "1.0.1234567890",
        ] {
            assert!(FormatVersion::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(FormatVersion::current().to_string(), "1.0.0");
    }
}

//! The name of a Retell workspace, which is also the name of its folder below `phone-numbers/`.

use super::{ParseError, order, text::text_type};

/// A workspace name: one plain folder name that is not reserved.
///
/// Order is the specification's (`staging`, `production`), then by text: the order in which every file and
/// every output lists workspaces.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WorkspaceName(Box<str>);

impl WorkspaceName {
    pub(crate) const EXPECTED: &'static str = "a workspace name: letters, digits, `.`, `_` and `-`, not starting with a dot, and neither `twilio` nor `agent`";
    /// `twilio` is the folder of Twilio's data; `agent` would be confused with `agents/*/agent.json`.
    const RESERVED: [&str; 2] = ["twilio", "agent"];

    /// Parses a plain name that is not reserved (in any case, because file systems fold it).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let reserved = Self::RESERVED.iter().any(|name| name.eq_ignore_ascii_case(text));
        if is_plain_name(text) && !reserved { Ok(Self(text.into())) } else { Err(ParseError::expected(Self::EXPECTED)) }
    }

    /// The default pair, in the specification's order.
    pub fn default_pair() -> [Self; 2] {
        order::WORKSPACES.map(|name| Self(name.into()))
    }

    /// The name as it stands in paths and files.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a heading: `staging` becomes `Staging`.
    pub fn title(&self) -> String {
        order::capitalized(&self.0)
    }
}

impl Ord for WorkspaceName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        order::known_first(&order::WORKSPACES, &self.0, &other.0)
    }
}

impl PartialOrd for WorkspaceName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

text_type!(WorkspaceName);

/// Whether a text is one plain path component: `[A-Za-z0-9._-]+`, not starting with a dot.
pub(crate) fn is_plain_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_a_plain_folder_name_that_is_not_reserved() {
        assert!(WorkspaceName::parse("eu-west.2").is_ok());
        for bad in ["", ".git", "..", "a/b", "twilio", "Twilio", "agent", "näme", "a b"] {
            assert!(WorkspaceName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn staging_and_production_come_first_in_the_specifications_order() {
        let mut names = ["production", "eu", "staging"].map(|name| WorkspaceName::parse(name).unwrap());
        names.sort();
        assert_eq!(names.map(|name| name.to_string()), ["staging", "production", "eu"]);
    }
}

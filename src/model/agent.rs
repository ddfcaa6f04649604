//! Agents: Retell's opaque ids, and the folders that describe an agent in the repository.

use super::{ParseError, text::text_type, workspace::is_plain_name};

/// A Retell agent id: opaque, not empty, without control characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentId(Box<str>);

impl std::borrow::Borrow<str> for AgentId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl AgentId {
    pub(crate) const EXPECTED: &'static str = "an agent id: not empty, without control characters";

    /// Parses any text that is not empty and holds no control character.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() || text.chars().any(|letter| letter.is_ascii_control()) {
            return Err(ParseError::expected(Self::EXPECTED));
        }
        Ok(Self(text.into()))
    }

    /// The id as Retell gives it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_type!(AgentId);

/// The path of an agent's folder: `agents/` and one plain name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentPath(Box<str>);

impl AgentPath {
    pub(crate) const EXPECTED: &'static str =
        "an agent path: `agents/` and a name of letters, digits, `.`, `_` and `-`, not starting with a dot";

    /// Parses `agents/NAME`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match text.strip_prefix("agents/") {
            Some(name) if is_plain_name(name) => Ok(Self(text.into())),
            _ => Err(ParseError::expected(Self::EXPECTED)),
        }
    }

    pub fn of_folder(name: &str) -> Result<Self, ParseError> {
        Self::parse(&format!("agents/{name}"))
    }

    /// The path from the project's root, with `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder's name, without `agents/`.
    pub fn folder(&self) -> &str {
        &self.0["agents/".len()..]
    }
}

text_type!(AgentPath);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_path_stays_inside_agents() {
        assert_eq!(AgentPath::parse("agents/customer-service").unwrap().folder(), "customer-service");
        for bad in ["agents/", "agents/..", "agents/a/b", "/agents/a", "agents/.hidden", "agent/a", "agents/a b"] {
            assert!(AgentPath::parse(bad).is_err(), "{bad}");
        }
    }
}

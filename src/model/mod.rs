//! The typed model: what the files of a project mean, and nothing about where they are kept.
//!
//! Every value is parsed once, at the edge, into a type that cannot hold a wrong phone number, SID, time or
//! path. The structs in the files named after a kind of file ([`master`], [`registry`], [`assignments`], …)
//! have exactly the shape and the key order of that file, so writing one is serializing it. [`Directory`]
//! holds all of them together; [`derive`] is the one place that computes what follows from the rest.

pub mod agent;
pub mod agent_folders;
pub mod agent_hint;
pub mod agent_names;
pub mod annotation;
pub mod assignments;
pub mod by_workspace;
pub mod canonical;
pub mod commit_trailers;
pub mod count;
pub mod day;
pub mod decoding;
pub mod derive;
pub mod directory;
pub mod equivalence;
pub mod field_value;
pub mod key_files;
pub mod live_record;
#[cfg(test)]
pub mod made_up;
pub mod master;
pub mod moment;
pub mod names;
pub mod nearest;
pub mod number_field;
pub mod numbering;
mod object;
pub mod order;
pub mod path_pattern;
pub mod paths;
pub mod phone_number;
pub mod pools;
pub mod presence;
pub mod prices;
pub mod protected;
pub mod registry;
pub mod routing;
pub mod run_keys;
pub mod scope;
pub mod settings;
pub mod sid;
pub mod sip;
pub mod sync_log;
mod text;
pub mod timestamp;
pub mod trunks;
pub mod version;
pub mod waived_numbers;
pub mod workspace;
pub mod workspaces_file;

use std::fmt;

pub use agent::{AgentId, AgentPath};
pub use agent_folders::AgentFolders;
pub use agent_names::AgentNames;
pub use assignments::{Assignment, AssignmentType, AssignmentsFile};
pub use by_workspace::ByWorkspace;
pub use day::Day;
pub use directory::{Directory, WorkspaceFiles};
pub use live_record::LiveRecord;
pub use master::{MasterFile, NumberEntry, NumberType, Provider, SipConfig, TwilioData, WorkspaceEntry};
pub use phone_number::PhoneNumber;
pub use pools::{PoolName, PoolsFile};
pub use protected::ProtectedWorkspaces;
pub use registry::{ImportMethod, NumbersFile, RegistryEntry};
pub use routing::{AgentVersion, AgentWeight, Weight};
pub use settings::{Setting, Settings};
pub use timestamp::Timestamp;
pub use trunks::TrunksFile;
pub use workspace::WorkspaceName;

/// Why a text is not a value of a type: what was expected, without the text itself, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
}

impl ParseError {
    pub(crate) fn expected(expected: &'static str) -> Self {
        Self { expected }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "expected {}", self.expected)
    }
}

impl std::error::Error for ParseError {}

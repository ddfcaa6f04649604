//! What a change must not do without being told to, and the flag that allows exactly each.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::model::{Directory, PhoneNumber, ProtectedWorkspaces, WorkspaceName};

/// Something that looks like an accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rail {
    /// An agent's id belongs to another workspace.
    ForeignAgent,
    /// The weights of a list do not add up to 1.
    Weights,
    /// A number of a protected workspace would lose the agents of a direction.
    Unbinding,
    /// Retell's state is not the one that the directory knows.
    Overwriting,
    /// A rollback would take a number out of a workspace, or a bound one be deleted from a protected workspace.
    Deleting,
    /// A number that no plan has would be imported.
    ImpossibleNumber,
}

impl Rail {
    /// The flag that allows exactly this.
    pub fn flag(self) -> &'static str {
        match self {
            Self::ForeignAgent => "--allow-foreign-agent",
            Self::Weights => "--allow-weights",
            Self::Unbinding => "--allow-unbind",
            Self::Overwriting => "--overwrite",
            Self::Deleting => "--allow-delete",
            Self::ImpossibleNumber => "--allow-impossible",
        }
    }
}

/// The rails that the user's flags take away.
pub type Allowed = BTreeSet<Rail>;

/// What an edit is held against before anything is sent.
#[derive(Clone, Copy, Debug)]
pub struct Safeguards<'a> {
    /// The workspaces whose lines are not silenced by accident.
    pub protected: &'a ProtectedWorkspaces,
    /// The rails that the user's flags take away.
    pub allowed: &'a Allowed,
    /// The directory, which knows what agents are called.
    pub directory: &'a Directory,
}

impl Safeguards<'_> {
    /// Whether a rail stands around a workspace.
    pub fn protects(&self, workspace: &WorkspaceName, rail: Rail) -> bool {
        self.protected.contains(workspace) && !self.allowed.contains(&rail)
    }

    pub fn holds(&self, rail: Rail) -> bool {
        !self.allowed.contains(&rail)
    }
}

/// Something that was asked for and cannot be done, known before anything is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    pub phone_number: PhoneNumber,
    pub workspace: WorkspaceName,
    /// Why, lower case.
    pub message: String,
}

/// Why one number is not changed: a rail, or a plain mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The rail, if a flag would allow it.
    pub rail: Option<Rail>,
    /// What is wrong, lower case.
    pub message: String,
    pub hint: Option<String>,
}

impl Objection {
    /// Something that no flag allows.
    pub fn mistake(message: impl Into<String>) -> Self {
        Self { rail: None, message: message.into(), hint: None }
    }

    /// Something that a flag allows.
    pub fn rail(rail: Rail, message: impl Into<String>) -> Self {
        Self { rail: Some(rail), message: message.into(), hint: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The objection as the error that ends a command.
    pub fn into_error(self) -> Error {
        let error = match self.rail {
            Some(rail) => Error::refused(self.message, rail.flag()),
            None => Error::failed(self.message),
        };
        match self.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rail_has_its_flag_and_is_taken_away_by_it_alone() {
        let rails = [
            Rail::ForeignAgent,
            Rail::Weights,
            Rail::Unbinding,
            Rail::Overwriting,
            Rail::Deleting,
            Rail::ImpossibleNumber,
        ];
        let flags = [
            "--allow-foreign-agent",
            "--allow-weights",
            "--allow-unbind",
            "--overwrite",
            "--allow-delete",
            "--allow-impossible",
        ];
        assert_eq!(rails.map(Rail::flag), flags);
        let (protected, directory) = (ProtectedWorkspaces::default(), Directory::empty());
        let [production, staging] = ["production", "staging"].map(|name| WorkspaceName::parse(name).unwrap());
        for rail in rails {
            let allowed = Allowed::from([rail]);
            let safeguards = Safeguards { protected: &protected, allowed: &allowed, directory: &directory };
            for other in rails {
                assert_eq!(safeguards.holds(other), other != rail);
                assert_eq!(
                    (safeguards.protects(&production, other), safeguards.protects(&staging, other)),
                    (other != rail, false)
                );
            }
        }
    }

    #[test]
    fn an_objection_ends_a_command_with_its_words_and_its_flag() {
        let refused = Objection::rail(Rail::Deleting, "no").hint("look").into_error();
        assert_eq!(refused.message(), "no");
        assert!(format!("{refused:?}").contains("--allow-delete") && format!("{refused:?}").contains("look"));
        let failed = Objection::mistake("wrong").into_error();
        assert_eq!((failed.message(), format!("{failed:?}").contains("--allow")), ("wrong", false));
    }
}

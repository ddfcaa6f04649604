//! The git hook, without git: which projects a commit touches, and what a file in the hooks folder is.
//!
//! Pure. The `hook` command reads and writes; the script itself is `hooks/pre-commit`.

pub mod calls;
mod off;
mod project_roots;
pub mod standing;
mod state;
pub mod tool;

pub use off::HooksOff;
pub use project_roots::{all_roots, touched_roots};
pub use standing::HookStanding;
pub use state::{FoundHook, HookState, HooksReach};
pub use tool::Tool;

/// How the hook stands in a clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookPresence {
    /// It runs at every commit.
    Installed,
    /// Hooks of the team's own, or of a tool, call the check at every commit.
    Called,
    /// It is not there, and would be put into a folder that every repository uses.
    Everywhere,
    /// The setting `core.hooksPath` leaves git without hooks.
    SwitchedOff(HooksOff),
    /// It is not there, or an older one is.
    Missing,
    /// Another tool owns the hooks: what to write into its configuration.
    Managed(&'static str),
}

/// The script, as it is put in place.
pub const SCRIPT: &str = include_str!("../../../hooks/pre-commit");

/// The hooks that it serves: git runs the second one, and not the first, for a merge without conflicts.
pub const NAMES: [&str; 2] = ["pre-commit", "pre-merge-commit"];

/// What is added to the name of a hook that was there before; the script looks for it under this name.
pub const BEFORE: &str = ".before-phone-dir";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_says_whose_it_is_and_looks_for_the_earlier_hook() {
        assert!(SCRIPT.contains(standing::MARKER));
        assert!(SCRIPT.contains(&format!("$name{BEFORE}")));
    }
}

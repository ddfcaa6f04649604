//! How the hooks of a repository stand, looked at once for every command that says something of it.

use super::{BEFORE, HookPresence, HookStanding, Tool};
use crate::words::word_enum;

word_enum! {
    /// Who uses a hooks folder.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum HooksReach {
        /// This repository with all its working trees.
        Repository = "repository",
        /// Everyone who clones this repository and points git there: it is inside the working tree.
        Team = "team",
        /// Other repositories too, if their configuration points there; this one's does.
        Shared = "shared",
        /// Every repository of this user or machine: the configuration of none of them says so.
        Everywhere = "everywhere",
    }
}

/// One of the hooks that are ours to put there.
#[derive(Clone, Debug)]
pub struct FoundHook {
    /// Its name, such as `pre-commit`.
    pub name: &'static str,
    pub standing: HookStanding,
    /// Whether git would run it.
    pub runs: bool,
    /// Whether an earlier hook is kept beside it.
    pub has_before: bool,
}

impl FoundHook {
    /// The name under which an earlier hook is kept.
    pub fn before(&self) -> String {
        format!("{}{BEFORE}", self.name)
    }

    /// Whether it checks commits, or would if git ran it.
    pub fn checks(&self) -> bool {
        matches!(self.standing, HookStanding::Installed | HookStanding::Calls)
    }
}

/// What stands in the folder from which git runs hooks.
#[derive(Clone, Debug)]
pub struct HookState {
    pub reach: HooksReach,
    pub hooks: Vec<FoundHook>,
    /// The tool that owns the folder or one of the hooks in it.
    pub tool: Option<Tool>,
    /// Whether the configuration of such a tool calls the check.
    pub is_called: bool,
}

impl HookState {
    /// Whether every hook is ours, or one that calls the check, and runs.
    pub fn is_complete(&self) -> bool {
        self.hooks.iter().all(|hook| hook.checks() && hook.runs)
    }

    /// Whether the check runs at every commit, from hooks of ours or of others.
    pub fn is_installed(&self) -> bool {
        self.is_complete() || self.tool.is_some() && self.is_called
    }

    pub fn presence(&self) -> HookPresence {
        let is_ours = self.hooks.iter().any(|hook| hook.standing == HookStanding::Installed);
        match self.tool {
            _ if self.is_complete() && is_ours && self.reach != HooksReach::Everywhere => HookPresence::Installed,
            _ if self.is_installed() => HookPresence::Called,
            Some(tool) => HookPresence::Managed(tool.advice()),
            None if self.reach == HooksReach::Everywhere => HookPresence::Everywhere,
            None => HookPresence::Missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(standing: HookStanding, tool: Option<Tool>, is_called: bool, reach: HooksReach) -> HookState {
        let hooks = vec![FoundHook { name: "pre-commit", standing, runs: true, has_before: false }];
        HookState { reach, hooks, tool, is_called }
    }

    #[test]
    fn what_is_installed_is_so_for_every_command() {
        use HookStanding::{Absent, Calls, Installed};
        use HooksReach::{Everywhere, Repository};
        let tool = Some(Tool::Husky);
        for (standing, tool, is_called, reach, expected) in [
            (Installed, None, false, Repository, HookPresence::Installed),
            (Installed, None, false, Everywhere, HookPresence::Called),
            (Calls, None, false, Repository, HookPresence::Called),
            (Absent, None, false, Everywhere, HookPresence::Everywhere),
            (Absent, None, true, Repository, HookPresence::Missing),
            (Absent, tool, true, Repository, HookPresence::Called),
            (Absent, tool, false, Repository, HookPresence::Managed(Tool::Husky.advice())),
        ] {
            let state = state(standing, tool, is_called, reach);
            assert_eq!(state.presence(), expected, "{state:?}");
            let is_installed = matches!(expected, HookPresence::Installed | HookPresence::Called);
            assert_eq!(state.is_installed(), is_installed, "{state:?}");
        }
    }

    #[test]
    fn a_hook_that_git_does_not_run_is_not_installed() {
        let mut state = state(HookStanding::Installed, None, false, HooksReach::Repository);
        state.hooks[0].runs = false;
        assert_eq!((state.is_complete(), state.presence()), (false, HookPresence::Missing));
        assert_eq!(state.hooks[0].before(), "pre-commit.before-phone-dir");
    }
}

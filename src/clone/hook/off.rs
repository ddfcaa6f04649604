//! A setting that leaves git without hooks: what it is, where it stands, and what takes it back.

use std::fmt;

use crate::clone::drivers::shell_word;

/// The setting `core.hooksPath` where it names no folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HooksOff {
    /// Its value: a file such as `/dev/null`, or nothing.
    pub value: String,
    /// Where git has it from, as `git config --show-origin` writes it: `file:PATH` or `command line:`.
    pub origin: String,
    /// For whom it holds, as `git config --show-scope` writes it: `local`, `worktree`, `global`, `system` or `command`.
    pub scope: String,
    /// The folder of hooks that this repository has of its own.
    pub own_folder: String,
}

impl HooksOff {
    /// The one command that lets hooks run in this repository.
    pub fn command(&self) -> String {
        match self.scope.as_str() {
            "local" => "git config --unset core.hooksPath".to_owned(),
            "worktree" => "git config --worktree --unset core.hooksPath".to_owned(),
            "global" | "system" => format!("git config core.hooksPath {}", shell_word(&self.own_folder)),
            _ => "git config --show-origin core.hooksPath".to_owned(),
        }
    }

    /// What to do about it, for a hint.
    pub fn way_out(&self) -> String {
        let command = self.command();
        match self.scope.as_str() {
            "local" | "worktree" => format!("take it out with `{command}`, then run this again"),
            "global" | "system" => {
                format!("it holds for every repository; for this one alone: `{command}`, then run this again")
            }
            _ => "it comes from `git -c` or from `GIT_CONFIG_…` in the environment: take it out there".to_owned(),
        }
    }

    fn place(&self) -> String {
        self.origin
            .strip_prefix("file:")
            .map_or_else(|| "on git's command line or in the environment".to_owned(), |path| format!("in `{path}`"))
    }
}

impl fmt::Display for HooksOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.value.is_empty() { "empty".to_owned() } else { format!("`{}`", self.value) };
        write!(out, "git's hooks are switched off here: `core.hooksPath` is {value}, set {}", self.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(scope: &str, origin: &str, value: &str) -> HooksOff {
        let own = |text: &str| text.to_owned();
        HooksOff { value: own(value), origin: own(origin), scope: own(scope), own_folder: own(".git/hooks") }
    }

    #[test]
    fn the_way_out_fits_the_place_of_the_setting() {
        let local = off("local", "file:.git/config", "");
        assert_eq!(
            local.to_string(),
            "git's hooks are switched off here: `core.hooksPath` is empty, set in `.git/config`"
        );
        assert_eq!(local.command(), "git config --unset core.hooksPath");
        let global = off("global", "file:/home/ann/.gitconfig", "/dev/null");
        assert!(global.to_string().ends_with("is `/dev/null`, set in `/home/ann/.gitconfig`"));
        assert_eq!(global.command(), "git config core.hooksPath .git/hooks");
        assert!(global.way_out().contains("every repository"));
        let command = off("command", "command line:", "/dev/null");
        assert!(command.to_string().ends_with("on git's command line or in the environment"));
        assert!(command.way_out().contains("GIT_CONFIG_"));
    }
}

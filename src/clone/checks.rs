//! What is amiss in a clone, from what was found in it: each check with its remedy.

use super::drivers::{self, Setting};
use super::findings::{Finding, OLDEST_GIT, git_version};
use super::hook::HookPresence;
use crate::error::Error;
use crate::model::paths;

/// The attributes' file, at the project's root.
pub const ATTRIBUTES: &str = ".gitattributes";

/// An error whose hint is the remedy.
pub fn of_error(error: &Error) -> Finding {
    Finding::new(error.message(), error.hint_text().unwrap_or("`git status` says more"))
}

/// A git that is too old, by what `git --version` printed.
pub fn old_git(printed: &str) -> Option<Finding> {
    let (major, minor) = OLDEST_GIT;
    let is_old = git_version(printed).is_none_or(|version| version < OLDEST_GIT);
    is_old.then(|| Finding::new(format!("{} is older than {major}.{minor}", printed.trim()), "upgrade git"))
}

/// A history that does not begin at its beginning.
pub fn shallow() -> Finding {
    Finding::new("the history is shallow, so that its beginning cannot be told", "git fetch --unshallow")
}

/// A hook that does not run at every commit.
pub fn hook(presence: &HookPresence) -> Option<Finding> {
    match presence {
        HookPresence::Installed | HookPresence::Called => None,
        HookPresence::Missing => Some(Finding::new("the hook is not installed", "phone-dir hook install")),
        HookPresence::SwitchedOff(off) => Some(Finding::new(off.to_string(), off.command())),
        HookPresence::Everywhere => Some(Finding::new(
            "the hook is not installed, and git's hooks folder is that of every repository",
            "phone-dir hook install --everywhere",
        )),
        HookPresence::Managed(advice) => {
            Some(Finding::new("another tool owns the hooks, and does not call phone-dir's", *advice))
        }
    }
}

/// A file whose drivers are not phone-dir's; `is_named` says whether the project's own attributes name them.
pub fn other_driver(path: &str, is_named: bool) -> Finding {
    if is_named {
        let message = format!("`{path}` has other drivers than {ATTRIBUTES} names: another file of attributes wins");
        let places = "`.git/info/attributes` and the files `.gitattributes` below";
        return Finding::new(message, format!("take the line out that wins: look into {places}"));
    }
    Finding::new(format!("{ATTRIBUTES} does not name phone-dir's drivers"), "phone-dir setup")
}

/// A driver's setting that is missing, or another one; `value` is what git has.
pub fn driver(setting: &Setting, value: Option<&str>) -> Option<Finding> {
    let key = &setting.key;
    match value {
        None => Some(Finding::new(format!("git's setting `{key}` is missing"), "phone-dir setup")),
        Some(value) if value == setting.value => None,
        Some(value) => {
            // Setup replaces what an earlier setup wrote, and nothing else.
            let unset = if drivers::is_own(value) { String::new() } else { format!("git config --unset {key} && ") };
            let message = format!("git's setting `{key}` is another one: {value}");
            Some(Finding::new(message, format!("{unset}phone-dir setup")))
        }
    }
}

/// A file that git does not ignore and has to.
pub fn not_ignored(path: &str) -> Finding {
    Finding::new(format!("git does not ignore `{path}`"), "phone-dir init")
}

/// A file that git tracks and must not; `names_variables_only` says that `workspaces.json` has no key in it.
pub fn tracked_secret(path: &str, names_variables_only: bool) -> Finding {
    let has_keys = path != paths::WORKSPACES || !names_variables_only;
    let then = if has_keys { ", commit, and replace the keys in it" } else { ", and commit; no key is in it now" };
    let fix = format!("git rm --cached {}{then}", drivers::shell_word(path));
    Finding::new(format!("git tracks `{path}`, which must never be committed"), fix)
}

/// No file that names the workspaces' keys, and not every key in the environment.
pub fn no_workspaces_file() -> Finding {
    Finding::new(
        format!("`{}` is missing, and the environment does not have every workspace's key", paths::WORKSPACES),
        format!("write `{}` (`phone-dir schema workspaces` describes it), or set the variables", paths::WORKSPACES),
    )
}

/// Workspaces that one key stands for.
pub fn shared_key(names: &[impl std::fmt::Display]) -> Finding {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    Finding::new(
        format!("the workspaces {} use the same key", names.join(" and ")),
        format!("give each workspace its own key in `{}` or the environment", paths::WORKSPACES),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_another_program_is_unset_first() {
        let [setting, ..] = drivers::settings(&drivers::Program::OnPath);
        assert_eq!(driver(&setting, Some(&setting.value)), None);
        assert_eq!(driver(&setting, None).map(|found| found.fix), Some("phone-dir setup".to_owned()));
        let own = setting.value.replace("exit", "true");
        assert_eq!(driver(&setting, Some(&own)).map(|found| found.fix), Some("phone-dir setup".to_owned()));
        let fix = driver(&setting, Some("other")).map(|found| found.fix);
        assert_eq!(fix, Some(format!("git config --unset {} && phone-dir setup", setting.key)));
    }

    #[test]
    fn keys_are_replaced_only_where_there_are_any() {
        let fix = |path, only| tracked_secret(path, only).fix;
        assert!(fix(paths::WORKSPACES, true).ends_with("no key is in it now"));
        assert!(fix(paths::WORKSPACES, false).ends_with("replace the keys in it"));
        assert!(fix(paths::ENVIRONMENT, true).ends_with("replace the keys in it"));
    }
}

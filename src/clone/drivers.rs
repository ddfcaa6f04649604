//! The drivers as git's configuration names them.

/// The drivers' name, in attributes and in the configuration.
pub const NAME: &str = "phone-dir";

/// The setting that remembers that git's configuration ended without a line feed before the drivers were added.
pub const BARE_END: &str = "phone-dir.bareend";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: String,
    pub value: String,
}

/// Where the program is that registers the drivers; a place is one word for the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// The PATH leads to it.
    OnPath,
    /// At a place that the PATH does not lead to.
    At(String),
    /// Only as a group of the other program, which is at this place.
    GroupOf(String),
}

impl Program {
    /// How a shell starts it.
    pub fn call(&self) -> String {
        match self {
            Self::OnPath => NAME.to_owned(),
            Self::At(place) => place.clone(),
            Self::GroupOf(place) => format!("{place} {NAME}"),
        }
    }
}

/// The settings that register the drivers.
///
/// The diff driver converts each version to text, because `git log -p` uses such a driver and no external command.
/// Programs with a window often start git without the PATH of a login shell: the commands then look where the hook
/// looks, and without phone-dir they do what git does by itself.
pub fn settings(program: &Program) -> [Setting; 3] {
    let setting = |key: &str, value: String| Setting { key: key.replace('*', NAME), value };
    let function = |command: &str, done: &str, otherwise: &str, words: &str| {
        format!("f() {{ {}{otherwise}; }}; f{words}", attempts(program, command, done))
    };
    [
        setting("diff.*.textconv", function("diff-driver", " && exit", "cat \"$1\"", "")),
        setting("merge.*.name", "phone-dir: merge by number and field".to_owned()),
        setting("merge.*.driver", function("merge-driver", "; s=$?; [ $s -gt 1 ] || exit $s", BY_LINES, MERGE_WORDS)),
    ]
}

/// What git hands to the merge driver; its words are `$1` to `$8` for [`BY_LINES`].
const MERGE_WORDS: &str = " --marker-size=%L --ours-label=%X --theirs-label=%Y -- %O %A %B %P";

/// Git's own merge by lines. As in the driver itself it never counts as clean, because lines that add the same number in two places do
/// not meet.
const BY_LINES: &str = "git merge-file -q \"$1\" -L \"${2#*=}\" -L base -L \"${3#*=}\" \"$6\" \"$5\" \"$7\"; \
                        echo \"phone-dir: not found, or it failed; merged by lines: check the file, also where it has no conflict \
                        markers\" >&2; exit 1";

/// Starts each phone-dir that there may be, until one is done.
fn attempts(program: &Program, command: &str, done: &str) -> String {
    let attempt = |place: &str, group: &str| {
        format!("if command -v {place} >/dev/null; then {place}{group} {command} \"$@\"{done}; fi; ")
    };
    let given = match program {
        Program::OnPath => String::new(),
        Program::At(place) => attempt(place, ""),
        Program::GroupOf(place) => attempt(place, &format!(" {NAME}")),
    };
    let beside = attempt(&format!("\"${{CARGO_HOME:-$HOME/.cargo}}/bin/{NAME}\""), "");
    format!("{given}{}{beside}", attempt(NAME, ""))
}

/// Whether a value of one of these settings was written by this program, perhaps from another place.
pub fn is_own(value: &str) -> bool {
    value.contains(" diff-driver") || value.contains(" merge-driver ") || value.starts_with("phone-dir: ")
}

/// A program's path as a word for the shell.
pub fn shell_word(path: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+@%,:=".contains(letter);
    if !path.is_empty() && path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_blanks_and_quotes_stay_one_word() {
        assert_eq!(shell_word("/usr/bin/phone-dir"), "/usr/bin/phone-dir");
        assert_eq!(shell_word("/home/o'neil/my tools/phone-dir"), r"'/home/o'\''neil/my tools/phone-dir'");
    }
}

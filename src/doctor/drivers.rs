//! The drivers as git's configuration names them.

/// The drivers' name, in attributes and in the configuration.
pub const NAME: &str = "phone-dir";

/// The setting that remembers that git's configuration ended without a line feed before the drivers were added.
pub const BARE_END: &str = "phone-dir.bareend";

/// A setting of git's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The full key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The settings that register the drivers; `program` is how a shell starts phone-dir.
///
/// The diff driver converts each version to text, because `git log -p` uses such a driver and no external command.
pub fn settings(program: &str) -> [Setting; 3] {
    let setting = |key: &str, value: String| Setting { key: key.replace('*', NAME), value };
    [
        setting("diff.*.textconv", format!("{program} diff-driver")),
        setting("merge.*.name", "phone-dir: merge by number and field".to_owned()),
        setting(
            "merge.*.driver",
            format!("{program} merge-driver --marker-size=%L --ours-label=%X --theirs-label=%Y -- %O %A %B %P"),
        ),
    ]
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

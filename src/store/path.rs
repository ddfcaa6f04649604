//! Paths inside the project, and which of them never go into a commit. Pure: nothing here touches a disk.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A path from the project's root with `/` between its parts, that cannot leave the project or reach into `.git`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectPath(String);

impl ProjectPath {
    /// Parses a path such as `phone-numbers/staging/numbers.json`.
    ///
    /// Refuses absolute paths, `.` and `..`, empty parts, backslashes, colons, control characters and every
    /// spelling of `.git` that some file system folds to it.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split('/').find_map(fault_of_part) {
            Some(reason) => {
                Err(Error::failed(format!("`{}` is not a path inside the project: {reason}", text.escape_debug())))
            }
            None => Ok(Self(text.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts, outermost first; never empty.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The place on disk below `root`.
    pub fn below(&self, root: &Path) -> PathBuf {
        self.parts().fold(root.to_owned(), |folder, part| folder.join(part))
    }
}

impl fmt::Display for ProjectPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Says why a part of a path is refused.
fn fault_of_part(part: &str) -> Option<&'static str> {
    match part {
        "" => return Some("it is absolute or has an empty part"),
        "." | ".." => return Some("it has a part that moves to another folder"),
        _ => {}
    }
    if part.chars().any(|character| character.is_control() || matches!(character, '\\' | ':')) {
        return Some("it has a character that some systems give a meaning");
    }
    folds_to_dot_git(part).then_some("it reaches into git's own folder")
}

/// Whether a file system may take `part` for `.git`: case, trailing dots and blanks, ignorable characters, short names.
fn folds_to_dot_git(part: &str) -> bool {
    let ascii: String = part.chars().filter(char::is_ascii).collect();
    let folded = ascii.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    folded == ".git" || folded.starts_with("git~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_are_accepted() {
        for path in
            ["phone-numbers/directory.json", ".gitignore", "agents/a.b_c-d/staging.json", "phone-numbers/prod é/x.json"]
        {
            assert!(ProjectPath::parse(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn paths_that_leave_the_project_are_refused() {
        let hostile = [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "a/",
            "./a",
            "a\\b",
            "C:/x",
            "a/b:stream",
            "a\0b",
            "a\nb",
            ".git/config",
            "x/.GIT/hooks",
            ".git ./x",
            "git~1/config",
            ".g\u{200c}it/config",
        ];
        for path in hostile {
            assert!(ProjectPath::parse(path).is_err(), "{path:?}");
        }
    }
}

//! Which paths belong to a snapshot. Pure, and the same for the working tree, the index and commits.

use crate::model::names::{folded, is_lookalike};

/// The folder that holds the directory.
pub const DIRECTORY: &str = "phone-numbers";
/// The folder that holds the agents.
pub const AGENTS: &str = "agents";
/// The single files at the root.
pub const ROOT_FILES: [&str; 2] = ["workspaces.json", "phone-dir.toml"];

/// How deep folders below `phone-numbers/` are followed; deeper ones are made by nobody in good faith.
pub const MAX_DEPTH: usize = 32;

/// Why something at a path is not read, in words that follow "is".
pub mod reason {
    /// A link, wherever it points.
    pub const LINK: &str = "a symbolic link";
    /// Another repository at this place.
    pub const SUBMODULE: &str = "a submodule";
    /// Neither a regular file nor a folder.
    pub const SPECIAL: &str = "a device, pipe or socket";
    /// A folder where a file belongs.
    pub const FOLDER: &str = "a folder where a file belongs";
    /// A file where a folder belongs.
    pub const FILE: &str = "a file where a folder belongs";
    /// Above [`MAX_FILE_BYTES`](crate::snapshot::MAX_FILE_BYTES).
    pub const HUGE: &str = "a file above the size limit";
    /// Below [`MAX_DEPTH`](super::MAX_DEPTH) folders.
    pub const DEEP: &str = "a folder nested too deeply";
    /// A name that JSON output could not carry.
    pub const NAME: &str = "a file whose name is not UTF-8";
    /// `git add --intent-to-add`.
    pub const INTENT: &str = "only announced to git (`git add -N`), without content";
    /// Stages 1 to 3 of the index.
    pub const CONFLICT: &str = "in conflict, with several versions in the index";
}

/// What a listed path means to a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Its content is read.
    Content,
    /// A folder belongs here: anything else is irregular, a folder is simply followed.
    Folder,
    /// Not part of a snapshot.
    None,
}

/// Classifies a path from the project's root.
pub fn interest(path: &str) -> Interest {
    let parts: Vec<&str> = path.splitn(4, '/').collect();
    match parts.as_slice() {
        [DIRECTORY | AGENTS] | [AGENTS, _] => Interest::Folder,
        [DIRECTORY, ..] => Interest::Content,
        [AGENTS, _, file] if is_json(file) => Interest::Content,
        [file] if ROOT_FILES.contains(file) => Interest::Content,
        _ => Interest::None,
    }
}

/// Whether a file name ends in `.json`, as a file system that folds names sees it.
pub fn is_json(name: &str) -> bool {
    folded(name).rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ending == "json")
}

/// The name at the project's root that a path begins with, where it only looks like one of ours: `Phone-Numbers`, which
/// nothing reads here, and which takes the place of `phone-numbers` on a file system that folds names.
pub fn lookalike(path: &str) -> Option<&str> {
    let name = path.split('/').next()?;
    let mut ours = [DIRECTORY, AGENTS].into_iter().chain(ROOT_FILES);
    ours.any(|known| is_lookalike(name, known)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_ours_in_other_letters_is_known_as_such() {
        assert_eq!(lookalike("Phone-Numbers/directory.json"), Some("Phone-Numbers"));
        assert_eq!(lookalike("agent\u{17f}/sales/agent.json"), Some("agent\u{17f}"));
        assert_eq!(lookalike("PHONE-DIR.toml"), Some("PHONE-DIR.toml"));
        for path in ["phone-numbers/Production/numbers.json", "agents/Sales/agent.json", "README.md", "x/Agents/y"] {
            assert_eq!(lookalike(path), None, "{path}");
        }
    }

    #[test]
    fn the_directory_is_read_whole_and_agents_one_level_deep() {
        for path in ["phone-numbers/a/b/c/d.txt", "agents/sales/staging.json", "workspaces.json", "phone-dir.toml"] {
            assert_eq!(interest(path), Interest::Content, "{path}");
        }
        for path in [
            "agents/sales/notes.md",
            "agents/sales/old/staging.json",
            "phone-numbers.backup.1/directory.json",
            "x/phone-numbers/y",
        ] {
            assert_eq!(interest(path), Interest::None, "{path}");
        }
    }
}

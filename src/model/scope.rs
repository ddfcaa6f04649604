//! Which paths belong to a snapshot. Pure, and the same for the working tree, the index and commits.

use crate::model::names::{Lookalike, are_one, folded, is_lookalike};

/// The folder that holds the directory.
pub const DIRECTORY: &str = "phone-numbers";
/// The folder that holds the agents.
pub const AGENTS: &str = "agents";
/// The single files at the root.
pub const ROOT_FILES: [&str; 2] = ["workspaces.json", "phone-dir.toml"];

/// How deep folders below `phone-numbers/` are followed; deeper ones are not made in good faith.
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
    /// The system refuses to open it.
    pub const CLOSED: &str = "closed to this user";
    /// Below [`MAX_DEPTH`](super::MAX_DEPTH) folders.
    pub const DEEP: &str = "a folder nested too deeply";
    /// A name that JSON output could not carry.
    pub const NAME: &str = "a file whose name is not UTF-8";
    /// `git add --intent-to-add`.
    pub const INTENT: &str = "only announced to git (`git add -N`), without content";
    /// Stages 1 to 3 of the index.
    pub const CONFLICT: &str = "in conflict, with several versions in the index";

    pub fn remedy(reason: &str) -> &'static str {
        if reason == CLOSED {
            "let this user read it: `chmod u+rX`, or `chown`"
        } else {
            "replace it with a regular file"
        }
    }
}

/// What a listed path means to a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
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

/// What a path begins with where that only looks like a name of the project in `root`: `Phone-Numbers`, or `EU/agents` for
/// a project in `eu/`, which nothing reads here, and which takes the place of ours on a file system that folds names.
///
/// Both are from the top of the repository; `root` is empty, or ends in `/`.
pub fn lookalike(root: &str, path: &str) -> Option<Lookalike> {
    let (mut rest, mut end) = (path, 0);
    for folder in root.split_terminator('/') {
        let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
        if !are_one(name, folder) {
            return None;
        }
        end += name.len();
        if below.is_empty() {
            // Something other than a folder, in the place of one.
            let depth = path.split('/').count();
            let ours: Vec<&str> = root.split('/').take(depth).collect();
            return one_of_two(root, path, ours.join("/"));
        }
        (rest, end) = (below, end + 1);
    }
    let name = rest.split('/').next()?;
    let mut ours = [DIRECTORY, AGENTS].into_iter().chain(ROOT_FILES);
    let known = ours.find(|known| name == *known || is_lookalike(name, known))?;
    one_of_two(root, &path[..end + name.len()], format!("{root}{known}"))
}

fn one_of_two(root: &str, name: &str, ours: String) -> Option<Lookalike> {
    let place = match name.strip_prefix(root) {
        Some(inside) => inside.to_owned(),
        None => "../".repeat(root.matches('/').count()) + name,
    };
    (name != ours).then(|| Lookalike { name: name.to_owned(), ours, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(root: &str, path: &str) -> Option<(String, String, String)> {
        lookalike(root, path).map(|found| (found.name, found.ours, found.place))
    }

    fn told(name: &str, ours: &str, place: &str) -> (String, String, String) {
        (name.to_owned(), ours.to_owned(), place.to_owned())
    }

    #[test]
    fn a_name_of_ours_in_other_letters_is_known_as_such() {
        assert_eq!(
            found("", "Phone-Numbers/directory.json"),
            Some(told("Phone-Numbers", "phone-numbers", "Phone-Numbers"))
        );
        assert_eq!(found("", "agent\u{17f}/sales/agent.json"), Some(told("agent\u{17f}", "agents", "agent\u{17f}")));
        assert_eq!(found("", "PHONE-DIR.toml"), Some(told("PHONE-DIR.toml", "phone-dir.toml", "PHONE-DIR.toml")));
        for path in ["phone-numbers/Production/numbers.json", "agents/Sales/agent.json", "README.md", "x/Agents/y"] {
            assert_eq!(lookalike("", path), None, "{path}");
        }
    }

    #[test]
    fn a_folder_that_leads_to_the_project_counts_too() {
        let agents = Some(told("EU/agents", "eu/agents", "../EU/agents"));
        assert_eq!(found("eu/", "EU/agents/sales/agent.json"), agents);
        assert_eq!(found("a/eu/", "A/EU/Agents/x"), Some(told("A/EU/Agents", "a/eu/agents", "../../A/EU/Agents")));
        assert_eq!(found("eu/", "eu/Agents/x"), Some(told("eu/Agents", "eu/agents", "Agents")));
        assert_eq!(found("a/eu/", "A"), Some(told("A", "a", "../../A")));
        for path in ["EU/docs/x", "eu/agents/x", "eu", "agents/x", "EU2/agents/x", "x/EU/agents"] {
            assert_eq!(lookalike("eu/", path), None, "{path}");
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

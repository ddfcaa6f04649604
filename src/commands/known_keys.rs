//! The keys that a command knows before it asks for any: those of the process, and of the project's own files.
//!
//! Nothing is refused here, and nothing told: what cannot be read holds no key that this command could come across.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::document::encoding;
use crate::model::paths;
use crate::model::run_keys::RunKeys;
use crate::model::workspaces_file::WorkspacesFile;
use crate::providers::environment::Environment;
use crate::store::project::Project;
use crate::store::regular_file::{self, Links, MOST_TEXT};

/// The keys in the environment, and in the files of the project around a folder.
pub fn around(start: &Path, variables: &BTreeMap<String, String>) -> RunKeys {
    let project = Project::find(start).ok();
    let dotenv = project.as_ref().and_then(|project| dotenv(project.root()).ok().flatten());
    let mut keys = Environment::new(variables, dotenv.as_deref()).run_keys();
    let settings = project.and_then(|project| workspaces(&project)).unwrap_or_default();
    settings.workspaces.values().filter_map(|workspace| workspace.api_key.as_ref()).for_each(|key| keys.learn(key));
    keys
}

/// The same for words that could not be understood as a command line: only the folder is taken from them. Where it is none,
/// the keys are those of the place where the command was started.
pub fn of_words(words: &[OsString]) -> RunKeys {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    let variables = std::env::vars_os().filter_map(text).collect();
    let mut keys = RunKeys::default();
    for start in std::env::current_dir().into_iter().chain(folder(words)) {
        keys.learn_all(&around(&start, &variables));
    }
    keys
}

/// The folder of `-C DIR`, also where it is written on end, or behind other letters: `-qC DIR`.
fn folder(words: &[OsString]) -> Option<PathBuf> {
    let mut words = words.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        let letters = word.to_str().and_then(|word| word.strip_prefix('-')).unwrap_or_default();
        let Some((before, on_end)) = letters.split_once('C') else { continue };
        if before.chars().all(|letter| matches!(letter, 'q' | 'v')) {
            let on_end = on_end.strip_prefix('=').unwrap_or(on_end);
            return if on_end.is_empty() { words.next().map(PathBuf::from) } else { Some(on_end.into()) };
        }
    }
    None
}

/// The text of the `.env` at a project's root; none where there is no such file. A letter in an older encoding stands as `\u{fffd}`, so
/// that it spoils no line but its own.
pub fn dotenv(root: &Path) -> io::Result<Option<String>> {
    match regular_file::read(&root.join(paths::ENVIRONMENT), Links::Follow, MOST_TEXT) {
        Ok(bytes) => Ok(Some(encoding::lossy_text(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn workspaces(project: &Project) -> Option<WorkspacesFile> {
    let bytes = regular_file::read(&project.root().join(paths::WORKSPACES), Links::Follow, MOST_TEXT).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_found_in_every_form_of_its_option() {
        let folder = |words: &[&str]| {
            let words: Vec<OsString> =
                std::iter::once("phone-dir").chain(words.iter().copied()).map(Into::into).collect();
            folder(&words)
        };
        for words in [&["-C", "there", "list"] as &[&str], &["list", "-Cthere"], &["-C=there"], &["-qC", "there"]] {
            assert_eq!(folder(words), Some("there".into()), "{words:?}");
        }
        for words in [&["list"] as &[&str], &["--", "-C", "there"], &["--Color"], &["-xC", "there"], &["-C"]] {
            assert_eq!(folder(words), None, "{words:?}");
        }
    }
}

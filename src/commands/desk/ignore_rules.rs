//! What git is to ignore in a project: the rules that `init` writes, and whether a commit has them.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::paths;
use crate::store::git::GitRepository;
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::regular_file::{self, Links, MOST_TEXT};

/// The ignore rules of the project's root.
const ROOT_IGNORE: &str = ".gitignore";

/// Whether the root's ignore rules say nothing that `committed` does not say, but for those that this command adds.
fn adds_own_rules_only(committed: &str, now: &str) -> bool {
    let added = now.strip_prefix(committed).or_else(|| now.strip_prefix(committed.trim_end())).map(str::trim);
    added.is_some_and(|text| !text.is_empty() && text.lines().all(is_own_rule))
}

fn is_own_rule(line: &str) -> bool {
    line.is_empty() || line == REASON || ROOT_RULES.contains(&line)
}

/// Why the rules are there, above them.
const REASON: &str = "# Keys, references to credentials and run-time data of phone-dir: never committed.";
/// What must never be committed, for the `.gitignore` of the root.
const ROOT_RULES: [&str; 3] = ["/workspaces.json", "/.env", "phone-numbers.backup.*/"];
/// The same for `phone-numbers/.gitignore`, which `git add phone-numbers/` brings along.
const FOLDER_RULES: [&str; 4] = ["/twilio/trunks.json", "/twilio/sync.json", "phone-numbers.backup.*/", ".phone-dir.*"];

/// The ignore files with the rules that they lack, where they lack any.
pub fn lacking(project: &Project) -> Result<BTreeMap<String, String>> {
    let repository = GitRepository::discover(project.root())?;
    let mut files = BTreeMap::new();
    for (file, folder, rules) in
        [(ROOT_IGNORE, "", &ROOT_RULES[..]), (paths::FOLDER_IGNORE, "phone-numbers/", &FOLDER_RULES[..])]
    {
        let old = existing_text(project, file)?;
        let lacks = |rule: &&&str| Ok::<_, Error>(!is_ignored(repository.as_ref(), &old, folder, rule)?);
        let missing = rules.iter().map(|rule| Ok((rule, lacks(&rule)?))).collect::<Result<Vec<_>>>()?;
        let missing: Vec<_> = missing.into_iter().filter(|(_, lacks)| *lacks).map(|(rule, _)| *rule).collect();
        if !missing.is_empty() {
            files.insert(file.to_owned(), with_rules(&old, &missing));
        }
    }
    Ok(files)
}

/// What a file at the project's root says now; nothing where it is not there.
pub(super) fn existing_text(project: &Project, file: &str) -> Result<String> {
    let path = ProjectPath::parse(file)?.below(project.root());
    let text = regular_file::read_text_if_there(&path, Links::Follow, MOST_TEXT);
    text.map(Option::unwrap_or_default).map_err(|error| Error::io("read", &path, error))
}

/// Whether git ignores such a file already, by this rule or by one of the user's own.
fn is_ignored(repository: Option<&GitRepository>, old: &str, folder: &str, rule: &str) -> Result<bool> {
    if old.lines().any(|line| line.trim() == rule) {
        return Ok(true);
    }
    let Some(repository) = repository.filter(|_| !rule.contains('*')) else { return Ok(false) };
    repository.configuration().ignored(&ProjectPath::parse(&format!("{folder}{}", rule.trim_start_matches('/')))?)
}

fn with_rules(old: &str, rules: &[&str]) -> String {
    let mut text = old.to_owned();
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(&format!("{REASON}\n"));
    text.extend(rules.iter().map(|rule| format!("{rule}\n")));
    text
}

/// The root's ignore rules, where no commit has yet what `init` wrote into them, and nothing else is new in them.
pub fn uncommitted(project: &Project, repository: &GitRepository) -> Result<Option<ProjectPath>> {
    let path = ProjectPath::parse(ROOT_IGNORE)?;
    let now = existing_text(project, ROOT_IGNORE)?;
    let is_new = match committed(repository, ROOT_IGNORE)? {
        Some(text) => adds_own_rules_only(&text, &now),
        None => !now.is_empty() && !repository.configuration().ignored(&path)?,
    };
    Ok(is_new.then_some(path))
}

/// What HEAD has of a file at the project's root.
pub(super) fn committed(repository: &GitRepository, name: &str) -> Result<Option<String>> {
    let Some(commit) = repository.commits().head()?.commit() else { return Ok(None) };
    let text = repository.objects().root_file_in(&commit, name)?;
    Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

//! Which lines of git's ignore files keep files of the directory out of every commit.

use std::fmt;

use super::GitIndex;
use crate::error::Result;
use crate::model::paths::{self, FileKind, is_never_committed};
use crate::model::scope;
use crate::store::path::ProjectPath;

/// A line of an ignore file, and the files of the directory that git does not track because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoringRule {
    /// The ignore file, as git names it: from the top of the working tree, or absolute.
    pub file: String,
    /// The line in it, from 1.
    pub line: String,
    pub pattern: String,
    /// The files; never empty.
    pub paths: Vec<ProjectPath>,
}

impl IgnoringRule {
    pub fn way_out(&self) -> String {
        format!("take line {} (`{}`) out of `{}`", self.line, self.pattern, self.file)
    }
}

impl fmt::Display for IgnoringRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, pattern, paths } = self;
        let [first, rest @ ..] = paths.as_slice() else { return Ok(()) };
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        write!(out, "git ignores `{first}`{more}, by line {line} of `{file}`: `{pattern}`")
    }
}

impl GitIndex<'_> {
    /// The rules by which git does not track files below `phone-numbers/` that belong into commits.
    pub fn ignoring_rules(self) -> Result<Vec<IgnoringRule>> {
        let paths = self.ignored()?;
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = paths.iter().map(|path| format!("./{}\0", self.git.path_in_git(path))).collect();
        let git = self.git.question("check-ignore")?.without_literal_paths();
        let git = git.args(["--verbose", "-z", "--stdin"]).input(asked.as_bytes());
        let output = git.run("ask git about its ignore rules")?;
        let mut rules: Vec<IgnoringRule> = Vec::new();
        let fields: Vec<_> = output.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
        for [file, line, pattern, full] in fields.as_chunks::<4>().0 {
            let Some(path) = paths.iter().find(|path| full.ends_with(path.as_str())).cloned() else { continue };
            match rules.iter_mut().find(|rule| rule.file == *file && rule.line == *line) {
                Some(rule) => rule.paths.push(path),
                None => rules.push(IgnoringRule {
                    file: file.to_string(),
                    line: line.to_string(),
                    pattern: pattern.to_string(),
                    paths: vec![path],
                }),
            }
        }
        Ok(rules)
    }

    /// The files below `phone-numbers/` that belong into commits, and that git ignores; sorted.
    fn ignored(self) -> Result<Vec<ProjectPath>> {
        let folder = format!("{}{}", self.git.prefix, scope::DIRECTORY);
        let words = ["-z", "--others", "--ignored", "--exclude-standard", "--", &folder];
        let output = self.git.question("ls-files")?.args(words).run("ask git which files it ignores")?;
        let listed = output.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let inside = listed.filter_map(|path| path.strip_prefix(&self.git.prefix).map(str::to_owned));
        let is_ours = |path: &String| FileKind::of(path).is_some() || path == paths::FOLDER_IGNORE;
        let mut found = inside
            .filter(|path| is_ours(path) && !is_never_committed(path))
            .map(|path| ProjectPath::parse(&path))
            .collect::<Result<Vec<_>>>()?;
        found.sort();
        Ok(found)
    }
}

//! A copy of the directory inside of the directory.

use std::collections::BTreeSet;

use crate::clone::drivers::shell_word;
use crate::model::paths;
use crate::snapshot::Snapshot;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "nested-copy",
    severity: Severity::Warning,
    summary: "No copy of the directory lies inside of it",
    passed: "No copy of the directory lies inside of it",
    heading: Heading::Counted("nested copy of the directory", "nested copies of the directory"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "No folder below `phone-numbers/` has a `directory.json` of its own.",
        why: "`cp -r BACKUP phone-numbers` does not replace a folder that is there, it copies into it: what was meant to be restored was not.",
        example: "`phone-numbers/phone-numbers.backup.20251119_120000/directory.json`.",
        fix: "Move the copy away. To restore a backup, remove `phone-numbers/` first, or use `phone-dir rollback`; the finding's help has the commands.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for folder in folders(context.snapshot) {
        let message = format!("`{}` is a copy of the directory inside of it", folder.trim_end_matches('/'));
        let place = Place::file(format!("{folder}directory.json"));
        let help = format!("move the copy out of `phone-numbers/`; if it was to be restored: `{}`", way_back(&folder));
        findings.push(Finding::new(&RULE, place, message).help(help));
    }
}

/// The commands that put a nested copy in the directory's place.
pub fn way_back(folder: &str) -> String {
    let word = shell_word(folder.trim_end_matches('/'));
    format!("mv {word} phone-numbers.restored && rm -r phone-numbers && mv phone-numbers.restored phone-numbers")
}

/// The folder of a nested copy that a finding of this rule is about.
pub fn folder_of(file: &str) -> &str {
    file.strip_suffix("directory.json").unwrap_or(file).trim_end_matches('/')
}

/// The folders of all nested copies, with a `/` at the end; the outermost of copies within copies.
pub fn folders(snapshot: &Snapshot) -> Vec<String> {
    let below = |path: &String| path.starts_with(paths::FOLDER) && path != paths::MASTER;
    let copies = snapshot.files.keys().filter(|path| below(path)).filter_map(|path| {
        let folder = path.strip_suffix("directory.json").filter(|folder| folder.ends_with('/'))?;
        folder.strip_prefix(paths::FOLDER)?.starts_with('/').then_some(folder)
    });
    // In the order of the folders, an outer one comes before all that it holds; in that of the files it need not.
    let mut found: Vec<String> = Vec::new();
    for folder in copies.collect::<BTreeSet<_>>() {
        if !found.iter().any(|outer| folder.starts_with(outer.as_str())) {
            found.push(folder.to_owned());
        }
    }
    found
}

//! Files that must never be committed, in the index or in a commit.

use std::collections::BTreeSet;

use crate::model::paths;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "forbidden-file",
    severity: Severity::Error,
    summary: "Files with keys, runtime data or backups are not committed",
    passed: "No file that must stay out of git is committed",
    heading: Heading::Counted("file must not be committed", "files must not be committed"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Environment files (`.env`, `.env.production`, `eu.env`, `.envrc`) and `workspaces.json` in any folder of the project, copies of them, `phone-numbers/twilio/*.json` and `phone-numbers.backup.*` are neither staged nor committed. Templates such as `.env.example` are none of them.",
        why: "They hold API keys, references to credentials, runtime data or stale copies. What was pushed once is known for good.",
        example: "`git add -A` staged `workspaces.json`.",
        fix: "`git rm --cached FILE`, and let `phone-dir init` write the ignore rules. If it was pushed, revoke the keys in it. Folders below `[projects] ignore` of `phone-dir.toml` are left alone.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut backups = BTreeSet::new();
    let staged = context.snapshot.files.keys().chain(&context.occasion.tracked);
    let is_committed = |path: &str| paths::is_never_committed(path) && context.occasion.is_committed(path);
    let committed = staged.filter(|path| is_committed(path) && !is_ignored(context, path));
    for path in committed.collect::<BTreeSet<_>>() {
        let folder = path.split('/').next().filter(|folder| folder.starts_with("phone-numbers.backup."));
        // One line for a backup says as much as one for each of its files.
        if folder.is_some_and(|folder| !backups.insert(folder)) {
            continue;
        }
        findings.push(
            Finding::new(&RULE, Place::file(path), format!("`{path}` must not be committed"))
                .help(format!("take it out with `git rm -r --cached {}`", folder.unwrap_or(path))),
        );
    }
}

/// Whether the file lies in a folder whose projects are not judged, such as test data.
fn is_ignored(context: &Context<'_>, path: &str) -> bool {
    path.match_indices('/').any(|(end, _)| context.settings.ignores_project(&path[..end]))
}

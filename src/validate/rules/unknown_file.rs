//! Files below `phone-numbers/` that nothing reads.

use super::nested_copy;
use crate::model::nearest;
use crate::model::paths::{self, FileKind};
use crate::validate::Source;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

const NAMES: [&str; 6] =
    ["directory.json", "numbers.json", "assignments.json", "pools.json", "trunks.json", "sync.json"];

pub static RULE: Rule = Rule {
    code: "unknown-file",
    severity: Severity::Error,
    summary: "Nothing but the directory's own files is below phone-numbers/",
    passed: "No unknown files are below phone-numbers/",
    heading: Heading::Counted("unknown file below phone-numbers/", "unknown files below phone-numbers/"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Below `phone-numbers/` there are `directory.json`, perhaps `pools.json`, a folder with `numbers.json` and `assignments.json` for each workspace, `twilio/` and `.gitignore`.",
        why: "A file that nothing reads is most often one that was meant to be read: a wrong name, a wrong folder.",
        example: "`phone-numbers/staging/assignment.json`, which should be `assignments.json`.",
        fix: "Rename it, or move it out of `phone-numbers/`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let copies = nested_copy::folders(context.snapshot);
    for path in context.snapshot.files.keys() {
        let Some(below) = path.strip_prefix(paths::FOLDER).and_then(|rest| rest.strip_prefix('/')) else { continue };
        let known = FileKind::of(path).is_some()
            || below.starts_with("twilio/")
            || is_hidden_or_git(below, &context.occasion.source)
            || copies.iter().any(|copy| path.starts_with(copy.as_str()));
        if !known {
            findings.push(finding(path));
        }
    }
}

/// Editors and desktops leave hidden files on disk; in git, only git's own have business here.
fn is_hidden_or_git(below: &str, source: &Source) -> bool {
    let name = below.rsplit('/').next().unwrap_or(below);
    matches!(name, ".gitignore" | ".gitattributes") || (*source == Source::Worktree && name.starts_with('.'))
}

fn finding(path: &str) -> Finding {
    let finding = Finding::new(&RULE, Place::file(path), format!("`{path}` is no file of the directory"));
    let name = path.rsplit('/').next().unwrap_or(path);
    match nearest::nearest(name, NAMES.iter().copied()) {
        Some((1..=3, known)) => finding.help(format!("did you mean `{known}`?")),
        _ => finding.help("move it out of `phone-numbers/`"),
    }
}

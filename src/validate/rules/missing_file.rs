//! Committed files that have to be there.

use crate::model::MasterFile;
use crate::model::paths::{self, FileKind};
use crate::snapshot::Snapshot;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "missing-file",
    severity: Severity::Error,
    summary: "directory.json, and both files of every workspace, are there",
    passed: "All files of the directory are there",
    heading: Heading::Counted("file is missing", "files are missing"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "`phone-numbers/directory.json` is there and, for every workspace that it counts or that has a folder, `numbers.json` and `assignments.json`.",
        why: "Without one of them half of what the directory says has no ground, and the next sync would take it for new.",
        example: "`phone-numbers/production/assignments.json` was deleted, or renamed to `assignment.json`.",
        fix: "Restore it with `git checkout -- FILE`; for a workspace that is gone for good, take it out of `directory.json` too.",
    },
    check: Check::Reading,
};

pub fn finding(path: &str, snapshot: &Snapshot) -> Finding {
    let finding = Finding::new(&RULE, Place::file(path), format!("`{path}` is missing"))
        .help(format!("restore it with `git checkout -- {path}`"));
    let (Some(FileKind::Numbers(name) | FileKind::Assignments(name)), Some(bytes)) =
        (FileKind::of(path), snapshot.bytes(paths::MASTER))
    else {
        return finding;
    };
    let finding = finding.workspace(&name);
    // Only a broken directory is read a second time here, and only to show who asks for the file.
    let counted = serde_json::from_slice::<MasterFile>(bytes)
        .is_ok_and(|master| master.metadata.by_workspace.contains_key(&name));
    if !counted {
        return finding;
    }
    let pointer = Pointer::root().at("metadata").at("by_workspace").at(&name);
    finding.related(Place::key(paths::MASTER, pointer), format!("the workspace `{name}` is counted here"))
}

//! Files that are right, and written in another way than phone-dir writes them.

use crate::model::canonical::first_difference;
use crate::model::directory::WorkspaceFiles;
use crate::model::paths::FileKind;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "not-canonical",
    severity: Severity::Warning,
    summary: "Files are in canonical form",
    passed: "All files are in canonical form",
    heading: Heading::Counted("file is not in canonical form", "files are not in canonical form"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: Reads::ALL,
    explanation: Explanation {
        what: "The directory's files are what `phone-dir fmt` writes: two blanks of indentation, the specification's order of keys, numbers sorted, one newline at the end.",
        why: "The next sync rewrites the file, and its one changed line drowns in a diff of moved ones.",
        example: "An editor indented the file with four blanks, or an entry was added at the end instead of in its place.",
        fix: "Run `phone-dir fmt`, or `phone-dir validate --fix`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (path, content) in &context.snapshot.files {
        let crate::snapshot::Content::Bytes(bytes) = content else { continue };
        let Some(kind) = FileKind::of(path).filter(FileKind::is_owned) else { continue };
        if !context.is_whole(path) || bytes.starts_with(b"\xef\xbb\xbf") {
            continue;
        }
        match difference(context, &kind, bytes) {
            Some(offset) => findings.push(finding(path, bytes, offset)),
            None => context.known.note_canonical(path),
        }
    }
}

fn finding(path: &str, bytes: &[u8], offset: usize) -> Finding {
    let end = (offset + 1).min(bytes.len());
    Finding::new(&RULE, Place::bytes(path, offset..end), format!("`{path}` is not in canonical form from here on"))
        .item(path)
        .help("run `phone-dir fmt`")
}

/// The first byte that canonical form would have otherwise.
fn difference(context: &Context<'_>, kind: &FileKind, bytes: &[u8]) -> Option<usize> {
    let directory = context.directory;
    let files = |name| directory.workspaces.get(name);
    match kind {
        FileKind::Master => first_difference(&directory.master, bytes),
        FileKind::Numbers(name) => files(name).and_then(|files| of_numbers(files, bytes)),
        FileKind::Assignments(name) => files(name).and_then(|files| of_assignments(files, bytes)),
        FileKind::Pools => directory.pools.as_ref().and_then(|file| first_difference(file, bytes)),
        FileKind::Prices => directory.prices.as_ref().and_then(|file| first_difference(file, bytes)),
        FileKind::Trunks => directory.trunks.as_ref().and_then(|file| first_difference(file, bytes)),
        FileKind::Sync => directory.sync_log.as_ref().and_then(|file| first_difference(file, bytes)),
        FileKind::Agent(_) | FileKind::AgentWorkspace(..) | FileKind::Workspaces => None,
    }
}

/// Numbers in another order than E.164's are a difference too, which the file's own order cannot show.
fn of_numbers(files: &WorkspaceFiles, bytes: &[u8]) -> Option<usize> {
    if files.numbers.numbers.is_sorted_by_key(|entry| entry.phone_number) {
        return first_difference(&files.numbers, bytes);
    }
    let mut sorted = files.numbers.clone();
    sorted.numbers.sort_by_key(|entry| entry.phone_number);
    first_difference(&sorted, bytes)
}

fn of_assignments(files: &WorkspaceFiles, bytes: &[u8]) -> Option<usize> {
    if files.assignments.assignments.is_sorted_by_key(|entry| entry.phone_number) {
        return first_difference(&files.assignments, bytes);
    }
    let mut sorted = files.assignments.clone();
    sorted.assignments.sort_by_key(|entry| entry.phone_number);
    first_difference(&sorted, bytes)
}

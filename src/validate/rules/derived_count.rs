//! Counts that follow from the rest: `metadata` and `summary`.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::model::count::Count;
use crate::model::{derive, paths};
use crate::validate::context::{Context, Workspace};
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "derived-count",
    severity: Severity::Error,
    summary: "Counts in metadata and summary are the true ones",
    passed: "All counts are right",
    heading: Heading::Counted("count is wrong", "counts are wrong"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "`metadata` of `directory.json` and `summary` of every `numbers.json` count what is in the file.",
        why: "Reports and dashboards read the counts; a wrong one most often means that entries were added or lost by hand or by a merge.",
        example: "`\"total_numbers\": 15`, and 14 entries.",
        fix: "`phone-dir validate --fix` recomputes them. Look at first whether an entry is missing.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let master = &context.directory.master;
    if context.is_whole(paths::MASTER) {
        let (root, written) = (Pointer::root().at("metadata"), &master.metadata);
        let right = derive::metadata(master, context.directory.workspaces.keys());
        let mut counts = Counts { file: paths::MASTER.to_owned(), findings };
        counts.compare(root.clone().at("total_numbers"), written.total_numbers, right.total_numbers);
        counts.compare_all(&root.clone().at("by_workspace"), &written.by_workspace, &right.by_workspace);
        counts.compare_all(&root.clone().at("by_type"), &written.by_type, &right.by_type);
        counts.compare_all(&root.clone().at("by_provider"), &written.by_provider, &right.by_provider);
        counts.compare(root.clone().at("assigned"), written.assigned, right.assigned);
        counts.compare(root.at("unassigned"), written.unassigned, right.unassigned);
    }
    for workspace in &context.workspaces {
        check_summary(context, workspace, findings);
    }
}

fn check_summary(context: &Context<'_>, workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let file = workspace.numbers_path();
    let Some(numbers) = workspace.numbers.filter(|_| context.is_whole(file)) else { return };
    let (root, written, right) = (Pointer::root().at("summary"), &numbers.summary, derive::summary(numbers));
    let start = findings.len();
    let mut counts = Counts { file: file.to_owned(), findings };
    counts.compare(root.clone().at("total"), written.total, right.total);
    counts.compare(root.clone().at("assigned"), written.assigned, right.assigned);
    counts.compare(root.clone().at("unassigned"), written.unassigned, right.unassigned);
    counts.compare_all(&root.at("import_methods"), &written.import_methods, &right.import_methods);
    for finding in &mut findings[start..] {
        finding.workspace = Some(workspace.name.clone());
    }
}

struct Counts<'a> {
    file: String,
    findings: &'a mut Vec<Finding>,
}

impl Counts<'_> {
    fn compare(&mut self, pointer: Pointer, written: Count, right: Count) {
        if written != right {
            let name = dotted(&pointer);
            let message = format!("`{name}` is {written}, and should be {right}");
            self.push(Place::value(&self.file, pointer), message);
        }
    }

    fn compare_all<K: Ord + Display>(
        &mut self,
        pointer: &Pointer,
        written: &BTreeMap<K, Count>,
        right: &BTreeMap<K, Count>,
    ) {
        for (key, count) in written {
            let at = pointer.clone().at(key);
            if let Some(right) = right.get(key) {
                self.compare(at, *count, *right);
            } else {
                let message = format!("`{}` is {count}, and should not be there", dotted(&at));
                self.push(Place::key(&self.file, at), message);
            }
        }
        for (key, count) in right.iter().filter(|(key, _)| !written.contains_key(key)) {
            let message = format!("`{}` is missing, and should be {count}", dotted(&pointer.clone().at(key)));
            self.push(Place::key(&self.file, pointer.clone()), message);
        }
    }

    fn push(&mut self, place: Place, message: String) {
        self.findings.push(Finding::new(&RULE, place, message).help("run `phone-dir validate --fix`"));
    }
}

/// A pointer as people write it: `metadata.by_type.local`.
fn dotted(pointer: &Pointer) -> String {
    pointer.as_str().trim_start_matches('/').replace('/', ".")
}

//! Numbers that only one of several workspaces has.

use crate::plural::counted;
use crate::validate::Diagnostic;
use crate::validate::context::{Context, number_key};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "missing-in-workspace",
    severity: Severity::Warning,
    summary: "A number that one workspace has, another has too",
    passed: "No number is missing in a workspace",
    heading: Heading::Worded(heading),
    shown: Shown::Always,
    needs: &[Need::Master],
    reads: &[Reads::Master],
    explanation: Explanation {
        what: "A number that is imported in a workspace is imported in at least one other, where there are several.",
        why: "A number that was tried out in staging and never promoted is unreachable in production, and costs money.",
        example: "`+14155550123` has `staging` in its `workspaces`, and no `production`.",
        fix: "`phone-dir promote` brings it to the other workspace. If it is meant to be in one only, waive the rule for it in `phone-dir.toml`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    if context.workspaces.len() < 2 {
        return;
    }
    for (number, entry) in &context.directory.master.numbers {
        let mut imported = entry.workspaces.iter().filter(|(_, binding)| binding.imported);
        let (Some((only, _)), None) = (imported.next(), imported.next()) else { continue };
        let mut others = context.workspaces.iter().map(|workspace| workspace.name).filter(|name| *name != only);
        let (Some(missing), more) = (others.next(), others.next()) else { continue };
        let item = format!("{number} (exists in {only} only)");
        let finding = Finding::new(&RULE, number_key(*number), message(number, only, missing, more)).item(item);
        findings.push(match more {
            None => finding.number(*number).workspace(missing),
            Some(_) => finding.number(*number),
        });
    }
}

fn message(
    number: &crate::model::PhoneNumber,
    only: &crate::model::WorkspaceName,
    missing: &crate::model::WorkspaceName,
    more: Option<&crate::model::WorkspaceName>,
) -> String {
    match more {
        None => format!("{number} is missing in {missing} (exists in {only} only)"),
        Some(_) => format!("{number} exists in {only} only"),
    }
}

/// The specification's words, where one workspace misses all of them.
fn heading(found: &[&Diagnostic], count: usize) -> String {
    let numbers = counted(count, "number");
    let first = found.first().and_then(|diagnostic| diagnostic.workspace.as_ref());
    match first {
        Some(name) if found.iter().all(|diagnostic| diagnostic.workspace.as_ref() == Some(name)) => {
            format!("{numbers} missing in {name} workspace")
        }
        _ => format!("{numbers} in one workspace only"),
    }
}

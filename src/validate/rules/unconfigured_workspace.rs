//! Workspaces with numbers and no way to reach them.

use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unconfigured-workspace",
    severity: Severity::Warning,
    summary: "Every workspace of the directory is in workspaces.json",
    passed: "All workspaces are configured",
    heading: Heading::Counted("workspace is not configured", "workspaces are not configured"),
    shown: Shown::WhenFailed,
    needs: &[Need::WorkspacesFile],
    reads: &[Reads::Registries, Reads::WorkspacesFile],
    explanation: Explanation {
        what: "Every workspace with a folder below `phone-numbers/` has an entry in `workspaces.json`. It is skipped where that file is not, as in every clone.",
        why: "A workspace without a key is never synced, and its numbers grow old without a sign.",
        example: "`phone-numbers/eu/` is there, and `workspaces.json` has `staging` and `production`.",
        fix: "Add the workspace to `workspaces.json`, or take its folder out.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(settings) = &context.directory.settings else { return };
    for workspace in context.workspaces.iter().filter(|workspace| workspace.numbers.is_some()) {
        if !settings.workspaces.contains_key(workspace.name) && !settings.several.contains_key(workspace.name) {
            let message = format!("the workspace `{}` is not in `workspaces.json`", workspace.name);
            let place = Place::value(workspace.numbers_path(), Pointer::root().at("workspace"));
            findings.push(Finding::new(&RULE, place, message).workspace(workspace.name));
        }
    }
}

//! Numbers of a Retell type that this program does not know.

use crate::validate::context::Context;
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unknown-retell-type",
    severity: Severity::Warning,
    summary: "Every number is of a Retell type that phone-dir knows",
    passed: "All Retell types are known",
    heading: Heading::Counted("number of an unknown Retell type", "numbers of an unknown Retell type"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries],
    explanation: Explanation {
        what: "`retell_type`, which a sync keeps only where it does not know the type, is absent.",
        why: "The import method and the provider of such a number are a guess.",
        example: "`\"retell_type\": \"retell-newcarrier\"`.",
        fix: "Upgrade phone-dir, then run `phone-dir sync`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, registered)) in context.registered_rows() {
        if let Some(kind) = &registered.retell_type {
            let message = format!("{} in {} has the unknown Retell type `{kind}`", row.number, workspace.name);
            let place = workspace.registered_field(index, "retell_type");
            findings.push(Finding::new(&RULE, place, message).number(row.number).workspace(workspace.name));
        }
    }
}

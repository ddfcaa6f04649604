//! SIP settings of numbers that no SIP trunk carries.

use crate::model::{ImportMethod, RegistryEntry, paths};
use crate::validate::context::{Context, NumberInWorkspace, Workspace, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "sip-on-direct-purchase",
    severity: Severity::Warning,
    summary: "A number bought through Retell has no SIP settings",
    passed: "No directly purchased number has SIP settings",
    heading: Heading::Counted(
        "directly purchased number with SIP settings",
        "directly purchased numbers with SIP settings",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "A number whose `import_method` is `direct-purchase` has no termination URI and no user name, and no `sip_config` unless another workspace has it on a trunk.",
        why: "Retell carries such a number itself: the settings are left over, or the import method is wrong.",
        example: "`\"import_method\": \"direct-purchase\"` beside `\"termination_uri\": \"mytrunk.pstn.twilio.com\"`.",
        fix: "Run `phone-dir sync`, or correct the field that is wrong.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, registered)) in context.registered_rows() {
        if registered.import_method == ImportMethod::DirectPurchase {
            findings.extend(judge(context, workspace, row, index, registered));
        }
    }
}

fn judge(
    context: &Context<'_>,
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    index: usize,
    registered: &RegistryEntry,
) -> Option<Finding> {
    let has_config = row.entry.is_some_and(|entry| entry.sip_config.is_some());
    let (place, what) = if registered.termination_uri.is_some() {
        (workspace.registered_field(index, "termination_uri"), "a termination URI")
    } else if registered.auth_username().is_some() {
        (workspace.registered_field(index, "auth_username"), "a SIP user name")
    } else if has_config && !is_on_trunk(context, row) {
        (Place::key(paths::MASTER, entry(row.number).at("sip_config")), "a SIP configuration")
    } else {
        return None;
    };
    let message = format!("{} in {} is a direct purchase, and has {what}", row.number, workspace.name);
    let finding = Finding::new(&RULE, place, message).item(format!("{} in {} ({what})", row.number, workspace.name));
    Some(finding.number(row.number).workspace(workspace.name))
}

/// Whether any workspace has the number behind a SIP trunk.
fn is_on_trunk(context: &Context<'_>, row: &NumberInWorkspace<'_>) -> bool {
    context.workspaces.iter().any(|workspace| {
        let found = workspace.rows.binary_search_by_key(&row.number, |row| row.number);
        let registered = found.ok().and_then(|at| workspace.rows[at].registered);
        registered.is_some_and(|(_, entry)| entry.import_method == ImportMethod::SipTrunk)
    })
}

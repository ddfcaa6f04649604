//! Numbers behind a SIP trunk without the settings that calls need.

use crate::model::paths;
use crate::model::{ImportMethod, NumberEntry, PhoneNumber, Provider, WorkspaceName};
use crate::validate::context::{Context, entry, number_key};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "missing-sip-config",
    severity: Severity::Warning,
    summary: "A number behind a SIP trunk has its SIP configuration",
    passed: "All SIP trunk numbers have their SIP configuration",
    heading: Heading::Counted("number with missing SIP configuration", "numbers with missing SIP configuration"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "A number that a workspace imported as `sip-trunk` has `sip_config` with a termination URI and, on a Twilio trunk, an origination URI.",
        why: "Without a termination URI the number makes no outbound calls; without an origination URI its inbound calls arrive nowhere.",
        example: "`\"import_method\": \"sip-trunk\"` in `numbers.json`, and `\"sip_config\": null` in `directory.json`.",
        fix: "Complete the trunk in Twilio (Elastic SIP Trunking), then run `phone-dir sync`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut judged = std::collections::BTreeSet::new();
    for (workspace, row, (_, registered)) in context.registered_rows() {
        let Some(data) = row.entry.filter(|_| registered.import_method == ImportMethod::SipTrunk) else { continue };
        // The settings are the number's own, whichever workspaces have it.
        if judged.insert(row.number) {
            findings.extend(judge(row.number, data, workspace.name));
        }
    }
}

fn judge(number: PhoneNumber, data: &NumberEntry, workspace: &WorkspaceName) -> Option<Finding> {
    let field = |name: &str| Place::value(paths::MASTER, entry(number).at("sip_config").at(name));
    let on_trunk = data.twilio.as_ref().is_some_and(|twilio| twilio.trunk_sid.is_some());
    let (place, what) = match &data.sip_config {
        None => (number_key(number), "no SIP configuration"),
        Some(config) if config.termination_uri.is_none() => (field("termination_uri"), "no termination URI"),
        Some(config) if config.origination_uri.is_none() && on_trunk && data.provider == Provider::Twilio => {
            (field("origination_uri"), "no origination URI")
        }
        Some(_) => return None,
    };
    let message = format!("{number} is imported over a SIP trunk in {workspace}, and has {what}");
    let item = format!("{number} ({what})");
    let finding = Finding::new(&RULE, place, message).item(item).number(number);
    Some(finding.help("complete the trunk in Twilio, then run `phone-dir sync`"))
}

//! Numbers that are imported over a trunk of the account, and that the account does not have.

use std::collections::BTreeSet;

use crate::model::{paths, sip};
use crate::validate::context::{Context, number_field};
use crate::validate::finding::Finding;
use crate::validate::live::over_trunks;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unlisted-number",
    severity: Severity::Warning,
    summary: "A number on a trunk of the account is in the account",
    passed: "All numbers on the account's trunks are in the account",
    heading: Heading::Counted(
        "number that the Twilio account does not list",
        "numbers that the Twilio account does not list",
    ),
    shown: Shown::WhenFailed,
    needs: &[Need::Master, Need::Trunks],
    reads: &[Reads::Master, Reads::Registries, Reads::Trunks],
    explanation: Explanation {
        what: "A number that a workspace imported with the termination URI of a trunk in `twilio/trunks.json` is in the Twilio account. It is skipped where that file is not, as in every clone.",
        why: "Twilio does not send its calls to the trunk; perhaps a digit was mistyped when it was imported.",
        example: "`phone import +14155550132 …` instead of `+14155550123`.",
        fix: "Delete it from Retell and import the right one, or buy or verify it at Twilio.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(trunks) = context.directory.trunks.as_ref().filter(|_| context.is_whole(paths::TRUNKS)) else { return };
    let domains: BTreeSet<_> =
        trunks.trunks.values().filter_map(|trunk| sip::trunk_domain(trunk.domain_name.as_deref()?)).collect();
    let mut judged = BTreeSet::new();
    for line in over_trunks(context) {
        // One that was there and left is told as that.
        if line.entry.twilio.is_some() || line.entry.left.is_some() {
            continue;
        }
        let domain = line.registered.termination_uri.as_deref().and_then(sip::trunk_domain);
        if domain.is_none_or(|domain| !domains.contains(&domain)) || !judged.insert(line.row.number) {
            continue;
        }
        let number = line.row.number;
        let message = format!("{number} is imported over a trunk of the Twilio account, which does not list it");
        findings.push(Finding::new(&RULE, number_field(number, "twilio"), message).number(number));
    }
}

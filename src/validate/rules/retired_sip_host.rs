//! Numbers whose trunk sends calls to a host that Retell has retired.

use std::collections::BTreeSet;

use crate::model::{paths, sip};
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::over_trunks;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "retired-sip-host",
    severity: Severity::Warning,
    summary: "No trunk sends calls to a host that Retell has retired",
    passed: "No trunk sends calls to a retired host",
    heading: Heading::Counted("number whose calls go to a retired host", "numbers whose calls go to a retired host"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "The host of a number's `origination_uri`, and of every other enabled origination URL of its trunk where `twilio/trunks.json` is there, is none that Retell has retired: `5t4n6j0wnrl.sip.livekit.cloud`, on 2026-09-30.",
        why: "Calls that are sent there may no longer connect.",
        example: "`\"origination_uri\": \"sip:5t4n6j0wnrl.sip.livekit.cloud\"`.",
        fix: "Set the trunk's origination URL in Twilio to `sip:sip.retellai.com`, with `;transport=tls`, `tcp` or `udp` if you like, then run `phone-dir sync`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut judged = BTreeSet::new();
    for line in over_trunks(context).filter(|line| judged.insert(line.row.number)) {
        let number = line.row.number;
        for retired in line.origination_hosts(context).iter().filter_map(|host| sip::retired(host)) {
            let message =
                format!("the calls of {number} go to `{}`, which Retell retired on {}", retired.host, retired.since);
            let place = Place::value(paths::MASTER, entry(number).at("sip_config").at("origination_uri"));
            let help = format!(
                "set the trunk's origination URL in Twilio to `sip:{}`, then run `phone-dir sync`",
                retired.instead
            );
            findings.push(Finding::new(&RULE, place, message).number(number).help(help));
        }
    }
}

//! Numbers whose trunk sends calls to a host that is not Retell's.

use std::collections::BTreeSet;

use crate::model::{paths, sip};
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::over_trunks;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unknown-sip-host",
    severity: Severity::Warning,
    summary: "Trunks send calls to Retell, or to a host of [sip] in phone-dir.toml",
    passed: "All trunks send calls to known hosts",
    heading: Heading::Counted("number whose calls go to an unknown host", "numbers whose calls go to an unknown host"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "The host of a number's `origination_uri`, and of every other enabled origination URL of its trunk where `twilio/trunks.json` is there, is Retell's `sip.retellai.com`, or one of `hosts` in `[sip]` of `phone-dir.toml`.",
        why: "Calls that are sent elsewhere never reach the agent that the directory names.",
        example: "`\"origination_uri\": \"sip:sip.retelai.com\"`.",
        fix: "Correct the trunk's origination URL in Twilio; a session border controller of your own goes into `[sip]`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut judged = BTreeSet::new();
    for line in over_trunks(context).filter(|line| judged.insert(line.row.number)) {
        let is_known = |host: &str| {
            sip::is_of_retell(host) || sip::retired(host).is_some() || context.settings.sip_hosts.contains(host)
        };
        let number = line.row.number;
        for host in line.origination_hosts(context).iter().filter(|host| !is_known(host)) {
            let message =
                format!("the calls of {number} go to `{host}`, which is neither Retell's nor in `[sip] hosts`");
            let place = Place::value(paths::MASTER, entry(number).at("sip_config").at("origination_uri"));
            findings.push(Finding::new(&RULE, place, message).number(number));
        }
    }
}

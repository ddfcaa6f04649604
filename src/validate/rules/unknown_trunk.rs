//! Numbers that name a SIP trunk which Twilio does not have.

use std::collections::BTreeSet;

use crate::model::{NumberEntry, PhoneNumber, TrunksFile, paths};
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Need, Rule, Severity, Shown};

/// The domain of every Twilio trunk.
const TWILIO_DOMAIN: &str = ".pstn.twilio.com";

/// The rule.
pub static RULE: Rule = Rule {
    code: "unknown-trunk",
    severity: Severity::Warning,
    summary: "Trunks and termination URIs are those of trunks.json",
    passed: "All SIP trunks are known",
    heading: Heading::Counted("number on an unknown SIP trunk", "numbers on unknown SIP trunks"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master, Need::Trunks],
    explanation: Explanation {
        what: "A number's `trunk_sid`, and a termination URI below `pstn.twilio.com`, are those of a trunk in `twilio/trunks.json`. It is skipped where that file is not, as in every clone.",
        why: "Calls to a trunk that is gone fail, and only the caller hears it.",
        example: "The trunk's domain was renamed in Twilio, and Retell still has the old termination URI.",
        fix: "Run `phone-dir sync`; if the URI stays wrong, update the number in Retell.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(trunks) = &context.directory.trunks else { return };
    if !context.is_whole(paths::TRUNKS) {
        return;
    }
    let domains: BTreeSet<String> = trunks
        .trunks
        .values()
        .filter_map(|trunk| trunk.domain_name.as_ref())
        .map(|domain| domain.to_lowercase())
        .collect();
    for (number, data) in &context.directory.master.numbers {
        findings.extend(judge(trunks, &domains, *number, data));
    }
}

fn judge(trunks: &TrunksFile, domains: &BTreeSet<String>, number: PhoneNumber, data: &NumberEntry) -> Option<Finding> {
    let place = |part: &str, field: &str| Place::value(paths::MASTER, entry(number).at(part).at(field));
    let sid = data.twilio.as_ref().and_then(|twilio| twilio.trunk_sid).filter(|sid| !trunks.trunks.contains_key(sid));
    if let Some(sid) = sid {
        let message = format!("{number} is on trunk `{sid}`, which Twilio does not have");
        return Some(Finding::new(&RULE, place("twilio", "trunk_sid"), message).number(number));
    }
    let uri = data.sip_config.as_ref()?.termination_uri.as_ref()?;
    let domain = uri.to_lowercase();
    if !domain.ends_with(TWILIO_DOMAIN) || domains.contains(&domain) {
        return None;
    }
    let message = format!("{number} has termination URI `{uri}`, which is no trunk's domain");
    Some(Finding::new(&RULE, place("sip_config", "termination_uri"), message).number(number))
}

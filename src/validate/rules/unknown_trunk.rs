//! Numbers that name a SIP trunk which Twilio does not have.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::{NumberEntry, PhoneNumber, TrunksFile, paths, sip};
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unknown-trunk",
    severity: Severity::Warning,
    summary: "Trunks and termination URIs are those of trunks.json",
    passed: "All SIP trunks are known",
    heading: Heading::Counted("number on an unknown SIP trunk", "numbers on unknown SIP trunks"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master, Need::Trunks],
    reads: &[Reads::Master, Reads::Registries, Reads::Trunks],
    explanation: Explanation {
        what: "A number's `trunk_sid`, and a termination URI below `pstn.twilio.com` (of any region), are those of a trunk in `twilio/trunks.json`. It is skipped where that file is not, as in every clone.",
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
    let domains: BTreeSet<_> =
        trunks.trunks.values().filter_map(|trunk| sip::trunk_domain(trunk.domain_name.as_deref()?)).collect();
    for (number, data) in &context.directory.master.numbers {
        findings.extend(judge(trunks, &domains, *number, data));
    }
    findings.extend(registered(context, &domains));
}

/// The termination URIs that a workspace has and `directory.json` has not: it keeps one for all of them.
fn registered(context: &Context<'_>, domains: &BTreeSet<Cow<'_, str>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (workspace, row, (index, registered)) in context.registered_rows() {
        let Some(uri) = registered.termination_uri.as_ref().filter(|uri| is_unknown(uri, domains)) else { continue };
        let number = row.number;
        let config = row.entry.and_then(|data| data.sip_config.as_ref());
        if config.is_some_and(|config| config.termination_uri.as_ref() == Some(uri)) {
            continue;
        }
        let message = format!("{number} in {} has termination URI `{uri}`, which is no trunk's domain", workspace.name);
        let place = workspace.registered_field(index, "termination_uri");
        findings.push(Finding::new(&RULE, place, message).number(number).workspace(workspace.name));
    }
    findings
}

fn is_unknown(uri: &str, domains: &BTreeSet<Cow<'_, str>>) -> bool {
    sip::trunk_domain(uri).is_some_and(|domain| !domains.contains(&domain))
}

fn judge(
    trunks: &TrunksFile,
    domains: &BTreeSet<Cow<'_, str>>,
    number: PhoneNumber,
    data: &NumberEntry,
) -> Option<Finding> {
    let place = |part: &str, field: &str| Place::value(paths::MASTER, entry(number).at(part).at(field));
    let sid = data.twilio.as_ref().and_then(|twilio| twilio.trunk_sid).filter(|sid| !trunks.trunks.contains_key(sid));
    if let Some(sid) = sid {
        let message = format!("{number} is on trunk `{sid}`, which Twilio does not have");
        return Some(Finding::new(&RULE, place("twilio", "trunk_sid"), message).number(number));
    }
    let uri = data.sip_config.as_ref()?.termination_uri.as_ref()?;
    if !is_unknown(uri, domains) {
        return None;
    }
    let message = format!("{number} has termination URI `{uri}`, which is no trunk's domain");
    Some(Finding::new(&RULE, place("sip_config", "termination_uri"), message).number(number))
}

//! Bound lines whose trunk sends calls nowhere.

use crate::model::{Provider, paths};
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::over_trunks;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "trunk-without-url",
    severity: Severity::Error,
    summary: "The trunk of every bound line has an enabled URL (an error in protected workspaces)",
    passed: "Every bound line's trunk has an enabled URL",
    heading: Heading::Counted(
        "bound line whose trunk has no enabled URL",
        "bound lines whose trunk has no enabled URL",
    ),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A number on a Twilio trunk that an agent answers has an `origination_uri`: its trunk is in the account, has an origination URL, and one that is enabled. It is an error in a protected workspace, and a warning in the others.",
        why: "Twilio has nowhere to send its calls.",
        example: "The only origination URL of the trunk was switched off for a test, and not switched on again.",
        fix: "Add or enable an origination URL of the trunk in Twilio, or put the number on a trunk that is there, then run `phone-dir sync`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for line in over_trunks(context).filter(|line| line.is_bound()) {
        let Some(config) = &line.entry.sip_config else { continue };
        let on_trunk = line.entry.twilio.as_ref().is_some_and(|twilio| twilio.trunk_sid.is_some());
        if !on_trunk || config.origination_uri.is_some() || line.entry.provider != Provider::Twilio {
            continue;
        }
        let number = line.row.number;
        let message = format!("{number}: its trunk has no enabled URL");
        let place = Place::value(paths::MASTER, entry(number).at("sip_config").at("origination_uri"));
        findings.push(line.finding(context, Finding::new(&RULE, place, message)));
    }
}

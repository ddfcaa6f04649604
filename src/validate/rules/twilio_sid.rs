//! Twilio's resource identifiers: their form, and that each names one thing.

use std::collections::BTreeMap;

use crate::model::paths;
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

/// The rule. Its form is checked while reading; its uniqueness here.
pub static RULE: Rule = Rule {
    code: "twilio-sid",
    severity: Severity::Error,
    summary: "Twilio SIDs are well formed, and no two numbers share one",
    passed: "All numbers have valid Twilio SIDs",
    heading: Heading::Counted("invalid Twilio SID", "invalid Twilio SIDs"),
    shown: Shown::Always,
    needs: &[],
    reads: &[Reads::Master],
    explanation: Explanation {
        what: "A SID is two letters for its kind (`PN` number, `TK` trunk, `CL` credential list, `OU` origination URL) and 32 hexadecimal digits; each number has its own.",
        why: "Twilio knows its resources by nothing else: a wrong SID points at nothing, or at someone else's number.",
        example: "`\"phone_number_sid\": \"PNxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"`, a placeholder that was never replaced.",
        fix: "Copy the SID from the Twilio Console, or run `phone-dir sync-twilio --all`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut owners = BTreeMap::new();
    for (number, data) in &context.directory.master.numbers {
        let Some(sid) = data.twilio.as_ref().map(|twilio| twilio.phone_number_sid) else { continue };
        let place = |number| Place::value(paths::MASTER, entry(number).at("twilio").at("phone_number_sid"));
        if let Some(first) = owners.get(&sid) {
            let message = format!("{number} has the phone number SID of {first}");
            findings.push(
                Finding::new(&RULE, place(*number), message)
                    .number(*number)
                    .related(place(*first), format!("{first} has the same SID"))
                    .help("run `phone-dir sync-twilio --all` to take both from Twilio"),
            );
        } else {
            owners.insert(sid, *number);
        }
    }
}

//! Bound lines that are on no trunk.

use crate::model::paths;
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::over_trunks;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "left-trunk",
    severity: Severity::Error,
    summary: "Every bound line is on its trunk (an error in protected workspaces)",
    passed: "Every bound line is on its trunk",
    heading: Heading::Counted("bound line left its trunk", "bound lines left their trunks"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A number of the Twilio account that an agent answers over a Twilio trunk has a `trunk_sid`. It is an error in a protected workspace, and a warning in the others.",
        why: "Twilio does not know where to send its calls; callers hear an announcement, or nothing.",
        example: "A voice URL was set on the number in Twilio, which took it off the trunk.",
        fix: "Put the number back on its trunk in Twilio (Elastic SIP Trunking, Numbers), then run `phone-dir sync`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for line in over_trunks(context).filter(|line| line.is_at_twilio() && line.is_bound()) {
        if line.entry.twilio.as_ref().is_none_or(|twilio| twilio.trunk_sid.is_some()) {
            continue;
        }
        let number = line.row.number;
        let trunk = line.entry.left.as_ref().and_then(|left| left.trunk_sid);
        let what = trunk.map_or_else(|| "is on no trunk".to_owned(), |sid| format!("left trunk {sid}"));
        let place = Place::value(paths::MASTER, entry(number).at("twilio").at("trunk_sid"));
        findings.push(line.finding(context, Finding::new(&RULE, place, format!("{number} {what}"))));
    }
}

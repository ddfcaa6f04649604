//! Lines of protected workspaces that are on no trunk.

use crate::model::paths;
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::{answering, over_trunks};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

/// The rule.
pub static RULE: Rule = Rule {
    code: "left-trunk",
    severity: Severity::Error,
    summary: "Every bound line of a protected workspace is on its trunk",
    passed: "Every bound line is on its trunk",
    heading: Heading::Counted("bound line left its trunk", "bound lines left their trunks"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A number of the Twilio account that an agent answers in a protected workspace, over a Twilio trunk, has a `trunk_sid`.",
        why: "Twilio does not know where to send its calls; callers hear an announcement, or nothing.",
        example: "Somebody gave the number a voice URL in Twilio, which took it off the trunk.",
        fix: "Put the number back on its trunk in Twilio (Elastic SIP Trunking, Numbers), then run `phone-dir sync`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for line in over_trunks(context).filter(|line| line.is_at_twilio() && line.is_protected_line(context)) {
        if line.entry.twilio.as_ref().is_none_or(|twilio| twilio.trunk_sid.is_some()) {
            continue;
        }
        let (number, name) = (line.row.number, line.workspace.name);
        let trunk = line.entry.left.as_ref().and_then(|left| left.trunk_sid);
        let what = trunk.map_or_else(|| "is on no trunk".to_owned(), |sid| format!("left trunk {sid}"));
        let message = format!("{number} {what}, and {} answers it in {name}", answering(line.row));
        let place = Place::value(paths::MASTER, entry(number).at("twilio").at("trunk_sid"));
        findings.push(Finding::new(&RULE, place, message).number(number).workspace(name));
    }
}

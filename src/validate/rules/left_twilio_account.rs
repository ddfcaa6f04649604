//! Bound lines whose number is not in the Twilio account any more.

use crate::model::master::LeftBehind;
use crate::validate::context::{Context, number_field};
use crate::validate::finding::Finding;
use crate::validate::live::{Line, lines};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "left-twilio-account",
    severity: Severity::Error,
    summary: "No bound line has left the Twilio account (an error in protected workspaces)",
    passed: "No bound line has left the Twilio account",
    heading: Heading::Counted("bound line left the Twilio account", "bound lines left the Twilio account"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A number that an agent answers over a Twilio trunk, or that was bought through Retell in the same Twilio account, is in that account. `left` in `directory.json` says that a sync found it gone. It is an error in a protected workspace, and a warning in the others.",
        why: "It was released or ported out: Retell still lists it, and no call arrives.",
        example: "`\"left\": {\"from\": \"account\", …}` for a number that `agents/support` answers in production.",
        fix: "Get the number back at Twilio, or take it out of Retell with `phone-dir phone delete`. A sync then takes `left` away.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // One whose trunk is another carrier's moved there; one that was bought through Retell has no trunk.
    let is_carried = |line: &Line<'_>| line.is_at_twilio() || !line.is_over_trunk();
    for line in lines(context).filter(|line| is_carried(line) && line.is_bound()) {
        let Some(left) = line.entry.left.as_ref().filter(|left| left.from == LeftBehind::Account) else { continue };
        let number = line.row.number;
        let since = left.date.map(|date| format!(" ({date})")).unwrap_or_default();
        let message = format!("{number} left the Twilio account{since}");
        findings.push(line.finding(context, Finding::new(&RULE, number_field(number, "left"), message)));
    }
}

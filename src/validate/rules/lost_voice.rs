//! Lines with a voice agent that carry no voice.

use crate::model::paths;
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::dead_line;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "lost-voice",
    severity: Severity::Error,
    summary: "Every line with a voice agent carries voice (an error in protected workspaces)",
    passed: "Every line with a voice agent carries voice",
    heading: Heading::Counted("line with a voice agent lost voice", "lines with a voice agent lost voice"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Assignments],
    explanation: Explanation {
        what: "Where Twilio tells the capabilities of a number with a voice agent, `voice` is true. It is an error in a protected workspace, and a warning in the others.",
        why: "A number without voice takes no calls, whichever agent is bound to it.",
        example: "The carrier withdrew voice from a toll-free number whose registration ended.",
        fix: "Ask Twilio about the number, or bind its agents to another one.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (_, assignment)) in context.assigned_rows() {
        let capabilities = row.entry.and_then(|entry| entry.capabilities);
        let is_mute = capabilities.is_some_and(|known| !known.voice);
        if !is_mute || !assignment.is_assigned() {
            continue;
        }
        let number = row.number;
        let place = Place::value(paths::MASTER, entry(number).at("capabilities").at("voice"));
        let finding = Finding::new(&RULE, place, format!("{number} lost voice"));
        findings.push(dead_line(context, workspace, row, finding));
    }
}

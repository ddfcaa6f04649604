//! Lines of protected workspaces that carry no voice.

use crate::model::paths;
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::live::answering;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

/// The rule.
pub static RULE: Rule = Rule {
    code: "lost-voice",
    severity: Severity::Error,
    summary: "Every line with a voice agent of a protected workspace carries voice",
    passed: "Every line with a voice agent carries voice",
    heading: Heading::Counted("line with a voice agent lost voice", "lines with a voice agent lost voice"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Assignments],
    explanation: Explanation {
        what: "Where Twilio tells the capabilities of a number with a voice agent in a protected workspace, `voice` is true.",
        why: "A number without voice takes no calls, whoever is bound to it.",
        example: "The carrier withdrew voice from a toll-free number whose registration ended.",
        fix: "Ask Twilio about the number, or bind its agents to another one.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (_, assignment)) in context.assigned_rows() {
        let capabilities = row.entry.and_then(|entry| entry.capabilities);
        let is_mute = capabilities.is_some_and(|known| !known.voice);
        if !is_mute || !assignment.is_assigned() || !context.settings.protected.contains(workspace.name) {
            continue;
        }
        let (number, name) = (row.number, workspace.name);
        let message = format!("{number} lost voice, and {} answers it in {name}", answering(row));
        let place = Place::value(paths::MASTER, entry(number).at("capabilities").at("voice"));
        findings.push(Finding::new(&RULE, place, message).number(number).workspace(name));
    }
}

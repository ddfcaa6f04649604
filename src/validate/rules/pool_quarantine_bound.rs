//! Numbers that rest, or are retired, and answer all the same.

use crate::model::pools::MemberState;
use crate::model::{Day, Settings};
use crate::pools::obstacle;
use crate::validate::context::{Context, member_field};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-quarantine-bound",
    severity: Severity::Warning,
    summary: "Nothing answers a number that rests or is retired",
    passed: "Nothing answers a number that rests or is retired",
    heading: Heading::Counted(
        "resting or retired number that is in service",
        "resting or retired numbers that are in service",
    ),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments, Reads::Pools],
    explanation: Explanation {
        what: "A member in `quarantine` or `retired` has no agent and no webhook in the workspaces of its pool.",
        why: "One of the two is a mistake: callers reach an agent on a number that is said to rest.",
        example: "`+14155550114` rests until December, and a sync found it bound to `agents/sales` in `production`.",
        fix: "Unbind it with `phone-dir pools release NUMBER -w W`, or end its rest with `phone-dir pools reserve NUMBER --clear`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.pools else { return };
    let today = Day::of(context.occasion.now);
    for (number, member) in &file.members {
        let Some(state) = member.state_on(today).filter(|state| *state != MemberState::Reserved) else { continue };
        let workspaces = file.pools.get(&member.pool).map(|pool| pool.workspaces.as_slice()).unwrap_or_default();
        let is_of_pool = |name| workspaces.is_empty() || workspaces.contains(name);
        for workspace in context.workspaces.iter().filter(|workspace| is_of_pool(workspace.name)) {
            let settings = Settings::of_directory(context.directory, workspace.name, *number);
            let Some(obstacle) = settings.as_ref().and_then(obstacle::of_settings) else { continue };
            let message = format!("{number} is {state}, and in service {} in {}", obstacle.words(), workspace.name);
            let finding = Finding::new(&RULE, member_field(*number, "state"), message);
            findings.push(finding.number(*number).workspace(workspace.name));
        }
    }
}

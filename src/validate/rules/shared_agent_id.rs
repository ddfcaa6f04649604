//! One agent id in two folders.

use std::collections::BTreeMap;

use crate::model::{AgentId, AgentPath, WorkspaceName};
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "shared-agent-id",
    severity: Severity::Error,
    summary: "No agent id is in two folders",
    passed: "Every agent id is in one folder only",
    heading: Heading::Counted("agent id is in two folders", "agent ids are in two folders"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::AgentIds],
    explanation: Explanation {
        what: "No two folders below `agents/` claim one agent id, in the same workspace or in two.",
        why: "A number's folder is found by its agent's id; where two folders have it, every answer about the number is a guess.",
        example: "`agents/sales` was copied to `agents/support`, and `support/staging.json` kept the id.",
        fix: "Take the id out of the folder that does not own it (`\"agent_id\": null`), then run `phone-dir sync`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut owners: BTreeMap<&AgentId, (&AgentPath, &WorkspaceName)> = BTreeMap::new();
    for (path, folder) in context.directory.agents.iter() {
        for (workspace, id) in folder.ids.iter().filter_map(|(workspace, id)| Some((workspace, id.as_ref()?))) {
            let (owner, first) = *owners.entry(id).or_insert((path, workspace));
            if owner != path {
                let place =
                    |path, workspace| Place::value(format!("{path}/{workspace}.json"), Pointer::root().at("agent_id"));
                findings.push(
                    Finding::new(
                        &RULE,
                        place(path, workspace),
                        format!("`{path}` and `{owner}` both have agent id `{id}`"),
                    )
                    .workspace(workspace)
                    .related(place(owner, first), format!("`{owner}` has it in {first}"))
                    .help("set `agent_id` to null in the folder that does not own the agent"),
                );
            }
        }
    }
}

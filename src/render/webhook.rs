//! What is told of Retell's events: which key signed one, and when the last one of each workspace came.

use serde::Serialize;

use super::escape;
use super::failure::FORMAT_VERSION;
use crate::model::WorkspaceName;
use crate::plural::counted;
use crate::store::calls::LastEvent;

/// Whether an event is signed, and by whom.
pub struct Verification<'a> {
    /// Whose key signed it; none where no key did.
    pub workspace: Option<&'a WorkspaceName>,
    /// What event it is, where it is signed and can be read.
    pub event: Option<&'a str>,
    /// Why it is refused, by its signature or by its body.
    pub problem: Option<String>,
}

#[derive(Serialize)]
struct VerifiedJson<'a> {
    format_version: u32,
    status: &'static str,
    workspace: Option<&'a str>,
    event: Option<&'a str>,
    problem: Option<&'a str>,
}

impl Verification<'_> {
    /// Whether a key signed the event.
    pub fn is_signed(&self) -> bool {
        self.workspace.is_some()
    }

    pub fn text(&self) -> String {
        let problem = self.problem.as_deref().map(|problem| format!("{problem}\n")).unwrap_or_default();
        match self.workspace {
            Some(workspace) => format!("Signed with a key of {workspace}\n{problem}"),
            None => problem,
        }
    }

    pub fn json(&self) -> String {
        escape::json_of(&VerifiedJson {
            format_version: FORMAT_VERSION,
            status: if self.is_signed() { "verified" } else { "refused" },
            workspace: self.workspace.map(WorkspaceName::as_str),
            event: self.event,
            problem: self.problem.as_deref(),
        })
    }
}

#[derive(Serialize)]
struct WebhookStatusJson {
    format_version: u32,
    workspaces: Vec<WebhookWorkspaceJson>,
}

#[derive(Serialize)]
struct WebhookWorkspaceJson {
    workspace: String,
    last_event: Option<String>,
    events: u64,
    missed_by_push: u64,
}

/// The last events of each workspace, for programs.
pub fn status_json(last: &[LastEvent]) -> String {
    let workspace = |last: &LastEvent| WebhookWorkspaceJson {
        workspace: last.workspace.to_string(),
        last_event: last.received.map(|received| received.to_string()),
        events: last.events,
        missed_by_push: last.missed,
    };
    escape::json_of(&WebhookStatusJson {
        format_version: FORMAT_VERSION,
        workspaces: last.iter().map(workspace).collect(),
    })
}

/// The last events of each workspace, a line each.
pub fn status(last: &[LastEvent]) -> String {
    let line = |last: &LastEvent| match last.received {
        None => format!("{}: no event in the last week\n", last.workspace),
        Some(received) => format!(
            "{}: last event at {received}, {} in a week, {} missed\n",
            last.workspace,
            last.events,
            counted(last.missed, "call")
        ),
    };
    last.iter().map(line).collect()
}

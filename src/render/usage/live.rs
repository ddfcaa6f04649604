//! The live page, and what it is told once a second.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use crate::activity::live::{LiveCalls, LiveLine};
use crate::capacity::now::{KnownConcurrency, WorkspaceNow};
use crate::model::{AgentFolders, AgentId, AgentPath, WorkspaceName};
use crate::render::report::mark;

#[derive(Serialize)]
struct LiveJson<'a> {
    now: String,
    ongoing: u64,
    last_hour: u64,
    lost_last_hour: u64,
    failed_last_hour: u64,
    workspaces: Vec<WorkspaceJson<'a>>,
    lines: Vec<LineJson<'a>>,
    minutes: &'a [u64],
    last_error: Option<LastError<'a>>,
}

/// Why events could not be stored the last time that it failed.
#[derive(Serialize)]
pub struct LastError<'a> {
    pub why: &'a str,
    pub at: String,
    /// Whether nothing was stored since.
    pub lasts: bool,
}

/// A workspace's calls against its limit; what is not known is null, and never 0.
#[derive(Serialize)]
struct WorkspaceJson<'a> {
    workspace: &'a str,
    ongoing: u64,
    lost_last_hour: u64,
    at_retell: Option<u64>,
    limit: Option<u64>,
    burst_limit: Option<u64>,
    reserved_inbound: Option<u64>,
    read_at: Option<String>,
    problem: Option<&'a str>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    workspace: &'a str,
    phone_number: Option<&'a str>,
    agent_id: Option<&'a str>,
    agent_path: Option<&'a str>,
    ongoing: u64,
    last_hour: u64,
    lost_last_hour: u64,
}

/// The state on one line, as an event carries it.
pub fn json(
    calls: &LiveCalls,
    workspaces: &[WorkspaceNow],
    agents: &AgentFolders,
    last_error: Option<LastError<'_>>,
) -> String {
    let sum = |of: fn(&LiveLine) -> u64| calls.lines.iter().map(of).sum();
    serde_json::to_string(&LiveJson {
        now: calls.now.to_string(),
        ongoing: sum(|line| line.ongoing),
        last_hour: sum(|line| line.last_hour),
        lost_last_hour: sum(|line| line.lost),
        failed_last_hour: calls.failed,
        workspaces: workspaces.iter().map(workspace_json).collect(),
        lines: calls.lines.iter().map(|line| line_json(line, agents)).collect(),
        minutes: &calls.minutes,
        last_error,
    })
    .expect("counts always serialize")
}

fn workspace_json(row: &WorkspaceNow) -> WorkspaceJson<'_> {
    let said = row.said();
    let (read_at, problem) = match &row.concurrency {
        KnownConcurrency::Said { at, .. } => (Some(at.to_string()), None),
        KnownConcurrency::Nothing(problem) => (None, problem.as_deref()),
    };
    WorkspaceJson {
        workspace: &row.workspace,
        ongoing: row.ongoing,
        lost_last_hour: row.lost,
        at_retell: said.current,
        limit: said.limit,
        burst_limit: said.burst_limit,
        reserved_inbound: said.reserved_inbound,
        read_at,
        problem,
    }
}

fn line_json<'a>(line: &'a LiveLine, agents: &'a AgentFolders) -> LineJson<'a> {
    let workspace = WorkspaceName::parse(&line.workspace).ok();
    let agent = line.agent_id.as_deref().and_then(|id| AgentId::parse(id).ok());
    let path = workspace.zip(agent).and_then(|(workspace, agent)| agents.path_of(&workspace, &agent));
    LineJson {
        workspace: &line.workspace,
        phone_number: line.phone_number.as_deref(),
        agent_id: line.agent_id.as_deref(),
        agent_path: path.map(AgentPath::as_str),
        ongoing: line.ongoing,
        last_hour: line.last_hour,
        lost_last_hour: line.lost,
    }
}

/// The page: one file, which fetches nothing but its events.
pub fn page(style: &str, script: &str) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Calls now" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                link rel="icon" href="data:,";
                style { (PreEscaped(style)) }
            }
            body {
                header {
                    div.brand { (mark()) div { h1 { "Calls now" } p #state role="status" { "Waiting for the first answer" } } }
                }
                main { (figures()) (hour()) (workspaces()) (lines()) }
                footer { "Shown by " code { "phone-dir webhook serve" } ", once a second. Only our own numbers are here." }
                script { (PreEscaped(script)) }
            }
        }
    };
    page.into_string()
}

fn figures() -> Markup {
    let figures = [
        ("ongoing", "Under way", "calls now"),
        ("last-hour", "Last hour", "calls that began"),
        ("lost", "Lost", "in the last hour, for want of concurrency"),
        ("missed", "Not connected", "in the last hour"),
    ];
    html! {
        ul.tiles {
            @for (id, name, about) in figures {
                li.tile { span.name { (name) } strong.figure id=(id) { "-" } span.about { (about) } }
            }
        }
    }
}

fn hour() -> Markup {
    html! {
        section aria-labelledby="hour-h" {
            h2 #hour-h { "The last hour, by the minute" }
            div.card {
                svg.days #hour viewBox="0 0 600 90" preserveAspectRatio="none" role="img" aria-labelledby="hour-h" {}
                div.ends { span { "an hour ago" } span #most { "" } span { "now" } }
            }
        }
    }
}

fn workspaces() -> Markup {
    html! {
        section aria-labelledby="workspaces-h" {
            h2 #workspaces-h { "Calls at a time, against the limit" }
            div.card.across-page {
                table {
                    thead {
                        tr { th { "Workspace" } th.count { "Under way" } th.count { "Retell counts" } th.count { "Limit" } th { "In use" } th.count { "Lost in an hour" } }
                    }
                    tbody #workspaces {}
                }
            }
        }
    }
}

fn lines() -> Markup {
    html! {
        section aria-labelledby="lines-h" {
            h2 #lines-h { "Numbers and agents" }
            div.card.across-page {
                table {
                    thead {
                        tr { th { "Number" } th { "Workspace" } th { "Agent" } th.count { "Under way" } th.count { "Last hour" } th.count { "Lost" } }
                    }
                    tbody #lines {}
                }
                p.none #silent { "No call in the last hour." }
            }
        }
    }
}

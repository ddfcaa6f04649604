//! `phone-dir webhook status`

use serde::Serialize;

use crate::commands::options::OutputFormat;
use crate::commands::usage::{Standing, WorkspaceChoice, no_store};
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::model::canonical;
use crate::render::failure::FORMAT_VERSION;
use crate::render::usage::calls;
use crate::store::calls::{CallStore, LastEvent};

/// Tell when the last event of each workspace came, and how many calls no event told of
///
/// Events are counted for a week. A call that was read and that no event told of was missed: the receiver was not there, or
/// Retell gave up after its tries.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    #[command(flatten)]
    pub output: OutputFormat,
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

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let standing = Standing::of(&options.workspaces, session)?;
    let Some(store) = CallStore::open_to_ask(&standing.place)? else { return Err(no_store()) };
    let last = store.last_events(&standing.workspaces)?;
    session.print(&if options.output.is_json() {
        let workspaces = last.iter().map(json).collect();
        canonical::to_text(&WebhookStatusJson { format_version: FORMAT_VERSION, workspaces })
    } else {
        last.iter().map(text).collect()
    })?;
    Ok(Exit::Done)
}

fn json(last: &LastEvent) -> WebhookWorkspaceJson {
    WebhookWorkspaceJson {
        workspace: last.workspace.to_string(),
        last_event: last.received.map(|received| received.to_string()),
        events: last.events,
        missed_by_push: last.missed,
    }
}

fn text(last: &LastEvent) -> String {
    match last.received {
        None => format!("{}: no event in the last week\n", last.workspace),
        Some(received) => format!(
            "{}: last event at {received}, {} in a week, {} missed\n",
            last.workspace,
            last.events,
            calls(last.missed)
        ),
    }
}

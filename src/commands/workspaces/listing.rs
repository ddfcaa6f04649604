//! The workspaces as they stand.

use crate::commands::desk::{AsOf, Desk};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::providers::credentials;
use crate::render::workspaces::{self, WorkspaceRow};

/// Lists them; no provider is asked.
pub fn run(output: OutputFormat, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let directory = desk.directory(&AsOf::default())?;
    let environment = desk.environment();
    let rows: Vec<_> = directory
        .workspace_names()
        .into_iter()
        .map(|name| {
            let found = credentials::retell(&environment, directory.settings.as_ref(), &name);
            let files = directory.workspaces.get(&name);
            let summary = files.map(|files| &files.numbers.summary);
            WorkspaceRow {
                numbers: summary.map_or(0, |summary| summary.total.0),
                unassigned: summary.map_or(0, |summary| summary.unassigned.0),
                org_id: files.and_then(|files| files.numbers.org_id.clone()),
                is_in_directory: files.is_some(),
                key: match found {
                    Ok(found) => Ok(found.source.to_string()),
                    Err(error) => Err(error.message().to_owned()),
                },
                workspace: name,
            }
        })
        .collect();
    session.print(&if output.is_json() { workspaces::json(&rows) } else { workspaces::text(&rows, session.room()) })?;
    Ok(Exit::Done)
}

//! The workspaces as they stand.

use crate::cli::OutputFormat;
use crate::commands::{Exit, Session, queries, syncing};
use crate::error::Result;
use crate::model::Directory;
use crate::providers::credentials;
use crate::render::workspaces::{self, WorkspaceRow};
use crate::store::worktree;

/// Lists them; no provider is asked.
pub fn run(output: OutputFormat, session: &Session) -> Result<Exit> {
    let project = queries::find_project(session)?;
    let directory = Directory::load(&worktree::read(project.root())?)?;
    session.note_unread(&directory);
    let environment = syncing::environment(&project, session)?;
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

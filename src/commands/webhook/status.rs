//! `phone-dir webhook status`

use crate::commands::desk::calls::{CallContext, WorkspaceChoice, no_store};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::render::webhook;
use crate::store::calls::CallStore;

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

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&options.workspaces, session)?;
    let Some(store) = CallStore::open_to_ask(&context.place)? else { return Err(no_store()) };
    let last = store.last_events(&context.workspaces)?;
    session.print(&if options.output.is_json() { webhook::status_json(&last) } else { webhook::status(&last) })?;
    Ok(Exit::Done)
}

//! `phone-dir webhook verify`

use std::path::PathBuf;

use super::keys;
use crate::activity::signature::signed_by;
use crate::activity::time::Millis;
use crate::commands::core_dumps;
use crate::commands::desk::calls::{CallContext, WorkspaceChoice, now};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::providers::retell::events;
use crate::render::webhook::Verification;
use crate::store::regular_file;

/// The largest body that is verified, in bytes.
const LARGEST: u64 = 64 << 20;

/// Tell which workspace's key signed an event; exit code 1 where none did
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The file with the event's body, byte for byte as it came
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
    /// The value of the header `X-Retell-Signature`
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    signature: String,
    /// When it came, in milliseconds since 1970; now unless it is said
    #[arg(long, value_name = "MILLISECONDS", allow_hyphen_values = true)]
    at: Option<i64>,
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    #[command(flatten)]
    pub output: OutputFormat,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    core_dumps::forbid()?;
    let context = CallContext::of(&options.workspaces, session)?;
    let keys = keys::of(&context, session)?;
    let path = session.start.join(&options.body);
    let body = regular_file::read_given(&path, LARGEST).map_err(|error| Error::io("read", &path, error))?;
    let at = options.at.map_or_else(|| now(session), Millis);
    let signed = signed_by(Some(&options.signature), &body, &keys, at);
    let event = events::event(&body);
    let problem = match (&signed, &event) {
        (Err(problem), _) => Some(problem.to_string()),
        (Ok(_), Err(no_event)) => Some(format!("the receiver refuses the body all the same: {}", no_event.0)),
        (Ok(_), Ok(_)) => None,
    };
    let verified = Verification {
        workspace: signed.as_ref().ok().copied(),
        event: event.as_ref().ok().filter(|_| signed.is_ok()).map(events::RetellEvent::name),
        problem,
    };
    session.print(&if options.output.is_json() { verified.json() } else { verified.text() })?;
    Ok(if verified.is_signed() { Exit::Done } else { Exit::Found })
}

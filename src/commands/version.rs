//! `phone-dir version`

use clap::Args;

use super::{Exit, Session};
use crate::error::Result;

/// Print phone-dir's version; the same as `--version`
#[derive(Args, Debug)]
pub struct Arguments {}

/// Prints the version on one line.
pub fn run(_arguments: &Arguments, session: &Session) -> Result<Exit> {
    session.print(&format!("phone-dir {}\n", env!("CARGO_PKG_VERSION")))?;
    Ok(Exit::Done)
}

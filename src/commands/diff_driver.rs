//! `phone-dir diff-driver`, which git calls for each version of a file that it compares.

use std::path::PathBuf;

use clap::Args;

use super::{Exit, Session};
use crate::error::{Error, Result};
use crate::render::{escape, facts};
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::regular_file::{self, Links};

/// Print a version of a file as lines that git compares, for `git diff` and `git log -p`
///
/// git calls it as `phone-dir setup` registers it. A file that cannot be read as part of a directory is printed as it
/// stands.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The file, which git may have put elsewhere than its path says
    file: PathBuf,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let place = session.start.join(&arguments.file);
    let bytes =
        regular_file::read(&place, Links::Follow, MAX_FILE_BYTES).map_err(|error| Error::io("read", &place, error))?;
    // What cannot be read is shown as it is, but for what would steer a terminal.
    session.print(&facts::lines(&bytes).unwrap_or_else(|| escape::lines(&String::from_utf8_lossy(&bytes))))?;
    Ok(Exit::Done)
}

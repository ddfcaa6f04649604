//! A number on the command line, which Retell may have and the directory may not.

use clap::Args;

use crate::commands::completing;
use crate::commands::desk::names;
use crate::error::{Error, Result};
use crate::model::{Directory, PhoneNumber, WorkspaceName};

/// A number of a workspace, as arguments.
#[derive(Args, Debug)]
pub struct Target {
    /// The number, in E.164 form or as people write it
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    number: String,
    /// The workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: String,
}

impl Target {
    /// Finds what the arguments name; the workspace need not have the number yet.
    pub fn find(&self, directory: &Directory) -> Result<(WorkspaceName, PhoneNumber)> {
        Ok((names::workspace(directory, &self.workspace)?, names::number(directory, &self.number)?))
    }
}

/// Reads a number that may be new, and so has to be in E.164 form.
pub fn new(written: &str) -> Result<PhoneNumber> {
    PhoneNumber::parse(written).map_err(|_| {
        Error::failed(format!("`{written}` is not a number in E.164 form"))
            .hint("write `+`, the country code and the number, digits only: `+14155550123`")
    })
}

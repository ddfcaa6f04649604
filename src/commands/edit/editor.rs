//! A number's settings in the user's own editor.

use std::io::IsTerminal;
use std::process::Command;

use crate::commands::Session;
use crate::error::{Error, Result};
use crate::store::artefact::Scratch;

/// Whether a person can be shown an editor here.
pub fn is_possible(session: &Session) -> bool {
    std::io::stdin().is_terminal() && session.is_watched()
}

/// Opens a text in `$VISUAL` or `$EDITOR` and gives what the person made of it.
pub fn open(session: &Session, text: &str) -> Result<String> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| session.variable(name).filter(|text| !text.is_empty()));
    let editor = editor.unwrap_or("vi");
    let scratch = Scratch::new(text)?;
    // As git does: the variable may hold a program with its arguments.
    let script = format!("{editor} \"$@\"");
    let status = Command::new("sh").args(["-c", &script, editor]).arg(scratch.path()).status();
    let status = status.map_err(|error| Error::failed("cannot start the editor").caused_by(error))?;
    if !status.success() {
        return Err(Error::failed("the editor did not end well; nothing was changed"));
    }
    scratch.read()
}

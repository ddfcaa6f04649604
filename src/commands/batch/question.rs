//! Asks before a change is made at Retell, where a person is there to answer.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use super::{Confirmation, Operation};
use crate::change::Edit;
use crate::error::{Error, Result};
use crate::model::WorkspaceName;
use crate::plural::counted;

impl Operation<'_> {
    /// Ends the run unless the answer is yes; `to_send` are the numbers that Retell will be told about.
    pub(super) fn ask(&self, to_send: &[&Edit]) -> Result<()> {
        if self.batch.confirmation == Confirmation::PreviewThenAct {
            return Ok(());
        }
        if !(std::io::stdin().is_terminal() && self.desk.session.is_watched()) {
            return Err(Error::refused("nothing was changed, because no terminal is here to ask on", "--yes")
                .hint("look at the changes above; if they are meant, run the same command with `--yes`"));
        }
        let unreadable = |error| Error::failed("cannot ask").caused_by(error);
        let mut terminal = anstream::stderr().lock();
        write!(terminal, "{} [y/N] ", question(to_send)).and_then(|()| terminal.flush()).map_err(unreadable)?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(unreadable)?;
        if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
        Err(Error::declined("nothing was changed, as you said"))
    }
}

/// The question before a change: where it is made, and of how many numbers.
fn question(to_send: &[&Edit]) -> String {
    let mut counts: BTreeMap<&WorkspaceName, usize> = BTreeMap::new();
    for edit in to_send {
        *counts.entry(&edit.workspace).or_default() += 1;
    }
    let places: Vec<_> =
        counts.iter().map(|(name, count)| format!("{} of {name}", counted(*count, "number"))).collect();
    match places.as_slice() {
        [] => "Make these changes in git? Retell is not changed.".to_owned(),
        places => format!("Make these changes in Retell, to {}?", places.join(" and ")),
    }
}

//! Puts what stands in the way of several edits into one error.

use std::collections::BTreeSet;

use crate::change::{Edit, Objection};
use crate::error::{Error, Result};

/// The most objections that an error lists.
const LISTED: usize = 50;

/// Ends a command with its objections; none, and it goes on.
pub fn refuse(objections: Vec<(&Edit, Objection)>, of: usize) -> Result<()> {
    match <[_; 1]>::try_from(objections) {
        Ok([(edit, only)]) if of == 1 && edit.line.is_none() => Err(only.into_error()),
        Ok(objections) => Err(listed(objections.to_vec(), of)),
        Err(objections) if objections.is_empty() => Ok(()),
        Err(objections) => Err(listed(objections, of)),
    }
}

fn listed(objections: Vec<(&Edit, Objection)>, of: usize) -> Error {
    let flags: Option<BTreeSet<&str>> = objections.iter().map(|(_, it)| it.rail.map(|rail| rail.flag())).collect();
    let hint = objections.iter().find_map(|(_, it)| it.hint.clone());
    let mut message = format!("{} of {of} changes cannot be made; nothing was changed", objections.len());
    for (edit, objection) in objections.iter().take(LISTED) {
        let place = edit.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        message.push_str(&format!("\n{place}{} ({}): {}", edit.phone_number, edit.workspace, objection.message));
    }
    if objections.len() > LISTED {
        message.push_str(&format!("\n… and {} more", objections.len() - LISTED));
    }
    let error = match flags {
        Some(flags) => Error::refused(message, flags.into_iter().collect::<Vec<_>>().join(" ")),
        None => Error::failed(message),
    };
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

//! Puts what stands in the way of several edits into one error.

use std::collections::BTreeSet;

use crate::change::{Edit, Objection, Rail};
use crate::error::{Error, Result};

/// The most objections that an error lists.
const LISTED: usize = 50;

/// An objection and what it is about: a line, a number.
#[derive(Clone, Debug)]
pub struct Placed {
    place: Option<String>,
    objection: Objection,
}

impl Placed {
    /// An objection to an edit.
    pub fn at(edit: &Edit, objection: Objection) -> Self {
        let line = edit.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        Self { place: Some(format!("{line}{} ({})", edit.phone_number, edit.workspace)), objection }
    }

    /// An objection to the only edit, which needs no place.
    pub fn alone(objection: Objection) -> Self {
        Self { place: None, objection }
    }

    /// An objection to a line of a list.
    pub fn on_line(line: u64, objection: Objection) -> Self {
        Self { place: Some(format!("line {line}")), objection }
    }
}

/// Ends a command with its objections, out of so many changes; without any, it goes on.
pub fn refuse(objections: &[Placed], of: usize) -> Result<()> {
    match objections {
        [] => Ok(()),
        [Placed { place: None, objection }] => Err(objection.clone().into_error()),
        objections => Err(listed(objections, of)),
    }
}

fn listed(objections: &[Placed], of: usize) -> Error {
    let flags: Option<BTreeSet<&str>> = objections.iter().map(|it| it.objection.rail.map(Rail::flag)).collect();
    let hint = objections.iter().find_map(|it| it.objection.hint.clone());
    let mut message = format!("{} of {of} changes cannot be made; nothing was changed", objections.len());
    for it in objections.iter().take(LISTED) {
        message.push_str(&format!("\n{}: {}", it.place.as_deref().unwrap_or_default(), it.objection.message));
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

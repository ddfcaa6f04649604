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
    let shared = shared_hint(objections);
    let mut message = format!("{} of {of} changes cannot be made; nothing was changed", objections.len());
    for it in objections.iter().take(LISTED) {
        message.push_str(&format!("\n{}: {}", it.place.as_deref().unwrap_or_default(), it.objection.message));
        if let Some(hint) = it.objection.hint.as_deref().filter(|_| shared.is_none()) {
            message.push_str(&format!("; {hint}"));
        }
    }
    if objections.len() > LISTED {
        message.push_str(&format!("\n… and {} more", objections.len() - LISTED));
    }
    let error = match flags {
        Some(flags) => Error::refused(message, flags.into_iter().collect::<Vec<_>>().join(" ")),
        None => Error::failed(message),
    };
    match shared {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The hint that all objections have in common; where they differ, each stands with its own line.
fn shared_hint(objections: &[Placed]) -> Option<&str> {
    let first = objections.first()?.objection.hint.as_deref()?;
    objections.iter().all(|it| it.objection.hint.as_deref() == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u64, hint: Option<&str>) -> Placed {
        let objection = Objection::mistake("wrong");
        Placed::on_line(
            number,
            match hint {
                Some(hint) => objection.hint(hint),
                None => objection,
            },
        )
    }

    #[test]
    fn a_hint_stands_with_the_line_that_it_is_about() {
        let error = refuse(&[line(2, Some("write `a`")), line(3, None)], 5).unwrap_err();
        assert!(error.message().ends_with("\nline 2: wrong; write `a`\nline 3: wrong"), "{error}");
        assert_eq!(error.hint_text(), None);
    }

    #[test]
    fn a_hint_of_all_lines_is_given_once() {
        let error = refuse(&[line(2, Some("sync")), line(3, Some("sync"))], 2).unwrap_err();
        assert_eq!((error.message().contains("sync"), error.hint_text()), (false, Some("sync")));
    }
}

//! A number or an agent on the command line, found in the directory or refused with the nearest.

use crate::error::{Error, Result};
use crate::model::{AgentPath, Directory, NumberEntry};
use crate::query::number::Match;
use crate::query::{agent, number};

/// Finds the entry of a number given in E.164 or as people write it.
pub fn entry<'a>(directory: &'a Directory, written: &str) -> Result<&'a NumberEntry> {
    let listed = |numbers: &[crate::model::PhoneNumber]| {
        numbers.iter().map(|number| format!("`{number}`")).collect::<Vec<_>>().join(", ")
    };
    match number::find(directory, written) {
        Match::One(number) => directory.number(number).ok_or_else(|| unknown(written)),
        Match::Several(numbers) => Err(Error::failed(format!("`{written}` may be one of several numbers"))
            .hint(format!("give one of {}", listed(&numbers)))),
        Match::None(nearest) if nearest.is_empty() => Err(unknown(written)),
        Match::None(nearest) => Err(unknown(written).hint(format!("the nearest are {}", listed(&nearest)))),
    }
}

fn unknown(written: &str) -> Error {
    Error::failed(format!("number `{written}` is not in the directory"))
}

/// Finds the agent given by path, folder, name or id.
pub fn agent_path(directory: &Directory, written: &str) -> Result<AgentPath> {
    agent::find(directory, written).map_err(|nearest| {
        let error = Error::failed(format!("no agent `{written}`"));
        if nearest.is_empty() {
            error.hint("agents are the folders below `agents/`")
        } else {
            error.hint(format!("the nearest are `{}`", nearest.join("`, `")))
        }
    })
}

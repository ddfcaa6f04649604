//! A number or an agent on the command line, found in the directory or refused with the nearest.

use crate::error::{Error, Result};
use crate::model::{Directory, NumberEntry};
use crate::query::agent::{self, Agent};
use crate::query::number::{self, Match};

/// Finds the entry of a number given in E.164 or as people write it.
pub fn entry<'a>(directory: &'a Directory, written: &str) -> Result<&'a NumberEntry> {
    match number::find(directory, written) {
        Match::One(number) => directory.number(number).ok_or_else(|| unknown(written)),
        Match::Several(numbers) => Err(Error::failed(format!("`{written}` may be one of several numbers"))
            .hint(format!("give one of {}", quoted(&numbers)))),
        Match::None(nearest) if nearest.is_empty() => Err(unknown(written)),
        Match::None(nearest) => Err(unknown(written).hint(format!("the nearest are {}", quoted(&nearest)))),
    }
}

fn unknown(written: &str) -> Error {
    Error::failed(format!("number `{written}` is not in the directory"))
}

/// Finds the agent given by path, folder, name or id; one without a folder by its id.
pub fn agent(directory: &Directory, written: &str) -> Result<Agent> {
    match agent::find(directory, written) {
        agent::Match::One(found) => Ok(found),
        agent::Match::Several(paths) => Err(Error::failed(format!("`{written}` is the name of several agents"))
            .hint(format!("give one of {}", quoted(&paths)))),
        agent::Match::None(nearest) if nearest.is_empty() => {
            Err(Error::failed(format!("no agent `{written}`")).hint("agents are the folders below `agents/`"))
        }
        agent::Match::None(nearest) => {
            Err(Error::failed(format!("no agent `{written}`")).hint(format!("the nearest are {}", quoted(&nearest))))
        }
    }
}

fn quoted(words: &[impl std::fmt::Display]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

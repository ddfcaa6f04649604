//! The keyed three-way merge: two versions of a file that grew from one, put together by number and field.
//!
//! Different numbers merge, and so do different fields of one number. The same field changed twice is a
//! [`Conflict`]; so is a number that one side deleted and the other edited. Nothing that a person or a provider
//! said is ever dropped silently, and the result never holds a number twice. The rules are symmetric: exchanging
//! the sides exchanges the two [views](Merged) of what is in conflict, and nothing else.
//!
//! Who answers a number is one value, which merges as a whole (`binding.rs`).
//!
//! Times are never in conflict: of `last_updated`, `last_sync` and `last_modified` the newest counts; of
//! `import_date` and a pool member's `since` the oldest; of `assigned_date` the oldest where both sides saw the same binding, else that of
//! the binding.
//! An agent's folder that one side renamed has its new name on the other (`renames.rs`).
//! Tags are a set, weighted lists are taken whole, and what follows from the rest is computed again.
//!
//! Pure: it neither reads files nor knows git. [`text`] writes conflicts between markers and reads them back;
//! [`stored`] merges files as they are stored, [`resolution`] decides conflicts in such a file; [`propagation`] brings
//! the files that had none in line with whether the number is there, and [`copies`] with what is repeated of it.

mod binding;
pub mod copies;
mod derived;
mod imports;
mod keyed;
mod live;
pub mod propagation;
mod renames;
pub mod resolution;
pub mod stored;
pub mod text;
mod three_way;

use serde_json::Value;

pub use keyed::{Keyed, Shape};
use renames::Followed;
use three_way::{Disagreement, Versions};

use crate::error::{Error, Result};
use crate::model::{AgentFolders, PhoneNumber, WorkspaceName};

#[derive(Debug)]
pub struct Three<'a, T> {
    /// What both sides started from; none where both added the thing.
    pub base: Option<&'a T>,
    pub ours: &'a T,
    pub theirs: &'a T,
}

/// A side of a merge, as git names it: in a rebase `ours` is the branch that is rebased onto.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The version of the branch that is merged into.
    Ours,
    /// The version that comes in.
    Theirs,
}

/// Something that both sides changed differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The number; none for a field of the file itself, such as `version`.
    pub phone_number: Option<PhoneNumber>,
    /// The workspace, where `directory.json` says it of one of its workspaces.
    pub workspace: Option<WorkspaceName>,
    /// The field, with dots into nested objects; `binding` for the agents as a whole, empty for the whole entry.
    pub field: String,
    /// Our value; none where we deleted it.
    pub ours: Option<Value>,
    /// Their value; none where they deleted it.
    pub theirs: Option<Value>,
}

/// The outcome of a merge: the file as it is when every conflict goes to one side, and when it goes to the other.
///
/// Without a conflict both views are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged<T> {
    /// Every conflict decided for our side.
    pub ours: T,
    /// Every conflict decided for their side.
    pub theirs: T,
    /// What is in conflict, in the order of the file.
    pub conflicts: Vec<Conflict>,
}

/// Merges three versions of a file.
///
/// `folders` help to find the folders of agents that no entry names; they may be of either side.
///
/// # Errors
/// A version that holds a number twice has no keys to merge by.
pub fn file<T: Keyed>(three: &Three<'_, T>, folders: &AgentFolders) -> Result<Merged<T>> {
    match Followed::of(three) {
        Some(followed) => versions(&followed.three(), folders),
        None => versions(three, folders),
    }
}

fn versions<T: Keyed>(three: &Three<'_, T>, folders: &AgentFolders) -> Result<Merged<T>> {
    let keyed = |file: &T| keyed::to_keyed(file);
    let base = three.base.map(keyed).transpose()?;
    let (ours, theirs) = (keyed(three.ours)?, keyed(three.theirs)?);
    if let Some(only) = unchanged_side(three) {
        return Ok(Merged { ours: only.clone(), theirs: only.clone(), conflicts: Vec::new() });
    }
    let mut conflicts = Vec::new();
    let sides = Versions { base: base.as_ref(), ours: Some(&ours), theirs: Some(&theirs) };
    let views = three_way::merge(sides, &mut Vec::new(), &mut conflicts);
    let mut merged: Merged<T> = Merged {
        ours: keyed::from_keyed(views.ours)?,
        theirs: keyed::from_keyed(views.theirs)?,
        conflicts: conflicts.into_iter().map(conflict::<T>).collect(),
    };
    merged.ours.derive(three, folders);
    merged.theirs.adopt_derived(&merged.ours);
    if merged.conflicts.is_empty() && merged.ours != merged.theirs {
        return Err(Error::failed("the two sides could not be told apart field by field"));
    }
    Ok(merged)
}

/// The side that alone has changes, or the one that stands for both.
fn unchanged_side<'a, T: PartialEq>(three: &Three<'a, T>) -> Option<&'a T> {
    if three.ours == three.theirs || three.base == Some(three.theirs) {
        return Some(three.ours);
    }
    (three.base == Some(three.ours)).then_some(three.theirs)
}

fn conflict<T: Keyed>(found: Disagreement) -> Conflict {
    let mut path = found.path.iter().map(String::as_str).peekable();
    let phone_number = path.next_if(|name| *name == T::NUMBERS).and_then(|_| path.next());
    let workspace = path.next_if(|name| phone_number.is_some() && *name == "workspaces").and_then(|_| path.next());
    Conflict {
        phone_number: phone_number.and_then(|text| PhoneNumber::parse(text).ok()),
        workspace: workspace.and_then(|text| WorkspaceName::parse(text).ok()),
        field: path.collect::<Vec<_>>().join("."),
        ours: found.ours,
        theirs: found.theirs,
    }
}

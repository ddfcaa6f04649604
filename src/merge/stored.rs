//! Merges files as they are stored: bytes in, text out.

use serde_json::Value;

use super::text::{self, Labels};
use super::{Conflict, Keyed, Merged, Three};
use crate::document::Position;
use crate::error::{Error, Result};
use crate::model::paths::FileKind;
use crate::model::{AgentFolders, AssignmentsFile, MasterFile, NumbersFile, PoolsFile, canonical};

/// Three stored versions of a file.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a> {
    /// What both sides started from; empty where both added the file.
    pub base: &'a [u8],
    pub ours: &'a [u8],
    pub theirs: &'a [u8],
}

/// A merged file as it is to be stored.
#[derive(Clone, Debug)]
pub struct MergedText {
    /// The canonical form, with markers around what is in conflict.
    pub text: String,
    pub conflicts: Vec<Conflict>,
}

/// Whether files of a kind are merged by number.
pub fn is_keyed(kind: &FileKind) -> bool {
    matches!(kind, FileKind::Master | FileKind::Numbers(_) | FileKind::Assignments(_) | FileKind::Pools)
}

/// Merges three stored versions of a file of a kind that [`is_keyed`].
///
/// The result has the line ends that both sides have, `\n` where they differ.
///
/// # Errors
/// A version that is not valid JSON of its kind, is of a newer format, or holds a number twice.
pub fn merge(kind: &FileKind, versions: Versions<'_>, folders: &AgentFolders, labels: &Labels) -> Result<MergedText> {
    match kind {
        FileKind::Master => typed::<MasterFile>(versions, folders, labels),
        FileKind::Numbers(_) => typed::<NumbersFile>(versions, folders, labels),
        FileKind::Assignments(_) => typed::<AssignmentsFile>(versions, folders, labels),
        FileKind::Pools => typed::<PoolsFile>(versions, folders, labels),
        _ => Err(Error::failed("files of this kind are not merged by number")),
    }
}

fn typed<T: Keyed>(versions: Versions<'_>, folders: &AgentFolders, labels: &Labels) -> Result<MergedText> {
    let base = match versions.base.trim_ascii() {
        [] => None,
        _ => Some(parse::<T>(versions.base, "the common ancestor")?),
    };
    let ours = parse::<T>(versions.ours, &labels.ours)?;
    let theirs = parse::<T>(versions.theirs, &labels.theirs)?;
    let merged = super::file(&Three { base: base.as_ref(), ours: &ours, theirs: &theirs }, folders)?;
    let mut text = write(&merged, labels)?;
    if [versions.ours, versions.theirs].iter().all(|bytes| has_crlf(bytes)) {
        text = text.replace('\n', "\r\n");
    }
    Ok(MergedText { text, conflicts: merged.conflicts })
}

/// Reads a version of a file; `name` says which one it is.
pub(super) fn parse<T: Keyed>(bytes: &[u8], name: &str) -> Result<T> {
    let file: T = serde_json::from_slice(bytes).map_err(|error| {
        // The parser's own words would quote values.
        let Position { line, column } = Position::of_error(bytes, &error);
        Error::failed(format!("{name} is not valid at line {line}, column {column}"))
    })?;
    file.check_version()?;
    Ok(file)
}

/// Writes a merged file: canonical, with markers where the views differ.
pub(super) fn write<T: Keyed>(merged: &Merged<T>, labels: &Labels) -> Result<String> {
    if merged.ours == merged.theirs {
        return Ok(canonical::to_text(&merged.ours));
    }
    Ok(text::write(&value(&merged.ours)?, &value(&merged.theirs)?, labels))
}

fn value<T: Keyed>(view: &T) -> Result<Value> {
    serde_json::to_value(view).map_err(|error| Error::failed("a merged file cannot be written").caused_by(error))
}

fn has_crlf(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\r\n")
}

//! A history as JSON: one object, or one commit a line. serde's own lists stay open while what stands in them is read.

use std::cell::RefCell;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{ChangePieces, CommitSource, Heading, HistoryFormat, Unprinted};
use crate::diff::Change;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

/// One object, in the canonical layout.
pub struct Json;

impl HistoryFormat for Json {
    fn write(&self, commits: &mut dyn CommitSource<'_>, out: &Unprinted) {
        let mut serializer = serde_json::Serializer::pretty(out);
        history(commits, &mut serializer).expect(SERIALIZES);
        out.push("\n");
    }

    fn shown(&self, written: String) -> String {
        escape::json(written)
    }
}

/// JSON Lines: a commit a line and, where the history ends early, a last line that says why.
pub struct Lines;

impl HistoryFormat for Lines {
    fn write(&self, commits: &mut dyn CommitSource<'_>, out: &Unprinted) {
        for commit in &mut *commits {
            line(&CommitJson::of(Some(FORMAT_VERSION), commit), out);
        }
        if let stopped @ Some(_) = commits.stopped() {
            line(&Last { format_version: FORMAT_VERSION, complete: false, stopped }, out);
        }
    }

    fn shown(&self, written: String) -> String {
        escape::json(written)
    }
}

const SERIALIZES: &str = "texts, numbers and lists always serialize";

fn line<T: Serialize>(value: &T, out: &Unprinted) {
    serde_json::to_writer(out, value).expect(SERIALIZES);
    out.push("\n");
}

#[derive(Serialize)]
struct Last<'a> {
    format_version: u32,
    complete: bool,
    stopped: Option<&'a str>,
}

/// The whole object. Why the history ended early is known behind its last commit.
fn history<S: Serializer>(commits: &mut dyn CommitSource<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    object.serialize_entry("format_version", &FORMAT_VERSION)?;
    object.serialize_entry("commits", &Streamed::of((&mut *commits).map(|commit| CommitJson::of(None, commit))))?;
    object.serialize_entry("complete", &commits.stopped().is_none())?;
    object.serialize_entry("stopped", &commits.stopped())?;
    object.end()
}

#[derive(Serialize)]
struct CommitJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    format_version: Option<u32>,
    #[serde(flatten)]
    heading: Heading,
    changes: Streamed<Box<dyn Iterator<Item = Change> + 'a>>,
}

impl<'a> CommitJson<'a> {
    fn of(format_version: Option<u32>, (heading, pieces): (Heading, ChangePieces<'a>)) -> Self {
        Self { format_version, heading, changes: Streamed::of(Box::new(pieces.flat_map(|changes| changes.list))) }
    }
}

/// A list whose elements are made while it is written.
struct Streamed<I>(RefCell<I>);

impl<I> Streamed<I> {
    fn of(elements: I) -> Self {
        Self(RefCell::new(elements))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Streamed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        self.0.borrow_mut().try_for_each(|element| list.serialize_element(&element))?;
        list.end()
    }
}

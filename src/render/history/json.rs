//! A history as JSON: one object, or one commit a line.

use serde::Serialize;

use super::{Entry, Timeline};
use crate::model::canonical;
use crate::render::changes::json::{self, ChangeJson};
use crate::render::failure::FORMAT_VERSION;
use crate::render::inert;

#[derive(Serialize)]
struct CommitJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    format_version: Option<u32>,
    commit: &'a str,
    parents: &'a [String],
    date: Option<&'a str>,
    author: Option<&'a str>,
    committer: Option<&'a str>,
    summary: &'a str,
    gap: Option<&'a str>,
    changes: Vec<ChangeJson<'a>>,
}

impl<'a> CommitJson<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            format_version: None,
            commit: &entry.commit,
            parents: &entry.parents,
            date: entry.date.as_deref(),
            author: entry.author.as_deref(),
            committer: entry.committer.as_deref(),
            summary: &entry.summary,
            gap: entry.gap.as_deref(),
            changes: json::list(&entry.changes),
        }
    }
}

#[derive(Serialize)]
struct TimelineJson<'a> {
    format_version: u32,
    complete: bool,
    stopped: Option<&'a str>,
    commits: Vec<CommitJson<'a>>,
}

/// The history as one object.
pub fn timeline(timeline: &Timeline) -> String {
    inert::json(canonical::to_text(&TimelineJson {
        format_version: FORMAT_VERSION,
        complete: timeline.stopped.is_none(),
        stopped: timeline.stopped.as_deref(),
        commits: timeline.entries.iter().map(CommitJson::of).collect(),
    }))
}

/// The history as JSON Lines: a commit a line and, where it ends early, a last line that says why.
pub fn lines(timeline: &Timeline) -> String {
    #[derive(Serialize)]
    struct Last<'a> {
        format_version: u32,
        complete: bool,
        stopped: Option<&'a str>,
    }
    let line = |entry| CommitJson { format_version: Some(FORMAT_VERSION), ..CommitJson::of(entry) };
    let mut text: String = timeline.entries.iter().map(|entry| compact(&line(entry))).collect();
    if let Some(stopped) = &timeline.stopped {
        text.push_str(&compact(&Last { format_version: FORMAT_VERSION, complete: false, stopped: Some(stopped) }));
    }
    inert::json(text)
}

fn compact<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts, numbers and lists always serialize") + "\n"
}

//! The fields of a number with the commits that set them.

use serde::Serialize;

use crate::diff::FieldValue;
use crate::model::canonical;
use crate::render::changes::values::shown;
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;
use crate::render::table::columns;

/// One field, its value, and the commit that set it; without one, it is not known.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    /// The workspace; none for the directory as a whole.
    pub workspace: Option<&'a str>,
    /// The field's name.
    pub field: &'a str,
    /// Its value.
    pub value: &'a FieldValue,
    /// The full id of the commit.
    pub commit: Option<&'a str>,
    /// The committer's time, RFC 3339 in UTC.
    pub date: Option<String>,
    /// `Name <mail>` of the author.
    pub author: Option<&'a str>,
    /// `Name <mail>` of the committer.
    pub committer: Option<&'a str>,
    /// The first line of the message.
    pub summary: Option<&'a str>,
}

#[derive(Serialize)]
struct BlameJson<'a> {
    format_version: u32,
    phone_number: &'a str,
    complete: bool,
    stopped: Option<&'a str>,
    fields: &'a [Line<'a>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [Note],
}

/// Something about a commit on the way that no field shows: a merge that dropped a change, or files that cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// The full id of the commit.
    pub commit: String,
    /// What happened there.
    pub message: String,
}

/// The fields as JSON.
pub fn json(number: &str, stopped: Option<&str>, lines: &[Line<'_>], notes: &[Note]) -> String {
    escape::json(canonical::to_text(&BlameJson {
        format_version: FORMAT_VERSION,
        phone_number: number,
        complete: stopped.is_none(),
        stopped,
        fields: lines,
        notes,
    }))
}

/// The fields as a table for each workspace.
pub fn text(number: &str, lines: &[Line<'_>], notes: &[Note]) -> String {
    let mut text = format!("{number}\n");
    for group in lines.chunk_by(|one, next| one.workspace == next.workspace) {
        let heading = group[0].workspace.map_or_else(|| "Directory".to_owned(), crate::model::order::capitalized);
        text.push_str(&format!("\n{heading}:\n"));
        let rows: Vec<_> = group.iter().map(row).collect();
        text.extend(columns(&rows).iter().map(|line| format!("  {line}\n")));
    }
    if !notes.is_empty() {
        text.push_str("\nOn the way:\n");
    }
    let note =
        |note: &Note| format!("  {}  {}\n", note.commit.get(..10).unwrap_or(&note.commit), terminal(&note.message));
    text.extend(notes.iter().map(note));
    text
}

fn row(line: &Line<'_>) -> Vec<String> {
    let day = line.date.as_deref().and_then(|date| date.get(..10)).unwrap_or("unknown");
    let commit = line.commit.and_then(|id| id.get(..10)).unwrap_or("unknown");
    let mut who = terminal(line.author.unwrap_or("unknown")).into_owned();
    if let Some(committer) = line.committer.filter(|committer| Some(*committer) != line.author) {
        who.push_str(&format!(", committed by {}", terminal(committer)));
    }
    vec![line.field.to_owned(), shown(line.value), day.to_owned(), commit.to_owned(), who]
}

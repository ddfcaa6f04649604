//! A history as Markdown: a table with a row for each number and what happened to it.

use super::{Entry, Timeline};
use crate::render::changes::{markdown::code, words};

/// The history, newest first.
pub fn timeline(timeline: &Timeline) -> String {
    if timeline.entries.is_empty() {
        return "No commit changed anything that was asked for.\n".to_owned();
    }
    let mut text = "| When | Commit | Who | Number | What |\n|---|---|---|---|---|\n".to_owned();
    text.extend(timeline.entries.iter().map(rows));
    if let Some(stopped) = &timeline.stopped {
        text.push_str(&format!("\nIncomplete: {}\n", code(stopped)));
    }
    text
}

fn rows(entry: &Entry) -> String {
    let date =
        entry.date.as_deref().map_or_else(|| "no date".to_owned(), |date| date.replace('T', " ").replace('Z', ""));
    let mut who = code(entry.author.as_deref().unwrap_or("no author"));
    if let Some(committer) = entry.other_committer() {
        who.push_str(&format!("<br>committed by {}", code(committer)));
    }
    let start = format!("| {date} | `{}`<br>{} | {who}", entry.short(), code(&entry.summary));
    let gap = entry.gap.iter().map(|gap| format!("{start} | | **gap**: {} |\n", code(gap)));
    let lines = words::lines(&entry.changes);
    let changes = lines.iter().map(|line| {
        format!("{start} | `{}` | {} |\n", line.phone_number, code(&format!("{}{}", line.sentence, line.place(None))))
    });
    gap.chain(changes).collect()
}

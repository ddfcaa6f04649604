//! A history as Markdown: a table with a row for each number and what happened to it.

use super::{CommitSource, Heading, HistoryFormat, NOTHING, Unprinted};
use crate::diff::Changes;
use crate::render::changes::{pools, words};
use crate::render::escape::markdown_cell as code;

/// Rows of one table, newest first.
pub struct Markdown;

const HEADING: &str = "| When | Commit | Who | Number | What |\n|---|---|---|---|---|\n";

impl HistoryFormat for Markdown {
    fn write(&self, commits: &mut dyn CommitSource<'_>, out: &Unprinted) {
        let mut is_first = true;
        for (commit, pieces) in &mut *commits {
            out.push(if is_first { HEADING } else { "" });
            is_first = false;
            out.push(&above(&commit));
            pieces.for_each(|changes| out.push(&rows(&commit, &changes, "")));
        }
        out.push(if is_first { NOTHING } else { "" });
        if let Some(stopped) = commits.stopped() {
            out.push(&format!("\nIncomplete: {}\n", code(stopped)));
        }
    }
}

/// The rows above those of the commit's own changes.
fn above(commit: &Heading) -> String {
    let start = start(commit);
    let note = |word: &str, why: &Option<String>| {
        why.as_ref().map(|why| format!("{start} | | **{word}**: {} |\n", code(why))).unwrap_or_default()
    };
    let pools = commit.pools.iter().map(|change| format!("{start} | | {} |\n", code(&pools::of_pool(change))));
    let dropped = rows(commit, &commit.dropped, "**dropped**: ");
    [note("gap", &commit.gap), note("uncertain", &commit.uncertain), dropped].into_iter().chain(pools).collect()
}

fn rows(commit: &Heading, changes: &Changes, before: &str) -> String {
    let start = start(commit);
    let row = |line: &words::NumberLine<'_>| {
        let told = code(&format!("{}{}", line.sentence, line.place(None)));
        format!("{start} | `{}` | {before}{told} |\n", line.phone_number)
    };
    words::lines(changes).iter().map(row).collect()
}

/// The cells that every row of a commit begins with.
fn start(entry: &Heading) -> String {
    let date =
        entry.date.as_deref().map_or_else(|| "no date".to_owned(), |date| date.replace('T', " ").replace('Z', ""));
    let mut who = code(entry.author.as_deref().unwrap_or("no author"));
    if let Some(committer) = entry.other_committer() {
        who.push_str(&format!("<br>committed by {}", code(committer)));
    }
    format!("| {date} | `{}`<br>{} | {who}", entry.short(), code(&entry.summary))
}

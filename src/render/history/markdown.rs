//! A history as Markdown: a table with a row for each number and what happened to it.

use super::{Heading, HistoryFormat, NOTHING, Turn};
use crate::diff::Changes;
use crate::render::changes::{pools, words};
use crate::render::escape::markdown_cell as code;

/// Rows of one table, newest first.
pub struct Markdown;

const HEADING: &str = "| When | Commit | Who | Number | What |\n|---|---|---|---|---|\n";

impl HistoryFormat for Markdown {
    fn open(&self, commit: &Heading, turn: Turn) -> String {
        let heading = if turn == Turn::First { HEADING } else { "" };
        let gap = commit.gap.iter().map(|gap| format!("{} | | **gap**: {} |\n", start(commit), code(gap)));
        let dropped = words::lines(&commit.dropped).into_iter().map(|line| {
            let told = code(&format!("{}{}", line.sentence, line.place(None)));
            format!("{} | `{}` | **dropped**: {told} |\n", start(commit), line.phone_number)
        });
        let uncertain =
            commit.uncertain.iter().map(|why| format!("{} | | **uncertain**: {} |\n", start(commit), code(why)));
        let pools =
            commit.pools.iter().map(|change| format!("{} | | {} |\n", start(commit), code(&pools::of_pool(change))));
        let rows: String = gap.chain(uncertain).chain(dropped).chain(pools).collect();
        heading.to_owned() + &rows
    }

    fn changes(&self, commit: &Heading, changes: &Changes, _turn: Turn) -> String {
        let start = start(commit);
        let row = |line: &words::NumberLine<'_>| {
            let told = code(&format!("{}{}", line.sentence, line.place(None)));
            format!("{start} | `{}` | {told} |\n", line.phone_number)
        };
        words::lines(changes).iter().map(row).collect()
    }

    fn end(&self, stopped: Option<&str>, turn: Turn) -> String {
        let nothing = if turn == Turn::First { NOTHING } else { "" };
        let stopped = stopped.map(|stopped| format!("\nIncomplete: {}\n", code(stopped)));
        format!("{nothing}{}", stopped.unwrap_or_default())
    }
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

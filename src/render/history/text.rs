//! A history as a timeline for a terminal.

use anstyle::{AnsiColor, Style};

use super::{Entry, Timeline};
use crate::render::changes::{text, words};
use crate::render::inert::terminal;

/// The timeline, newest first.
pub fn timeline(timeline: &Timeline) -> String {
    if timeline.entries.is_empty() {
        return "No commit changed anything that was asked for.\n".to_owned();
    }
    timeline.entries.iter().map(entry).collect::<Vec<_>>().join("\n")
}

fn entry(entry: &Entry) -> String {
    let (bold, dim, red) = (Style::new().bold(), Style::new().dimmed(), AnsiColor::Red.on_default());
    let date = entry
        .date
        .as_deref()
        .map_or_else(|| "(no date)".to_owned(), |date| date.replace('T', " ").replace('Z', " UTC"));
    let author = terminal(entry.author.as_deref().unwrap_or("(no author)"));
    let mut text = format!("{bold}{date}{bold:#}  {dim}{}{dim:#}  {author}", entry.short());
    if let Some(committer) = entry.other_committer() {
        text.push_str(&format!(", committed by {}", terminal(committer)));
    }
    // The bar keeps a message from standing first on its line, where a build log might take it for a command.
    text.push_str(&format!("\n  {dim}│{dim:#} {}\n", terminal(&entry.summary)));
    if let Some(gap) = &entry.gap {
        text.push_str(&format!("    {red}gap:{red:#} {}\n", terminal(gap)));
    }
    text.extend(words::lines(&entry.changes).iter().map(line));
    text
}

fn line(line: &words::Line<'_>) -> String {
    let style = text::style(line.change.kind);
    format!("    {} {style}{}{style:#}{}\n", line.phone_number, terminal(&line.sentence), line.place(None))
}

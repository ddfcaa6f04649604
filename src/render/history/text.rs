//! A history as a timeline for a terminal.

use anstyle::{AnsiColor, Style};

use super::{CommitSource, Heading, HistoryFormat, NOTHING, Unprinted};
use crate::render::changes::{pools, text, words};
use crate::render::escape::terminal;
use crate::render::table::Room;
use crate::render::wrap::wrapped;

/// Lines for people, with a blank line between two commits.
pub struct HistoryText {
    pub room: Room,
}

impl HistoryFormat for HistoryText {
    fn write(&self, commits: &mut dyn CommitSource<'_>, out: &Unprinted) {
        let mut is_first = true;
        for (commit, pieces) in commits {
            out.push(if is_first { "" } else { "\n" });
            is_first = false;
            out.push(&wrapped(&heading(&commit), self.room));
            for changes in pieces {
                let lines: String = text::with_values(&changes).lines().map(|line| format!("  {line}\n")).collect();
                out.push(&wrapped(&lines, self.room));
            }
        }
        out.push(if is_first { NOTHING } else { "" });
    }
}

fn heading(entry: &Heading) -> String {
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
    if let Some(why) = &entry.uncertain {
        text.push_str(&format!("    {red}uncertain:{red:#} {}\n", terminal(why)));
    }
    text.extend(words::lines(&entry.dropped).iter().map(|line| format!("    {red}dropped:{red:#} {}", plain(line))));
    text.extend(entry.pools.iter().map(|change| format!("    {}\n", pools::of_pool(change))));
    text
}

/// A line of what is no more, without the colour of its kind.
fn plain(line: &words::NumberLine<'_>) -> String {
    format!("{} {}{}\n", line.phone_number, terminal(&line.sentence), line.place(None))
}

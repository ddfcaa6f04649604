//! Columns that line up, also with wide and combining characters, and that fit a terminal.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::wrap;

/// How wide a table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As wide as it gets: a file or another program reads it.
    Unlimited,
    /// This many cells of a terminal.
    Cells(usize),
}

/// The fewest cells to which a column of several words is narrowed.
const NARROWEST: usize = 8;
/// Blanks between two columns.
const GAP: usize = 2;
/// How far in the further lines of a row begin that takes several.
const INDENT: usize = 4;

/// A text with its looks. The text has to be harmless for a terminal already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    text: String,
    /// How many cells of a terminal the text takes: asked for often, and counted once.
    width: usize,
    style: Style,
    /// Whether it is never broken, such as a command.
    is_whole: bool,
    /// What is shown in its place where the table does not fit.
    short: Option<String>,
}

impl Cell {
    /// A text without any special looks.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { width: width(&text), text, style: Style::new(), is_whole: false, short: None }
    }

    /// A text that is to be copied, and is never broken.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { is_whole: true, ..Self::plain(text) }
    }

    /// What it says, where there is room.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The heading of a column.
    pub fn heading(text: &str) -> Self {
        Self { style: Style::new().bold(), ..Self::plain(text) }
    }

    /// A text that says that something is missing.
    pub fn faint(text: impl Into<String>) -> Self {
        Self { style: Style::new().dimmed(), ..Self::plain(text) }
    }

    /// A text that asks for attention.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { style: AnsiColor::Yellow.on_default(), ..Self::plain(text) }
    }

    /// A text that says that something is wrong.
    pub fn error(text: impl Into<String>) -> Self {
        Self { style: AnsiColor::Red.on_default(), ..Self::plain(text) }
    }

    /// Says what is shown instead, in the whole column, where the table does not fit.
    #[must_use]
    pub fn or_short(mut self, short: impl Into<String>) -> Self {
        self.short = Some(short.into());
        self
    }

    /// What is shown of it where there is little room.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let text = self.short.clone().unwrap_or_else(|| self.text.clone());
        Self { width: width(&text), text, ..self.clone() }
    }

    fn paint(&self, line: &mut String) {
        if self.style == Style::new() {
            line.push_str(&self.text);
        } else {
            line.push_str(&format!("{}{}{:#}", self.style, self.text, self.style));
        }
    }

    /// The cell's text between words as several cells, which stand below each other.
    fn broken(&self, room: usize) -> Vec<Self> {
        if self.width <= room || self.is_whole {
            return vec![self.clone()];
        }
        let part = |text: String| Self { width: width(&text), text, ..self.clone() };
        wrap::words(&self.text, room).into_iter().map(part).collect()
    }

    /// The fewest cells in which its text can be broken.
    fn least(&self) -> usize {
        if self.is_whole {
            return self.width;
        }
        let longest = wrap::words(&self.text, NARROWEST).iter().map(|words| width(words)).max();
        longest.unwrap_or(0).max(self.width.min(NARROWEST))
    }
}

/// How many cells of a terminal a text takes.
fn width(text: &str) -> usize {
    // Nearly every text of a large listing is plain ASCII, where each letter takes one.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) { text.len() } else { text.width() }
}

/// Writes rows of plain texts as lines: every text but a row's last is padded to its column's width.
pub fn columns(rows: &[Vec<String>], room: Room) -> Vec<String> {
    let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(Cell::plain).collect()).collect();
    fitted(&rows, room)
}

/// Writes rows as lines that fit the room there is: where they do not, texts are broken between words, or the columns are
/// spread over several lines. No text is cut.
pub fn fitted(rows: &[Vec<Cell>], room: Room) -> Vec<String> {
    let widths = natural(rows);
    let room = match room {
        Room::Cells(room) if total(&widths) > room => room,
        _ => return rows.iter().map(|row| line(row, &widths)).collect(),
    };
    let rows: Vec<Vec<Cell>> = shortened(rows);
    let widths = natural(&rows);
    match broken_to(room, &rows, &widths) {
        Some(widths) => rows.iter().flat_map(|row| broken(row, &widths)).collect(),
        None => folded(&rows, &widths, room),
    }
}

/// Whether rows fit the room there is with a line each.
pub fn can_fit(rows: &[Vec<Cell>], room: Room) -> bool {
    let Room::Cells(room) = room else { return true };
    total(&natural(&shortened(rows))) <= room
}

/// Whether rows fit the room there is in one line of columns, with texts broken between words.
pub fn can_break(rows: &[Vec<Cell>], room: Room) -> bool {
    let Room::Cells(room) = room else { return true };
    let rows = shortened(rows);
    broken_to(room, &rows, &natural(&rows)).is_some()
}

fn shortened(rows: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    rows.iter().map(|row| row.iter().map(Cell::shortened).collect()).collect()
}

/// How wide each column would like to be.
fn natural(rows: &[Vec<Cell>]) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let column = |at: usize| rows.iter().filter_map(move |row| row.get(at));
    (0..count).map(|at| column(at).map(|cell| cell.width).max().unwrap_or(0)).collect()
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// The columns' widths in which texts that are broken between words fit: the last column gives way first, then the widest.
fn broken_to(room: usize, rows: &[Vec<Cell>], natural: &[usize]) -> Option<Vec<usize>> {
    let mut least = vec![0; natural.len()];
    for row in rows {
        for (least, cell) in least.iter_mut().zip(row) {
            *least = cell.least().max(*least);
        }
    }
    let mut widths = natural.to_vec();
    let end = widths.len().checked_sub(1)?;
    while total(&widths) > room {
        let can_give = |at: &usize| widths[*at] > least[*at];
        let widest = || (0..end).filter(|at| can_give(at)).max_by_key(|at| widths[*at]);
        let at = Some(end).filter(can_give).or_else(widest)?;
        widths[at] -= 1;
    }
    Some(widths)
}

/// A row whose texts are broken to their columns' widths: as many lines as the longest of them takes.
fn broken(row: &[Cell], widths: &[usize]) -> Vec<String> {
    let columns: Vec<Vec<Cell>> = row.iter().zip(widths).map(|(cell, width)| cell.broken(*width)).collect();
    let count = columns.iter().map(Vec::len).max().unwrap_or(0);
    let part = |parts: &Vec<Cell>, at: usize| parts.get(at).cloned().unwrap_or_else(|| Cell::plain(""));
    let lines = (0..count).map(|at| columns.iter().map(|parts| part(parts, at)).collect::<Vec<_>>());
    lines.map(|cells| line(&cells, widths)).collect()
}

/// A row takes several lines, each with the columns that fit it; the further ones begin further in.
fn folded(rows: &[Vec<Cell>], widths: &[usize], room: usize) -> Vec<String> {
    let groups = fitting(widths, room);
    let mut lines = Vec::new();
    for row in rows {
        for (at, columns) in groups.iter().enumerate() {
            let cells = row.get(columns.start..columns.end.min(row.len())).unwrap_or_default();
            let indent = if at == 0 { 0 } else { INDENT };
            let left = room.saturating_sub(indent);
            let parts = match cells {
                [only] if only.width > left => only.broken(left).into_iter().map(|part| vec![part]).collect(),
                cells => vec![cells.to_vec()],
            };
            let texts = parts.iter().map(|cells| line(cells, &widths[columns.clone()]));
            lines.extend(texts.filter(|text| !text.is_empty()).map(|text| format!("{:indent$}{text}", "")));
        }
    }
    lines
}

/// The columns of each of the lines that a row takes.
fn fitting(widths: &[usize], room: usize) -> Vec<std::ops::Range<usize>> {
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    for at in 0..widths.len() {
        let indent = if groups.len() > 1 { INDENT } else { 0 };
        match groups.last_mut() {
            Some(group) if indent + total(&widths[group.start..=at]) <= room => group.end = at + 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

fn line(row: &[Cell], widths: &[usize]) -> String {
    let mut text = String::with_capacity(total(widths) + GAP);
    for (position, (cell, width)) in row.iter().zip(widths).enumerate() {
        cell.paint(&mut text);
        if position + 1 < row.len() {
            text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width) + GAP));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&[&str]]) -> Vec<Vec<Cell>> {
        texts.iter().map(|row| row.iter().map(|&text| Cell::plain(text)).collect()).collect()
    }

    #[test]
    fn wide_characters_take_two_cells() {
        let rows = rows(&[&["日本", "a"], &["abc", "b"]]);
        assert_eq!(fitted(&rows, Room::Unlimited), ["日本  a", "abc   b"]);
    }

    #[test]
    fn a_column_is_shortened_as_a_whole_before_a_row_takes_a_second_line() {
        let agent = |name: &str| Cell::plain(format!("agents/{name}")).or_short(name);
        let number = || Cell::plain("+14155550123");
        let rows = vec![
            vec![Cell::plain("NUMBER"), Cell::plain("AGENT")],
            vec![number(), agent("customer-service")],
            vec![number(), agent("survey")],
        ];
        assert_eq!(fitted(&rows, Room::Cells(40))[2], "+14155550123  agents/survey");
        assert_eq!(
            fitted(&rows, Room::Cells(30)),
            ["NUMBER        AGENT", "+14155550123  customer-service", "+14155550123  survey"]
        );
        let folded = ["NUMBER", "    AGENT", "+14155550123", "    customer-service", "+14155550123", "    survey"];
        assert_eq!(fitted(&rows, Room::Cells(25)), folded);
    }

    #[test]
    fn texts_are_broken_between_words_the_last_columns_first() {
        let rows = rows(&[&["Findings", "2 errors and 14 warnings, since the last sync"], &["Hook", "installed"]]);
        let lines = [
            "Findings  2 errors and 14",
            "          warnings, since the last",
            "          sync",
            "Hook      installed",
        ];
        assert_eq!(fitted(&rows, Room::Cells(34)), lines);
        let rows = vec![
            vec![Cell::plain("made in the dashboard"), Cell::plain("Customer Service Line")],
            vec![Cell::whole("phone-dir sync --all"), Cell::plain("now")],
        ];
        let lines = [
            "made in the           Customer",
            "dashboard             Service",
            "                      Line",
            "phone-dir sync --all  now",
        ];
        assert_eq!(fitted(&rows, Room::Cells(30)), lines);
    }

    #[test]
    fn a_row_that_does_not_fit_takes_several_lines_and_no_text_is_cut() {
        let rows = rows(&[
            &["NUMBER", "WORKSPACE", "AGENT", "CALLS", "COST"],
            &["+14155550101", "staging", "agents/customer-service", "12", "1.25"],
            &["+14155550102", "staging", "", "", ""],
        ]);
        assert_eq!(
            fitted(&rows, Room::Cells(40)),
            [
                "NUMBER        WORKSPACE",
                "    AGENT                    CALLS  COST",
                "+14155550101  staging",
                "    agents/customer-service  12     1.25",
                "+14155550102  staging"
            ]
        );
        assert_eq!(fitted(&[vec![Cell::plain("+14155550123")]], Room::Cells(3)), ["+14155550123"]);
    }
}

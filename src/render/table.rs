//! Columns that line up, also with wide and combining characters, and that fit a terminal.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How wide a table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As wide as it gets: a file or another program reads it.
    Unlimited,
    /// This many cells of a terminal; longer texts are cut, and end in `…`.
    Cells(usize),
}

/// The narrowest that a column is cut to.
const NARROWEST: usize = 6;
/// Blanks between two columns.
const GAP: usize = 2;

/// A text with its looks. The text has to be harmless for a terminal already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    text: String,
    /// How many cells of a terminal the text takes: asked for often, and counted once.
    width: usize,
    style: Style,
    whole: bool,
    /// What is shown in its place where the table does not fit.
    short: Option<String>,
}

impl Cell {
    /// A text without any special looks.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { width: width(&text), text, style: Style::new(), whole: false, short: None }
    }

    /// A text that is never cut, such as a phone number.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { whole: true, ..Self::plain(text) }
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

    /// The same text, never cut.
    #[must_use]
    pub fn never_cut(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Says what is shown instead, in the whole column, where the table does not fit.
    #[must_use]
    pub fn or_short(mut self, short: impl Into<String>) -> Self {
        self.short = Some(short.into());
        self
    }

    fn shortened(&self) -> Self {
        let text = self.short.clone().unwrap_or_else(|| self.text.clone());
        Self { width: width(&text), text, ..self.clone() }
    }

    fn paint(&self, width: usize, line: &mut String) {
        let text =
            if self.width <= width { Cow::Borrowed(self.text.as_str()) } else { Cow::Owned(cut(&self.text, width)) };
        if self.style == Style::new() {
            line.push_str(&text);
        } else {
            line.push_str(&format!("{}{text}{:#}", self.style, self.style));
        }
    }
}

/// How many cells of a terminal a text takes.
fn width(text: &str) -> usize {
    // Nearly every text of a large listing is plain ASCII, where each letter takes one.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) { text.len() } else { text.width() }
}

/// Writes rows of plain texts as lines: every text but a row's last is padded to its column's width.
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(Cell::plain).collect()).collect();
    fitted(&rows, Room::Unlimited)
}

/// Writes rows as lines that fit the room there is.
pub fn fitted(rows: &[Vec<Cell>], room: Room) -> Vec<String> {
    let widths = natural(rows);
    match room {
        Room::Cells(room) if total(&widths) > room => {
            let short: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(Cell::shortened).collect()).collect();
            let widths = cut_to(room, natural(&short), &short);
            short.iter().map(|row| line(row, &widths)).collect()
        }
        _ => rows.iter().map(|row| line(row, &widths)).collect(),
    }
}

/// Whether rows fit the room there is, with no text cut that must not be.
pub fn can_fit(rows: &[Vec<Cell>], room: Room) -> bool {
    let Room::Cells(room) = room else { return true };
    let short: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(Cell::shortened).collect()).collect();
    let columns = short.iter().map(Vec::len).max().unwrap_or(0);
    let least: Vec<usize> = (0..columns).map(|at| least_width(column(&short, at))).collect();
    total(&least) <= room
}

fn column(rows: &[Vec<Cell>], at: usize) -> impl Iterator<Item = &Cell> {
    rows.iter().filter_map(move |row| row.get(at))
}

/// How wide each column would like to be.
fn natural(rows: &[Vec<Cell>]) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..count).map(|at| column(rows, at).map(|cell| cell.width).max().unwrap_or(0)).collect()
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// Lets the widest column that may be cut give way, cell by cell, until all fit.
fn cut_to(room: usize, mut widths: Vec<usize>, rows: &[Vec<Cell>]) -> Vec<usize> {
    let least: Vec<usize> = (0..widths.len()).map(|at| least_width(column(rows, at))).collect();
    while total(&widths) > room {
        let widest = (0..widths.len()).filter(|&at| widths[at] > least[at]).max_by_key(|&at| widths[at]);
        let Some(at) = widest else { break };
        widths[at] -= 1;
    }
    widths
}

fn least_width<'a>(cells: impl Iterator<Item = &'a Cell>) -> usize {
    cells.map(|cell| if cell.whole { cell.width } else { cell.width.min(NARROWEST) }).max().unwrap_or(0)
}

fn line(row: &[Cell], widths: &[usize]) -> String {
    let mut text = String::with_capacity(total(widths) + GAP);
    for (position, (cell, width)) in row.iter().zip(widths).enumerate() {
        cell.paint(*width, &mut text);
        if position + 1 < row.len() {
            text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width) + GAP));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The beginning of a text that takes at most `width` cells; `…` stands for the rest.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |letter: &char| {
        taken += letter.width().unwrap_or(0);
        taken < width
    };
    let beginning: String = text.chars().take_while(fits).collect();
    let blanks = (width - 1).saturating_sub(beginning.width());
    format!("{beginning}…{}", " ".repeat(blanks))
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
    fn a_table_that_is_too_wide_for_the_terminal_is_cut_where_it_is_widest() {
        let rows = rows(&[&["+14155550123", "agents/customer-service", "Customer Service Line"]]);
        for line in fitted(&rows, Room::Cells(40)) {
            assert_eq!(line, "+14155550123  agents/cust…  Customer Se…");
            assert!(line.width() <= 40);
        }
    }

    #[test]
    fn a_column_is_shortened_as_a_whole_before_it_is_cut_and_its_heading_too() {
        let agent = |name: &str| Cell::plain(format!("agents/{name}")).or_short(name);
        let number = || Cell::whole("+14155550123");
        let rows = vec![
            vec![Cell::heading("NUMBER"), Cell::heading("PRINCIPAL AGENT")],
            vec![number(), agent("customer-service")],
            vec![number(), agent("survey")],
        ];
        assert_eq!(fitted(&rows, Room::Cells(40))[2], "+14155550123  agents/survey");
        let narrow = fitted(&rows, Room::Cells(25));
        assert!(narrow[0].contains("PRINCIPAL …"), "{narrow:?}");
        assert_eq!(narrow[1..], ["+14155550123  customer-s…", "+14155550123  survey"]);
    }

    #[test]
    fn a_number_is_never_cut_and_half_a_wide_character_never_shown() {
        let rows = vec![vec![Cell::whole("+14155550123"), Cell::plain("日本語日本語日本語")]];
        assert_eq!(fitted(&rows, Room::Cells(3)), ["+14155550123  日本…"]);
    }
}

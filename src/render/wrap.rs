//! Lines for people that fit a terminal: broken between words, and continued below their own beginning.
//!
//! What programs read is never wrapped, and what a user copies as a whole is not broken: a command in backquotes, and options
//! at the end of a line, behind a colon.

use unicode_width::UnicodeWidthStr;

use super::table::Room;

/// How much further in than its beginning a line goes on.
const HANGING: usize = 2;
/// What may stand before a line's first word; the line goes on behind it.
const MARKS: [char; 6] = ['-', '✓', '✗', '⚠', '→', '…'];
/// What stands before every line of a quoted text.
const QUOTED: char = '│';

/// The text, each of its lines as several where the room is too narrow for it.
pub fn wrapped(text: &str, room: Room) -> String {
    let Room::Cells(room) = room else { return text.to_owned() };
    text.split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => lines(line, room).join("\n") + "\n",
            None => lines(line, room).join("\n"),
        })
        .collect()
}

/// One line as those that fit.
fn lines(line: &str, room: usize) -> Vec<String> {
    if width(line) <= room || is_excerpt(line) {
        return vec![line.to_owned()];
    }
    let (start, rest) = beginning(line);
    // A line that begins far in has no room left to go further.
    let next = if width(start) + HANGING > room / 2 { String::new() } else { continuation(start) };
    let mut fitted = words(rest, room.saturating_sub(width(start).max(width(&next))));
    for (at, line) in fitted.iter_mut().enumerate() {
        line.insert_str(0, if at == 0 { start } else { &next });
    }
    fitted
}

/// Whether a line is part of a file's excerpt, whose marks stand below what they are about.
fn is_excerpt(line: &str) -> bool {
    let (number, rest) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
    let is_numbered =
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with(QUOTED);
    is_numbered || number.starts_with(['╭', '╰']) || number == "·"
}

/// What a line begins with before its first word: blanks, styles and a mark.
fn beginning(line: &str) -> (&str, &str) {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let marked = line[blanks..].split_once(' ').filter(|(word, _)| is_mark(word));
    line.split_at(marked.map_or(blanks, |(mark, _)| blanks + mark.len() + 1))
}

/// Whether a word is nothing but a mark, with or without a style.
fn is_mark(word: &str) -> bool {
    let is_one = |letter: char| MARKS.contains(&letter) || letter == QUOTED;
    width(word) == 1 && word.contains(is_one)
}

fn continuation(start: &str) -> String {
    if start.contains(QUOTED) {
        start.to_owned()
    } else if start.trim().is_empty() {
        " ".repeat(start.len() + HANGING)
    } else {
        " ".repeat(width(start))
    }
}

/// The words of a text in lines of at most so many cells; a word that is longer has a line of its own.
pub fn words(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut taken = 0;
    for (blanks, word) in pieces(text, room) {
        let needed = width(word);
        let is_first = taken == 0;
        if !is_first && taken + blanks + needed > room {
            lines.push(String::new());
            taken = 0;
        }
        let blanks = if taken == 0 && !is_first { 0 } else { blanks };
        if let Some(line) = lines.last_mut() {
            line.extend(std::iter::repeat_n(' ', blanks));
            line.push_str(word);
        }
        taken += blanks + needed;
    }
    lines
}

/// The words of a text, each with the blanks before it; what stands in backquotes is one word, if it fits a line.
fn pieces(text: &str, room: usize) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        rest = &rest[blanks..];
        let is_to_copy =
            rest.starts_with("--") && pieces.last().is_some_and(|(_, word): &(usize, &str)| word.ends_with(':'));
        let end = if is_to_copy { rest.len() } else { end_of_word(rest, room) };
        pieces.push((blanks, &rest[..end]));
        rest = &rest[end..];
    }
    pieces
}

fn end_of_word(text: &str, room: usize) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let stop = rest.find([' ', '`']).unwrap_or(rest.len());
        if !rest[stop..].starts_with('`') {
            return at + stop;
        }
        let opened = at + stop + 1;
        let closed = text[opened..].find('`').map(|length| opened + length + 1);
        match closed.filter(|closed| width(&text[..*closed]) <= room) {
            Some(closed) => at = closed,
            None => return text[opened..].find(' ').map_or(text.len(), |length| opened + length),
        }
    }
}

/// How many cells of a terminal a text takes, without the styles in it.
fn width(text: &str) -> usize {
    if !text.contains('\u{1b}') {
        return text.width();
    }
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().width();
    first + parts.map(|part| part.split_once('m').map_or(part, |(_, rest)| rest).width()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(room: usize, text: &str) -> String {
        wrapped(text, Room::Cells(room))
    }

    #[test]
    fn a_line_is_broken_between_words_and_goes_on_below_its_beginning() {
        let text = "Heading:\n  +14155550101 reassigned agents/sales → agents/support (production)\n";
        assert_eq!(wrapped(text, Room::Unlimited), text);
        let narrow = "Heading:\n  +14155550101 reassigned agents/sales →\n    agents/support (production)\n";
        assert_eq!(at(44, text), narrow);
        assert_eq!(at(20, "- one two three four five\nx"), "- one two three four\n  five\nx");
        assert_eq!(at(16, "  │ one two three four"), "  │ one two\n  │ three four");
    }

    #[test]
    fn a_command_is_never_broken_and_what_is_too_long_for_a_line_has_its_own() {
        let told = at(30, "review it, then `git add phone-numbers/` and `git commit`.");
        assert_eq!(told, "review it, then\n  `git add phone-numbers/` and\n  `git commit`.");
        let flag = "  to allow exactly this: --allow-unbind +14155550101 +14155550102";
        assert_eq!(at(40, flag), "  to allow exactly this:\n    --allow-unbind +14155550101 +14155550102");
        assert_eq!(
            at(10, "see https://example.com/a/long/place now"),
            "see\n  https://example.com/a/long/place\n  now"
        );
        assert_eq!(at(10, "`one two three` it's ` here"), "`one two\n  three`\n  it's `\n  here");
    }

    #[test]
    fn an_excerpt_stays_as_it_is() {
        let text = "  2 │   \"last full sync\": 1,\n    ·     ────────── here\n";
        assert_eq!(at(12, text), text);
    }

    #[test]
    fn styles_take_no_room() {
        let text = "\u{1b}[1mone two\u{1b}[0m three";
        assert_eq!(at(13, text), text);
        assert_eq!(at(12, text), "\u{1b}[1mone two\u{1b}[0m\n  three");
        assert_eq!(at(9, "\u{1b}[31m✗\u{1b}[0m one two three"), "\u{1b}[31m✗\u{1b}[0m one two\n  three");
    }
}

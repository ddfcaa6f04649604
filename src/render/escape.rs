//! Makes text from files and providers harmless where it is shown: terminals, logs, Markdown, JSON, URIs.
//!
//! What acts on a reader or a log is decided in [`crate::inert`]; here is what each format makes of it, so that nothing
//! becomes markup either. HTML and CSV have rules of their own, beside their formats.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

pub use crate::inert::is_treacherous;
use crate::inert::{LetterReader, inert};
use crate::model::canonical;

/// One line for a terminal or a log: active characters become their escapes, and no build log's command is left.
pub fn terminal(text: &str) -> Cow<'_, str> {
    inert(text)
}

/// Several lines for a terminal or a log, each made inert by itself.
pub fn lines(text: &str) -> String {
    text.split_inclusive('\n')
        .flat_map(|line| match line.strip_suffix('\n') {
            Some(line) => [terminal(line), Cow::Borrowed("\n")],
            None => [terminal(line), Cow::Borrowed("")],
        })
        .collect()
}

/// Lines that a part of this program has put together already, with its own styles: what slipped through acts no more.
pub fn styled_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        let length = style_length(&rest[at..]);
        shown.push_str(&lines(&rest[..at]));
        // One that is not a style is a character like any other.
        shown.push_str(if length > 0 { &rest[at..at + length] } else { "\\u{1b}" });
        rest = &rest[at + length.max(1)..];
    }
    shown.push_str(&lines(rest));
    shown
}

/// How long the style is that a text begins with; 0 where it is none of ours (bold, dim, a colour, their end).
fn style_length(text: &str) -> usize {
    let Some((code, _)) = text.strip_prefix("\u{1b}[").and_then(|rest| rest.split_once('m')) else { return 0 };
    let is_ours = matches!(code.parse(), Ok(0..=4 | 30..=37 | 90..=97));
    if is_ours { "\u{1b}[m".len() + code.len() } else { 0 }
}

/// A value as JSON in the layout of the files, with [`json`]'s escapes.
pub fn json_of(value: &impl Serialize) -> String {
    json(canonical::to_text(value))
}

/// JSON text whose strings hold active characters as escapes only, which changes no value.
pub fn json(text: String) -> String {
    if text.bytes().all(is_plain) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 64);
    let mut reading = LetterReader::default();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        // Whatever a line holds, what it was read as begins anew behind its line feed.
        if at > 0 && line.ends_with('\n') && line.bytes().all(is_plain) {
            shown.push_str(line);
        } else {
            push_escaped(&mut shown, line, &mut reading);
        }
    }
    shown
}

/// Whether a byte neither acts in JSON text nor lets others act; nearly all of every text are such.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n') && byte != b'#'
}

fn push_escaped(shown: &mut String, line: &str, reading: &mut LetterReader) {
    for letter in line.chars() {
        // Outside of strings JSON has no character that could be meant here, but for its own line feeds.
        if reading.acts(letter) && letter != '\n' {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
}

/// Text for Markdown, as a code span: inside of one there are no links, mentions, references or tags.
pub fn markdown(text: &str) -> String {
    let shown = terminal(text);
    let longest = shown.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A blank keeps a backtick at an end apart from the fence; Markdown takes one blank off each end.
    let blank = if shown.starts_with('`') || shown.ends_with('`') || shown.trim().is_empty() { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
}

/// The same for a cell of a table, which takes a bar for its own even inside of a code span.
pub fn markdown_cell(text: &str) -> String {
    markdown(text).replace('|', "\\|")
}

/// The message of a GitHub workflow command.
pub fn workflow_message(text: &str) -> String {
    terminal(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a GitHub workflow command, such as a file's path.
pub fn workflow_property(text: &str) -> String {
    workflow_message(text).replace(':', "%3A").replace(',', "%2C")
}

/// A path as a relative URI reference (RFC 3986).
pub fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_put_together_only_our_own_styles_are_left() {
        let own = "\u{1b}[1mbold\u{1b}[0m \u{1b}[33mx\u{1b}[0m\nnext";
        assert_eq!(styled_lines(own), own);
        assert_eq!(styled_lines("a\u{1b}[8mb\u{1b}[2Jc\u{1b}"), "a\\u{1b}[8mb\\u{1b}[2Jc\\u{1b}");
        assert_eq!(styled_lines("a\n ::error::x\u{9b}"), "a\n :\\u{3a}error::x\\u{9b}");
    }

    #[test]
    fn json_keeps_its_values_and_shows_no_active_character() {
        let value = "\u{7f}\u{9b}\u{202e}\u{e0041}\u{3164}##[x]##vso[y]";
        let text = json(serde_json::to_string_pretty(&[value]).unwrap());
        assert!(
            !text.chars().any(|letter| letter != '\n' && is_treacherous(letter))
                && !text.contains("##[")
                && !text.contains("vso[")
        );
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [value]);
    }

    #[test]
    fn what_acts_in_json_is_escaped_on_every_line_and_begins_anew_with_each() {
        let text = "[\n  \"a#\",\n  \"#[b\",\n  \"é\",\n  \"##[c]\",\n  \"d\",\n  \"e\u{202e}\"\n]";
        let shown = "[\n  \"a#\",\n  \"#[b\",\n  \"é\",\n  \"##\\u005bc]\",\n  \"d\",\n  \"e\\u202e\"\n]";
        assert_eq!(json(text.to_owned()), shown);
        assert_eq!(json("a ##\n[b]\n ::x::y\u{200b}\n::z".to_owned()), "a ##\n[b]\n ::x::y\\u200b\n::z");
    }

    #[test]
    fn a_code_span_holds_every_text() {
        assert_eq!(markdown("@team <b>"), "`@team <b>`");
        assert_eq!(markdown("a `b`"), "`` a `b` ``");
        assert_eq!(markdown("``"), "``` `` ```");
        assert_eq!(markdown_cell("a|b"), "`a\\|b`");
    }

    #[test]
    fn workflow_commands_cannot_be_forged() {
        assert_eq!(workflow_property("a,b:c%\n::error::x"), "a%2Cb%3Ac%25\\u{a}%3A%3Aerror%3A%3Ax");
        assert_eq!(uri("a b/ü#?.json"), "a%20b/%C3%BC%23%3F.json");
    }
}

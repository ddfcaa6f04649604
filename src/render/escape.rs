//! Makes text from files and providers harmless where it is shown: terminals, logs, Markdown, JSON, URIs.
//!
//! Names, notes and paths are typed by strangers. Nothing of them may move a cursor, reorder a line, look like
//! a command of a build log, or become markup. HTML and CSV have rules of their own, beside their formats.

use std::borrow::Cow;
use std::fmt::Write;

/// One line for a terminal or a log: active characters become their escapes, and no build log's command is left.
pub fn terminal(text: &str) -> Cow<'_, str> {
    // Nearly every text is plain ASCII, and a long listing has many of them.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'#') {
        return Cow::Borrowed(text);
    }
    if !text.contains(is_treacherous) && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        let ends_command = letter == '[' && shown.ends_with("##");
        if is_treacherous(letter) || ends_command {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character changes how others are shown: C0, C1, bidirectional and zero-width marks, tags.
pub fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
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

/// JSON text whose strings hold active characters as escapes only, which changes no value.
pub fn json(text: String) -> String {
    if !text.chars().any(|letter| letter != '\n' && is_treacherous(letter)) && !text.contains("##[") {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 64);
    for letter in text.chars() {
        // Outside of strings JSON has no character that could be meant here, but for its own line feeds.
        let ends_command = letter == '[' && shown.ends_with("##");
        if letter != '\n' && (is_treacherous(letter) || ends_command) {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
    shown
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
    fn what_could_deceive_a_reader_is_spelled_out() {
        assert_eq!(terminal("Support \u{1b}[2J\u{202e}x"), "Support \\u{1b}[2J\\u{202e}x");
        assert_eq!(terminal("line\nbreak"), "line\\u{a}break");
        assert_eq!(terminal("Kundenservice – Zürich ✓"), "Kundenservice – Zürich ✓");
    }

    #[test]
    fn active_characters_become_visible() {
        assert_eq!(terminal("a\u{1b}[31m\n\u{202e}b\u{9b}"), "a\\u{1b}[31m\\u{a}\\u{202e}b\\u{9b}");
        assert_eq!(terminal("##[error]x"), "##\\u{5b}error]x");
        assert!(matches!(terminal("(415) 555-0123 für 電話 🙂"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_keeps_its_values_and_shows_no_active_character() {
        let value = "\u{7f}\u{9b}\u{202e}\u{e0041}##[x]";
        let text = json(serde_json::to_string_pretty(&[value]).unwrap());
        assert!(!text.chars().any(|letter| letter != '\n' && is_treacherous(letter)) && !text.contains("##["));
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [value]);
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

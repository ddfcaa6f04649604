//! Makes text that others wrote harmless for the place where it is shown.

use std::borrow::Cow;
use std::fmt::Write;

/// Makes text safe for a terminal: control characters and invisible or bidirectional marks become `\u{…}`.
///
/// Without this, a nickname could move the cursor, hide a line or turn the reading direction around.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_treacherous(letter) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "{}", letter.escape_unicode());
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// Whether a character changes how others are shown: C0, C1, bidirectional and zero-width marks, tags.
pub fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// JSON text whose strings hold treacherous characters as escapes only, which changes no value.
pub fn json(text: String) -> String {
    // Outside of strings JSON has no such character but its own line feeds.
    let acts = |letter: char| letter != '\n' && is_treacherous(letter);
    if !text.chars().any(acts) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 64);
    for letter in text.chars() {
        if acts(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(letter);
        }
    }
    safe
}

/// Text for Markdown, as a code span: inside of one there are no links, mentions, references or tags.
pub fn markdown(text: &str) -> String {
    let shown = terminal(text);
    let longest = shown.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A blank keeps a backtick at an end apart from the fence; Markdown takes one blank off each end.
    let blank = if shown.starts_with('`') || shown.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{shown}{blank}{fence}")
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
    fn json_keeps_its_values_and_shows_no_treacherous_character() {
        let value = "\u{7f}\u{9b}\u{202e}\u{e0041}\n";
        let text = json(serde_json::to_string_pretty(&[value]).unwrap());
        assert!(!text.chars().any(|letter| letter != '\n' && is_treacherous(letter)));
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [value]);
    }
}

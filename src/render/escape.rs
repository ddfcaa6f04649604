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

#[cfg(test)]
mod tests {
    use super::terminal;

    #[test]
    fn what_could_deceive_a_reader_is_spelled_out() {
        assert_eq!(terminal("Support \u{1b}[2J\u{202e}x"), "Support \\u{1b}[2J\\u{202e}x");
        assert_eq!(terminal("line\nbreak"), "line\\u{a}break");
        assert_eq!(terminal("Kundenservice – Zürich ✓"), "Kundenservice – Zürich ✓");
    }
}

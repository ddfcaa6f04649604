//! The canonical form of a file: what `JSON.stringify(value, null, 2)` prints, and a newline.
//!
//! Key order is the order of the struct's fields and of the maps' keys, so every value of the model has
//! exactly one text.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a value of the model in canonical form.
///
/// # Panics
/// Never for the model's types: their maps have text keys and nothing in them can fail to serialize.
pub fn to_text<T: Serialize>(value: &T) -> String {
    // serde_json's pretty form is JSON.stringify's: two blanks, one element a line, the same escapes, and
    // empty arrays and objects closed on the spot. `Weight` writes its own numbers.
    let mut text = serde_json::to_string_pretty(value).expect("the model's types always serialize");
    text.push('\n');
    text
}

/// Whether a text is the canonical form of a value, without writing it down.
pub fn is_text_of<T: Serialize>(value: &T, text: &[u8]) -> bool {
    let Some(text) = text.strip_suffix(b"\n") else { return false };
    let mut same = Same(text);
    serde_json::to_writer_pretty(&mut same, value).is_ok() && same.0.is_empty()
}

/// What is left of a text that is compared with what is written.
struct Same<'a>(&'a [u8]);

impl Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or_else(|| io::Error::other("another text"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_compared_to_its_last_byte() {
        let value = serde_json::json!({"a": [1, "b"], "c": {}});
        let text = to_text(&value);
        assert!(is_text_of(&value, text.as_bytes()));
        for other in [text.trim_end().to_owned(), format!("{text}\n"), text.replace('b', "d"), String::new()] {
            assert!(!is_text_of(&value, other.as_bytes()), "{other:?}");
        }
    }
}

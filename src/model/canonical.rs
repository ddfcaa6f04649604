//! The canonical form of a file: what `JSON.stringify(value, null, 2)` prints, and a newline.
//!
//! Key order is the order of the struct's fields and of the maps' keys, so every value of the model has
//! exactly one text.

use std::io::{self, BufWriter, Error, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// How many bytes are compared at once.
const BLOCK: usize = 16 << 10;

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

/// The first byte at which a text is not the canonical form of a value; none where it is.
///
/// The canonical form is compared while it is written, and so never in memory.
pub fn first_difference<T: Serialize>(value: &T, text: &[u8]) -> Option<usize> {
    // A serializer writes a few bytes at a time, which cost less to collect than to compare.
    let mut writer = BufWriter::with_capacity(BLOCK, TextComparison { text, at: 0 });
    let written = serde_json::to_writer_pretty(&mut writer, value).map_err(Error::from);
    let result = written.and_then(|()| writer.write_all(b"\n")).and_then(|()| writer.flush());
    let (compared, _) = writer.into_parts();
    (result.is_err() || compared.at < text.len()).then_some(compared.at)
}

/// Whether a text is the canonical form of a value as it stands inside others, `depth` of them deep.
pub fn is_nested<T: Serialize>(value: &T, depth: usize, text: &[u8]) -> bool {
    let mut formatter = PrettyFormatter::new();
    // A formatter learns how deep it is from what was opened before.
    let opened = (0..depth).try_for_each(|_| formatter.begin_object(&mut io::sink()));
    let mut canonical = Vec::with_capacity(text.len());
    let written = value.serialize(&mut Serializer::with_formatter(&mut canonical, formatter));
    opened.is_ok() && written.is_ok() && canonical == text
}

struct TextComparison<'a> {
    text: &'a [u8],
    at: usize,
}

impl Write for TextComparison<'_> {
    fn write(&mut self, canonical: &[u8]) -> io::Result<usize> {
        let rest = &self.text[self.at..];
        if rest.starts_with(canonical) {
            self.at += canonical.len();
            return Ok(canonical.len());
        }
        self.at += rest.iter().zip(canonical).take_while(|(left, right)| left == right).count();
        Err(Error::other("the texts differ"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_text_is_indented_by_its_depth() {
        let value = serde_json::json!({"a": [1, {}]});
        let text = to_text(&serde_json::json!([[value]]));
        let nested = text.trim_start_matches(['[', ' ', '\n']).trim_end_matches([']', ' ', '\n']);
        assert!(is_nested(&value, 2, nested.as_bytes()), "{nested}");
        assert!(!is_nested(&value, 1, nested.as_bytes()), "{nested}");
    }

    #[test]
    fn a_text_is_compared_to_its_last_byte() {
        let value = serde_json::json!({"a": [1, "b"], "c": {}});
        let text = to_text(&value);
        assert_eq!(first_difference(&value, text.as_bytes()), None);
        let others = [
            (text.trim_end().to_owned(), text.len() - 1),
            (format!("{text}\n"), text.len()),
            (text.replace('b', "d"), text.find('b').unwrap()),
            (String::new(), 0),
        ];
        for (other, at) in others {
            assert_eq!(first_difference(&value, other.as_bytes()), Some(at), "{other:?}");
        }
    }
}

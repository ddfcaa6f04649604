//! The text of bytes as editors and spreadsheets save it: UTF-8 or UTF-16, each with a mark or without.

use std::borrow::Cow;

/// Bytes that are no text in any encoding that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUnicode {
    /// The line of the first wrong byte, from 1.
    pub line: usize,
}

/// Reads a text, without its byte order mark.
///
/// # Errors
/// The first line that is not Unicode. Which of the many older encodings it is in cannot be told.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, NotUnicode> {
    match (bytes, unit_of(bytes)) {
        ([0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] | rest, Some(unit)) => utf16(rest, unit),
        ([0xef, 0xbb, 0xbf, rest @ ..] | rest, None) => utf8(rest),
    }
}

/// Reads a text as [`text`], with `\u{fffd}` for what is not Unicode.
pub fn lossy_text(bytes: &[u8]) -> Cow<'_, str> {
    text(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes))
}

/// Whether a text is UTF-16, with its mark or without.
pub fn is_utf16(bytes: &[u8]) -> bool {
    unit_of(bytes).is_some()
}

/// How two bytes make a unit of UTF-16, where a text is in it. Without a mark it is known by the zero in each of its first letters,
/// which no text of UTF-8 has.
fn unit_of(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, NotUnicode> {
    let text = std::str::from_utf8(bytes);
    text.map(Cow::Borrowed).map_err(|error| NotUnicode { line: line_at(&bytes[..error.valid_up_to()]) })
}

/// The line on which a text ends, whichever way its lines end.
fn line_at(before: &[u8]) -> usize {
    let lines = |end: u8| before.split(|byte| *byte == end).count();
    if before.contains(&b'\n') { lines(b'\n') } else { lines(b'\r') }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, NotUnicode> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::new();
    for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let letter = letter.map_err(|_| NotUnicode { line: line_at(text.as_bytes()) })?;
        text.push(letter);
    }
    if rest.is_empty() { Ok(Cow::Owned(text)) } else { Err(NotUnicode { line: line_at(text.as_bytes()) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_that_names_itself_gives_the_same_text() {
        let little: Vec<u8> = "\u{feff}a,ß🙂\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}a,ß🙂\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in ["a,ß🙂\n".as_bytes(), "\u{feff}a,ß🙂\n".as_bytes(), &little, &big, &little[2..], &big[2..]]
        {
            assert_eq!(text(bytes).unwrap(), "a,ß🙂\n");
            assert_eq!(is_utf16(bytes), bytes.contains(&0));
        }
        assert!(!is_utf16(b"") && !is_utf16(b"a\0") && !is_utf16(b"a,b\0c\0"));
        assert_eq!(lossy_text(b"a\xfc\nb"), "a\u{fffd}\nb");
    }

    #[test]
    fn the_first_line_in_an_older_encoding_is_named() {
        assert_eq!(text(b"a\r\nB\xfcro\r\n"), Err(NotUnicode { line: 2 }));
        assert_eq!(text(b"a\rb\rB\xfcro\r"), Err(NotUnicode { line: 3 }));
        assert_eq!(text(b"\xff\xfea\0\n\0\x00\xd8"), Err(NotUnicode { line: 2 }));
        assert_eq!(text(b"\xff\xfea\0b"), Err(NotUnicode { line: 1 }));
    }
}

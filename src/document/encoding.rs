//! The text of bytes as editors and spreadsheets save it: UTF-8, with a mark or without, or UTF-16 with its mark.

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
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
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
        for bytes in ["a,ß🙂\n".as_bytes(), "\u{feff}a,ß🙂\n".as_bytes(), &little, &big] {
            assert_eq!(text(bytes).unwrap(), "a,ß🙂\n");
        }
    }

    #[test]
    fn the_first_line_in_an_older_encoding_is_named() {
        assert_eq!(text(b"a\r\nB\xfcro\r\n"), Err(NotUnicode { line: 2 }));
        assert_eq!(text(b"a\rb\rB\xfcro\r"), Err(NotUnicode { line: 3 }));
        assert_eq!(text(b"\xff\xfea\0\n\0\x00\xd8"), Err(NotUnicode { line: 2 }));
        assert_eq!(text(b"\xff\xfea\0b"), Err(NotUnicode { line: 1 }));
    }
}

//! The text of bytes as editors and spreadsheets save it: UTF-8, UTF-16 or UTF-32, each with a mark or without.

use std::borrow::Cow;

/// Bytes that are no text in any encoding that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUnicode {
    /// The line of the first wrong byte, from 1.
    pub line: usize,
}

/// An encoding whose letters take more than a byte each, and are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WideEncoding {
    Utf16,
    Utf32,
}

impl WideEncoding {
    /// The encoding of a text, with its mark or without.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        units_of(bytes).map(|units| match units {
            WideUnits::Two(_) => Self::Utf16,
            WideUnits::Four(_) => Self::Utf32,
        })
    }

    /// Its name, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16 => "UTF-16",
            Self::Utf32 => "UTF-32",
        }
    }
}

/// Reads a text, without its byte order mark.
///
/// # Errors
/// The first line that is not Unicode. Which of the many older encodings it is in cannot be told.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, NotUnicode> {
    let wide = match units_of(bytes) {
        None => return utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
        Some(WideUnits::Two(unit)) => utf16(bytes, unit),
        Some(WideUnits::Four(unit)) => utf32(bytes, unit),
    }?;
    Ok(Cow::Owned(wide.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(wide)))
}

/// Reads a text as [`text`], with `\u{fffd}` for what is not Unicode.
pub fn lossy_text(bytes: &[u8]) -> Cow<'_, str> {
    text(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes))
}

/// How bytes make the units of a text that is not UTF-8.
enum WideUnits {
    Two(fn([u8; 2]) -> u16),
    Four(fn([u8; 4]) -> u32),
}

/// The units of a text, where it is not UTF-8. Without a mark they are known by the zeros in each of its first letters, which no text of
/// UTF-8 has.
fn units_of(bytes: &[u8]) -> Option<WideUnits> {
    // The mark of UTF-32 begins as that of UTF-16 does.
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [1..=255, 0, 0, 0, 1..=255, 0, 0, 0, ..] => Some(WideUnits::Four(u32::from_le_bytes)),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, 1..=255, 0, 0, 0, 1..=255, ..] => Some(WideUnits::Four(u32::from_be_bytes)),
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some(WideUnits::Two(u16::from_le_bytes)),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some(WideUnits::Two(u16::from_be_bytes)),
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

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotUnicode> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    letters(char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).map(Result::ok), rest)
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<String, NotUnicode> {
    let (fours, rest) = bytes.as_chunks::<4>();
    letters(fours.iter().map(|four| char::from_u32(unit(*four))), rest)
}

/// The text of letters, each of which may be none, where nothing is left over.
fn letters(found: impl Iterator<Item = Option<char>>, rest: &[u8]) -> Result<String, NotUnicode> {
    let mut text = String::new();
    for letter in found {
        let letter = letter.ok_or_else(|| NotUnicode { line: line_at(text.as_bytes()) })?;
        text.push(letter);
    }
    if rest.is_empty() { Ok(text) } else { Err(NotUnicode { line: line_at(text.as_bytes()) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_that_names_itself_gives_the_same_text() {
        let little: Vec<u8> = "\u{feff}a,ß🙂\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}a,ß🙂\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide = |bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
            "\u{feff}a,ß🙂\n".chars().flat_map(|letter| bytes(u32::from(letter))).collect()
        };
        let (little32, big32) = (wide(u32::to_le_bytes), wide(u32::to_be_bytes));
        let encodings: [(&[u8], Option<WideEncoding>); 10] = [
            ("a,ß🙂\n".as_bytes(), None),
            ("\u{feff}a,ß🙂\n".as_bytes(), None),
            (&little, Some(WideEncoding::Utf16)),
            (&big, Some(WideEncoding::Utf16)),
            (&little[2..], Some(WideEncoding::Utf16)),
            (&big[2..], Some(WideEncoding::Utf16)),
            (&little32, Some(WideEncoding::Utf32)),
            (&big32, Some(WideEncoding::Utf32)),
            (&little32[4..], Some(WideEncoding::Utf32)),
            (&big32[4..], Some(WideEncoding::Utf32)),
        ];
        for (bytes, encoding) in encodings {
            assert_eq!(text(bytes).unwrap(), "a,ß🙂\n");
            assert_eq!(WideEncoding::of(bytes), encoding, "{bytes:?}");
        }
        for bytes in [b"".as_slice(), b"a\0", b"a,b\0c\0", b"a\0\0\0"] {
            assert_eq!(WideEncoding::of(bytes), None, "{bytes:?}");
        }
        assert_eq!(lossy_text(b"a\xfc\nb"), "a\u{fffd}\nb");
    }

    #[test]
    fn the_first_line_in_an_older_encoding_is_named() {
        assert_eq!(text(b"a\r\nB\xfcro\r\n"), Err(NotUnicode { line: 2 }));
        assert_eq!(text(b"a\rb\rB\xfcro\r"), Err(NotUnicode { line: 3 }));
        assert_eq!(text(b"\xff\xfea\0\n\0\x00\xd8"), Err(NotUnicode { line: 2 }));
        assert_eq!(text(b"\xff\xfea\0b"), Err(NotUnicode { line: 1 }));
        assert_eq!(text(b"\xff\xfe\0\0a\0\0\0\n\0\0\0\0\xd8\0\0"), Err(NotUnicode { line: 2 }));
    }
}

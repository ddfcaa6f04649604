//! JSON text with its needless escapes resolved: `\u0073` is an `s` to every reader, and hides one from a search.

use std::ops::Range;

/// Bytes without needless escapes, and where each of them came from.
pub struct Unescaped {
    /// The bytes. What is needed stays escaped, so that texts begin and end where they did.
    pub bytes: Vec<u8>,
    /// The offset in the original of each byte, and of the end.
    origins: Vec<usize>,
}

impl Unescaped {
    /// Resolves the escapes; none where there are none, which is the rule.
    pub fn of(original: &[u8]) -> Option<Self> {
        memchr::memchr(b'\\', original)?;
        let mut plain = Self { bytes: Vec::with_capacity(original.len()), origins: Vec::with_capacity(original.len()) };
        let mut at = 0;
        while at < original.len() {
            at += plain.take(original, at);
        }
        plain.origins.push(original.len());
        Some(plain)
    }

    /// A place in the original.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.origins[range.start]..self.origins[range.end]
    }

    /// Takes what stands at an offset over, and says how long it is.
    fn take(&mut self, original: &[u8], at: usize) -> usize {
        let rest = &original[at..];
        match rest {
            [b'\\', b'/', ..] => self.push(b"/", at, 2),
            [b'\\', b'u', ..] => match escaped(rest) {
                Some((letter, length)) => self.push(letter.encode_utf8(&mut [0; 4]).as_bytes(), at, length),
                None => self.push(&rest[..1], at, 1),
            },
            // An escaped backslash begins no other escape.
            [b'\\', _, ..] => {
                self.push(&rest[..1], at, 1);
                self.push(&rest[1..2], at + 1, 1);
                2
            }
            _ => self.push(&rest[..1], at, 1),
        }
    }

    fn push(&mut self, bytes: &[u8], origin: usize, length: usize) -> usize {
        self.bytes.extend_from_slice(bytes);
        self.origins.extend(std::iter::repeat_n(origin, bytes.len()));
        length
    }
}

/// The character of an escape such as `\u0073`, or of a pair of them; none for one that has to be escaped.
fn escaped(rest: &[u8]) -> Option<(char, usize)> {
    let first = unit(rest)?;
    let second = rest.get(6..).filter(|next| next.starts_with(b"\\u")).and_then(unit);
    let pair = second
        .and_then(|second| char::decode_utf16([first, second]).next()?.ok().filter(|letter| *letter > '\u{ffff}'));
    let (letter, length) = match pair {
        Some(letter) => (letter, 12),
        None => (char::from_u32(u32::from(first))?, 6),
    };
    (!letter.is_control() && !matches!(letter, '"' | '\\')).then_some((letter, length))
}

fn unit(escape: &[u8]) -> Option<u16> {
    let digits = escape.get(2..6).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        Unescaped::of(text.as_bytes()).map_or(text.to_owned(), |plain| String::from_utf8(plain.bytes).unwrap())
    }

    #[test]
    fn needless_escapes_are_resolved_and_needed_ones_stay() {
        assert_eq!(plain(r#""pass\u0077ord\/""#), r#""password/""#);
        assert_eq!(plain(r#""\ud83d\ude42 \u00FC""#), "\"\u{1f642} \u{fc}\"");
        for text in [r#""a\"b\\u0073\n""#, r#""\u0022\u005c\u000a""#, r#""\ud83d x""#, r#""\u00""#, "\\"] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_place_is_that_of_the_escapes() {
        let text = br"a\u0062c\u0064";
        let plain = Unescaped::of(text).unwrap();
        assert_eq!(plain.place(&(1..3)), 1..8);
        assert_eq!(plain.place(&(3..4)), 8..14);
    }
}

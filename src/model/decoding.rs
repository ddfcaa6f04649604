//! What a text says to a reader who resolves its escapes: those of JSON (`\u006b`), of addresses (`%6b`) and of HTML
//! (`&#107;`). A key that is written in such a way is the same key.
//!
//! Here are the escapes themselves; which of the resolved texts are searched, and for what, is `run_keys`' and the rule
//! `secret`'s.

use std::ops::Range;

/// Which escapes stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Those of quotes, backslashes and controls: texts in it begin and end where they did.
    Structure,
    Nothing,
}

/// Bytes whose escapes are resolved, and where each of them came from.
pub struct Decoded {
    pub bytes: Vec<u8>,
    /// The escapes, in order.
    escapes: Vec<Escape>,
}

struct Escape {
    /// What it became, in the decoded bytes.
    decoded: Range<usize>,
    original: Range<usize>,
}

impl Decoded {
    /// Resolves the escapes; none where there are none, which is usual.
    pub fn of(original: &[u8], keep: Keep) -> Option<Self> {
        let mut found: Option<Self> = None;
        let (mut at, mut taken) = (0, 0);
        while let Some(mark) = memchr::memchr3(b'\\', b'%', b'&', &original[at..]).map(|next| at + next) {
            let rest = &original[mark..];
            let Some((meaning, length)) =
                escape(rest).filter(|(meaning, _)| keep == Keep::Nothing || !meaning.is_structure())
            else {
                // An escaped backslash begins no other escape.
                at = mark + if rest.starts_with(b"\\\\") { 2 } else { 1 };
                continue;
            };
            let decoded =
                found.get_or_insert_with(|| Self { bytes: Vec::with_capacity(original.len()), escapes: Vec::new() });
            decoded.bytes.extend_from_slice(&original[taken..mark]);
            decoded.resolve(meaning, mark..mark + length);
            at = mark + length;
            taken = at;
        }
        if let Some(decoded) = &mut found {
            decoded.bytes.extend_from_slice(&original[taken..]);
        }
        found
    }

    /// A place in the original; of an escape, always the whole.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.origin(range.start).start..self.origin(range.end).end
    }

    /// Where the border before a byte was; inside of an escape, the whole of it.
    fn origin(&self, at: usize) -> Range<usize> {
        let before = self.escapes.partition_point(|escape| escape.decoded.start < at);
        let Some(escape) = before.checked_sub(1).map(|last| &self.escapes[last]) else { return at..at };
        match at.checked_sub(escape.decoded.end) {
            Some(behind) => escape.original.end + behind..escape.original.end + behind,
            None => escape.original.clone(),
        }
    }

    fn resolve(&mut self, meaning: Meaning, original: Range<usize>) {
        let start = self.bytes.len();
        match meaning {
            Meaning::Letter(letter) => self.bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Meaning::Byte(byte) => self.bytes.push(byte),
        }
        self.escapes.push(Escape { decoded: start..self.bytes.len(), original });
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Letter(char),
    /// A byte of an address: a part of a letter beyond ASCII, maybe.
    Byte(u8),
}

impl Meaning {
    fn is_structure(self) -> bool {
        let letter = match self {
            Self::Letter(letter) => letter,
            Self::Byte(byte) => char::from(byte),
        };
        letter.is_ascii_control() || matches!(letter, '"' | '\\')
    }
}

/// The escape that bytes begin with, and its length.
fn escape(rest: &[u8]) -> Option<(Meaning, usize)> {
    match rest {
        [b'\\', b'u', ..] => of_json(rest).or_else(|| braced(rest)),
        [b'\\', b'x', ..] => Some((Meaning::Byte(byte(rest.get(2..4)?)?), 4)),
        [b'\\', letter, ..] => Some((Meaning::Letter(single(*letter)?), 2)),
        [b'%', b'u', ..] => Some((Meaning::Letter(char::from_u32(hexadecimal(rest.get(2..6)?)?)?), 6)),
        [b'%', ..] => Some((Meaning::Byte(byte(rest.get(1..3)?)?), 3)),
        [b'&', ..] => of_html(rest),
        _ => None,
    }
}

fn single(letter: u8) -> Option<char> {
    Some(match letter {
        b'"' | b'\\' | b'/' | b'\'' => char::from(letter),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        _ => return None,
    })
}

/// `\u0073`, or a pair of them.
fn of_json(rest: &[u8]) -> Option<(Meaning, usize)> {
    let unit = |escape: &[u8]| u16::try_from(hexadecimal(escape.strip_prefix(b"\\u")?.get(..4)?)?).ok();
    let first = unit(rest)?;
    let second = rest.get(6..).and_then(unit);
    let pair = second
        .and_then(|second| char::decode_utf16([first, second]).next()?.ok().filter(|letter| *letter > '\u{ffff}'));
    match pair {
        Some(letter) => Some((Meaning::Letter(letter), 12)),
        None => Some((Meaning::Letter(char::from_u32(u32::from(first))?), 6)),
    }
}

/// `\u{73}`
fn braced(rest: &[u8]) -> Option<(Meaning, usize)> {
    let digits = rest.strip_prefix(b"\\u{")?;
    let end = digits.iter().take(7).position(|byte| *byte == b'}')?;
    Some((Meaning::Letter(char::from_u32(hexadecimal(&digits[..end])?)?), end + 4))
}

/// `&#107;`, `&#x6b;`, without the semicolon too, and the five names that every reader of markup knows.
fn of_html(rest: &[u8]) -> Option<(Meaning, usize)> {
    const NAMES: [(&[u8], char); 5] =
        [(b"&amp;", '&'), (b"&lt;", '<'), (b"&gt;", '>'), (b"&quot;", '"'), (b"&apos;", '\'')];
    if let Some((name, letter)) = NAMES.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((Meaning::Letter(*letter), name.len()));
    }
    let number = rest.strip_prefix(b"&#")?;
    let (digits, radix, before) = match number {
        [b'x' | b'X', digits @ ..] => (digits, 16, 3),
        digits => (digits, 10, 2),
    };
    let count = digits.iter().take(7).take_while(|digit| char::from(**digit).is_digit(radix)).count();
    let code = u32::from_str_radix(std::str::from_utf8(&digits[..count]).ok()?, radix).ok()?;
    let semicolon = usize::from(digits.get(count) == Some(&b';'));
    Some((Meaning::Letter(char::from_u32(code)?), before + count + semicolon))
}

fn byte(digits: &[u8]) -> Option<u8> {
    u8::try_from(hexadecimal(digits)?).ok()
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    // `from_str_radix` takes a sign.
    let text = std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str, keep: Keep) -> String {
        Decoded::of(text.as_bytes(), keep).map_or(text.to_owned(), |decoded| String::from_utf8(decoded.bytes).unwrap())
    }

    #[test]
    fn needless_escapes_are_resolved_and_needed_ones_stay() {
        let plain = |text: &str| decoded(text, Keep::Structure);
        assert_eq!(plain(r#""pass\u0077ord\/""#), r#""password/""#);
        assert_eq!(plain(r#""\ud83d\ude42 \u00FC""#), "\"\u{1f642} \u{fc}\"");
        assert_eq!(plain(r"%6b&#101;&#x79;&#95&amp;\x5f\u{5f}%u005f"), "key_&___");
        for text in [
            r#""a\"b\\u0073\n""#,
            r#""\u0022\u005c\u000a""#,
            r#""\ud83d x""#,
            r#""\u00""#,
            "\\",
            "%22&quot;",
            "100 % & more &#; %+1",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_text_of_its_own_has_no_escape_that_is_needed() {
        assert_eq!(decoded(r#"{\"a\": \"b\\u0063\n\"}%22"#, Keep::Nothing), "{\"a\": \"b\\u0063\n\"}\"");
    }

    #[test]
    fn a_place_is_that_of_the_escapes() {
        let text = br"a\u0062c%64e";
        let plain = Decoded::of(text, Keep::Structure).unwrap();
        assert_eq!(plain.bytes, b"abcde");
        assert_eq!(plain.place(&(0..1)), 0..1);
        assert_eq!(plain.place(&(1..3)), 1..8);
        assert_eq!(plain.place(&(3..4)), 8..11);
        assert_eq!(plain.place(&(4..5)), 11..12);
        assert_eq!(plain.place(&(0..5)), 0..12);
        let wide = Decoded::of("\\u00fcx".as_bytes(), Keep::Structure).unwrap();
        assert_eq!(wide.place(&(1..3)), 0..7, "half a letter is the whole escape");
        assert_eq!(wide.place(&(0..1)), 0..6);
    }
}

//! Where the children of a container stand, in a text that is known to be JSON: nothing is checked, so that skipping over
//! a value costs a look at each of its bytes.

use std::ops::Range;

use memchr::memmem::Finder;

use super::Spans;

/// By how much canonical form indents what a container holds.
const INDENT: &str = "  ";

/// The children of an object or array, in the order of the text.
pub struct Children<'a> {
    text: &'a [u8],
    at: usize,
    has_keys: bool,
}

impl<'a> Children<'a> {
    /// Those of the container that begins at an offset; none where nothing of the kind begins there.
    pub fn of(text: &'a [u8], start: usize) -> Option<Self> {
        let has_keys = match text.get(start)? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        Some(Self { text, at: start + 1, has_keys })
    }

    /// The key of the next child, and where its value begins; none at the end of the container.
    pub fn begin(&mut self) -> Option<(Option<Range<usize>>, usize)> {
        self.skip_sign(b',');
        if matches!(self.text.get(self.at)?, b'}' | b']') {
            return None;
        }
        let key = self.has_keys.then(|| self.string());
        self.skip_sign(b':');
        Some((key, self.at))
    }

    /// Goes on behind the value that was begun.
    pub fn go_on(&mut self, end: usize) {
        self.at = end;
    }

    /// Where the container ends, once no child is left.
    pub fn end(&self) -> usize {
        (self.at + 1).min(self.text.len())
    }

    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        self.at = string_end(self.text, start);
        start..self.at
    }

    fn skip_blanks(&mut self) {
        self.at = end_of(self.text, self.at, is_blank);
    }

    /// Skips a comma or a colon, and the blanks around it.
    fn skip_sign(&mut self, sign: u8) {
        self.skip_blanks();
        if self.text.get(self.at) == Some(&sign) {
            self.at += 1;
            self.skip_blanks();
        }
    }
}

impl Iterator for Children<'_> {
    type Item = Spans;

    fn next(&mut self) -> Option<Spans> {
        let (key, start) = self.begin()?;
        self.go_on(value_end(self.text, start));
        Some(Spans { key, value: start..self.at })
    }
}

/// The lines on which objects and arrays end that lie so deep in a text in canonical form. No string of JSON holds a line
/// feed, so that a line's beginning is never part of one.
pub struct ClosingLines {
    object: Finder<'static>,
    array: Finder<'static>,
}

impl ClosingLines {
    pub fn at_depth(depth: usize) -> Self {
        let line = |sign: &str| Finder::new(&format!("\n{}{sign}", INDENT.repeat(depth))).into_owned();
        Self { object: line("}"), array: line("]") }
    }

    /// The end of the value that begins at an offset.
    pub fn value_end(&self, text: &[u8], start: usize) -> usize {
        let line = match text.get(start..start + 2) {
            Some(b"{}" | b"[]") => return start + 2,
            Some([b'{', _]) => &self.object,
            Some([b'[', _]) => &self.array,
            _ => return value_end(text, start),
        };
        line.find(&text[start..]).map_or(text.len(), |at| start + at + line.needle().len())
    }
}

/// The end of the value that begins at an offset.
pub fn value_end(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"') => string_end(text, start),
        Some(b'{' | b'[') => container_end(text, start),
        _ => end_of(text, start, |byte| !is_blank(byte) && !matches!(byte, b',' | b'}' | b']')),
    }
}

fn container_end(text: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = string_end(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The end of the string whose opening quote stands at `start`.
fn string_end(text: &[u8], start: usize) -> usize {
    (closing_quote(text, start + 1) + 1).min(text.len())
}

/// The closing quote of the string whose inside begins at `start`; the end of the text where there is none.
pub fn closing_quote(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += next;
        if text[at] == b'"' {
            return at;
        }
        at += 2;
    }
    text.len()
}

/// The first byte from `start` on that is none of a kind.
fn end_of(text: &[u8], start: usize, is_kind: impl Fn(u8) -> bool) -> usize {
    text.iter().skip(start).position(|byte| !is_kind(*byte)).map_or(text.len(), |length| start + length)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

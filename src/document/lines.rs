//! Byte offset to line and column, for any bytes at all.

/// A place in a text as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in Unicode characters, from 1.
    pub column: usize,
}

impl Position {
    /// The place in `text` at which `serde_json` gave up: it counts bytes, and sometimes from 0.
    pub fn of_error(text: &[u8], error: &serde_json::Error) -> Self {
        let lines = LineIndex::new(text);
        lines.position(lines.offset(error.line(), error.column()))
    }
}

/// How many bytes share one entry in the table of characters: a column is found by counting no more than these.
const BLOCK: usize = 512;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a text. A line ends with a line feed; a byte order mark is no character of the first line.
///
/// In bytes that are no UTF-8, every byte that does not continue a character counts as one.
pub struct LineIndex<'a> {
    bytes: &'a [u8],
    starts: Vec<usize>,
    /// How many characters stand before each block; none where every byte is one.
    characters: Option<Vec<usize>>,
}

impl<'a> LineIndex<'a> {
    /// Finds the lines of a text.
    pub fn new(bytes: &'a [u8]) -> Self {
        let first = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let mut starts = Vec::with_capacity(1 + memchr::memchr_iter(b'\n', bytes).count());
        starts.push(first);
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1));
        Self { bytes, starts, characters: (!bytes.is_ascii()).then(|| characters_before_blocks(bytes)) }
    }

    /// The line and column of a byte offset; an offset behind the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.bytes.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start)) + 1;
        Position { line, column }
    }

    /// The byte offset of a line and a column in bytes, both from 1, as `serde_json` reports them.
    pub fn offset(&self, line: usize, byte_column: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.bytes.len());
        (start + byte_column.saturating_sub(1)).min(self.bytes.len())
    }

    /// The bytes of a line without its end; empty for a line that is not there.
    pub fn line(&self, line: usize) -> &'a [u8] {
        let Some(start) = line.checked_sub(1).and_then(|at| self.starts.get(at)) else { return &[] };
        let end = self.starts.get(line).map_or(self.bytes.len(), |next| next - 1);
        let text = &self.bytes[*start..end.max(*start)];
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// The byte offset at which a line starts; the end for a line that is not there.
    pub fn start_of(&self, line: usize) -> usize {
        self.offset(line, 1)
    }

    fn characters_before(&self, offset: usize) -> usize {
        let Some(characters) = &self.characters else { return offset };
        let block = offset / BLOCK;
        characters[block] + count_characters(&self.bytes[block * BLOCK..offset])
    }
}

fn characters_before_blocks(bytes: &[u8]) -> Vec<usize> {
    let counts = bytes.chunks(BLOCK).map(count_characters).scan(0, |sum, count| {
        *sum += count;
        Some(*sum)
    });
    std::iter::once(0).chain(counts).collect()
}

fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &[u8], offset: usize) -> (usize, usize) {
        let position = LineIndex::new(text).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_characters_from_one() {
        let text = "aß🙂x\r\nö\n".as_bytes();
        assert_eq!(at(text, 0), (1, 1));
        assert_eq!(at(text, 7), (1, 4));
        assert_eq!(at(text, 10), (2, 1));
        assert_eq!(at(text, 12), (2, 2));
        assert_eq!(at(text, 99), (3, 1));
        assert_eq!(LineIndex::new(text).line(1), "aß🙂x".as_bytes());
    }

    #[test]
    fn the_place_of_a_parsers_error_counts_characters_too() {
        let text = "{\n  \"Zürich 🙂\": nonsense\n}";
        let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
        let wanted = text.lines().nth(1).unwrap().chars().position(|letter| letter == 'o').unwrap() + 1;
        assert_eq!(Position::of_error(text.as_bytes(), &error), Position { line: 2, column: wanted });
        assert_ne!(error.column(), wanted, "bytes are counted otherwise");
        let empty = serde_json::from_str::<serde_json::Value>("").unwrap_err();
        assert_eq!(Position::of_error(b"", &empty), Position { line: 1, column: 1 });
    }

    #[test]
    fn a_byte_order_mark_moves_no_column() {
        assert_eq!(at(b"\xef\xbb\xbf{}", 0), (1, 1));
        assert_eq!(at(b"\xef\xbb\xbf{}", 4), (1, 2));
    }

    #[test]
    fn bytes_that_are_no_text_have_places_too() {
        assert_eq!(at(b"a\n\xff\xffb\0", 4), (2, 3));
        assert_eq!(at(b"", 0), (1, 1));
    }

    #[test]
    fn a_long_line_is_counted_like_a_short_one() {
        let text = "é".repeat(10_000);
        assert_eq!(at(text.as_bytes(), 16_000), (1, 8_001));
    }
}

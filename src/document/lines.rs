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

/// How many bytes share one entry in the tables: a place is found by counting no more than these.
const BLOCK: usize = 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a text. A line ends with a line feed; a byte order mark is no character of the first line.
///
/// In bytes that are no UTF-8, every byte that does not continue a character counts as one. The text is counted once, in
/// blocks: a table of its lines would take as long to fill as the text takes to be read, and few of them are asked for.
pub struct LineIndex<'a> {
    bytes: &'a [u8],
    /// How many line feeds stand before each block.
    line_ends: Vec<usize>,
    /// How many characters stand before each block; none where every byte is one.
    characters: Option<Vec<usize>>,
}

impl<'a> LineIndex<'a> {
    /// Counts the lines of a text.
    pub fn new(bytes: &'a [u8]) -> Self {
        let characters = (!bytes.is_ascii()).then(|| sums(bytes, count_characters));
        Self { bytes, line_ends: sums(bytes, count_line_ends), characters }
    }

    /// The line and column of a byte offset; an offset behind the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.bytes.len());
        let line = 1 + before(self.bytes, &self.line_ends, offset, count_line_ends);
        let last_end = memchr::memrchr(b'\n', &self.bytes[..offset]);
        let start = last_end.map_or_else(|| self.first_start(), |end| end + 1);
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start)) + 1;
        Position { line, column }
    }

    /// The byte offset of a line and a column in bytes, both from 1, as `serde_json` reports them.
    pub fn offset(&self, line: usize, byte_column: usize) -> usize {
        let start = self.start(line.max(1)).unwrap_or(self.bytes.len());
        (start + byte_column.saturating_sub(1)).min(self.bytes.len())
    }

    /// The bytes of a line without its end; empty for a line that is not there.
    pub fn line(&self, line: usize) -> &'a [u8] {
        let Some(start) = self.start(line) else { return &[] };
        let rest = &self.bytes[start..];
        let text = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// The byte offset at which a line starts; the end for a line that is not there.
    pub fn start_of(&self, line: usize) -> usize {
        self.offset(line, 1)
    }

    fn start(&self, line: usize) -> Option<usize> {
        let ends = line.checked_sub(1)?;
        if ends == 0 {
            return Some(self.first_start());
        }
        let block = self.line_ends.partition_point(|before| *before < ends).checked_sub(1)?;
        let from = block * BLOCK;
        let end = memchr::memchr_iter(b'\n', self.bytes.get(from..)?).nth(ends - self.line_ends[block] - 1)?;
        Some(from + end + 1)
    }

    fn first_start(&self) -> usize {
        if self.bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let Some(characters) = &self.characters else { return offset };
        before(self.bytes, characters, offset, count_characters)
    }
}

/// What is counted before each block of a text.
fn sums(bytes: &[u8], count: fn(&[u8]) -> usize) -> Vec<usize> {
    let counts = bytes.chunks(BLOCK).map(count).scan(0, |sum, count| {
        *sum += count;
        Some(*sum)
    });
    std::iter::once(0).chain(counts).collect()
}

/// What is counted before an offset, by what is before each block.
fn before(bytes: &[u8], sums: &[usize], offset: usize, count: fn(&[u8]) -> usize) -> usize {
    let block = offset / BLOCK;
    sums[block] + count(&bytes[block * BLOCK..offset])
}

fn count_line_ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn count_characters(bytes: &[u8]) -> usize {
    // No more than a byte can count, so that the processor counts many at once.
    let few = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte & 0b1100_0000 != 0b1000_0000)).sum::<u8>();
    bytes.chunks(255).map(|bytes| usize::from(few(bytes))).sum()
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

    #[test]
    fn every_place_of_many_blocks_is_counted_as_one_by_one() {
        let lines: Vec<String> = (0..200).map(|length| "aé🙂".repeat(length % 17)).collect();
        for text in [lines.join("\n"), format!("\u{feff}{}\r\n", lines.join("\r\n"))] {
            let index = LineIndex::new(text.as_bytes());
            let (mut line, mut start) = (1, if text.starts_with('\u{feff}') { 3 } else { 0 });
            for (offset, letter) in text.char_indices().filter(|(_, letter)| *letter != '\u{feff}') {
                let column = text[start..offset].chars().count() + 1;
                assert_eq!(index.position(offset), Position { line, column }, "{offset}");
                assert_eq!((index.start_of(line), index.offset(line, offset - start + 1)), (start, offset));
                if letter == '\n' {
                    assert_eq!(index.line(line), text[start..offset].trim_end_matches('\r').as_bytes());
                    (line, start) = (line + 1, offset + 1);
                }
            }
            assert_eq!((index.start_of(line), index.start_of(line + 1)), (start, text.len()));
            assert!(index.line(line + 1).is_empty() && index.line(0).is_empty());
        }
    }
}

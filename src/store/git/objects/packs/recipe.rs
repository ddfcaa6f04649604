//! How a content is put together: pieces of a base, and what stands between them. That is what a delta says in git's pack
//! format (`gitformat-pack`, "Deltified representation").
//!
//! A delta of a content that is a delta itself is turned into pieces of the base of both, so that a chain of deltas costs
//! one copy of the content, however long it is.

use bytes::Bytes;

use super::Fault;
use crate::snapshot::MAX_FILE_BYTES;

/// The most pieces of a delta that is read here: each takes more memory than the bytes that say it.
const MOST_PIECES: usize = 1 << 22;

/// The pieces of a content, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recipe {
    base_size: usize,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it ends in the content.
    end: usize,
    source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// The base, from a byte on.
    Base(usize),
    Inserted(Bytes),
}

impl Recipe {
    /// Reads a delta.
    pub(super) fn of_delta(delta: Bytes) -> Result<Self, Fault> {
        let mut reader = DeltaReader { delta, at: 0 };
        let (base_size, size) = reader.size().zip(reader.size()).ok_or(Fault::Broken)?;
        if base_size.max(size) > MAX_FILE_BYTES {
            return Err(Fault::Huge);
        }
        let [base_size, size] = [base_size, size].map(|size| usize::try_from(size).map_err(|_| Fault::Huge));
        let mut recipe = Self { base_size: base_size?, pieces: Vec::new() };
        let size = size?;
        reader.pieces(&mut recipe, size).filter(|()| recipe.size() == size).ok_or(Fault::Broken)?;
        Ok(recipe)
    }

    /// The bytes of the content.
    pub(super) fn size(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.end)
    }

    /// How many bytes of memory it takes, at the most.
    pub(super) fn memory(&self) -> usize {
        let inserted = |piece: &Piece| match &piece.source {
            Source::Base(_) => 0,
            Source::Inserted(bytes) => bytes.len(),
        };
        self.pieces.iter().map(|piece| size_of::<Piece>() + inserted(piece)).sum()
    }

    /// The same content from the base of its base; none where it would be in shreds.
    pub(super) fn through(&self, base: &Self) -> Result<Option<Self>, Fault> {
        if self.base_size != base.size() {
            return Err(Fault::Broken);
        }
        let pieces = Vec::with_capacity(self.pieces.len() + base.pieces.len());
        let mut made = Self { base_size: base.base_size, pieces };
        let mut start = 0;
        for piece in &self.pieces {
            match &piece.source {
                Source::Inserted(bytes) => made.insert(bytes.clone()),
                Source::Base(offset) => base.part(*offset, offset + (piece.end - start), &mut made),
            }
            start = piece.end;
            if made.is_too_many_for(self.size()) {
                return Ok(None);
            }
        }
        Ok(Some(made))
    }

    /// Adds the bytes of this content between two places to another.
    fn part(&self, mut from: usize, to: usize, made: &mut Self) {
        let first = self.pieces.partition_point(|piece| piece.end <= from);
        let mut start = first.checked_sub(1).map_or(0, |before| self.pieces[before].end);
        for piece in &self.pieces[first..] {
            if from >= to {
                break;
            }
            let (skipped, end) = (from - start, piece.end.min(to));
            match &piece.source {
                Source::Base(offset) => made.copy(offset + skipped, end - from),
                Source::Inserted(bytes) => made.insert(bytes.slice(skipped..end - start)),
            }
            (start, from) = (piece.end, end);
        }
    }

    fn copy(&mut self, offset: usize, length: usize) {
        let size = self.size();
        let start = self.pieces.len().checked_sub(2).map_or(0, |before| self.pieces[before].end);
        match self.pieces.last_mut() {
            // Git copies 64 KiB at the most at a time.
            Some(Piece { end, source: Source::Base(from) }) if *from + (*end - start) == offset => *end += length,
            _ => self.pieces.push(Piece { end: size + length, source: Source::Base(offset) }),
        }
    }

    fn insert(&mut self, bytes: Bytes) {
        self.pieces.push(Piece { end: self.size() + bytes.len(), source: Source::Inserted(bytes) });
    }

    /// Whether the pieces are so small that the content is better kept than put together again and again.
    pub(super) fn is_in_shreds(&self) -> bool {
        self.is_too_many_for(self.size())
    }

    fn is_too_many_for(&self, size: usize) -> bool {
        const SMALL: usize = 256;
        size / SMALL < self.pieces.len()
    }

    /// Puts the content together, in memory that has room for it.
    pub(super) fn made_of(&self, base: &[u8], mut content: Vec<u8>) -> Result<Vec<u8>, Fault> {
        if base.len() != self.base_size {
            return Err(Fault::Broken);
        }
        for piece in &self.pieces {
            let length = piece.end - content.len();
            match &piece.source {
                Source::Base(offset) => content.extend_from_slice(&base[*offset..offset + length]),
                Source::Inserted(bytes) => content.extend_from_slice(bytes),
            }
        }
        Ok(content)
    }
}

/// A delta, read from front to back.
struct DeltaReader {
    delta: Bytes,
    at: usize,
}

impl DeltaReader {
    /// Follows the operations; none where they are not of this base, make a larger content, or are too many.
    fn pieces(&mut self, recipe: &mut Recipe, size: usize) -> Option<()> {
        while let Some(operation) = self.byte() {
            match operation {
                // Kept for a future that has not come.
                0 => return None,
                1..=127 => recipe.insert(self.bytes(operation.into())?),
                copy => {
                    let (offset, length) = (self.number(copy, 4)?, self.number(copy >> 4, 3)?);
                    let length = if length == 0 { 0x1_0000 } else { length };
                    offset.checked_add(length).filter(|end| *end <= recipe.base_size)?;
                    recipe.copy(offset, length);
                }
            }
            if recipe.size() > size || recipe.pieces.len() > MOST_PIECES {
                return None;
            }
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.delta.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn bytes(&mut self, count: usize) -> Option<Bytes> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.delta.len())?;
        let bytes = self.delta.slice(self.at..end);
        self.at = end;
        Some(bytes)
    }

    /// A number of seven bits a byte, the lowest first; the highest bit says that more follow.
    fn size(&mut self) -> Option<u64> {
        let (mut size, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            size |= u64::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 63)?;
            if byte & 0x80 == 0 {
                return Some(size);
            }
            shift += 7;
        }
    }

    /// A number of up to `count` bytes, the lowest first; the lowest bits of `present` say which bytes are not zero.
    fn number(&mut self, present: u8, count: u32) -> Option<usize> {
        let mut number = 0;
        for at in 0..count {
            if present & (1 << at) != 0 {
                number |= usize::from(self.byte()?) << (8 * at);
            }
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(delta: &[u8]) -> Result<Recipe, Fault> {
        Recipe::of_delta(Bytes::copy_from_slice(delta))
    }

    fn applied(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, Fault> {
        recipe(delta)?.made_of(base, Vec::new())
    }

    #[test]
    fn copies_and_inserts_in_the_order_of_the_delta() {
        // Copy 3 from 4, insert "xy", copy 2 from 0.
        let delta = [8, 7, 0b1001_0001, 4, 3, 2, b'x', b'y', 0b1001_0000, 2];
        assert_eq!(applied(b"abcdefgh", &delta).as_deref(), Ok(&b"efgxyab"[..]));
    }

    #[test]
    fn a_length_of_zero_stands_for_64_kib() {
        let base = vec![b'a'; 0x1_0000];
        let delta = [0x80, 0x80, 0x04, 0x80, 0x80, 0x04, 0x80];
        assert_eq!(applied(&base, &delta), Ok(base));
    }

    #[test]
    fn a_delta_of_something_else_or_beyond_its_base_is_broken() {
        let of_other_base = [9, 1, 0b1001_0000, 1];
        let beyond_the_base = [8, 3, 0b1001_0001, 6, 3];
        let too_long = [8, 1, 2, b'x', b'y'];
        let too_short = [8, 3, 2, b'x', b'y'];
        let cut_off = [8, 5, 5, b'x'];
        let reserved = [8, 1, 0];
        let endless_size = [0xff; 12];
        for delta in [&of_other_base[..], &beyond_the_base, &too_long, &too_short, &cut_off, &reserved, &endless_size] {
            assert_eq!(applied(b"abcdefgh", delta), Err(Fault::Broken), "{delta:?}");
        }
        let of_3_gib = [8, 0x80, 0x80, 0x80, 0x80, 0x0c];
        assert_eq!(applied(b"abcdefgh", &of_3_gib), Err(Fault::Huge));
    }

    /// A delta in single steps: `(offset, length)` copies, a text is inserted.
    fn delta(base: &[u8], steps: &[(usize, usize, &str)]) -> Vec<u8> {
        let number = |size: usize| [0x80 | size & 0x7f, size >> 7].map(|byte| u8::try_from(byte).unwrap());
        let size: usize = steps.iter().map(|(_, length, text)| length + text.len()).sum();
        let mut delta = [number(base.len()), number(size)].concat();
        for (offset, length, text) in steps {
            let ([low, high, ..], [short, long, ..]) = (offset.to_le_bytes(), length.to_le_bytes());
            match u8::try_from(text.len()).unwrap() {
                0 => delta.extend([0b1011_0011, low, high, short, long]),
                inserted => delta.extend([&[inserted], text.as_bytes()].concat()),
            }
        }
        delta
    }

    #[test]
    fn a_chain_of_deltas_makes_the_same_as_one_after_the_other() {
        let base: Vec<u8> = (0..4096_u16).flat_map(u16::to_be_bytes).collect();
        let first = delta(&base, &[(4000, 4000, ""), (0, 0, "between"), (100, 3000, ""), (4090, 2, "")]);
        let middle = applied(&base, &first).unwrap();
        for from in (0..middle.len() - 2000).step_by(333) {
            let second = delta(&middle, &[(from, 1200, ""), (0, 0, "!"), (from / 2, 1500, "")]);
            let expected = applied(&middle, &second).unwrap();
            let both = recipe(&second).unwrap().through(&recipe(&first).unwrap()).unwrap().unwrap();
            assert_eq!(both.size(), expected.len());
            assert!(both.made_of(&base, Vec::new()).unwrap() == expected, "{from}");
        }
    }

    #[test]
    fn pieces_that_would_be_too_many_are_not_made() {
        let base = vec![b'a'; 4096];
        let crumbs: Vec<_> = (0..15).map(|at| (at * 2, 1, "")).chain([(0, 4000, "")]).collect();
        let first = delta(&base, &crumbs);
        let again: Vec<_> = (0..40).map(|_| (0, 15, "")).collect();
        let second = delta(&applied(&base, &first).unwrap(), &again);
        assert_eq!(recipe(&second).unwrap().through(&recipe(&first).unwrap()), Ok(None));
    }

    #[test]
    fn a_delta_of_another_size_than_its_base_makes_is_broken() {
        let first = recipe(&delta(b"abcdefgh", &[(0, 5, "")])).unwrap();
        let second = recipe(&delta(b"abcdef", &[(0, 5, "")])).unwrap();
        assert_eq!(second.through(&first), Err(Fault::Broken));
    }

    #[test]
    fn neighbours_become_one_piece() {
        let recipe = recipe(&delta(b"abcdefgh", &[(0, 2, ""), (2, 3, ""), (6, 2, "")])).unwrap();
        assert_eq!(recipe.pieces.len(), 2);
        assert_eq!(recipe.made_of(b"abcdefgh", Vec::new()).as_deref(), Ok(&b"abcdegh"[..]));
    }
}

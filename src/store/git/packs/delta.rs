//! Applies a delta: what git's pack format says of copying from a base and of inserting
//! (`gitformat-pack`, "Deltified representation").

use crate::snapshot::MAX_FILE_BYTES;

/// The content that a delta makes of its base; none where the delta is not one of this base.
pub(super) fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut delta = Reader(delta);
    let (base_size, size) = (delta.size()?, delta.size()?);
    if base_size != base.len() as u64 || size > MAX_FILE_BYTES {
        return None;
    }
    let size = usize::try_from(size).ok()?;
    let mut content = Vec::with_capacity(size);
    while let Some(operation) = delta.byte() {
        let piece = match operation {
            // Kept for a future that has not come.
            0 => return None,
            1..=127 => delta.bytes(operation.into())?,
            copy => {
                let (offset, length) = (delta.number(copy, 4)?, delta.number(copy >> 4, 3)?);
                let length = if length == 0 { 0x1_0000 } else { length };
                base.get(offset..offset.checked_add(length)?)?
            }
        };
        if piece.len() > size - content.len() {
            return None;
        }
        content.extend_from_slice(piece);
    }
    (content.len() == size).then_some(content)
}

/// What is left of a delta.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
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

    #[test]
    fn copies_and_inserts_in_the_order_of_the_delta() {
        // Copy 3 from 4, insert "xy", copy 2 from 0.
        let delta = [8, 7, 0b1001_0001, 4, 3, 2, b'x', b'y', 0b1001_0000, 2];
        assert_eq!(apply(b"abcdefgh", &delta).as_deref(), Some(&b"efgxyab"[..]));
    }

    #[test]
    fn a_length_of_zero_stands_for_64_kib() {
        let base = vec![b'a'; 0x1_0000];
        let delta = [0x80, 0x80, 0x04, 0x80, 0x80, 0x04, 0x80];
        assert_eq!(apply(&base, &delta), Some(base));
    }

    #[test]
    fn a_delta_of_something_else_or_beyond_its_base_is_none() {
        let of_other_base = [9, 1, 0b1001_0000, 1];
        let beyond_the_base = [8, 3, 0b1001_0001, 6, 3];
        let too_long = [8, 1, 2, b'x', b'y'];
        let too_short = [8, 3, 2, b'x', b'y'];
        let cut_off = [8, 5, 5, b'x'];
        let reserved = [8, 1, 0];
        let endless_size = [0xff; 12];
        for delta in [&of_other_base[..], &beyond_the_base, &too_long, &too_short, &cut_off, &reserved, &endless_size] {
            assert_eq!(apply(b"abcdefgh", delta), None, "{delta:?}");
        }
    }
}

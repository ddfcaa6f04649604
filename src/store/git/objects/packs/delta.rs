//! Applies a delta: what git's pack format says of copying from a base and of inserting
//! (`gitformat-pack`, "Deltified representation").

use super::Fault;
use crate::snapshot::MAX_FILE_BYTES;

/// The content that a delta makes of its base, in memory that has room for a number of bytes.
pub(super) fn apply(base: &[u8], delta: &[u8], memory: impl FnOnce(usize) -> Vec<u8>) -> Result<Vec<u8>, Fault> {
    let mut delta = DeltaReader(delta);
    let (base_size, size) = delta.size().zip(delta.size()).ok_or(Fault::Broken)?;
    if size > MAX_FILE_BYTES {
        return Err(Fault::Huge);
    }
    let size = usize::try_from(size).map_err(|_| Fault::Huge)?;
    let made = (base_size == base.len() as u64).then(|| delta.made_of(base, size, memory(size))).flatten();
    made.ok_or(Fault::Broken)
}

/// What is left of a delta.
struct DeltaReader<'a>(&'a [u8]);

impl<'a> DeltaReader<'a> {
    /// Follows the operations; none where they are not of this base, or make another size.
    fn made_of(mut self, base: &[u8], size: usize, mut content: Vec<u8>) -> Option<Vec<u8>> {
        while let Some(operation) = self.byte() {
            let piece = match operation {
                // Kept for a future that has not come.
                0 => return None,
                1..=127 => self.bytes(operation.into())?,
                copy => {
                    let (offset, length) = (self.number(copy, 4)?, self.number(copy >> 4, 3)?);
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

    fn applied(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, Fault> {
        apply(base, delta, |_| Vec::new())
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
}

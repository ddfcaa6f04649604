//! Lends memory to contents, and has it back when the last who held the content is done with it.
//!
//! A history holds a few contents at a time and thousands one after the other, of nearly the same sizes. Their memory goes
//! from one to the next, because fresh memory comes from the system a page at a time, and what is freed goes back to it late.
//! It is for the case of two threads on a repacked pack: one makes contents ahead, the other lets go of them, and an
//! allocator gives what was freed on another thread back only later, so that a history would hold far more than it needs.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// How many bytes wait to be lent again.
const MOST_WAITING: usize = 8 << 20;

/// The size from which a content has lent memory: what is small comes from the allocator as quickly.
const LENT: usize = 16 << 10;

/// Where memory waits that was lent before.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    /// The one that came back last at the end.
    blocks: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl Memory {
    /// An empty vector with room for `size` bytes, and not for many more.
    pub(super) fn take(&self, size: usize) -> Vec<u8> {
        let mut block = self.block(size);
        block.clear();
        block
    }

    /// A vector of `size` bytes, which are to be written over: they may be those of an earlier content.
    pub(super) fn take_filled(&self, size: usize) -> Vec<u8> {
        let mut block = self.block(size);
        block.resize(size, 0);
        block
    }

    fn block(&self, size: usize) -> Vec<u8> {
        if size < LENT {
            return Vec::with_capacity(size);
        }
        let mut waiting = self.waiting();
        let fits = |block: &Vec<u8>| (size..=size + size / 4).contains(&block.capacity());
        let Some(at) = waiting.blocks.iter().rposition(fits) else { return Vec::with_capacity(size) };
        let block = waiting.blocks.remove(at).unwrap_or_default();
        waiting.bytes -= block.capacity();
        block
    }

    /// Makes a content of bytes, whose memory comes back here.
    pub(super) fn lend(&self, bytes: Vec<u8>) -> Bytes {
        if bytes.capacity() < LENT {
            return bytes.into();
        }
        Bytes::from_owner(Lent { bytes, home: self.clone() })
    }

    fn give_back(&self, block: Vec<u8>) {
        let mut waiting = self.waiting();
        waiting.bytes += block.capacity();
        waiting.blocks.push_back(block);
        while waiting.bytes > MOST_WAITING {
            let oldest = waiting.blocks.pop_front().unwrap_or_default();
            waiting.bytes -= oldest.capacity();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while holding it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Lent {
    bytes: Vec<u8>,
    home: Memory,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.home.give_back(mem::take(&mut self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_from_the_last_who_holds_it_and_serves_for_what_nearly_fills_it() {
        let memory = Memory::default();
        let content = memory.lend(vec![7; LENT]);
        let other = content.clone();
        drop(content);
        assert_eq!(memory.waiting().bytes, 0);
        assert_eq!(other, vec![7; LENT]);
        drop(other);
        assert_eq!(memory.waiting().bytes, LENT);
        assert!(memory.take(LENT + 1).capacity() > LENT);
        assert!(memory.take(LENT / 10).capacity() < LENT);
        assert_eq!(memory.waiting().bytes, LENT);
        let filled = memory.take_filled(LENT);
        assert_eq!((filled.len(), filled.capacity(), memory.waiting().bytes), (LENT, LENT, 0));
        drop(memory.lend(filled));
        assert_eq!((memory.take(LENT).len(), memory.waiting().bytes), (0, 0));
    }

    #[test]
    fn what_came_back_longest_ago_is_let_go_of() {
        let memory = Memory::default();
        for size in [MOST_WAITING / 2, MOST_WAITING / 4, MOST_WAITING / 2] {
            drop(memory.lend(vec![0; size]));
        }
        let sizes: Vec<_> = memory.waiting().blocks.iter().map(Vec::capacity).collect();
        assert_eq!(sizes, [MOST_WAITING / 4, MOST_WAITING / 2]);
        drop(memory.lend(vec![0; MOST_WAITING + 1]));
        assert_eq!(memory.waiting().bytes, 0);
    }
}

//! Keeps the contents that others are stored as a difference from, the last used ones first.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use super::Location;

/// Contents, bounded by their bytes.
pub(super) struct Bases {
    limit: usize,
    bytes: usize,
    /// How often one was asked for; the time by which they age.
    now: u64,
    contents: HashMap<Location, Kept>,
    by_age: BTreeMap<u64, Location>,
}

struct Kept {
    content: Bytes,
    used: u64,
}

impl Bases {
    /// Keeps up to `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, bytes: 0, now: 0, contents: HashMap::new(), by_age: BTreeMap::new() }
    }

    /// A content, which becomes the last used one.
    pub(super) fn get(&mut self, location: Location) -> Option<Bytes> {
        let kept = self.contents.get_mut(&location)?;
        self.by_age.remove(&kept.used);
        self.now += 1;
        kept.used = self.now;
        self.by_age.insert(kept.used, location);
        Some(kept.content.clone())
    }

    /// Keeps a content, and lets go of those that were not used for longest.
    pub(super) fn keep(&mut self, location: Location, content: Bytes) {
        self.now += 1;
        self.bytes += content.len();
        self.by_age.insert(self.now, location);
        let before = self.contents.insert(location, Kept { content, used: self.now });
        debug_assert!(before.is_none(), "it was asked for first");
        while self.bytes > self.limit {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            self.bytes -= self.contents.remove(&oldest).map_or(0, |kept| kept.content.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_was_not_used_for_longest_goes_first() {
        let mut bases = Bases::new(25);
        let ten = || Bytes::from(vec![0; 10]);
        bases.keep((0, 1), ten());
        bases.keep((0, 2), ten());
        assert!(bases.get((0, 1)).is_some());
        bases.keep((0, 3), ten());
        assert_eq!([1, 2, 3].map(|at| bases.get((0, at)).is_some()), [true, false, true]);
    }

    #[test]
    fn one_above_the_limit_is_not_kept() {
        let mut bases = Bases::new(5);
        bases.keep((0, 1), Bytes::from(vec![0; 10]));
        assert!(bases.get((0, 1)).is_none());
        assert_eq!(bases.bytes, 0);
    }
}

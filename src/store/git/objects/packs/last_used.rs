//! Keeps what others are made from, the last used first, up to a number of bytes.

use std::collections::{BTreeMap, HashMap};

use super::Location;

/// Values by the places of their objects, bounded by their bytes.
pub(super) struct LastUsed<T> {
    limit: usize,
    bytes: usize,
    /// How often one was asked for; the time by which they age.
    now: u64,
    kept: HashMap<Location, Kept<T>>,
    by_age: BTreeMap<u64, Location>,
}

struct Kept<T> {
    value: T,
    bytes: usize,
    used: u64,
}

impl<T: Clone> LastUsed<T> {
    /// Keeps up to `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, bytes: 0, now: 0, kept: HashMap::new(), by_age: BTreeMap::new() }
    }

    /// A value, which becomes the last used one.
    pub(super) fn get(&mut self, location: Location) -> Option<T> {
        let kept = self.kept.get_mut(&location)?;
        self.by_age.remove(&kept.used);
        self.now += 1;
        kept.used = self.now;
        self.by_age.insert(kept.used, location);
        Some(kept.value.clone())
    }

    /// Keeps a value of a number of bytes, and lets go of those that were not used for longest.
    pub(super) fn keep(&mut self, location: Location, value: T, bytes: usize) {
        self.now += 1;
        self.bytes += bytes;
        self.by_age.insert(self.now, location);
        if let Some(before) = self.kept.insert(location, Kept { value, bytes, used: self.now }) {
            self.bytes -= before.bytes;
            self.by_age.remove(&before.used);
        }
        while self.bytes > self.limit {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            self.bytes -= self.kept.remove(&oldest).map_or(0, |kept| kept.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_was_not_used_for_longest_goes_first() {
        let mut values = LastUsed::new(25);
        values.keep((0, 1), "one", 10);
        values.keep((0, 2), "two", 10);
        assert_eq!(values.get((0, 1)), Some("one"));
        values.keep((0, 3), "three", 10);
        assert_eq!([1, 2, 3].map(|at| values.get((0, at)).is_some()), [true, false, true]);
    }

    #[test]
    fn one_that_is_kept_again_takes_the_place_of_the_earlier() {
        let mut values = LastUsed::new(25);
        values.keep((0, 1), "one", 10);
        values.keep((0, 2), "two", 10);
        values.keep((0, 1), "another", 15);
        assert_eq!([1, 2].map(|at| values.get((0, at))), [Some("another"), Some("two")]);
        values.keep((0, 3), "three", 10);
        assert_eq!([1, 2, 3].map(|at| values.get((0, at)).is_some()), [false, true, true]);
    }

    #[test]
    fn one_above_the_limit_is_not_kept() {
        let mut values = LastUsed::new(5);
        values.keep((0, 1), "one", 10);
        assert!(values.get((0, 1)).is_none());
        assert_eq!(values.bytes, 0);
    }
}

//! The most calls at a time: an exact count over starts and ends.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::time::Millis;

/// The most calls at a time in a stretch of time, and how many calls found no room in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallPeak {
    /// The most calls at a time; none where nothing of the time is known.
    pub most: Option<u64>,
    /// When there were first so many.
    pub at: Option<Millis>,
    /// Calls that were lost because all concurrency was in use.
    pub lost: u64,
}

/// Finds the most calls at a time among calls that come in the order of their starts. It remembers only those under way.
#[derive(Debug, Default)]
pub struct PeakSweep {
    under_way: BinaryHeap<Reverse<Millis>>,
    most: u64,
    at: Option<Millis>,
}

impl PeakSweep {
    /// Takes a call. One that ends when another begins made room for it, and one of no length takes none.
    pub fn add(&mut self, start: Millis, end: Millis) {
        if start >= end {
            return;
        }
        while self.under_way.peek().is_some_and(|Reverse(earlier)| *earlier <= start) {
            self.under_way.pop();
        }
        self.under_way.push(Reverse(end));
        let now = self.under_way.len() as u64;
        if now > self.most {
            (self.most, self.at) = (now, Some(start));
        }
    }

    /// The most at a time, and when there were first so many.
    pub fn most(&self) -> (u64, Option<Millis>) {
        (self.most, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_overlap_where_both_are_under_way() {
        let calls = |calls: &[(i64, i64)]| {
            let mut sweep = PeakSweep::default();
            for (start, end) in calls {
                sweep.add(Millis(*start), Millis(*end));
            }
            let (most, at) = sweep.most();
            (most, at.map(|at| at.0))
        };
        assert_eq!(calls(&[]), (0, None));
        assert_eq!(calls(&[(0, 10), (10, 20)]), (1, Some(0)), "one ends as the other begins");
        assert_eq!(calls(&[(0, 10), (3, 4), (9, 20), (30, 40)]), (2, Some(3)));
        assert_eq!(calls(&[(0, 30), (1, 5), (2, 5), (5, 9), (5, 9), (5, 9)]), (4, Some(5)));
        assert_eq!(calls(&[(5, 5), (7, 6)]), (0, None), "a call of no length takes no room");
    }
}

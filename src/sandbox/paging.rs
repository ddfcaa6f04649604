//! Ordered collections and the pages cut from them, for both providers' cursors.
//!
//! A cursor is a row's sequence number, not its position: pages stay right while rows come and go between them.

use std::collections::{BTreeMap, HashMap};

/// A row with the identity that its provider looks it up by.
pub(super) trait Keyed {
    fn key(&self) -> &str;
}

/// Rows in order of creation, found by sequence number or by key.
#[derive(Debug)]
pub(super) struct Ordered<T> {
    rows: BTreeMap<u64, T>,
    sequences: HashMap<String, u64>,
    next: u64,
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), sequences: HashMap::new(), next: 0 }
    }
}

impl<T: Keyed> Ordered<T> {
    /// Adds a row as the newest; its key is not there yet.
    pub(super) fn push(&mut self, row: T) {
        self.sequences.insert(row.key().to_owned(), self.next);
        self.rows.insert(self.next, row);
        self.next += 1;
    }

    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(self.sequences.get(key)?)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.rows.get_mut(self.sequences.get(key)?)
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<T> {
        self.rows.remove(&self.sequences.remove(key)?)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values()
    }

    /// Every row with its sequence number, oldest first.
    pub(super) fn numbered(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.rows.iter().map(|(sequence, row)| (*sequence, row))
    }
}

impl<T: Keyed> FromIterator<T> for Ordered<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut ordered = Self::default();
        rows.into_iter().for_each(|row| ordered.push(row));
        ordered
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    OldestFirst,
    NewestFirst,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    Start,
    /// Behind the row with this sequence number, whether or not it is still there.
    After(u64),
    /// The page that ends just before the row with this sequence number.
    Before(u64),
}

#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) rows: Vec<T>,
    /// The first row's sequence number, where rows come before it.
    pub(super) previous: Option<u64>,
    /// The last row's sequence number, where more rows follow.
    pub(super) next: Option<u64>,
}

/// Cuts at most `limit` rows out of `rows`, which are given oldest first.
pub(super) fn page<T>(
    rows: impl DoubleEndedIterator<Item = (u64, T)>,
    order: Order,
    cursor: Cursor,
    limit: usize,
) -> Page<T> {
    let mut rows: Vec<_> = match order {
        Order::OldestFirst => rows.collect(),
        Order::NewestFirst => rows.rev().collect(),
    };
    let is_before = |sequence: u64, cursor: u64| match order {
        Order::OldestFirst => sequence < cursor,
        Order::NewestFirst => sequence > cursor,
    };
    let start = match cursor {
        Cursor::Start => 0,
        Cursor::After(cursor) => {
            rows.partition_point(|(sequence, _)| *sequence == cursor || is_before(*sequence, cursor))
        }
        Cursor::Before(cursor) => {
            rows.partition_point(|(sequence, _)| is_before(*sequence, cursor)).saturating_sub(limit)
        }
    };
    let end = rows.len().min(start.saturating_add(limit));
    let has_more = end < rows.len();
    let kept: Vec<_> = rows.drain(start..end).collect();
    let previous = kept.first().map(|(sequence, _)| *sequence).filter(|_| start > 0);
    let next = kept.last().map(|(sequence, _)| *sequence).filter(|_| has_more);
    Page { rows: kept.into_iter().map(|(_, row)| row).collect(), previous, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(order: Order, cursor: Cursor, limit: usize) -> (Vec<u64>, Option<u64>, Option<u64>) {
        let page = page((0..5).map(|number| (number, number)), order, cursor, limit);
        (page.rows, page.previous, page.next)
    }

    #[test]
    fn pages_run_from_the_newest_to_the_oldest_row() {
        assert_eq!(cut(Order::NewestFirst, Cursor::Start, 2), (vec![4, 3], None, Some(3)));
        assert_eq!(cut(Order::NewestFirst, Cursor::After(3), 2), (vec![2, 1], Some(2), Some(1)));
        assert_eq!(cut(Order::NewestFirst, Cursor::After(1), 2), (vec![0], Some(0), None));
    }

    #[test]
    fn the_page_before_a_row_ends_just_ahead_of_it() {
        assert_eq!(cut(Order::NewestFirst, Cursor::Before(2), 2), (vec![4, 3], None, Some(3)));
        assert_eq!(cut(Order::OldestFirst, Cursor::Before(4), 2), (vec![2, 3], Some(2), Some(3)));
    }

    #[test]
    fn a_cursor_whose_row_is_gone_still_continues_in_place() {
        let rows = [0, 1, 2, 4].into_iter().map(|number: u64| (number, number));
        assert_eq!(page(rows, Order::NewestFirst, Cursor::After(3), 2).rows, [2, 1]);
    }

    #[test]
    fn a_page_that_ends_exactly_at_the_end_has_no_successor() {
        assert_eq!(cut(Order::OldestFirst, Cursor::Start, 5).2, None);
    }
}

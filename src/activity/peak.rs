//! The most calls at a time: an exact count over starts and ends.

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

/// The most calls at a time, and when there were first so many. A call that ends when another begins made room for it.
pub fn most_at_a_time(calls: impl IntoIterator<Item = (Millis, Millis)>) -> (u64, Option<Millis>) {
    // Ends come before starts of the same moment.
    let mut moments: Vec<(Millis, bool)> = Vec::new();
    for (start, end) in calls.into_iter().filter(|(start, end)| start < end) {
        moments.extend([(start, true), (end, false)]);
    }
    moments.sort_unstable();
    let (mut now, mut most, mut at) = (0_u64, 0, None);
    for (moment, is_start) in moments {
        now = if is_start { now + 1 } else { now.saturating_sub(1) };
        if now > most {
            (most, at) = (now, Some(moment));
        }
    }
    (most, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_overlap_where_both_are_under_way() {
        let calls = |calls: &[(i64, i64)]| {
            let (most, at) = most_at_a_time(calls.iter().map(|(start, end)| (Millis(*start), Millis(*end))));
            (most, at.map(|at| at.0))
        };
        assert_eq!(calls(&[]), (0, None));
        assert_eq!(calls(&[(0, 10), (10, 20)]), (1, Some(0)), "one ends as the other begins");
        assert_eq!(calls(&[(0, 10), (9, 20), (3, 4), (30, 40)]), (2, Some(3)));
        assert_eq!(calls(&[(5, 5), (7, 6)]), (0, None), "a call of no length takes no room");
    }
}

//! Work on two threads at once, with the results in the order of the work. Whether there is enough of it to make a
//! second thread worth its start is for the caller to say.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does two things at once, the second on a thread of its own; a panic of either is a panic here.
pub fn both<L, R: Send>(left: impl FnOnce() -> L, right: impl FnOnce() -> R + Send) -> (L, R) {
    thread::scope(|scope| {
        let right = scope.spawn(right);
        let left = left();
        (left, right.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// Does independent jobs, the first ones first, each on whichever thread is free.
pub fn each<J: Sync, R: Send>(jobs: &[J], work: impl Fn(&J) -> R + Sync) -> Vec<R> {
    if jobs.len() < 2 {
        return jobs.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let share = || {
        let places = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < jobs.len()));
        places.map(|at| (at, work(&jobs[at]))).collect::<Vec<_>>()
    };
    let (mut done, others) = both(share, share);
    done.extend(others);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How many small jobs a thread takes at a time.
const GROUP: usize = 200;
/// How many small jobs make a second thread worth its start.
const MANY: usize = 1_000;

/// Does jobs of which each takes little: in groups, and on two threads only where they are many.
pub fn each_of_many<J: Sync, R: Send>(jobs: &[J], work: impl Fn(&J) -> R + Sync) -> Vec<R> {
    if jobs.len() < MANY {
        return jobs.iter().map(work).collect();
    }
    let groups: Vec<&[J]> = jobs.chunks(GROUP).collect();
    each(&groups, |group| group.iter().map(&work).collect::<Vec<_>>()).into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_jobs() {
        let jobs: Vec<usize> = (0..1000).collect();
        assert_eq!(each(&jobs, |job| job * 2), jobs.iter().map(|job| job * 2).collect::<Vec<_>>());
        assert!(each(&[] as &[usize], |job| *job).is_empty());
        let many: Vec<usize> = (0..=2 * MANY).collect();
        assert_eq!(each_of_many(&many, |job| job * 2), many.iter().map(|job| job * 2).collect::<Vec<_>>());
    }
}

//! Directories that are large enough for the rules to run side by side.

use phone_dir::snapshot::Snapshot;
use phone_dir::validate::{self, Occasion, Settings, Source};

use crate::generator::wide::{self, Routing};
use crate::validate::project::{lines, time};

/// The findings in a directory of the first so many numbers.
fn found(numbers: usize) -> Vec<String> {
    let mut snapshot = Snapshot::default();
    for (path, text) in wide::files(numbers, Routing::Mixed) {
        snapshot.insert(path, text);
    }
    let occasion = Occasion::new(Source::Worktree, time("2025-11-19T12:00:00Z"));
    lines(&validate::validate(&snapshot, &Settings::of(None), &occasion).unwrap())
}

#[test]
fn side_by_side_the_rules_find_what_they_find_one_after_the_other() {
    // The last of a thousand numbers makes the second thread worth its start, and moves no other's place.
    let (alone, mut together) = (found(999), found(1_000));
    assert!(alone.len() > 100, "the directory has too few findings to show anything: {}", alone.len());
    together.retain(|line| !line.contains("+12015550999"));
    assert_eq!(alone, together);
}

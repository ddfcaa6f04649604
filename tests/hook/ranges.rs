//! `validate --range`, as CI calls it: the commit that broke something is named, and a shallow clone cannot tell.

use crate::hook::fixture::{Repository, said};

/// Three commits: a good one, a bad one, and one that repairs it.
fn broken_and_repaired() -> Repository {
    let repository = Repository::committed();
    repository.edit_well(2);
    repository.accepted(&["-a", "-m", "good"]);
    repository.edit_badly(3);
    repository.accepted(&["-a", "-m", "bad"]);
    repository.edit_well(4);
    repository.accepted(&["-a", "-m", "repaired"]);
    repository
}

#[test]
fn the_commit_that_broke_the_directory_is_named_although_it_was_repaired() {
    let repository = broken_and_repaired();
    let bad = repository.git(&["rev-parse", "HEAD~1"]);
    let output = repository.try_phone_dir(&["validate", "--range", "HEAD~3..HEAD", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(&format!("\"commit\": \"{bad}\"")), "{}", said(&output));
    let after = repository.try_phone_dir(&["validate", "--range", "HEAD~1..HEAD"]);
    assert_eq!(after.status.code(), Some(0), "{}", said(&after));
}

#[test]
fn a_range_that_a_shallow_clone_cuts_off_is_never_a_quiet_success() {
    let repository = broken_and_repaired();
    repository.git(&["tag", "start", "HEAD~3"]);
    let clone = repository.outside().join("clone");
    let (from, to) = (format!("file://{}", repository.top.display()), clone.display().to_string());
    repository.git(&["clone", "-q", "--depth=1", &from, &to]);
    // The start of the range is there, and what lies between is not.
    repository.git(&["-C", &to, "fetch", "-q", "--depth=1", "origin", "tag", "start"]);
    for range in ["start..HEAD", "start...HEAD", "HEAD~1..HEAD"] {
        let output = repository.try_phone_dir(&["-C", &to, "validate", "--range", range]);
        assert_eq!(output.status.code(), Some(3), "{range}: {}", said(&output));
        assert!(said(&output).contains("fetch-depth: 0"), "{range}: {}", said(&output));
    }
}

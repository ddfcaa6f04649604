//! Merges, with and without conflicts, and the hook that git runs for each.

use crate::hook::fixture::{DIRECTORY, Repository, said};

/// Two branches: `topic` has a directory of its own, `main` another file.
fn diverged(topic: impl Fn(&Repository), main: impl Fn(&Repository)) -> Repository {
    let repository = Repository::hooked();
    repository.git(&["checkout", "-q", "-b", "topic"]);
    topic(&repository);
    repository.git(&["commit", "-q", "--no-verify", "-a", "-m", "topic"]);
    repository.git(&["checkout", "-q", "main"]);
    main(&repository);
    repository.git(&["commit", "-q", "--no-verify", "-a", "-m", "main"]);
    repository
}

fn edit_readme(repository: &Repository) {
    repository.write("README.md", "main\n");
}

#[test]
fn a_clean_merge_that_brings_an_error_is_refused() {
    let repository = diverged(|topic| topic.edit_badly(2), edit_readme);
    let before = repository.head();
    let output = repository.try_git(&["merge", "--no-edit", "topic"]);
    assert!(!output.status.success() && said(&output).contains("total_numbers"), "{}", said(&output));
    assert_eq!(before, repository.head());
}

#[test]
fn a_clean_merge_that_brings_a_good_directory_is_made() {
    let repository = diverged(|topic| topic.edit_well(2), edit_readme);
    repository.git(&["merge", "-q", "--no-edit", "topic"]);
    assert_eq!(repository.git(&["rev-list", "--count", "--merges", "HEAD"]), "1");
}

#[test]
fn a_merge_that_leaves_the_directory_alone_is_not_judged() {
    let repository = diverged(|topic| topic.write("README.md", "one\ntwo\n"), |main| main.edit_badly(2));
    repository.git(&["merge", "-q", "--no-edit", "topic"]);
}

#[test]
fn the_commit_that_resolves_a_conflict_is_judged() {
    let repository = diverged(|topic| topic.edit_well(2), |main| main.edit_well(3));
    assert!(!repository.try_git(&["merge", "-q", "--no-edit", "topic"]).status.success());
    repository.git(&["add", DIRECTORY]);
    let words = repository.refused(&["--no-edit"]);
    assert!(words.contains("conflict"), "{words}");
    repository.edit_badly(4);
    repository.git(&["add", DIRECTORY]);
    repository.refused(&["--no-edit"]);
    repository.edit_well(4);
    repository.git(&["add", DIRECTORY]);
    repository.accepted(&["--no-edit"]);
    assert_eq!(repository.git(&["rev-list", "--count", "--merges", "HEAD"]), "1");
}

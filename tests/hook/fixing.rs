//! `validate --staged --fix`: what is staged is repaired from what is staged, and unstaged edits stay unstaged.

use std::fs;

use crate::hook::fixture::{DIRECTORY, Repository, said};

fn fix(repository: &Repository) -> String {
    let output = repository.try_phone_dir(&["validate", "--staged", "--fix"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    said(&output)
}

#[test]
fn the_index_and_the_working_tree_are_repaired_and_a_second_run_finds_nothing() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    let words = fix(&repository);
    assert!(words.contains("-    \"total_numbers\": 7") && words.contains("+    \"total_numbers\": 0"), "{words}");
    assert_eq!(repository.git(&["diff", "--name-only"]), "");
    assert!(fix(&repository).contains("nothing to fix"));
    repository.accepted(&["-m", "repaired"]);
}

#[test]
fn unstaged_edits_stay_unstaged() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    repository.edit_badly(3);
    repository.write("README.md", "unstaged\n");
    fix(&repository);
    let staged = repository.git(&["show", &format!(":{DIRECTORY}")]);
    assert!(staged.contains("2026-01-02") && staged.contains("\"total_numbers\": 0"), "{staged}");
    let on_disk = repository.read(DIRECTORY);
    assert!(on_disk.contains("2026-01-03") && on_disk.contains("\"total_numbers\": 0"), "{on_disk}");
    assert_eq!(repository.git(&["diff", "--name-only"]), format!("README.md\n{DIRECTORY}"));
    assert_eq!(repository.git(&["diff", "--cached", "--name-only"]), DIRECTORY);
}

#[test]
fn a_file_that_is_broken_on_disk_does_not_keep_the_staged_one_from_being_repaired() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    repository.write(DIRECTORY, "half written {");
    fix(&repository);
    assert_eq!(repository.read(DIRECTORY), "half written {");
    assert!(repository.git(&["show", &format!(":{DIRECTORY}")]).contains("\"total_numbers\": 0"));
}

#[test]
fn a_held_index_lock_is_named_and_nothing_changes() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    let lock = repository.top.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let output = repository.try_phone_dir(&["validate", "--staged", "--fix"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("index.lock"), "{}", said(&output));
    assert!(repository.read(DIRECTORY).contains("\"total_numbers\": 7"));
}

#[test]
fn several_reports_are_written_from_one_run() {
    let repository = Repository::committed();
    repository.edit_badly(2);
    let outputs = ["--output", "sarif=a.sarif", "--output", "markdown=b.md", "--output", "json=c.json"];
    let output = repository.try_phone_dir(&[&["validate"], &outputs[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    for (file, words) in [("a.sarif", "\"2.1.0\""), ("b.md", "## "), ("c.json", "\"format_version\": 1")] {
        assert!(repository.read(file).contains(words), "{file}");
    }
    let slip = repository.try_phone_dir(&["validate", "--output", &format!("json={DIRECTORY}")]);
    assert!(slip.status.code() == Some(2) && repository.read(DIRECTORY).contains("total_numbers"), "{}", said(&slip));
}

#[test]
fn a_report_for_standard_output_is_printed_in_place_of_the_usual_one_and_no_file_is_made() {
    let repository = Repository::committed();
    let printed = repository.try_phone_dir(&["validate", "--output", "json=-", "--output", "markdown=b.md"]);
    let report: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(report["format_version"], 1);
    assert!(repository.root.join("b.md").exists() && !repository.root.join("-").exists());
    for both in [["--json", "--output=sarif=-"].as_slice(), &["--output=json=-", "--output=sarif=-"]] {
        let refused = repository.try_phone_dir(&[&["validate"], both].concat());
        assert_eq!(refused.status.code(), Some(2), "{both:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("one report only"));
    }
}

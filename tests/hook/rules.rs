//! Whose rules judge a commit: those of HEAD, never the commit's own.

use crate::hook::fixture::{Repository, said};

const WEAK: &str = "[rules]\nderived-count = \"warning\"\n";

#[test]
fn a_commit_cannot_switch_off_the_rule_that_it_breaks() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.write("phone-dir.toml", WEAK);
    repository.git(&["add", "-A"]);
    assert!(repository.refused(&["-m", "both at once"]).contains("total_numbers"));
    assert_eq!(repository.try_phone_dir(&["validate", "--staged"]).status.code(), Some(1));
    repository.git(&["commit", "-q", "--no-verify", "-m", "both at once"]);
    assert_eq!(repository.try_phone_dir(&["validate", "--range", "HEAD~1..HEAD"]).status.code(), Some(1));
    assert_eq!(repository.try_phone_dir(&["validate", "--rev", "HEAD"]).status.code(), Some(0), "its own rules");
}

#[test]
fn a_project_that_comes_beside_another_cannot_bring_the_rules_that_judge_it() {
    let repository = Repository::hooked();
    let copied = |place: &str| {
        repository.write(&format!("{place}/phone-dir.toml"), WEAK);
        let mut copy = std::process::Command::new("cp");
        copy.args(["-r", "phone-numbers", place]).current_dir(&repository.root);
        assert!(copy.status().unwrap().success());
    };
    copied("sound");
    repository.git(&["add", "-A"]);
    repository.accepted(&["-m", "a sound project beside the other"]);
    repository.edit_badly(2);
    copied("broken");
    repository.git(&["checkout", "-q", "--", "phone-numbers"]);
    repository.git(&["add", "-A"]);
    assert!(repository.refused(&["-m", "a project of its own rules"]).contains("total_numbers"));
    repository.git(&["commit", "-q", "--no-verify", "-m", "a project of its own rules"]);
    assert_eq!(repository.try_phone_dir(&["validate", "--range", "HEAD~1..HEAD"]).status.code(), Some(1));
}

#[test]
fn a_rule_that_was_changed_before_counts() {
    let repository = Repository::hooked();
    repository.write("phone-dir.toml", WEAK);
    repository.git(&["add", "-A"]);
    let output = repository.try_git(&["commit", "-m", "the rule first"]);
    assert!(output.status.success() && said(&output).contains("from the next commit on"), "{}", said(&output));
    repository.edit_badly(2);
    repository.accepted(&["-a", "-m", "then the change"]);
}

#[test]
fn a_commit_may_mend_the_settings_that_judge_it() {
    let repository = Repository::hooked();
    repository.write("phone-dir.toml", "[rules]\nno-such-rule = \"off\"\n");
    repository.git(&["add", "-A"]);
    repository.refused(&["-m", "broken settings"]);
    repository.git(&["commit", "-q", "--no-verify", "-m", "broken settings"]);
    repository.write("phone-dir.toml", WEAK);
    repository.accepted(&["-a", "-m", "mended"]);
}

#[test]
fn a_name_of_ours_in_other_letters_is_refused() {
    let repository = Repository::hooked();
    for path in [
        "Phone-Numbers/directory.json",
        "agents/Sales/agent.json",
        "agent\u{17f}/x",
        "phone-numbers/Staging/numbers.json",
    ] {
        repository.write("agents/sales/agent.json", "{}");
        repository.write(path, "{}");
        repository.git(&["add", "-A", "-f"]);
        let output = repository.try_phone_dir(&["validate", "--staged"]);
        assert!(said(&output).contains("one name on macOS and Windows"), "{path}: {}", said(&output));
        if path.is_ascii() {
            repository.refused(&["-m", "in other letters"]);
        }
        repository.git(&["reset", "-q", "--hard"]);
    }
}

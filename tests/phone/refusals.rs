//! What is refused: before the first request where it can be known here, and always with the flag that allows it.

use crate::phone::fixture::{LINE, Project, agent, stderr, stdout};

fn update<'a>(extra: &[&'a str]) -> Vec<&'a str> {
    [["phone", "update", LINE, "-w", "production"].as_slice(), extra].concat()
}

/// What becomes of what a rail's flag allows.
enum Allowed {
    Done,
    /// Retell refuses it, and says so.
    RefusedByRetell(&'static str),
}

/// Refused by a rail without a single request, and sent with the flag.
fn assert_rail(extra: &[&str], flag: &str, expected: &Allowed) {
    let project = Project::synced();
    let (code, report) = project.json(&update(extra));
    assert_eq!((code, &report["status"], &report["error"]["allow_flag"]), (2, &"refused".into(), &flag.into()));
    assert!(project.requests().is_empty());
    let allowed = [extra, &[flag]].concat();
    match expected {
        Allowed::Done => assert!(project.done(&update(&allowed)).contains(LINE)),
        Allowed::RefusedByRetell(why) => {
            let said = project.refused(2, &update(&allowed));
            assert!(said.contains(why), "{said}");
        }
    }
    assert_eq!(project.changes_sent(), 1, "{allowed:?}");
    project.assert_in_step();
}

#[test]
fn an_agent_of_the_other_workspace_is_refused() {
    assert_rail(
        &["--inbound-agent", &agent("staging", "survey")],
        "--allow-foreign-agent",
        &Allowed::RefusedByRetell("Cannot find requested asset"),
    );
}

#[test]
fn weights_that_do_not_add_up_are_refused() {
    assert_rail(
        &["--inbound-agent", "agents/survey=0.5,agents/sales-agent=0.4"],
        "--allow-weights",
        &Allowed::RefusedByRetell("total weights must add up to 1"),
    );
}

#[test]
fn unbinding_a_production_number_is_refused() {
    assert_rail(&["--inbound-agent", "none"], "--allow-unbind", &Allowed::Done);
    let project = Project::synced();
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "null", "--outbound-agent", "null"]);
    assert!(project.assignment("staging", LINE).is_null());
    project.assert_in_step();
}

#[test]
fn what_moved_in_retell_is_not_overwritten() {
    let project = Project::synced();
    project.sandbox.reassign("production", LINE, "survey").unwrap();
    let words = update(&["--inbound-agent", "agents/sales-agent"]);
    let said = project.refused(2, &words);
    for part in [
        agent("production", "customer-service"),
        agent("production", "survey"),
        "--overwrite".into(),
        "phone-dir sync --workspace production".into(),
    ] {
        assert!(said.contains(&part), "{part}\n{said}");
    }
    assert_eq!(project.changes_sent(), 0);
    project.done(&[words.as_slice(), &["--overwrite"]].concat());
    project.assert_in_step();
}

#[test]
fn everything_that_can_be_known_here_is_checked_before_the_first_request() {
    let project = Project::synced();
    for (extra, part) in [
        (["--inbound-agent", "agents/sales-agnt"].as_slice(), "the nearest is `agents/sales-agent`"),
        (&["--inbound-agent", "agents/sales-agent=2"], "not a weight"),
        (&["--webhook", "not an address"], "expected an address"),
        (&["--transport", "SCTP"], "TLS"),
        (&["--inbound-version", "3"], "--inbound-agent"),
        (&[], "nothing to change"),
    ] {
        let said = project.refused(2, &update(extra));
        assert!(said.contains(part), "{said}");
    }
    let said = project.refused(2, &["phone", "update", LINE, "-w", "prod", "--inbound-agent", "agents/survey"]);
    assert!(said.contains("unknown workspace `prod`"), "{said}");
    project.write("phone-numbers/production/numbers.json", "{");
    project.refused(2, &update(&["--inbound-agent", "agents/survey"]));
    assert!(project.requests().is_empty());
}

#[test]
fn a_key_that_is_missing_and_a_git_that_is_busy_end_it_before_the_first_request() {
    let project = Project::synced();
    let words = update(&["--inbound-agent", "agents/survey"]);
    let output = project.command(&words).env_remove("RETELL_PRODUCTION_API_KEY").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    project.write(".git/index.lock", "");
    project.refused(2, &words);
    std::fs::remove_file(project.path().join(".git/index.lock")).unwrap();
    project.write(
        "phone-numbers/directory.json",
        &format!(
            "{}\n",
            project
                .git(&["show", "HEAD:phone-numbers/directory.json"])
                .replace("\"notes\": \"\"", "\"notes\": \"mine\"")
        ),
    );
    let said = project.refused(2, &words);
    assert!(said.contains("--allow-dirty"), "{said}");
    assert!(project.requests().is_empty());
    project.done(&[words.as_slice(), &["--allow-dirty"]].concat());
    assert!(project.last_message().contains("phone-numbers/directory.json"));
}

#[test]
fn a_number_that_retell_does_not_have_is_said_to_be_missing_and_where() {
    let project = Project::synced();
    let said = project.refused(2, &["phone", "update", "+13125550107", "-w", "staging", "--nickname", "x"]);
    assert!(said.contains("does not have +13125550107") && said.contains("phone import"), "{said}");
    let said = project.refused(2, &["phone", "delete", "+13125550107", "-w", "staging", "--yes"]);
    assert!(said.contains("does not have +13125550107"), "{said}");
}

/// A made-up key of the form that Retell's have.
const KEY: &str = "key_0123456789abcdef0123456789";

#[test]
fn a_new_value_that_looks_like_a_secret_is_refused_before_the_first_request_and_never_shown() {
    let project = Project::synced();
    let hook = "https://user:made-up@hooks.example.com/calls";
    project.write("list.csv", &format!("phone_number,nickname\n{LINE},Fine\n+14155550103,{KEY}\n"));
    let number = "+13125550107";
    for (words, part) in [
        (update(&["--nickname", KEY]), "`nickname` of +14155550101 would hold what looks like a Retell API key"),
        (update(&["--webhook", hook]), "an address with a password"),
        (vec!["phone", "import", number, "sip.example.com", "-w", "staging", "--nickname", KEY], "`nickname`"),
        (vec!["bulk-assign", "list.csv", "-w", "production", "--yes"], "line 3: +14155550103 (production): `nickname`"),
        (update(&["--nickname", KEY, "--dry-run"]), "`nickname`"),
    ] {
        let output = project.run(&words);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(2), "{words:?}\n{said}");
        assert!(said.contains(part) && said.contains("waive the rule `secret`"), "{said}");
        assert!(!said.contains(KEY) && !said.contains("made-up"), "{said}");
    }
    assert!(project.requests().is_empty());
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "");
}

#[test]
fn a_secret_that_somebody_else_typed_at_retell_is_not_written_down_along_with_a_change() {
    let project = Project::synced();
    let words = ["phone", "update", LINE, "-w", "production", "--nickname", KEY, "--no-commit"];
    let settings = format!(
        "[[waivers]]\nrule = \"secret\"\nphone_number = \"{LINE}\"\nreason = \"made up\"\nexpires = \"2026-12-31\"\n"
    );
    project.write("phone-dir.toml", &settings);
    project.done(&words);
    std::fs::remove_file(project.path().join("phone-dir.toml")).unwrap();
    project.git(&["checkout", "--", "phone-numbers"]);
    project.sandbox.clear_requests();
    let said = project.refused(2, &update(&["--inbound-agent", "agents/survey"]));
    assert!(said.contains(&format!("{LINE} (production): `nickname` holds a Retell API key")), "{said}");
    assert!(!said.contains(KEY), "{said}");
    assert_eq!(project.changes_sent(), 0);
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "");
}

//! Pools end to end: made, filled, asked, taken from and given back to, over git and the sandbox.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::fixture::{LINE, Project, stdout};

/// Numbers of staging that nothing answers.
const FREE: [&str; 2] = ["+14155550110", "+16505550114"];
/// One that only SMS agents answer, one that a webhook answers, and one that no workspace has.
const OTHERS: [&str; 3] = ["+16465550109", "+13125550108", "+13125550107"];

/// A project with a pool of staging.
fn with_pool() -> Project {
    let project = Project::synced();
    project.done(&[
        "pools",
        "create",
        "sales",
        "--purpose",
        "campaigns",
        "--owner",
        "team-sales",
        "--workspace",
        "staging",
    ]);
    let numbers: Vec<_> = FREE.iter().chain(&OTHERS).chain([&LINE]).copied().collect();
    project.done(&[&["pools", "add", "sales"], numbers.as_slice()].concat());
    project.sandbox.clear_requests();
    project
}

fn counts(project: &Project) -> Value {
    let (code, answer) = project.json(&["pools", "sales"]);
    assert_eq!(code, 0);
    let keys = ["total", "in_service", "free", "reserved", "quarantine", "not_imported"];
    keys.iter().map(|key| answer["pools"][0][key].clone()).collect()
}

#[test]
fn a_pool_counts_what_answers_what_is_free_and_what_is_only_provisioned() {
    let project = with_pool();
    assert_eq!(counts(&project), json!([6, 3, 2, 0, 0, 1]));
    assert_eq!(project.done(&["search", "--pool", "sales", "-w", "staging", "--count"]), "5\n");
    assert_eq!(project.done(&["list", "--pool", "sales", "--unassigned", "-w", "production", "--count"]), "1\n");
    assert!(project.refused(2, &["list", "--pool", "sale"]).contains("the pools here are `sales`"));
    assert_eq!(project.requests(), [] as [&str; 0]);
    assert!(project.last_message().starts_with("phone-dir: pools add sales (6 numbers)\n"));
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "");
}

#[test]
fn an_allocation_binds_what_is_free_and_a_release_lets_it_rest() {
    let project = with_pool();
    let allocate = ["pools", "allocate", "sales", "--agent", "agents/survey", "--for", "campaign 12"];
    project.done(&[&allocate[..], &["--dry-run"]].concat());
    assert_eq!(project.changes_sent(), 0);
    let before = project.commits();
    project.done(&[&allocate[..], &["--yes"]].concat());
    assert_eq!((project.commits(), project.changes_sent()), (before + 1, 1));
    assert_eq!(project.assignment("staging", FREE[0])["agent_path"], "agents/survey");
    assert_eq!(project.file("phone-numbers/pools.json")["members"][FREE[0]]["for"], "campaign 12");
    assert_eq!(counts(&project), json!([6, 4, 1, 0, 0, 1]));
    project.done(&["pools", "release", FREE[0], "-w", "staging", "--yes"]);
    let member = &project.file("phone-numbers/pools.json")["members"][FREE[0]];
    assert_eq!((&member["state"], &member["until"]), (&json!("quarantine"), &json!("2026-03-31")));
    assert_eq!(project.assignment("staging", FREE[0]), Value::Null);
    assert_eq!(counts(&project), json!([6, 3, 1, 0, 1, 1]));
    project.assert_in_step();
}

#[test]
fn a_number_that_was_used_is_taken_after_one_that_never_was() {
    let project = with_pool();
    project.done(&["pools", "edit", "sales", "--rest", "0d"]);
    project.done(&["pools", "allocate", "sales", "--agent", "agents/survey", "--yes"]);
    project.done(&["pools", "release", FREE[0], "--yes"]);
    let (code, answer) =
        project.json(&["pools", "allocate", "sales", "--inbound-agent", "agents/survey", "--explain", "--dry-run"]);
    let taken: Vec<_> = answer["changes"].as_array().unwrap().iter().map(|change| &change["phone_number"]).collect();
    assert_eq!((code, taken), (0, vec![&json!(FREE[1])]), "{answer:#}");
    assert!(answer["notices"].to_string().contains("2. +14155550110 free since 2026-03-01T12:00:00Z"), "{answer:#}");
}

#[test]
fn too_few_free_numbers_change_nothing_and_say_why() {
    let project = with_pool();
    project.done(&["pools", "reserve", FREE[1], "--until", "2026-12-24", "--for", "campaign 13"]);
    let (before, words) =
        (project.commits(), ["pools", "allocate", "sales", "--agent", "agents/survey", "--count", "2", "--yes"]);
    let output = project.run(&words);
    assert_eq!(output.status.code(), Some(1));
    for why in ["1 of the 6 numbers", "1 not imported", "1 with a webhook", "1 with an SMS agent", "1 reserved"] {
        assert!(stdout(&output).contains(why), "{}", stdout(&output));
    }
    assert_eq!((project.commits(), project.changes_sent()), (before, 0));
    project.done(&[&words[..], &["--partial"]].concat());
    assert_eq!(project.changes_sent(), 1);
}

#[test]
fn two_clones_choose_the_same_number_and_the_second_is_told_that_it_is_taken() {
    let project = with_pool();
    let folder = TempDir::new().unwrap();
    let clone = folder.path().join("clone").to_str().unwrap().to_owned();
    project.git(&["clone", "--quiet", ".", &clone]);
    let words = ["pools", "allocate", "sales", "--agent", "agents/survey"];
    let there = |more: &'static str| [&["-C", clone.as_str()], &words[..], &[more]].concat();
    let (_, here) = project.json(&[&words[..], &["--dry-run"]].concat());
    let (_, elsewhere) = project.json(&there("--dry-run"));
    assert_eq!(here["changes"], elsewhere["changes"]);
    project.done(&[&words[..], &["--yes"]].concat());
    let said = project.refused(2, &there("--yes"));
    assert!(said.contains("+14155550110") && said.contains("is taken: Retell has it with a voice agent"), "{said}");
    assert_eq!(project.changes_sent(), 1);
}

#[test]
fn what_is_wrong_with_a_pool_is_said() {
    let project = with_pool();
    let errors: [(&[&str], &str); 9] = [
        (&["pools", "nosuch"], "there is no pool `nosuch`"),
        (&["pools", "create", "sales", "--purpose", "x"], "there is a pool `sales` already"),
        (&["pools", "create", "a b", "--purpose", "x"], "`a b` is no name"),
        (&["pools", "create", "eu", "--purpose", "x", "-w", "moon"], "unknown workspace `moon`"),
        (&["pools", "add", "sales", "+19995550100"], "not in the directory"),
        (&["pools", "delete", "sales"], "the pool `sales` has 6 numbers"),
        (&["pools", "release", "+14155550102"], "is not in a pool"),
        (&["pools", "reserve", LINE, "--until", "2026-02-28", "--for", "x"], "is over"),
        (&["pools", "allocate", "sales", "--agent", "none", "--yes"], "needs an agent"),
    ];
    let before = project.commits();
    for (words, error) in errors {
        let said = project.refused(2, words);
        assert!(said.contains(error), "{words:?}: {said}");
    }
    project.done(&["pools", "create", "support", "--purpose", "help"]);
    assert!(project.refused(2, &["pools", "add", "support", LINE]).contains("is in the pool `sales`"));
    assert_eq!(project.commits(), before + 1);
}

#[test]
fn history_and_diffs_tell_what_became_of_pools_and_of_their_numbers() {
    let project = with_pool();
    project.done(&["pools", "reserve", FREE[1], "--until", "2026-12-24", "--for", "campaign 13"]);
    project.done(&["pools", "edit", "sales", "--purpose", "other campaigns", "--rest", "14d"]);
    let told = project.done(&["history"]);
    for line in [
        "pool sales created",
        "pool sales changed purpose, quarantine",
        "+14155550110 added to pool sales",
        "+16505550114 reserved until 2026-12-24",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("campaign 13"), "what people typed stands in the file: {told}");
    let (_, answer) = project.json(&["history", FREE[1], "--limit", "1"]);
    let commit = &answer["commits"][0];
    assert_eq!(commit["changes"][0]["fields"][0], json!({"field": "pool_state", "from": null, "to": "reserved"}));
    assert_eq!(commit.get("pools"), None, "a pool is of no number: {commit:#}");
    let (_, answer) = project.json(&["diff", "HEAD~4", "HEAD"]);
    assert_eq!(
        (&answer["pools"][0]["kind"], &answer["pools"][0]["to"]["owner"]),
        (&json!("created"), &json!("team-sales"))
    );
    let of_number = answer["changes"].as_array().unwrap().iter().find(|change| change["phone_number"] == FREE[0]);
    let field = json!({"field": "pool", "from": null, "to": "sales"});
    assert_eq!((&of_number.unwrap()["kind"], &of_number.unwrap()["fields"][0]), (&json!("updated"), &field));
    let comment = project.done(&["diff", "HEAD~2", "HEAD", "--format", "markdown"]);
    assert!(comment.contains("#### Pools") && comment.contains("`pool_state`: none → `reserved`"), "{comment}");
    assert!(project.done(&["blame", FREE[1]]).contains("pool_state"));
    assert!(project.done(&["history", "--format", "csv"]).contains(",,,created,pool,,sales\n"));
}

#[test]
fn a_release_of_a_free_number_says_in_its_commit_that_the_number_rests() {
    let project = with_pool();
    project.done(&["pools", "release", FREE[0], "-w", "staging", "--yes"]);
    assert_eq!(project.changes_sent(), 0);
    let message = project.last_message();
    assert!(message.contains("+14155550110 in quarantine until 2026-03-31\n"), "{message}");
    assert!(!message.contains("derived data only"), "{message}");
}

#[test]
fn an_allocation_as_a_plan_changes_nothing_before_it_is_applied_and_is_stale_once_the_number_is_taken() {
    let project = with_pool();
    let folder = TempDir::new().unwrap();
    let plan = |agent: &str| {
        let file = folder.path().join(format!("{agent}.json")).to_str().unwrap().to_owned();
        project.done(&["pools", "allocate", "sales", "--agent", &format!("agents/{agent}"), "--plan", &file]);
        file
    };
    let (survey, other) = (plan("survey"), plan("sales-agent"));
    assert_eq!(project.changes_sent(), 0);
    project.done(&["apply", &survey, "--yes"]);
    assert_eq!(project.assignment("staging", FREE[0])["agent_path"], "agents/survey");
    let output = project.run(&["apply", &other, "--yes"]);
    assert_eq!((output.status.code(), project.changes_sent()), (Some(2), 1), "{}", stdout(&output));
}

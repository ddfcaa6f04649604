//! `promote`: production means to do what staging does.

use crate::phone::fixture::{LINE, Project, agent, stderr, stdout};

#[test]
fn a_number_is_promoted_with_the_agents_of_production() {
    let project = Project::synced();
    let staging = [
        "phone",
        "update",
        LINE,
        "-w",
        "staging",
        "--inbound-agent",
        "agents/survey@prod=0.75,agents/sales-agent=0.25",
    ];
    project.done(&staging);
    let words = ["promote", LINE, "--from", "staging", "--to", "production"];
    let output = project.run(&words);
    assert_eq!(output.status.code(), Some(2), "it asks first");
    assert!(stdout(&output).contains("Would change: 1 reassigned") && stderr(&output).contains("--yes"));
    project.done(&[words.as_slice(), &["--yes"]].concat());
    let inbound = &project.assignment("production", LINE)["inbound_agents"];
    assert_eq!(inbound[0]["agent_id"], agent("production", "survey"));
    assert_eq!((&inbound[0]["agent_version"], &inbound[0]["weight"]), (&"prod".into(), &0.75.into()));
    assert!(project.last_message().contains("Phone-Dir-Source: promote --from staging --to production"));
    let (_, diff) = project.json(&["diff", "staging", "production"]);
    assert!(diff["changes"].as_array().unwrap().iter().all(|change| change["phone_number"] != LINE), "{diff:#}");
    project.assert_in_step();
}

#[test]
fn everything_is_promoted_but_what_cannot_be_which_is_named_first() {
    let project = Project::synced();
    let words = ["promote", "--all", "--from", "staging", "--to", "production"];
    let output = project.run(&words);
    let preview = stdout(&output);
    assert!(preview.contains("Cannot be done") && preview.contains("`production` has not imported it"), "{preview}");
    assert_eq!(project.changes_sent(), 0);
    let (code, report) = project.json(&[words.as_slice(), &["--yes"]].concat());
    assert_eq!((code, &report["status"]), (1, &"success".into()), "{report:#}");
    assert!(report["findings"].as_array().unwrap().iter().any(|it| it["phone_number"] == "+12125550106"));
    let (_, diff) = project.json(&["diff", "staging", "production"]);
    let kinds: Vec<_> = diff["changes"].as_array().unwrap().iter().map(|change| change["kind"].clone()).collect();
    assert!(kinds.iter().all(|kind| kind == "only-in-from"), "{diff:#}");
    project.assert_in_step();
    let sent = project.changes_sent();
    let (code, report) = project.json(&[words.as_slice(), &["--yes"]].concat());
    assert_eq!((code, &report["status"]), (1, &"unchanged".into()), "{report:#}");
    assert_eq!(project.changes_sent(), sent, "a second run has nothing left to do");
}

#[test]
fn the_numbers_of_one_agent_can_be_promoted() {
    let project = Project::synced();
    project.done(&["promote", "--agent", "agents/support-tier2", "--from", "staging", "--to", "production", "--yes"]);
    assert_eq!(project.assignment("production", "+14155550104")["agent_path"], "agents/support-tier2");
    assert_eq!(project.changes_sent(), 1);
    project.assert_in_step();
}

#[test]
fn a_named_number_that_cannot_be_promoted_in_full_ends_it_before_any_request() {
    let project = Project::synced();
    let promote =
        |number: &str| project.refused(2, &["promote", number, "--from", "staging", "--to", "production", "--yes"]);
    assert!(promote("+12125550106").contains("`production` has not imported it"));
    assert!(promote("+13125550107").contains("`staging` has not imported it"));
    std::fs::remove_file(project.path().join("agents/survey/production.json")).unwrap();
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/survey"]);
    project.sandbox.clear_requests();
    assert!(promote(LINE).contains("`agents/survey` has no agent id in `production`"));
    assert!(project.requests().is_empty());
}

#[test]
fn promoting_silence_needs_the_flag_of_unbinding() {
    let project = Project::synced();
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "none", "--outbound-agent", "none"]);
    let words = ["promote", LINE, "--from", "staging", "--to", "production", "--yes"];
    let (code, report) = project.json(&words);
    assert_eq!((code, &report["error"]["allow_flag"]), (2, &"--allow-unbind".into()));
    project.done(&[words.as_slice(), &["--allow-unbind"]].concat());
    assert!(project.assignment("production", LINE).is_null());
}

#[test]
fn a_versions_number_is_not_carried_over_because_each_workspace_counts_its_own() {
    let project = Project::synced();
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/survey@3"]);
    project.sandbox.clear_requests();
    let words = ["promote", LINE, "--from", "staging", "--to", "production", "--yes"];
    let said = project.refused(2, &words);
    assert!(said.contains("version 3 of `agents/survey` is one of `staging`"), "{said}");
    assert!(said.contains("`--agent-version`") && project.requests().is_empty(), "{said}");
    project.done(&[words.as_slice(), &["--agent-version", "latest_published"]].concat());
    let inbound = &project.assignment("production", LINE)["inbound_agents"][0];
    assert_eq!(
        (&inbound["agent_id"], &inbound["agent_version"]),
        (&agent("production", "survey").into(), &"latest_published".into())
    );
    project.assert_in_step();
}

#[test]
fn a_version_that_both_sides_have_stands_in_the_way_of_nothing_else() {
    let project = Project::synced();
    for workspace in ["staging", "production"] {
        project.done(&["phone", "update", LINE, "-w", workspace, "--inbound-agent", "agents/survey@3"]);
    }
    project.done(&["phone", "update", LINE, "-w", "staging", "--webhook", "https://hooks.example.com/calls"]);
    project.done(&["promote", LINE, "--from", "staging", "--to", "production", "--yes"]);
    assert_eq!(project.registered("production", LINE)["inbound_webhook_url"], "https://hooks.example.com/calls");
    assert_eq!(project.assignment("production", LINE)["inbound_agents"][0]["agent_version"], 3);
}

#[test]
fn what_a_promotion_clears_is_said_and_agents_alone_leave_it() {
    let project = Project::synced();
    let hook = "https://hooks.example.com/in";
    project.done(&["phone", "update", LINE, "-w", "production", "--webhook", hook]);
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/survey"]);
    let words = ["promote", LINE, "--from", "staging", "--to", "production"];
    let preview = stdout(&project.run(&[words.as_slice(), &["--dry-run"]].concat()));
    assert!(preview.contains("Would be cleared (`--agents-only` leaves"), "{preview}");
    assert!(preview.contains(&format!("{LINE} `inbound_webhook_url`, which is `{hook}`")), "{preview}");
    project.done(&[words.as_slice(), &["--agents-only", "--yes"]].concat());
    assert_eq!(project.registered("production", LINE)["inbound_webhook_url"], hook);
    assert_eq!(project.assignment("production", LINE)["inbound_agent_id"], agent("production", "survey"));
    project.done(&[words.as_slice(), &["--yes"]].concat());
    assert!(project.registered("production", LINE)["inbound_webhook_url"].is_null());
}

//! `bulk-assign` and `bulk-import`: all rows checked first, then a few requests at a time, then one commit.

use std::process::Stdio;
use std::time::Duration;

use phone_dir::sandbox::SandboxOptions;

use crate::phone::fixture::{LINE, Project, agent, stderr, stdout};

const LIST: &str = "phone_number,workspace,inbound_agent,nickname\n\
    +14155550101,production,agents/survey,\n\
    +14155550103,production,agents/sales-agent@3,Support\n\
    +14155550104,staging,none,\n";

#[test]
fn a_list_is_applied_as_one_commit_with_a_result_per_row() {
    let project = Project::synced();
    let commits = project.commits();
    project.write("list.csv", LIST);
    let (code, report) = project.json(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!((code, &report["status"]), (0, &"success".into()), "{report:#}");
    let rows: Vec<_> =
        report["rows"].as_array().unwrap().iter().map(|row| (row["line"].clone(), row["status"].clone())).collect();
    assert_eq!(rows, [(2.into(), "changed".into()), (3.into(), "changed".into()), (4.into(), "changed".into())]);
    assert_eq!((project.changes_sent(), project.commits()), (3, commits + 1));
    assert_eq!(project.assignment("production", "+14155550103")["inbound_agents"][0]["agent_version"], 3);
    assert_eq!(project.registered("production", "+14155550103")["nickname"], "Support");
    assert!(project.assignment("staging", "+14155550104").is_null());
    assert!(
        project.last_message().starts_with("phone-dir: assign staging, production (1 unassigned, 2 reassigned)"),
        "{}",
        project.last_message()
    );
    project.assert_in_step();

    let again = project.json(&["bulk-assign", "list.csv", "--yes"]).1;
    assert_eq!((&again["status"], project.changes_sent()), (&"unchanged".into(), 3));
}

#[test]
fn a_list_may_be_json_and_come_from_standard_input() {
    let project = Project::synced();
    let list = r#"[{"phone_number": "+14155550104", "agent": null}, {"phone_number": "+14155550101", "agent": "agents/survey"}]"#;
    let output = project.run_with_input(&["bulk-assign", "-", "-w", "staging", "--yes"], list);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(project.assignment("staging", LINE)["outbound_agent_id"], agent("staging", "survey"));
    project.assert_in_step();
}

#[test]
fn without_a_terminal_the_changes_are_shown_and_nothing_is_done() {
    let project = Project::synced();
    project.write("list.csv", LIST);
    for (extra, code) in [("--quiet", 2), ("--dry-run", 0)] {
        let output = project.run(&["bulk-assign", "list.csv", extra]);
        assert_eq!(output.status.code(), Some(code));
        assert!(stdout(&output).contains("Would change: 1 unassigned, 2 reassigned"), "{}", stdout(&output));
    }
    assert_eq!(project.changes_sent(), 0);
}

#[test]
fn every_rows_error_is_named_with_its_line_before_the_first_request() {
    let project = Project::synced();
    project.write(
        "list.csv",
        "phone_number,workspace,agent\n\
         +14155550101,production,agents/surve\n\
         4155550199,production,agents/survey\n\
         +14155550103,prod,agents/survey\n\
         +14155550104,production,agents/survey\n\
         +14155550104,production,agents/sales-agent\n\
         +12125550105,,agents/survey\n\
         +13125550108,production,\n\
         +13125550107,production,agents/survey\n\
         +14155550198,production,agents/survey\n\
         +14155550103,production,none\n\
         +14155550102,production\n",
    );
    let said = project.refused(2, &["bulk-assign", "list.csv", "--yes"]);
    for part in [
        "10 of 11 changes",
        "line 2: there is no agent `agents/surve`; the nearest is `agents/survey`",
        "line 3: number `4155550199` is not in the directory; the nearest are ",
        "line 4: unknown workspace `prod`; there are `staging`, `production`",
        "line 6: +14155550104 is in the list twice",
        "line 7: the row names no workspace; fill the column `workspace`, or give `--workspace`",
        "line 8: the row asks for nothing",
        "line 9: +13125550107 is not imported in `production`",
        "line 10: number `+14155550198` is not in the directory; the nearest are ",
        "line 11: +14155550103 (production): this would unbind +14155550103 in `production`",
        "line 12: the row has 2 cells, the header 3",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    project.write("list.csv", "phone_number,inbound_agnt\n");
    let said = project.refused(2, &["bulk-assign", "list.csv", "--yes"]);
    assert!(said.contains("line 1: unknown column `inbound_agnt`; the nearest is `inbound_agent`"), "{said}");
    assert!(project.requests().is_empty());
}

#[test]
fn an_open_quote_or_a_key_that_is_there_twice_is_refused_before_the_first_request() {
    let project = Project::synced();
    project.write(
        "list.csv",
        "phone_number,workspace,nickname\n+14155550101,staging,\"Front desk\n+14155550102,staging,Other\n",
    );
    let said = project.refused(2, &["bulk-assign", "list.csv", "--yes"]);
    assert!(said.contains("line 2: a quote opens that does not close on its line"), "{said}");
    let row = r#"{"phone_number": "+14155550101", "workspace": "staging", "nickname": "Front", "nickname": "Back"}"#;
    project.write("list.json", &format!("[\n{row}]"));
    let said = project.refused(2, &["bulk-assign", "list.json", "--yes"]);
    assert!(said.contains("line 2: row 1 has the key `nickname` twice"), "{said}");
    assert!(project.requests().is_empty());
}

#[test]
fn rows_are_counted_and_not_errors_or_lines() {
    let project = Project::synced();
    let list = r#"[{"phone_number": "+14155550101", "agent": 1}, {"phone_number": "+14155550102", "agent": null},
        {"phone_number": "+14155550103", "nickname": "Support"}]"#;
    project.write("list.json", list);
    let said = project.refused(2, &["bulk-assign", "list.json", "-w", "staging", "--yes"]);
    assert!(said.contains("1 of 3 changes"), "{said}");
    project.write("list.csv", "phone_number,termination_uri,password_env\n+13125550107,sip.example,X\n4155550199,,\n");
    let said = project.refused(2, &["bulk-import", "list.csv", "-w", "staging", "--yes"]);
    assert!(said.contains("2 of 2 changes") && said.contains("line 2: a password needs"), "{said}");
    assert!(said.contains("line 3: `4155550199` is not a number"), "{said}");
    assert!(project.requests().is_empty());
}

#[test]
fn numbers_stand_in_rows_as_people_write_them() {
    let project = Project::synced();
    project.write("list.csv", "phone_number,nickname\n(415) 555-0101,Front\n4155550102,Back\n");
    project.done(&["bulk-assign", "list.csv", "-w", "staging", "--yes"]);
    assert_eq!(project.registered("staging", LINE)["nickname"], "Front");
    assert_eq!(project.registered("staging", "+14155550102")["nickname"], "Back");
    project.write("list.csv", "phone_number,nickname\n(415) 555-0101,Front\n+14155550101,Back\n");
    let said = project.refused(2, &["bulk-assign", "list.csv", "-w", "staging", "--yes"]);
    assert!(said.contains("line 3: +14155550101 is in the list twice"), "{said}");
}

#[test]
fn one_row_that_moved_or_needs_a_flag_stops_the_whole_list() {
    let project = Project::synced();
    project.write("list.csv", LIST);
    project.sandbox.reassign("production", "+14155550103", "survey").unwrap();
    let (code, report) = project.json(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!((code, &report["error"]["allow_flag"]), (2, &"--overwrite".into()));
    assert!(report["error"]["message"].as_str().unwrap().contains("line 3: +14155550103 (production)"));
    project.write("list.csv", "phone_number,workspace,agent\n+14155550101,production,none\n");
    let (code, report) = project.json(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!((code, &report["error"]["allow_flag"]), (2, &"--allow-unbind".into()));
    assert_eq!(project.changes_sent(), 0);
}

#[test]
fn a_row_that_fails_is_reported_and_the_others_are_done_and_committed() {
    let project = Project::synced();
    let commits = project.commits();
    project.write("list.csv", LIST);
    project.sandbox.add_fault("status:400,path=/update-phone-number/+14155550103".parse().unwrap());
    let (code, report) = project.json(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!((code, &report["status"], &report["rows"][1]["status"]), (2, &"failed".into(), &"failed".into()));
    assert_eq!(project.commits(), commits + 1);
    project.sandbox.clear_faults();
    assert_eq!(project.changes_sent(), 3);
    project.done(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!(project.changes_sent(), 4, "only what is left is sent");
    project.assert_in_step();
}

#[test]
fn answers_that_cannot_be_read_back_are_written_down_and_the_end_is_incomplete() {
    let project = Project::synced();
    project.write("list.csv", LIST);
    project.sandbox.add_fault("html,path=list-phone-numbers,from=3".parse().unwrap());
    let (code, report) = project.json(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!((code, &report["status"]), (3, &"incomplete".into()), "{report:#}");
    assert!(project.last_message().contains("Phone-Dir-Status: incomplete"));
    project.sandbox.clear_faults();
    project.assert_in_step();
}

#[test]
fn one_agents_numbers_are_given_to_another_with_their_shares() {
    let project = Project::synced();
    let words = ["bulk-assign", "--from-agent", "agents/sales-agent", "--to-agent", "agents/survey", "--yes"];
    project.done(&words);
    for workspace in ["staging", "production"] {
        let assignment = project.assignment(workspace, "+14155550102");
        assert_eq!(assignment["inbound_agents"][0]["agent_id"], agent(workspace, "survey"));
        assert_eq!(
            (&assignment["inbound_agents"][0]["weight"], &assignment["agent_path"]),
            (&0.8.into(), &"agents/survey".into())
        );
    }
    assert_eq!(project.done(&["agent-numbers", "agents/sales-agent", "--json"]).trim(), "[]");
    project.assert_in_step();
    assert_eq!(project.json(&words).1["status"], "unchanged");
}

#[test]
fn an_agent_that_nobody_knows_has_no_numbers_to_give_and_is_refused_with_the_nearest() {
    let project = Project::synced();
    for typo in ["agents/surve", "surve"] {
        let said = project.refused(2, &["bulk-assign", "--from-agent", typo, "--to-agent", "agents/survey", "--yes"]);
        assert!(
            said.contains(&format!("no agent `{typo}`")) && said.contains("the nearest is `agents/survey`"),
            "{said}"
        );
    }
    assert!(project.requests().is_empty());
}

#[test]
fn the_agent_that_goes_may_be_given_by_its_folders_name_and_by_its_id_in_one_workspace() {
    let project = Project::synced();
    let give =
        |from: &str| project.done(&["bulk-assign", "--from-agent", from, "--to-agent", "agents/survey", "--yes"]);
    let bound = |workspace| project.assignment(workspace, "+14155550102")["inbound_agents"][0]["agent_id"].clone();
    give(&agent("staging", "sales-agent"));
    assert_eq!(
        (bound("staging"), bound("production")),
        (agent("staging", "survey").into(), agent("production", "sales-agent").into())
    );
    give(&agent("staging", "sales-agent"));
    assert_eq!(bound("production"), agent("production", "sales-agent"), "an id is of one workspace");
    give("sales-agent");
    assert_eq!(bound("production"), agent("production", "survey"));
}

#[test]
fn numbers_are_imported_from_a_list_with_passwords_from_the_environment() {
    let project = Project::synced();
    project.write(
        "list.csv",
        "phone_number,termination_uri,username,password_env,agent\n\
         +13125550107,main-retell.pstn.twilio.com,retell_user,TRUNK_PASSWORD,agents/survey\n\
         +442079460999,sip.carrier.example,,,\n",
    );
    let words = ["bulk-import", "list.csv", "--workspace", "production", "--yes"];
    let said = project.refused(2, &words);
    assert!(said.contains("line 2: the environment variable `TRUNK_PASSWORD` is not set"), "{said}");
    assert!(project.requests().is_empty());
    let output = project.command(&words).env("TRUNK_PASSWORD", "made-up").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("2 imported"), "{}", stdout(&output));
    assert_eq!(project.assignment("production", "+13125550107")["agent_path"], "agents/survey");
    assert_eq!(project.file("phone-numbers/directory.json")["numbers"]["+442079460999"]["provider"], "custom");
    project.assert_in_step();

    project.write("list.csv", "phone_number,termination_uri,password\n");
    let said = project.refused(2, &words);
    assert!(said.contains("`password_env`"), "{said}");
}

#[test]
fn eight_requests_are_under_way_at_a_time_and_each_number_is_sent_once() {
    let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
    let project = Project::with(options);
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    project.done(&["bulk-assign", "list.csv", "-w", "production", "--yes"]);
    assert_eq!((project.changes_sent(), project.sandbox.max_concurrency()), (rows, 8));
}

#[test]
fn ctrl_c_ends_it_after_what_is_under_way_and_the_next_run_does_the_rest() {
    let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
    let project = Project::with(options);
    let commits = project.commits();
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    let words = ["bulk-assign", "list.csv", "-w", "production", "--yes", "--json"];
    let child = project.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while project.changes_sent() < 10 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let sent = project.changes_sent();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(
        sent < rows && stderr(&output).contains(&format!("interrupted: {} of {rows}", rows - sent)),
        "{}",
        stderr(&output)
    );
    assert_eq!(
        (project.commits(), project.git(&["status", "--porcelain", "phone-numbers"])),
        (commits + 1, String::new())
    );
    project.done(&["bulk-assign", "list.csv", "-w", "production", "--yes"]);
    assert_eq!(project.changes_sent(), rows, "each number is sent once");
    std::fs::remove_file(project.path().join("list.csv")).unwrap();
    project.assert_in_step();
}

#[cfg(unix)]
#[test]
fn kill_and_a_terminal_that_goes_away_end_it_as_ctrl_c_does() {
    // Started by `nohup`, these tests hand on that a terminal that goes away ends nothing.
    let signals =
        if phone_dir::providers::interruption::ignores_hangup() { &["-TERM"][..] } else { &["-TERM", "-HUP"] };
    for signal in signals {
        let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
        let project = Project::with(options);
        let commits = project.commits();
        let (list, rows) = project.everything();
        project.write("list.csv", &list);
        let words = ["bulk-assign", "list.csv", "-w", "production", "--yes"];
        let child = project.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while project.changes_sent() < 10 {
            std::thread::sleep(Duration::from_millis(2));
        }
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args([*signal, &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let sent = project.changes_sent();
        assert_eq!(output.status.code(), Some(3), "{signal}: {}", stderr(&output));
        assert!(stderr(&output).contains(&format!("interrupted: {} of {rows}", rows - sent)), "{}", stderr(&output));
        assert_eq!(project.commits(), commits + 1, "{signal}: what was done is one commit");
        let (_, status) = project.json(&["status"]);
        assert_eq!(status["open_requests"], serde_json::json!([]), "{signal}: everything that was sent is known");
        project.done(&words);
        assert_eq!(project.changes_sent(), rows, "{signal}: each number is sent once");
    }
}

#[test]
fn what_a_killed_run_asked_is_told_until_a_sync_has_seen_the_numbers() {
    let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
    let project = Project::with(options);
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    let words = ["bulk-assign", "list.csv", "-w", "production", "--yes"];
    let mut child = project.command(&words).stdout(Stdio::null()).spawn().unwrap();
    while project.changes_sent() < 1 {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let open = |status: &serde_json::Value| {
        let of = &status["open_requests"][0];
        (of["source"].clone(), of["workspace"].clone(), of["phone_numbers"].as_array().map_or(0, Vec::len))
    };
    for command in [["fmt"].as_slice(), &["sync", "-w", "staging"]] {
        let output = project.run(command);
        let told = stderr(&output);
        assert!(told.contains("it is unknown whether Retell made the changes"), "{command:?}: {told}");
        assert!(told.contains("phone-dir sync -w production"), "{command:?}: {told}");
        let (_, status) = project.json(&["status"]);
        assert_eq!(open(&status), ("bulk-assign".into(), "production".into(), rows), "{command:?}: {status:#}");
    }
    assert!(project.done(&["status"]).contains("Open at Retell"));
    project.done(&["sync", "--all", "--dry-run"]);
    assert!(project.done(&["status"]).contains("Open at Retell"), "a dry run settles nothing");
    project.done(&["sync", "-w", "production"]);
    assert!(!project.done(&["status"]).contains("Open at Retell"));
    assert!(!stderr(&project.run(&["fmt"])).contains("unknown"));
}

#[test]
fn a_run_that_is_killed_is_put_right_by_the_next_sync() {
    let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
    let project = Project::with(options);
    let (list, _) = project.everything();
    project.write("list.csv", &list);
    let mut child = project
        .command(&["bulk-assign", "list.csv", "-w", "production", "--yes"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while project.changes_sent() < 20 {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let out = project.done(&["sync", "--all"]);
    assert!(out.contains("reassigned"), "{out}");
    std::fs::remove_file(project.path().join("list.csv")).unwrap();
    project.assert_in_step();
}

#[test]
fn an_agent_that_is_to_come_has_to_be_one_although_no_number_would_get_it() {
    let project = Project::synced();
    project.write_json("agents/idle/agent.json", &serde_json::json!({"agent_name": "Idle"}));
    project.write_json("agents/idle/staging.json", &serde_json::json!({"agent_id": "agent_idle"}));
    let give = |to: &'static str| ["bulk-assign", "--from-agent", "agents/idle", "--to-agent", to, "--yes"];
    for (typo, said) in [
        ("agents/sales-agnt", "the nearest is `agents/sales-agent`"),
        ("sales agent of old", "`staging` has `agents/sales-agent`"),
        ("agent_nobody_knows", "no agent `agent_nobody_knows`"),
        ("none", "exactly one agent"),
    ] {
        let error = project.refused(2, &give(typo));
        assert!(error.contains(said), "{typo}: {error}");
    }
    assert!(project.requests().is_empty());
    assert!(project.done(&give("agents/sales-agent")).contains("Nothing"));
}

#[test]
fn what_listings_print_comes_back_and_asks_for_nothing() {
    let project = Project::synced();
    let before = project.commits();
    for words in [
        &["list", "--format", "csv"][..],
        &["list", "--format", "csv", "--columns", "all"],
        &["list", "--json"],
        &["list", "--format", "jsonl", "--columns", "all"],
        &["report", "--format", "csv"],
        &["list", "--format", "excel"],
        &["report", "--format", "excel"],
        &["unassigned", "--json"],
    ] {
        project.write("list.txt", &project.done(words));
        let (code, report) = project.json(&["bulk-assign", "list.txt", "--yes"]);
        assert_eq!((code, &report["status"]), (0, &"unchanged".into()), "{words:?}: {report:#}");
    }
    assert_eq!((project.changes_sent(), project.commits()), (0, before));
}

#[test]
fn an_edited_cell_of_a_listing_is_the_change_that_it_asks_for() {
    let project = Project::synced();
    let before = project.commits();
    let columns = "phone_number,workspace,agent_path,assignment_type,nickname,tags,notes";
    let exported = project.done(&["list", "-w", "staging", "--format", "csv", "--columns", columns]);
    let edited = exported
        .replace(
            "+14155550103,staging,agents/support-tier1,inbound-only,Support 1,,",
            "+14155550103,staging,agents/survey,inbound-only,Desk,\"vip, west\",Call first",
        )
        .replace(
            "+13125550108,staging,,unassigned,Partner Routing,,",
            "+13125550108,staging,,unassigned,Partner Routing,partner,",
        );
    assert_ne!(edited.len(), exported.len());
    project.write("list.csv", &edited);
    let (code, report) = project.json(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!((code, &report["status"]), (0, &"success".into()), "{report:#}");
    let assignment = project.assignment("staging", "+14155550103");
    assert_eq!(assignment["inbound_agent_id"], agent("staging", "survey"));
    assert!(assignment["outbound_agent_id"].is_null());
    assert_eq!(project.registered("staging", "+14155550103")["nickname"], "Desk");
    let directory = project.file("phone-numbers/directory.json");
    let number = |number: &str| directory["numbers"][number].clone();
    assert_eq!(number("+14155550103")["tags"], serde_json::json!(["vip", "west"]));
    assert_eq!(number("+14155550103")["notes"], "Call first");
    assert_eq!(number("+13125550108")["tags"], serde_json::json!(["partner"]));
    assert_eq!((project.changes_sent(), project.commits()), (1, before + 1));
    project.assert_in_step();
}

#[test]
fn one_agent_in_place_of_several_is_said_by_direction() {
    let project = Project::synced();
    project.write("list.csv", "phone_number,workspace,agent_path\n+14155550102,staging,agents/survey\n");
    let said = project.refused(2, &["bulk-assign", "list.csv", "--yes"]);
    assert!(said.contains("several agents") && said.contains("inbound_agent"), "{said}");
}

#[test]
fn a_number_that_a_spreadsheet_shortened_is_explained_without_a_guess() {
    let project = Project::synced();
    for written in ["1.41556E+10", "1,41556e+10", "1.41556E10"] {
        project.write("list.csv", &format!("phone_number;workspace;agent\n{written};staging;agents/survey\n"));
        for command in ["bulk-assign", "bulk-import"] {
            let said = project.refused(2, &[command, "list.csv", "--yes"]);
            assert!(said.contains("spreadsheet has shortened") && !said.contains("nearest"), "{command}: {said}");
        }
    }
}

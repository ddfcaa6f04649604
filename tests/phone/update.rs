//! `phone update`: Retell, then the files, then one commit.

use std::process::Output;

use crate::phone::fixture::{LINE, Project, agent, stderr, stdout};

#[test]
fn an_update_changes_retell_reads_it_back_writes_the_files_and_commits_once() {
    let project = Project::synced();
    let commits = project.commits();
    let id = agent("production", "sales-agent");
    let out = project.done(&["phone", "update", LINE, "--workspace", "production", "--inbound-agent", &id]);
    assert_eq!(
        project.requests(),
        [
            format!("GET /get-phone-number/{LINE}"),
            "GET /get-api-key-info".to_owned(),
            format!("PATCH /update-phone-number/{LINE}"),
            format!("GET /get-phone-number/{LINE}")
        ]
    );
    assert!(out.contains("Changed: 1 reassigned"), "{out}");
    assert_eq!(project.commits(), commits + 1);
    assert_eq!(
        project.last_message(),
        format!(
            "phone-dir: update production (1 reassigned)\n\n\
             {LINE} reassigned inbound agents/customer-service → agents/sales-agent\n\n\
             Phone-Dir-Source: phone update --workspace production\nPhone-Dir-Status: success"
        )
    );
    let assignment = project.assignment("production", LINE);
    assert_eq!(assignment["agent_path"], "agents/sales-agent");
    assert_eq!(assignment["outbound_agent_id"], agent("production", "customer-service"), "it was not asked for");
    project.assert_in_step();
}

#[test]
fn an_agent_is_found_by_its_path_with_a_version_and_with_weights() {
    let project = Project::synced();
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/sales-agent@latest_published"]);
    let assignment = project.assignment("staging", LINE);
    assert_eq!(assignment["inbound_agents"][0]["agent_version"], "latest_published");
    let both = "agents/sales-agent=0.7,agents/sales-trial=0.3";
    project.done(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", both, "--outbound-agent", "none"]);
    let assignment = project.assignment("staging", LINE);
    assert_eq!(assignment["inbound_agents"][1]["weight"], 0.3);
    assert_eq!(
        (&assignment["outbound_agent_id"], &assignment["assignment_type"]),
        (&().into(), &"inbound-only".into())
    );
    project.done(&[
        "phone",
        "update",
        LINE,
        "-w",
        "staging",
        "--inbound-agent",
        "agents/survey",
        "--inbound-version",
        "1",
    ]);
    assert_eq!(project.assignment("staging", LINE)["inbound_agents"][0]["agent_version"], 1);
    project.assert_in_step();
}

#[test]
fn an_agent_is_found_by_its_folder_or_name_and_an_unknown_one_is_answered_before_anything_is_sent() {
    let project = Project::synced();
    for (written, path) in
        [("survey", "agents/survey"), ("Sales Agent", "agents/sales-agent"), ("survey agent", "agents/survey")]
    {
        project.done(&["phone", "update", LINE, "-w", "production", "--inbound-agent", written]);
        assert_eq!(project.assignment("production", LINE)["agent_path"], path, "{written}");
    }
    project.assert_in_step();
    for command in [["phone", "update"].as_slice(), &["edit"]] {
        for (written, nearest) in [("Reception Agent", ""), ("survy", "the nearest is `agents/survey`; ")] {
            project.sandbox.clear_requests();
            let words = [command, &[LINE, "-w", "production", "--inbound-agent", written]].concat();
            let told = project.refused(2, &words);
            assert!(told.contains(&format!("`production` has no agent `{written}`")), "{words:?}: {told}");
            assert!(told.contains(&format!("hint: {nearest}`production` has `agents/")), "{words:?}: {told}");
            assert_eq!(project.changes_sent(), 0, "{words:?}");
        }
    }
}

#[test]
fn the_specifications_migration_of_an_agents_numbers_runs_as_it_is_written() {
    let project = Project::synced();
    let listed: serde_json::Value = serde_json::from_str(&project.done(&[
        "agent-numbers",
        "agents/customer-service",
        "--workspace",
        "staging",
        "--json",
    ]))
    .unwrap();
    let numbers: Vec<_> = listed.as_array().unwrap().iter().map(|row| row["phone_number"].as_str().unwrap()).collect();
    assert!(numbers.len() > 1);
    for number in &numbers {
        project.done(&[
            "phone",
            "update",
            number,
            "--workspace",
            "staging",
            "--inbound-agent",
            &agent("staging", "survey"),
        ]);
    }
    project.done(&["sync", "--workspace", "staging"]);
    assert_eq!(project.assignment("staging", numbers[0])["agent_path"], "agents/survey");
    project.assert_in_step();
}

#[test]
fn a_dry_run_shows_the_change_and_makes_none() {
    let project = Project::synced();
    let words = ["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey", "--dry-run"];
    let out = project.done(&words);
    assert!(out.contains("Would change: 1 reassigned"), "{out}");
    assert_eq!(project.changes_sent(), 0);
    let (code, report) = project.json(&words);
    assert_eq!((code, &report["changes"][0]["kind"], &report["format_version"]), (0, &"reassigned".into(), &1.into()));
    project.assert_in_step();
}

#[test]
fn asking_for_what_is_there_already_sends_and_commits_nothing() {
    let project = Project::synced();
    let commits = project.commits();
    let words = ["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/customer-service"];
    let (code, report) = project.json(&words);
    assert_eq!((code, &report["status"], &report["rows"][0]["status"]), (0, &"unchanged".into(), &"unchanged".into()));
    assert_eq!((project.changes_sent(), project.commits()), (0, commits));
}

#[test]
fn what_a_killed_run_left_in_retell_is_written_down_by_the_next_one() {
    for repair in ["sync", "update"] {
        let project = Project::synced();
        project.sandbox.reassign("production", LINE, "survey").unwrap();
        let update = ["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"];
        let out = if repair == "sync" { project.done(&["sync", "--all"]) } else { project.done(&update) };
        assert!(out.contains("reassigned agents/customer-service → agents/survey"), "{out}");
        assert_eq!(project.changes_sent(), 0);
        project.assert_in_step();
    }
}

/// Asks for `survey`; before that is read back, the line gets another agent at Retell.
fn changed_before_it_is_read_back(project: &Project, agent: &str) -> Output {
    project.sandbox.add_fault("hang:1,method=GET,path=get-phone-number,nth=2".parse().unwrap());
    let child = project
        .command(&["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let is_reading_back =
        || project.sandbox.requests().iter().filter(|request| request.path.contains("get-phone-number")).count() == 2;
    while !is_reading_back() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    project.sandbox.reassign("production", LINE, agent).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_field_that_retell_did_not_keep_is_an_error_and_the_files_say_what_retell_has() {
    let project = Project::synced();
    let output = changed_before_it_is_read_back(&project, "customer-service");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("did not keep `inbound_agents`"), "{}", stderr(&output));
    assert!(stdout(&output).contains("\"status\": \"failed\""));
    assert_eq!(project.assignment("production", LINE)["agent_path"], "agents/customer-service");
    project.assert_in_step();
}

#[test]
fn what_others_change_while_a_change_is_sent_is_followed_and_is_no_decision() {
    let project = Project::synced();
    let output = changed_before_it_is_read_back(&project, "sales-agent");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(project.assignment("production", LINE)["agent_path"], "agents/sales-agent");
    assert_eq!(project.registered("production", LINE).get("live"), None);
    project.assert_in_step();
}

#[test]
fn a_refusal_of_retell_changes_no_file() {
    let project = Project::synced();
    let commits = project.commits();
    project.sandbox.add_fault("status:400,method=PATCH".parse().unwrap());
    let said = project.refused(2, &["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    assert!(said.contains("refused the request with status 400"), "{said}");
    assert_eq!((project.changes_sent(), project.commits()), (1, commits));
    project.sandbox.clear_faults();
    project.assert_in_step();
}

#[test]
fn a_change_without_an_answer_is_settled_by_reading_back() {
    for (fault, code) in [("truncate,method=PATCH", 0), ("reset,method=PATCH", 2)] {
        let project = Project::synced();
        project.sandbox.add_fault(fault.parse().unwrap());
        let output = project.run(&["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
        assert_eq!(output.status.code(), Some(code), "{fault}\n{}{}", stdout(&output), stderr(&output));
        assert_eq!(project.changes_sent(), 1, "it is not repeated blindly");
        project.sandbox.clear_faults();
        project.assert_in_step();
    }
}

#[test]
fn where_nothing_can_be_read_back_the_end_is_unknown_and_a_sync_puts_it_right() {
    let project = Project::synced();
    project.sandbox.add_fault("truncate,method=PATCH".parse().unwrap());
    project.sandbox.add_fault("status:400,path=/get-phone-number,from=2".parse().unwrap());
    let said = project.refused(3, &["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    assert!(said.contains("it is unknown whether the change was made"), "{said}");
    assert_eq!(project.assignment("production", LINE)["agent_path"], "agents/customer-service");
    project.sandbox.clear_faults();
    let out = project.done(&["sync", "--all"]);
    assert!(out.contains("reassigned inbound agents/customer-service → agents/survey"), "{out}");
}

#[test]
fn a_commit_that_fails_after_the_change_is_said_plainly_and_a_sync_puts_it_right() {
    let project = Project::synced();
    project.git(&["config", "commit.gpgsign", "true"]);
    project.git(&["config", "gpg.program", "/bin/false"]);
    let said = project.refused(2, &["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    assert!(said.contains("Retell was changed, but the directory was not"), "{said}");
    assert!(said.contains("phone-dir sync --workspace production"), "{said}");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    project.git(&["config", "commit.gpgsign", "false"]);
    let out = project.done(&["sync", "--workspace", "production"]);
    assert!(out.contains("reassigned inbound agents/customer-service → agents/survey"), "{out}");
}

#[test]
fn the_users_other_work_stays_as_it_was() {
    let project = Project::synced();
    project.write("notes.txt", "mine");
    project.git(&["add", "notes.txt"]);
    project.done(&["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    assert_eq!(project.git(&["status", "--porcelain"]), "A  notes.txt");
    assert!(!project.git(&["show", "--stat", "--format=", "HEAD"]).contains("notes.txt"));
}

#[test]
fn an_agent_that_no_folder_has_is_warned_of_once_before_it_is_bound() {
    let project = Project::synced();
    let output = project.run(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agent_unheard_of"]);
    let said = stderr(&output);
    assert_eq!(
        said.matches("no folder below `agents/` has the agent `agent_unheard_of` in `staging`").count(),
        1,
        "{said}"
    );
    let output = project.run(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/survey"]);
    assert!(!stderr(&output).contains("warning"), "{}", stderr(&output));
}

#[test]
fn a_password_is_told_although_no_file_shows_it_and_it_is_not() {
    let project = Project::synced();
    let words = ["phone", "update", LINE, "-w", "staging", "--password-stdin"];
    let output = project.run_with_input(&[words.as_slice(), &["--dry-run"]].concat(), "hunter2-hunter2");
    let said = stdout(&output);
    assert!(said.contains(&format!("Would change in Retell alone:\n  {LINE} SIP password set (staging)\n")), "{said}");
    assert_eq!(project.changes_sent(), 0);

    let output = project.run_with_input(&words, "hunter2-hunter2");
    let said = stdout(&output);
    assert!(said.contains(&format!("Changed in Retell alone:\n  {LINE} SIP password set (staging)\n")), "{said}");
    assert!(!said.contains("Nothing changed"), "{said}");
    assert!(project.last_message().contains(&format!("{LINE} SIP password set\n")), "{}", project.last_message());
    assert!(!format!("{said}{}{}", stderr(&output), project.last_message()).contains("hunter2"));
}

#[test]
fn a_transport_is_written_down_unless_it_is_the_usual_one() {
    let project = Project::synced();
    assert!(project.registered("staging", LINE).get("transport").is_none());
    for (transport, written) in [("TLS", Some("TLS")), ("udp", Some("UDP")), ("TCP", None)] {
        let (code, report) = project.json(&["phone", "update", LINE, "-w", "staging", "--transport", transport]);
        assert_eq!((code, &report["status"]), (0, &"success".into()), "{report}");
        let entry = project.registered("staging", LINE);
        assert_eq!(entry.get("transport").and_then(|value| value.as_str()), written);
        project.assert_in_step();
    }
    let (_, report) = project.json(&["phone", "update", LINE, "-w", "staging", "--transport", "TCP"]);
    assert_eq!((&report["status"], &report["unrecorded"]), (&"unchanged".into(), &serde_json::json!([])));
}

#[test]
fn a_webhook_for_texts_is_written_down_and_decides_who_answers() {
    let project = Project::synced();
    let url = "https://hooks.example.com/texts";
    let (code, report) = project.json(&["phone", "update", "+14155550110", "-w", "staging", "--sms-webhook", url]);
    assert_eq!((code, &report["changes"][0]["kind"]), (0, &"rerouted".into()), "{report}");
    assert_eq!(project.registered("staging", "+14155550110")["inbound_sms_webhook_url"], url);
    let (_, rows) = project.json(&["unassigned", "-w", "staging"]);
    let row = rows.as_array().unwrap().iter().find(|row| row["phone_number"] == "+14155550110").unwrap();
    assert_eq!(row["handled_by"], "sms-webhook");
    assert!(stdout(&project.run(&["show", "+14155550110"])).contains(&format!("Inbound SMS Webhook: {url}\n")));
    project.assert_in_step();
    project.done(&["phone", "update", "+14155550110", "-w", "staging", "--sms-webhook", "none"]);
    assert!(project.registered("staging", "+14155550110").get("inbound_sms_webhook_url").is_none());
    project.assert_in_step();
}

#[test]
fn everything_that_retell_can_be_told_has_a_flag_and_none_takes_it_away() {
    let project = Project::synced();
    let flags = [
        ("--inbound-sms-agent", "agents/text-concierge"),
        ("--outbound-sms-agent", "agents/text-concierge"),
        ("--fallback", "+14155550199"),
        ("--inbound-countries", "us,CA"),
        ("--outbound-countries", "US"),
        ("--nickname", "Front desk"),
        ("--webhook", "https://hooks.example.com/calls"),
    ];
    let number = "+14155550110";
    let ask = |value: fn(&(&'static str, &'static str)) -> &'static str| {
        let mut words = vec!["phone", "update", number, "-w", "staging"];
        words.extend(flags.iter().flat_map(|flag| [flag.0, value(flag)]));
        project.done(&words);
        project.assert_in_step();
        project.registered("staging", number)
    };
    let entry = ask(|flag| flag.1);
    assert_eq!((&entry["fallback_number"], &entry["nickname"]), (&"+14155550199".into(), &"Front desk".into()));
    assert_eq!(entry["allowed_inbound_country_list"], serde_json::json!(["CA", "US"]));
    let entry = ask(|_| "none");
    assert!(entry["nickname"].is_null() && entry.get("fallback_number").is_none(), "{entry}");
    assert!(entry.get("allowed_outbound_country_list").is_none() && entry["inbound_webhook_url"].is_null(), "{entry}");
}

#[test]
fn a_protected_line_that_a_webhook_alone_answers_loses_it_with_the_flag_only() {
    let project = Project::synced();
    let line = "+13125550108";
    let words = ["phone", "update", line, "-w", "production", "--webhook", "none"];
    let said = project.refused(2, &words);
    assert!(said.contains("this would unbind +13125550108") && said.contains("--allow-unbind"), "{said}");
    let list = format!("phone_number,workspace,webhook\n{line},production,none\n");
    project.write("list.csv", &list);
    assert!(project.refused(2, &["bulk-assign", "list.csv", "--yes"]).contains("--allow-unbind"));
    assert_eq!(project.changes_sent(), 0);
    // Where an agent answers instead, nothing falls silent.
    project.done(&["phone", "update", line, "-w", "production", "--inbound-agent", "agents/survey"]);
    project.done(&words);
    project.assert_in_step();
}

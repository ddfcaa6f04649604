//! `phone import` and `phone delete`, and what becomes of passwords.

use std::process::Stdio;

use crate::phone::fixture::{LINE, Project, agent, stderr, stdout};

/// A number that no workspace has imported, which is in the Twilio account.
const SPARE: &str = "+13125550107";
const TRUNK: &str = "main-retell.pstn.twilio.com";

#[test]
fn the_specifications_import_runs_as_it_is_written() {
    let project = Project::synced();
    let id = agent("staging", "customer-service");
    let output = project.run(&[
        "phone",
        "import",
        SPARE,
        TRUNK,
        "--workspace",
        "staging",
        "--username",
        "retell_user",
        "--password",
        "secure_password",
        "--inbound-agent",
        &id,
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("warning: `--password` can be seen"), "{}", stderr(&output));
    assert!(!format!("{}{}", stdout(&output), stderr(&output)).contains("secure_password"));
    assert_eq!(
        project.requests(),
        [
            format!("GET /get-phone-number/{SPARE}"),
            "GET /get-api-key-info".to_owned(),
            "POST /import-phone-number".to_owned(),
            format!("GET /get-phone-number/{SPARE}")
        ]
    );
    let entry = project.registered("staging", SPARE);
    assert_eq!((&entry["import_method"], &entry["auth_username"]), (&"sip-trunk".into(), &"retell_user".into()));
    assert_eq!(entry["import_date"], "2026-03-01T12:00:00Z");
    assert_eq!(project.assignment("staging", SPARE)["agent_path"], "agents/customer-service");
    let master = project.file("phone-numbers/directory.json");
    assert_eq!(master["numbers"][SPARE]["workspaces"]["staging"]["agent_id"], id);
    assert!(project.last_message().starts_with("phone-dir: import staging (1 imported, 1 updated)\n"));
    project.assert_in_step();
}

#[test]
fn a_password_is_stored_nowhere_whichever_way_it_comes() {
    let project = Project::synced();
    let password = "made-up-and-secret";
    let import = |extra: &[&str]| {
        let words = ["phone", "import", SPARE, TRUNK, "-w", "staging", "--username", "u", "--json"];
        let mut command = project.command(&[words.as_slice(), extra].concat());
        command.env("TRUNK_PASSWORD", password).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    for extra in [["--password-stdin"].as_slice(), &["--password-env", "TRUNK_PASSWORD"]] {
        project.sandbox.add_fault("status:400,method=POST,nth=1".parse().unwrap());
        for code in [2, 0] {
            let output = import(extra);
            assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
            assert!(!format!("{}{}", stdout(&output), stderr(&output)).contains(password));
        }
        project.sandbox.clear_faults();
        project.done(&["phone", "delete", SPARE, "-w", "staging", "--yes"]);
    }
    let found = std::process::Command::new("grep").args(["-rlaF", password]).arg(project.path()).output().unwrap();
    assert_eq!(stdout(&found), "");
}

#[test]
fn an_empty_or_missing_password_is_an_error_before_any_request() {
    let project = Project::synced();
    let words = ["phone", "import", SPARE, TRUNK, "-w", "staging"];
    for extra in [
        ["--username", "u", "--password-env", "NOT_SET"].as_slice(),
        &["--username", "u", "--password-stdin"],
        &["--password", "x"],
        &["--username", "u", "--password", "x", "--password-stdin"],
    ] {
        project.refused(2, &[words.as_slice(), extra].concat());
    }
    assert!(project.requests().is_empty());
}

#[test]
fn importing_a_number_twice_does_only_what_is_left_and_never_overwrites() {
    let project = Project::synced();
    let words = ["phone", "import", SPARE, TRUNK, "-w", "staging", "--nickname", "Spare"];
    project.done(&words);
    let (code, report) = project.json(&words);
    assert_eq!((code, &report["status"]), (0, &"unchanged".into()));
    let said = project.refused(2, &["phone", "import", SPARE, TRUNK, "-w", "staging", "--nickname", "Other"]);
    assert!(said.contains("already, with another `nickname`") && said.contains("phone update"), "{said}");
}

#[test]
fn deleting_previews_and_needs_a_yes_without_a_terminal() {
    let project = Project::synced();
    let commits = project.commits();
    let output = project.run(&["phone", "delete", LINE, "-w", "staging"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains(&format!("{LINE} removed (staging)")), "{}", stdout(&output));
    assert!(stderr(&output).contains("--yes"), "{}", stderr(&output));
    let (code, report) = project.json(&["phone", "delete", LINE, "-w", "staging"]);
    assert_eq!((code, &report["status"], &report["error"]["allow_flag"]), (2, &"refused".into(), &"--yes".into()));
    assert_eq!((project.changes_sent(), project.commits()), (0, commits));

    project.done(&["phone", "delete", LINE, "-w", "staging", "--yes"]);
    assert!(project.registered("staging", LINE).is_null() && !project.registered("production", LINE).is_null());
    assert_eq!(project.changes_sent(), 1);
    project.assert_in_step();
}

#[test]
fn a_bound_line_of_a_protected_workspace_is_deleted_with_its_flag_only_and_the_agent_is_named() {
    let project = Project::synced();
    let words = ["phone", "delete", LINE, "-w", "production", "--yes"];
    let said = project.refused(2, &words);
    assert!(said.contains("`agents/customer-service` answers it") && said.contains("--allow-delete"), "{said}");
    assert_eq!(project.changes_sent(), 0);
    let said = project.refused(2, &["phone", "delete", LINE, "-w", "production", "--dry-run"]);
    assert!(said.contains("Cannot be taken back:\n") && said.contains("phone-dir phone import"), "{said}");
    let output = project.run(&["phone", "delete", LINE, "-w", "production", "--dry-run", "--allow-delete"]);
    let preview = stdout(&output);
    assert!(preview.contains("Cannot be taken back:\n"), "{preview}");
    assert!(preview.contains(&format!("phone-dir phone import {LINE} ")), "{preview}");
    assert!(preview.contains("--inbound-agent agents/customer-service"), "{preview}");
    project.done(&[words.as_slice(), &["--allow-delete"]].concat());
    assert!(project.registered("production", LINE).is_null());
    project.assert_in_step();
}

#[test]
fn a_line_that_a_webhook_for_texts_or_a_fallback_alone_answers_is_deleted_with_its_flag_only() {
    let project = Project::synced();
    let number = "+14155550190";
    project.done(&["phone", "import", number, "sip.example.com", "-w", "production"]);
    let (hook, none) = ("https://hooks.example.com/texts", "none");
    for (texts, fallback, words) in [(hook, none, "its SMS webhook"), (none, "+14155550199", "its fallback number")] {
        let update = ["phone", "update", number, "-w", "production", "--sms-webhook", texts, "--fallback", fallback];
        project.done(&update);
        let said = project.refused(2, &["phone", "delete", number, "-w", "production", "--yes"]);
        assert!(said.contains(&format!("{words} answers it")) && said.contains("--allow-delete"), "{said}");
    }
    project.done(&["phone", "update", number, "-w", "production", "--fallback", none]);
    project.done(&["phone", "delete", number, "-w", "production", "--yes"]);
}

#[test]
fn the_settings_decide_which_workspace_is_protected() {
    let project = Project::synced();
    project.write("phone-dir.toml", "[workspaces]\nprotected = [\"staging\"]\n");
    let unbind = |workspace| ["phone", "update", LINE, "-w", workspace, "--inbound-agent", "none"];
    let said = project.refused(2, &unbind("staging"));
    assert!(said.contains("--allow-unbind"), "{said}");
    project.done(&unbind("production"));
}

#[test]
fn a_sip_uri_is_no_termination_uri_and_the_error_says_what_to_write() {
    let project = Project::synced();
    let said = project.refused(2, &["phone", "import", SPARE, "sip:sip.carrier.example", "-w", "staging"]);
    assert!(said.contains("without `sip:`: write `sip.carrier.example`"), "{said}");
    project.write("list.csv", &format!("phone_number,termination_uri\n{SPARE},sip:sip.carrier.example\n"));
    let said = project.refused(2, &["bulk-import", "list.csv", "-w", "staging", "--yes"]);
    assert!(said.contains("line 2: ") && said.contains("write `sip.carrier.example`"), "{said}");
    assert!(project.requests().is_empty());
}

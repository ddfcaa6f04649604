//! `rollback`: the inverse of an earlier change, against the state of today.

use crate::phone::fixture::{LINE, Project, stdout};

const OTHER: &str = "+12125550105";

fn update(project: &Project, number: &str, workspace: &str, extra: &[&str]) {
    project.done(&[["phone", "update", number, "-w", workspace].as_slice(), extra].concat());
}

#[test]
fn a_commit_is_taken_back_and_later_changes_stay() {
    let project = Project::synced();
    project.write("list.csv", &format!("phone_number,agent\n{LINE},agents/survey\n{OTHER},agents/survey\n"));
    project.done(&["bulk-assign", "list.csv", "-w", "production", "--yes"]);
    let commit = project.git(&["rev-parse", "HEAD"]);
    update(&project, LINE, "production", &["--nickname", "Renamed since"]);
    update(&project, LINE, "staging", &["--inbound-agent", "agents/sales-agent"]);

    let output = project.run(&["rollback", &commit]);
    assert_eq!(output.status.code(), Some(2), "it asks first");
    assert!(stdout(&output).contains("Would change: 2 reassigned"), "{}", stdout(&output));
    project.done(&["rollback", &commit, "--yes"]);
    assert_eq!(project.assignment("production", LINE)["agent_path"], "agents/customer-service");
    assert_eq!(project.assignment("production", OTHER)["agent_path"], "agents/emergency-line");
    assert_eq!(project.registered("production", LINE)["nickname"], "Renamed since");
    assert_eq!(project.assignment("staging", LINE)["agent_path"], "agents/sales-agent");
    assert!(project.last_message().contains(&format!("Phone-Dir-Source: rollback {}", &commit[..10])));
    project.assert_in_step();
    assert_eq!(project.json(&["rollback", &commit, "--yes"]).1["status"], "unchanged");
}

#[test]
fn a_setting_that_changed_once_more_is_left_and_named() {
    let project = Project::synced();
    update(&project, LINE, "production", &["--inbound-agent", "agents/survey", "--nickname", "New"]);
    let commit = project.git(&["rev-parse", "HEAD"]);
    update(&project, LINE, "production", &["--inbound-agent", "agents/sales-agent"]);
    let (code, report) = project.json(&["rollback", &commit, "--yes"]);
    assert_eq!((code, &report["status"]), (1, &"success".into()), "{report:#}");
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("`inbound_agents` changed once more"));
    assert_eq!(project.registered("production", LINE)["nickname"], "Customer Service Line");
    assert_eq!(project.assignment("production", LINE)["agent_path"], "agents/sales-agent");
}

#[test]
fn a_number_gets_back_what_it_had_at_a_revision() {
    let project = Project::synced();
    let before = project.assignment("production", LINE);
    update(&project, LINE, "production", &["--inbound-agent", "agents/survey"]);
    update(&project, LINE, "production", &["--outbound-agent", "agents/survey", "--nickname", "x"]);
    project.done(&["rollback", LINE, "--to", "HEAD~2", "--workspace", "production", "--yes"]);
    let after = project.assignment("production", LINE);
    for field in ["inbound_agent_id", "outbound_agent_id", "agent_path"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(project.registered("production", LINE)["nickname"], "Customer Service Line");
    project.assert_in_step();
}

#[test]
fn taking_back_an_import_deletes_and_so_needs_its_flag() {
    let project = Project::synced();
    project.done(&["phone", "import", "+13125550107", "sip.carrier.example", "-w", "staging"]);
    let said = project.refused(2, &["rollback", "HEAD", "--yes"]);
    assert!(said.contains("+13125550107 (staging)") && said.contains("--allow-delete"), "{said}");
    project.done(&["rollback", "HEAD", "--yes", "--allow-delete"]);
    assert!(project.registered("staging", "+13125550107").is_null());
    project.done(&["rollback", "HEAD", "--yes"]);
    assert_eq!(project.registered("staging", "+13125550107")["termination_uri"], "sip.carrier.example");
    project.assert_in_step();
}

#[test]
fn what_is_not_a_commit_or_not_alone_is_refused() {
    let project = Project::synced();
    for words in [["rollback", LINE].as_slice(), &["rollback", "no-such-branch"], &["rollback", "HEAD", "HEAD~1"]] {
        project.refused(2, words);
    }
    assert!(project.requests().is_empty());
}

#[test]
fn a_commit_at_the_edge_of_a_shallow_clone_is_answered_with_what_brings_the_rest() {
    let project = Project::synced();
    update(&project, LINE, "production", &["--inbound-agent", "agents/survey"]);
    let origin = format!("file://{}", project.path().canonicalize().unwrap().display());
    let elsewhere = tempfile::tempdir().unwrap();
    let clone = elsewhere.path().join("clone");
    let clone = clone.to_str().unwrap();
    project.git(&["clone", "--quiet", "--depth=1", &origin, clone]);
    let output = project.command(&["-C", clone, "rollback", "HEAD", "--yes"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("`git fetch --unshallow`") && !said.contains("fsck"), "{said}");
}

#[test]
fn a_deleted_number_comes_back_with_what_an_import_cannot_carry() {
    let project = Project::synced();
    let number = "+14155550190";
    let import = ["phone", "import", number, "sip.example.com", "-w", "staging"];
    project.done(&[import.as_slice(), &["--codecs", "PCMU,OPUS", "--transport", "udp"]].concat());
    let texts = "https://hooks.example.com/texts";
    let later = ["--inbound-sms-agent", "agents/text-concierge", "--sms-webhook", texts, "--fallback", "+14155550199"];
    update(&project, number, "staging", &later);
    update(&project, number, "staging", &["--inbound-countries", "us,ca"]);
    let before = project.registered("staging", number);
    assert_eq!(before["codecs"], serde_json::json!(["PCMU", "OPUS"]));

    let preview = stdout(&project.run(&["phone", "delete", number, "-w", "staging", "--dry-run"]));
    let again = format!(
        "phone-dir phone import {number} sip.example.com --workspace staging --transport UDP --codecs PCMU,OPUS \
         --inbound-countries CA,US"
    );
    assert!(preview.contains(&again), "{preview}");
    let then = format!("and then: `phone-dir phone update {number} --workspace staging {}`", later.join(" "));
    assert!(preview.contains(&then), "{preview}");

    project.done(&["phone", "delete", number, "-w", "staging", "--yes"]);
    project.done(&["rollback", "HEAD", "--yes"]);
    let after = project.registered("staging", number);
    let fields = ["codecs", "transport", "inbound_sms_webhook_url", "fallback_number", "allowed_inbound_country_list"];
    for field in fields {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert!(project.assignment("staging", number)["inbound_sms_agents"].is_array());
    project.assert_in_step();
}

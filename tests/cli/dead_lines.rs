//! Lines that are dead at the providers are told everywhere, and refuse no commit.

use serde_json::Value;

use crate::cli::fixture::{DIRECTORY, Project};
use crate::sandbox::http::{Caller, Http};

/// A number on the main trunk that an agent answers in production.
const LINE: &str = "+14155550101";

/// A value of the number's entry, by its pointer.
fn entry(project: &Project, pointer: &str) -> String {
    let directory: Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    let value = directory["numbers"][LINE].pointer(pointer).cloned().unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Changes something at the sandbox's Twilio, as somebody in its console would.
fn delete_at_twilio(project: &Project, path: &str) {
    let answer = Http::start().delete(&format!("{}{path}", project.sandbox.base_url()), Caller::Twilio);
    assert_eq!(answer.status, 204, "{path}");
}

/// What `drift`, `sync`, `validate` and `status` say of a line that died, and what a commit of it goes through.
fn assert_told_everywhere(project: &Project, words: &str, rule: &str) {
    let (code, drift) = project.json(&["drift"]);
    assert_eq!(code, 1, "{drift:#}");
    let told = |report: &Value| {
        report["findings"].as_array().unwrap().iter().any(|it| it["message"].as_str().unwrap().contains(words))
    };
    assert!(told(&drift), "{drift:#}");
    let (code, sync) = project.json(&["sync", "--all"]);
    assert_eq!(code, 0, "a sync records what is true: {sync:#}");
    assert!(told(&sync), "{sync:#}");
    let run = project.run(&["validate"]);
    assert!(run.code == 1 && run.stdout.contains(words), "{run}");
    let (_, status) = project.json(&["status"]);
    assert!(status["findings"]["error"].as_u64().unwrap() > 0, "{status:#}");
    for words in [["validate", "--rev", "HEAD"], ["validate", "--range", "HEAD~1..HEAD"]] {
        let (code, report) = project.json(&words);
        assert!(report["diagnostics"].as_array().unwrap().iter().any(|it| it["rule"] == rule), "{report:#}");
        assert_eq!(code, 0, "{report:#}");
    }
    assert_eq!(project.run(&["validate", "--staged"]).code, 0);
    assert_eq!(project.run(&["hook", "run"]).code, 0);
    assert_eq!(project.run(&["drift"]).code, 1, "it is in step, and as dead as before");
    let commits = project.commits();
    project.succeed(&["sync", "--all"]);
    assert_eq!(project.commits(), commits, "a second sync finds nothing new");
}

#[test]
fn a_number_that_left_the_account_is_told_everywhere_and_refuses_no_commit() {
    let project = Project::synced();
    let account = project.variables["TWILIO_ACCOUNT_SID"].clone();
    let sid = entry(&project, "/twilio/phone_number_sid");
    delete_at_twilio(&project, &format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"));
    assert_told_everywhere(&project, "left the Twilio account", "left-twilio-account");
    assert_eq!(entry(&project, "/left/from"), "account");
    assert!(project.succeed(&["show", LINE]).contains("\n  Left the Twilio account, first seen 2025-"));
}

#[test]
fn a_number_that_left_its_trunk_is_told_with_the_trunk() {
    let project = Project::synced();
    let (sid, trunk) = (entry(&project, "/twilio/phone_number_sid"), entry(&project, "/twilio/trunk_sid"));
    delete_at_twilio(&project, &format!("/v1/Trunks/{trunk}/PhoneNumbers/{sid}"));
    assert_told_everywhere(&project, &format!("left trunk {trunk}"), "left-trunk");
    let shown = project.succeed(&["show", LINE]);
    assert!(shown.contains(&format!("  Trunk SID: none (left trunk {trunk}, first seen 2025-")), "{shown}");
}

#[test]
fn a_number_that_left_both_and_came_back_in_retell_alone_is_dead_still() {
    let project = Project::synced();
    let account = project.variables["TWILIO_ACCOUNT_SID"].clone();
    let sid = entry(&project, "/twilio/phone_number_sid");
    let uri = entry(&project, "/sip_config/termination_uri");
    let elsewhere = project.place.copy();
    for workspace in ["staging", "production"] {
        let delete = elsewhere.run(&["phone", "delete", LINE, "-w", workspace, "--yes", "--allow-delete"]);
        assert!(delete.code == 0 || delete.stderr.contains("does not have"), "{delete}");
    }
    delete_at_twilio(&project, &format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"));
    project.succeed(&["sync", "--all"]);
    assert_eq!(entry(&project, "/phone_number"), "", "nobody has it");
    let agent = ["--inbound-agent", "agents/customer-service"];
    elsewhere.succeed(&[&["phone", "import", LINE, &uri, "-w", "production"], agent.as_slice()].concat());
    project.succeed(&["sync", "--all"]);
    assert_eq!(entry(&project, "/left/from"), "account");
    let run = project.run(&["validate"]);
    assert!(run.code == 1 && run.stdout.contains("left the Twilio account"), "{run}");
    let (other, _) = project.json(&["drift", "-w", "staging"]);
    assert_eq!(other, 0, "another workspace's line is not asked for");
    assert_eq!(project.json(&["drift", "-w", "production"]).0, 1);
}

//! A subaccount of Twilio: its own key reads it whole, and the main account's key is told apart from it.

use phone_dir::sandbox::{API_KEY, API_SECRET, AUTH_TOKEN, SUBACCOUNT_SID, SUBACCOUNT_TOKEN, SandboxOptions};

use crate::cli::fixture::{DIRECTORY, Project};

fn project(token: &str) -> Project {
    let mut project = Project::new(SandboxOptions::default());
    project.place.set("TWILIO_ACCOUNT_SID", SUBACCOUNT_SID);
    project.place.set("TWILIO_AUTH_TOKEN", token);
    project.succeed(&["init"]);
    project
}

#[test]
fn a_subaccounts_own_key_reads_its_numbers_and_its_trunk() {
    let project = project(SUBACCOUNT_TOKEN);
    let sync = project.run(&["sync-twilio", "--all"]);
    assert_eq!(sync.code, 0, "{sync}");
    let directory: serde_json::Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    let numbers: Vec<_> = directory["numbers"].as_object().unwrap().keys().collect();
    assert_eq!(numbers, ["+13125550171", "+13125550172"]);
    let line = &directory["numbers"]["+13125550171"];
    assert_eq!(line["sip_config"]["termination_uri"], "branch-retell.pstn.twilio.com", "{line:#}");
    let again = project.run(&["sync-twilio", "--all"]);
    assert!(again.code == 0 && again.stdout.contains("Nothing changed"), "{again}");
    project.succeed(&["validate"]);
}

#[test]
fn a_main_accounts_key_is_stopped_where_its_trunks_have_credentials_that_the_subaccount_lacks() {
    let mut project = project(SUBACCOUNT_TOKEN);
    project.succeed(&["sync-twilio", "--all"]);
    let before = project.files("");
    project.place.variables.remove("TWILIO_AUTH_TOKEN");
    project.place.set("TWILIO_API_KEY", API_KEY);
    project.place.set("TWILIO_API_SECRET", API_SECRET);
    let sync = project.run(&["sync-twilio", "--all"]);
    assert!(sync.code == 2 && sync.stderr.contains("that the key belongs to that account"), "{sync}");
    assert_eq!(project.read(DIRECTORY).as_bytes(), before[DIRECTORY]);
}

#[test]
fn a_subaccounts_name_with_the_main_accounts_token_opens_nothing() {
    let project = project(AUTH_TOKEN);
    let sync = project.run(&["sync-twilio", "--all"]);
    assert!(sync.code == 2 && sync.stderr.contains("refused the key with status 401"), "{sync}");
}

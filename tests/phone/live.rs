//! `phone list` and `phone get`: what Retell has now, written nowhere.

use crate::phone::fixture::{LINE, Project};

#[test]
fn a_list_is_what_retell_has_now_in_the_shape_of_every_listing() {
    let project = Project::synced();
    project.sandbox.reassign("production", LINE, "survey").unwrap();
    let (code, rows) = project.json(&["phone", "list", "-w", "production"]);
    let row = rows.as_array().unwrap().iter().find(|row| row["phone_number"] == LINE).unwrap();
    assert_eq!((code, &row["agent_path"], &row["workspace"]), (0, &"agents/survey".into(), &"production".into()));
    assert_eq!(project.assignment("production", LINE)["agent_path"], "agents/customer-service");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    assert!(project.done(&["phone", "list", "-w", "production"]).contains("agents/survey"));
}

#[test]
fn one_number_is_shown_with_its_trunk_and_its_agents() {
    let project = Project::synced();
    let (code, number) = project.json(&["phone", "get", "(415) 555-0101", "-w", "staging"]);
    assert_eq!((code, &number["format_version"], &number["phone_number"]), (0, &1.into(), &LINE.into()));
    assert_eq!(number["assignment"]["agent_path"], "agents/customer-service");
    assert_eq!(number["termination_uri"], "main-retell.pstn.twilio.com");
    assert_eq!(project.requests(), [format!("GET /get-phone-number/{LINE}"), "GET /get-api-key-info".to_owned()]);
    let text = project.done(&["phone", "get", LINE, "-w", "staging"]);
    assert!(text.contains("agent_path: agents/customer-service"), "{text}");
    project.refused(2, &["phone", "get", "+13125550107", "-w", "staging"]);
}

#[test]
fn both_programs_have_the_command() {
    let project = Project::synced();
    let mut retell = std::process::Command::new(env!("CARGO_BIN_EXE_retell"));
    let phone_dir = project.command(&[]);
    for (name, value) in phone_dir.get_envs() {
        retell.env(name, value.unwrap_or_default());
    }
    let output =
        retell.args(["phone", "get", LINE, "--workspace", "staging"]).current_dir(project.path()).output().unwrap();
    assert!(output.status.success());
}

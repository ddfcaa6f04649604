//! Who answered that call: the store joined with git's history.

use phone_dir::sandbox::{SandboxOptions, agent_id};
use serde_json::{Value, json};

use super::{sql, with_calls};
use crate::cli::fixture::Project;

/// A call of a number in production, in a stretch of time.
fn call_of(project: &Project, number: &str, condition: &str) -> String {
    let query = format!(
        "SELECT call_id FROM call WHERE workspace = 'production' AND number = '{number}' AND {condition} ORDER BY at_ms LIMIT 1"
    );
    sql(project, &query)
}

#[test]
fn a_call_names_the_agent_the_commit_and_the_person_of_its_own_time() {
    let mut project = with_calls(150, 3);
    // The directory began before the calls did, and was changed by another person in between.
    let early = "2025-11-15T00:00:00Z";
    for role in ["AUTHOR", "COMMITTER"] {
        project.place.set(&format!("GIT_{role}_DATE"), early);
    }
    project.git(&["commit", "--quiet", "--amend", "--no-edit", "--date", early]);
    project.sandbox.reassign("production", "+14155550101", "sales-agent").unwrap();
    for role in ["AUTHOR", "COMMITTER"] {
        project.place.set(&format!("GIT_{role}_DATE"), "2025-11-19T00:00:00Z");
        project.place.set(&format!("GIT_{role}_NAME"), "Grace Later");
    }
    project.succeed(&["sync", "--quiet"]);
    project.succeed(&["usage", "pull", "--quiet"]);
    let first = project.git(&["rev-list", "--max-parents=0", "HEAD"]).trim().to_owned();
    let second = project.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let change = "1763510400000";
    let before = call_of(&project, "+14155550101", &format!("direction = 'inbound' AND at_ms < {change}"));
    let (code, told) = project.json(&["usage", "call", &before]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(told["call_id"], json!(before));
    assert_eq!((&told["phone_number"], &told["workspace"]), (&json!("+14155550101"), &json!("production")));
    assert_eq!(told["agent_id"], json!(agent_id("production", "customer-service")));
    assert_eq!(told["agent_path"], "agents/customer-service");
    assert_eq!((&told["commit"], &told["agrees"]), (&json!(first), &json!(true)), "{told}");
    assert!(told["author"].as_str().unwrap().contains("Test Author"), "{told}");
    // The sandbox's calls keep the agent of its start: after the change, git says another.
    let after = call_of(&project, "+14155550101", &format!("direction = 'inbound' AND at_ms >= {change}"));
    let (code, told) = project.json(&["usage", "call", &after]);
    assert_eq!(code, 0, "{told}");
    assert_eq!((&told["commit"], &told["agrees"]), (&json!(second), &json!(false)), "{told}");
    assert_eq!(told["git_agent_paths"], json!(["agents/sales-agent"]));
    assert!(told["author"].as_str().unwrap().contains("Grace Later"), "{told}");
    let text = project.succeed(&["usage", "call", &after]);
    assert!(text.contains("git said agents/sales-agent when the call began"), "{text}");
}

#[test]
fn a_call_before_the_directorys_time_is_told_without_a_commit_and_with_exit_code_3() {
    let project = with_calls(60, 8);
    project.succeed(&["usage", "pull", "--quiet"]);
    let call = call_of(&project, "+14155550101", "1");
    let (code, told) = project.json(&["usage", "call", &call]);
    assert_eq!((code, &told["commit"]), (3, &Value::Null), "{told}");
    assert!(told["gap"].as_str().unwrap().contains("the history starts after"), "{told}");
    assert_eq!(told["agent_path"], "agents/customer-service");
    assert_eq!(project.run(&["usage", "call", "call_0"]).code, 3);
    assert_eq!(project.run(&["usage", "call", "+12025550123"]).code, 2);
    let other = Project::synced_with(SandboxOptions::default());
    assert_eq!(other.run(&["usage", "call", &call]).code, 3);
}

//! Reads that do not arrive whole: exit 3, nothing removed or cleared, the other reads applied.

use crate::cli::fixture::{Project, differences};

const MOVED: &str = "+14155550101";
const STAGING: &str = "phone-numbers/staging";

/// Syncs while staging's list of numbers goes wrong in one way, and production has a change.
fn with_a_fault_in_staging(fault: &str) -> Project {
    let project = Project::synced();
    project.sandbox.reassign("production", MOVED, "sales-agent").unwrap();
    project.sandbox.reassign("staging", MOVED, "sales-agent").unwrap();
    project.fault(&format!("{fault},provider=retell,path=list-phone-numbers,workspace=staging"));
    project
}

/// What was read whole is committed, and staging's files stay byte for byte.
fn leaves_staging_alone(fault: &str) {
    let project = with_a_fault_in_staging(fault);
    let before = project.files(STAGING);
    let (code, report) = project.json(&["sync", "--all"]);
    assert_eq!((code, report["status"].as_str()), (3, Some("incomplete")), "{report}");
    assert_eq!(differences(&before, &project.files(STAGING)), "");
    assert_eq!(Project::changes(&report), [format!("{MOVED} reassigned production")]);
    let message = project.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("Phone-Dir-Status: incomplete"), "{message}");
    let error = report["reads"].as_array().unwrap().iter().find_map(|read| read["error"].as_str());
    assert!(error.is_some_and(|error| error.contains("Retell (workspace `staging`)")), "{report}");
}

#[test]
fn a_web_page_with_status_200_leaves_its_workspace_alone() {
    leaves_staging_alone("html");
}

#[test]
fn a_broken_body_leaves_its_workspace_alone() {
    leaves_staging_alone("truncate");
}

#[test]
fn half_an_answer_leaves_its_workspace_alone() {
    leaves_staging_alone("half-json");
}

#[test]
fn an_expired_key_leaves_its_workspace_alone() {
    leaves_staging_alone("status:401");
}

#[test]
fn a_redirect_leaves_its_workspace_alone() {
    leaves_staging_alone("redirect");
}

#[test]
fn an_answer_of_the_wrong_shape_leaves_its_workspace_alone() {
    leaves_staging_alone("wrong-type");
}

#[test]
fn a_provider_that_is_down_fails_one_read_and_not_the_others() {
    let project = Project::synced();
    project.fault("status:401,provider=twilio");
    let before = project.files("phone-numbers");
    let (code, report) = project.json(&["sync", "--all"]);
    assert_eq!((code, report["status"].as_str()), (3, Some("incomplete")), "{report}");
    assert_eq!(differences(&before, &project.files("phone-numbers")), "changed phone-numbers/twilio/sync.json\n");
    assert_eq!(project.commits(), 1);
}

#[test]
fn a_sync_that_reads_nothing_has_failed() {
    let project = Project::synced();
    project.fault("html");
    let before = project.files("phone-numbers");
    let (code, report) = project.json(&["sync", "--all"]);
    assert_eq!((code, report["status"].as_str()), (2, Some("failed")), "{report}");
    assert!(report["error"]["message"].is_string() && report["error"]["hint"].is_string(), "{report}");
    assert_eq!(differences(&before, &project.files("phone-numbers")), "changed phone-numbers/twilio/sync.json\n");
}

#[test]
fn a_page_key_that_repeats_is_an_incomplete_read() {
    let options = phone_dir::sandbox::SandboxOptions { numbers: 1200, ..Default::default() };
    let project = Project::synced_with(options);
    project.fault("repeat-page,provider=retell,workspace=staging");
    let (code, report) = project.json(&["sync-retell", "-w", "staging"]);
    assert_eq!(code, 2, "its only read failed: {report}");
    assert_eq!(report["reads"][0]["status"], "partial");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_page_link_to_another_host_is_not_followed() {
    let options = phone_dir::sandbox::SandboxOptions { numbers: 1200, ..Default::default() };
    let project = Project::synced_with(options);
    project.fault("foreign-page,provider=twilio");
    let (code, report) = project.json(&["sync-twilio"]);
    assert_eq!(code, 2, "{report}");
    let error = report["reads"][0]["error"].as_str().unwrap();
    assert!(error.contains("another host") || error.contains("localhost"), "{error}");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_passing_fault_is_retried_and_nobody_notices() {
    let project = Project::synced();
    project.fault("status:429,retry-after=0,first=1");
    project.fault("reset,provider=retell,nth=2");
    let (code, report) = project.json(&["sync", "--all"]);
    assert_eq!((code, report["status"].as_str()), (0, Some("unchanged")), "{report}");
}

//! `drift`: what differs and who moved; nothing is ever written.

use serde_json::Value;

use crate::phone::fixture::{LINE, Project, agent, stdout};

/// Runs `drift` and checks that it wrote nothing anywhere.
fn drift(project: &Project, extra: &[&str]) -> (i32, Value) {
    let before = snapshot(project);
    let result = project.json(&[["drift"].as_slice(), extra].concat());
    assert_eq!(snapshot(project), before);
    assert_eq!(project.changes_sent(), 0);
    result
}

/// Every file of the directory, and HEAD.
fn snapshot(project: &Project) -> String {
    let sync = std::fs::read_to_string(project.path().join("phone-numbers/twilio/sync.json")).unwrap();
    format!("{}{}{sync}", project.git(&["rev-parse", "HEAD"]), project.git(&["diff", "HEAD"]))
}

fn edit(project: &Project, path: &str, from: &str, to: &str) {
    let path = project.path().join(path);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

/// One sync that made a commit, so that there is one to compare with.
fn with_a_sync() -> Project {
    let project = Project::synced();
    project.sandbox.reassign("production", "+14155550104", "survey").unwrap();
    project.done(&["sync", "--all"]);
    project.sandbox.clear_requests();
    project
}

fn moved<'a>(report: &'a Value, number: &str) -> &'a Value {
    let changes = report["changes"].as_array().unwrap();
    &changes.iter().find(|change| change["phone_number"] == number).unwrap()["moved"]
}

#[test]
fn a_directory_in_step_ends_with_0() {
    let project = with_a_sync();
    let (code, report) = drift(&project, &[]);
    assert_eq!((code, &report["status"], &report["changes"]), (0, &"in-sync".into(), &Value::Array(Vec::new())));
    assert_eq!(
        (&report["format_version"], &report["commit"], report["reads"].as_array().unwrap().len()),
        (&1.into(), &project.git(&["rev-parse", "HEAD"]).into(), 3)
    );
    assert!(project.done(&["drift"]).contains("In step"));
}

#[test]
fn what_moved_at_the_provider_is_told_from_what_moved_in_git() {
    let project = with_a_sync();
    let head = project.git(&["rev-parse", "HEAD"]);
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    let (code, report) = drift(&project, &[]);
    assert_eq!((code, &report["status"], &report["commit"]), (1, &"drift".into(), &head.as_str().into()));
    assert_eq!(moved(&report, LINE), "live");
    let change = &report["changes"][0];
    let field = change["fields"].as_array().unwrap().iter().find(|it| it["field"] == "inbound_agent_id").unwrap();
    assert_eq!(field["from"], agent("production", "customer-service"));
    assert_eq!((&field["to"], &field["moved"]), (&agent("production", "sales-agent").into(), &"live".into()));

    let path = "phone-numbers/production/numbers.json";
    edit(&project, path, "Emergency Line", "Edited by hand");
    edit(&project, path, "Customer Service Line", "Edited too");
    project.git(&["commit", "--quiet", "--all", "--message", "an edit"]);
    let (_, report) = drift(&project, &["--workspace", "production"]);
    assert_eq!(moved(&report, "+12125550105"), "git");
    assert_eq!(moved(&report, LINE), "both");
}

#[test]
fn a_change_of_this_program_is_a_state_that_was_read_back() {
    let project = with_a_sync();
    project.done(&["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    let update = project.git(&["rev-parse", "HEAD"]);
    project.sandbox.clear_requests();
    assert_eq!(drift(&project, &[]).0, 0);
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    let (_, report) = drift(&project, &[]);
    assert_eq!((moved(&report, LINE), &report["commit"]), (&"live".into(), &update.as_str().into()));
}

#[test]
fn squashed_or_not_and_whatever_its_message_says_a_commit_tells_what_both_sides_had() {
    let project = Project::synced();
    project.sandbox.reassign("production", LINE, "survey").unwrap();
    project.done(&["sync", "--all", "--no-commit"]);
    project.git(&["commit", "--quiet", "--all", "--message", "Something of a person"]);
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    edit(&project, "phone-numbers/production/numbers.json", "Emergency Line", "Edited by hand");
    let trailers = "Phone-Dir-Source: sync --all\nPhone-Dir-Status: success";
    project.git(&["commit", "--quiet", "--all", "-m", "phone-dir: sync", "-m", trailers]);
    let (_, report) = drift(&project, &[]);
    assert_eq!((moved(&report, "+12125550105"), moved(&report, LINE)), (&"git".into(), &"live".into()));
}

#[test]
fn without_a_commit_that_tells_the_sides_only_differ() {
    let project = Project::synced();
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    std::fs::remove_dir_all(project.path().join(".git")).unwrap();
    let (code, report) = project.json(&["drift"]);
    assert_eq!((code, moved(&report, LINE), &report["commit"]), (1, &Value::Null, &Value::Null));
    let output = project.run(&["drift"]);
    assert!(stdout(&output).contains("nothing tells which side moved"), "{}", stdout(&output));
}

#[test]
fn an_incomplete_read_is_3_and_none_at_all_is_2_whatever_drifted() {
    let project = with_a_sync();
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    project.sandbox.add_fault("status:400,workspace=staging".parse().unwrap());
    let (code, report) = drift(&project, &[]);
    assert_eq!((code, &report["status"], moved(&report, LINE)), (3, &"incomplete".into(), &"live".into()));
    project.sandbox.add_fault("status:400".parse().unwrap());
    let (code, report) = drift(&project, &[]);
    assert_eq!((code, &report["status"]), (2, &"failed".into()));
    assert!(report["error"]["message"].as_str().unwrap().contains("status 400"));
}

#[test]
fn markdown_is_a_table_whose_cells_cannot_act() {
    let project = with_a_sync();
    edit(&project, "phone-numbers/production/numbers.json", "Emergency Line", "<b>@team</b> | `x`");
    let output = project.run(&["drift", "--format", "markdown"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("| `+12125550105` | `production` | `nickname` | `` <b>@team</b> \\| `x` `` |"), "{text}");
}

#[test]
fn one_provider_can_be_asked_alone() {
    let project = with_a_sync();
    drift(&project, &["--provider", "retell"]);
    assert!(
        project.requests().iter().all(|request| request.contains("list-") || request.contains("api-key-info")),
        "{:?}",
        project.requests()
    );
}

#[test]
fn in_a_shallow_clone_the_difference_is_told_and_that_its_side_is_unknown() {
    let project = with_a_sync();
    project.sandbox.reassign("production", "+12125550105", "survey").unwrap();
    let (code, report) = drift(&project, &[]);
    assert_eq!((code, moved(&report, "+12125550105")), (1, &"live".into()));

    let address = format!("file://{}", project.path().display());
    project.git(&["clone", "--quiet", "--depth", "1", &address, "shallow"]);
    let output = project.run(&["-C", "shallow", "drift", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), moved(&report, "+12125550105")), (Some(1), &Value::Null), "{report:#}");
    let notes: Vec<_> = report["findings"].as_array().unwrap().iter().map(|it| it["message"].to_string()).collect();
    assert!(notes.iter().any(|note| note.contains("this clone is shallow")), "{notes:?}");
    let output = project.run(&["-C", "shallow", "drift"]);
    assert!(stdout(&output).contains("nothing tells which side moved"), "{}", stdout(&output));
}

#[test]
fn a_person_reads_which_side_moved_once_agents_by_their_folders_and_what_to_do_last() {
    let project = with_a_sync();
    project.done(&["edit", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    project.sandbox.reassign("production", "+14155550104", "sales-agent").unwrap();
    let shown = stdout(&project.run(&["drift"]));
    let parts = [
        "Drift: 2 numbers differ",
        "The directory moved: decided in git, and not live:\n  +14155550101 (production) inbound_agents: git agents/survey",
        "The provider moved:\n  +14155550104 reassigned agents/survey → agents/sales-agent (production)\n",
        "\nNext:\n  phone-dir sync --all",
    ];
    let places: Vec<_> =
        parts.iter().map(|part| shown.find(part).unwrap_or_else(|| panic!("{part}\n{shown}"))).collect();
    assert!(places.is_sorted() && shown.ends_with("brings Retell what git decided\n"), "{shown}");
    assert!(!shown.contains("agent_production_") && !shown.contains("[{"), "{shown}");
}

#[test]
fn an_agents_folder_that_was_removed_is_no_decision_and_a_sync_writes_that_down() {
    let project = with_a_sync();
    project.git(&["rm", "-rq", "agents/customer-service"]);
    project.git(&["commit", "--quiet", "--message", "The folder goes"]);
    let shown = stdout(&project.run(&["drift"]));
    assert!(shown.contains("Only the agents' folders differ, and not who answers:\n  +14155550101"), "{shown}");
    assert!(
        !shown.contains("decided in git") && shown.ends_with("phone-dir sync --all   brings the directory in step\n"),
        "{shown}"
    );
    assert_eq!(moved(&drift(&project, &[]).1, LINE), "git");
    project.done(&["sync", "--all"]);
    assert!(stdout(&project.run(&["drift"])).contains("In step"));
}

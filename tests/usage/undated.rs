//! Calls that have no start: no list by time has them, and a reading looks for them once a day.

use phone_dir::sandbox::CallRequest;
use serde_json::json;

use super::{sql, with_calls};
use crate::cli::fixture::Project;

const NUMBER: &str = "+14155550101";

/// Lets a call of our number come to nothing, to which Retell gives no start.
fn never_connected(project: &Project) -> String {
    let call = CallRequest {
        from: Some(NUMBER.to_owned()),
        reason: Some("dial_failed".to_owned()),
        without_start: true,
        ..CallRequest::default()
    };
    project.sandbox.make_call(&call).unwrap()
}

fn row(project: &Project, id: &str) -> String {
    sql(project, &format!("SELECT number, status, reason, at_ms, pulled FROM call WHERE call_id = '{id}'"))
}

fn asked(project: &Project) -> usize {
    project.sandbox.requests().iter().filter(|request| request.path.contains("list-calls")).count()
}

#[test]
fn a_call_without_a_start_is_read_once_a_day_and_counted_once() {
    let mut project = with_calls(60, 8);
    let first = never_connected(&project);
    let (code, answer) = project.json(&["usage", "pull", "-w", "production"]);
    assert_eq!((code, answer["status"].as_str()), (0, Some("success")), "{answer}");
    assert_eq!(row(&project, &first), format!("{NUMBER}|not_connected|dial_failed||1"));
    assert_eq!(project.json(&["usage"]).1["undated_calls"], 1);
    // Not before the next day, and then each once.
    let second = never_connected(&project);
    project.sandbox.clear_requests();
    project.succeed(&["usage", "pull", "-w", "production"]);
    assert_eq!((row(&project, &second), asked(&project)), (String::new(), 1));
    project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:00Z");
    let (_, answer) = project.json(&["usage", "pull", "-w", "production"]);
    assert_eq!(answer["new_calls"], 1, "{answer}");
    assert_eq!(row(&project, &second), format!("{NUMBER}|not_connected|dial_failed||1"));
    project.place.set("PHONE_DIR_NOW", "2025-11-22T12:00:00Z");
    assert_eq!(project.json(&["usage", "pull", "-w", "production"]).1["new_calls"], 0);
    assert_eq!(sql(&project, "SELECT sum(calls) FROM day WHERE day = ''"), "2");
    assert_eq!(project.json(&["usage", "doctor"]).1["status"], "ok");
}

#[test]
fn a_search_that_is_disturbed_is_exit_code_3_and_made_again() {
    let project = with_calls(60, 8);
    let id = never_connected(&project);
    project.fault("pages:9,path=list-calls");
    let pages = {
        let other = project.copy(crate::usage::options(60, 8));
        never_connected(&other);
        other.fault("pages:9,path=list-calls");
        other.succeed(&["usage", "pull", "-w", "production"]);
        asked(&other)
    };
    // The last page that is asked for is the search's from the oldest call on.
    project.fault(&format!("html,path=list-calls,nth={pages}"));
    let (code, answer) = project.json(&["usage", "pull", "-w", "production"]);
    assert_eq!((code, &answer["reads"][0]["status"]), (3, &json!("partial")), "{answer}");
    assert_ne!(row(&project, &id), "", "what came stays");
    project.sandbox.clear_faults();
    project.sandbox.clear_requests();
    project.succeed(&["usage", "pull", "-w", "production"]);
    assert_eq!(asked(&project), 3, "a page of what is new, and one from each end of those that came to nothing");
    project.succeed(&["usage", "pull", "-w", "production"]);
    assert_eq!((asked(&project), sql(&project, "SELECT sum(calls) FROM day WHERE day = ''")), (4, "1".to_owned()));
}

#[test]
fn a_search_goes_no_further_back_than_the_calls_that_are_known() {
    let project = with_calls(200, 30);
    project.fault("pages:5,path=list-calls,workspace=staging");
    project.succeed(&["usage", "pull", "-w", "production", "--since", "2d"]);
    // One of those that came to nothing in 30 days would be many pages of five.
    project.sandbox.clear_requests();
    project.succeed(&["usage", "pull", "-w", "staging", "--since", "2d"]);
    let in_days: usize = sql(&project, "SELECT count(*) FROM call WHERE workspace = 'staging'").parse().unwrap();
    let to_nothing: usize =
        sql(&project, "SELECT count(*) FROM call WHERE workspace = 'staging' AND status IN ('not_connected', 'error')")
            .parse()
            .unwrap();
    let due = in_days.div_ceil(5) + to_nothing.div_ceil(5) + 1;
    assert!(asked(&project) <= due + 1, "{} pages, {in_days} calls, {to_nothing} to nothing", asked(&project));
}

#[test]
fn an_erased_call_without_a_start_does_not_come_again() {
    let mut project = with_calls(10, 2);
    never_connected(&project);
    project.succeed(&["usage", "pull", "-w", "production"]);
    for now in ["2026-03-10T12:00:00Z", "2026-03-12T12:00:00Z"] {
        project.place.set("PHONE_DIR_NOW", now);
        project.succeed(&["usage", "pull", "-w", "production"]);
        assert_eq!(sql(&project, "SELECT count(*) FROM call WHERE at_ms IS NULL"), "0");
        assert_eq!(sql(&project, "SELECT sum(calls) FROM day WHERE day = ''"), "1", "{now}");
    }
}

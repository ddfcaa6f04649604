//! Calls at a time: what Retell says now, and what the store of calls knows.

use phone_dir::sandbox::MadeUpConcurrency;
use serde_json::{Value, json};

use super::{FREE, with_pool, with_pool_over};
use crate::usage::{has, options, sql};

const THRESHOLDS: &str = "[capacity.concurrency.production]\nwarn = 0.80\nerror = 0.95\n";

fn calls<'a>(answer: &'a Value, workspace: &str) -> &'a Value {
    answer["concurrency"].as_array().unwrap().iter().find(|row| row["workspace"] == workspace).unwrap()
}

fn set(current: u64, burst: bool) -> MadeUpConcurrency {
    MadeUpConcurrency { current: Some(current), limit: 20, reserved_inbound: 5, burst }
}

#[test]
fn retell_is_asked_only_when_that_is_wanted() {
    let project = with_pool(&FREE);
    project.sandbox.clear_requests();
    let (code, answer) = project.json(&["capacity"]);
    assert_eq!((code, &answer["concurrency"], project.sandbox.requests().len()), (0, &json!([]), 0));
    project.sandbox.set_concurrency("production", set(3, false));
    let (code, answer) = project.json(&["capacity", "--live"]);
    let row = calls(&answer, "production");
    assert_eq!((code, &row["current"], &row["limit"], &row["reserved_inbound"]), (0, &json!(3), &json!(20), &json!(5)));
    assert_eq!((&row["burst_limit"], &row["peak_30d"], &row["verdict"]), (&Value::Null, &Value::Null, &json!("ok")));
    let paths: Vec<_> = project.sandbox.requests().iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths, ["/get-concurrency", "/get-concurrency"]);
}

#[test]
fn a_share_of_the_limit_is_a_warning_or_an_error_and_bursts_count_where_that_is_said() {
    let project = with_pool(&FREE);
    project.write("phone-dir.toml", THRESHOLDS);
    for (current, plain, strict) in [(15, 0, 0), (16, 0, 1), (19, 1, 1)] {
        project.sandbox.set_concurrency("production", set(current, true));
        assert_eq!(project.run(&["capacity", "--live"]).code, plain, "{current}");
        assert_eq!(project.run(&["capacity", "--live", "--strict"]).code, strict, "{current}");
    }
    let said = project.run(&["capacity", "--live"]).stdout;
    assert!(said.starts_with("error: production: 19 of 20 calls at a time, and `error` is 0.95\n"), "{said}");
    project.write("phone-dir.toml", &format!("{THRESHOLDS}count_burst = true\n"));
    assert_eq!(project.run(&["capacity", "--live", "--strict"]).code, 0);
}

#[test]
fn a_workspace_that_cannot_be_read_is_unknown_and_never_fine() {
    let project = with_pool(&FREE);
    project.fault("status:401,provider=retell,workspace=production,path=get-concurrency");
    let (code, answer) = project.json(&["capacity", "--live"]);
    assert_eq!((code, &answer["status"]), (3, &json!("unknown")));
    assert_eq!(
        (&calls(&answer, "production")["verdict"], &calls(&answer, "staging")["verdict"]),
        (&json!("unknown"), &json!("ok"))
    );
    let metrics = project.run(&["capacity", "--live", "--format", "metrics"]).stdout;
    assert!(metrics.contains("phone_dir_capacity_known 0\n"), "{metrics}");
    assert!(!metrics.contains("phone_dir_concurrency_calls{workspace=\"production\"}"), "{metrics}");
}

#[test]
fn peaks_and_lost_calls_come_from_the_store_and_a_limit_that_was_hit_is_told_first() {
    let project = with_pool_over(options(400, 5), &FREE);
    project.succeed(&["usage", "pull", "--quiet"]);
    let (code, answer) = project.json(&["capacity"]);
    let row = calls(&answer, "production");
    assert_eq!((code, &answer["status"], &row["verdict"]), (0, &json!("exhausted"), &json!("exhausted")), "{answer:#}");
    assert!(answer["coverage"].as_array().unwrap().len() == 2, "{answer:#}");
    if has("sqlite3") {
        let lost = sql(&project, "SELECT count(*) FROM call WHERE workspace = 'production' AND outcome = 'lost'");
        assert_eq!(row["lost_30d"].to_string(), lost);
        // The most calls at a time are found where one begins: counted again for each beginning, call by call.
        let peak = sql(
            &project,
            "SELECT max((SELECT count(*) FROM call b WHERE b.workspace = a.workspace AND b.at_ms <= a.at_ms \
             AND ifnull(b.end_ms, b.at_ms + b.duration_ms) > a.at_ms)) FROM call a \
             WHERE a.workspace = 'production' AND a.outcome <> 'lost'",
        );
        assert_eq!(row["peak_30d"].to_string(), peak);
    }
    let said = project.succeed(&["capacity"]);
    assert!(
        said.starts_with("warning: ")
            && said.contains("\nwarning: production: ")
            && said.contains("for want of concurrency"),
        "{said}"
    );
    project.write("phone-dir.toml", THRESHOLDS);
    assert_eq!(project.run(&["capacity"]).code, 1, "a limit that was hit is an error where one is set");
}

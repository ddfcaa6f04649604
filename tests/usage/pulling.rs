//! Reading calls: resumable, whole or exit code 3, and the same rows however often it is disturbed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

use super::{another_writer, sql, with_calls};
use crate::cli::fixture::Project;

/// Every call of the store with all that is known of it, but for when Retell was asked.
fn stored(project: &Project) -> String {
    sql(
        project,
        "SELECT workspace, call_id, number, direction, agent_id, agent_version, agent_tag, start_ms, end_ms, duration_ms, \
         status, reason, cost_udollar FROM call ORDER BY workspace, call_id",
    )
}

#[test]
fn a_fault_at_each_page_is_exit_code_3_and_the_rows_become_those_of_an_undisturbed_reading() {
    let project = with_calls(100, 10);
    let undisturbed = project.copy(crate::usage::options(100, 10));
    undisturbed.succeed(&["usage", "pull", "-w", "production", "--since", "11d"]);
    let expected = stored(&undisturbed);
    let kinds = ["html", "status:400", "wrong-type", "redirect", "status:403"];
    let mut pages = 0;
    loop {
        // Each run stores one page more and fails at the next.
        project.sandbox.clear_faults();
        project.fault("pages:9,path=list-calls");
        project.fault(&format!("{},path=list-calls,from=2", kinds[pages % kinds.len()]));
        let run = project.run(&["usage", "pull", "-w", "production", "--since", "11d"]);
        pages += 1;
        assert_eq!(run.code, 3, "page {pages}: {run}");
        if project.run(&["usage", "-w", "production"]).code == 0 {
            assert!(stored(&project) == expected, "nothing is known before the last page");
            break;
        }
        assert!(pages < 100, "the reading does not get on: {run}");
    }
    assert!(pages >= 45, "{pages} pages");
    // What is left is the search for calls without a start.
    project.sandbox.clear_faults();
    project.succeed(&["usage", "pull", "-w", "production", "--since", "11d"]);
    assert_eq!(stored(&project), expected);
    assert_eq!(project.run(&["usage", "-w", "production"]).code, 0);
}

#[test]
fn a_key_that_leads_in_a_circle_is_incomplete_and_the_next_reading_begins_again() {
    let project = with_calls(60, 8);
    let undisturbed = project.copy(crate::usage::options(60, 8));
    undisturbed.succeed(&["usage", "pull"]);
    project.fault("pages:20,path=list-calls");
    project.fault("repeat-page,path=list-calls,workspace=production");
    let (code, answer) = project.json(&["usage", "pull"]);
    assert_eq!((code, answer["status"].as_str()), (3, Some("incomplete")), "{answer}");
    assert_eq!(answer["reads"][0]["status"], "complete");
    assert_eq!(answer["reads"][1]["status"], "partial");
    project.sandbox.clear_faults();
    project.succeed(&["usage", "pull"]);
    assert_eq!(stored(&project), stored(&undisturbed));
}

#[test]
fn a_refused_key_is_exit_code_2_and_one_refused_workspace_of_two_is_3() {
    let project = with_calls(60, 8);
    project.fault("status:401,path=list-calls");
    assert_eq!(project.run(&["usage", "pull"]).code, 2);
    project.sandbox.clear_faults();
    project.fault("status:401,path=list-calls,workspace=staging");
    assert_eq!(project.run(&["usage", "pull"]).code, 3);
    assert_eq!(project.run(&["usage", "-w", "production"]).code, 0);
}

#[test]
fn a_killed_reading_goes_on_where_it_stopped() {
    let project = with_calls(60, 8);
    let undisturbed = project.copy(crate::usage::options(60, 8));
    undisturbed.succeed(&["usage", "pull", "-w", "production"]);
    project.fault("pages:20,path=list-calls");
    project.fault("hang,path=list-calls,nth=5");
    let words = ["usage", "pull", "-w", "production"];
    let mut command = project.command(cargo_bin("phone-dir"), &words);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while project.sandbox.requests().len() < 5 {
        assert!(Instant::now() < deadline && child.try_wait().unwrap().is_none(), "the fifth page was never asked for");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    project.sandbox.clear_faults();
    project.sandbox.clear_requests();
    assert_eq!(sql(&project, "SELECT count(*) FROM call"), "80");
    project.succeed(&words);
    assert_eq!(stored(&project), stored(&undisturbed));
    let (_, answer) = project.json(&words);
    assert_eq!(answer["new_calls"], 0);
}

#[test]
fn a_reading_waits_for_another_writer_for_seconds_and_then_says_so_and_keeps_nothing_of_a_page() {
    let project = with_calls(60, 8);
    project.succeed(&["usage", "pull", "-w", "staging", "--quiet"]);
    let before = stored(&project);
    let other = another_writer(&project);
    let started = Instant::now();
    let run = project.run(&["usage", "pull"]);
    let waited = started.elapsed();
    assert!(run.code == 2 && run.stderr.contains("another phone-dir writes to it"), "{run}");
    assert!(waited >= Duration::from_secs(2) && waited < Duration::from_secs(60), "{waited:?}");
    assert_eq!(project.run(&["usage", "-w", "staging"]).code, 0, "a question waits for nobody");
    let run = project.run(&["usage", "forget", "--older-than", "1d"]);
    assert!(run.code == 2 && run.stderr.contains("another phone-dir writes to it"), "{run}");
    drop(other);
    assert_eq!(stored(&project), before);
    project.succeed(&["usage", "pull", "--quiet"]);
    assert_eq!(project.json(&["usage", "doctor"]).1["status"], "ok");
}

#[test]
fn a_later_reading_brings_what_is_new_and_costs_that_came_late() {
    let mut project = with_calls(60, 8);
    project.place.set("PHONE_DIR_NOW", "2025-11-18T12:00:00Z");
    project.succeed(&["usage", "pull", "--since", "2025-11-15"]);
    let first: u32 = sql(&project, "SELECT count(*) FROM call").parse().unwrap();
    project.place.set("PHONE_DIR_NOW", crate::cli::fixture::LATER);
    project.sandbox.clear_requests();
    let (code, answer) = project.json(&["usage", "pull"]);
    assert_eq!((code, answer["status"].as_str()), (0, Some("success")), "{answer}");
    assert_eq!(
        project.sandbox.requests().len(),
        6,
        "a page of each, and one from each end of those that came to nothing"
    );
    assert!(sql(&project, "SELECT count(*) FROM call").parse::<u32>().unwrap() > first);
    assert_eq!(answer["coverage"][0]["complete_from"], "2025-11-15T00:00:00Z");
    assert_eq!(answer["coverage"][0]["complete_until"], "2025-11-20T11:59:00Z");
    let (_, back) = project.json(&["usage", "pull", "--since", "2025-11-13"]);
    assert_eq!(back["coverage"][1]["complete_from"], "2025-11-13T00:00:00Z");
}

//! Numbers: what is free, why the others are not, and when none is left.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{BUSY, FREE, at_week, pool, with_pool};
use crate::cli::fixture::{Place, Project};

/// A pool of eight, all free in the beginning, of which one more is taken each week.
fn taken_weekly(weeks: usize) -> Project {
    let mut project = with_pool(&[&FREE[..], &BUSY].concat());
    let free = BUSY.to_vec();
    for number in &free {
        project.succeed(&[
            "edit",
            number,
            "-w",
            "staging",
            "--inbound-agent",
            "none",
            "--outbound-agent",
            "none",
            "--quiet",
        ]);
    }
    forget_live(&project);
    for week in 1..=weeks {
        at_week(&mut project, i64::try_from(week).unwrap());
        project.succeed(&["edit", free[week - 1], "-w", "staging", "--inbound-agent", "agents/survey", "--quiet"]);
    }
    project
}

/// Says that Retell has what git decided, as the next sync would.
fn forget_live(project: &Project) {
    let path = "phone-numbers/staging/numbers.json";
    let mut file: Value = serde_json::from_str(&project.read(path)).unwrap();
    for number in file["numbers"].as_array_mut().unwrap() {
        number.as_object_mut().unwrap().remove("live");
    }
    project.write(path, &(serde_json::to_string_pretty(&file).unwrap() + "\n"));
    project.git(&["commit", "--quiet", "--all", "--message", "Apply what was decided"]);
}

#[test]
fn a_steady_rate_says_when_a_pool_is_empty() {
    let project = taken_weekly(5);
    let (code, answer) = project.json(&["capacity"]);
    let sales = pool(&answer, "sales");
    assert_eq!((code, &sales["free"], &sales["in_service"]), (0, &json!(3), &json!(5)), "{answer:#}");
    assert_eq!(sales["per_week"], json!({"median": 1, "p90": 1, "weeks": 5}));
    assert_eq!((&sales["empty_after"], &sales["empty_in_weeks"]), (&json!("2026-01-15"), &json!({"from": 3, "to": 3})));
    let text = project.succeed(&["capacity"]);
    assert!(text.contains("pool sales") && text.contains("empty in 3 weeks (1 a week)"), "{text}");
    assert_eq!(project.git(&["status", "--porcelain"]), "", "a question writes nothing");
}

#[test]
fn fewer_than_four_weeks_foretell_nothing_and_that_is_said() {
    let project = taken_weekly(3);
    let (code, answer) = project.json(&["capacity"]);
    let sales = pool(&answer, "sales");
    assert_eq!(
        (code, &answer["status"], &sales["per_week"], &sales["empty_after"]),
        (0, &json!("ok"), &Value::Null, &Value::Null)
    );
    assert_eq!(sales["forecast"], "no forecast: 3 weeks of history, 4 are needed");
    assert!(project.succeed(&["capacity"]).contains("No forecast: 3 weeks of history, 4 are needed."));
}

#[test]
fn a_shallow_clone_cannot_tell_and_still_counts() {
    let project = taken_weekly(4);
    let folder = TempDir::new().unwrap();
    let clone = folder.path().join("clone").to_str().unwrap().to_owned();
    project.git(&["clone", "--quiet", "--depth=1", &format!("file://{}", project.root.display()), &clone]);
    let (code, answer) = project.json(&["-C", &clone, "capacity"]);
    assert_eq!((code, &answer["status"], &pool(&answer, "sales")["free"]), (3, &json!("unknown"), &json!(4)));
    assert!(project.run(&["-C", &clone, "capacity"]).stderr.contains("this clone is shallow"));
}

#[test]
fn thresholds_decide_how_it_ends_and_the_message_has_both_figures() {
    let project = with_pool(&FREE);
    let ends = |settings: &str, more: &[&str]| {
        project.write("phone-dir.toml", &format!("[[capacity.group]]\npool = \"sales\"\n{settings}\n"));
        let run = project.run(&[&["capacity"], more].concat());
        (run.code, run.stdout)
    };
    assert_eq!(ends("min_free = 2", &["--strict"]).0, 0);
    let (code, said) = ends("min_free = 3", &[]);
    assert_eq!(code, 1);
    assert!(said.starts_with("error: pool sales: 2 free, and `min_free` is 3\n"), "{said}");
    assert_eq!(ends("warn_free = 3", &[]).0, 0);
    assert_eq!(ends("warn_free = 3", &["--strict"]).0, 1);
    let (_, said) = ends("min_free = 3", &["--format", "github"]);
    assert_eq!(said, "::error title=capacity%3A pool sales::pool sales: 2 free, and `min_free` is 3\n");
}

#[test]
fn a_horizon_is_crossed_by_the_forecast() {
    let project = taken_weekly(5);
    for (horizon, code) in [("21d", 1), ("14d", 0)] {
        project.write("phone-dir.toml", &format!("[[capacity.group]]\npool = \"sales\"\nhorizon = \"{horizon}\"\n"));
        assert_eq!(project.run(&["capacity"]).code, code, "{horizon}");
    }
}

#[test]
fn a_pool_with_nothing_free_warns_without_any_threshold() {
    let project = with_pool(&BUSY);
    let (code, answer) = project.json(&["capacity"]);
    assert_eq!((code, &answer["status"]), (0, &json!("exhausted")));
    assert_eq!(project.run(&["capacity", "--strict"]).code, 1);
}

#[test]
fn numbers_are_counted_by_what_is_asked() {
    let project = with_pool(&FREE);
    for (by, key) in [("pool", "pool"), ("area", "area_code"), ("type", "type"), ("country", "country")] {
        let (code, answer) = project.json(&["capacity", "--by", by]);
        let groups = answer["groups"].as_array().unwrap();
        let total: u64 = groups.iter().map(|group| group["total"].as_u64().unwrap()).sum();
        assert_eq!((code, total), (0, 15), "{by}: {answer:#}");
        assert!(groups.iter().all(|group| group["match"].as_object().unwrap().contains_key(key)), "{answer:#}");
    }
    let (_, answer) = project.json(&["capacity", "--by", "workspace"]);
    let staging = answer["groups"].as_array().unwrap().iter().find(|group| group["match"]["workspace"] == "staging");
    let counted = |key: &str| staging.unwrap()[key].as_u64().unwrap();
    let parts: u64 = ["in_service", "free", "reserved", "quarantine", "retired", "not_imported", "unusable"]
        .map(counted)
        .iter()
        .sum();
    assert_eq!((counted("total"), parts), (15, 15));
    let why: u64 =
        staging.unwrap()["not_free"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(why, 15 - counted("free"));
}

#[test]
fn the_first_group_that_matches_a_number_counts_it() {
    let project = with_pool(&FREE);
    project.write(
        "phone-dir.toml",
        "[[capacity.group]]\narea_code = \"415\"\nmin_free = 1\n[[capacity.group]]\npool = \"sales\"\nmin_free = 2\n",
    );
    let (code, answer) = project.json(&["capacity"]);
    assert_eq!((code, &pool(&answer, "sales")["total"], &pool(&answer, "sales")["free"]), (1, &json!(1), &json!(1)));
}

#[test]
fn every_format_says_the_same() {
    let project = with_pool(&FREE);
    let csv = project.succeed(&["capacity", "--format", "csv"]);
    assert!(csv.lines().nth(1).unwrap().starts_with("numbers,pool sales,2,0,2,0,0,0,0,0,"), "{csv}");
    let markdown = project.succeed(&["capacity", "--format", "markdown"]);
    assert!(markdown.contains("| pool sales | 2 | 0 | 2 | 0 |"), "{markdown}");
    let metrics = project.succeed(&["capacity", "--format", "metrics"]);
    let line = "phone_dir_capacity_numbers{pool=\"sales\",area_code=\"\",type=\"\",country=\"\",workspace=\"\",state=\"free\"} 2\n";
    assert!(metrics.contains(line) && metrics.ends_with("phone_dir_capacity_known 1\n"), "{metrics}");
    assert_eq!(project.succeed(&["capacity", "--format", "github"]), "");
}

#[test]
fn outside_of_git_there_is_no_forecast_and_where_there_is_no_directory_nothing_can_be_told() {
    let project = with_pool(&FREE);
    std::fs::remove_dir_all(project.path(".git")).unwrap();
    let (code, answer) = project.json(&["capacity"]);
    assert_eq!((code, &pool(&answer, "sales")["forecast"]), (0, &json!("no forecast: there is no git history")));
    assert_eq!(Place::empty().run(&["capacity"]).code, 3);
}

#[test]
fn reports_tell_pools_and_the_page_shows_their_last_weeks_with_the_forecast() {
    let project = taken_weekly(5);
    let text = project.succeed(&["report"]);
    assert!(text.contains("By Pool:\n  sales: 8 numbers, 5 in service, 3 free\n"), "{text}");
    let (_, answer) = project.json(&["report"]);
    assert_eq!((&answer["pools"][0]["name"], &answer["pools"][0]["free"]), (&json!("sales"), &json!(3)));
    let page = project.succeed(&["report", "--format", "html"]);
    for told in [
        "<h2 id=\"pools\">",
        "3 of 8 free, 5 in service",
        "<title>2025-12-25: 3 free</title>",
        "c-wedge",
        "empty in 3 weeks",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert_eq!(page.matches(" free</title>").count(), 6, "the pool is six weeks old, the present included");
    assert!(project.succeed(&["report", "--format", "markdown"]).contains("| sales | 8 | 5 | 3 | 0 | 0 |"));
}

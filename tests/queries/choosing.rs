//! Which rows the options choose, and what a number or an agent may be called.

use crate::queries::project::{Import, Project, examples};

fn numbers(project: &Project, words: &[&str]) -> Vec<String> {
    let rows = project.json(&[words, &["--json"]].concat());
    rows.as_array().unwrap().iter().map(|row| row["phone_number"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_option_of_search_narrows_the_answer() {
    let project = examples().number("+442079460018", "London", &[], "").write();
    for (words, found) in [
        (&["search", "--area-code", "888"][..], &["+18885551234"][..]),
        (&["search", "--area-code", "(020)"], &["+442079460018"]),
        (&["search", "--type", "toll-free"], &["+18885551234"]),
        (&["search", "--tag", "customer-service"], &["+14155551234", "+14155551234"]),
        (&["search", "--tag", "sales", "--workspace", "staging"], &["+14155551234", "+18885551234"]),
        (&["search", "--agent", "agents/customer-service", "-w", "production"], &["+14155551234"]),
        (&["search", "--agent", "agents/sales-agent"], &[]),
        (&["search", "--trunk", "none", "--provider", "twilio"], &["+18885551234"]),
        (&["search", "--trunk", "mytrunk", "--unassigned", "-w", "staging"], &["+14159991234", "+14159992345"]),
        (
            &["search", "--trunk", "TK0123456789abcdef0123456789abcdef", "--tag", "sales", "-w", "production"],
            &["+14155551234"],
        ),
        (&["search", "primary", "LINE", "-w", "staging"], &["+14155551234"]),
        (&["search", "555-56"], &["+14155555678"]),
        (
            &[
                "search",
                "--area-code",
                "415",
                "--type",
                "local",
                "--tag",
                "sales",
                "--agent",
                "customer-service",
                "--workspace",
                "staging",
                "--provider",
                "twilio",
                "--trunk",
                "mytrunk.pstn.twilio.com",
                "service",
            ],
            &["+14155551234"],
        ),
        (
            &["search", "--type", "toll-free", "--type", "local", "--tag", "sales", "-w", "staging"],
            &["+14155551234", "+18885551234"],
        ),
        (&["list", "--unassigned"], &["+14159991234", "+14159992345", "+18885551234", "+442079460018"]),
    ] {
        assert_eq!(numbers(&project, words), found, "{words:?}");
    }
}

#[test]
fn a_number_may_be_written_as_people_write_it() {
    let project = examples().number("+442079460018", "London", &[], "").write();
    for written in ["(415) 555-1234", "415-555-1234", "415.555.1234", "1 415 555 1234", "+1 (415) 555-1234"] {
        assert!(project.answer(&["show", written]).starts_with("Phone Number: +14155551234\n"), "{written}");
    }
    for written in ["020 7946 0018", "+44 (0)20 7946 0018"] {
        assert!(project.answer(&["show", written]).starts_with("Phone Number: +442079460018\n"), "{written}");
    }
}

#[test]
fn an_unknown_or_ambiguous_number_is_an_error_that_lists_the_nearest() {
    let project = examples().number("+444155551234", "Another plan", &[], "").write();
    let unknown = project.run(&["show", "+14155551235"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.error.contains("the nearest are `+14155551234`"), "{}", unknown.error);
    let far = project.run(&["show", "+14155559999"]);
    assert!(!far.error.contains("nearest") && far.error.contains("`phone-dir list`"), "{}", far.error);
    let ambiguous = project.run(&["show", "415-555-1234"]);
    assert_eq!(ambiguous.code, 2);
    assert!(ambiguous.error.contains("give one of `+14155551234`, `+444155551234`"), "{}", ambiguous.error);
    let ending = project.run(&["show", "999-1234"]);
    assert!(ending.error.contains("the nearest are `+14159991234`"), "{}", ending.error);
    let as_json = project.run(&["show", "+14155551235", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&as_json.out).unwrap();
    assert_eq!((value["format_version"].as_u64(), value["status"].as_str()), (Some(1), Some("failed")));
}

#[test]
fn an_agent_may_be_named_by_path_folder_name_or_id() {
    let project = examples().write();
    let expected = project.answer(&["agent-numbers", "agents/customer-service"]);
    for written in [
        "agents/customer-service/",
        "customer-service",
        "Customer Service Agent",
        "customer service agent",
        "agent_prod_xyz789",
    ] {
        assert_eq!(project.answer(&["agent-numbers", written]), expected, "{written}");
    }
    let unknown = project.run(&["agent-numbers", "customer-servic"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.error.contains("the nearest is `agents/customer-service`"), "{}", unknown.error);
}

#[test]
fn a_name_that_two_agents_share_is_an_error_that_lists_both() {
    let mut builder = examples();
    builder.agent("second", "Customer Service Agent", &[]);
    let run = builder.write().run(&["list", "--agent", "Customer Service Agent"]);
    assert_eq!(run.code, 2);
    assert!(run.error.contains("`agents/customer-service`, `agents/second`"), "{}", run.error);
}

#[test]
fn the_pipeline_of_use_case_4_works_as_written() {
    let project = examples().write();
    assert_eq!(
        numbers(&project, &["agent-numbers", "agents/customer-service"]),
        ["+14155551234", "+14155551234", "+14155555678",]
    );
    assert_eq!(numbers(&project, &["agent-numbers", "agents/customer-service", "-w", "production"]), ["+14155551234"]);
}

#[test]
fn unknown_workspaces_columns_and_empty_searches_are_errors() {
    let project = examples().write();
    for (words, message) in [
        (&["list", "--workspace", "stagin"][..], "unknown workspace `stagin`"),
        (&["list", "--columns", "colour"], "there is no column `colour`"),
        (&["list", "--columns", "nickname,nickname"], "column `nickname` is asked for twice"),
        (&["list", "--sort", "colour"], "there is no column `colour`"),
        (&["search"], "nothing to search for"),
        (&["search", "--area-code", "x"], "`x` is not an area code"),
        (&["search", "--type", "fax"], "invalid value 'fax'"),
    ] {
        let run = project.run(words);
        assert_eq!(run.code, 2, "{words:?}");
        assert!(run.error.contains(message), "{words:?}: {}", run.error);
    }
}

#[test]
fn a_number_that_no_workspace_has_is_listed_with_no_workspace() {
    let mut builder = examples();
    builder.number("+14155550100", "Spare", &[], "");
    builder.import(Import::new("production", "+18885551234"));
    let project = builder.write();
    let rows = project.json(&["unassigned", "--json"]);
    let places: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["workspace"].as_str()).collect();
    assert_eq!(places, [Some("staging"), Some("production"), None, Some("staging"), Some("staging")]);
    assert!(project.answer(&["unassigned"]).contains("\nUnassigned Numbers in No Workspace:\n\n+14155550100  "));
}

#[test]
fn a_search_for_nothing_is_a_usage_error_and_not_a_list_of_everything() {
    let project = examples().write();
    for words in [&["search"][..], &["search", ""], &["search", "  ", ""]] {
        let run = project.run(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.error.contains("nothing to search for"), "{}", run.error);
    }
    assert_eq!(numbers(&project, &["search", "", "--type", "toll-free", "-w", "staging"]), ["+18885551234"]);
}

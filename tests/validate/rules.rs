//! Every rule: its place in the table, its two projects, and what exactly it says.

use std::collections::BTreeSet;

use phone_dir::validate::{CheckOutcome, RULES, Severity, Source, Strictness, rules};

use super::branches;
use super::cases::{self, CASES};
use super::project::*;

fn is_kebab_case(code: &str) -> bool {
    code.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[test]
fn a_healthy_project_has_no_findings() {
    assert_eq!(Project::healthy().lines(), [] as [String; 0]);
}

#[test]
fn every_rule_has_a_code_of_its_own_and_says_what_it_is_for() {
    let codes: BTreeSet<_> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), RULES.len());
    for rule in &RULES {
        assert!(is_kebab_case(rule.code), "{}", rule.code);
        let explanation = &rule.explanation;
        for text in [explanation.what, explanation.why, explanation.example, explanation.fix] {
            assert!(text.len() > 5 && text.ends_with('.'), "{}: {text}", rule.code);
        }
        assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{}", rule.code);
        assert!(std::ptr::eq(rules::named(rule.code).unwrap(), *rule));
    }
}

#[test]
fn every_rule_has_a_project_that_breaks_it_and_one_that_does_not() {
    let with_cases: Vec<_> = CASES.iter().map(|case| case.rule).collect();
    let all: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    let sorted = |mut codes: Vec<&'static str>| {
        codes.sort_unstable();
        codes
    };
    assert_eq!(sorted(with_cases), sorted(all));
    let healthy = Project::healthy();
    let mut unsound = String::new();
    for case in CASES {
        let (mut broken, mut sound) = (Project::healthy(), Project::healthy());
        (case.fail)(&mut broken);
        (case.pass)(&mut sound);
        assert!(broken.broken().contains(&case.rule), "{} is not broken: {:#?}", case.rule, broken.lines());
        // What comes close to one rule breaks none, or it would not show that this one is quiet for a reason.
        let found = sound.lines();
        if !found.is_empty() || sound.files == healthy.files && sound.occasion.now == healthy.occasion.now {
            unsound.push_str(&format!("{}: {found:#?}\n", case.rule));
        }
    }
    assert_eq!(unsound, "");
}

#[test]
fn every_finding_says_what_is_wrong_and_where() {
    let mut told = String::new();
    for case in CASES {
        let mut project = Project::healthy();
        (case.fail)(&mut project);
        told.push_str(&format!("# {}\n", case.rule));
        project.report().diagnostics.iter().for_each(|found| told.push_str(&branches::whole(found)));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn the_same_files_give_the_same_report() {
    for case in CASES {
        let mut project = Project::healthy();
        (case.fail)(&mut project);
        assert_eq!(project.lines(), project.lines(), "{}", case.rule);
    }
}

#[test]
fn checks_whose_files_no_clone_has_are_skipped_there() {
    let mut project = Project::healthy();
    cases::committed(&mut project);
    let skipped: Vec<_> = project
        .report()
        .checks
        .into_iter()
        .filter(|check| matches!(check.status, CheckOutcome::Skipped(_)))
        .map(|check| check.rule.code)
        .collect();
    assert_eq!(skipped, ["unknown-trunk", "unlisted-number", "stale-sync", "unconfigured-workspace"]);
    assert_eq!(project.lines(), [] as [String; 0]);
}

#[test]
fn a_file_that_git_tracks_against_the_rules_is_found_from_the_working_tree_too() {
    let mut project = Project::healthy();
    project.put("workspaces.json", "{\"staging\": {\"api_key\": \"hunter2-hunter2\"}, \"production\": {}}");
    project.occasion.tracked = vec!["workspaces.json".to_owned(), ".env".to_owned()];
    assert_eq!(project.broken(), ["forbidden-file", "secret"]);
}

#[test]
fn a_broken_file_hides_no_finding_of_another_and_no_good_entry_of_its_own() {
    let mut project = Project::healthy();
    project.replace(STAGING_NUMBERS, "\"phone_number\": \"+14155550123\"", "\"phone_number\": \"415\"");
    project.replace(STAGING_NUMBERS, "(415) 555-0124", "wrong");
    project.replace(PRODUCTION, "\"workspace\": \"production\",", "\"workspace\": \"production\",,");
    project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 7");
    insta::assert_snapshot!(project.lines().join("\n"), @r#"
    phone-numbers/directory.json:75:22 error derived-count: `metadata.total_numbers` is 7, and should be 2
    phone-numbers/production/assignments.json:2:29 error not-json: `phone-numbers/production/assignments.json` is not JSON: key must be a string
    phone-numbers/staging/numbers.json:6:23 error schema: `phone_number`: expected a phone number in E.164 form, such as `+14155550123`, found `415`
    phone-numbers/staging/numbers.json:19:30 error pretty-form: +14155550124 has `phone_number_pretty` `wrong`, and should have `(415) 555-0124`
    "#);
}

/// How each check of these ended.
fn statuses(project: &Project, codes: &[&str]) -> Vec<(&'static str, String)> {
    let checks = project.report().checks.into_iter().filter(|check| codes.contains(&check.rule.code));
    let ended = |status: &CheckOutcome| match status {
        CheckOutcome::Skipped(why) => format!("skipped: {why}"),
        status => status.as_str().to_owned(),
    };
    checks.map(|check| (check.rule.code, ended(&check.status))).collect()
}

#[test]
fn a_check_whose_file_cannot_be_read_has_not_passed() {
    let codes = ["not-json", "duplicate-key", "weights", "registry-mismatch", "agent-name", "derived-index"];
    let mut project = Project::healthy();
    project.replace(STAGING, "\"workspace\": \"staging\",", "\"workspace\": \"staging\",,");
    let unread = || format!("skipped: `{STAGING}` cannot be read");
    let ended = statuses(&project, &codes);
    let expected = [
        ("not-json", "failed".to_owned()),
        ("duplicate-key", unread()),
        ("registry-mismatch", "passed".to_owned()),
        ("derived-index", unread()),
        ("weights", unread()),
        ("agent-name", unread()),
    ];
    assert_eq!(ended, expected);
}

#[test]
fn a_check_that_lacks_some_entries_says_so_and_one_that_found_something_fails_all_the_same() {
    let mut project = Project::healthy();
    project.replace(STAGING_NUMBERS, "\"phone_number\": \"+14155550123\"", "\"phone_number\": \"415\"");
    let parts = format!("skipped: parts of `{STAGING_NUMBERS}` cannot be read");
    assert_eq!(
        statuses(&project, &["not-json", "pretty-form", "fallback"]),
        [("not-json", "passed".into()), ("pretty-form", parts.clone()), ("fallback", parts)]
    );
    project.replace(STAGING_NUMBERS, "(415) 555-0124", "wrong");
    assert_eq!(statuses(&project, &["pretty-form"]), [("pretty-form", "failed".into())]);
}

#[test]
fn a_broken_file_that_no_clone_has_is_not_called_missing() {
    let mut project = Project::healthy();
    project.put(TRUNKS, "{");
    assert_eq!(
        statuses(&project, &["unknown-trunk"]),
        [("unknown-trunk", "skipped: `twilio/trunks.json` cannot be read".into())]
    );
}

#[test]
fn a_directory_of_a_newer_format_is_not_judged() {
    let mut project = Project::healthy();
    project.replace(MASTER, "\"version\": \"1.0.0\"", "\"version\": \"2.0.0\", \"more\": 1");
    let error =
        phone_dir::validate::validate(&project.files, &phone_dir::validate::Settings::default(), &project.occasion);
    assert_eq!(error.unwrap_err().kind().exit_code(), 2);
}

#[test]
fn nothing_to_check_cannot_be_told() {
    let files = phone_dir::snapshot::Snapshot::default();
    let occasion = Project::healthy().occasion;
    let error = phone_dir::validate::validate(&files, &phone_dir::validate::Settings::default(), &occasion);
    assert_eq!(error.unwrap_err().kind().exit_code(), 3);
}

#[test]
fn a_folder_that_is_no_agents_hides_no_agent_without_a_folder() {
    let mut project = Project::healthy();
    project.change(|directory| rebind(directory, "staging", FIRST, None, "agent_unknown"));
    project.put("agents/old (copy)/staging.json", "{\"agent_id\": \"agent_old\"}");
    assert!(project.broken().contains(&"unmanaged-agent"), "{:#?}", project.lines());
}

#[test]
fn a_dead_line_is_an_error_in_a_protected_workspace_and_a_warning_elsewhere() {
    for code in ["left-twilio-account", "left-trunk", "trunk-without-url", "lost-voice"] {
        let case = CASES.iter().find(|case| case.rule == code).unwrap();
        let severities = |settings: &str| {
            let mut project = Project::healthy();
            (case.fail)(&mut project);
            project.put(SETTINGS, settings);
            let report = project.report();
            let rule = rules::named(code).unwrap();
            let of = |name: &str| {
                let found = report.of_rule(rule).find(|found| found.workspace.as_ref().unwrap().as_str() == name);
                found.unwrap_or_else(|| panic!("{code} says nothing of {name}")).severity
            };
            let check = report.checks.iter().find(|check| check.rule.code == code).unwrap().severity;
            [of("production"), of("staging"), check]
        };
        let (error, warning) = (Severity::Error, Severity::Warning);
        assert_eq!(severities(""), [error, warning, error], "{code}");
        assert_eq!(severities("[workspaces]\nprotected = [\"staging\"]\n"), [warning, error, error], "{code}");
        assert_eq!(severities("[workspaces]\nprotected = []\n"), [warning; 3], "{code}");
        assert_eq!(severities(&format!("[rules]\n{code} = \"warning\"\n")), [warning; 3], "{code}");
    }
}

#[test]
fn a_number_bought_through_retell_that_left_the_account_is_told_as_the_others_are() {
    let case = CASES.iter().find(|case| case.rule == "left-twilio-account").unwrap();
    let mut project = Project::healthy();
    (case.fail)(&mut project);
    project.change(|directory| {
        for workspace in ["staging", "production"] {
            let entry = registry(directory, workspace, FIRST);
            entry.import_method = phone_dir::model::ImportMethod::DirectPurchase;
            entry.termination_uri = None;
        }
    });
    let report = project.report();
    let found = report.diagnostics.iter().filter(|found| found.rule.code == "left-twilio-account");
    assert_eq!(found.map(|found| found.severity).collect::<Vec<_>>().len(), 2, "{:#?}", project.lines());
}

#[test]
fn of_agents_with_equal_weight_each_may_stand_for_the_list_in_any_order() {
    let lists = [["a", "b"], ["b", "a"]];
    for (list, single) in lists.iter().flat_map(|list| list.map(|single| (list, single))) {
        let mut project = Project::healthy();
        project.change(|directory| {
            let known = assigned(directory, "staging", FIRST);
            known.inbound_agents = Some(list.map(|id| cases::share(id, 0.5)).to_vec());
            known.inbound_agent_id = Some(agent_id(single));
            known.agent_id = Some(agent_id(single));
        });
        assert!(!project.broken().contains(&"assignment-type"), "{list:?} {single}: {:#?}", project.lines());
    }
}

#[test]
fn what_is_true_at_the_providers_refuses_no_commit_however_strict() {
    let mut project = Project::healthy();
    project.change(|directory| master(directory, FIRST).sip_config.as_mut().unwrap().origination_uri = None);
    cases::committed(&mut project);
    let mut refuses = |source: Source| {
        project.occasion.source = source;
        project.put(SETTINGS, "[rules]\nmissing-sip-config = \"off\"\n");
        let report = project.report();
        assert!(
            report.diagnostics.iter().any(|found| found.rule.code == "trunk-without-url"),
            "{:#?}",
            project.lines()
        );
        [report.refuses(Strictness::Errors), report.refuses(Strictness::Everything)]
    };
    assert_eq!(refuses(Source::Worktree), [true, true]);
    let range = || Source::Range("a..b".to_owned());
    for source in [Source::Commit("0".repeat(40)), range()] {
        assert_eq!(refuses(source), [false, false]);
    }
}

#[test]
fn every_enabled_url_of_a_trunk_is_judged_where_the_trunk_is_known() {
    let mut project = Project::healthy();
    let url = |sid: char, host: &str, enabled: bool| {
        serde_json::json!({"sid": format!("OU{}", sid.to_string().repeat(32)), "sip_url": format!("sip:{host}"),
            "friendly_name": null, "priority": 10, "weight": 10, "enabled": enabled})
    };
    let urls = [
        url('a', "sip.retellai.com", true),
        url('b', "sip.elsewhere.example", true),
        url('c', "off.elsewhere.example", false),
        url('d', "5t4n6j0wnrl.sip.livekit.cloud", true),
    ];
    project.change(|directory| {
        let trunk = directory.trunks.as_mut().unwrap().trunks.values_mut().next().unwrap();
        trunk.origination_urls = urls.iter().map(|url| serde_json::from_value(url.clone()).unwrap()).collect();
    });
    assert_eq!(project.broken(), ["retired-sip-host", "unknown-sip-host"]);
    let lines = project.lines().join("\n");
    assert!(lines.contains("`sip.elsewhere.example`") && !lines.contains("off.elsewhere"), "{lines}");
    project.remove(TRUNKS);
    assert_eq!(project.broken(), [""; 0], "in a clone, only the first choice is known");
}

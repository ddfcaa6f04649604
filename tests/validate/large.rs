//! Directories that are large enough for the rules to run side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use phone_dir::model::Directory;
use phone_dir::render::validate::{Detail, FindingsFormat};
use phone_dir::snapshot::Snapshot;
use phone_dir::validate::bounded::MOST_OF_RULE;
use phone_dir::validate::{self, Occasion, RULES, Settings, Severity, Source, Strictness, ValidationReport};
use serde_json::Value;

use crate::generator::varied;
use crate::generator::wide::{self, Routing};
use crate::validate::formats::text;
use crate::validate::project::{lines, time};

/// The findings in a directory of the first so many numbers.
fn found(numbers: usize) -> Vec<String> {
    let mut snapshot = Snapshot::default();
    for (path, text) in wide::files(numbers, Routing::Mixed) {
        snapshot.insert(path, text);
    }
    let occasion = Occasion::new(Source::Worktree, time("2025-11-19T12:00:00Z"));
    lines(&validate::validate(&snapshot, &Settings::of(None), &occasion).unwrap())
}

#[test]
fn side_by_side_the_rules_find_what_they_find_one_after_the_other() {
    // The last of a thousand numbers makes the second thread worth its start, and moves no other's place.
    let (alone, mut together) = (found(999), found(1_000));
    assert!(alone.len() > 100, "the directory has too few findings to show anything: {}", alone.len());
    together.retain(|line| !line.contains("+12015550999"));
    assert_eq!(alone, together);
}

/// What benchmarks measure has to be what teams have.
#[test]
fn a_varied_directory_breaks_many_rules_by_warnings_alone() {
    let mut snapshot = Snapshot::default();
    for (path, text) in varied::files(1_000) {
        snapshot.insert(path, text);
    }
    let occasion = Occasion::new(Source::Worktree, time("2025-11-19T12:00:00Z"));
    let report = validate::validate(&snapshot, &Settings::of(None), &occasion).unwrap();
    let broken: BTreeSet<&str> = report.diagnostics.iter().map(|found| found.rule.code).collect();
    let expected = ["missing-in-workspace", "not-canonical", "unmanaged-agent", "webhook-without-agent"];
    assert_eq!(report.count(Severity::Error), 0, "{:?}", lines(&report).first());
    assert!(expected.iter().all(|rule| broken.contains(rule)), "{broken:?}");
    let directory = Directory::load(&snapshot).unwrap();
    let countries: BTreeSet<_> = directory.master.numbers.values().map(|entry| entry.country_code.as_deref()).collect();
    assert!(countries.len() > 4, "{countries:?}");
}

/// The files of more numbers than findings of one rule are listed.
static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| wide::files(MOST_OF_RULE + 1_000, Routing::Same));

/// A directory in which the pretty form of so many numbers is wrong.
fn misspelt(numbers: usize) -> ValidationReport {
    let mut snapshot = Snapshot::default();
    for (path, text) in FILES.iter() {
        let spoilt = text.replacen("\"phone_number_pretty\": \"", "\"phone_number_pretty\": \"x", numbers);
        snapshot.insert(path.as_str(), if path == "phone-numbers/directory.json" { spoilt } else { text.clone() });
    }
    let source = Source::Commit("a1b2".to_owned());
    validate::validate(&snapshot, &Settings::of(None), &Occasion::new(source, time("2025-11-19T12:00:00Z"))).unwrap()
}

#[test]
fn of_a_rule_that_is_broken_everywhere_the_first_are_listed_and_all_are_counted() {
    let more = 7;
    let report = misspelt(MOST_OF_RULE + more);
    let rule = RULES.iter().find(|rule| rule.code == "pretty-form").unwrap();
    assert_eq!(report.of_rule(rule).count(), MOST_OF_RULE);
    assert_eq!(report.count_of(rule), MOST_OF_RULE + more);
    let check = report.checks.iter().find(|check| check.rule.code == rule.code).unwrap();
    assert!(check.summary.starts_with(&format!("{} ", MOST_OF_RULE + more)), "{}", check.summary);
    let severities = || [Severity::Error, Severity::Warning].map(|severity| report.count(severity));
    let all: usize = severities().iter().sum();
    let json: Value = serde_json::from_str(&text(&report, FindingsFormat::Json)).unwrap();
    assert_eq!([&json["errors"], &json["warnings"]], severities().each_ref());
    assert_eq!((report.unlisted_of(rule), &json["left_out"]), (more, &report.unlisted.len().into()));
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), all - report.unlisted.len());
    let sarif: Value = serde_json::from_str(&text(&report, FindingsFormat::Sarif)).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 5_000, "as many as code scanning shows");
    assert_eq!(run["properties"]["resultsLeftOut"], all - 5_000);
    let errors = run["results"].as_array().unwrap().iter().filter(|result| result["level"] == "error").count();
    assert_eq!(errors, report.count(Severity::Error).min(5_000), "errors come first");
    let notice = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(notice.starts_with(&format!("{} of {all} results are left out", all - 5_000)), "{notice}");
    assert!(text(&report, FindingsFormat::Human(Detail::Full)).contains(&format!("… and {more} more")));
    assert!(
        text(&report, FindingsFormat::Human(Detail::Brief))
            .contains(&format!("… and {} more", MOST_OF_RULE + more - 100))
    );
}

#[test]
fn what_is_counted_and_not_listed_is_known_again_in_the_next_commit() {
    let (fewer, report) = (misspelt(MOST_OF_RULE + 2), misspelt(MOST_OF_RULE + 7));
    let range = |before: &ValidationReport| ValidationReport::of_range("a..b", Some(before), vec![report.clone()]);
    assert!(range(&report).is_empty());
    let rule = RULES.iter().find(|rule| rule.code == "pretty-form").unwrap();
    assert_eq!(range(&fewer).count_of(rule), 5);
    assert!(range(&fewer).refuses(Strictness::Everything));
    let mut later = report.clone();
    let warnings = report.count(Severity::Warning);
    assert_eq!((later.set_aside_warnings_of(&report), later.count(Severity::Warning)), (warnings, 0));
    assert!(report.clone().new_since(&report).is_empty());
}

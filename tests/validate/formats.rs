//! What people and programs read.

use phone_dir::render::validate::{Detail, Format};
use phone_dir::validate::Report;
use serde_json::Value;

use super::project::*;

/// A report in a format, without styles.
pub fn text(report: &Report, format: Format) -> String {
    let mut bytes = Vec::new();
    format.write(report, &mut bytes).unwrap();
    anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string()
}

/// The project of the specification's example output.
fn example() -> Project {
    let mut project = Project::healthy();
    project.change(|directory| {
        leave(directory, "production", FIRST);
        leave(directory, "production", SECOND);
        rebind(directory, "staging", FIRST, Some("agents/old-agent"), "agent_old");
        assigned(directory, "staging", FIRST).agent_name = Some("Old".to_owned());
    });
    project
}

#[test]
fn the_check_list_is_the_specifications() {
    insta::assert_snapshot!(text(&example().report(), Format::Human(Detail::Brief)), @"");
}

#[test]
fn in_detail_the_lines_themselves_are_shown() {
    let shown = text(&example().report(), Format::Human(Detail::Failures));
    insta::assert_snapshot!(shown, @"");
    let all = text(&Project::healthy().report(), Format::Human(Detail::Full));
    assert_eq!(all.lines().filter(|line| line.starts_with('✓')).count(), phone_dir::validate::RULES.len() - 1);
}

#[test]
fn json_has_the_contracts_keys() {
    let value: Value = serde_json::from_str(&text(&example().report(), Format::Json)).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&value), ["checks", "diagnostics", "errors", "format_version", "source", "warnings"]);
    assert_eq!((&value["errors"], &value["warnings"]), (&1.into(), &2.into()));
    assert_eq!((&value["source"], &value["format_version"]), (&"worktree".into(), &1.into()));
    assert_eq!(keys(&value["checks"][0]), ["rule", "severity", "status", "summary"]);
    assert_eq!(
        keys(&value["diagnostics"][0]),
        [
            "column",
            "commit",
            "end_column",
            "end_line",
            "file",
            "help",
            "line",
            "message",
            "phone_number",
            "pointer",
            "related",
            "rule",
            "severity",
            "workspace"
        ]
    );
}

#[test]
fn annotations_are_ten_per_level_the_most_important_first() {
    let mut project = example();
    for index in 0..12 {
        project.put(&format!("phone-numbers/odd,{index}.txt"), "");
    }
    insta::assert_snapshot!(text(&project.report(), Format::Github), @"");
}

#[test]
fn a_summary_lists_every_finding_with_its_place() {
    insta::assert_snapshot!(text(&example().report(), Format::Markdown), @"");
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let prints = |project: &Project| -> Vec<String> {
        let value: Value = serde_json::from_str(&text(&project.report(), Format::Sarif)).unwrap();
        let results = value["runs"][0]["results"].as_array().unwrap().iter();
        results.map(|result| result["partialFingerprints"]["phoneDir/v1"].as_str().unwrap().to_owned()).collect()
    };
    let project = example();
    let mut moved = project.clone();
    let text = moved.text(MASTER).replace('\n', "\n\n");
    moved.put(MASTER, &text);
    let (before, mut after) = (prints(&project), prints(&moved));
    after.retain(|print| !print.starts_with("not-canonical"));
    assert_eq!(before.len(), 3);
    assert_eq!(before, after);
}

#[test]
fn sarif_names_every_rule_with_its_help() {
    let value: Value = serde_json::from_str(&text(&example().report(), Format::Sarif)).unwrap();
    let run = &value["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), phone_dir::validate::RULES.len());
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
    }
}

//! What people and programs read.

use phone_dir::render::validate::{Detail, FindingsFormat};
use phone_dir::validate::ValidationReport;
use serde_json::Value;

use super::project::*;

/// A report in a format, without styles.
pub fn text(report: &ValidationReport, format: FindingsFormat) -> String {
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
    insta::assert_snapshot!(text(&example().report(), FindingsFormat::Human(Detail::Brief)), @r#"
    Validating phone number directory...

    ✓ All numbers have valid Twilio SIDs
    ✓ All assigned numbers reference existing agents
    ⚠ 2 numbers missing in production workspace
      - +14155550123 (exists in staging only)  phone-numbers/directory.json:5:5
      - +14155550124 (exists in staging only)  phone-numbers/directory.json:37:5

    ✗ 1 orphaned assignment found
      - agents/old-agent has numbers but agent directory doesn't exist  phone-numbers/staging/assignments.json:7:21

    Errors: 1
    Warnings: 1
    "#);
}

#[test]
fn in_detail_the_lines_themselves_are_shown() {
    let shown = text(&example().report(), FindingsFormat::Human(Detail::Failures));
    insta::assert_snapshot!(shown, @r#"
    Validating phone number directory...

    ⚠ 2 numbers missing in production workspace
      - +14155550123 (exists in staging only)  phone-numbers/directory.json:5:5
           ╭─[phone-numbers/directory.json:5:5]
         4 │   "numbers": {
         5 │     "+14155550123": {
           ·     ──────────────
         6 │       "phone_number": "+14155550123",
           ╰────
        warning: `phone-dir explain missing-in-workspace`
      - +14155550124 (exists in staging only)  phone-numbers/directory.json:37:5
            ╭─[phone-numbers/directory.json:37:5]
         36 │     },
         37 │     "+14155550124": {
            ·     ──────────────
         38 │       "phone_number": "+14155550124",
            ╰────
        warning: `phone-dir explain missing-in-workspace`

    ✗ 1 orphaned assignment found
      - agents/old-agent has numbers but agent directory doesn't exist  phone-numbers/staging/assignments.json:7:21
           ╭─[phone-numbers/staging/assignments.json:7:21]
         6 │       "phone_number": "+14155550123",
         7 │       "agent_path": "agents/old-agent",
           ·                     ──────────────────
         8 │       "agent_name": "Old",
           ╰────
        help: assign the number to another agent, or restore `agents/old-agent`
        error: `phone-dir explain orphaned-assignment`

    Errors: 1
    Warnings: 1
    "#);
    let all = text(&Project::healthy().report(), FindingsFormat::Human(Detail::Full));
    assert_eq!(all.lines().filter(|line| line.starts_with('✓')).count(), phone_dir::validate::RULES.len() - 1);
}

#[test]
fn json_has_the_contracts_keys() {
    let value: Value = serde_json::from_str(&text(&example().report(), FindingsFormat::Json)).unwrap();
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
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
    insta::assert_snapshot!(text(&project.report(), FindingsFormat::Github), @r#"
    ::error file=phone-numbers/odd%2C0.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,0.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C1.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,1.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C10.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,10.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C11.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,11.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C2.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,2.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C3.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,3.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C4.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,4.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C5.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,5.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C6.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,6.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    ::error file=phone-numbers/odd%2C7.txt,line=1,endLine=1,col=1,endColumn=1,title=unknown-file::`phone-numbers/odd,7.txt` is no file of the directory%0Amove it out of `phone-numbers/`
    +3 more errors; run `phone-dir validate` to see them all
    ::warning file=phone-numbers/directory.json,line=5,endLine=5,col=5,endColumn=19,title=missing-in-workspace::+14155550123 is missing in production (exists in staging only)
    ::warning file=phone-numbers/directory.json,line=37,endLine=37,col=5,endColumn=19,title=missing-in-workspace::+14155550124 is missing in production (exists in staging only)
    "#);
}

#[test]
fn a_summary_lists_every_finding_with_its_place() {
    insta::assert_snapshot!(text(&example().report(), FindingsFormat::Markdown), @r#"
    ## Phone number directory

    ✗ 1 error, 2 warnings.

    ### ⚠ 2 numbers missing in production workspace (`missing-in-workspace`)

    - `+14155550123 is missing in production (exists in staging only)`  
      at `phone-numbers/directory.json:5:5`
    - `+14155550124 is missing in production (exists in staging only)`  
      at `phone-numbers/directory.json:37:5`

    ### ✗ 1 orphaned assignment found (`orphaned-assignment`)

    - `agents/old-agent has numbers but agent directory doesn't exist`  
      at `phone-numbers/staging/assignments.json:7:21`  
      Help: `` assign the number to another agent, or restore `agents/old-agent` ``

    61 checks passed, 1 skipped, 0 findings waived.
    "#);
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let prints = |project: &Project| -> Vec<String> {
        let value: Value = serde_json::from_str(&text(&project.report(), FindingsFormat::Sarif)).unwrap();
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
    let value: Value = serde_json::from_str(&text(&example().report(), FindingsFormat::Sarif)).unwrap();
    let run = &value["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), phone_dir::validate::RULES.len());
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn a_value_of_the_wrong_shape_in_a_list_is_still_about_its_number() {
    let mut project = Project::healthy();
    project.replace("phone-numbers/staging/numbers.json", "\"assigned\": true", "\"assigned\": \"yes\"");
    let report = project.report();
    let finding = report.diagnostics.iter().find(|found| found.rule.code == "schema").unwrap();
    assert_eq!(finding.phone_number, Some(number(FIRST)));
}

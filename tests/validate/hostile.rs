//! Strings that strangers typed come out inert of every format.

use phone_dir::render::escape::is_treacherous;
use phone_dir::render::validate::{Detail, FindingsFormat};

use super::formats::text;
use super::project::*;

const FORMATS: [FindingsFormat; 7] = [
    FindingsFormat::Human(Detail::Brief),
    FindingsFormat::Human(Detail::Full),
    FindingsFormat::Human(Detail::Failures),
    FindingsFormat::Json,
    FindingsFormat::Sarif,
    FindingsFormat::Github,
    FindingsFormat::Markdown,
];

/// One of each class: terminal controls, bidirectional marks, build log commands, markup, and more.
const HOSTILE: [&str; 9] = [
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m",
    "\u{202e}gnp.exe\u{2066}\u{200b}",
    "\n::error::forged",
    "##[error]forged",
    "</code><img src=x onerror=alert(1)><!-- -->",
    "`` ` ```\n# @team fixes #1 https://example.com [x](javascript:alert(1)) |",
    "=cmd|' /C calc'!A0",
    "\r\n%0A::set-output name=x::y",
    "\u{e0041}\u{2028}\0",
];

/// A project whose every free text is hostile, and which breaks as many rules as it can over it.
fn hostile(payload: &str) -> Project {
    let mut project = Project::healthy();
    project.change(|directory| {
        assigned(directory, "staging", FIRST).agent_name = Some(payload.to_owned());
        registry(directory, "staging", FIRST).retell_type = Some(payload.to_owned());
        master(directory, FIRST).sip_config.as_mut().unwrap().termination_uri = Some(payload.to_owned());
    });
    let quoted = serde_json::to_string(payload).unwrap();
    project.replace(MASTER, "(415) 555-0123\"", &format!("{}\"", &quoted[1..quoted.len() - 1]));
    project.put("agents/sales/staging.json", &format!("{{\"agent_id\": {quoted}}}"));
    project.put("agents/customer-service/agent.json", &format!("{{\"agent_name\": {quoted}}}"));
    project.replace(STAGING_NUMBERS, "\"summary\"", &format!("{quoted}: 1,\n  {quoted}: 2,\n  \"summary\""));
    project.put(&format!("phone-numbers/{payload}.json"), "");
    project
}

#[test]
fn nothing_moves_a_cursor_or_reorders_a_line() {
    for payload in HOSTILE {
        let report = hostile(payload).report();
        assert!(report.diagnostics.len() >= 6, "{payload:?}: {:#?}", lines(&report));
        for format in FORMATS {
            let shown = text(&report, format);
            let active: Vec<char> = shown.chars().filter(|letter| *letter != '\n' && is_treacherous(*letter)).collect();
            assert!(active.is_empty(), "{payload:?} in {format:?}: {active:?}");
        }
    }
}

#[test]
fn no_line_is_a_command_that_we_did_not_write() {
    for payload in HOSTILE {
        let report = hostile(payload).report();
        for format in FORMATS {
            let shown = text(&report, format);
            assert!(!shown.contains("##["), "{payload:?} in {format:?}");
            for line in shown.lines().filter(|line| line.trim_start().starts_with("::")) {
                let ours = line.starts_with("::error file=") || line.starts_with("::warning file=");
                assert!(ours && format == FindingsFormat::Github, "{payload:?} in {format:?}: {line}");
                assert!(line.matches("::").count() >= 2);
            }
        }
    }
}

#[test]
fn markdown_holds_everything_foreign_in_code_spans() {
    for payload in HOSTILE {
        let shown = text(&hostile(payload).report(), FindingsFormat::Markdown);
        for line in shown.lines() {
            let outside = outside_of_code(line);
            for active in ["<", "@team", "](", "javascript", "https:", "cmd|"] {
                assert!(!outside.contains(active), "{payload:?}: {line}");
            }
        }
    }
}

/// What is left of a line without its code spans, as `CommonMark` finds them.
fn outside_of_code(line: &str) -> String {
    let (mut outside, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        outside.push_str(&rest[..start]);
        let fence = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        rest = &rest[start + fence..];
        let mut at = 0;
        loop {
            let Some(next) = rest[at..].find('`') else { return outside + rest };
            let run = rest[at + next..].len() - rest[at + next..].trim_start_matches('`').len();
            if run == fence {
                rest = &rest[at + next + run..];
                break;
            }
            at += next + run;
        }
    }
    outside + rest
}

#[test]
fn a_secret_is_in_no_output() {
    let key = format!("key_{}", "0a1b2c3d".repeat(4));
    let mut project = Project::healthy();
    project.change(|directory| {
        master(directory, FIRST).notes.clone_from(&key);
        rebind(directory, "staging", FIRST, None, &key);
        registry(directory, "staging", FIRST).inbound_webhook_url = Some(Some(format!("https://me:{key}@example.com")));
    });
    project.replace(STAGING, "\"workspace\"", "\"password\": \"hunter2-hunter2\",\n  \"workspace\"");
    project.replace(MASTER, "\"phone_number_type\": \"local\"", &format!("\"phone_number_type\": \"{key}\""));
    let report = project.report();
    assert!(
        report.diagnostics.iter().filter(|found| found.rule.code == "secret").count() >= 4,
        "{:#?}",
        lines(&report)
    );
    for format in FORMATS {
        let shown = text(&report, format);
        assert!(!shown.contains(&key) && !shown.contains("hunter2"), "{format:?}:\n{shown}");
    }
}

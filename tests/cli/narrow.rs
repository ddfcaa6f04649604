//! Everyday commands on a terminal of 80 columns: no line is wider, and no text is cut.

use unicode_width::UnicodeWidthStr;

use crate::cli::fixture::Project;
use crate::terminal::Terminal;
use crate::usage;

const COLUMNS: u16 = 80;
const PROGRAM: &str = env!("CARGO_BIN_EXE_phone-dir");

/// Questions, and changes that ask first.
const COMMANDS: [&[&str]; 27] = [
    &["list"],
    &["list", "-w", "staging"],
    &["search", "sales"],
    &["show", "+14155550101"],
    &["agent-numbers", "agents/survey"],
    &["unassigned"],
    &["status"],
    &["trunks"],
    &["diff", "staging", "production"],
    &["diff", "HEAD~1", "HEAD"],
    &["history"],
    &["blame", "+14155550101"],
    &["drift"],
    &["plan"],
    &["apply", "--dry-run"],
    &["sync", "--all", "--dry-run"],
    &["pools"],
    &["pools", "sales"],
    &["capacity"],
    &["cost"],
    &["validate"],
    &["doctor"],
    &["report"],
    &["rules"],
    &["workspaces"],
    &["edit", "+14155550101", "-w", "production", "--inbound-agent", "nobody"],
    &["phone", "update", "+14155550101", "-w", "production", "--inbound-agent", "agents/surve"],
];

/// A project with a decision that is not live, pools, and commits of both kinds.
fn project() -> Project {
    let project = Project::synced();
    for (name, purpose) in [("sales", "Lines for the sales team and its partners in the west"), ("support", "Support")]
    {
        project.succeed(&["pools", "create", name, "--purpose", purpose, "--quiet"]);
    }
    project.succeed(&["pools", "add", "sales", "+14155550101", "+14155550110", "+16505550114", "--quiet"]);
    project.succeed(&["edit", "+14155550101", "-w", "production", "--inbound-agent", "agents/support-tier2"]);
    project.sandbox.reassign("production", "+14155550104", "sales-agent").unwrap();
    project
}

/// A line as it stands on the terminal.
fn plain(line: &str) -> String {
    let mut parts = line.trim_end_matches('\r').split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once(|letter: char| letter.is_ascii_alphabetic()).map_or("", |(_, rest)| rest)
    })
}

#[test]
fn no_everyday_command_shows_a_wider_line_or_a_text_that_is_cut() {
    let project = project();
    let mut environment: Vec<_> = project.variables.clone().into_iter().collect();
    environment.push(("PHONE_DIR_PAGER".to_owned(), "cat".to_owned()));
    environment.push(("TERM".to_owned(), "xterm".to_owned()));
    for words in COMMANDS {
        let terminal = Terminal::start_wide(COLUMNS, PROGRAM, words, &project.root, &environment);
        let (_, shown) = terminal.end();
        for line in shown.split('\n').map(plain) {
            // What redraws a line of progress stands before the text that it makes way for.
            let line = line.rsplit('\r').next().unwrap_or_default();
            assert!(line.width() <= COLUMNS.into(), "{words:?}: `{line}`\n{shown}");
            assert!(!line.contains('…') || line.contains("… and "), "{words:?}: `{line}`\n{shown}");
        }
    }
}

#[test]
fn tables_of_calls_and_costs_have_one_line_of_headings_and_one_a_row() {
    let project = Project::synced_with(usage::options(40, 10));
    project.succeed(&["usage", "pull", "--since", "10d", "--quiet"]);
    let mut environment: Vec<_> = project.variables.clone().into_iter().collect();
    environment.extend([("PHONE_DIR_PAGER".to_owned(), "cat".to_owned()), ("NO_COLOR".to_owned(), "1".to_owned())]);
    let usage =
        ["number", "agent", "workspace", "provider", "day", "hour", "reason", "direction"].map(|key| ("usage", key));
    let cost = ["number", "agent", "workspace", "provider", "product"].map(|key| ("cost", key));
    for (command, key) in usage.into_iter().chain(cost) {
        let words = match command {
            "usage" => vec![command, "--by", key, "--since", "3d"],
            _ => vec![command, "--by", key, "--offline"],
        };
        let (_, shown) = Terminal::start_wide(COLUMNS, PROGRAM, &words, &project.root, &environment).end();
        let lines: Vec<_> = shown.lines().map(plain).collect();
        let headings: Vec<_> = lines.iter().filter(|line| line.starts_with(&key.to_uppercase())).collect();
        let is_whole = |line: &&String| ["USD", "COST", "COST (USD)"].iter().any(|last| line.ends_with(last));
        assert!(!headings.is_empty() && headings.iter().all(is_whole), "{words:?}: {shown}");
        assert!(lines.iter().all(|line| line.width() <= COLUMNS.into()), "{words:?}: {shown}");
    }
}

#[test]
fn a_listing_has_a_line_of_columns_that_say_who_answers_and_whom_callers_hear() {
    let project = project();
    let mut environment: Vec<_> = project.variables.clone().into_iter().collect();
    environment.extend([("PHONE_DIR_PAGER".to_owned(), "cat".to_owned()), ("NO_COLOR".to_owned(), "1".to_owned())]);
    for words in [&["list"][..], &["list", "-w", "production"]] {
        let (_, shown) = Terminal::start_wide(COLUMNS, PROGRAM, words, &project.root, &environment).end();
        let lines: Vec<_> = shown.lines().map(plain).filter(|line| !line.is_empty()).collect();
        let pending = lines.iter().position(|line| line.starts_with("+14155550101")).unwrap();
        let parts = lines[pending..].iter().enumerate().take_while(|(at, line)| *at == 0 || line.starts_with(' '));
        let entry = parts.map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ");
        for part in ["support-tier2 in,", "customer-service", "(live:", "agents/customer-service)"] {
            assert!(entry.contains(part), "{words:?}: {shown}");
        }
        assert!(lines[0].starts_with("NUMBER ") && !lines[1].starts_with(' '), "one line of headings: {shown}");
        assert!(shown.contains("a webhook") && !shown.contains("unassigned (a"), "{shown}");
    }
}

#[test]
fn the_question_before_a_change_fits_too() {
    let project = Project::synced();
    let environment: Vec<_> = project.variables.clone().into_iter().collect();
    project.succeed(&["edit", "+14155550101", "-w", "production", "--inbound-agent", "agents/support-tier2"]);
    let mut terminal = Terminal::start_wide(COLUMNS, PROGRAM, &["apply"], &project.root, &environment);
    terminal.wait_for("[y/N]");
    terminal.press("n\r");
    let (code, shown) = terminal.end();
    assert!(shown.split('\n').all(|line| plain(line).width() <= COLUMNS.into()), "{shown}");
    assert!(code == 2 && shown.contains("nothing was changed, as you said"), "{shown}");
}

#[test]
fn the_settings_of_a_number_are_edited_in_the_users_editor_and_judged_before_they_are_written() {
    let project = Project::synced();
    let mut environment: Vec<_> = project.variables.clone().into_iter().collect();
    let edited = |program: &str, environment: &mut Vec<(String, String)>| {
        environment.retain(|(name, _)| name != "VISUAL");
        environment.push(("VISUAL".to_owned(), program.to_owned()));
        let words = ["edit", "+14155550101", "-w", "production"];
        Terminal::start_wide(COLUMNS, PROGRAM, &words, &project.root, environment).end()
    };
    let commits = project.commits();
    let (code, shown) = edited("sed -i 's,^inbound-agent:.*,inbound-agent: nobody,'", &mut environment);
    assert!(code == 2 && shown.contains("has no agent `nobody`"), "{shown}");
    let (code, shown) = edited("true", &mut environment);
    assert!(code == 0 && shown.contains("Nothing"), "{shown}");
    assert_eq!(project.commits(), commits);
    let (code, shown) = edited("sed -i 's,agents/customer-service,agents/survey,'", &mut environment);
    assert!(code == 0 && shown.contains("reassigned agents/customer-service → agents/survey"), "{shown}");
    assert_eq!(project.commits(), commits + 1);
    assert!(project.sandbox.requests().is_empty());
}

#[test]
fn a_sync_may_run_while_a_person_is_in_the_editor_and_both_changes_are_kept() {
    let project = Project::synced();
    project.sandbox.reassign("production", "+14155550101", "survey").unwrap();
    let mut environment: Vec<_> = project.variables.clone().into_iter().collect();
    let editor = format!("{PROGRAM} sync --all --quiet && sed -i 's,^nickname:.*,nickname: Front Desk,'");
    environment.push(("VISUAL".to_owned(), editor));
    let words = ["edit", "+14155550101", "-w", "production"];
    let (code, shown) = Terminal::start_wide(COLUMNS, PROGRAM, &words, &project.root, &environment).end();
    assert_eq!(code, 0, "{shown}");
    let shown = project.succeed(&["show", "+14155550101"]);
    assert!(shown.contains("Agent Path: agents/survey\n") && shown.contains("Pending: nickname Front Desk"), "{shown}");
}

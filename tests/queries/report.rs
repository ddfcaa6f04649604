//! `report`: the specification's example, the formats, and where it is written.

use std::fs;

use phone_dir::model::count::Count;
use phone_dir::model::sync_log::{SyncLog, SyncRun, SyncStatus, SyncType};
use phone_dir::model::{AssignmentType, ImportMethod, Timestamp};

use crate::queries::project::{Builder, Import, Project, examples};

const REPORT: &str = "\
Phone Number Directory Report
Generated: 2025-11-19T12:00:00Z

Summary:
  Total Numbers: 15
  Assigned: 12
  Unassigned: 3

By Workspace:
  Staging: 15 numbers, 12 assigned
  Production: 10 numbers, 10 assigned

By Type:
  Local: 12
  Toll-Free: 3

By Provider:
  Twilio: 15

Top Agents by Number Count:
  1. agents/customer-service    4 numbers
  2. agents/sales-agent         3 numbers
  3. agents/support-tier1       2 numbers
  4. agents/support-tier2       2 numbers
  5. agents/emergency-line      1 number

Import Methods:
  SIP Trunk: 12
  Direct Purchase: 3

Recent Activity:
  Last Import: +14159999999 (2025-11-18T15:00:00Z)
  Last Assignment: +14155551234 → agents/customer-service (2025-11-18T15:30:00Z)
  Last Twilio Sync: 2025-11-19T12:00:00Z
";

/// Agents with as many numbers as in the example.
const AGENTS: [(&str, usize); 5] =
    [("customer-service", 4), ("sales-agent", 3), ("support-tier1", 2), ("support-tier2", 2), ("emergency-line", 1)];

/// Fifteen numbers that count as the example does.
fn fifteen() -> Builder {
    let mut builder = Builder::new();
    for (folder, _) in AGENTS {
        let ids = ["staging", "production"].map(|workspace| (workspace, format!("agent_{workspace}_{folder}")));
        builder.agent(folder, folder, &ids.each_ref().map(|(workspace, id)| (*workspace, id.as_str())));
    }
    let local = (0..10).map(|position| format!("+141555501{position:02}"));
    let numbers: Vec<_> = ["+14155551234".to_owned(), "+14159999999".to_owned()].into_iter().chain(local).collect();
    let agents: Vec<_> = AGENTS.iter().flat_map(|(folder, count)| std::iter::repeat_n(*folder, *count)).collect();
    for (position, (number, folder)) in numbers.iter().zip(agents).enumerate() {
        builder.number(number, "Line", &[], "");
        let import = Import {
            imported: if number == "+14159999999" { "2025-11-18T15:00:00Z" } else { "2025-11-16T09:00:00Z" },
            assigned: if position == 0 { "2025-11-18T15:30:00Z" } else { "2025-11-16T09:00:00Z" },
            agent: Some((folder, AssignmentType::InboundOutbound)),
            ..Import::new("staging", number)
        };
        builder.import(import);
        if position < 10 {
            builder.import(Import { workspace: "production", ..import });
        }
    }
    for position in 0..3 {
        let number = format!("+188855501{position:02}");
        builder.number(&number, "Toll-free", &[], "");
        builder.import(Import { method: ImportMethod::DirectPurchase, ..Import::new("staging", &number) });
    }
    builder.directory.sync_log = Some(sync_log());
    builder
}

/// The specification's sync.json: the later, incremental run read no trunk.
fn sync_log() -> SyncLog {
    let run = |timestamp: &str, kind, trunks| SyncRun {
        timestamp: Timestamp::parse(timestamp).unwrap(),
        kind,
        numbers_synced: Count(15),
        trunks_synced: Count(trunks),
        duration_ms: Count(1),
        status: SyncStatus::Success,
    };
    let mut log = SyncLog::empty();
    log.record(run("2025-11-19T11:00:00Z", SyncType::Incremental, 2));
    log.record(run("2025-11-19T12:00:00Z", SyncType::Full, 2));
    log.record(run("2025-11-19T12:30:00Z", SyncType::Incremental, 0));
    log
}

#[test]
fn report_prints_the_specifications_example() {
    assert_eq!(fifteen().write().answer(&["report"]), REPORT);
}

#[test]
fn the_ending_of_the_file_chooses_the_format_and_an_option_overrules_it() {
    let project = fifteen().write();
    for (file, words, beginning) in [
        ("report.json", &[][..], "{\n  \"format_version\": 1,"),
        ("inventory.csv", &[], "phone_number,phone_number_pretty,"),
        ("report.md", &[], "# Phone Number Directory Report\n"),
        ("report.html", &[], "<!doctype html>\n"),
        ("report.txt", &[], "Phone Number Directory Report\n"),
        ("report.out", &["--format", "csv"], "phone_number,"),
        ("other.csv", &["--json"], "{\n  \"format_version\": 1,"),
    ] {
        let run = project.run(&[&["report", "--output", file], words].concat());
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
        let text = fs::read_to_string(project.root().join(file)).unwrap();
        assert!(text.starts_with(beginning), "{file}: {text}");
    }
    assert_eq!(project.answer(&["report", "--output", "-"]), REPORT);
    assert!(project.answer(&["report", "--output", "-", "--format", "csv"]).starts_with("phone_number,"));
}

#[test]
fn the_json_report_says_the_same() {
    let report = fifteen().write().json(&["report", "--json"]);
    assert_eq!(report["summary"], serde_json::json!({"total_numbers": 15, "assigned": 12, "unassigned": 3}));
    assert_eq!(
        report["by_workspace"]["production"],
        serde_json::json!({"numbers": 10, "assigned": 10, "unassigned": 0})
    );
    assert_eq!(report["by_type"], serde_json::json!({"local": 12, "toll-free": 3}));
    assert_eq!(report["agents"][0]["agent_path"], "agents/customer-service");
    assert_eq!(report["import_methods"], serde_json::json!({"sip-trunk": 12, "direct-purchase": 3}));
    assert_eq!(report["recent_activity"]["last_import"]["phone_number"], "+14159999999");
    assert_eq!(report["comparisons"][0]["summary"], serde_json::json!({"only-in-from": 5}));
}

#[test]
fn an_empty_directory_has_a_report_in_every_format() {
    let project = Builder::new().write();
    let text = project.answer(&["report"]);
    assert!(text.contains("Top Agents by Number Count:\n  None\n"), "{text}");
    assert!(
        text.ends_with(
            "  Last Import: none\n  Last Assignment: none\n  Last Twilio Sync: not recorded in this clone\n"
        )
    );
    for format in ["json", "csv", "markdown", "html"] {
        assert!(!project.answer(&["report", "--format", format]).is_empty());
    }
}

#[test]
fn a_report_never_overwrites_the_directory_and_follows_no_link() {
    let project = fifteen().write();
    let before = fs::read(project.root().join("phone-numbers/directory.json")).unwrap();
    let refused = project.run(&["report", "--output", "phone-numbers/directory.json"]);
    assert_eq!(refused.code, 2);
    assert!(refused.error.contains("it belongs to the directory's own data"), "{}", refused.error);
    assert_eq!(fs::read(project.root().join("phone-numbers/directory.json")).unwrap(), before);
    let missing = project.run(&["report", "--output", "no/such/folder/report.csv"]);
    assert_eq!(missing.code, 2);
    assert!(missing.error.contains("mkdir -p"), "{}", missing.error);
}

/// A name that tries to be markup, a formula and a command.
const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}=1+1";

fn hostile() -> Project {
    let mut builder = examples();
    builder.number("+14155550100", HOSTILE, &[HOSTILE], HOSTILE);
    builder.import(Import { nickname: Some(HOSTILE), ..Import::new("staging", "+14155550100") });
    builder.write()
}

#[test]
fn hostile_names_stay_text_in_every_format() {
    let project = hostile();
    let page = project.answer(&["report", "--format", "html"]);
    assert!(!page.contains("<script>alert") && !page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 2, "the data's and the script's own");
    assert!(page.contains(r"\u003c/script\u003e\u003cscript\u003ealert(1)"));
    for format in ["human", "json", "csv", "markdown", "html"] {
        let text = project.answer(&["report", "--format", format]);
        assert!(!text.contains('\u{202e}'), "{format}");
    }
}

#[test]
fn the_page_loads_nothing_and_runs_only_its_own_script() {
    let page = fifteen().write().answer(&["report", "--format", "html"]);
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    for forbidden in ["http://", "https://", " style=\"", " onclick=", " onload=", " src=", "@import", "url("] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn an_ending_that_says_no_format_is_a_usage_error_that_names_the_known_ones() {
    let project = fifteen().write();
    let refused = project.run(&["report", "-o", "report.xlsx"]);
    assert_eq!(refused.code, 2);
    assert!(refused.error.contains("`.csv`") && refused.error.contains("`--format`"), "{}", refused.error);
    assert!(!project.root().join("report.xlsx").exists());
    project.answer(&["report", "-o", "report"]);
    assert!(fs::read_to_string(project.root().join("report")).unwrap().starts_with("Phone Number Directory Report\n"));
}

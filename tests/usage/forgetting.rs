//! Retention and erasure: rows go, on the disk too, and counts stay.

use std::fs;

use super::{STORE, rows, sql, with_calls};

#[test]
fn what_is_forgotten_leaves_no_trace_but_its_counts_and_does_not_come_back() {
    let project = with_calls(60, 8);
    project.succeed(&["usage", "pull"]);
    let (_, before) = project.json(&["usage", "--since", "2025-11-12"]);
    let call = sql(&project, "SELECT call_id FROM call WHERE at_ms > 1763424000000 ORDER BY at_ms LIMIT 1");
    assert_eq!(
        project.succeed(&["usage", "forget", "--call", &call]),
        "1 call erased; the counts of their days stay\n"
    );
    let bytes = fs::read(project.path(STORE)).unwrap();
    assert!(!bytes.windows(call.len()).any(|window| window == call.as_bytes()), "{call} is still in the file");
    assert_eq!(rows(&project.json(&["usage", "--since", "2025-11-12"]).1), rows(&before));
    project.succeed(&["usage", "pull", "--reread", "8d"]);
    assert_eq!(sql(&project, &format!("SELECT count(*) FROM call WHERE call_id = '{call}'")), "0");
    assert_eq!(rows(&project.json(&["usage", "--since", "2025-11-12"]).1), rows(&before));
    assert_eq!(project.json(&["usage", "doctor"]).1["status"], "ok");
}

#[test]
fn old_calls_become_daily_counts_and_a_later_reading_counts_none_twice() {
    let project = with_calls(60, 12);
    project.succeed(&["usage", "pull"]);
    let whole_days = &["usage", "--since", "2025-11-09", "--until", "2025-11-18"];
    let (_, before) = project.json(whole_days);
    project.succeed(&["usage", "forget", "--older-than", "3d"]);
    assert_eq!(sql(&project, "SELECT min(date(at_ms / 1000, 'unixepoch')) FROM call"), "2025-11-17");
    let (code, after) = project.json(whole_days);
    assert_eq!((code, rows(&after)), (0, rows(&before)));
    project.succeed(&["usage", "pull", "--reread", "12d"]);
    assert_eq!(rows(&project.json(whole_days).1), rows(&before));
    let run = project.run(&["usage", "--since", "2025-11-10", "--by", "hour"]);
    assert_eq!(run.code, 3, "{run}");
    assert!(run.stderr.contains("kept as daily counts only"), "{run}");
    assert_eq!(project.run(&["usage", "--by", "hour"]).code, 0);
    assert_eq!(project.json(&["usage", "doctor"]).1["status"], "ok");
    // Further back than was ever read, nothing was erased yet: it counts, and is erased in turn.
    project.write("phone-dir.toml", "[usage]\nkeep_calls = \"7d\"\n");
    project.succeed(&["usage", "pull"]);
    assert_eq!(rows(&project.json(whole_days).1), rows(&before));
}

//! Conflicts as they are written into files, and stored versions that cannot be merged by number.

use phone_dir::merge::Side;
use phone_dir::merge::resolution::{self, Selection};
use phone_dir::merge::stored::{self, MergedText, Versions};
use phone_dir::merge::text::Labels;
use phone_dir::model::paths::FileKind;
use phone_dir::model::{AgentFolders, Directory, PhoneNumber, WorkspaceName, canonical};

fn assignments() -> FileKind {
    FileKind::Assignments(WorkspaceName::parse("staging").unwrap())
}

fn binding(number: &str, agent: &str, modified: &str) -> String {
    format!(
        r#"{{"phone_number":"{number}","agent_path":"agents/{agent}","agent_name":"{agent}","agent_id":"agent_{agent}",
        "assignment_type":"inbound-only","inbound_agent_id":"agent_{agent}","outbound_agent_id":null,
        "assigned_date":"{modified}","last_modified":"{modified}"}}"#
    )
}

fn file(updated: &str, bindings: &[String]) -> String {
    format!(
        r#"{{"workspace":"staging","last_updated":"{updated}","assignments":[{}],"by_agent":{{}},"unassigned":[]}}"#,
        bindings.join(",")
    )
}

fn merge(base: &str, ours: &str, theirs: &str) -> phone_dir::error::Result<MergedText> {
    let versions = Versions { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
    stored::merge(&assignments(), versions, &AgentFolders::default(), &Labels::new("HEAD", "topic", 7))
}

const ONE: &str = "+14155550101";
const TWO: &str = "+14155550102";
const EARLY: &str = "2026-01-01T00:00:00Z";
const LATER: &str = "2026-01-02T00:00:00Z";
const LATEST: &str = "2026-01-03T00:00:00Z";

#[test]
fn different_numbers_merge_and_the_newest_time_counts() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY), binding(TWO, "a", EARLY)]);
    let ours = file(LATEST, &[binding(ONE, "b", LATEST), binding(TWO, "a", EARLY)]);
    let theirs = file(LATER, &[binding(ONE, "a", EARLY), binding(TWO, "c", LATER)]);
    let merged = merge(&base, &ours, &theirs).unwrap();
    assert_eq!(merged.conflicts, []);
    assert!(merged.text.contains(&format!("\"last_updated\": \"{LATEST}\"")));
    assert!(merged.text.contains("\"agents/b\": [\n      \"+14155550101\"\n    ]"), "{}", merged.text);
    assert!(merged.text.contains("\"agents/c\": [\n      \"+14155550102\"\n    ]"), "{}", merged.text);
}

#[test]
fn a_number_reassigned_twice_is_a_conflict_around_its_binding_only() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY), binding(TWO, "a", EARLY)]);
    let ours = file(LATER, &[binding(ONE, "b", LATER), binding(TWO, "a", EARLY)]);
    let theirs = file(LATEST, &[binding(ONE, "c", LATEST), binding(TWO, "a", EARLY)]);
    let merged = merge(&base, &ours, &theirs).unwrap();
    assert_eq!(merged.conflicts.len(), 1);
    insta::assert_snapshot!(merged.text);
}

#[test]
fn a_number_deleted_and_edited_is_a_conflict_with_commas_that_fit_either_choice() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY), binding(TWO, "a", EARLY)]);
    let ours = file(LATER, &[binding(ONE, "a", EARLY)]);
    let theirs = file(LATEST, &[binding(ONE, "a", EARLY), binding(TWO, "c", LATEST)]);
    let merged = merge(&base, &ours, &theirs).unwrap();
    insta::assert_snapshot!(merged.text);
}

#[test]
fn a_resolved_number_leaves_the_other_conflicts_as_they_stand() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY), binding(TWO, "a", EARLY)]);
    let ours = file(LATER, &[binding(ONE, "b", LATER), binding(TWO, "b", LATER)]);
    let theirs = file(LATEST, &[binding(ONE, "c", LATEST), binding(TWO, "c", LATEST)]);
    let text = merge(&base, &ours, &theirs).unwrap().text;
    let one = Selection::Number(PhoneNumber::parse(ONE).unwrap());
    let folders = AgentFolders::default();
    let first = resolution::resolve(&assignments(), &text, one, Side::Theirs, &folders).unwrap();
    assert_eq!(first.remaining.iter().map(ToString::to_string).collect::<Vec<_>>(), [TWO]);
    assert_eq!(first.text.matches("<<<<<<< HEAD").count(), 1);
    let last = resolution::resolve(&assignments(), &first.text, Selection::All, Side::Ours, &folders).unwrap();
    assert!(last.is_done());
    assert!(
        last.text
            .contains("\"agents/b\": [\n      \"+14155550102\"\n    ],\n    \"agents/c\": [\n      \"+14155550101\"")
    );
}

/// A binding whose inbound agents are a list, as JSON.
fn listed(agent: &str, list: &str, modified: &str) -> String {
    binding(ONE, agent, modified).replace("\"assigned_date\"", &format!("\"inbound_agents\":{list},\"assigned_date\""))
}

fn fields(merged: &MergedText) -> Vec<&str> {
    merged.conflicts.iter().map(|conflict| conflict.field.as_str()).collect()
}

#[test]
fn a_move_to_one_agent_and_a_move_to_a_list_that_begins_with_it_are_a_conflict() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY)]);
    let alone = file(LATER, &[binding(ONE, "b", LATER)]);
    let split = r#"[{"agent_id":"agent_b","weight":0.8},{"agent_id":"agent_c","weight":0.2}]"#;
    let pinned = r#"[{"agent_id":"agent_b","weight":1,"agent_version":3}]"#;
    for list in [split, pinned] {
        let listed = file(LATEST, &[listed("b", list, LATEST)]);
        for (ours, theirs) in [(&alone, &listed), (&listed, &alone)] {
            assert_eq!(fields(&merge(&base, ours, theirs).unwrap()), ["binding"], "{list}");
        }
    }
}

#[test]
fn two_edits_of_who_answers_are_a_conflict_even_where_their_fields_differ() {
    let both = |inbound: &str, outbound: &str| {
        binding(ONE, inbound, EARLY)
            .replace("\"outbound_agent_id\":null", &format!("\"outbound_agent_id\":\"agent_{outbound}\""))
            .replace("inbound-only", "inbound-outbound")
    };
    let base = file(EARLY, &[both("a", "a")]);
    let merged = merge(&base, &file(LATER, &[both("b", "a")]), &file(LATER, &[both("a", "c")])).unwrap();
    assert_eq!(fields(&merged), ["binding"]);

    // Ours drops the inbound agent, so that the outbound one speaks for the binding; theirs replaces that one.
    let outbound_only = binding(ONE, "a", EARLY)
        .replace("\"inbound_agent_id\":\"agent_a\"", "\"inbound_agent_id\":null")
        .replace("\"outbound_agent_id\":null", "\"outbound_agent_id\":\"agent_a\"")
        .replace("inbound-only", "outbound-only");
    let merged = merge(&base, &file(LATER, &[outbound_only]), &file(LATER, &[both("a", "c")])).unwrap();
    assert_eq!(fields(&merged), ["binding"]);
}

#[test]
fn a_new_name_of_an_agent_reaches_the_number_whose_version_the_other_side_pinned() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY)]);
    let pinned = r#"[{"agent_id":"agent_a","weight":1,"agent_version":3}]"#;
    let ours = file(LATER, &[listed("a", pinned, LATER)]);
    let theirs = file(LATEST, &[binding(ONE, "a", EARLY).replace("\"agent_name\":\"a\"", "\"agent_name\":\"Anna\"")]);
    let merged = merge(&base, &ours, &theirs).unwrap();
    assert_eq!(merged.conflicts, []);
    assert!(merged.text.contains("\"agent_name\": \"Anna\"") && merged.text.contains("\"agent_version\": 3"));
    // Of an agent that the other side replaced, the new name matters no more.
    let merged = merge(&base, &file(LATER, &[binding(ONE, "b", LATER)]), &theirs).unwrap();
    assert_eq!(merged.conflicts, []);
    assert!(merged.text.contains("\"agent_name\": \"b\""), "{}", merged.text);
}

#[test]
fn every_agent_of_a_list_stays_in_the_index() {
    let split = r#"[{"agent_id":"agent_b","weight":0.8},{"agent_id":"agent_c","weight":0.2}]"#;
    let index = format!(r#""by_agent":{{"agents/b":["{ONE}"],"agents/c":["{ONE}"]}}"#);
    let base = file(EARLY, &[binding(ONE, "a", EARLY), binding(TWO, "a", EARLY)]);
    let ours = file(LATER, &[listed("b", split, LATER), binding(TWO, "a", EARLY)]).replace("\"by_agent\":{}", &index);
    let theirs = file(LATEST, &[binding(ONE, "a", EARLY), binding(TWO, "d", LATEST)]);
    for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
        let merged = merge(&base, ours, theirs).unwrap();
        assert_eq!(merged.conflicts, []);
        let file: serde_json::Value = serde_json::from_str(&merged.text).unwrap();
        let expected = serde_json::json!({"agents/b": [ONE], "agents/c": [ONE], "agents/d": [TWO]});
        assert_eq!(file["by_agent"], expected);
    }
}

#[test]
fn a_file_of_a_newer_format_is_not_merged_whichever_side_has_it() {
    let known = canonical::to_text(&Directory::empty().master);
    let newer = known.replacen("\"version\": \"1.", "\"version\": \"2.", 1);
    assert_ne!(newer, known);
    for sides in
        [[&newer, &known, &known], [&known, &newer, &known], [&known, &known, &newer], [&newer, &newer, &newer]]
    {
        let [base, ours, theirs] = sides.map(|text| text.as_bytes());
        let merged = stored::merge(
            &FileKind::Master,
            Versions { base, ours, theirs },
            &AgentFolders::default(),
            &Labels::default(),
        );
        assert!(merged.unwrap_err().to_string().contains("version 2."));
    }
}

#[test]
fn what_is_broken_or_holds_a_number_twice_is_not_merged_by_number() {
    let good = file(EARLY, &[binding(ONE, "a", EARLY)]);
    let twice = file(EARLY, &[binding(ONE, "a", EARLY), binding(ONE, "b", EARLY)]);
    let cut = &good[..good.len() - 10];
    let unknown = good.replace("\"unassigned\":[]", "\"unassigned\":[],\"more\":1");
    for bad in [&twice, cut, &unknown, "[]", "<<<<<<< HEAD\n"] {
        assert!(merge(&good, bad, &good).is_err(), "ours: {bad}");
        assert!(merge(&good, &good, bad).is_err(), "theirs: {bad}");
        assert!(merge(bad, &good, &good).is_err(), "base: {bad}");
    }
    assert!(merge("", &good, "").is_err(), "an empty side is not a deleted one");
}

#[test]
fn line_ends_that_both_sides_have_are_kept() {
    let base = file(EARLY, &[binding(ONE, "a", EARLY)]);
    let ours = file(LATER, &[binding(ONE, "b", LATER)]).replace('\n', "\r\n");
    let theirs = file(LATER, &[binding(ONE, "a", EARLY), binding(TWO, "a", LATER)]);
    assert!(!merge(&base, &ours, &theirs).unwrap().text.contains('\r'));
    let windows = merge(&base, &ours, &theirs.replace('\n', "\r\n")).unwrap().text;
    assert_eq!(windows.matches("\r\n").count(), windows.matches('\n').count());
}

#[test]
fn equal_additions_merge_and_different_ones_are_a_conflict() {
    let (ours, theirs) = (file(LATER, &[binding(ONE, "a", LATER)]), file(LATEST, &[binding(ONE, "a", LATEST)]));
    let merged = merge("", &ours, &theirs).unwrap();
    assert_eq!(merged.conflicts, []);
    assert!(merged.text.contains(&format!("\"assigned_date\": \"{LATER}\",\n      \"last_modified\": \"{LATEST}\"")));
    let merged = merge("", &ours, &file(LATEST, &[binding(ONE, "b", LATEST)])).unwrap();
    assert_eq!(merged.conflicts.len(), 1);
}

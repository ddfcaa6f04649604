//! The formats of a listing, with names that try to be something else.

use crate::queries::project::{Import, Project, examples};

/// A nickname that tries every output format at once.
const HOSTILE: &str =
    "=cmd|'/C calc'!A0 \u{1b}[2J\u{202e}\r\n::error::x </script><img src=x onerror=alert(1)> | @team `";

fn hostile() -> Project {
    let mut builder = examples();
    builder.number("+14155550100", HOSTILE, &["日本", "a|b"], HOSTILE);
    builder.import(Import { nickname: Some(HOSTILE), ..Import::new("staging", "+14155550100") });
    builder.write()
}

#[test]
fn json_has_the_keys_of_the_contract_and_only_those_that_were_asked_for() {
    let project = hostile();
    let rows = project.json(&["list", "--json"]);
    let first = rows[0].as_object().unwrap();
    for key in [
        "phone_number",
        "phone_number_pretty",
        "phone_number_type",
        "workspace",
        "agent_path",
        "agent_id",
        "agent_name",
        "assignment_type",
        "nickname",
        "tags",
    ] {
        assert!(first.contains_key(key), "{key}");
    }
    assert_eq!(first["nickname"], HOSTILE);
    assert_eq!(first["tags"], serde_json::json!(["日本", "a|b"]));
    let few = project.answer(&["list", "--format", "json", "--columns", "number,tags", "--tag", "a|b"]);
    assert_eq!(
        few,
        "[\n  {\n    \"phone_number\": \"+14155550100\",\n    \"tags\": [\n      \"日本\",\n      \"a|b\"\n    ]\n  }\n]\n"
    );
}

#[test]
fn nothing_to_list_is_an_empty_array_and_no_error() {
    let project = examples().write();
    assert_eq!(project.answer(&["search", "--tag", "nobody", "--json"]), "[]\n");
    assert_eq!(project.answer(&["search", "--tag", "nobody"]), "No numbers.\n");
    assert_eq!(project.answer(&["search", "--tag", "nobody", "--format", "jsonl"]), "");
    assert_eq!(project.answer(&["search", "--tag", "nobody", "--count"]), "0\n");
}

#[test]
fn json_lines_are_the_rows_of_the_array() {
    let project = hostile();
    let lines = project.answer(&["list", "--format", "jsonl"]);
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(serde_json::Value::from(rows), project.json(&["list", "--json"]));
}

#[test]
fn csv_has_one_line_per_row_numbers_as_they_are_and_no_formula() {
    let text = hostile().answer(&["list", "--format", "csv", "--columns", "number,pretty,nickname", "-w", "staging"]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("phone_number,phone_number_pretty,nickname"));
    let hostile = lines.next().unwrap();
    assert!(
        hostile.starts_with("+14155550100,(415) 555-0100,'=cmd|'/C calc'!A0 \\u{1b}[2J\\u{202e} ::error::x "),
        "{hostile}"
    );
    assert_eq!(lines.count(), 5);
}

#[test]
fn markdown_shows_hostile_text_as_code() {
    let text = hostile().answer(&["list", "--format", "markdown", "--columns", "number,nickname", "-w", "staging"]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("| NUMBER | NICKNAME |"));
    assert_eq!(lines.next(), Some("| --- | --- |"));
    let hostile = lines.next().unwrap();
    assert!(
        hostile.starts_with("| +14155550100 | `` =cmd\\|'/C calc'!A0 \\u{1b}[2J\\u{202e} ::error::x </script>"),
        "{hostile}"
    );
    assert!(hostile.ends_with("\\| @team ` `` |"), "{hostile}");
}

#[test]
fn no_format_lets_control_characters_through() {
    let project = hostile();
    for format in ["human", "json", "jsonl", "csv", "markdown"] {
        let text = project.answer(&["list", "--format", format, "--columns", "all"]);
        let active = |letter: char| letter != '\n' && phone_dir::render::escape::is_treacherous(letter);
        assert!(!text.chars().any(active), "{format}: {text}");
        assert!(!text.contains("\n::error"), "{format}");
    }
}

#[test]
fn rows_are_sorted_by_the_columns_asked_for_and_counted() {
    let project = examples().write();
    let sorted =
        project.answer(&["list", "--sort", "type,-number", "--columns", "number,workspace", "--format", "csv"]);
    assert_eq!(
        sorted,
        "phone_number,workspace\n+14159992345,staging\n+14159991234,staging\n+14155555678,staging\n\
        +14155551234,staging\n+14155551234,production\n+18885551234,staging\n"
    );
    assert_eq!(project.answer(&["list", "--count"]), "6\n");
    assert_eq!(
        project.answer(&["list", "--count", "--json"]),
        "{\n  \"format_version\": 1,\n  \"count\": 6,\n  \"numbers\": 5\n}\n"
    );
    let nicknames = project.answer(&["list", "--sort=-nickname", "-w", "staging", "--columns", "nickname"]);
    assert_eq!(nicknames, "NICKNAME\nTest Number\nSupport Line\nSales Hotline\nCustomer Service Line\n-\n");
}

#[test]
fn a_listing_that_is_piped_is_never_cut_and_never_coloured() {
    let long = "A very long nickname ".repeat(20);
    let mut builder = examples();
    builder.import(Import { nickname: Some(long.trim_end()), ..Import::new("production", "+14159991234") });
    let text = builder.write().answer(&["list"]);
    assert!(text.contains(long.trim_end()) && !text.contains('\u{1b}'));
}

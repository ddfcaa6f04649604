//! Files that are hardly files: each kind of broken text has one finding at its place, and breaks nothing else.

use super::project::*;

fn spoiled(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut project = Project::healthy();
    project.files.insert(path, bytes);
    project.lines().into_iter().filter(|line| line.starts_with(path)).collect()
}

#[test]
fn texts_that_are_no_json_are_told_apart() {
    let deep = format!("{{\"a\": {}", "[".repeat(100_000));
    let told: Vec<String> = [
        b"".as_slice(),
        b" \n\n",
        b"\xef\xbb\xbf",
        b"{\"a\": 1,}",
        b"{\"workspace\": \"sta",
        b"{\r\n  \"a\": \"\xff\"\r\n}",
        b"{\"a\": \0}",
        b"{\"a\": \"\x01\"}",
        b"{} {}",
        b"[]",
        b"\xfe\xff\0{",
        b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n",
        deep.as_bytes(),
    ]
    .iter()
    .flat_map(|bytes| spoiled(STAGING, bytes))
    .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    phone-numbers/staging/assignments.json:1:1 error not-json: `phone-numbers/staging/assignments.json` is not JSON: the file is empty
    phone-numbers/staging/assignments.json:1:1 error not-json: `phone-numbers/staging/assignments.json` is not JSON: the file is empty
    phone-numbers/staging/assignments.json:1:1 error not-json: `phone-numbers/staging/assignments.json` is not JSON: the file is empty
    phone-numbers/staging/assignments.json:1:9 error not-json: `phone-numbers/staging/assignments.json` is not JSON: trailing comma
    phone-numbers/staging/assignments.json:1:18 error not-json: `phone-numbers/staging/assignments.json` is not JSON: the JSON ends too early
    phone-numbers/staging/assignments.json:2:9 error encoding: `phone-numbers/staging/assignments.json` holds bytes that are not UTF-8
    phone-numbers/staging/assignments.json:1:7 error not-json: `phone-numbers/staging/assignments.json` is not JSON: expected value
    phone-numbers/staging/assignments.json:1:8 error not-json: `phone-numbers/staging/assignments.json` is not JSON: control character (\u0000-\u001F) found while parsing a string
    phone-numbers/staging/assignments.json:1:4 error not-json: `phone-numbers/staging/assignments.json` is not JSON: trailing characters
    phone-numbers/staging/assignments.json:1:1 error schema: expected an object, found an array
    phone-numbers/staging/assignments.json:1:1 error encoding: `phone-numbers/staging/assignments.json` is UTF-16, not UTF-8
    phone-numbers/staging/assignments.json:1:1 error conflict-marker: `phone-numbers/staging/assignments.json` has an unresolved merge conflict [phone-numbers/staging/assignments.json:3:1 another marker] [phone-numbers/staging/assignments.json:5:1 another marker]
    phone-numbers/staging/assignments.json:1:133 error not-json: `phone-numbers/staging/assignments.json` is not JSON: recursion limit exceeded
    "#);
}

#[test]
fn a_byte_order_mark_is_all_that_is_wrong_with_a_marked_file() {
    let mut project = Project::healthy();
    let text = format!("\u{feff}{}", project.text(STAGING));
    project.put(STAGING, &text);
    assert_eq!(project.lines(), [format!("{STAGING}:1:1 error encoding: `{STAGING}` starts with a byte order mark")]);
}

#[test]
fn columns_count_characters_also_behind_wide_ones_and_in_lines_with_carriage_returns() {
    let mut project = Project::healthy();
    let text = project.text(MASTER).replace('\n', "\r\n").replace("\"notes\": \"\"", "\"notes\": \"é🙂\", \"x\": 1");
    project.put(MASTER, &text);
    let found = project.report();
    let place = found.diagnostics.iter().find(|found| found.rule.code == "schema").unwrap().location.start;
    assert_eq!(
        text.lines().nth(place.line - 1).unwrap().chars().skip(place.column - 1).take(3).collect::<String>(),
        "\"x\""
    );
}

#[test]
fn a_place_far_into_a_file_of_one_line_is_exact() {
    let mut project = Project::healthy();
    let entry = "{\"phone_number\": \"é\"}";
    let text = format!("{{\"numbers\": [{}]}}", vec![entry; 300].join(","));
    project.put(STAGING_NUMBERS, &text);
    let report = project.report();
    let last =
        report.diagnostics.iter().rfind(|found| found.location.pointer.as_deref() == Some("/numbers/299/phone_number"));
    let start = last.unwrap().location.start;
    let before = text.rfind("\"é\"").unwrap();
    assert_eq!((start.line, start.column), (1, text[..before].chars().count() + 1));
}

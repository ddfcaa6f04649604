//! What the generators draw: every field of what they make takes more than one value, and where a field may be empty,
//! it is so in some and not in others. A law that holds for one value alone holds for nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::strategies::{directory, files, providers};

/// How many values are looked at.
const DRAWN: usize = 96;

/// Every field that a value's debug text names, by the names that lead to it, with the field's own text.
fn fields(text: &str) -> Vec<(String, String)> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let name = |line: &str| {
        let (name, _) = line.trim_start().split_once(": ")?;
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        name.chars().all(is_plain).then(|| name.to_owned())
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = name(line) else { continue };
        above.retain(|(outer, _)| *outer < indent(line));
        let end = if line.ends_with(['{', '[', '(']) {
            at + 1 + lines[at + 1..].iter().position(|next| indent(next) <= indent(line)).unwrap_or_default()
        } else {
            at
        };
        let value = lines[at..=end].concat();
        let path = above.iter().map(|(_, name)| name.as_str()).chain([name.as_str()]).collect::<Vec<_>>().join(".");
        found.push((path, value.split_once(": ").unwrap_or_default().1.to_owned()));
        above.push((indent(line), name));
    }
    found
}

/// The fields of a strategy's values that are always the same, always there or never there.
fn monotonous<S: Strategy>(strategy: &S) -> Vec<String>
where
    S::Value: Debug,
{
    let runner = &mut TestRunner::deterministic();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for _ in 0..DRAWN {
        let value = strategy.new_tree(runner).unwrap().current();
        for (path, text) in fields(&format!("{value:#?}")) {
            seen.entry(path).or_default().insert(text);
        }
    }
    let is_empty = |text: &String| matches!(text.as_str(), "None," | "[]," | "{},");
    let may_be_empty =
        |texts: &BTreeSet<String>| texts.iter().any(|text| is_empty(text) || text.starts_with("Some(") || text == "[");
    let monotonous = seen.into_iter().filter(|(_, texts)| {
        let empty = texts.iter().filter(|text| is_empty(text)).count();
        texts.len() < 2 || may_be_empty(texts) && (empty == 0 || empty == texts.len())
    });
    monotonous.map(|(path, _)| path).collect()
}

#[test]
fn the_fields_of_a_value_are_read_from_its_debug_text() {
    #[derive(Debug)]
    #[allow(dead_code)] // read through `Debug`
    struct Inner {
        list: Vec<u8>,
        text: Option<&'static str>,
    }
    #[derive(Debug)]
    #[allow(dead_code)] // read through `Debug`
    struct Outer {
        inner: Vec<Inner>,
        last: bool,
    }
    let value = Outer { inner: vec![Inner { list: vec![], text: Some("a: b") }], last: true };
    let found: Vec<_> = fields(&format!("{value:#?}")).into_iter().map(|(path, _)| path).collect();
    assert_eq!(found, ["inner", "inner.list", "inner.text", "last"]);
}

#[test]
fn a_generator_of_one_value_is_noticed() {
    #[derive(Clone, Debug)]
    #[allow(dead_code)] // read through `Debug`
    struct Value {
        same: u8,
        never: Option<u8>,
        varied: u8,
    }
    let strategy = proptest::arbitrary::any::<u8>().prop_map(|varied| Value { same: 7, never: None, varied });
    assert_eq!(monotonous(&strategy), ["never", "same"]);
}

#[test]
fn every_field_of_what_the_providers_say_is_varied() {
    let directory = directory::directory().prop_filter("two numbers", |directory| directory.master.numbers.len() > 1);
    let reads = directory.prop_flat_map(|directory| providers::complete(&directory));
    assert_eq!(monotonous(&reads), [] as [&str; 0]);
}

#[test]
fn every_field_of_a_file_is_varied() {
    let none = [] as [&str; 0];
    assert_eq!(monotonous(&files::master_file()), none);
    assert_eq!(monotonous(&files::numbers_file()), none);
    assert_eq!(monotonous(&files::assignments_file()), none);
    assert_eq!(monotonous(&files::trunks_file()), none);
    assert_eq!(monotonous(&files::sync_log()), none);
    assert_eq!(monotonous(&files::prices_file()), none);
}

#[test]
fn every_field_of_a_directory_is_varied() {
    let directory = directory::directory().prop_filter("two numbers", |directory| directory.master.numbers.len() > 1);
    // What other tools' files say, and what of them is elsewhere or cannot be read: no sync leaves that behind.
    assert_eq!(monotonous(&directory), ["agents.elsewhere", "settings", "unread"]);
}

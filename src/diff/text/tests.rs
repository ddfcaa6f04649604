//! Two texts are compared entry by entry: as parsing both whole tells, or not at all.

use super::*;
use crate::diff::delta;
use crate::model::made_up::{assignment, member, noted, number, registry_entry, workspace};
use crate::model::pools::Member;
use crate::model::{AssignmentsFile, MasterFile, NumbersFile, PoolsFile, RegistryEntry};

/// A file of these lines, each with what stands there for it.
trait Made: Listed + Clone {
    fn made(lines: &[(u32, &str)]) -> Self;
}

impl Made for MasterFile {
    fn made(lines: &[(u32, &str)]) -> Self {
        let numbers = lines.iter().map(|(line, text)| (number(*line), noted(*line, text))).collect();
        Self { numbers, ..Self::empty() }
    }
}

impl Made for NumbersFile {
    fn made(lines: &[(u32, &str)]) -> Self {
        let entry =
            |(line, text): &(u32, &str)| RegistryEntry { nickname: Some((*text).to_owned()), ..registry_entry(*line) };
        Self { numbers: lines.iter().map(entry).collect(), ..Self::empty(workspace("staging")) }
    }
}

impl Made for AssignmentsFile {
    fn made(lines: &[(u32, &str)]) -> Self {
        let assignments = lines.iter().map(|(line, text)| assignment(*line, text)).collect();
        Self { assignments, ..Self::empty(workspace("staging")) }
    }
}

impl Made for PoolsFile {
    fn made(lines: &[(u32, &str)]) -> Self {
        let member = |text: &str| Member { reason: Some(text.to_owned()), ..member("sales") };
        Self { members: lines.iter().map(|(line, text)| (number(*line), member(text))).collect(), ..Self::default() }
    }
}

fn text<F: Made>(lines: &[(u32, &str)]) -> String {
    canonical::to_text(&F::made(lines))
}

/// What parsing both whole tells.
fn naive<F: Made>(from: &[(u32, &str)], to: &[(u32, &str)]) -> Pairs<F::Entry> {
    let [from, to] = [from, to].map(|lines| F::made(lines).into_entries());
    delta::pairs(from.iter(), to.iter())
}

/// Every choice of these lines that are not there, or there in one of two ways, beside one that is always there.
fn choices(changed: &[u32]) -> Vec<Vec<(u32, &'static str)>> {
    let ways = |line: u32| [None, Some((line, "a")), Some((line, "b"))];
    let mut all = vec![vec![(2, "z")]];
    for line in changed {
        let longer = |known: &Vec<_>| ways(*line).map(|way| known.iter().copied().chain(way).collect::<Vec<_>>());
        all = all.iter().flat_map(longer).collect();
    }
    for lines in &mut all {
        lines.sort_unstable();
    }
    all
}

fn tells_what_parsing_tells<F: Made>(changed: &[u32])
where
    F::Entry: std::fmt::Debug,
{
    for from in choices(changed) {
        for to in choices(changed) {
            let found = pairs::<F>(text::<F>(&from).as_bytes(), text::<F>(&to).as_bytes());
            assert_eq!(found, Some(naive::<F>(&from, &to)), "{from:?} {to:?}");
        }
    }
}

#[test]
fn two_canonical_texts_differ_as_the_files_do() {
    tells_what_parsing_tells::<MasterFile>(&[1, 3, 4]);
    tells_what_parsing_tells::<NumbersFile>(&[1, 3]);
    tells_what_parsing_tells::<AssignmentsFile>(&[1, 3]);
    tells_what_parsing_tells::<PoolsFile>(&[1, 3]);
}

#[test]
fn long_texts_with_much_in_common_differ_only_where_they_do() {
    let long = "x".repeat(3000);
    let lines: Vec<(u32, &str)> = (1..12).map(|line| (line, long.as_str())).collect();
    for at in 0..lines.len() {
        let mut changed = lines.clone();
        changed[at].1 = "short";
        let mut without = lines.clone();
        without.remove(at);
        for to in [changed, without] {
            let found = pairs::<MasterFile>(text::<MasterFile>(&lines).as_bytes(), text::<MasterFile>(&to).as_bytes());
            assert_eq!(found, Some(naive::<MasterFile>(&lines, &to)), "{at}");
            let found = pairs::<MasterFile>(text::<MasterFile>(&to).as_bytes(), text::<MasterFile>(&lines).as_bytes());
            assert_eq!(found, Some(naive::<MasterFile>(&to, &lines)), "{at}");
        }
    }
}

/// The texts of a file of lines 1 to 3 that are no canonical form of it.
fn spoiled<F: Made>() -> Vec<String> {
    let whole = text::<F>(&[(1, "a"), (2, "a"), (3, "a")]);
    let digits = |line: u32| number(line).to_string();
    let (start, end) = (whole.find(F::OPEN).unwrap() + F::OPEN.len(), whole.rfind(F::CLOSE).unwrap());
    let entries: Vec<&str> = whole[start..end].split("\n    },\n").collect();
    let [first, second] = [entries[0], entries[1]].map(|entry| format!("{entry}\n    }},\n"));
    let with = |entries: &str| format!("{}{entries}{}", &whole[..start], &whole[end..]);
    let rest = &whole[start + first.len() + second.len()..end];
    vec![
        with(&format!("{second}{first}{rest}")),
        with(&format!("{first}{first}{second}{rest}")),
        with(&format!("{first}{second}{second}{rest}")),
        with(&format!("{first}{second}")),
        with(&format!("{first}{second}{rest},\n")),
        with(&format!("{first}{second}{rest},")),
        with(&format!("{first}{}{rest}", second.trim_end_matches(",\n"))),
        with(&format!("{first}{second}{rest} ")),
        with(&format!("{first}\n{second}{rest}")),
        with(&format!("{first} {second}{rest}")),
        with(&format!("{first}{}{rest}", second.replacen(": \"", ":  \"", 1))),
        with(&format!("{first}{}{rest}", second.replace(&digits(2), &digits(3)))),
        with(&format!("{first}{}{rest}", second.replace(&digits(2), "+0"))),
        with(&format!("{first}{}{rest}", second.replace("\n      ", "\n       "))),
    ]
}

/// What stands around the entries in another form.
fn reframed<F: Made>() -> Vec<String> {
    let whole = text::<F>(&[(1, "a"), (2, "b"), (3, "a")]);
    vec![format!(" {whole}"), format!("{whole}\n"), whole.trim_end().to_owned(), whole.replacen("{\n  ", "{\n   ", 1)]
}

fn gives_up<F: Made>() {
    let known = text::<F>(&[(1, "a"), (2, "b"), (3, "a")]);
    assert!(is_whole::<F>(known.as_bytes()) && pairs::<F>(known.as_bytes(), known.as_bytes()).is_some());
    for (at, other) in spoiled::<F>().iter().chain(&reframed::<F>()).enumerate() {
        assert!(!is_whole::<F>(other.as_bytes()), "{at}: {other}");
        assert!(pairs::<F>(known.as_bytes(), other.as_bytes()).is_none(), "{at}: {other}");
        if let Ok(file) = serde_json::from_str::<F>(other) {
            assert!(!is_canonical(&file, other.as_bytes()), "{at}: {other}");
        }
    }
    let file: F = serde_json::from_str(&known).unwrap();
    assert!(is_canonical(&file, known.as_bytes()));
    for broken in ["", "{}", F::OPEN, &format!("{}{}", F::OPEN, F::CLOSE)] {
        assert!(!is_whole::<F>(broken.as_bytes()) && pairs::<F>(known.as_bytes(), broken.as_bytes()).is_none());
        assert!(without_entries::<F>(broken.as_bytes()).is_none());
    }
}

#[test]
fn what_is_not_in_canonical_form_is_not_compared_by_text() {
    gives_up::<MasterFile>();
    gives_up::<NumbersFile>();
    gives_up::<AssignmentsFile>();
    gives_up::<PoolsFile>();
}

#[test]
fn numbers_have_to_stand_in_order_each_once() {
    assert!(NumbersFile::made(&[]).is_ordered() && AssignmentsFile::made(&[]).is_ordered());
    for (lines, is_ordered) in
        [(&[(1, "a"), (2, "a")], true), (&[(1, "a"), (1, "b")], false), (&[(2, "a"), (1, "a")], false)]
    {
        assert_eq!(NumbersFile::made(lines).is_ordered(), is_ordered, "{lines:?}");
        assert_eq!(AssignmentsFile::made(lines).is_ordered(), is_ordered, "{lines:?}");
    }
    let twice = [(1, "first"), (2, "a"), (1, "second")];
    let nicknames = NumbersFile::made(&twice).into_entries().into_values().map(|entry| entry.nickname);
    assert_eq!(nicknames.collect::<Vec<_>>(), [Some("first".to_owned()), Some("a".to_owned())]);
    let agents = AssignmentsFile::made(&twice).into_entries().into_values().map(|entry| entry.agent_id);
    assert_eq!(agents.collect::<Vec<_>>(), [Some("first".parse().unwrap()), Some("a".parse().unwrap())]);
}

#[test]
fn what_stands_around_the_entries_is_read_without_them_and_another_version_is_not() {
    let whole = text::<MasterFile>(&[(1, "a"), (2, "b")]);
    assert_eq!(without_entries::<MasterFile>(whole.as_bytes()), Some(MasterFile::empty()));
    let newer = whole.replace("\"version\": \"1.0.0\"", "\"version\": \"2.0.0\"");
    assert!(
        !is_whole::<MasterFile>(newer.as_bytes()) && pairs::<MasterFile>(whole.as_bytes(), newer.as_bytes()).is_none()
    );
    assert!(!serde_json::from_str::<MasterFile>(&newer).unwrap().is_known() && MasterFile::empty().is_known());
    assert!(NumbersFile::made(&[]).is_known());
    // Other counts around the same entries are no difference of an entry.
    let counted = whole.replace("\"total_numbers\": 0", "\"total_numbers\": 2");
    assert_ne!(counted, whole);
    assert_eq!(pairs::<MasterFile>(whole.as_bytes(), counted.as_bytes()), Some(Pairs::new()));
    let odd = whole.replace("\"total_numbers\": 0", "\"total_numbers\":  2");
    assert!(pairs::<MasterFile>(whole.as_bytes(), odd.as_bytes()).is_none());
}

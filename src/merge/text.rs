//! Writes a merged file with its conflicts between markers, and reads such a text back.
//!
//! The text is the canonical form with both versions where they differ, field by field. Choosing one side at every
//! marker gives a valid file in canonical form, commas included.

use serde_json::{Map, Value};

use super::binding;
use crate::inert::inert;

/// What stands beside the markers.
#[derive(Clone, Debug)]
pub struct Labels {
    pub ours: String,
    pub theirs: String,
    /// How many characters a marker has; git's default is 7.
    pub marker_size: usize,
}

impl Default for Labels {
    fn default() -> Self {
        Self { ours: "ours".to_owned(), theirs: "theirs".to_owned(), marker_size: 7 }
    }
}

/// The most characters of a label.
const MAX_LABEL: usize = 80;

impl Labels {
    /// Makes labels of what git says, which carries commit subjects: one line in which nothing acts.
    pub fn new(ours: &str, theirs: &str, marker_size: usize) -> Self {
        let named = |label: &str, otherwise: &str| {
            let short: String = label.chars().take(MAX_LABEL).collect();
            if short.is_empty() { otherwise.to_owned() } else { inert(&short).into_owned() }
        };
        Self { ours: named(ours, "ours"), theirs: named(theirs, "theirs"), marker_size: marker_size.max(1) }
    }

    fn marker(&self, letter: char, label: &str) -> String {
        let marker: String = std::iter::repeat_n(letter, self.marker_size).collect();
        if label.is_empty() { marker } else { format!("{marker} {label}") }
    }
}

/// Writes two views of a file as one text; where they are equal, it is the canonical form.
pub fn write(ours: &Value, theirs: &Value, labels: &Labels) -> String {
    let mut lines = MergedLines::default();
    both(&mut lines, "", Some(ours), Some(theirs), "", ["", ""]);
    let mut text = String::new();
    for piece in lines.0 {
        match piece {
            Piece::Agreed(line) => push(&mut text, &line),
            Piece::Split(ours, theirs) => {
                push(&mut text, &labels.marker('<', &labels.ours));
                for line in &ours {
                    push(&mut text, line);
                }
                push(&mut text, &labels.marker('=', ""));
                for line in &theirs {
                    push(&mut text, line);
                }
                push(&mut text, &labels.marker('>', &labels.theirs));
            }
        }
    }
    text
}

/// Writes two texts as one, with markers around the lines that differ.
pub fn write_lines(ours: &[String], theirs: &[String], labels: &Labels) -> String {
    let mut text = String::new();
    for part in similar::capture_diff_slices(similar::Algorithm::Myers, ours, theirs) {
        let (ours, theirs) = (&ours[part.old_range()], &theirs[part.new_range()]);
        if part.tag() == similar::DiffTag::Equal {
            text.extend(ours.iter().map(String::as_str));
            continue;
        }
        push(&mut text, &labels.marker('<', &labels.ours));
        text.extend(ours.iter().map(String::as_str));
        push(&mut text, &labels.marker('=', ""));
        text.extend(theirs.iter().map(String::as_str));
        push(&mut text, &labels.marker('>', &labels.theirs));
    }
    text
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

enum Piece {
    Agreed(String),
    Split(Vec<String>, Vec<String>),
}

/// Lines of which each side has its own where they differ.
#[derive(Default)]
struct MergedLines(Vec<Piece>);

impl MergedLines {
    /// Adds both sides' lines; what they have in common at the start is agreed.
    fn add(&mut self, ours: &[String], theirs: &[String]) {
        let common = ours.iter().zip(theirs).take_while(|(one, other)| one == other).count();
        self.0.extend(ours[..common].iter().cloned().map(Piece::Agreed));
        self.split(&ours[common..], &theirs[common..]);
    }

    /// Adds both sides' lines as different, whatever they have in common.
    fn split(&mut self, ours: &[String], theirs: &[String]) {
        if ours.is_empty() && theirs.is_empty() {
            return;
        }
        if let Some(Piece::Split(known_ours, known_theirs)) = self.0.last_mut() {
            known_ours.extend_from_slice(ours);
            known_theirs.extend_from_slice(theirs);
        } else {
            self.0.push(Piece::Split(ours.to_vec(), theirs.to_vec()));
        }
    }
}

/// Writes a member of both sides: its name, its value, and the comma after it on each side.
fn both(
    lines: &mut MergedLines,
    indent: &str,
    ours: Option<&Value>,
    theirs: Option<&Value>,
    name: &str,
    commas: [&str; 2],
) {
    match (ours, theirs) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs)))
            if ours != theirs && !(ours.is_empty() || theirs.is_empty()) =>
        {
            let keys = interleaved(&ours.keys().collect::<Vec<_>>(), &theirs.keys().collect::<Vec<_>>());
            let member = |key: &&String| (format!("{}: ", quoted(key)), ours.get(*key), theirs.get(*key));
            block(lines, indent, name, ['{', '}'], commas, &keys.iter().map(member).collect::<Vec<_>>());
        }
        (Some(Value::Array(ours)), Some(Value::Array(theirs)))
            if ours != theirs && is_keyed(ours) && is_keyed(theirs) =>
        {
            let (ours, theirs) = (by_number(ours), by_number(theirs));
            let keys = interleaved(&ours.keys().collect::<Vec<_>>(), &theirs.keys().collect::<Vec<_>>());
            let member = |key: &&String| (String::new(), ours.get(*key), theirs.get(*key));
            block(lines, indent, name, ['[', ']'], commas, &keys.iter().map(member).collect::<Vec<_>>());
        }
        (ours, theirs) => {
            lines.add(&written(indent, name, ours, commas[0]), &written(indent, name, theirs, commas[1]));
        }
    }
}

type BothMembers<'a> = (String, Option<&'a Value>, Option<&'a Value>);

fn block(
    lines: &mut MergedLines,
    indent: &str,
    name: &str,
    brackets: [char; 2],
    commas: [&str; 2],
    members: &[BothMembers<'_>],
) {
    let open = [format!("{indent}{name}{}", brackets[0])];
    lines.add(&open, &open);
    let last_ours = members.iter().rposition(|(_, ours, _)| ours.is_some());
    let last_theirs = members.iter().rposition(|(_, _, theirs)| theirs.is_some());
    let inner = format!("{indent}  ");
    let whole = binding_in_conflict(members);
    for (at, (name, ours, theirs)) in members.iter().enumerate() {
        let comma = |last: Option<usize>| if last == Some(at) { "" } else { "," };
        if whole.contains(&at) {
            let lines_of = |value, last| written(&inner, name, value, comma(last));
            lines.split(&lines_of(*ours, last_ours), &lines_of(*theirs, last_theirs));
            continue;
        }
        both(lines, &inner, *ours, *theirs, name, [comma(last_ours), comma(last_theirs)]);
    }
    let close = |comma| [format!("{indent}{}{comma}", brackets[1])];
    lines.add(&close(commas[0]), &close(commas[1]));
}

/// The members from the first to the last field in which two bindings differ: shown as one conflict, so that a user never
/// takes half a binding from each side.
fn binding_in_conflict(members: &[BothMembers<'_>]) -> std::ops::Range<usize> {
    let differs = |(name, ours, theirs): &BothMembers<'_>| {
        ours != theirs && binding::FIELDS.iter().any(|field| *name == format!("\"{field}\": "))
    };
    match (members.iter().position(differs), members.iter().rposition(differs)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..0,
    }
}

/// One side's value in canonical form, with its name before it and the comma behind; nothing where it has none.
fn written(indent: &str, name: &str, value: Option<&Value>, comma: &str) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    let text = crate::model::canonical::to_text(value);
    let text = format!("{name}{}{comma}", text.trim_end_matches('\n'));
    text.lines().map(|line| format!("{indent}{line}")).collect()
}

fn quoted(key: &str) -> String {
    Value::from(key).to_string()
}

fn is_keyed(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|entry| entry.get("phone_number").is_some_and(Value::is_string))
}

fn by_number(list: &[Value]) -> Map<String, Value> {
    let key = |entry: &Value| entry["phone_number"].as_str().unwrap_or_default().to_owned();
    list.iter().map(|entry| (key(entry), entry.clone())).collect()
}

/// All keys of both sides, those in common in their common order, the others where their side has them.
fn interleaved<'a>(ours: &[&'a String], theirs: &[&'a String]) -> Vec<&'a String> {
    let theirs_known: std::collections::BTreeSet<_> = theirs.iter().collect();
    let ours_known: std::collections::BTreeSet<_> = ours.iter().collect();
    let mut keys = Vec::new();
    let mut rest = theirs.iter().peekable();
    for key in ours {
        if theirs_known.contains(key) {
            while let Some(new) = rest.next_if(|next| !ours_known.contains(next)) {
                keys.push(*new);
            }
            rest.next();
        }
        keys.push(*key);
    }
    keys.extend(rest.filter(|key| !ours_known.contains(key)).copied());
    keys
}

/// Takes a text with markers apart: as it is with our side everywhere, and with theirs.
///
/// None where the markers do not pair up. Text without markers is the same on both sides. A base section between
/// `|||||||` and `=======`, as git's `diff3` style has it, belongs to neither.
pub fn read(text: &str, marker_size: usize) -> Option<(String, String)> {
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut place = PieceOwner::Both;
    for line in text.split_inclusive('\n') {
        let next = match (marker_of(line, marker_size), place) {
            (Some('<'), PieceOwner::Both) => PieceOwner::Ours,
            (Some('|'), PieceOwner::Ours) => PieceOwner::Base,
            (Some('='), PieceOwner::Ours | PieceOwner::Base) => PieceOwner::Theirs,
            (Some('>'), PieceOwner::Theirs) => PieceOwner::Both,
            (Some(_), _) => return None,
            (None, place) => {
                if matches!(place, PieceOwner::Both | PieceOwner::Ours) {
                    ours.push_str(line);
                }
                if matches!(place, PieceOwner::Both | PieceOwner::Theirs) {
                    theirs.push_str(line);
                }
                place
            }
        };
        place = next;
    }
    (place == PieceOwner::Both).then_some((ours, theirs))
}

#[derive(Clone, Copy, PartialEq)]
enum PieceOwner {
    Both,
    Ours,
    Base,
    Theirs,
}

/// The letter of a line that is a marker. Lines of JSON never are: a text cannot span lines.
fn marker_of(line: &str, size: usize) -> Option<char> {
    let letter = line.chars().next().filter(|letter| "<|=>".contains(*letter))?;
    let length = line.chars().take_while(|next| *next == letter).count();
    let rest = &line[length..];
    (length == size && (rest.trim_end().is_empty() || rest.starts_with(' '))).then_some(letter)
}

/// The labels of a text with markers, as they stand at its first conflict.
pub fn labels_of(text: &str) -> Labels {
    let default = Labels::default();
    let size = |line: &str| line.chars().take_while(|letter| *letter == '<').count();
    let Some(first) = text.lines().find(|line| size(line) >= default.marker_size) else { return default };
    let marker_size = size(first);
    let last = text.lines().find(|line| marker_of(line, marker_size) == Some('>'));
    let label = |line: &str| inert(line[marker_size..].trim()).into_owned();
    Labels { ours: label(first), theirs: last.map_or_else(String::new, label), marker_size }
}

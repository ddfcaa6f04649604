//! The texts behind a text: what its strings hold once their escapes are resolved, and what long runs of base64 or
//! hexadecimal digits stand for. A key in there is as public as a plain one.

use std::collections::HashSet;
use std::ops::Range;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::document::closing_quote;
use crate::model::decoding::{Decoded, Keep};

/// The shortest secret of a known form, in bytes.
const SHORTEST: usize = 21;

/// What was cut off a longer run, and what has no padding, is read too.
const DECODER: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A text behind a part of another one.
pub enum Behind {
    /// Escapes are resolved, in a part that begins at an offset.
    Escapes(usize, Decoded),
    /// A run of base64 or of digits as a whole.
    Run(Range<usize>, Vec<u8>),
}

impl Behind {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Escapes(_, decoded) => &decoded.bytes,
            Self::Run(_, bytes) => bytes,
        }
    }

    /// Where a part of it comes from.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        match self {
            Self::Escapes(start, decoded) => {
                let place = decoded.place(range);
                start + place.start..start + place.end
            }
            Self::Run(whole, _) => whole.clone(),
        }
    }
}

/// The texts behind a text, one level deep.
pub fn behind(bytes: &[u8]) -> Vec<Behind> {
    let mut found = Vec::new();
    // A text without strings has no structure that an escape could break.
    let keep = if memchr::memchr(b'"', bytes).is_some() { Keep::Structure } else { Keep::Nothing };
    found.extend(Decoded::of(bytes, keep).map(|decoded| Behind::Escapes(0, decoded)));
    if keep == Keep::Structure {
        let decoded =
            |range: Range<usize>| Some(Behind::Escapes(range.start, Decoded::of(&bytes[range], Keep::Nothing)?));
        found.extend(marked_strings(bytes).filter_map(decoded));
    }
    // An agent's id stands in a file thousands of times, and says nothing each time.
    let mut barren: HashSet<&[u8]> = HashSet::new();
    for wide in runs(bytes, BASE64 | LINE_END, SHORTEST * 4 / 3) {
        for part in runs(&bytes[wide.clone()], BASE64, SHORTEST * 4 / 3) {
            let run = wide.start + part.start..wide.start + part.end;
            let text = &bytes[run.clone()];
            if is_sid(text) && !are_all(text, DIGIT) || barren.contains(text) {
                continue;
            }
            let before = found.len();
            found.extend(of_run(text).into_iter().map(|text| Behind::Run(run.clone(), text)));
            if found.len() == before {
                barren.insert(text);
            }
        }
        // Programs wrap what is long: a run goes on behind the end of its line.
        if bytes[wide.clone()].iter().any(|byte| is(*byte, LINE_END)) {
            let lines: Vec<u8> = bytes[wide.clone()].iter().copied().filter(|byte| !is(*byte, LINE_END)).collect();
            found.extend(of_base64(&lines).map(|text| Behind::Run(wide.clone(), text)));
        }
    }
    for run in runs(bytes, DIGIT | SEPARATOR, SHORTEST * 3 - 1) {
        found.extend(of_pairs(&bytes[run.clone()]).map(|text| Behind::Run(run.clone(), text)));
    }
    found
}

/// The insides of the strings that hold what may begin an escape, in a text that is JSON or something like it.
///
/// Before the first such place behind a string every quote begins or ends another one, so that counting them tells whether
/// that place lies in a string.
fn marked_strings(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut outside = 0;
    memchr::memchr3_iter(b'\\', b'%', b'&', bytes).filter_map(move |mark| {
        // None where the last string holds this mark too.
        let between = bytes.get(outside..mark)?;
        if memchr::memchr_iter(b'"', between).count().is_multiple_of(2) {
            outside = mark;
            return None;
        }
        let start = outside + memchr::memrchr(b'"', between)? + 1;
        let end = closing_quote(bytes, start);
        outside = (end + 1).min(bytes.len());
        Some(start..end)
    })
}

/// The longest stretches of bytes of some kinds, as far as they are long enough.
fn runs(bytes: &[u8], kinds: u8, shortest: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        // From the end of the shortest run backwards, most bytes need no look.
        while let Some(next) = bytes.get(at..at + shortest) {
            if let Some(other) = next.iter().rposition(|byte| !is(*byte, kinds)) {
                at += other + 1;
                continue;
            }
            let start = at;
            at += shortest;
            at += bytes[at..].iter().take_while(|byte| is(**byte, kinds)).count();
            return Some(start..at);
        }
        None
    })
}

/// The alphabets of base64, that for addresses and file names too.
const BASE64: u8 = 1;
const LINE_END: u8 = 2;
/// A hexadecimal digit.
const DIGIT: u8 = 4;
/// What stands between pairs of digits.
const SEPARATOR: u8 = 8;

/// The kinds of each byte: every byte of every file is asked for them.
static KINDS: [u8; 256] = kinds();

const fn kinds() -> [u8; 256] {
    let mut kinds = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => BASE64 | DIGIT,
            b'g'..=b'z' | b'G'..=b'Z' | b'+' | b'/' | b'_' => BASE64,
            b'-' => BASE64 | SEPARATOR,
            b' ' | b':' => SEPARATOR,
            b'\r' | b'\n' => LINE_END,
            _ => 0,
        };
        byte += 1;
    }
    kinds
}

fn is(byte: u8, kinds: u8) -> bool {
    KINDS[usize::from(byte)] & kinds != 0
}

fn are_all(bytes: &[u8], kinds: u8) -> bool {
    bytes.iter().all(|byte| is(*byte, kinds))
}

/// What a run of base64, or of digits, stands for.
fn of_run(run: &[u8]) -> Vec<Vec<u8>> {
    if are_all(run, DIGIT) { of_digits(run).collect() } else { of_base64(run).collect() }
}

/// What base64 stands for, wherever in the run it begins.
fn of_base64(run: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let standard: Vec<u8> = run
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    (0..4).filter_map(move |start| {
        let part = standard.get(start..)?;
        // One letter alone is less than a byte.
        let part = if part.len() % 4 == 1 { &part[..part.len() - 1] } else { part };
        DECODER.decode(part).ok().filter(|text| is_worth_a_look(text))
    })
}

/// Whether this is the id of a number or a trunk: they are many, and nothing but digits.
fn is_sid(run: &[u8]) -> bool {
    run.len() == 34 && run[..2].iter().all(u8::is_ascii_uppercase) && are_all(&run[2..], DIGIT)
}

/// What hexadecimal digits stand for, whichever of the first two begins a byte.
fn of_digits(run: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..2).filter_map(|start| {
        let pairs = run.get(start..)?.chunks_exact(2);
        let bytes: Option<Vec<u8>> = pairs.map(of_pair).collect();
        bytes.filter(|text| is_worth_a_look(text))
    })
}

/// What pairs of digits with something between them stand for: `6b:65:79`.
fn of_pairs(run: &[u8]) -> Option<Vec<u8>> {
    let parts = run.split(|byte| is(*byte, SEPARATOR)).filter(|part| part.len() == 2);
    let bytes: Vec<u8> = parts.filter_map(of_pair).collect();
    is_worth_a_look(&bytes).then_some(bytes)
}

fn of_pair(pair: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()
}

/// Whether there are enough letters in a row for a secret: what is no text has them by no chance.
fn is_worth_a_look(bytes: &[u8]) -> bool {
    bytes.split(|byte| !byte.is_ascii_graphic()).any(|part| part.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strings_with_a_mark_are_found_whatever_is_around_them() {
        let marked =
            |text: &str| marked_strings(text.as_bytes()).map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(
            marked(r#"{"a": "b", "c%": "d\"e\\", "f": "&g&\n", "h": ["i", "%"]}"#),
            ["c%", r#"d\"e\\"#, "&g&\\n", "%"]
        );
        assert_eq!(marked(r#"% \ "a" & "b" \"c" %"d%"#), ["d%"]);
        assert_eq!(marked(r#""a", "b\"#), ["b\\"]);
        assert!(marked("").is_empty() && marked("%").is_empty() && marked(r#""a" %"#).is_empty());
    }
}

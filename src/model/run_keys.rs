//! The keys of one run, and how they are found in a text: as they are, and in the forms in which they may come back.
//!
//! A provider can repeat a key in a name, an address or an error. What is printed is masked, what would be written is refused.
//! Capitals do not hide a key: a list of countries, or a person, writes in them what came in small letters.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use memchr::memmem;

use super::decoding::{Decoded, Keep};
use super::workspaces_file::ApiKey;

/// What stands where a key stood.
const MASK: &str = "[a key]";
/// What a table writes in place of the rest of a text.
const CUT: &str = "…";
/// A shorter one would be found in texts by chance.
const SHORTEST: usize = 8;
/// How many bytes of a long text are searched at a time.
const PIECE: usize = 64 << 10;
/// How many bytes a byte of a form may take up in a text, with the line ends and the escapes around each other.
const WIDEST: usize = 32;
/// How many escapes around each other are resolved.
const DEEPEST: usize = 4;

/// The keys, tokens and passwords that a run was given.
#[derive(Clone, Default)]
pub struct RunKeys {
    /// Every form of every key, in small letters, longest first: a form may be part of another one.
    forms: Vec<String>,
    /// Looks for all of them at once; made when a text is to be searched, because most runs never search a long one.
    finder: OnceLock<AhoCorasick>,
}

impl fmt::Debug for RunKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RunKeys({} forms)", self.forms.len())
    }
}

impl RunKeys {
    /// Adds a key, a token or a password.
    pub fn learn(&mut self, key: &ApiKey) {
        let plain = key.reveal();
        if plain.len() < SHORTEST {
            return;
        }
        let percent: String = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        let forms = [
            plain.to_owned(),
            in_json(plain),
            percent.replace('+', "%20"),
            percent,
            plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
            BASE64_STANDARD_NO_PAD.encode(plain),
            BASE64_STANDARD.encode(plain),
        ];
        self.add(forms);
        self.add(within_base64(plain));
        self.add(in_digits(plain));
    }

    /// Adds a user's secret, and what HTTP basic authentication makes of both.
    pub fn learn_pair(&mut self, user: &str, secret: &ApiKey) {
        self.learn(secret);
        if secret.reveal().len() >= SHORTEST {
            let pair = format!("{user}:{}", secret.reveal());
            self.add([BASE64_STANDARD_NO_PAD.encode(&pair), BASE64_STANDARD.encode(&pair)]);
        }
    }

    /// Adds what another list has.
    pub fn learn_all(&mut self, other: &Self) {
        self.add(other.forms.iter().cloned());
    }

    fn add(&mut self, forms: impl IntoIterator<Item = String>) {
        self.forms.extend(forms.into_iter().map(|form| form.to_ascii_lowercase()));
        self.forms.sort_by(|left, right| (right.len(), left).cmp(&(left.len(), right)));
        self.forms.dedup();
        self.finder = OnceLock::new();
    }

    /// Whether a key stands in a text, in whatever form.
    pub fn stand_in(&self, text: &str) -> bool {
        // The longest form stands first.
        let Some(longest) = self.forms.first() else { return false };
        pieces(text, longest.len() * WIDEST).any(|piece| self.stand_in_piece(piece))
    }

    fn stand_in_piece(&self, text: &str) -> bool {
        let small = text.to_ascii_lowercase();
        let finder = self.finder.get_or_init(|| finder(&self.forms));
        finder.is_match(&small)
            || on_one_line(&small).is_some_and(|joined| finder.is_match(&joined))
            || has_escapes(text) && text.lines().any(|line| !self.behind_escapes(line.as_bytes(), 0).is_empty())
    }

    /// The text without the keys.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.forms.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = self.without_escaped(text);
        let plain = self.places(masked.to_ascii_lowercase().as_bytes());
        if !plain.is_empty() {
            masked = Cow::Owned(covered(masked, plain));
        }
        if masked.contains(CUT) { Cow::Owned(self.masked_beginnings(&masked)) } else { masked }
    }

    /// The text without the keys that are written with escapes.
    fn without_escaped<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !has_escapes(text) {
            return Cow::Borrowed(text);
        }
        let masked: String = text.split_inclusive('\n').map(|line| self.line_without_escaped(line)).collect();
        Cow::Owned(masked)
    }

    fn line_without_escaped<'t>(&self, line: &'t str) -> Cow<'t, str> {
        let found = self.behind_escapes(line.as_bytes(), 0);
        if found.is_empty() { Cow::Borrowed(line) } else { Cow::Owned(covered(line.into(), found)) }
    }

    /// Where keys stand in bytes in small letters.
    fn places(&self, small: &[u8]) -> Vec<Range<usize>> {
        let of = |form: &String| {
            let length = form.len();
            memmem::find_iter(small, form).map(|start| start..start + length).collect::<Vec<_>>()
        };
        self.forms.iter().flat_map(of).collect()
    }

    /// Where keys stand that only a reader who resolves escapes sees.
    fn behind_escapes(&self, text: &[u8], depth: usize) -> Vec<Range<usize>> {
        let Some(plain) = Decoded::of(text, Keep::Nothing).filter(|_| depth < DEEPEST) else { return Vec::new() };
        let mut found = self.places(&plain.bytes.to_ascii_lowercase());
        found.extend(self.behind_escapes(&plain.bytes, depth + 1));
        found.iter().map(|range| plain.place(range)).collect()
    }

    /// The text without the beginnings of keys that a narrow table has cut off.
    fn masked_beginnings(&self, text: &str) -> String {
        let mut parts: Vec<String> = text.split(CUT).map(str::to_owned).collect();
        let last = parts.len() - 1;
        for part in &mut parts[..last] {
            let small = part.to_ascii_lowercase();
            let beginnings = self.forms.iter().filter_map(|form| beginning(form, &small));
            if let Some(length) = beginnings.max() {
                part.truncate(part.len() - length);
                part.push_str(MASK);
            }
        }
        parts.join(CUT)
    }
}

/// A text with a mask over each of the places; those that overlap get one together.
fn covered(text: Cow<'_, str>, mut places: Vec<Range<usize>>) -> String {
    let mut text = text.into_owned();
    places.retain(|range| text.get(range.clone()).is_some());
    places.sort_by_key(|range| range.start);
    places.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
    // From the end, so that the places before stay where they are.
    for range in places.into_iter().rev() {
        text.replace_range(range, MASK);
    }
    text
}

/// What looks for all forms in one pass.
fn finder(forms: &[String]) -> AhoCorasick {
    AhoCorasick::new(forms).expect("keys are too short and too few for a search to have too many states")
}

/// Whether a text may say something else to a reader who resolves its escapes.
fn has_escapes(text: &str) -> bool {
    memchr::memchr3(b'\\', b'%', b'&', text.as_bytes()).is_some()
}

/// A text without the ends of its lines, also where they are escaped: what is long may be wrapped. None where it has none.
fn on_one_line(text: &str) -> Option<String> {
    ["\n", "\r", "\\r", "\\n"].iter().fold(None, |joined: Option<String>, end| {
        let text = joined.as_deref().unwrap_or(text);
        if text.contains(end) { Some(text.replace(end, "")) } else { joined }
    })
}

/// A text in pieces that fit into a processor's cache, each with the beginning of the next, so that what is at most
/// `overlap` bytes long is whole in one of them: a file is searched without a copy of it.
fn pieces(text: &str, overlap: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let boundary = |at: usize| (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let (next, end) = (boundary(PIECE), boundary(PIECE + overlap));
        rest = (end < text.len()).then(|| &text[next..]);
        Some(&text[..end])
    })
}

/// How many bytes of a form a text in small letters ends with, if it is its beginning and long enough to give something away.
fn beginning(form: &str, text: &str) -> Option<usize> {
    let ends = form.char_indices().map(|(at, _)| at).rev().take_while(|at| *at >= SHORTEST);
    ends.into_iter().find(|end| text.ends_with(&form[..*end]))
}

/// The inside of a JSON string.
fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// What base64 makes of a text that stands in a longer one, whatever its neighbours are: at each of three places.
fn within_base64(text: &str) -> Vec<String> {
    let at = |before: usize, engine: &base64::engine::GeneralPurpose| {
        let bytes = [&[0; 2][..before], text.as_bytes()].concat();
        // Letters that hold bits of a neighbour are not known.
        let known = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
        engine.encode(bytes)[known].to_owned()
    };
    let engines = [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD];
    engines.iter().flat_map(|engine| (0..3).map(move |before| at(before, engine))).collect()
}

/// A text in hexadecimal digits: on end and with something between.
fn in_digits(text: &str) -> [String; 3] {
    let pairs: Vec<String> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    ["", ":", " "].map(|between| pairs.join(between))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> RunKeys {
        let mut keys = RunKeys::default();
        keys.learn(&ApiKey::new("made-up \"key\" / 1"));
        keys.learn_pair("AC1", &ApiKey::new("made-up-token"));
        keys
    }

    #[test]
    fn a_key_is_masked_in_every_form() {
        let key = "made-up \"key\" / 1";
        let texts = [
            format!("x {key} y"),
            serde_json::Value::from(format!("x {key} y")).to_string(),
            "https://example.com/?k=made-up+%22key%22+%2F+1".to_owned(),
            "https://example.com/?k=made-up%20%22key%22%20%2F%201".to_owned(),
            "<td>made-up &quot;key&quot; / 1</td>".to_owned(),
            format!("Basic {}", BASE64_STANDARD.encode("AC1:made-up-token")),
            BASE64_STANDARD.encode(key),
        ];
        for text in texts {
            assert!(keys().stand_in(&text), "{text}");
            let masked = keys().masked(&text).into_owned();
            assert!(masked.contains(MASK) && !masked.contains("made-up") && !keys().stand_in(&masked), "{masked}");
        }
        assert_eq!(keys().masked("nothing of that kind"), "nothing of that kind");
    }

    #[test]
    fn a_key_is_found_wherever_it_stands_in_a_long_text() {
        let escaped: String = "made-up-token".chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
        for form in ["made-up-token".to_owned(), escaped, "made-up\\r\\n-to\nken".to_owned()] {
            for before in (PIECE - form.len() - 2..PIECE + 2).step_by(7) {
                // Of two bytes each, so that a piece would end within a letter.
                let text = ["\u{fc}".repeat(before / 2), form.clone(), "\u{fc}".repeat(PIECE)].concat();
                assert!(keys().stand_in(&text), "{form} after {before}");
            }
        }
        assert!(!keys().stand_in(&"\u{fc}".repeat(2 * PIECE)));
    }

    #[test]
    fn a_key_is_known_behind_escapes_digits_and_base64_wherever_it_stands() {
        let key = "made-up-token";
        let each = |form: fn(u32) -> String| key.chars().map(|letter| form(letter.into())).collect::<String>();
        let texts = [
            each(|code| format!("%{code:02x}")),
            each(|code| format!("%25{code:02X}")),
            each(|code| format!("\\u{code:04x}")),
            each(|code| format!("\\\\u{code:04X}")),
            each(|code| format!("\\x{code:02x}")),
            each(|code| format!("&#{code};")),
            each(|code| format!("&amp;#x{code:x};")),
            key.replace('-', "%2d"),
            BASE64_STANDARD.encode(format!("a{key}")),
            BASE64_STANDARD.encode(format!("ab{key}cd")),
            BASE64_STANDARD.encode(format!("abc{key}d")),
            each(|code| format!("{code:02x}")),
            each(|code| format!("{code:02X}")),
            each(|code| format!("{code:02x}:")),
        ];
        for text in texts {
            let line = format!("first\n\"x\": \"\u{fc} {text} y\"\n");
            assert!(keys().stand_in(&line), "{line}");
            let masked = keys().masked(&line).into_owned();
            assert!(masked.starts_with("first\n\"x\": \"\u{fc} ") && masked.ends_with(" y\"\n"), "{masked}");
            assert!(masked.contains(MASK) && !keys().stand_in(&masked) && !masked.contains(&text), "{masked}");
        }
        for text in ["100 % & more \\n", "%6dade-up", "a\\u0062c"] {
            assert_eq!(keys().masked(text), text);
            assert!(!keys().stand_in(text));
        }
    }

    #[test]
    fn a_key_that_is_wrapped_over_lines_is_not_written() {
        let mut keys = RunKeys::default();
        keys.learn(&ApiKey::new("made-up-token-that-is-long"));
        let base64 = BASE64_STANDARD.encode("the token is made-up-token-that-is-long, ours");
        for end in ["\n", "\\n", "\\r\\n"] {
            assert!(keys.stand_in(&format!("\"{}{end}{}\"", &base64[..24], &base64[24..])), "{end}");
        }
    }

    #[test]
    fn capitals_do_not_hide_a_key() {
        let key = "Made-Up-Token-7";
        let mut keys = RunKeys::default();
        keys.learn(&ApiKey::new(key));
        for text in [
            key.to_uppercase(),
            key.to_lowercase(),
            "mADE-uP-tOKEN-7".to_owned(),
            "MADE%2DUP%2DTOKEN%2D7".to_owned(),
            "made\\u002DUP-token-7".to_owned(),
        ] {
            let line = format!("US, {text}, CA");
            assert!(keys.stand_in(&line), "{line}");
            assert_eq!(keys.masked(&line), "US, [a key], CA");
        }
        assert_eq!(keys.masked("our MADE-UP-TOK…  other"), "our [a key]…  other");
        assert_eq!(keys.masked("MADE-UP-TOKENS of 7"), "MADE-UP-TOKENS of 7");
    }

    #[test]
    fn a_short_word_is_not_looked_for_and_no_key_is_shown() {
        let mut keys = keys();
        keys.learn(&ApiKey::new("sales"));
        assert!(!keys.stand_in("sales line"));
        assert!(!format!("{keys:?}").contains("made-up"));
    }

    #[test]
    fn the_beginning_of_a_key_that_a_table_cut_off_is_masked() {
        assert_eq!(keys().masked("our made-up-tok…  other"), "our [a key]…  other");
        assert_eq!(keys().masked("our made-up…  other…"), "our made-up…  other…", "seven letters say nothing");
    }
}

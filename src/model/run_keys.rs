//! The keys of one run, and how they are found in a text: as they are, and in the forms in which they may come back.
//!
//! A provider can repeat a key in a name, an address or an error. What is printed is masked, what would be written is refused.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};

use super::workspaces_file::ApiKey;

/// What stands where a key stood.
const MASK: &str = "[a key]";
/// What a table writes in place of the rest of a text.
const CUT: &str = "…";
/// A shorter one would be found in texts by chance.
const SHORTEST: usize = 8;

/// The keys, tokens and passwords that a run was given.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RunKeys {
    /// Every form of every key, longest first: a form may be part of another one.
    forms: Vec<String>,
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
        self.forms.extend(forms);
        self.forms.sort_by(|left, right| (right.len(), left).cmp(&(left.len(), right)));
        self.forms.dedup();
    }

    /// Whether a key stands in a text, in whatever form.
    pub fn stand_in(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form.as_str()))
    }

    /// The text without the keys.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut masked = Cow::Borrowed(text);
        for form in &self.forms {
            if masked.contains(form.as_str()) {
                masked = Cow::Owned(masked.replace(form.as_str(), MASK));
            }
        }
        if masked.contains(CUT) { Cow::Owned(self.masked_beginnings(&masked)) } else { masked }
    }

    /// The text without the beginnings of keys that a narrow table has cut off.
    fn masked_beginnings(&self, text: &str) -> String {
        let mut parts: Vec<String> = text.split(CUT).map(str::to_owned).collect();
        let last = parts.len() - 1;
        for part in &mut parts[..last] {
            let beginnings = self.forms.iter().filter_map(|form| beginning(form, part));
            if let Some(length) = beginnings.max() {
                part.truncate(part.len() - length);
                part.push_str(MASK);
            }
        }
        parts.join(CUT)
    }
}

/// How many bytes of a form a text ends with, if it is its beginning and long enough to give something away.
fn beginning(form: &str, text: &str) -> Option<usize> {
    let ends = form.char_indices().map(|(at, _)| at).rev().take_while(|at| *at >= SHORTEST);
    ends.into_iter().find(|end| text.ends_with(&form[..*end]))
}

/// The inside of a JSON string.
fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
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

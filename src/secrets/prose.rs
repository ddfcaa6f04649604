//! Credentials in a sentence: `password: …`, `auth token = …`, as people write them into notes.
//!
//! A word such as `password` stands in many sentences that hold none, so that the value has to look like one: letters
//! and digits together, or any word that ends its phrase where a user's name stands before it.

use std::ops::Range;

use super::scan::{Secret, is_placeholder, is_telling, may_tell};

/// The fewest letters of a value that has letters and digits.
const SHORTEST: usize = 6;
/// The fewest letters of a password that stands behind a user's name.
const SHORTEST_BEHIND_USER: usize = 4;
/// How far before a password its user's name stands.
const NEAR: usize = 80;
const NO_PASSWORDS: [&str; 10] =
    ["none", "unknown", "empty", "same", "unset", "changed", "required", "optional", "vault", "1password"];
/// What begins the value of an HTTP header.
const SCHEMES: [&str; 3] = ["basic", "bearer", "token"];

/// The values that a sentence gives for a password, a token or a key.
pub fn in_prose(bytes: &[u8]) -> Vec<Secret> {
    // Most colons of JSON stand behind a quote, which is no part of a word.
    let signs = memchr::memchr2_iter(b':', b'=', bytes).filter(|sign| *sign > 0 && bytes[sign - 1] != b'"');
    let values = signs.filter_map(|sign| value_behind(bytes, sign));
    values.map(|range| Secret { range, what: "a password, a token or a key in words" }).collect()
}

/// The value that is given with a colon or an equals sign, if it looks like a secret.
fn value_behind(bytes: &[u8], sign: usize) -> Option<Range<usize>> {
    let (first, last) = words_before(&bytes[..sign]).filter(|(_, last)| may_tell(&bytes[last.clone()]))?;
    let two = [&bytes[first], &bytes[last.clone()]].concat();
    // What stands in an address is judged by its length there.
    let in_address = matches!(bytes[..last.start].last(), Some(b'?' | b'&'));
    if in_address || !(is_telling(&bytes[last.clone()]) || is_telling(&two)) {
        return None;
    }
    let value = value_at(bytes, sign + 1);
    let is_scheme = SCHEMES.iter().any(|scheme| bytes[value.clone()].eq_ignore_ascii_case(scheme.as_bytes()));
    let value = if is_scheme { value_at(bytes, value.end) } else { value };
    let text = &bytes[value.clone()];
    let ends_phrase = bytes.get(value.end).is_none_or(|next| *next != b' ');
    let is_one = is_mixed(text) || (ends_phrase && is_word(text) && has_user(&bytes[..last.start]));
    (is_one && !is_placeholder(text)).then_some(value)
}

/// The last two words of a text; the first may be empty.
fn words_before(text: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    let word = |end: usize| {
        let end = text[..end].iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let start = text[..end].iter().rposition(|byte| !is_part(byte)).map_or(0, |before| before + 1);
        start..end
    };
    let last = word(text.len());
    (!last.is_empty()).then(|| (word(last.start), last))
}

/// The word behind blanks and quotes, without what ends a sentence.
fn value_at(bytes: &[u8], from: usize) -> Range<usize> {
    let is_lead = |byte: &u8| matches!(byte, b' ' | b'\'' | b'`' | b'"');
    let start = from + bytes[from..].iter().take_while(|byte| is_lead(byte)).count();
    let is_part =
        |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'\'' | b'`' | b'"' | b'\\' | b',' | b';' | b')');
    let length = bytes[start..].iter().take_while(|byte| is_part(byte)).count();
    let trimmed = bytes[start..start + length].iter().rposition(|byte| !matches!(byte, b'.' | b':' | b'?'));
    start..start + trimmed.map_or(0, |last| last + 1)
}

/// Whether letters and digits stand together as they do in no word: not the name of a variable, a path, an address.
fn is_mixed(value: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    let is_variable = has(|byte| *byte == b'_') && !has(u8::is_ascii_lowercase);
    let is_path = has(|byte| *byte == b'/') && !(has(u8::is_ascii_uppercase) && value.len() >= 16);
    let is_mixed = has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit);
    value.len() >= SHORTEST && is_mixed && !is_variable && !is_path && !is_none(value)
}

/// Whether this is one word that can be a password.
fn is_word(value: &[u8]) -> bool {
    value.len() >= SHORTEST_BEHIND_USER && value.iter().all(u8::is_ascii_graphic) && !is_none(value)
}

fn is_none(value: &[u8]) -> bool {
    NO_PASSWORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a user's name is given shortly before: `user: sip-01, `, `login = x / `.
fn has_user(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(NEAR)..];
    memchr::memchr2_iter(b':', b'=', near).any(|sign| {
        let last = words_before(&near[..sign]).map(|(_, last)| near[last].to_ascii_lowercase());
        last.is_some_and(|word| word.ends_with(b"user") || word.ends_with(b"username") || word == b"login")
            && !value_at(near, sign + 1).is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        in_prose(text.as_bytes()).into_iter().map(|secret| &text[secret.range]).collect()
    }

    #[test]
    fn a_value_that_looks_like_a_secret_is_one() {
        for (text, value) in [
            ("password: hunter2", "hunter2"),
            ("The SIP Password = `Tr0ub4dor&3`.", "Tr0ub4dor&3"),
            ("auth token = 0a1b2c3d", "0a1b2c3d"),
            ("API key: 'abc123def', see Bob", "abc123def"),
            ("trunk passwd:abc123)", "abc123"),
            ("Authorization: Basic dXNlcjpwYXNz0", "dXNlcjpwYXNz0"),
            ("user: sip-01, password: swordfish", "swordfish"),
            ("username = front / passphrase = swordfish; call first", "swordfish"),
            ("password: first1\\nsecond", "first1"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
    }

    #[test]
    fn ordinary_words_are_none() {
        for text in [
            "trunk password is in the vault",
            "password: ask Bob",
            "password: see 1Password",
            "Password: 1Password",
            "password: swordfish",
            "user: sip-01, password: stored in the safe",
            "user: sip-01, password: unknown",
            "api key: RETELL_PROD2_API_KEY",
            "api key: ${KEY1}",
            "secret: agents/sales2",
            "max tokens: 500, version: abc123",
            "token: 2026-11-29",
            "https://hooks.example.com/in?token=abc123",
            "The caller's password: never ask for it",
            "\"password_hint\": \"abc123\"",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}

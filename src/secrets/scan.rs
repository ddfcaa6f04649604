//! Finding secrets in bytes that need not even be JSON.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use super::encoded::behind;
use super::prose::in_prose;
use crate::document::closing_quote;
use crate::model::decoding::{Decoded, Keep};

/// What stands for each character of a secret.
const MASK: char = '•';

/// A secret's place. It does not hold the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    pub range: Range<usize>,
    /// What it seems to be, with an article.
    pub what: &'static str,
}

/// Every secret of a text, by its form or by the key that it stands under, in order; none overlap.
pub fn all(bytes: &[u8]) -> Vec<Secret> {
    let mut secrets = in_keys(bytes);
    // Prose may quote what looks like a key and a value; a text that is JSON as a whole means it.
    secrets.extend(search(bytes, 0, &|text| {
        let is_json = matches!(text.trim_ascii_start().first(), Some(b'{' | b'['));
        [raw_patterns(text), if is_json { in_keys(text) } else { Vec::new() }].concat()
    }));
    apart(secrets)
}

/// How many encodings around each other are looked behind.
const DEEPEST: usize = 4;

/// Looks for secrets in a text and in those behind it; the places are all in `bytes`.
fn search(bytes: &[u8], depth: usize, find: &dyn Fn(&[u8]) -> Vec<Secret>) -> Vec<Secret> {
    let mut found = find(bytes);
    if depth < DEEPEST {
        for text in behind(bytes) {
            let hidden = search(text.bytes(), depth + 1, find);
            found.extend(hidden.into_iter().map(|secret| Secret { range: text.place(&secret.range), ..secret }));
        }
    }
    apart(found)
}

/// Sorts secrets, and merges those that overlap.
fn apart(mut secrets: Vec<Secret>) -> Vec<Secret> {
    secrets.sort_by_key(|secret| secret.range.start);
    secrets.dedup_by(|next, kept| {
        let overlaps = next.range.start < kept.range.end;
        if overlaps {
            kept.range.end = kept.range.end.max(next.range.end);
        }
        overlaps
    });
    secrets
}

/// The text with every secret that is known by its form replaced.
pub fn masked(text: &str) -> Cow<'_, str> {
    let secrets = patterns(text.as_bytes());
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets.into_iter().filter(|secret| text.get(secret.range.clone()).is_some()) {
        if secret.range.start >= at {
            masked.push_str(&text[at..secret.range.start]);
            masked.extend(text[secret.range.clone()].chars().map(|_| MASK));
            at = secret.range.end;
        }
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

/// The secrets that are known by their form, in order; none overlap.
pub fn patterns(bytes: &[u8]) -> Vec<Secret> {
    search(bytes, 0, &raw_patterns)
}

fn raw_patterns(bytes: &[u8]) -> Vec<Secret> {
    apart(by_form(bytes).chain(in_prose(bytes)).collect())
}

/// The forms of secrets: in each the one group is the secret; and what it is.
const FORMS: [(&str, &str); 9] = [
    (r"\b(key_[0-9A-Za-z]{20,})", "a Retell API key"),
    (r"\b(SK[[:xdigit:]]{32})(?:\b{end-half}|_)", "a Twilio API key"),
    // An account and its token, as command lines and addresses join them.
    (r"AC[[:xdigit:]]{32}:([[:xdigit:]]{32})(?:[^[:xdigit:]]|\z)", "a Twilio auth token"),
    (r"\b(ghp_[0-9A-Za-z]{36,})", "a GitHub token"),
    (r"token=([-.\w]{20,})", "a token"),
    (r"\b(sk-[-\w]{32,})", "an API key"),
    // What follows in the same text is the key itself.
    (r#"(-----BEGIN [^"\n\\]*PRIVATE KEY[^"]*)"#, "a private key"),
    (r"Bearer ([-.~+/=\w]{20,})", "a bearer token"),
    // `$NAME`, `{name}` and `<password>` say where a password comes from.
    (r#"://([^\s/"?\#@:]+:[^\s/"?\#@${<][^\s/"?\#@]*)@"#, "an address with a password"),
];

/// All forms at once: files are large, and most have no secret.
static FORM: LazyLock<Regex> = LazyLock::new(|| {
    let forms = FORMS.map(|(form, _)| form).join("|");
    RegexBuilder::new(&forms).unicode(false).build().expect("the forms are regular expressions")
});

fn by_form(bytes: &[u8]) -> impl Iterator<Item = Secret> {
    let mut from = 0;
    let matches = std::iter::from_fn(move || {
        let found = FORM.captures_at(bytes, from)?;
        // One secret may begin in what was read as the end of another.
        from = found.get_match().start() + 1;
        Some(found)
    });
    matches.filter_map(|found| {
        let mut groups = found.iter().skip(1).zip(FORMS);
        groups.find_map(|(group, (_, what))| Some(Secret { range: group?.range(), what }))
    })
}

/// The texts that stand under a key such as `password`, in JSON or something like it.
pub fn in_keys(bytes: &[u8]) -> Vec<Secret> {
    let mut found = Vec::new();
    let mut key: Option<Range<usize>> = None;
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'"', &bytes[at..]).map(|next| at + next + 1) {
        let between = &bytes[at..start - 1];
        let end = closing_quote(bytes, start);
        let is_value = key.is_some() && between.trim_ascii() == b":";
        if let Some(name) = key.take().filter(|_| is_value)
            && is_telling(&bytes[name])
            && !is_placeholder(&bytes[start..end])
        {
            found.push(Secret { range: start..end, what: "a value under a key that names a secret" });
        }
        key = (!is_value).then_some(start..end);
        at = (end + 1).min(bytes.len());
    }
    found
}

/// The words that a key ends with whose value is a secret.
const ENDINGS: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "apikey", "authtoken", "accesstoken", "bearertoken", "privatekey"];

/// Whether a key ends with a letter with which a telling one ends: of most, that is all that has to be looked at.
pub(super) fn may_tell(key: &[u8]) -> bool {
    let last = key.iter().rev().find(|byte| byte.is_ascii_alphanumeric());
    last.is_some_and(|letter| matches!(letter.to_ascii_lowercase(), b'd' | b'e' | b't' | b'y' | b'n'))
}

/// Whether a key says that its value is a secret: `sip_password`, `authToken`, `API-KEY`.
pub(super) fn is_telling(key: &[u8]) -> bool {
    if !may_tell(key) {
        return false;
    }
    let letters: Vec<u8> = key.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    letters == b"token"
        || letters == b"authorization"
        || ENDINGS.iter().any(|ending| letters.ends_with(ending.as_bytes()))
}

/// Whether a value only says where the secret comes from: empty, `${NAME}`, `{{name}}`, `<password>`, `***`.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let plain = Decoded::of(value, Keep::Nothing);
    let value = plain.as_ref().map_or(value, |plain| &plain.bytes).trim_ascii();
    let reference = [b"${".as_slice(), b"{{", b"<", b"$", b"env:"].iter().any(|start| value.starts_with(start));
    reference || value.iter().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    fn found(text: &str) -> Vec<&str> {
        patterns(text.as_bytes()).into_iter().map(|secret| &text[secret.range]).collect()
    }

    #[test]
    fn keys_are_known_by_their_form() {
        let key = format!("key_{}", "0a1b2c3d".repeat(4));
        let sid = format!("SK{}", "0a1b2c3d".repeat(4));
        assert_eq!(found(&format!("\"notes\": \"use {key}, or {sid}\"")), [key.as_str(), sid.as_str()]);
        assert_eq!(found("https://user:hunter2@example.com/x"), ["user:hunter2"]);
        let token = "0a1b2c3d".repeat(4);
        assert_eq!(found(&format!("curl -u AC{token}:{token} https://example.com")), [token.as_str()]);
        assert_eq!(found(&format!("auth_token={token}")), [token.as_str()]);
        let github = format!("ghp_{}", "0a1B2c".repeat(6));
        assert_eq!(found(&format!("uses {github}.")), [github.as_str()]);
        let pem = "-----BEGIN PRIVATE KEY-----\\nMII\\n-----END PRIVATE KEY-----";
        assert_eq!(found(&format!("{{\"a\": \"{pem}\"}}")), [pem]);
    }

    #[test]
    fn a_secret_behind_escapes_is_a_secret() {
        let key = format!("key\\u005f{}", "0a1b2c3d".repeat(4));
        assert_eq!(found(&format!("{{\"notes\": \"use {key}\"}}")), [key.as_str()]);
        let text = r#"{"pass\u0077ord": "hunter\u0032", "api\u002dkey": "\u0024{KEY}"}"#;
        let all: Vec<_> = all(text.as_bytes()).into_iter().map(|secret| &text[secret.range]).collect();
        assert_eq!(all, ["hunter\\u0032"]);
    }

    #[test]
    fn a_key_is_found_behind_every_encoding_and_behind_several() {
        let key = format!("key_{}", "0a1b2c3d".repeat(4));
        let base64 = BASE64_STANDARD.encode(format!("the key is {key}, ours"));
        let digits = |between: &str| key.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(between);
        let each = |form: fn(u32) -> String| key.chars().map(|letter| form(letter.into())).collect::<String>();
        let encoded = [
            each(|code| format!("%{code:02X}")),
            each(|code| format!("%25{code:02X}")),
            each(|code| format!("&#{code};")),
            each(|code| format!("&#x{code:x}")),
            each(|code| format!("\\u{code:04x}")),
            each(|code| format!("\\\\u{code:04x}")),
            each(|code| format!("\\\\x{code:02x}")),
            key.replace('_', "%5F"),
            base64.clone(),
            format!("x{base64}"),
            base64.replace('+', "-").replace('/', "_"),
            BASE64_STANDARD.encode(&base64),
            format!("{}\\r\\n{}", &base64[..28], &base64[28..]),
            base64.as_bytes().chunks(16).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\\n"),
            digits(""),
            digits(":").to_uppercase(),
            digits(" "),
            format!("{{\\\"notes\\\": \\\"key\\\\u005f{}\\\"}}", &key[4..]),
        ];
        for text in encoded {
            let json = format!("{{\"notes\": \"{text}\"}}");
            assert_eq!(found(&json).len(), 1, "{json}");
            assert!(!masked(&json).contains(&text), "{}", masked(&json));
        }
    }

    #[test]
    fn a_telling_key_in_json_inside_of_a_string_is_found_and_prose_is_not() {
        let inner = r#"{\"sip\": {\"password\": \"hunter2\"}}"#;
        let found = |text: &str| {
            all(text.as_bytes()).into_iter().map(|secret| text[secret.range].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found(&format!("{{\"config\": \"{inner}\"}}")), ["hunter2"]);
        assert_eq!(
            found(&format!("{{\"config\": \"{}\"}}", inner.replace('{', "%7B").replace("\\\"", "%22"))),
            ["hunter2"]
        );
        assert!(found(r#"{"prompt": "answer with {\"password\": \"hunter2\"}"}"#).is_empty());
    }

    #[test]
    fn what_only_looks_like_a_key_is_left_alone() {
        let hexadecimal = "0a1b2c3d".repeat(4);
        for text in [
            "\"api_key_env\": \"RETELL_STAGING_API_KEY\"",
            "monkey_0123456789012345678901234",
            "sip:+14155550123@example.com",
            "https://${USER}:${PASSWORD}@example.com",
            "https://example.com/a:b@c",
            &format!("PN{hexadecimal}"),
            &format!("SK{hexadecimal}0"),
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_text_under_a_telling_key_is_a_secret_and_a_reference_is_not() {
        let values = |text: &str| in_keys(text.as_bytes()).len();
        assert_eq!(values(r#"{"sipPassword": "hunter2", "a": ["password", "b"]}"#), 1);
        assert_eq!(values(r#"{"auth_token" : "x1", "password": "${PW}", "api_key": "", "max_tokens": 5}"#), 1);
        assert_eq!(values(r#"{"password": {"secret": "hunter2"#), 1);
    }

    #[test]
    fn every_telling_word_tells() {
        for word in ENDINGS.into_iter().chain(["token", "authorization", "API-KEY", "sip_password_"]) {
            assert!(is_telling(word.as_bytes()), "{word}");
        }
        assert!(!is_telling(b"passwords") && !is_telling(b"12") && !is_telling(b""));
    }

    #[test]
    fn a_masked_text_keeps_its_length_and_loses_its_secret() {
        let text = "see https://user:hunter2@example.com";
        assert_eq!(masked(text), "see https://••••••••••••@example.com");
    }

    /// What comes before the secret, the secret's own beginning, how many letters it has at least, and what it is.
    const FORMS: [(&str, &str, usize, &str); 6] = [
        ("", "key_", 20, "a Retell API key"),
        ("", "SK", 32, "a Twilio API key"),
        ("", "ghp_", 36, "a GitHub token"),
        ("", "sk-", 32, "an API key"),
        ("?token=", "", 20, "a token"),
        ("Bearer ", "", 20, "a bearer token"),
    ];

    #[test]
    fn each_form_begins_where_a_word_does_and_has_its_shortest_length() {
        let secrets = |text: &str| {
            let found = patterns(text.as_bytes());
            found.into_iter().map(|secret| (text[secret.range].to_owned(), secret.what)).collect::<Vec<_>>()
        };
        for (before, start, shortest, what) in FORMS {
            let letters = |count: usize| format!("{start}{}", &"0a1b2c3d4e".repeat(4)[..count]);
            for around in [("", ""), ("x ", " y"), ("\"", "\""), ("(", ")"), ("/", "\n")] {
                let text = format!("{}{before}{}{}", around.0, letters(shortest), around.1);
                assert_eq!(secrets(&text), [(letters(shortest), what)], "{text}");
                let text = format!("{}{before}{}{}", around.0, letters(shortest - 1), around.1);
                assert_eq!(secrets(&text), [], "{text}");
            }
            // Within a longer word, it is that word's.
            for word in ["x", "0", "_"].into_iter().filter(|_| before.is_empty()) {
                assert_eq!(secrets(&format!("{word}{}", letters(shortest))), [], "{word}{start}");
            }
        }
    }

    #[test]
    fn an_account_alone_is_no_secret_and_its_token_has_its_whole_length() {
        let hexadecimal = "0a1b2c3d".repeat(4);
        assert_eq!(found(&format!("AC{hexadecimal}:{hexadecimal}")), [hexadecimal.as_str()]);
        for text in [
            format!("AC{hexadecimal}"),
            format!("AC{hexadecimal}:{}", &hexadecimal[1..]),
            format!("AC{hexadecimal}:{hexadecimal}0"),
            format!("AC{}:{hexadecimal}", &hexadecimal[1..]),
            format!("AC{hexadecimal}0:{hexadecimal}"),
            format!("AB{hexadecimal}:{hexadecimal}"),
            format!("SK{}g", &hexadecimal[1..]),
        ] {
            assert_eq!(found(&text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_one_with_a_name_and_without_a_place_for_it() {
        let address = |user: &str| format!("x https://{user}@example.com");
        for user in ["user:hunter2", "u:p", "a:b:c"] {
            assert_eq!(found(&address(user)), [user]);
        }
        for user in ["user", "user:", ":hunter2", "user:$P", "user:{P}", "user:<p>", "a b:c", "a/b:c", "a:b?c", "a:b#c"]
        {
            assert_eq!(found(&address(user)), [] as [&str; 0], "{user}");
        }
    }

    #[test]
    fn a_private_key_reaches_to_the_end_of_its_text_and_a_public_one_is_none() {
        assert_eq!(
            found("{\"a\": \"-----BEGIN RSA PRIVATE KEY-----\nMII\", \"b\": 1}"),
            ["-----BEGIN RSA PRIVATE KEY-----\nMII"]
        );
        assert_eq!(found("-----BEGIN PUBLIC KEY-----\\nPRIVATE KEY"), [] as [&str; 0]);
        assert_eq!(found("-----BEGIN PUBLIC KEY-----\"PRIVATE KEY"), [] as [&str; 0]);
    }
}

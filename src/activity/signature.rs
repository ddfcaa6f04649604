//! Retell's signature over an event: who sent it, and when.
//!
//! `X-Retell-Signature: v=<milliseconds>,d=<64 hex>`, where `d` is the HMAC-SHA256 of the body's bytes and the digits of
//! `v`, by the text of an API key. Body and time are joined without anything between them, so that digits could be moved
//! from one to the other: the age is judged by the same `v`, and a body that is not exactly one JSON object is no event.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::time::Millis;
use crate::model::WorkspaceName;
use crate::model::workspaces_file::ApiKey;
use crate::words::word_enum;

/// How far the time of a signature may be from the present, either way, in milliseconds.
pub const TOLERANCE: i64 = 300_000;
/// The hexadecimal digits of a digest.
const DIGEST_DIGITS: usize = 64;

/// A key that may sign the events of a workspace; while keys change, a workspace has two.
#[derive(Clone, Debug)]
pub struct SigningKey {
    pub workspace: WorkspaceName,
    pub key: ApiKey,
}

word_enum! {
    /// Why a signature is not good.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SignatureProblem {
        Missing = "missing",
        /// It is not of the form that Retell writes.
        Malformed = "malformed",
        /// Its time is too far from the present.
        Old = "old",
        /// No key made it.
        Wrong = "wrong",
    } listed
}

impl fmt::Display for SignatureProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "there is no signature",
            Self::Malformed => "the signature is not `v=<milliseconds>,d=<64 lower-case hexadecimal digits>`",
            Self::Old => "the time of the signature is more than 5 minutes from the present",
            Self::Wrong => "no key of a workspace made the signature over exactly these bytes",
        })
    }
}

/// Finds the workspace whose key signed a body.
///
/// # Errors
/// What is wrong with the signature; never anything of the body or of a key.
pub fn signed_by<'k>(
    header: Option<&str>,
    body: &[u8],
    keys: &'k [SigningKey],
    now: Millis,
) -> Result<&'k WorkspaceName, SignatureProblem> {
    let header = header.filter(|header| !header.is_empty()).ok_or(SignatureProblem::Missing)?;
    let (moment, digest) = parts(header).ok_or(SignatureProblem::Malformed)?;
    let signed: i64 = moment.parse().map_err(|_| SignatureProblem::Malformed)?;
    if now.0.abs_diff(signed) > TOLERANCE.unsigned_abs() {
        return Err(SignatureProblem::Old);
    }
    // Every key is tried, whichever fits: how long it takes tells nothing.
    let fits = |key: &&SigningKey| made(key, body, moment, &digest);
    let mut fitting: Vec<&SigningKey> = keys.iter().filter(fits).collect();
    fitting.truncate(1);
    fitting.first().map(|key| &key.workspace).ok_or(SignatureProblem::Wrong)
}

/// Signs a body as Retell does.
pub fn signature(key: &ApiKey, body: &[u8], now: Millis) -> String {
    let moment = now.0.to_string();
    let digest = mac(key, body, &moment).finalize().into_bytes();
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v={moment},d={digits}")
}

/// The digits of the time, and the bytes of the digest.
fn parts(header: &str) -> Option<(&str, Vec<u8>)> {
    let (moment, digest) = header.strip_prefix("v=")?.split_once(",d=")?;
    let is_moment = !moment.is_empty() && moment.len() <= 19 && moment.bytes().all(|byte| byte.is_ascii_digit());
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !is_moment || digest.len() != DIGEST_DIGITS || !digest.bytes().all(is_digit) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(digest.get(at..at + 2)?, 16).ok();
    Some((moment, (0..DIGEST_DIGITS).step_by(2).map(byte).collect::<Option<Vec<u8>>>()?))
}

fn made(key: &SigningKey, body: &[u8], moment: &str, digest: &[u8]) -> bool {
    // Compared in constant time.
    !key.key.reveal().is_empty() && mac(&key.key, body, moment).verify_slice(digest).is_ok()
}

fn mac(key: &ApiKey, body: &[u8], moment: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    mac.update(moment.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"event":"call_ended","call":{"call_id":"call_1"}}"#;
    /// Made by Retell's own Python client.
    const DIGEST: &str = "2c30e10c3020a778e53a2708c38b3fc03e8c8c388926c9f37c5e308bbe85c232";
    const MOMENT: Millis = Millis(1_700_000_000_000);

    fn keys() -> Vec<SigningKey> {
        let key = |workspace: &str, key: &str| SigningKey {
            workspace: WorkspaceName::parse(workspace).unwrap(),
            key: ApiKey::new(key),
        };
        vec![
            key("staging", "key_of_another_workspace"),
            key("production", ""),
            key("production", concat!("key_test_", "0123456789abcdef")),
        ]
    }

    fn judged(header: &str, body: &[u8], now: i64) -> Result<String, SignatureProblem> {
        signed_by(Some(header), body, &keys(), Millis(now)).map(ToString::to_string)
    }

    #[test]
    fn the_key_that_fits_names_the_workspace() {
        let header = format!("v={},d={DIGEST}", MOMENT.0);
        assert_eq!(judged(&header, BODY, MOMENT.0), Ok("production".to_owned()));
        assert_eq!(judged(&header, BODY, MOMENT.0 + TOLERANCE), Ok("production".to_owned()));
        assert_eq!(judged(&header, BODY, MOMENT.0 - TOLERANCE - 1), Err(SignatureProblem::Old));
        assert_eq!(judged(&header, b"{}", MOMENT.0), Err(SignatureProblem::Wrong));
        assert_eq!(signature(&keys()[2].key, BODY, MOMENT), header);
        assert_eq!(signed_by(None, BODY, &keys(), MOMENT), Err(SignatureProblem::Missing));
    }

    #[test]
    fn only_the_form_that_retell_writes_is_one() {
        for bad in [
            DIGEST.to_owned(),
            format!(" v={},d={DIGEST}", MOMENT.0),
            format!("v={},d={}", MOMENT.0, DIGEST.to_uppercase()),
            format!("v={},d={}", MOMENT.0, &DIGEST[1..]),
            format!("v=-1,d={DIGEST}"),
            format!("v=,d={DIGEST}"),
            format!("v={},d={DIGEST},d={DIGEST}", MOMENT.0),
            format!("v=9999999999999999999,d={DIGEST}"),
            "v=1,d=é".to_owned(),
        ] {
            assert_eq!(judged(&bad, BODY, MOMENT.0), Err(SignatureProblem::Malformed), "{bad}");
        }
    }
}

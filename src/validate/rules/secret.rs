//! Passwords, tokens and keys in files that are, or will be, committed. Their values are never printed.

use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub use scan::{Secret, all, masked, patterns};

mod scan;

/// The rule.
pub static RULE: Rule = Rule {
    code: "secret",
    severity: Severity::Error,
    summary: "No file holds a password, token, API key or private key",
    passed: "No secrets are in the files",
    heading: Heading::Counted("secret found", "secrets found"),
    shown: Shown::WhenFailed,
    needs: &[],
    explanation: Explanation {
        what: "No file that is, or will be, committed holds a Retell or Twilio key, a private key, a bearer token, an address with a password, or a text under a key such as `password` or `auth_token`.",
        why: "What was pushed once is known for good: every clone, fork and cache has it. The value is never printed, here or anywhere.",
        example: "`\"notes\": \"trunk password is …\"` is not found, `\"password\": \"…\"` in an agent's file is, and so is a key pasted anywhere.",
        fix: "Take the value out and keep it in the environment or a secret store. If it was pushed, revoke it.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // On disk, the files that are never committed are where secrets belong.
    for path in context.snapshot.files.keys().filter(|path| context.occasion.is_committed(path)) {
        findings.extend(context.secrets(path).iter().map(|secret| finding(path, secret)));
    }
}

fn finding(path: &str, secret: &Secret) -> Finding {
    Finding::new(&RULE, Place::bytes(path, secret.range.clone()), format!("`{path}` holds {}", secret.what))
        .help("take it out, and revoke it if it was ever pushed; its value is not printed here")
}

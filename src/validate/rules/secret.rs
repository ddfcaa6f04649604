//! Passwords, tokens and keys in files that are, or will be, committed. Their values are never printed.

use crate::document::{Document, Layout};
use crate::model::{PhoneNumber, paths};
use crate::secrets::Secret;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "secret",
    severity: Severity::Error,
    summary: "No file of the directory, and no JSON file of an agent, holds a password, token, API key or private key",
    passed: "No secrets are in the files",
    heading: Heading::Counted("secret found", "secrets found"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "None of these files, where they are or will be committed, holds a Retell or Twilio key, a private key, a bearer token, an address with a password, a text under a key such as `password` or `auth_token`, or one that a sentence gives for it and that looks like a secret: letters and digits together, or any word behind a user's name.",
        why: "What was pushed once is known for good: every clone, fork and cache has it. The value is never printed, here or anywhere.",
        example: "`\"notes\": \"the trunk's password is in the vault\"` is not found; `password: …` with a password behind it is, `\"password\": \"…\"` in an agent's file, and a key pasted anywhere, be it behind escapes (`\\u005f`, `%5F`, `&#95;`), in JSON inside of a string, in base64 or in hexadecimal digits.",
        fix: "Take the value out and keep it in the environment or a secret store. If it was pushed, revoke it.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // On disk, the files that are never committed are where secrets belong.
    for path in context.snapshot.files.keys().filter(|path| context.occasion.is_committed(path)) {
        let secrets = context.secrets(path);
        if secrets.is_empty() {
            continue;
        }
        let text = context.snapshot.bytes(path).filter(|_| context.is_whole(path));
        let document =
            text.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(|text| Document::known(text, Layout::Any));
        let owner = |secret: &Secret| number_at(context, path, document.as_ref()?, secret.range.start);
        findings.extend(secrets.iter().map(|secret| Finding { phone_number: owner(secret), ..finding(path, secret) }));
    }
}

/// The number whose entry a byte of one of our files stands in, so that a waiver of the number counts.
fn number_at(context: &Context<'_>, path: &str, document: &Document<'_>, offset: usize) -> Option<PhoneNumber> {
    let holds = |pointer: &str| document.find(pointer).is_some_and(|spans| spans.value.contains(&offset));
    let listed = |list: &str, mut numbers: Box<dyn Iterator<Item = PhoneNumber> + '_>| {
        let mut index = 0..;
        numbers.find(|_| holds(&format!("/{list}/{}", index.next().unwrap_or_default())))
    };
    let files = |name| context.directory.workspaces.get(name);
    match paths::FileKind::of(path)? {
        paths::FileKind::Master => {
            context.directory.master.numbers.keys().copied().find(|number| holds(&format!("/numbers/{number}")))
        }
        paths::FileKind::Numbers(name) => {
            listed("numbers", Box::new(files(&name)?.numbers.numbers.iter().map(|entry| entry.phone_number)))
        }
        paths::FileKind::Assignments(name) => {
            listed("assignments", Box::new(files(&name)?.assignments.assignments.iter().map(|it| it.phone_number)))
        }
        paths::FileKind::Pools => {
            let members = &context.directory.pools.as_ref()?.members;
            members.keys().copied().find(|number| holds(&format!("/members/{number}")))
        }
        _ => None,
    }
}

fn finding(path: &str, secret: &Secret) -> Finding {
    Finding::new(&RULE, Place::bytes(path, secret.range.clone()), format!("`{path}` holds {}", secret.what))
        .help("take it out, and revoke it if it was ever pushed; its value is not printed here")
}

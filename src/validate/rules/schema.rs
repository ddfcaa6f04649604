//! Values that are not of the shape that a file's schema asks for.

use serde_json::Value;

use super::twilio_sid;
use crate::model::PhoneNumber;
use crate::model::paths::FileKind;
use crate::schema::Violation;
use crate::validate::finding::{Finding, Part, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "schema",
    severity: Severity::Error,
    summary: "Every file satisfies its JSON Schema",
    passed: "All files satisfy their schemas",
    heading: Heading::Counted("value is not what the schema asks for", "values are not what the schemas ask for"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: Reads::ALL,
    explanation: Explanation {
        what: "Every file has the properties, types and forms of its JSON Schema; `phone-dir schema NAME` prints it.",
        why: "A value of the wrong shape cannot be compared with anything: the entry that holds it is left out of all other checks.",
        example: "`\"phone_number\": \"415-555-0123\"`, which is not E.164, or a property that no schema knows.",
        fix: "Correct the value. With `$schema` in the file an editor shows the allowed ones while you type.",
    },
    check: Check::Reading,
};

/// Reports a violation of a file's schema; one in a SID is `twilio-sid`'s. `value` is the whole file.
pub fn finding(path: &str, kind: &FileKind, value: &Value, violation: &Violation) -> Finding {
    let pointer = Pointer::from_text(violation.pointer.clone());
    let part = match violation.keyword.as_str() {
        "additionalProperties" | "propertyNames" | "unevaluatedProperties" => Part::Key(pointer),
        _ => Part::Value(pointer),
    };
    let rule = if is_sid(&violation.pointer, &violation.message) { &twilio_sid::RULE } else { &RULE };
    let number = number_in(kind, value, &violation.pointer);
    let message = match number {
        Some(number) => format!("{number}: {}", violation.message),
        None => violation.message.clone(),
    };
    let mut finding = Finding::new(rule, Place { file: path.to_owned(), part }, message);
    finding.phone_number = number;
    if let FileKind::Numbers(name) | FileKind::Assignments(name) = kind {
        finding = finding.workspace(name);
    }
    finding
}

fn is_sid(pointer: &str, message: &str) -> bool {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let named = field == "sid" || field.ends_with("_sid") || pointer.contains("credential_list_sids/");
    named || message.contains("expected a SID")
}

/// The number whose entry a pointer leads into: the key of a map's entry, or what a list's entry says of itself.
fn number_in(kind: &FileKind, value: &Value, pointer: &str) -> Option<PhoneNumber> {
    let mut tokens = pointer.split('/').skip(1);
    let (list, entry) = (tokens.next()?, tokens.next()?);
    let text = match (kind, list) {
        (FileKind::Master, "numbers") => entry,
        (FileKind::Numbers(_), "numbers") | (FileKind::Assignments(_), "assignments") => {
            value.get(list)?.get(entry.parse::<usize>().ok()?)?.get("phone_number")?.as_str()?
        }
        _ => return None,
    };
    PhoneNumber::parse(text).ok()
}

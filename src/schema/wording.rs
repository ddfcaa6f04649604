//! Violations in the project's own words, from what the schema says at the place that failed.
//!
//! The validator's own messages quote whole values, which may be large, or secrets.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::{Map, Value};

use super::{Values, Violation};
use crate::model::nearest;

/// The longest text that is quoted, in characters.
const LONGEST_QUOTE: usize = 60;

/// Words one error of the validator; only unknown properties make more than one violation.
pub(super) fn violations(schema: &Value, error: &ValidationError<'_>, values: Values) -> Vec<Violation> {
    let place = error.instance_path().as_str();
    let rule = rule_at(schema, error);
    let violation =
        |pointer: String, message: String| Violation { pointer, keyword: error.kind().keyword().to_owned(), message };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            let known = rule.and_then(|rule| rule.get("properties")).and_then(Value::as_object);
            unexpected.iter().map(|name| violation(below(place, name), unknown_property(name, known))).collect()
        }
        Kind::Required { property } => {
            vec![violation(
                place.to_owned(),
                format!("missing property {}", quoted(property.as_str().unwrap_or_default())),
            )]
        }
        Kind::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or_default();
            let expected = expectation(rule_at(schema, inner), inner);
            vec![violation(below(place, name), format!("property name {}: expected {expected}", quoted(name)))]
        }
        _ => vec![violation(place.to_owned(), mismatch(rule, error, values))],
    }
}

/// The schema object whose keyword failed.
fn rule_at<'a>(schema: &'a Value, error: &ValidationError<'_>) -> Option<&'a Value> {
    let (parent, _keyword) = error.schema_path().as_str().rsplit_once('/')?;
    schema.pointer(parent)
}

fn unknown_property(name: &str, known: Option<&Map<String, Value>>) -> String {
    let message = format!("unknown property {}", quoted(name));
    match nearest::meant(name, known.into_iter().flat_map(Map::keys).map(String::as_str)) {
        Some(meant) => format!("{message}; there is a property `{meant}`"),
        None => message,
    }
}

fn mismatch(rule: Option<&Value>, error: &ValidationError<'_>, values: Values) -> String {
    let expected = expectation(rule, error);
    let found = match error.kind() {
        Kind::Type { .. } => Some(kind_of(error.instance(), &expected).to_owned()),
        _ => found(error.instance(), values),
    };
    let subject = subject(error.instance_path().as_str()).map(|name| name + ": ").unwrap_or_default();
    let found = found.map(|found| format!(", found {found}")).unwrap_or_default();
    format!("{subject}expected {expected}{found}")
}

/// What the schema asks for, as a noun phrase.
fn expectation(rule: Option<&Value>, error: &ValidationError<'_>) -> String {
    let list = |keyword: &str| match rule.and_then(|rule| rule.get(keyword)) {
        Some(Value::Array(items)) => items.clone(),
        Some(single) => vec![single.clone()],
        None => Vec::new(),
    };
    match error.kind() {
        Kind::Type { .. } => joined(&list("type").iter().filter_map(Value::as_str).map(type_name).collect::<Vec<_>>()),
        Kind::Enum { .. } => joined(&list("enum").iter().map(word).collect::<Vec<_>>()),
        kind => match rule.and_then(|rule| rule.get("description")).and_then(Value::as_str) {
            Some(description) => description.to_owned(),
            None => format!("a value that satisfies `{}`", kind.keyword()),
        },
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |word| format!("`{word}`"))
}

fn joined(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

fn type_name(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "an array",
        "object" => "an object",
        _ => "null",
    }
}

fn kind_of(value: &Value, expected: &str) -> &'static str {
    match value {
        Value::Number(_) if expected.contains("a whole number") => "a fraction",
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn found(value: &Value, values: Values) -> Option<String> {
    match (values, value) {
        (Values::Masked, _) => None,
        (Values::Shown, Value::String(text)) => Some(quoted(text)),
        (Values::Shown, Value::Number(number)) => Some(quoted(&number.to_string())),
        (Values::Shown, other) => Some(kind_of(other, "").to_owned()),
    }
}

/// The name of what stands at a pointer: `` `nickname` ``, `` `tags[0]` ``; none for the whole document.
fn subject(pointer: &str) -> Option<String> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let is_index = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    match parent.rsplit_once('/') {
        Some((_, array)) if is_index => Some(quoted(&format!("{}[{last}]", unescaped(array)))),
        _ => Some(quoted(&unescaped(last))),
    }
}

/// A text in backticks, shortened, its control characters spelt out.
fn quoted(text: &str) -> String {
    let mut quote = String::from("`");
    for (count, letter) in text.chars().enumerate() {
        match letter {
            _ if count == LONGEST_QUOTE => {
                quote.push('…');
                break;
            }
            letter if letter.is_control() => quote.extend(letter.escape_default()),
            letter => quote.push(letter),
        }
    }
    quote + "`"
}

/// The pointer of a property of the object at `pointer` (RFC 6901).
fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

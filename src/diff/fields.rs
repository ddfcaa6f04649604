//! Compares two values of the model field by field, in the order and by the names of their file.

use serde::Serialize;
use serde_json::{Map, Value};

use super::FieldChange;
use crate::model::equivalence::same_value;

/// Lists the fields that differ between two values of one type; a missing side counts as all null.
///
/// Nested objects are compared by their own fields, joined with dots; lists are compared whole. A field that
/// is absent and one that is null are the same, and so are two spellings of one meaning.
pub fn compare<T: Serialize>(from: Option<&T>, to: Option<&T>) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    compare_objects("", &object(from), &object(to), &mut fields);
    fields
}

fn object<T: Serialize>(value: Option<&T>) -> Map<String, Value> {
    match value.map(serde_json::to_value) {
        Some(Ok(Value::Object(map))) => map,
        _ => Map::new(),
    }
}

fn compare_objects(prefix: &str, from: &Map<String, Value>, to: &Map<String, Value>, fields: &mut Vec<FieldChange>) {
    let added = to.keys().filter(|key| !from.contains_key(*key));
    for key in from.keys().chain(added) {
        let path = format!("{prefix}{key}");
        compare_values(path, from.get(key), to.get(key), fields);
    }
}

fn compare_values(path: String, from: Option<&Value>, to: Option<&Value>, fields: &mut Vec<FieldChange>) {
    let empty = Map::new();
    let nested = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    match (nested(from), nested(to)) {
        (None, None) => {
            let (from, to) = (from.cloned().unwrap_or_default(), to.cloned().unwrap_or_default());
            if !same_value(&path, &from, &to) {
                fields.push(FieldChange { field: path, from, to });
            }
        }
        (from, to) => {
            let prefix = format!("{path}.");
            compare_objects(&prefix, from.as_ref().unwrap_or(&empty), to.as_ref().unwrap_or(&empty), fields);
        }
    }
}

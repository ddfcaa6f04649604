//! Changes as JSON, in a shape of its own that does not follow the internals.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::diff::{Change, Changes};
use crate::model::canonical;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

/// One change of the `changes` array.
#[derive(Serialize)]
pub struct ChangeJson<'a> {
    phone_number: &'a str,
    workspace: Option<&'a str>,
    kind: &'static str,
    fields: Vec<FieldJson<'a>>,
}

#[derive(Serialize)]
struct FieldJson<'a> {
    field: &'a str,
    from: &'a Value,
    to: &'a Value,
}

impl<'a> ChangeJson<'a> {
    fn of(change: &'a Change) -> Self {
        let field = |change: &'a crate::diff::FieldChange| FieldJson {
            field: &change.field,
            from: &change.from,
            to: &change.to,
        };
        Self {
            phone_number: change.phone_number.as_str(),
            workspace: change.workspace.as_ref().map(|workspace| workspace.as_str()),
            kind: change.kind.as_str(),
            fields: change.fields.iter().map(field).collect(),
        }
    }
}

/// The `changes` array.
pub fn list(changes: &Changes) -> Vec<ChangeJson<'_>> {
    changes.list.iter().map(ChangeJson::of).collect()
}

/// The `summary` object: how many changes of each kind.
pub fn summary(changes: &Changes) -> Map<String, Value> {
    changes.summary().into_iter().map(|(kind, count)| (kind.as_str().to_owned(), count.into())).collect()
}

#[derive(Serialize)]
struct Diff<'a> {
    format_version: u32,
    from: &'a str,
    to: &'a str,
    summary: Map<String, Value>,
    changes: Vec<ChangeJson<'a>>,
}

/// The whole output of `diff --json`.
pub fn diff(from: &str, to: &str, changes: &Changes) -> String {
    let list = list(changes);
    let diff = Diff { format_version: FORMAT_VERSION, from, to, summary: summary(changes), changes: list };
    escape::json(canonical::to_text(&diff))
}

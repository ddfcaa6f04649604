//! Drift for people, for programs, and as Markdown for a scheduled job's issue or summary.

use serde::Serialize;

use super::escape::{self, terminal};
use crate::diff::FieldValue;
use crate::drift::{Drift, DriftField};
use crate::render::changes::json::cell;

/// One entry of the `changes` array; `from` is the directory's value, `to` the provider's.
#[derive(Serialize)]
pub struct DriftJson<'a> {
    phone_number: &'a str,
    workspace: Option<&'a str>,
    kind: &'static str,
    moved: Option<&'static str>,
    fields: Vec<FieldJson<'a>>,
}

#[derive(Serialize)]
struct FieldJson<'a> {
    field: &'a str,
    from: &'a FieldValue,
    to: &'a FieldValue,
    moved: Option<&'static str>,
}

/// The `changes` array.
pub fn json(drifts: &[Drift]) -> Vec<DriftJson<'_>> {
    drifts.iter().map(DriftJson::of).collect()
}

impl<'a> DriftJson<'a> {
    fn of(drift: &'a Drift) -> Self {
        let field = |it: &'a DriftField| FieldJson {
            field: it.change.field.as_str(),
            from: &it.change.from,
            to: &it.change.to,
            moved: it.moved.map(|moved| moved.as_str()),
        };
        Self {
            phone_number: drift.phone_number.as_str(),
            workspace: drift.workspace.as_ref().map(|name| name.as_str()),
            kind: drift.kind.as_str(),
            moved: drift.moved.map(|moved| moved.as_str()),
            fields: drift.fields.iter().map(field).collect(),
        }
    }
}

/// The differences for a terminal: a line per number, and one per field.
pub fn text(drifts: &[Drift]) -> String {
    if drifts.is_empty() {
        return "In step: the directory says what the providers have.\n".to_owned();
    }
    let mut text = format!("Drift: {}\n", plural(drifts.len(), "difference", "differences"));
    for drift in drifts {
        let place = drift.workspace.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        text.push_str(&format!("  {}{place} {}: {}\n", drift.phone_number, drift.kind, who(drift)));
        text.extend(drift.fields.iter().map(|field| {
            let moved = field.moved.map(|moved| format!("  [{}]", moved.words())).unwrap_or_default();
            format!(
                "    {}: {} in the directory, {} live{moved}\n",
                field.change.field,
                terminal(&value(&field.change.from)),
                terminal(&value(&field.change.to))
            )
        }));
    }
    text
}

/// The differences as a Markdown section with one table.
pub fn markdown(drifts: &[Drift]) -> String {
    if drifts.is_empty() {
        return "### Phone numbers: in step\n\nThe directory says what the providers have.\n".to_owned();
    }
    let mut text = format!(
        "### Phone numbers: {}\n\n| Number | Workspace | NumberField | Directory | Live | Moved |\n|---|---|---|---|---|---|\n",
        plural(drifts.len(), "difference", "differences")
    );
    for drift in drifts {
        let workspace =
            drift.workspace.as_ref().map_or_else(|| "–".to_owned(), |name| escape::markdown_cell(name.as_str()));
        let number = escape::markdown_cell(drift.phone_number.as_str());
        if drift.fields.is_empty() {
            text.push_str(&format!("| {number} | {workspace} | {} | – | – | {} |\n", drift.kind, moved(drift.moved)));
        }
        text.extend(drift.fields.iter().map(|field| {
            format!(
                "| {number} | {workspace} | {} | {} | {} | {} |\n",
                escape::markdown_cell(field.change.field.as_str()),
                escape::markdown_cell(&value(&field.change.from)),
                escape::markdown_cell(&value(&field.change.to)),
                moved(field.moved)
            )
        }));
    }
    text
}

fn who(drift: &Drift) -> &'static str {
    drift.moved.map_or("they differ", |moved| moved.words())
}

fn moved(moved: Option<crate::drift::Moved>) -> &'static str {
    moved.map_or("–", |moved| moved.as_str())
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn value(value: &FieldValue) -> String {
    cell(value).unwrap_or_else(|| "none".to_owned())
}

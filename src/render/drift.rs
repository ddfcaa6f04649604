//! Drift for people, for programs, and as Markdown for a scheduled job's issue or summary.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::decisions::{sentence, settling};
use super::escape;
use crate::decision::{DecisionOutcome, DecisionStanding};
use crate::diff::{Change, ChangeKind, Changes, FieldValue};
use crate::drift::{self, Drift, DriftField, Moved};
use crate::model::{AgentNames, PhoneNumber};
use crate::plural::{counted, form};
use crate::render::changes::json::cell;
use crate::render::changes::text;

/// One entry of the `changes` array; `from` is the directory's value, `to` the provider's.
impl Serialize for Drift {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Drift", 5)?;
        object.serialize_field("phone_number", &self.phone_number)?;
        object.serialize_field("workspace", &self.workspace)?;
        object.serialize_field("kind", self.kind.as_str())?;
        object.serialize_field("moved", &self.moved.map(|moved| moved.as_str()))?;
        object.serialize_field("fields", &self.fields)?;
        object.end()
    }
}

impl Serialize for DriftField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("DriftField", 4)?;
        object.serialize_field("field", self.change.field.as_str())?;
        object.serialize_field("from", &self.change.from)?;
        object.serialize_field("to", &self.change.to)?;
        object.serialize_field("moved", &self.moved.map(|moved| moved.as_str()))?;
        object.end()
    }
}

/// What differs, with everything that words need.
pub struct Compared<'a> {
    /// The differences, and who moved.
    pub drifts: &'a [Drift],
    /// The same differences from the directory to the providers, number for number.
    pub changes: &'a Changes,
    /// The decisions of git that Retell does not have.
    pub held: &'a [DecisionOutcome],
    pub names: &'a AgentNames,
}

/// The differences for a terminal, as `diff` words them: one heading for which side moved.
pub fn text(compared: &Compared<'_>) -> String {
    if compared.drifts.is_empty() {
        return "In step: the directory says what the providers have.\n".to_owned();
    }
    let mut numbers: Vec<_> = compared.drifts.iter().map(|drift| drift.phone_number).collect();
    numbers.dedup();
    let count = numbers.len();
    let mut text = format!("Drift: {} {}\n", counted(count, "number"), form(&count, "differs", "differ"));
    let of_git = [
        (Moved::Both, DecisionStanding::Conflict, "Both moved: decided in git, and changed at the provider since"),
        (Moved::Git, DecisionStanding::Pending, "The directory moved: decided in git, and not live"),
    ];
    for (moved, standing, heading) in of_git {
        let held: Vec<_> = compared.held.iter().filter(|held| held.standing == standing).collect();
        let told = held.iter().map(|held| format!("  {}\n", sentence(held, compared.names, None)));
        let mut lines: String = told.collect();
        let is_told = |change: &Change| held.iter().any(|held| place_of(held) == drift::place(change));
        let mut others = part(compared, Some(moved));
        others.retain(|change| !is_told(change));
        lines.push_str(&text::with_values(&others));
        text.push_str(&paragraph(heading, &lines));
    }
    let to_follow = [
        (Some(Moved::Folders), "Only the agents' folders differ, and not who answers"),
        (Some(Moved::Live), "The provider moved"),
        (None, "They differ, and nothing tells which side moved"),
    ];
    for (moved, heading) in to_follow {
        text.push_str(&paragraph(heading, &text::with_values(&part(compared, moved))));
    }
    text
}

fn paragraph(heading: &str, lines: &str) -> String {
    if lines.is_empty() { String::new() } else { format!("\n{heading}:\n{lines}") }
}

fn place_of(held: &DecisionOutcome) -> drift::Place {
    (held.phone_number, Some(held.workspace.clone()))
}

/// The differences in the fields of which this side moved.
fn part(compared: &Compared<'_>, moved: Option<Moved>) -> Changes {
    let pairs = compared.changes.list.iter().zip(compared.drifts);
    let list = pairs.filter_map(|(change, drift)| {
        let fields: Vec<_> =
            drift.fields.iter().filter(|field| field.moved == moved).map(|field| field.change.clone()).collect();
        let is_whole = fields.len() == drift.fields.len() && drift.moved == moved;
        let decides = is_whole || fields.iter().any(|field| field.field.is_of_voice_agents());
        let kind = if decides { change.kind } else { ChangeKind::Updated };
        (is_whole || !fields.is_empty()).then(|| Change { kind, fields, ..change.clone() })
    });
    Changes { names: compared.changes.names.clone(), ..Changes::new(list.collect()) }
}

/// What to do about the differences, the last thing that is printed; nothing where there is nothing to do.
pub fn next(compared: &Compared<'_>) -> String {
    let standing = |standing| -> Vec<PhoneNumber> {
        let of = compared.held.iter().filter(|held| held.standing == standing);
        of.map(|held| held.phone_number).collect()
    };
    let (conflicts, pending) = (standing(DecisionStanding::Conflict), standing(DecisionStanding::Pending));
    let follows = compared.drifts.iter().any(|drift| {
        drift.moved.is_none()
            || drift.fields.iter().any(|field| matches!(field.moved, Some(Moved::Live | Moved::Folders)))
            || drift.fields.is_empty()
    });
    let mut text = String::new();
    if follows {
        text.push_str("  phone-dir sync --all   brings the directory in step\n");
    }
    if !pending.is_empty() {
        text.push_str("  phone-dir apply        brings Retell what git decided\n");
    }
    if !conflicts.is_empty() {
        text.push_str(&format!("  {}\n", settling(&conflicts)));
    }
    if text.is_empty() { text } else { format!("\nNext:\n{text}") }
}

/// The differences as a Markdown section with one table.
pub fn markdown(drifts: &[Drift]) -> String {
    if drifts.is_empty() {
        return "### Phone numbers: in step\n\nThe directory says what the providers have.\n".to_owned();
    }
    let mut text = format!(
        "### Phone numbers: {}\n\n| Number | Workspace | Field | Directory | Live | Moved |\n|---|---|---|---|---|---|\n",
        counted(drifts.len(), "difference")
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

fn moved(moved: Option<Moved>) -> &'static str {
    moved.map_or("–", |moved| moved.as_str())
}

fn value(value: &FieldValue) -> String {
    cell(value).unwrap_or_else(|| "none".to_owned())
}

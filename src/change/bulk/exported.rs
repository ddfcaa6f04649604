//! The cells of a list that this program printed: which of them say what is there already, and what tags are in one.

use crate::change::list::NONE;
use crate::change::rails::Objection;
use crate::model::annotation::Tag;
use crate::query::Row;
use crate::query::column::Column;

/// The row of a listing, for a look at which of its cells a user edited.
pub(super) struct Exported<'a>(pub(super) Row<'a>);

impl Exported<'_> {
    /// Whether a cell says what the listing says; one that no listing has never does.
    pub(super) fn says(&self, column: &str, text: &str) -> bool {
        if !["agent_path", "nickname", "webhook", "tags", "notes", "termination_uri", "username"].contains(&column) {
            return false;
        }
        let Some(shown) = Column::find(column).map(|column| column.value(&self.0)) else { return false };
        let is_none = text == NONE;
        shown.text().map_or(is_none, |shown| on_one_line(&shown) == on_one_line(text) || shown.is_empty() && is_none)
    }
}

/// A text as a cell of CSV has it: on one line, without the mark that makes it a text.
fn on_one_line(text: &str) -> String {
    let text = text.trim().strip_prefix('\'').unwrap_or(text.trim());
    text.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ")
}

/// The tags of a cell, between commas or semicolons.
pub(super) fn tags_of(text: &str) -> Result<Vec<Tag>, Objection> {
    if text == NONE {
        return Ok(Vec::new());
    }
    let words = text.split([',', ';']).map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| Tag::parse(word).map_err(|error| Objection::mistake(format!("`{word}`: {error}")))).collect()
}

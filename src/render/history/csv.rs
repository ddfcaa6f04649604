//! A history as CSV for spreadsheets: a line for each field that changed.

use super::{CommitSource, Heading, HistoryFormat, Unprinted};
use crate::diff::{Change, FieldChange, PoolDefinitionChange};
use crate::render::changes::json::cell;
use crate::render::csv;

const HEADING: [&str; 12] = [
    "date",
    "commit",
    "author",
    "committer",
    "summary",
    "gap",
    "phone_number",
    "workspace",
    "kind",
    "field",
    "from",
    "to",
];

/// The place of the kind in a record; what a merge dropped has the word before it.
const KIND: usize = 8;

/// Records, with a heading; a commit of which nothing but a gap is known has one without a number.
pub struct Csv;

impl HistoryFormat for Csv {
    fn write(&self, commits: &mut dyn CommitSource<'_>, out: &Unprinted) {
        out.push(&csv::document([HEADING.map(str::to_owned).to_vec()]));
        for (commit, pieces) in commits {
            let above = above(&commit);
            let mut is_bare = above.is_empty();
            out.push(&csv::document(above));
            for changes in pieces {
                is_bare = false;
                out.push(&csv::document(changes.list.iter().flat_map(|change| records(&commit, change))));
            }
            out.push(&csv::document(is_bare.then(|| record(&commit, None, None))));
        }
    }
}

/// What a merge dropped, and the pools.
fn above(commit: &Heading) -> Vec<Vec<String>> {
    let mut records: Vec<_> = commit.dropped.list.iter().flat_map(|change| records(commit, change)).collect();
    for cells in &mut records {
        cells[KIND].insert_str(0, "dropped ");
    }
    records.extend(commit.pools.iter().map(|change| of_pool(commit, change)));
    records
}

/// A pool's record has its name as the value of the field `pool`.
fn of_pool(entry: &Heading, change: &PoolDefinitionChange) -> Vec<String> {
    let mut cells = record(entry, None, None);
    cells.resize(HEADING.len(), String::new());
    let side = |is_there: bool| if is_there { change.pool.to_string() } else { String::new() };
    let (from, to) = (side(change.pair.from.is_some()), side(change.pair.to.is_some()));
    for (at, text) in (KIND..).zip([change.kind().to_owned(), "pool".to_owned(), from, to]) {
        cells[at] = text;
    }
    cells
}

fn records(entry: &Heading, change: &Change) -> Vec<Vec<String>> {
    if change.fields.is_empty() {
        return vec![record(entry, Some(change), None)];
    }
    let fields = change.fields.iter();
    fields.map(|field| record(entry, Some(change), Some(field))).collect()
}

fn record(entry: &Heading, change: Option<&Change>, field: Option<&FieldChange>) -> Vec<String> {
    let optional = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let workspace = change.and_then(|change| change.workspace.as_ref()).map(|name| name.as_str());
    let mut cells = vec![
        optional(entry.date.as_deref()),
        optional(Some(&entry.commit)),
        optional(entry.author.as_deref()),
        optional(entry.committer.as_deref()),
        optional(Some(&entry.summary)),
        optional(entry.gap.as_deref().or(entry.uncertain.as_deref())),
        optional(change.map(|change| change.phone_number.to_string()).as_deref()),
        optional(workspace),
        optional(change.map(|change| change.kind.as_str())),
    ];
    let side = |value| cell(value).unwrap_or_default();
    let of_field = field.map(|it| [it.field.to_string(), side(&it.from), side(&it.to)]);
    cells.extend(of_field.unwrap_or_default());
    cells
}

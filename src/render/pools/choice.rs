//! Which numbers are taken, and what is missing where they are too few.

use serde_json::{Map, Value, json};

use super::counts;
use crate::model::WorkspaceName;
use crate::model::pools::PoolName;
use crate::pools::{Candidate, Choice};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

/// That there are not as many free numbers as were asked for.
pub struct Shortage<'a> {
    pub pool: &'a PoolName,
    pub workspace: &'a WorkspaceName,
    /// How many were asked for.
    pub asked: usize,
    pub choice: &'a Choice,
}

/// Says what is missing, and why.
pub fn shortage(shortage: &Shortage<'_>, as_json: bool) -> String {
    let Shortage { pool, workspace, asked, choice } = shortage;
    let (free, total) = (choice.ranking.len(), choice.tally.total);
    let why = choice.tally.why_not();
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let message = format!("{free} of the {total} numbers of `{pool}` are free in `{workspace}`{why}");
    if !as_json {
        return format!(
            "{message}\nNothing was changed: {asked} were asked for, and `--partial` takes what there is.\n"
        );
    }
    let mut object = Map::new();
    object.insert("format_version".to_owned(), json!(FORMAT_VERSION));
    object.insert("status".to_owned(), json!("short"));
    object.insert("pool".to_owned(), json!(pool));
    object.insert("workspace".to_owned(), json!(workspace));
    object.insert("asked".to_owned(), json!(asked));
    object.extend(counts(&choice.tally));
    object.insert("message".to_owned(), json!(message));
    object.insert("changes".to_owned(), json!([]));
    object.insert("rows".to_owned(), json!([]));
    escape::json_of(&Value::Object(object))
}

/// The ranking, a line for each free number; the first `taken` are the ones that are taken.
pub fn ranking(choice: &Choice, taken: usize) -> Vec<String> {
    let line = |(place, candidate): (usize, &Candidate)| {
        let since = candidate.free_since.map_or_else(|| "never used".to_owned(), |date| format!("free since {date}"));
        let mark = if place < taken { ", taken" } else { "" };
        format!("{}. {} {since}{mark}", place + 1, candidate.phone_number)
    };
    choice.ranking.iter().enumerate().map(line).collect()
}

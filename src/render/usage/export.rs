//! The calls of the store, one a line: our columns and nothing else.

use serde::Serialize;

use crate::activity::call::{CallDirection, CallId, ProviderWord};
use crate::model::Directory;
use crate::render::csv::RecordStream;
use crate::render::escape;
use crate::store::calls::StoredCall;

/// The columns, in their order.
const COLUMNS: [&str; 15] = [
    "workspace",
    "call_id",
    "phone_number",
    "direction",
    "agent_path",
    "agent_id",
    "agent_version",
    "agent_tag",
    "start",
    "end",
    "duration_ms",
    "status",
    "reason",
    "outcome",
    "cost",
];

#[derive(Serialize)]
/// What a call's line has, in the order of the columns.
#[allow(missing_docs)] // the names of the columns
pub struct CallCells {
    pub workspace: String,
    pub call_id: String,
    pub phone_number: Option<String>,
    pub direction: Option<&'static str>,
    pub agent_path: Option<String>,
    pub agent_id: Option<String>,
    pub agent_version: Option<i64>,
    pub agent_tag: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub duration_ms: Option<i64>,
    pub status: Option<String>,
    pub reason: Option<String>,
    pub outcome: &'static str,
    pub cost: Option<String>,
}

impl CallCells {
    pub fn of(call: &StoredCall, directory: &Directory) -> Self {
        let facts = &call.facts;
        let word = |word: &Option<ProviderWord>| word.as_ref().map(|word| word.as_str().to_owned());
        let path = facts.agent_id.as_ref().and_then(|id| directory.agents.path_of(&call.workspace, id));
        Self {
            workspace: call.workspace.to_string(),
            call_id: CallId::as_str(&call.call_id).to_owned(),
            phone_number: facts.number.map(|number| number.to_string()),
            direction: facts.direction.map(CallDirection::as_str),
            agent_path: path.map(ToString::to_string),
            agent_id: facts.agent_id.as_ref().map(ToString::to_string),
            agent_version: facts.agent_version,
            agent_tag: word(&facts.agent_tag),
            start: facts.start.map(|moment| moment.to_string()),
            end: facts.end.map(|moment| moment.to_string()),
            duration_ms: facts.duration_ms,
            status: word(&facts.status),
            reason: word(&facts.reason),
            outcome: facts.outcome().as_str(),
            cost: facts.cost.map(|cost| cost.to_string()),
        }
    }

    fn cells(self) -> Vec<String> {
        let text = Option::unwrap_or_default;
        vec![
            self.workspace,
            self.call_id,
            text(self.phone_number),
            self.direction.unwrap_or_default().to_owned(),
            text(self.agent_path),
            text(self.agent_id),
            text(self.agent_version.map(|version| version.to_string())),
            text(self.agent_tag),
            text(self.start),
            text(self.end),
            text(self.duration_ms.map(|duration| duration.to_string())),
            text(self.status),
            text(self.reason),
            self.outcome.to_owned(),
            text(self.cost),
        ]
    }
}

pub struct CsvLines(RecordStream);

impl CsvLines {
    /// Begins a table, and gives its heading.
    pub fn begin() -> (Self, String) {
        let mut stream = RecordStream::begin();
        let heading = stream.line(&COLUMNS.map(str::to_owned));
        (Self(stream), heading)
    }

    pub fn line(&mut self, call: &StoredCall, directory: &Directory) -> String {
        self.0.line(&CallCells::of(call, directory).cells())
    }
}

pub fn json_line(call: &StoredCall, directory: &Directory) -> String {
    escape::json(serde_json::to_string(&CallCells::of(call, directory)).expect("calls always serialize") + "\n")
}

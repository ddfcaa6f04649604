//! What a reading of calls tells: its reads, and for which time the calls are known now.

use std::collections::BTreeMap;

use serde::Serialize;

use super::reads::{ReadJson, ReadLine};
use crate::activity::coverage::CallCoverage;
use crate::activity::pull::ReadCalls;
use crate::error::Error;
use crate::model::WorkspaceName;
use crate::plural::counted;
use crate::reconcile::live::Read;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;
use crate::render::usage::CoverageJson;

/// A reading that came to its end, good or not.
pub struct PullOutcome {
    reads: Vec<ReadLine>,
    /// How many calls of each workspace are new.
    new: BTreeMap<WorkspaceName, usize>,
    /// For which time each is known now.
    coverage: Vec<CallCoverage>,
}

/// How much of what was asked for arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullEnd {
    Complete,
    Incomplete,
    Failed,
}

#[derive(Serialize)]
struct PullJson<'a> {
    format_version: u32,
    status: &'static str,
    new_calls: usize,
    reads: Vec<ReadJson<'a>>,
    coverage: Vec<CoverageJson>,
}

impl PullOutcome {
    /// Notes how each read went, and what it brought.
    pub fn of(reads: &[Read<ReadCalls>], new: BTreeMap<WorkspaceName, usize>, coverage: Vec<CallCoverage>) -> Self {
        Self { reads: reads.iter().map(ReadLine::of).collect(), new, coverage }
    }

    /// How much arrived.
    pub fn end(&self) -> PullEnd {
        if self.reads.iter().all(|read| read.error.is_none()) {
            PullEnd::Complete
        } else if self.reads.iter().all(ReadLine::is_failed) {
            PullEnd::Failed
        } else {
            PullEnd::Incomplete
        }
    }

    /// Why what was read is not whole.
    pub fn errors(&self) -> impl Iterator<Item = &Error> {
        self.reads.iter().filter_map(|read| read.error.as_ref())
    }

    fn status(&self) -> &'static str {
        match self.end() {
            PullEnd::Incomplete => "incomplete",
            PullEnd::Failed => "failed",
            PullEnd::Complete if self.new_calls() == 0 => "unchanged",
            PullEnd::Complete => "success",
        }
    }

    fn new_calls(&self) -> usize {
        self.new.values().sum()
    }

    pub fn json(&self) -> String {
        escape::json_of(&PullJson {
            format_version: FORMAT_VERSION,
            status: self.status(),
            new_calls: self.new_calls(),
            reads: self.reads.iter().map(ReadLine::json).collect(),
            coverage: CoverageJson::of(&self.coverage),
        })
    }

    pub fn human(&self) -> String {
        let mut text: String = self.reads.iter().map(ReadLine::human).collect();
        for known in &self.coverage {
            let new = self.new.get(&known.workspace).copied().unwrap_or(0);
            let span = known.complete.map_or_else(
                || "not complete for any time yet".to_owned(),
                |span| format!("complete from {} to {}", span.from, span.until),
            );
            text.push_str(&format!("{}: {}; {span}\n", known.workspace, counted(new, "new call")));
        }
        text
    }
}

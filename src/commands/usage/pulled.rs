//! What a reading of calls prints: its reads, and for which time the calls are known now.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::activity::coverage::CallCoverage;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::model::{WorkspaceName, canonical};
use crate::render::escape;
use crate::render::failure::{self, FORMAT_VERSION};
use crate::render::outcome::reads::{ReadJson, ReadLine};
use crate::render::usage::CoverageJson;

/// A reading that came to its end, good or not.
pub struct Pulled<'a> {
    /// How each workspace's read went.
    pub lines: &'a [ReadLine],
    /// How many calls of each are new.
    pub new: &'a BTreeMap<WorkspaceName, usize>,
    /// For which time each is known now.
    pub coverage: &'a [CallCoverage],
    pub exit: Exit,
}

#[derive(Serialize)]
struct PulledJson<'a> {
    format_version: u32,
    status: &'static str,
    new_calls: usize,
    reads: Vec<ReadJson<'a>>,
    coverage: Vec<CoverageJson>,
}

impl Pulled<'_> {
    fn status(&self) -> &'static str {
        match self.exit {
            Exit::CannotTell => "incomplete",
            Exit::Failed => "failed",
            Exit::Done | Exit::Found if self.new_calls() == 0 => "unchanged",
            Exit::Done | Exit::Found => "success",
        }
    }

    fn new_calls(&self) -> usize {
        self.new.values().sum()
    }

    /// Prints the reading as JSON.
    pub fn json(&self) -> String {
        escape::json(canonical::to_text(&PulledJson {
            format_version: FORMAT_VERSION,
            status: self.status(),
            new_calls: self.new_calls(),
            reads: self.lines.iter().map(ReadLine::json).collect(),
            coverage: CoverageJson::of(self.coverage),
        }))
    }

    /// Prints the reading for people.
    pub fn text(&self) -> String {
        let mut text: String = self.lines.iter().map(ReadLine::human).collect();
        for known in self.coverage {
            let new = self.new.get(&known.workspace).copied().unwrap_or(0);
            let plural = if new == 1 { "" } else { "s" };
            text.push_str(&match known.complete {
                Some(span) => {
                    format!(
                        "{}: {new} new call{plural}; complete from {} to {}\n",
                        known.workspace, span.from, span.until
                    )
                }
                None => format!("{}: {new} new call{plural}; not complete for any time yet\n", known.workspace),
            });
        }
        text
    }

    /// Says on standard error what went wrong.
    pub fn complain(&self, session: &Session) {
        for error in self.lines.iter().filter_map(|line| line.error.as_ref()) {
            session.complain(&failure::human(error));
        }
    }

    pub fn print(&self, as_json: bool, session: &Session) -> Result<()> {
        session.print(&if as_json { self.json() } else { session.fitted(&self.text()) })?;
        self.complain(session);
        Ok(())
    }
}

//! What the receiver counts, and how Prometheus reads it. No label holds a number, a name or an id of a person or a call.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::activity::signature::SignatureProblem;
use crate::activity::time::Millis;
use crate::capacity::now::WorkspaceNow;
use crate::error::Error;
use crate::model::WorkspaceName;

/// The upper bounds of the histogram's buckets, in milliseconds.
const BUCKETS: [u64; 8] = [5, 10, 25, 50, 100, 250, 1000, 2000];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Signature(SignatureProblem),
    /// The size of its body.
    TooLarge,
    /// The time that its body took.
    TooSlow,
    /// What its body is.
    NoEvent,
}

impl Refusal {
    fn reason(self) -> &'static str {
        match self {
            Self::Signature(problem) => match problem {
                SignatureProblem::Missing => "signature_missing",
                SignatureProblem::Malformed => "signature_malformed",
                SignatureProblem::Old => "signature_old",
                SignatureProblem::Wrong => "signature_wrong",
            },
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::NoEvent => "no_event",
        }
    }
}

/// Why a group of events could not be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreFailure {
    pub why: String,
    pub at: Millis,
    /// Whether nothing was stored since.
    pub lasts: bool,
}

#[derive(Debug, Default)]
pub struct Counters(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    events: BTreeMap<(String, &'static str, &'static str), u64>,
    refused: BTreeMap<&'static str, u64>,
    turned_away: u64,
    failures: u64,
    last_failure: Option<StoreFailure>,
    last_event: BTreeMap<String, Millis>,
    buckets: [u64; BUCKETS.len()],
    commits: u64,
    commit_time: Duration,
    waiting: usize,
}

impl Counters {
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an event of which nothing is stored.
    pub fn received(&self, workspace: &WorkspaceName, event: &'static str, outcome: &'static str) {
        *self.counted().events.entry((workspace.to_string(), event, outcome)).or_default() += 1;
    }

    /// Counts an event that is on the disk.
    pub fn stored(&self, workspace: &WorkspaceName, event: &'static str, at: Millis, took: Duration) {
        let mut counted = self.counted();
        *counted.events.entry((workspace.to_string(), event, "stored")).or_default() += 1;
        counted.last_event.insert(workspace.to_string(), at);
        if let Some(failure) = &mut counted.last_failure {
            failure.lasts = false;
        }
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        for (bucket, bound) in counted.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(millis <= bound);
        }
        counted.commits += 1;
        counted.commit_time += took;
    }

    /// Counts a request that was refused.
    pub fn refused(&self, refusal: Refusal) {
        *self.counted().refused.entry(refusal.reason()).or_default() += 1;
    }

    /// Counts a request that has to come again.
    pub fn turned_away(&self) {
        self.counted().turned_away += 1;
    }

    /// Notes how many events wait to be stored.
    pub fn waiting(&self, events: usize) {
        self.counted().waiting = events;
    }

    /// Notes that a group could not be stored.
    pub fn failed(&self, error: &Error, at: Millis) {
        let why = error.causes().first().cloned().unwrap_or_else(|| error.message().to_owned());
        let mut counted = self.counted();
        counted.failures += 1;
        counted.last_failure = Some(StoreFailure { why, at, lasts: true });
    }

    /// Why the last group that failed could not be stored.
    pub fn last_failure(&self) -> Option<StoreFailure> {
        self.counted().last_failure.clone()
    }

    /// The counters in Prometheus' text, with the calls that are under way and the most that there may be.
    pub fn metrics(&self, workspaces: &[WorkspaceNow]) -> String {
        let counted = self.counted();
        let mut text = String::new();
        counted.write_events(&mut text);
        counted.write_latency(&mut text);
        let gauge = |text: &mut String, name: &str, help: &str| head(text, name, "gauge", help);
        gauge(&mut text, "phone_dir_webhook_queue_depth", "Events that wait to be stored.");
        let _ = writeln!(text, "phone_dir_webhook_queue_depth {}", counted.waiting);
        let name = "phone_dir_webhook_last_event_timestamp_seconds";
        gauge(&mut text, name, "When the last event of a workspace was stored.");
        for (workspace, at) in &counted.last_event {
            let _ = writeln!(text, "{name}{{workspace=\"{workspace}\"}} {}.{:03}", at.0 / 1000, at.0 % 1000);
        }
        write_workspaces(&mut text, workspaces);
        text
    }
}

impl Counted {
    fn write_events(&self, text: &mut String) {
        head(text, "phone_dir_webhook_events_total", "counter", "Events with a good signature.");
        for ((workspace, event, outcome), count) in &self.events {
            let labels = format!("workspace=\"{workspace}\",event=\"{event}\",outcome=\"{outcome}\"");
            let _ = writeln!(text, "phone_dir_webhook_events_total{{{labels}}} {count}");
        }
        head(text, "phone_dir_webhook_refused_total", "counter", "Requests that were refused.");
        for (reason, count) in &self.refused {
            let _ = writeln!(text, "phone_dir_webhook_refused_total{{reason=\"{reason}\"}} {count}");
        }
        head(text, "phone_dir_webhook_turned_away_total", "counter", "Requests that have to come again.");
        let _ = writeln!(text, "phone_dir_webhook_turned_away_total {}", self.turned_away);
        head(text, "phone_dir_webhook_store_failures_total", "counter", "Groups that could not be stored.");
        let _ = writeln!(text, "phone_dir_webhook_store_failures_total {}", self.failures);
    }

    fn write_latency(&self, text: &mut String) {
        let name = "phone_dir_webhook_commit_seconds";
        head(text, name, "histogram", "From the signature to the disk.");
        for (bound, count) in BUCKETS.iter().zip(self.buckets) {
            let _ = writeln!(text, "{name}_bucket{{le=\"{}.{:03}\"}} {count}", bound / 1000, bound % 1000);
        }
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {}", self.commits);
        let _ = writeln!(text, "{name}_sum {:.6}", self.commit_time.as_secs_f64());
        let _ = writeln!(text, "{name}_count {}", self.commits);
    }
}

/// What is known of each workspace's calls; a figure that is not known is absent, and never 0.
fn write_workspaces(text: &mut String, workspaces: &[WorkspaceNow]) {
    type Figure = fn(&WorkspaceNow) -> Option<u64>;
    let figures: [(&str, &str, Figure); 5] = [
        ("phone_dir_calls_ongoing", "Calls under way.", |row| Some(row.ongoing)),
        ("phone_dir_calls_lost_last_hour", "Calls lost in the last hour because all concurrency was in use.", |row| {
            Some(row.lost)
        }),
        ("phone_dir_concurrency_calls", "Calls of a workspace under way, as Retell counts them.", |row| {
            row.said().current
        }),
        ("phone_dir_concurrency_limit", "Calls that a workspace may have at a time.", |row| row.said().limit),
        ("phone_dir_concurrency_burst_limit", "Calls that a workspace may have at a time, at a surcharge.", |row| {
            row.said().burst_limit
        }),
    ];
    for (name, help, figure) in figures {
        head(text, name, "gauge", help);
        for row in workspaces {
            if let Some(value) = figure(row) {
                let _ = writeln!(text, "{name}{{workspace=\"{}\"}} {value}", row.workspace);
            }
        }
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

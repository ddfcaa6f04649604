//! What the sandbox was asked: one record per request, and how many ran at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

/// A request that reached the sandbox, in order of arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Whether the request carried credentials, right or wrong.
    pub authorized: bool,
    /// Time since the sandbox started, in milliseconds.
    pub at_ms: u64,
    /// The status of the answer; none while it is being made, or where none was given.
    pub status: Option<u16>,
}

/// The log with its gauge of requests in flight.
#[derive(Debug)]
pub(super) struct RequestLog {
    started: Instant,
    state: Mutex<LogState>,
    on_answer: Option<fn(&RequestRecord)>,
}

#[derive(Debug, Default)]
struct LogState {
    records: Vec<RequestRecord>,
    /// How many records were forgotten: an entry in flight knows its place in the whole log.
    forgotten: usize,
    in_flight: usize,
    most_in_flight: usize,
}

impl RequestLog {
    pub(super) fn new(on_answer: Option<fn(&RequestRecord)>) -> Self {
        Self { started: Instant::now(), state: Mutex::default(), on_answer }
    }

    fn state(&self) -> MutexGuard<'_, LogState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a request has arrived; it is in flight until the returned entry is dropped.
    pub(super) fn enter(self: &Arc<Self>, method: &str, path: &str, authorized: bool) -> LogEntry {
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut state = self.state();
        state.in_flight += 1;
        state.most_in_flight = state.most_in_flight.max(state.in_flight);
        let record =
            RequestRecord { method: method.to_owned(), path: path.to_owned(), authorized, at_ms, status: None };
        state.records.push(record);
        LogEntry { log: Arc::clone(self), index: state.forgotten + state.records.len() - 1 }
    }

    pub(super) fn records(&self) -> Vec<RequestRecord> {
        self.state().records.clone()
    }

    pub(super) fn most_in_flight(&self) -> usize {
        self.state().most_in_flight
    }

    /// Forgets all records; requests in flight still count.
    pub(super) fn clear(&self) {
        let mut state = self.state();
        state.forgotten += state.records.len();
        state.records.clear();
        state.most_in_flight = state.in_flight;
    }

    /// Time since the sandbox started.
    pub(super) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }
}

pub(super) struct LogEntry {
    log: Arc<RequestLog>,
    index: usize,
}

impl LogEntry {
    pub(super) fn answered(&self, status: u16) {
        let mut state = self.log.state();
        let place = self.index.checked_sub(state.forgotten);
        if let Some(record) = place.and_then(|place| state.records.get_mut(place)) {
            record.status = Some(status);
            if let Some(tell) = self.log.on_answer {
                tell(record);
            }
        }
    }
}

impl Drop for LogEntry {
    fn drop(&mut self) {
        self.log.state().in_flight -= 1;
    }
}

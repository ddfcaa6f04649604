//! What happened on each line lately, as far as it is known: for a user who is about to change it.

use std::collections::BTreeMap;

use super::counts::{CallCounts, CallTally};
use super::coverage::{CallCoverage, CompleteSpan};
use super::time::{DAY, HOUR, Millis, in_words};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::plural::form;

/// How far back it reaches.
pub const TRAFFIC_SPAN: i64 = 30 * DAY;

/// The calls of the last 30 days that are known, by line.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    spans: BTreeMap<WorkspaceName, CompleteSpan>,
    lines: BTreeMap<(WorkspaceName, PhoneNumber), CallCounts>,
    now: Option<Millis>,
}

/// The calls of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTraffic {
    pub counts: CallCounts,
    /// For which time all of them are known.
    pub span: CompleteSpan,
}

/// For which part of the last 30 days each workspace's calls are known; a workspace without any has none.
pub fn traffic_spans(coverage: &[CallCoverage]) -> BTreeMap<WorkspaceName, CompleteSpan> {
    let span = |known: &CallCoverage| {
        let complete = known.complete?;
        let mut from = complete.from.max(complete.until.minus(TRAFFIC_SPAN));
        if known.erased_before.is_some_and(|erased| from < erased) {
            // What was erased is known by whole days.
            from = from.next_day_start();
        }
        Some((known.workspace.clone(), CompleteSpan { from, until: complete.until }))
    };
    coverage.iter().filter_map(span).filter(|(_, span)| span.from < span.until).collect()
}

impl Traffic {
    /// Calls that were counted by number in these spans.
    pub fn of(spans: BTreeMap<WorkspaceName, CompleteSpan>, tallies: &[CallTally], now: Millis) -> Self {
        let mut lines: BTreeMap<_, CallCounts> = BTreeMap::new();
        for tally in tallies {
            if let Some(number) = tally.key.number {
                lines.entry((tally.key.workspace.clone(), number)).or_default().add(&tally.counts);
            }
        }
        Self { spans, lines, now: Some(now) }
    }

    /// The calls of a line; none where those of its workspace are not known.
    pub fn of_line(&self, workspace: &WorkspaceName, number: PhoneNumber) -> Option<LineTraffic> {
        let span = *self.spans.get(workspace)?;
        let counts = self.lines.get(&(workspace.clone(), number)).cloned().unwrap_or_default();
        Some(LineTraffic { counts, span })
    }

    /// The calls of a line in words, `1,240 calls in 30 days`; none where there were none, or they are not known.
    pub fn words(&self, workspace: &WorkspaceName, number: PhoneNumber) -> Option<String> {
        let line = self.of_line(workspace, number).filter(|line| line.counts.calls > 0)?;
        let age = self.now.map_or(0, |now| now.0 - line.span.until.0);
        let until = if age > DAY { format!(" until {} ago", in_words(age)) } else { String::new() };
        Some(format!("{}{until}", line.words()))
    }
}

impl LineTraffic {
    /// How many calls in how long.
    pub fn words(&self) -> String {
        let calls = self.counts.calls;
        format!("{} {} in {}", grouped(calls), form(&calls, "call", "calls"), self.span_in_words())
    }

    /// How long that time is, to the nearest day, or hour.
    pub fn span_in_words(&self) -> String {
        let length = self.span.until.0 - self.span.from.0;
        in_words(length + if length > 2 * DAY { DAY / 2 } else { HOUR / 2 })
    }
}

/// A count with commas between thousands.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::counts::TallyKey;
    use super::*;

    const UNTIL: Millis = Millis(20_000 * DAY);

    fn traffic(days: i64, calls: u64, age: i64) -> (Traffic, WorkspaceName, PhoneNumber) {
        let (workspace, number) =
            (WorkspaceName::parse("production").unwrap(), PhoneNumber::parse("+14155550101").unwrap());
        let complete = Some(CompleteSpan { from: UNTIL.minus(days * DAY), until: UNTIL });
        let coverage = [CallCoverage { workspace: workspace.clone(), complete, erased_before: None }];
        let key = TallyKey { workspace: workspace.clone(), number: Some(number), agent_id: None, part: None };
        let tally = CallTally { key, counts: CallCounts { calls, ..CallCounts::default() } };
        (Traffic::of(traffic_spans(&coverage), &[tally], UNTIL.plus(age)), workspace, number)
    }

    #[test]
    fn a_lines_traffic_is_told_for_the_time_that_is_known() {
        let words = |days, calls, age| {
            let (traffic, workspace, number) = traffic(days, calls, age);
            traffic.words(&workspace, number)
        };
        assert_eq!(words(90, 1240, 0).unwrap(), "1,240 calls in 30 days");
        assert_eq!(words(12, 1, 0).unwrap(), "1 call in 12 days");
        assert_eq!(words(90, 5, 3 * DAY).unwrap(), "5 calls in 30 days until 3 days ago");
        assert_eq!(words(90, 0, 0), None, "silence is no risk");
        let (traffic, _, number) = traffic(90, 1, 0);
        assert_eq!(traffic.words(&WorkspaceName::parse("staging").unwrap(), number), None, "it was never read");
    }
}

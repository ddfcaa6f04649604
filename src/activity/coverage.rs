//! For which time the calls of a workspace are known to be complete, and whether that is enough for a question.

use super::time::{DAY, Millis, in_words};
use crate::model::WorkspaceName;

/// What is known of a workspace's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallCoverage {
    pub workspace: WorkspaceName,
    /// The time in which every call is known; none where none was ever read.
    pub complete: Option<CompleteSpan>,
    /// Calls before this moment were erased, and stand in the daily counts only.
    pub erased_before: Option<Millis>,
}

/// A time from its first moment up to, and without, its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompleteSpan {
    /// The first moment.
    pub from: Millis,
    /// The first moment behind it.
    pub until: Millis,
}

impl CompleteSpan {
    /// Both together where they touch; otherwise the later one, since a span has no holes.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        if self.from <= other.until && other.from <= self.until {
            return Self { from: self.from.min(other.from), until: self.until.max(other.until) };
        }
        if self.until >= other.until { self } else { other }
    }
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedSpan {
    pub since: Option<Millis>,
    pub until: Option<Millis>,
    /// How far back a question goes that does not say from when.
    pub usual: i64,
    /// From which age on what is known is too old to answer for the present.
    pub stale_after: i64,
    /// Whether the question needs each call, and not only daily counts.
    pub needs_calls: bool,
}

/// The time that an answer is about, and what it cannot tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerSpan {
    pub since: Millis,
    /// Until when, that moment excluded.
    pub until: Millis,
    /// How old what is known is, in milliseconds.
    pub age: i64,
    /// Why the answer is not whole; empty where it is.
    pub gaps: Vec<String>,
}

/// Decides which time is answered for, and where that falls short of what was asked.
pub fn answer_span(asked: &AskedSpan, coverage: &[CallCoverage], now: Millis) -> AnswerSpan {
    let spans = || coverage.iter().filter_map(|known| known.complete);
    let complete_until = spans().map(|span| span.until).min().unwrap_or(now);
    let complete_from = spans().map(|span| span.from).max();
    let until = asked.until.unwrap_or_else(|| asked.since.map_or(complete_until, |since| complete_until.max(since)));
    let usual = until.minus(asked.usual);
    let mut since = asked.since.unwrap_or_else(|| complete_from.map_or(usual, |from| from.max(usual)).min(until));
    let erased = coverage.iter().filter_map(|known| known.erased_before).max();
    let mut gaps: Vec<String> = coverage.iter().flat_map(|known| gaps(asked, known, now)).collect();
    if let Some(erased) = erased.filter(|erased| since < *erased) {
        if !asked.needs_calls {
            since = since.next_day_start();
        } else if asked.since.is_none() {
            since = erased.next_day_start().min(until);
        } else {
            gaps.push(format!("calls before {erased} are kept as daily counts only; asked since {since}"));
        }
    }
    let age = now.0.saturating_sub(complete_until.0).max(0);
    AnswerSpan { since, until, age, gaps }
}

/// What of a question one workspace cannot answer.
pub fn gaps(asked: &AskedSpan, known: &CallCoverage, now: Millis) -> Vec<String> {
    let workspace = &known.workspace;
    let Some(span) = known.complete else { return vec![format!("the calls of {workspace} were never read")] };
    let mut gaps = Vec::new();
    if let Some(since) = asked.since.filter(|since| *since < span.from) {
        gaps.push(format!("{workspace} is complete from {}; asked since {since}", span.from));
    }
    match asked.until {
        // Of a time that has not come, or was not read, nothing is known: that is not nothing.
        None if asked.since.is_some_and(|since| since >= span.until) => {
            gaps.push(format!(
                "{workspace} is complete until {}; asked since {}",
                span.until,
                asked.since.unwrap_or(now)
            ));
        }
        Some(until) if until > span.until => {
            gaps.push(format!("{workspace} is complete until {}; asked until {until}", span.until));
        }
        None if now.0 - span.until.0 > asked.stale_after => {
            let age = in_words(now.0 - span.until.0);
            gaps.push(format!("{workspace} is complete until {}, which is {age} ago", span.until));
        }
        _ => {}
    }
    gaps
}

/// The age from which on what is known is too old, where the project says nothing else.
pub const STALE_AFTER: i64 = DAY;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(100 * DAY + 5);

    fn known(name: &str, span: Option<(i64, i64)>) -> CallCoverage {
        let complete = span.map(|(from, until)| CompleteSpan { from: Millis(from), until: Millis(until) });
        CallCoverage { workspace: WorkspaceName::parse(name).unwrap(), complete, erased_before: None }
    }

    fn asked(since: Option<i64>, until: Option<i64>) -> AskedSpan {
        AskedSpan {
            since: since.map(Millis),
            until: until.map(Millis),
            usual: 30 * DAY,
            stale_after: STALE_AFTER,
            needs_calls: false,
        }
    }

    #[test]
    fn a_question_without_dates_is_answered_for_what_all_workspaces_know() {
        let coverage = [known("staging", Some((80 * DAY, 99 * DAY + 9))), known("production", Some((0, 100 * DAY)))];
        let answer = answer_span(&asked(None, None), &coverage, NOW);
        assert_eq!((answer.since, answer.until), (Millis(80 * DAY), Millis(99 * DAY + 9)));
        assert_eq!(answer.gaps, [""; 0]);
        assert_eq!(answer.age, DAY - 4);
    }

    #[test]
    fn what_reaches_beyond_what_is_known_is_said_and_never_taken_for_nothing() {
        let coverage = [known("production", Some((80 * DAY, 100 * DAY))), known("staging", None)];
        let answer = answer_span(&asked(Some(79 * DAY), Some(101 * DAY)), &coverage, NOW);
        assert_eq!(answer.gaps.len(), 3, "{:?}", answer.gaps);
        assert!(answer.gaps[2].contains("staging were never read"));
        let old = [known("production", Some((0, 98 * DAY)))];
        assert!(answer_span(&asked(None, None), &old, NOW).gaps[0].contains("2 days ago"));
        assert!(answer_span(&asked(None, Some(98 * DAY)), &old, NOW).gaps.is_empty());
    }

    #[test]
    fn a_time_that_was_not_read_yet_has_not_no_calls() {
        let coverage = [known("production", Some((0, 100 * DAY)))];
        let answer = answer_span(&asked(Some(100 * DAY + 1), None), &coverage, NOW);
        assert_eq!(answer.gaps.len(), 1, "{:?}", answer.gaps);
        assert!(answer.gaps[0].contains("complete until") && answer.gaps[0].contains("asked since"));
        assert!(answer.since <= answer.until, "{answer:?}");
    }

    #[test]
    fn erased_calls_are_answered_by_whole_days_and_hours_of_them_not_at_all() {
        let coverage =
            [CallCoverage { erased_before: Some(Millis(90 * DAY)), ..known("production", Some((0, 100 * DAY))) }];
        let question = asked(Some(70 * DAY + 1), None);
        assert_eq!(answer_span(&question, &coverage, NOW).since, Millis(71 * DAY));
        let answer = answer_span(&AskedSpan { needs_calls: true, ..question }, &coverage, NOW);
        assert!(answer.gaps[0].contains("daily counts only"), "{:?}", answer.gaps);
        let usual = AskedSpan { needs_calls: true, ..asked(None, None) };
        assert_eq!(answer_span(&usual, &coverage, NOW).since, Millis(90 * DAY));
    }

    #[test]
    fn spans_that_touch_are_one_and_a_hole_is_never_covered() {
        let span = |from, until| CompleteSpan { from: Millis(from), until: Millis(until) };
        assert_eq!(span(1, 5).joined(span(5, 9)), span(1, 9));
        assert_eq!(span(4, 9).joined(span(1, 5)), span(1, 9));
        assert_eq!(span(1, 2).joined(span(5, 9)), span(5, 9));
        assert_eq!(span(5, 9).joined(span(1, 2)), span(5, 9));
    }
}

//! Which calls to ask Retell for next: what was begun, what is new, what is further back. It asks nothing itself.

use super::call::CallReport;
use super::coverage::CompleteSpan;
use super::time::{DAY, HOUR, MINUTE, Millis};

/// Calls begin to be listed a moment after they begin.
const SETTLING: i64 = MINUTE;
/// A call lasts two hours at most, and its analysis, transfer and cost come later: so much is read again.
const OVERLAP: i64 = 6 * HOUR;
/// How far back a reading goes once a day, for costs that come late.
const DAILY_REREAD: i64 = 3 * DAY;
/// The age up to which Retell's key of a next page is trusted.
const KEY_AGE: i64 = 15 * MINUTE;

/// A reading that was begun and has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfinishedWindow {
    pub window: PullWindow,
    /// When its last page was stored.
    pub stored: Millis,
}

/// The calls that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullWindow {
    /// Calls that start from here on,
    pub from: Millis,
    /// and before this.
    pub until: Millis,
    /// The key of the next page; none for the first.
    pub key: Option<String>,
    /// The most calls of a page.
    pub limit: u32,
}

impl PullWindow {
    /// The most calls of a page at first: an item may be large.
    pub const LIMIT: u32 = 200;

    /// The time that is known once every page has arrived.
    pub fn span(&self) -> CompleteSpan {
        CompleteSpan { from: self.from, until: self.until }
    }
}

/// What a complete reading of a workspace's calls brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadCalls {
    /// How many calls arrived, those that were known already among them.
    pub calls: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallPage {
    pub reports: Vec<CallReport>,
    /// The key of the next page; none where this is the last.
    pub next: Option<String>,
}

/// What the store says of a workspace's readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullState {
    /// The time in which every call is known.
    pub complete: Option<CompleteSpan>,
    /// Calls before this moment were erased, and must not come again.
    pub erased_before: Option<Millis>,
    /// When so much was last read again for late costs.
    pub reread: Option<Millis>,
    /// When calls without a start were last looked for.
    pub swept: Option<Millis>,
    /// A reading that was begun.
    pub unfinished: Option<UnfinishedWindow>,
}

/// What a reading is asked to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullQuestion {
    /// Calls from here on, where that was said.
    pub since: Option<Millis>,
    /// How far back a first reading goes that does not say.
    pub usual: i64,
    /// How much to read again, where that was said.
    pub reread: Option<i64>,
    pub now: Millis,
}

/// Decides what to read next; none where nothing is left. `fresh` says whether this run has read up to the present.
pub fn next_window(question: &PullQuestion, state: &PullState, fresh: bool) -> Option<PullWindow> {
    let now = question.now;
    let trusted = |begun: &&UnfinishedWindow| (0..KEY_AGE).contains(&(now.0 - begun.stored.0));
    if let Some(begun) = state.unfinished.as_ref().filter(trusted) {
        return Some(begun.window.clone());
    }
    let window = |from: Millis, until| Some(PullWindow { from, until, key: None, limit: PullWindow::LIMIT });
    let present = now.minus(SETTLING);
    let Some(complete) = state.complete else {
        let since = question.since.unwrap_or(present.minus(question.usual));
        return if fresh || since >= present { None } else { window(since, present) };
    };
    if !fresh {
        let from = complete.until.minus(again(question, state)).max(complete.from);
        let from = state.erased_before.map_or(from, |erased| from.max(erased)).min(complete.until);
        return window(from, present.max(complete.until));
    }
    question.since.filter(|since| *since < complete.from).and_then(|since| window(since, complete.from))
}

/// How far back calls are to be looked for that have no start, and so are in no list by time; none where that is not due.
///
/// Once a day it goes through the calls that were not connected or ended in an error, since only such a one may have none.
/// Where they stand among the others is not documented, so they are looked for at both ends of the list.
pub fn due_sweep(question: &PullQuestion, state: &PullState) -> Option<Millis> {
    let complete = state.complete?;
    match state.swept {
        Some(last) if (0..DAY).contains(&(question.now.0 - last.0)) => None,
        Some(last) => Some(last.minus(DAILY_REREAD).max(complete.from)),
        None => Some(complete.from),
    }
}

/// Whether a reading goes back far enough to count as the daily one.
pub fn is_daily_reread(question: &PullQuestion, state: &PullState) -> bool {
    state.complete.is_none() || again(question, state) >= DAILY_REREAD
}

fn again(question: &PullQuestion, state: &PullState) -> i64 {
    let due = state.reread.is_none_or(|last| question.now.0 - last.0 >= DAY);
    question.reread.unwrap_or(if due { DAILY_REREAD } else { OVERLAP }).max(OVERLAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(200 * DAY);

    fn question(since: Option<i64>) -> PullQuestion {
        PullQuestion { since: since.map(Millis), usual: 90 * DAY, reread: None, now: NOW }
    }

    fn covered(from: i64, until: i64) -> PullState {
        let complete = Some(CompleteSpan { from: Millis(from), until: Millis(until) });
        PullState { complete, reread: Some(NOW.minus(HOUR)), ..PullState::default() }
    }

    fn span(window: Option<PullWindow>) -> (i64, i64) {
        window.map(|window| (window.from.0, window.until.0)).unwrap()
    }

    #[test]
    fn the_first_reading_goes_back_as_usual_or_as_asked() {
        let present = NOW.0 - MINUTE;
        let none = PullState::default();
        assert_eq!(span(next_window(&question(None), &none, false)), (present - 90 * DAY, present));
        assert_eq!(span(next_window(&question(Some(5)), &none, false)), (5, present));
        assert_eq!(next_window(&question(Some(NOW.0)), &none, false), None);
    }

    #[test]
    fn a_later_one_goes_on_with_an_overlap_and_once_a_day_with_a_larger_one() {
        let state = covered(0, 190 * DAY);
        let present = NOW.0 - MINUTE;
        assert_eq!(span(next_window(&question(None), &state, false)), (190 * DAY - OVERLAP, present));
        let due = PullState { reread: Some(NOW.minus(DAY)), ..state.clone() };
        assert_eq!(span(next_window(&question(None), &due, false)), (187 * DAY, present));
        assert!(is_daily_reread(&question(None), &due) && !is_daily_reread(&question(None), &state));
        let erased = PullState { erased_before: Some(Millis(190 * DAY - 1)), ..due };
        assert_eq!(span(next_window(&question(None), &erased, false)), (190 * DAY - 1, present));
        assert_eq!(next_window(&question(Some(0)), &state, true), None);
    }

    #[test]
    fn what_is_further_back_is_read_up_to_what_is_known() {
        let state = covered(100 * DAY, NOW.0 - MINUTE);
        assert_eq!(span(next_window(&question(Some(50 * DAY)), &state, true)), (50 * DAY, 100 * DAY));
        assert_eq!(next_window(&question(None), &state, true), None);
    }

    #[test]
    fn calls_without_a_start_are_looked_for_once_a_day() {
        let never = covered(100 * DAY, 199 * DAY);
        assert_eq!(due_sweep(&question(None), &PullState::default()), None);
        assert_eq!(due_sweep(&question(None), &never), Some(Millis(100 * DAY)));
        let swept = |age| PullState { swept: Some(NOW.minus(age)), ..never.clone() };
        assert_eq!(due_sweep(&question(None), &swept(DAY - 1)), None);
        assert_eq!(due_sweep(&question(None), &swept(DAY)), Some(NOW.minus(DAY + DAILY_REREAD)));
        // A clock that was ahead does not put it off.
        assert_eq!(due_sweep(&question(None), &swept(-1)), Some(NOW.minus(DAILY_REREAD).plus(1)));
    }

    #[test]
    fn a_begun_reading_goes_on_at_its_key_while_that_is_young() {
        let window = PullWindow { from: Millis(1), until: Millis(2), key: Some("k".to_owned()), limit: 50 };
        let begun = |age| PullState {
            unfinished: Some(UnfinishedWindow { window: window.clone(), stored: NOW.minus(age) }),
            ..covered(0, 190 * DAY)
        };
        assert_eq!(next_window(&question(None), &begun(KEY_AGE - 1), false), Some(window.clone()));
        assert_eq!(next_window(&question(None), &begun(KEY_AGE), false).unwrap().key, None);
        assert_eq!(next_window(&question(None), &begun(-1), false).unwrap().key, None);
    }
}

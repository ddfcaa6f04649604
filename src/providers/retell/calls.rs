//! Walks the pages of a workspace's calls, and takes from each call only what may be kept.
//!
//! Everything else of an item (the other party's number, what was said, recordings, variables, metadata, keys) is never
//! looked at. Calls are asked for from the oldest on, so that what begins meanwhile comes behind.

use std::ops::RangeInclusive;

use chrono::Utc;
use serde_json::Value;

use super::call_list::{CallList, ListEnd};
use super::numbers::next_key;
use crate::activity::call::{CallDirection, CallFacts, CallId, CallReport, ProviderWord};
use crate::activity::money::MicroDollars;
use crate::activity::pull::{CallPage, PullWindow, ReadCalls};
use crate::activity::rank::CallStage;
use crate::activity::time::{DAY, Millis};
use crate::error::{Error, Result};
use crate::model::{AgentId, PhoneNumber, WorkspaceName};
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::clients::Clients;
use crate::providers::credentials::RetellCredentials;
use crate::providers::failure::{Cause, Failure};
use crate::providers::http::Connection;
use crate::providers::paging::SeenPages;
use crate::providers::progress::Progress;
use crate::reconcile::live::{Outcome, Read};

/// The least calls that a page is cut down to, where pages are too large or too slow.
const SMALLEST_PAGE: u32 = 10;

/// The last moment of the year 9999, in milliseconds.
const LAST_MOMENT: i64 = 253_402_300_799_999;
/// Far more than Retell's two hours, in milliseconds.
const LONGEST_CALL: i64 = 7 * DAY;
/// A million dollars, in millionths.
const DEAREST_CALL: i64 = 1_000_000_000_000;

/// Says which calls to ask for, and takes the pages.
pub trait CallDesk {
    /// The next window of a workspace; none when it is complete. `fresh` says whether the present was read already.
    fn next_window(&self, workspace: &WorkspaceName, fresh: bool) -> Result<Option<PullWindow>>;
    /// Takes a page that arrived whole.
    fn keep(&self, workspace: &WorkspaceName, window: &PullWindow, page: CallPage) -> Result<()>;
    /// Forgets where a window was to go on: Retell's keys led nowhere, so the next reading begins it again.
    fn begin_again(&self, workspace: &WorkspaceName) -> Result<()>;
    /// How far back calls without a start are to be looked for, which no window brings; none where that is not due.
    fn due_sweep(&self, workspace: &WorkspaceName) -> Result<Option<Millis>>;
    /// Takes calls without a start, and says how many are new.
    fn keep_undated(&self, workspace: &WorkspaceName, reports: Vec<CallReport>) -> Result<usize>;
    /// Notes that they were looked for.
    fn end_sweep(&self, workspace: &WorkspaceName) -> Result<()>;
}

/// Reads a workspace's calls, window by window.
///
/// # Errors
/// Only the desk's own: what Retell did wrong stands in the read.
pub async fn read_calls(
    clients: &Clients,
    credentials: &RetellCredentials,
    desk: &dyn CallDesk,
    progress: &Progress,
) -> Result<Read<ReadCalls>> {
    let connection = super::connect(clients, credentials, progress);
    let reading = CallReading { connection: &connection, base: &credentials.base, desk };
    let outcome = match reading.run(&credentials.workspace).await {
        Ok(()) => Outcome::Complete(ReadCalls { calls: connection.tally.items.get() }),
        Err(Stop::Desk(error)) => return Err(error),
        Err(Stop::Retell(failure)) if connection.tally.pages.get() == 0 && is_refusal(&failure) => {
            Outcome::Failed(failure.describe(&connection.whom))
        }
        Err(Stop::Retell(failure)) => Outcome::Partial(failure.describe_partial(&connection.whom)),
    };
    Ok(Read {
        provider: connection.whom.provider,
        workspace: connection.whom.workspace.clone(),
        outcome,
        items: connection.tally.items.get(),
        requests: connection.tally.requests.get(),
    })
}

/// Whether Retell answered no, rather than not at all.
fn is_refusal(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::Unauthorized | Cause::NotFound | Cause::Rejected)
}

/// Why a reading stopped.
enum Stop {
    Retell(Failure),
    Desk(Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Retell(failure)
    }
}

struct CallReading<'a> {
    connection: &'a Connection<'a>,
    base: &'a BaseUrl,
    desk: &'a dyn CallDesk,
}

impl CallReading<'_> {
    async fn run(&self, workspace: &WorkspaceName) -> Result<(), Stop> {
        let mut fresh = false;
        while let Some(window) = self.desk.next_window(workspace, fresh).map_err(Stop::Desk)? {
            // One that was begun earlier may end before the present.
            let was_begun = window.key.is_some();
            if let Err(stop) = self.window(workspace, window).await {
                if matches!(&stop, Stop::Retell(failure) if failure.cause == Cause::RepeatedPage) {
                    self.desk.begin_again(workspace).map_err(Stop::Desk)?;
                }
                return Err(stop);
            }
            fresh |= !was_begun;
        }
        self.sweep(workspace).await
    }

    /// Looks for calls that have no start, and so are in no window: where that is due, among those that came to nothing.
    async fn sweep(&self, workspace: &WorkspaceName) -> Result<(), Stop> {
        let Some(back_to) = self.desk.due_sweep(workspace).map_err(Stop::Desk)? else { return Ok(()) };
        for end in [ListEnd::Newest, ListEnd::Oldest] {
            self.sweep_from(workspace, end, back_to).await?;
        }
        self.desk.end_sweep(workspace).map_err(Stop::Desk)
    }

    /// Goes on while a page brings a call that was not known, and from the newest also as far back as was asked.
    async fn sweep_from(&self, workspace: &WorkspaceName, end: ListEnd, back_to: Millis) -> Result<(), Stop> {
        let mut list = CallList::of_unconnected(end);
        let mut seen = SeenPages::default();
        loop {
            let CallPage { reports, next } = self.page(&mut list).await?;
            let (dated, undated): (Vec<_>, Vec<_>) =
                reports.into_iter().partition(|report| report.facts.start.is_some());
            // The others arrived with their time.
            self.connection.arrived(undated.len());
            let oldest = dated.iter().filter_map(|report| report.facts.start).min();
            let is_on_the_way = end == ListEnd::Newest && oldest.is_some_and(|start| start >= back_to);
            let new = self.desk.keep_undated(workspace, undated).map_err(Stop::Desk)?;
            let Some(key) = next.filter(|_| is_on_the_way || new > 0) else { return Ok(()) };
            seen.admit(&key).map_err(|cause| Failure::new(cause, ENDPOINT))?;
            list.key = Some(key);
        }
    }

    async fn window(&self, workspace: &WorkspaceName, mut window: PullWindow) -> Result<(), Stop> {
        let mut seen = SeenPages::default();
        let mut list = CallList::of(&window);
        let mut resumed = list.key.is_some();
        loop {
            let page = match self.page(&mut list).await {
                // Retell does not know the key any more: the window is read again.
                Err(failure) if resumed && failure.cause == Cause::Rejected => {
                    list.key = None;
                    resumed = false;
                    continue;
                }
                page => page?,
            };
            resumed = false;
            (window.key, window.limit) = (list.key.clone(), list.limit);
            self.connection.arrived(page.reports.len());
            let next = page.next.clone();
            self.desk.keep(workspace, &window, page).map_err(Stop::Desk)?;
            let Some(key) = next else { return Ok(()) };
            seen.admit(&key).map_err(|cause| Failure::new(cause, ENDPOINT))?;
            list.key = Some(key);
        }
    }

    /// Asks for a page, and for a smaller one where it is too large or too slow.
    async fn page(&self, list: &mut CallList) -> Result<CallPage, Failure> {
        loop {
            let ask = list.ask(self.base);
            let asked = Millis::of(Utc::now());
            match self.connection.read(&ask).await {
                Err(failure) if is_too_much(&failure) && list.limit > SMALLEST_PAGE => {
                    list.limit = (list.limit / 2).max(SMALLEST_PAGE);
                }
                answer => return taken(&answer?, asked).map_err(|cause| Failure::new(cause, ask.endpoint())),
            }
        }
    }
}

/// The calls of a page, and where the next one begins.
fn taken(answer: &Value, asked: Millis) -> Field<CallPage> {
    let page = Object::whole(answer)?;
    let items = page.required_objects("items")?;
    let reports: Field<Vec<_>> = items.iter().map(|item| listed(item, asked)).collect();
    Ok(CallPage { reports: reports?.into_iter().flatten().collect(), next: next_key(&page)? })
}

const ENDPOINT: &str = "POST /v3/list-calls";

fn is_too_much(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::TooLarge(_) | Cause::TimedOut)
}

/// A call of a list; none for a web call, which has no number of ours.
fn listed(item: &Object<'_>, asked: Millis) -> Field<Option<CallReport>> {
    if item.text("call_type")? == Some("web_call") {
        return Ok(None);
    }
    let call_id = item.required_parsed("call_id", CallId::parse, CallId::EXPECTED)?;
    Ok(Some(CallReport { call_id, stage: CallStage::Listed, asked, facts: facts(item)? }))
}

/// What may be kept of a call.
pub(super) fn facts(item: &Object<'_>) -> Field<CallFacts> {
    let direction = item.text("direction")?.and_then(CallDirection::parse);
    let ours = match direction {
        Some(CallDirection::Inbound) => item.text("to_number")?,
        Some(CallDirection::Outbound) => item.text("from_number")?,
        // Which number is ours cannot be told, so neither is taken.
        None => None,
    };
    let word = |name: &str| Ok::<_, Cause>(item.text(name)?.and_then(ProviderWord::parse));
    let status = word("call_status")?;
    let duration_ms = within(item, "duration_ms", 0..=LONGEST_CALL, "a length in milliseconds, of a week at most")?;
    let moment =
        |name: &str| Ok(within(item, name, 0..=LAST_MOMENT, "a moment in milliseconds since 1970")?.map(Millis));
    let is_over = status.as_ref().is_some_and(|status| !matches!(status.as_str(), "registered" | "ongoing"));
    Ok(CallFacts {
        // What is not E.164 stands for no line of the directory.
        number: ours.and_then(|number| PhoneNumber::parse(number).ok()),
        direction,
        agent_id: item.text("agent_id")?.and_then(|id| AgentId::parse(id).ok()),
        agent_version: item.whole_number("agent_version")?,
        agent_tag: word("agent_tag")?,
        start: moment("start_timestamp")?,
        end: moment("end_timestamp")?,
        duration_ms,
        cost: if is_over { cost(item)?.filter(|cost| is_known(*cost, duration_ms)) } else { None },
        status,
        reason: word("disconnection_reason")?,
    })
}

/// A whole number that a call can have: one beyond would make every sum that it is part of impossible.
fn within(item: &Object<'_>, name: &str, range: RangeInclusive<i64>, expected: &'static str) -> Field<Option<i64>> {
    let number = item.whole_number(name)?;
    if number.is_none_or(|number| range.contains(&number)) { Ok(number) } else { Err(item.wrong(name, expected)) }
}

/// Zero is what Retell says of a call whose cost it has not worked out yet; of one that lasted, it is not known.
fn is_known(cost: MicroDollars, duration_ms: Option<i64>) -> bool {
    cost != MicroDollars::default() || duration_ms.unwrap_or(0) == 0
}

/// `call_cost.combined_cost`, in US cents.
fn cost(item: &Object<'_>) -> Field<Option<MicroDollars>> {
    let Some(costs) = item.object("call_cost")? else { return Ok(None) };
    match costs.value("combined_cost") {
        None => Ok(None),
        Some(Value::Number(number)) => MicroDollars::parse_cents(&number.to_string())
            .filter(|cost| cost.0.abs() <= DEAREST_CALL)
            .map(Some)
            .ok_or_else(|| costs.wrong("combined_cost", "an amount of cents")),
        Some(_) => Err(costs.wrong("combined_cost", "a number")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts_of(item: &Value) -> CallFacts {
        facts(&Object::whole(item).unwrap()).unwrap()
    }

    #[test]
    fn our_number_is_told_by_the_direction_and_the_other_is_never_taken() {
        let both = json!({"direction": "inbound", "from_number": "+12025550123", "to_number": "+14155550101"});
        assert_eq!(facts_of(&both).number.unwrap().as_str(), "+14155550101");
        let mut outbound = both.clone();
        outbound["direction"] = json!("outbound");
        assert_eq!(facts_of(&outbound).number.unwrap().as_str(), "+12025550123");
        for direction in [json!("sideways"), Value::Null] {
            let mut unknown = both.clone();
            unknown["direction"] = direction;
            assert_eq!(facts_of(&unknown).number, None);
        }
        assert_eq!(facts_of(&json!({"direction": "inbound", "to_number": "11111"})).number, None);
    }

    #[test]
    fn what_no_call_can_have_is_refused_since_a_sum_would_overflow() {
        let taken = |item: Value| facts(&Object::whole(&item).unwrap()).is_ok();
        for name in ["duration_ms", "start_timestamp", "end_timestamp"] {
            for (value, is_taken) in [(0, true), (7_200_000, true), (-1, false), (i64::MAX, false), (i64::MIN, false)] {
                assert_eq!(taken(json!({name: value})), is_taken, "{name} {value}");
            }
        }
        for cents in [json!(1e15), json!(-1e15), json!(1e300)] {
            assert!(!taken(json!({"call_status": "ended", "call_cost": {"combined_cost": cents}})), "{cents}");
        }
    }

    #[test]
    fn a_cost_is_exact_and_zero_is_not_free_by_itself() {
        let call = |status: &str, duration: i64, cents: Value| {
            facts_of(&json!({"call_status": status, "duration_ms": duration, "call_cost": {"combined_cost": cents}}))
                .cost
        };
        assert_eq!(call("ended", 60_000, json!(10.0)), Some(MicroDollars(100_000)));
        assert_eq!(call("ended", 60_000, json!(14.286_55)), Some(MicroDollars(142_866)));
        assert_eq!(call("ended", 60_000, json!(0)), None);
        assert_eq!(call("not_connected", 0, json!(0.0)), Some(MicroDollars(0)));
        assert_eq!(call("ongoing", 60_000, json!(1)), None);
    }
}

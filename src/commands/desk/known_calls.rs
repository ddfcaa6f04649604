//! What commands that are not about calls tell of them, where a store is there: they change nothing where there is none, and
//! a store that cannot be read stops none of them.

use std::collections::BTreeMap;

use super::calls::{self, STORE_VARIABLE};
use crate::activity::counts::{CallCounts, CallTally, TallyPart};
use crate::activity::coverage::CompleteSpan;
use crate::activity::idle;
use crate::activity::rent::RentList;
use crate::activity::report::{ActivityReport, by_agent, days_and_week, idle_paid};
use crate::activity::traffic::{TRAFFIC_SPAN, Traffic, traffic_spans};
use crate::commands::Session;
use crate::error::{Error, Result};
use crate::model::prices::PricesFile;
use crate::model::{Directory, WorkspaceName};
use crate::query;
use crate::store::calls::{CallStore, StorePlace, TallyColumns};
use crate::store::project::Project;
use crate::validate::Settings;

/// The calls of each line in the last 30 days; none where there is no store.
pub fn traffic(project: &Project, directory: &Directory, session: &Session) -> Option<Traffic> {
    told(session, || {
        let Some(store) = open(project, session)? else { return Ok(None) };
        known_traffic(&store, directory, session).map(Some)
    })
}

fn open(project: &Project, session: &Session) -> Result<Option<CallStore>> {
    CallStore::open_to_ask(&StorePlace::of(project, session.variable(STORE_VARIABLE))?)
}

fn told<T>(session: &Session, ask: impl FnOnce() -> Result<Option<T>>) -> Option<T> {
    ask().unwrap_or_else(|error| {
        session.note(&format!("Calls are left out: {error}."));
        None
    })
}

fn workspaces(directory: &Directory) -> Vec<WorkspaceName> {
    directory.workspace_names().into_iter().collect()
}

fn known_traffic(store: &CallStore, directory: &Directory, session: &Session) -> Result<Traffic> {
    let spans = traffic_spans(&store.coverage(&workspaces(directory))?);
    let columns = TallyColumns { number: true, agent: false, part: TallyPart::Whole };
    let tallies = tallies(store, &spans, columns)?;
    Ok(Traffic::of(spans, &tallies, calls::now(session)))
}

/// The calls of each workspace, each in its own time.
fn tallies(
    store: &CallStore,
    spans: &BTreeMap<WorkspaceName, CompleteSpan>,
    columns: TallyColumns,
) -> Result<Vec<CallTally>> {
    let mut tallies = Vec::new();
    for (workspace, span) in spans {
        tallies.extend(store.tallies(std::slice::from_ref(workspace), span.from, span.until, columns)?);
    }
    Ok(tallies)
}

/// What a report tells of calls; none where there is no store, or nothing was read.
pub fn activity(
    project: &Project,
    directory: &Directory,
    settings: &Settings,
    session: &Session,
) -> Option<ActivityReport> {
    told(session, || {
        let Some(store) = open(project, session)? else { return Ok(None) };
        let coverage = store.coverage(&workspaces(directory))?;
        let spans = traffic_spans(&coverage);
        let (Some(since), Some(until)) =
            (spans.values().map(|span| span.from).min(), spans.values().map(|span| span.until).max())
        else {
            return Ok(None);
        };
        let known: Vec<_> = spans.keys().cloned().collect();
        let by = |agent, part| tallies(&store, &spans, TallyColumns { number: false, agent, part });
        let (days, week) = days_and_week(&by(false, TallyPart::Hour)?, since, until);
        let agents = by_agent(&by(true, TallyPart::Whole)?, directory);
        let mut total = CallCounts::default();
        for agent in &agents {
            total.add(&agent.counts);
        }
        let prices = known_prices(directory, Some(&store))?;
        let rents = RentList { prices: prices.as_ref(), retell_numbers: &settings.cost.retell_numbers };
        let judged_until = spans.values().map(|span| span.until).min().unwrap_or(until);
        let judged =
            idle::idle(&query::rows(directory), &coverage, &store.last_calls(&known)?, TRAFFIC_SPAN, judged_until);
        Ok(Some(ActivityReport {
            since,
            until,
            coverage,
            total,
            days,
            week,
            agents,
            idle: idle_paid(&judged, &rents),
            idle_unknown: judged.unknown.len(),
        }))
    })
}

/// The price list: the project's, or the one that is kept beside the store.
pub fn known_prices(directory: &Directory, store: Option<&CallStore>) -> Result<Option<PricesFile>> {
    if let Some(prices) = &directory.prices {
        return Ok(Some(prices.clone()));
    }
    let kept = store.map(CallStore::kept_prices).transpose()?.flatten();
    let parse = |text: String| {
        serde_json::from_str(&text).map_err(|error| {
            Error::failed("the price list that is kept beside the store cannot be read")
                .caused_by(error)
                .hint("`phone-dir cost prices` makes it anew")
        })
    };
    kept.map(parse).transpose()
}

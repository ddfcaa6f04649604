//! Answers about calls: as text, JSON, CSV and Markdown, from one list of columns.

pub mod call;
pub mod doctor;
pub mod export;
pub mod forget;
pub mod json;
pub mod live;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod table;
pub mod text;

use serde::Serialize;

use crate::activity::coverage::{AnswerSpan, CallCoverage};
use crate::activity::idle::{IdleAnswer, IdleNumber};
use crate::activity::time::DAY;
use crate::activity::usage::{UsageGroup, UsageRow};
use crate::model::Directory;

#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The time that it is about.
    pub span: &'a AnswerSpan,
    /// For which time each workspace's calls are known.
    pub coverage: &'a [CallCoverage],
    /// What a row is about.
    pub group: UsageGroup,
    pub rows: &'a [UsageRow],
    /// The idle numbers, where those were asked for.
    pub idle: Option<&'a IdleAnswer<'a>>,
    /// The directory, which knows which numbers are ours.
    pub directory: &'a Directory,
    /// Calls of which no time is known, and which no row counts.
    pub undated: u64,
}

/// One workspace's coverage, for programs.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageJson {
    workspace: String,
    complete_from: Option<String>,
    complete_until: Option<String>,
    source: &'static str,
}

impl CoverageJson {
    /// The coverage of each workspace.
    pub fn of(coverage: &[CallCoverage]) -> Vec<Self> {
        let one = |known: &CallCoverage| Self {
            workspace: known.workspace.to_string(),
            complete_from: known.complete.map(|span| span.from.to_string()),
            complete_until: known.complete.map(|span| span.until.to_string()),
            source: "pull",
        };
        coverage.iter().map(one).collect()
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct UsageRowJson {
    workspace: String,
    phone_number: Option<String>,
    agent_path: Option<String>,
    agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hour: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Option<String>>,
    calls: u64,
    inbound: u64,
    outbound: u64,
    connected: u64,
    lost_to_concurrency: u64,
    failed: u64,
    seconds: i64,
    cost: Option<String>,
    currency: &'static str,
    cost_unknown: u64,
    first_call: Option<String>,
    last_call: Option<String>,
    idle_days: Option<i64>,
}

impl UsageRowJson {
    fn of(row: &UsageRow, answer: &Answer<'_>) -> Self {
        let counts = &row.counts;
        let part = |group: UsageGroup| (answer.group == group).then(|| row.part.clone());
        Self {
            workspace: row.workspace.to_string(),
            phone_number: row.number.map(|number| number.to_string()),
            agent_path: row.agent_path.as_ref().map(ToString::to_string),
            agent_id: row.agent_id.as_ref().map(ToString::to_string),
            pool: part(UsageGroup::Pool).or_else(|| own_pool(row, answer).map(Some)),
            provider: part(UsageGroup::Provider),
            day: part(UsageGroup::Day).flatten(),
            hour: part(UsageGroup::Hour).flatten(),
            reason: part(UsageGroup::Reason),
            direction: part(UsageGroup::Direction),
            calls: counts.calls,
            inbound: counts.inbound,
            outbound: counts.outbound,
            connected: counts.connected,
            lost_to_concurrency: counts.lost,
            failed: counts.failed,
            seconds: counts.seconds(),
            cost: counts.known_cost().map(|cost| cost.to_string()),
            currency: "USD",
            cost_unknown: counts.cost_unknown,
            first_call: counts.first.map(|moment| moment.to_string()),
            last_call: counts.last.map(|moment| moment.to_string()),
            idle_days: counts.last.map(|last| (answer.span.until.0 - last.0).max(0) / DAY),
        }
    }

    fn idle(number: &IdleNumber<'_>) -> Self {
        Self {
            workspace: number.row.workspace.map(ToString::to_string).unwrap_or_default(),
            phone_number: Some(number.row.phone_number.to_string()),
            agent_path: number.row.agent_path().map(ToString::to_string),
            agent_id: number.row.agent_id().map(ToString::to_string),
            cost: Some("0.00".to_owned()),
            currency: "USD",
            last_call: number.last.map(|moment| moment.to_string()),
            idle_days: number.days,
            ..Self::default()
        }
    }

    pub fn rows(answer: &Answer<'_>) -> Vec<Self> {
        match answer.idle {
            Some(idle) => idle.idle.iter().map(Self::idle).collect(),
            None => answer.rows.iter().map(|row| Self::of(row, answer)).collect(),
        }
    }

    /// The numbers of which it is not known whether they are idle.
    pub fn not_known(idle: &IdleAnswer<'_>) -> Vec<Self> {
        let unknown = |number: &IdleNumber<'_>| Self { cost: None, ..Self::idle(number) };
        idle.unknown.iter().map(unknown).collect()
    }
}

/// The pool of a number's row, where it is in one.
fn own_pool(row: &UsageRow, answer: &Answer<'_>) -> Option<String> {
    answer.directory.pools.as_ref()?.pool_of(row.number?).map(ToString::to_string)
}

/// How many rows are about numbers that the directory does not have.
fn unknown_numbers(answer: &Answer<'_>) -> usize {
    let is_unknown = |row: &&UsageRow| row.number.is_none_or(|number| answer.directory.number(number).is_none());
    answer.rows.iter().filter(|_| answer.group == UsageGroup::Number).filter(is_unknown).count()
}

/// Says of how many numbers it is not known whether they are idle.
pub fn not_known_to_be_idle(idle: &IdleAnswer<'_>) -> String {
    let first = idle.unknown.iter().take(3).map(|number| number.row.phone_number.to_string()).collect::<Vec<_>>();
    let rest = if idle.unknown.len() > 3 { ", …" } else { "" };
    format!(
        "of {} numbers it is not known whether they were silent for all of that time: {}{rest}",
        idle.unknown.len(),
        first.join(", ")
    )
}

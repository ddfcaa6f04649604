//! What a report says of calls beside its page: a sentence, a section, an object.

use serde::Serialize;

use crate::activity::counts::CallCounts;
use crate::activity::report::ActivityReport;
use crate::activity::traffic::grouped;
use crate::render::markdown::{cell, table};
use crate::render::usage::CoverageJson;

/// The calls of the time in one sentence.
pub fn summary(activity: &ActivityReport) -> String {
    let total = &activity.total;
    let unknown = match total.cost_unknown {
        0 => String::new(),
        unknown => format!(", without {} of which Retell has not said what they cost", grouped(unknown)),
    };
    format!(
        "{} calls from {} to {}: {} connected, {} not connected, {} lost to concurrency; {} USD{unknown}.",
        grouped(total.calls),
        activity.since,
        activity.until,
        grouped(total.connected),
        grouped(total.failed),
        grouped(total.lost),
        total.cost,
    )
}

/// The section of a text.
pub fn text(activity: &ActivityReport) -> String {
    format!(
        "\nCalls:\n  {}\n{}",
        summary(activity),
        idle(activity).map(|line| format!("  {line}\n")).unwrap_or_default()
    )
}

fn idle(activity: &ActivityReport) -> Option<String> {
    let (count, year) = (activity.idle.len(), activity.idle_rent_a_year());
    (count > 0).then(|| format!("{count} numbers without a call, with known rents of {year} USD a year"))
}

/// The section of a page of Markdown.
pub fn markdown(activity: &ActivityReport) -> String {
    let agents: Vec<Vec<String>> = activity
        .agents
        .iter()
        .take(20)
        .map(|agent| {
            let counts = &agent.counts;
            vec![cell(&agent.name), cell(agent.workspace.as_str()), counts.calls.to_string(), counts.cost.to_string()]
        })
        .collect();
    let idle = idle(activity).map(|line| format!("\n{line}.\n")).unwrap_or_default();
    let agents = table(&["Agent", "Workspace", "Calls", "Cost (USD)"], agents);
    format!("\n## Calls\n\n{}\n{idle}\n{agents}", summary(activity))
}

#[derive(Serialize)]
pub struct ActivityJson {
    since: String,
    until: String,
    coverage: Vec<CoverageJson>,
    calls: u64,
    cost: Option<String>,
    currency: &'static str,
    by_day: Vec<DayJson>,
    by_agent: Vec<AgentJson>,
    by_hour_of_week: Vec<Vec<u64>>,
    idle: Vec<IdleJson>,
    idle_unknown: usize,
    idle_rent_a_year: String,
}

#[derive(Serialize)]
struct DayJson {
    day: String,
    calls: u64,
}

#[derive(Serialize)]
struct AgentJson {
    agent: String,
    workspace: String,
    calls: u64,
    cost: Option<String>,
}

#[derive(Serialize)]
struct IdleJson {
    phone_number: String,
    workspace: String,
    agent_path: Option<String>,
    idle_days: Option<i64>,
    rent_a_month: Option<String>,
}

impl ActivityJson {
    /// The object of a report.
    pub fn of(activity: &ActivityReport) -> Self {
        let cost = |counts: &CallCounts| counts.known_cost().map(|cost| cost.to_string());
        Self {
            since: activity.since.to_string(),
            until: activity.until.to_string(),
            coverage: CoverageJson::of(&activity.coverage),
            calls: activity.total.calls,
            cost: cost(&activity.total),
            currency: "USD",
            by_day: activity.days.iter().map(|(day, calls)| DayJson { day: day.clone(), calls: *calls }).collect(),
            by_agent: activity
                .agents
                .iter()
                .map(|agent| AgentJson {
                    agent: agent.name.clone(),
                    workspace: agent.workspace.to_string(),
                    calls: agent.counts.calls,
                    cost: cost(&agent.counts),
                })
                .collect(),
            by_hour_of_week: activity.week.iter().map(|hours| hours.to_vec()).collect(),
            idle: activity
                .idle
                .iter()
                .map(|idle| IdleJson {
                    phone_number: idle.number.to_string(),
                    workspace: idle.workspace.to_string(),
                    agent_path: idle.agent_path.as_ref().map(ToString::to_string),
                    idle_days: idle.days,
                    rent_a_month: idle.rent.map(|rent| rent.to_string()),
                })
                .collect(),
            idle_unknown: activity.idle_unknown,
            idle_rent_a_year: activity.idle_rent_a_year().to_string(),
        }
    }
}

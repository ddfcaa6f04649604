//! A report for people, in the specification's layout.

use super::title;
use crate::activity::report::ActivityReport;
use crate::capacity::trend::PoolTrend;
use crate::model::{AgentNames, Timestamp};
use crate::plural::counted;
use crate::pools::Category;
use crate::render::decisions::sentence;
use crate::render::escape::terminal;
use crate::reporting::report::{Activity, Report};

/// How many agents the list of the top agents has.
const TOP: usize = 5;

pub fn write(report: &Report<'_>, calls: Option<&ActivityReport>) -> String {
    let workspaces = report.workspaces.iter().map(|workspace| {
        (workspace.name.title(), format!("{}, {} assigned", counted(workspace.numbers, "number"), workspace.assigned))
    });
    let counts = |pairs: Vec<(&'static str, usize)>| {
        section_lines(pairs.into_iter().map(|(word, count)| (title(word), count.to_string())))
    };
    let by_type = report.by_type.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    let by_provider = report.by_provider.iter().map(|(provider, count)| (provider.as_str(), *count)).collect();
    let methods = report.import_methods.iter().map(|(method, count)| (method.as_str(), *count)).collect();
    [
        format!("Phone Number Directory Report\nGenerated: {}\n", report.generated),
        format!(
            "Summary:\n  Total Numbers: {}\n  Assigned: {}\n  Unassigned: {}\n",
            report.total,
            report.assigned,
            report.total - report.assigned
        ),
        format!("By Workspace:\n{}", section_lines(workspaces)),
        format!("By Type:\n{}", counts(by_type)),
        format!("By Provider:\n{}", counts(by_provider)),
        format!("Top Agents by Number Count:\n{}", top_agents(&report.numbers_by_agent())),
        format!("Import Methods:\n{}", counts(methods)),
        format!("Recent Activity:\n{}", activity(&report.activity)),
    ]
    .into_iter()
    .chain((!report.pools.is_empty()).then(|| format!("By Pool:\n{}", section_lines(pools(report)))))
    .chain((!report.pending.is_empty()).then(|| format!("Pending:\n{}", pending(report))))
    .collect::<Vec<_>>()
    .join("\n")
        + &calls.map(super::activity::text).unwrap_or_default()
}

fn pools<'a>(report: &'a Report<'_>) -> impl Iterator<Item = (String, String)> + 'a {
    let figures = |course: &PoolTrend| {
        let (total, tally) = (counted(course.tally.total, "number"), &course.tally);
        format!("{total}, {} in service, {} free", tally.of(Category::InService), tally.of(Category::Free))
    };
    report.pools.iter().map(move |course| (course.name.to_string(), figures(course)))
}

/// What git decided and callers do not hear yet.
fn pending(report: &Report<'_>) -> String {
    let names = AgentNames::of(report.directory);
    let line = |held| format!("  {}\n", sentence(held, &names, None));
    report.pending.iter().map(line).collect()
}

fn section_lines(pairs: impl Iterator<Item = (String, String)>) -> String {
    let lines: String = pairs.map(|(name, value)| format!("  {name}: {value}\n")).collect();
    if lines.is_empty() { "  None\n".to_owned() } else { lines }
}

fn top_agents(agents: &[(String, usize)]) -> String {
    let top: Vec<_> = agents.iter().take(TOP).map(|(name, numbers)| (terminal(name), *numbers)).collect();
    let width = top.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let line = |(position, (name, numbers)): (usize, &(std::borrow::Cow<'_, str>, usize))| {
        format!("  {}. {name:width$}    {}\n", position + 1, counted(*numbers, "number"))
    };
    let lines: String = top.iter().enumerate().map(line).collect();
    if lines.is_empty() { "  None\n".to_owned() } else { lines }
}

fn activity(activity: &Activity) -> String {
    let time = |time: &Timestamp| time.to_string();
    let import = activity.import.as_ref().map(|(number, date)| format!("{number} ({date})"));
    let assignment =
        activity.assignment.as_ref().map(|(number, agent, date)| format!("{number} → {} ({date})", terminal(agent)));
    let none = || "none".to_owned();
    format!(
        "  Last Import: {}\n  Last Assignment: {}\n  Last Twilio Sync: {}\n",
        import.unwrap_or_else(none),
        assignment.unwrap_or_else(none),
        activity.twilio_sync.as_ref().map_or_else(|| "not recorded in this clone".to_owned(), time),
    )
}

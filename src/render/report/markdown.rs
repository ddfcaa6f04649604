//! A report as Markdown, for a job summary or a wiki.

use super::title;
use crate::activity::report::ActivityReport;
use crate::capacity::trend::PoolTrend;
use crate::model::AgentNames;
use crate::plural::counted;
use crate::pools::Category;
use crate::render::decisions::sentence;
use crate::render::markdown::{cell, table};
use crate::reporting::report::Report;
use crate::validate::{Diagnostic, Severity};

/// How many rows a table of the report has at most.
const MOST: usize = 20;

pub fn write(report: &Report<'_>, calls: Option<&ActivityReport>) -> String {
    let mut text = format!(
        "# Phone Number Directory Report\n\nGenerated: {}\n\n**{}**, {} assigned, {} unassigned.\n",
        report.generated,
        counted(report.total, "number"),
        report.assigned,
        report.total - report.assigned
    );
    let workspaces = report.workspaces.iter().map(|workspace| {
        vec![cell(&workspace.name.title()), workspace.numbers.to_string(), workspace.assigned.to_string()]
    });
    text.push_str(&section("By Workspace", &["Workspace", "Numbers", "Assigned"], workspaces.collect()));
    let counted = |word: &str, count: usize| vec![cell(&title(word)), count.to_string()];
    let by_type = report.by_type.iter().map(|(kind, count)| counted(kind.as_str(), *count));
    text.push_str(&section("By Type", &["Type", "Numbers"], by_type.collect()));
    let by_provider = report.by_provider.iter().map(|(provider, count)| counted(provider.as_str(), *count));
    text.push_str(&section("By Provider", &["Provider", "Numbers"], by_provider.collect()));
    let by_agent = report.numbers_by_agent();
    let agents = by_agent.iter().map(|(name, numbers)| vec![cell(name), numbers.to_string()]);
    text.push_str(&section("Top Agents by Number Count", &["Agent", "Numbers"], agents.collect()));
    let methods = report.import_methods.iter().map(|(method, count)| counted(method.as_str(), *count));
    text.push_str(&section("Import Methods", &["Method", "Numbers"], methods.collect()));
    text.push_str(&section("Recent Activity", &["What", "Number", "When"], activity(report)));
    if !report.pools.is_empty() {
        let row = |course: &PoolTrend| {
            let counts = [Category::InService, Category::Free, Category::Reserved, Category::Quarantine];
            let counts = counts.map(|category| course.tally.of(category).to_string());
            let first = [cell(course.name.as_str()), course.tally.total.to_string()];
            first.into_iter().chain(counts).collect()
        };
        let headings = ["Pool", "Numbers", "In service", "Free", "Reserved", "Resting"];
        text.push_str(&section("By Pool", &headings, report.pools.iter().map(row).collect()));
    }
    if !report.pending.is_empty() {
        let names = AgentNames::of(report.directory);
        let line = |held| vec![cell(&sentence(held, &names, None))];
        text.push_str(&section(
            "Pending",
            &["Decided in git, and not live"],
            report.pending.iter().map(line).collect(),
        ));
    }
    if let Some(findings) = &report.findings {
        text.push_str(&section("Findings", &["Severity", "Finding"], findings.iter().map(finding).collect()));
    }
    text.push_str(&calls.map(super::activity::markdown).unwrap_or_default());
    text
}

fn section(heading: &str, columns: &[&str], mut rows: Vec<Vec<String>>) -> String {
    let more = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    let body = if rows.is_empty() { "None.\n".to_owned() } else { table(columns, rows) };
    let rest = if more == 0 { String::new() } else { format!("\n… and {more} more.\n") };
    format!("\n## {heading}\n\n{body}{rest}")
}

fn activity(report: &Report<'_>) -> Vec<Vec<String>> {
    let activity = &report.activity;
    let import = activity.import.as_ref().map(|(number, date)| ("Last import", number.to_string(), date.to_string()));
    let assignment = activity
        .assignment
        .as_ref()
        .map(|(number, agent, date)| ("Last assignment", format!("{number} → {}", cell(agent)), date.to_string()));
    let sync = activity.twilio_sync.map(|date| ("Last Twilio sync", String::new(), date.to_string()));
    let known = [import, assignment, sync].into_iter().flatten();
    known.map(|(what, number, date)| vec![what.to_owned(), number, date]).collect()
}

fn finding(finding: &Diagnostic) -> Vec<String> {
    let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
    vec![severity.to_owned(), cell(&finding.message)]
}

//! The parts of the page above the table: totals, charts, findings, history.

use std::collections::BTreeMap;

use chrono::Days;
use maud::{Markup, html};

use super::chart::{self, Bar};
use super::markup::count;
use super::table;
use crate::plural::{counted, form};
use crate::render::escape::terminal;
use crate::render::report::title;
use crate::reporting::report::{RecentChange, Report};
use crate::validate::{Diagnostic, Severity};

/// The most rows of a list; the page says how many more there are.
pub(super) const MOST: usize = 100;
/// How many commits the list of recent changes has.
const COMMITS: usize = 20;
/// How many days the chart of changes reaches back.
const DAYS: u64 = 30;

/// What the filters of the table call a number without an area code, or on no trunk.
const WITHOUT: &str = "-";

/// The totals, as tiles.
pub fn tiles(report: &Report<'_>) -> Markup {
    let unassigned = report.total - report.assigned;
    let (differences, pending) = (report.differing().len(), report.pending_numbers().len());
    let share = (report.assigned * 100).checked_div(report.total).unwrap_or(0);
    let places = report.workspaces.len();
    let ring = chart::ring(report.assigned, report.total);
    let class = |wrong: usize| if wrong > 0 { "warn" } else { "good" };
    html! {
        ul.tiles {
            (tile("", "Numbers", "numbers-heading", report.total, &format!("in {}", counted(places, "workspace")), None))
            (tile("", "Assigned", "status=assigned", report.assigned, &format!("{share} % have an agent"), Some(ring)))
            (tile(class(unassigned), "Unassigned", "status=unassigned", unassigned, "no agent in any workspace", None))
            (tile(class(differences), "Differences", "status=differs", differences, "between workspaces", None))
            @if pending > 0 { (tile("warn", "Pending", "status=pending", pending, "decided in git, and not live", None)) }
            @if let Some(findings) = &report.findings { (tile_of_findings(report, findings.len())) }
        }
    }
}

fn tile_of_findings(report: &Report<'_>, findings: usize) -> Markup {
    let [errors, warnings] = [Severity::Error, Severity::Warning].map(|severity| report.failed_checks(severity));
    let class = match (errors, warnings) {
        (0, 0) => "good",
        (0, _) => "warn",
        _ => "bad",
    };
    let about = format!("of {}, {}", counted(errors, "error"), counted(warnings, "warning"));
    tile(class, "Findings", "findings", findings, &about, None)
}

/// A total that leads to what it counts: a section, or the table with a filter.
fn tile(class: &str, name: &str, leads_to: &str, figure: usize, about: &str, drawing: Option<Markup>) -> Markup {
    html! {
        li class={ "tile " (class) } {
            a.name href={ "#" (leads_to) } { (name) }
            span.figure { (count(figure)) }
            span.about { (about) }
            @if let Some(drawing) = drawing { (drawing) }
        }
    }
}

pub fn charts(report: &Report<'_>) -> Markup {
    let named = |counts: &[(Option<String>, usize)], filter: &str, none: &str| {
        let bar = |(name, value): &(Option<String>, usize)| {
            let (label, key) = name.as_deref().map_or((none, WITHOUT), |name| (name, name));
            Bar::whole(label, *value).leading_to(filter, key)
        };
        counts.iter().map(bar).collect::<Vec<_>>()
    };
    let workspaces = report.workspaces.iter().enumerate().map(|(place, workspace)| {
        Bar::partly(workspace.name.title(), workspace.numbers, workspace.assigned)
            .leading_to("workspace", &place.to_string())
    });
    let agents = report.numbers_by_agent();
    let agents = agents.iter().map(|(name, numbers)| (terminal(name), *numbers));
    let agents = agents.map(|(name, numbers)| Bar::whole(name.as_ref(), numbers).leading_to("agent", &name));
    let types = report
        .by_type
        .iter()
        .map(|(kind, value)| Bar::whole(title(kind.as_str()), *value).leading_to("type", kind.as_str()));
    let charts = [
        chart::bars("by-workspace", "Numbers per workspace", workspaces.collect(), Some(["assigned", "unassigned"])),
        chart::bars("by-agent", "Numbers per agent", agents.collect(), None),
        chart::bars("by-type", "Numbers per type", types.collect(), None),
        chart::bars("by-area", "Numbers per area code", named(&report.by_area, "area", "No area code"), None),
        chart::bars("by-trunk", "Numbers per trunk", named(&report.by_trunk, "trunk", "No trunk"), None),
    ];
    section("charts", "Where the numbers are", &html! { div.grid { @for chart in charts { (chart) } } })
}

/// A section under its heading.
pub(super) fn section(id: &str, heading: &str, body: &Markup) -> Markup {
    html! { section aria-labelledby=(id) { h2 id=(id) { (heading) } (body) } }
}

/// The headings of a table's columns.
pub(super) fn heads(titles: &[&str]) -> Markup {
    html! { @for title in titles { th scope="col" { (title) } } }
}

/// How many more there are than a list shows.
pub(super) fn and_more(more: usize, what: &Markup) -> Markup {
    html! { @if more > 0 { p.more { "… and " (count(more)) " more " (what) "." } } }
}

pub fn findings(findings: &[Diagnostic]) -> Markup {
    let mut rules: BTreeMap<(Severity, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings {
        rules.entry((finding.severity, finding.rule.code)).or_default().push(finding);
    }
    let body = html! {
        @if rules.is_empty() { div.card { p.none { span.pill.ok { "✓ Clean" } " Every check passed." } } } @else {
            div.card.findings { @for ((severity, _), found) in &rules { (rule(*severity, found)) } }
        }
    };
    section("findings", "Findings", &body)
}

/// The findings of one rule, which unfold; errors are unfolded already.
fn rule(severity: Severity, found: &[&Diagnostic]) -> Markup {
    let rule = found[0].rule;
    html! {
        details open[severity == Severity::Error] {
            summary {
                span class={ "pill " (severity.to_string()) } { (severity.to_string()) }
                " " (rule.summary) " " b { (count(found.len())) } " " code { (rule.code) }
            }
            ul { @for finding in found.iter().take(MOST) { (finding_line(finding)) } }
            (and_more(found.len().saturating_sub(MOST), &html! { "findings: " code { "phone-dir validate" } " prints them" }))
        }
    }
}

fn finding_line(finding: &Diagnostic) -> Markup {
    let place = &finding.location;
    html! {
        li {
            @if let Some(number) = finding.phone_number {
                (table::to_number(number)) " "
            }
            (finding.message) span.where { (place.file) ":" (place.start.line) }
        }
    }
}

/// What changed lately: a column per day, and the commits.
pub fn recent(report: &Report<'_>, recent: &[RecentChange]) -> Markup {
    let mut per_day: BTreeMap<String, usize> = BTreeMap::new();
    for change in recent {
        *per_day.entry(change.date.as_str()[..10].to_owned()).or_insert(0) += change.sentences.len().max(1);
    }
    let today = report.generated.to_datetime().date_naive();
    let days = (0..DAYS).rev().filter_map(|back| today.checked_sub_days(Days::new(back)));
    let values: Vec<_> =
        days.map(|day| day.to_string()).map(|day| (day.clone(), per_day.get(&day).copied().unwrap_or(0))).collect();
    let chart = chart::columns("over-time", &format!("Changes per day, last {DAYS} days"), "changes", &values);
    let more = recent.len().saturating_sub(COMMITS);
    let body = html! {
        div.card {
            (chart)
            @if recent.is_empty() { p.none { "No commit changed the directory yet." } } @else {
                ol.history { @for change in recent.iter().take(COMMITS) { li { (commit(change)) } } }
            }
            (and_more(more, &html! { "commits: " code { "phone-dir history" } " lists them" }))
        }
    };
    section("history", "Recent changes", &body)
}

fn commit(change: &RecentChange) -> Markup {
    let changes = change.sentences.len();
    html! {
        details {
            summary {
                time datetime=(change.date.as_str()) { (change.date.as_str().replace('T', " ").replace('Z', " UTC")) }
                (count(changes)) " " (form(&changes, "change", "changes")) " by " (change.author) " " code { (change.commit) }
            }
            ul { @for sentence in change.sentences.iter().take(MOST) { li { (sentence) } } }
            (and_more(changes.saturating_sub(MOST), &html! { "changes" }))
        }
    }
}

//! The parts of the page above the table: totals, charts, findings, history.

use std::collections::BTreeMap;

use chrono::Days;

use super::chart::{self, Bar};
use super::markup::{count, text};
use crate::query::report::{RecentChange, Report};
use crate::render::report::title;
use crate::validate::{Diagnostic, Severity};

/// The most rows of a list; the page says how many more there are.
pub(super) const MOST: usize = 100;
/// How many commits the list of recent changes has.
const COMMITS: usize = 20;
/// How many days the chart of changes reaches back.
const DAYS: u64 = 30;

/// The totals, as tiles.
pub fn tiles(report: &Report<'_>) -> String {
    let unassigned = report.total - report.assigned;
    let differences: usize = report.comparisons.iter().map(|comparison| comparison.changes.list.len()).sum();
    let share = (report.assigned * 100).checked_div(report.total).unwrap_or(0);
    let places = report.workspaces.len();
    let mut tiles = vec![
        tile("", ("Numbers", "numbers-heading"), report.total, &format!("in {places} workspace{}", plural(places)), ""),
        tile(
            "",
            ("Assigned", "status=assigned"),
            report.assigned,
            &format!("{share} % have an agent"),
            &chart::ring(report.assigned, report.total),
        ),
        tile(
            if unassigned > 0 { "warn" } else { "good" },
            ("Unassigned", "status=unassigned"),
            unassigned,
            "no agent in any workspace",
            "",
        ),
        tile(
            if differences > 0 { "warn" } else { "good" },
            ("Differences", "status=differs"),
            differences,
            "between workspaces",
            "",
        ),
    ];
    if !report.pending.is_empty() {
        tiles.push(tile("warn", ("Pending", "find=live"), report.pending.len(), "decided in git, and not live", ""));
    }
    if let Some(findings) = &report.findings {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let class = if errors > 0 {
            "bad"
        } else if findings.is_empty() {
            "good"
        } else {
            "warn"
        };
        let warnings = findings.len() - errors;
        let about = format!("{errors} error{}, {warnings} warning{}", plural(errors), plural(warnings));
        tiles.push(tile(class, ("Findings", "findings"), findings.len(), &about, ""));
    }
    format!("<ul class=\"tiles\">{}</ul>", tiles.concat())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// A total that leads to what it counts: a section, or the table with a filter.
fn tile(class: &str, (name, leads_to): (&str, &str), figure: usize, about: &str, drawing: &str) -> String {
    format!(
        "<li class=\"tile {class}\"><a class=\"name\" href=\"#{leads_to}\">{name}</a><span class=\"figure\">{}</span>\
         <span class=\"about\">{}</span>{drawing}</li>",
        count(figure),
        text(about)
    )
}

/// The charts.
pub fn charts(report: &Report<'_>) -> String {
    let named = |counts: &[(Option<String>, usize)], none: &str| {
        let label = |name: &Option<String>| name.clone().unwrap_or_else(|| none.to_owned());
        counts.iter().map(|(name, value)| Bar::whole(label(name), *value)).collect::<Vec<_>>()
    };
    let workspaces = report.workspaces.iter().enumerate().map(|(place, workspace)| {
        Bar::partly(workspace.name.title(), workspace.numbers, workspace.assigned)
            .leading_to("workspace", &place.to_string())
    });
    let agents = report
        .agents
        .iter()
        .map(|agent| Bar::whole(agent.path.as_str(), agent.numbers).leading_to("agent", agent.path.as_str()));
    let types = report
        .by_type
        .iter()
        .map(|(kind, value)| Bar::whole(title(kind.as_str()), *value).leading_to("type", kind.as_str()));
    let charts = [
        chart::bars("by-workspace", "Numbers per workspace", workspaces.collect(), Some(["assigned", "unassigned"])),
        chart::bars("by-agent", "Numbers per agent", agents.collect(), None),
        chart::bars("by-type", "Numbers per type", types.collect(), None),
        chart::bars("by-area", "Numbers per area code", named(&report.by_area, "No area code"), None),
        chart::bars("by-trunk", "Numbers per trunk", named(&report.by_trunk, "No trunk"), None),
    ];
    section("charts", "Where the numbers are", &format!("<div class=\"grid\">{}</div>", charts.concat()))
}

/// A section under its heading.
pub(super) fn section(id: &str, heading: &str, body: &str) -> String {
    format!("<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{}</h2>{body}</section>", text(heading))
}

/// How many more there are than a list shows.
pub(super) fn and_more(more: usize, what: &str) -> String {
    if more == 0 { String::new() } else { format!("<p class=\"more\">… and {} more {what}.</p>", count(more)) }
}

/// What the validator found.
pub fn findings(findings: &[Diagnostic]) -> String {
    if findings.is_empty() {
        return section(
            "findings",
            "Findings",
            "<div class=\"card\"><p class=\"none\"><span class=\"pill ok\">✓ Clean</span> \
            Every check passed.</p></div>",
        );
    }
    let mut rules: BTreeMap<(Severity, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for finding in findings {
        rules.entry((finding.severity, finding.rule.code)).or_default().push(finding);
    }
    let groups: String = rules.iter().map(|((severity, _), found)| rule(*severity, found)).collect();
    section("findings", "Findings", &format!("<div class=\"card findings\">{groups}</div>"))
}

/// The findings of one rule, which unfold; errors are unfolded already.
fn rule(severity: Severity, found: &[&Diagnostic]) -> String {
    let rule = found[0].rule;
    let open = if severity == Severity::Error { " open" } else { "" };
    let lines: String = found.iter().take(MOST).map(|finding| finding_line(finding)).collect();
    format!(
        "<details{open}><summary><span class=\"pill {severity}\">{severity}</span> {} <b>{}</b> <code>{}</code></summary>\
         <ul>{lines}</ul>{}</details>",
        text(rule.summary),
        count(found.len()),
        text(rule.code),
        and_more(found.len().saturating_sub(MOST), "findings: <code>phone-dir validate</code> prints them"),
    )
}

fn finding_line(finding: &Diagnostic) -> String {
    let place = &finding.location;
    let number = finding.phone_number.map(|number| {
        format!("<a class=\"number\" href=\"#{}\">{number}</a> ", chart::filter("find", number.as_str()))
    });
    format!(
        "<li>{}{}<span class=\"where\">{}:{}</span></li>",
        number.unwrap_or_default(),
        text(&finding.message),
        text(&place.file),
        place.start.line,
    )
}

/// What changed lately: a column per day, and the commits.
pub fn recent(report: &Report<'_>, recent: &[RecentChange]) -> String {
    let mut per_day: BTreeMap<String, usize> = BTreeMap::new();
    for change in recent {
        *per_day.entry(change.date.as_str()[..10].to_owned()).or_insert(0) += change.sentences.len().max(1);
    }
    let today = report.generated.to_datetime().date_naive();
    let days = (0..DAYS).rev().filter_map(|back| today.checked_sub_days(Days::new(back)));
    let values: Vec<_> =
        days.map(|day| day.to_string()).map(|day| (day.clone(), per_day.get(&day).copied().unwrap_or(0))).collect();
    let chart = chart::columns("over-time", &format!("Changes per day, last {DAYS} days"), "changes", &values);
    let lines: String = recent.iter().take(COMMITS).map(commit).collect();
    let list = if lines.is_empty() {
        "<p class=\"none\">No commit changed the directory yet.</p>".to_owned()
    } else {
        format!("<ol class=\"history\">{lines}</ol>")
    };
    let more = and_more(recent.len().saturating_sub(COMMITS), "commits: <code>phone-dir history</code> lists them");
    section("history", "Recent changes", &format!("<div class=\"card\">{chart}{list}{more}</div>"))
}

fn commit(change: &RecentChange) -> String {
    let changes = change.sentences.len();
    let lines: String =
        change.sentences.iter().take(MOST).map(|sentence| format!("<li>{}</li>", text(sentence))).collect();
    format!(
        "<li><details><summary><time datetime=\"{0}\">{1}</time>{2} change{3} by {4} <code>{5}</code></summary>\
         <ul>{lines}</ul>{6}</details></li>",
        change.date,
        text(&change.date.as_str().replace('T', " ").replace('Z', " UTC")),
        count(changes),
        plural(changes),
        text(&change.author),
        text(&change.commit),
        and_more(changes.saturating_sub(MOST), "changes"),
    )
}

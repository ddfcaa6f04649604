//! An answer about capacity for people.

use anstyle::{AnsiColor, Style};

use super::alarms;
use crate::capacity::{CapacityReport, CapacityVerdict, CrossedThreshold, JudgedConcurrency, JudgedGroup};
use crate::model::order::capitalized;
use crate::pools::Category;
use crate::render::escape::terminal;
use crate::render::table::{Cell, Room, fitted};

/// What is short first, then the figures, then why what is not free is not.
pub fn write(report: &CapacityReport, room: Room) -> String {
    let mut parts = vec![alarm_lines(report), group_table(report, room), call_table(report, room), not_free(report)];
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn alarm_lines(report: &CapacityReport) -> String {
    let line = |(crossed, name, reason): (CrossedThreshold, String, String)| {
        let colour = match crossed {
            CrossedThreshold::Error => AnsiColor::Red,
            CrossedThreshold::Warning => AnsiColor::Yellow,
        };
        let style = Style::new().fg_color(Some(colour.into())).bold();
        format!("{style}{}{style:#}: {}: {}\n", crossed.as_str(), terminal(&name), terminal(&reason))
    };
    alarms(report).into_iter().map(line).collect()
}

fn lines(rows: &[Vec<Cell>], room: Room) -> String {
    fitted(rows, room).iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn count(value: usize) -> Cell {
    if value == 0 { Cell::faint("0") } else { Cell::plain(value.to_string()) }
}

fn group_table(report: &CapacityReport, room: Room) -> String {
    if report.groups.is_empty() {
        return "There are no numbers to count.\n".to_owned();
    }
    let headings = ["Group", "Total", "In service", "Free", "Reserved", "Resting", "Other", "Forecast"];
    let mut rows = vec![headings.iter().map(|heading| Cell::heading(heading)).collect::<Vec<_>>()];
    rows.extend(report.groups.iter().map(group_row));
    lines(&rows, room)
}

fn group_row(group: &JudgedGroup) -> Vec<Cell> {
    let tally = &group.stock.tally;
    let of = |categories: &[Category]| count(categories.iter().map(|category| tally.of(*category)).sum());
    let free = tally.of(Category::Free).to_string();
    let free = match (group.judgement.crossed, group.judgement.verdict) {
        (Some(CrossedThreshold::Error), _) => Cell::error(free),
        (Some(CrossedThreshold::Warning), _) | (None, CapacityVerdict::Unknown) => Cell::warning(free),
        (None, _) => Cell::plain(free),
    };
    vec![
        group_name(&group.stock.group.words()),
        count(tally.total),
        of(&[Category::InService]),
        free,
        of(&[Category::Reserved]),
        of(&[Category::Quarantine]),
        of(&[Category::Retired, Category::NotImported, Category::Unusable]),
        outlook(group),
    ]
}

/// A group by its words; what all workspaces are is told where there is room.
fn group_name(words: &str) -> Cell {
    let words = terminal(words);
    Cell::plain(words.as_ref()).or_short(words.strip_prefix("workspace ").unwrap_or(&words))
}

/// The forecast; that there is none for want of history is said once, below the tables.
fn outlook(group: &JudgedGroup) -> Cell {
    match group.outlook.forecast() {
        Some(forecast) => Cell::plain(format!("{} ({})", forecast.words(), forecast.rate_words())),
        None => Cell::faint("-"),
    }
}

fn call_table(report: &CapacityReport, room: Room) -> String {
    if report.concurrency.is_empty() {
        return String::new();
    }
    let headings = ["Calls at a time", "Now", "Limit", "Inbound only", "Burst", "Peak in 30 days", "Lost"];
    let mut rows = vec![headings.iter().map(|heading| Cell::heading(heading)).collect::<Vec<_>>()];
    rows.extend(report.concurrency.iter().map(call_row));
    lines(&rows, room)
}

fn call_row(judged: &JudgedConcurrency) -> Vec<Cell> {
    let (row, live) = (&judged.row, judged.row.read());
    let shown = |value: Option<u64>| value.map_or_else(|| Cell::faint("-"), |value| Cell::plain(value.to_string()));
    let peak = row.peak.as_ref();
    let most = peak.and_then(|peak| peak.most).map(|most| match peak.and_then(|peak| peak.at) {
        Some(at) => format!("{most} on {}", at.day()),
        None => most.to_string(),
    });
    let lost = match peak.map(|peak| peak.lost) {
        Some(lost) if lost > 0 => Cell::error(lost.to_string()),
        lost => shown(lost),
    };
    vec![
        Cell::plain(row.workspace.to_string()),
        shown(live.current),
        shown(live.limit),
        shown(live.reserved_inbound),
        shown(live.burst_limit),
        most.map_or_else(|| Cell::faint("-"), Cell::plain),
        lost,
    ]
}

fn not_free(report: &CapacityReport) -> String {
    let why = |group: &JudgedGroup| {
        let why = group.stock.tally.why_not();
        (!why.is_empty()).then(|| format!("  {}: {why}\n", terminal(&group.stock.group.words())))
    };
    let lines: String = report.groups.iter().filter_map(why).collect();
    let mut text = if lines.is_empty() { String::new() } else { format!("Not free:\n{lines}") };
    // All groups have the same history.
    if let Some(group) = report.groups.iter().find(|group| group.outlook.forecast().is_none()) {
        let sentence = group.outlook.words();
        text.push_str(&format!("{}{}.\n", if text.is_empty() { "" } else { "\n" }, capitalized(&terminal(&sentence))));
    }
    text
}

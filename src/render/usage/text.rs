//! An answer about calls for people.

use super::{Answer, unknown_numbers};
use crate::activity::idle::IdleNumber;
use crate::activity::time::in_words;
use crate::activity::usage::{UsageGroup, UsageRow};
use crate::model::directory::StrangerNames;
use crate::plural::{counted, form};
use crate::query::Row;
use crate::render::escape::terminal;
use crate::render::grouped_table::fitted_by;
use crate::render::numbers::answering::{AgentNaming, Answering};
use crate::render::table::{Cell, Room};

/// The table, with the time that it is about above it.
pub fn answer(answer: &Answer<'_>, room: Room) -> String {
    let span = answer.span;
    let age = if span.age < 60_000 { String::new() } else { format!(" (known until {} ago)", in_words(span.age)) };
    let mut text = format!("Calls from {} to {}{age}\n\n", span.since, span.until);
    let rows = match answer.idle {
        Some(idle) if idle.idle.is_empty() => return text + "No number is known to be idle.\n",
        Some(idle) => idle_rows(&idle.idle),
        None if answer.rows.is_empty() && !span.gaps.is_empty() => return text + "No calls are known.\n",
        None if answer.rows.is_empty() => return text + "There were no calls.\n",
        None => usage_rows(answer),
    };
    for line in fitted_by(workspace_column(&rows), &rows, room) {
        text.push_str(&line);
        text.push('\n');
    }
    for note in notes(answer) {
        text.push_str(&format!("\n{note}\n"));
    }
    text
}

/// The sums' headings, and what stands for them where there is little room.
const SUMS: [(&str, &str); 8] = [
    ("CALLS", "CALLS"),
    ("IN", "IN"),
    ("OUT", "OUT"),
    ("CONNECTED", "CONN"),
    ("LOST", "LOST"),
    ("FAILED", "FAIL"),
    ("MINUTES", "MIN"),
    ("COST (USD)", "USD"),
];

/// Where rows stand under their workspace if they are too wide: none where they have nothing else.
fn workspace_column(rows: &[Vec<Cell>]) -> Option<usize> {
    rows.first()?.iter().position(|heading| heading.text() == WORKSPACE).filter(|at| *at > 0)
}

const WORKSPACE: &str = "WORKSPACE";

fn headings(names: &[&str]) -> Vec<Cell> {
    names.iter().map(|name| Cell::heading(name)).collect()
}

fn usage_rows(answer: &Answer<'_>) -> Vec<Vec<Cell>> {
    let (first, second): (&str, &[&str]) = match answer.group {
        UsageGroup::Number => ("NUMBER", &[WORKSPACE, "AGENT"]),
        UsageGroup::Agent => ("AGENT", &[WORKSPACE]),
        UsageGroup::Pool => ("POOL", &[WORKSPACE]),
        UsageGroup::Provider => ("PROVIDER", &[WORKSPACE]),
        UsageGroup::Workspace => (WORKSPACE, &[]),
        UsageGroup::Day => ("DAY", &[WORKSPACE]),
        UsageGroup::Hour => ("HOUR", &[WORKSPACE]),
        UsageGroup::Reason => ("REASON", &[WORKSPACE]),
        UsageGroup::Direction => ("DIRECTION", &[WORKSPACE]),
    };
    let sums = SUMS.iter().map(|(name, short)| Cell::heading(name).or_short(*short));
    let mut rows = vec![headings(&[&[first], second].concat()).into_iter().chain(sums).collect()];
    let strangers = answer.directory.stranger_names();
    rows.extend(answer.rows.iter().map(|row| usage_row(row, answer.group, &strangers)));
    rows
}

fn usage_row(row: &UsageRow, group: UsageGroup, strangers: &StrangerNames<'_>) -> Vec<Cell> {
    let agent = || match (&row.agent_path, &row.agent_id) {
        (Some(path), _) => Cell::plain(path.to_string()).or_short(path.folder()),
        (None, Some(id)) => {
            let name = strangers.get(&(&row.workspace, id)).copied().unwrap_or(id.as_str());
            Cell::plain(terminal(name))
        }
        (None, None) => Cell::faint("-"),
    };
    let workspace = Cell::plain(row.workspace.to_string());
    let mut cells = match group {
        UsageGroup::Number => {
            let number = row.number.map_or_else(|| Cell::faint("unknown"), |number| Cell::plain(number.to_string()));
            vec![number, workspace, agent()]
        }
        UsageGroup::Agent => vec![agent(), workspace],
        UsageGroup::Workspace => vec![workspace],
        _ => vec![row.part.as_deref().map_or_else(|| Cell::faint("-"), Cell::plain), workspace],
    };
    let counts = &row.counts;
    let more = if counts.cost_unknown > 0 { "+" } else { "" };
    let cost = counts.known_cost().map_or_else(
        || Cell::plain("unknown"),
        |cost| Cell::plain(format!("{cost}{more}")).or_short(format!("{}{more}", cost.in_cents())),
    );
    let minutes = format!("{}.{}", counts.seconds() / 60, counts.seconds() % 60 / 6);
    let numbers = [counts.calls, counts.inbound, counts.outbound, counts.connected, counts.lost, counts.failed];
    cells.extend(numbers.iter().map(|number| Cell::plain(number.to_string())));
    cells.extend([Cell::plain(minutes), cost]);
    cells
}

fn idle_rows(numbers: &[IdleNumber<'_>]) -> Vec<Vec<Cell>> {
    let mut rows = vec![headings(&["NUMBER", WORKSPACE, "AGENT", "IDLE DAYS", "LAST CALL"])];
    for number in numbers {
        let text = |text: Option<String>| text.map_or_else(|| Cell::faint("-"), Cell::plain);
        rows.push(vec![
            Cell::plain(number.row.phone_number.to_string()),
            text(number.row.workspace.map(ToString::to_string)),
            agent(&number.row),
            text(number.days.map(|days| days.to_string())),
            text(number.last.map(|last| last.to_string())),
        ]);
    }
    rows
}

/// Who answers a number, in few words where there is little room.
fn agent(row: &Row<'_>) -> Cell {
    let [long, short] = [AgentNaming::Path, AgentNaming::Folder].map(|naming| Answering::of(row).agents(naming));
    long.map_or_else(|| Cell::faint("-"), |long| Cell::plain(long).or_short(short.unwrap_or_default()))
}

fn notes(answer: &Answer<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let unknown: u64 = answer.rows.iter().map(|row| row.counts.cost_unknown).sum();
    if unknown > 0 {
        let calls = counted(unknown, "call");
        notes.push(format!("Of {calls} Retell has not said the cost; a sum with `+` is without that."));
    }
    match unknown_numbers(answer) {
        0 => {}
        count => notes.push(format!("{count} rows are about numbers that the directory does not have.")),
    }
    if answer.undated > 0 {
        let have = form(&answer.undated, "has", "have");
        notes.push(format!("{} {have} no time, and no row counts that.", counted(answer.undated, "call")));
    }
    notes
}

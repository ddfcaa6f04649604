//! Listings for people, in the specification's layouts.

use super::answering::{AgentNaming, Answering};
use crate::query::Row;
use crate::query::column::{COLUMNS, Column};
use crate::render::escape::terminal;
use crate::render::table::{Cell, Room, can_break, can_fit, fitted};
use crate::side_by_side::each_of_many;

/// The columns of a listing, unless others are asked for.
const USUAL: [&str; 6] =
    ["phone_number", "phone_number_type", "workspace", "agent_path", "assignment_type", "nickname"];

/// The columns that a listing can have, with their shorter names.
pub fn columns() -> String {
    let row = |column: &Column| vec![Cell::plain(column.name), Cell::plain(column.short.unwrap_or(""))];
    let heading = vec![Cell::heading("COLUMN"), Cell::heading("OR")];
    let rows: Vec<_> = std::iter::once(heading).chain(COLUMNS.iter().map(row)).collect();
    joined(&fitted(&rows, Room::Unlimited))
}

/// The rows as a table with a heading; `chosen` are the columns, or none for the usual ones.
pub fn table(rows: &[Row<'_>], chosen: Option<&[&'static Column]>, room: Room) -> String {
    if rows.is_empty() {
        return "No numbers.\n".to_owned();
    }
    let lines = chosen.map_or_else(|| fitting(rows, room), |columns| lines(rows, columns));
    joined(&fitted(&lines, room))
}

/// The usual columns, or in a narrow terminal as many of them as fit; who answers is always among them.
fn fitting(rows: &[Row<'_>], room: Room) -> Vec<Vec<Cell>> {
    let usual: Vec<_> = USUAL.iter().filter_map(|name| Column::find(name)).collect();
    let same_place = rows.iter().all(|row| row.workspace == rows[0].workspace);
    let gives_way = ["phone_number_type", "workspace", "nickname"].into_iter();
    let gives_way: Vec<_> = gives_way.filter(|name| same_place || *name != "workspace").collect();
    let narrowed = |count: usize| {
        let kept = usual.iter().copied().filter(|column| !gives_way[..count].contains(&column.name));
        lines(rows, &kept.collect::<Vec<_>>())
    };
    // Mostly the first fits, and the others are not made.
    let counts = 0..=gives_way.len();
    let fits = counts.clone().map(narrowed).find(|lines| can_fit(lines, room));
    // Where one line is too long for the fewest of them, it is broken.
    let breaks = || counts.rev().map(narrowed).find(|lines| can_break(lines, room));
    fits.or_else(breaks).unwrap_or_else(|| narrowed(0))
}

/// A heading and the rows.
fn lines(rows: &[Row<'_>], columns: &[&Column]) -> Vec<Vec<Cell>> {
    let heading = columns.iter().map(|column| Cell::heading(column.heading)).collect();
    let body = each_of_many(rows, |row| columns.iter().map(|column| cell(column, row)).collect());
    std::iter::once(heading).chain(body).collect()
}

fn cell(column: &Column, row: &Row<'_>) -> Cell {
    match column.name {
        "phone_number" => Cell::plain(row.phone_number.to_string()),
        "agent_path" => agent(row),
        "assignment_type" => assignment(row),
        _ => match column.value(row).text() {
            Some(text) => Cell::plain(terminal(&text)),
            None => Cell::faint("-"),
        },
    }
}

/// Who answers: in both directions, where they differ.
fn agent(row: &Row<'_>) -> Cell {
    let who = Answering::of(row);
    match who.agents(AgentNaming::Path).zip(who.agents(AgentNaming::Folder)) {
        None => Cell::faint("-"),
        Some((text, _)) if who.names_a_stranger() || !row.is_assigned() => Cell::warning(text),
        // In a narrow terminal, the part that all agents share says least.
        Some((text, short)) => Cell::plain(text).or_short(short),
    }
}

fn assignment(row: &Row<'_>) -> Cell {
    let kind = row.assignment_type();
    let text = with_handler(kind.as_str(), row);
    if row.is_assigned() {
        return Cell::plain(text).or_short(kind.directions());
    }
    Cell::warning(text).or_short(row.handled_by().map_or(kind.as_str(), |by| by.words()))
}

/// Names what reaches people on a number that no voice agent answers.
fn with_handler(text: &str, row: &Row<'_>) -> String {
    row.handled_by().map_or_else(|| text.to_owned(), |by| format!("{text} ({})", by.words()))
}

/// The name that people gave the number, and nothing else.
pub(super) fn nickname_of(row: &Row<'_>) -> Cell {
    Cell::plain(row.nickname().map(|name| terminal(name).into_owned()).unwrap_or_default())
}

/// Says which of the two sides a row is listed for, where git and Retell differ in who answers.
fn with_sides(text: String, row: &Row<'_>) -> String {
    let Some(live) = row.live_words() else { return text };
    let git = row.agent_path().map(ToString::to_string).or_else(|| row.agent_id().map(|id| row.agent_words(id)));
    let git = git.unwrap_or_else(|| "none".to_owned());
    format!("{text} (git: {}, live: {})", terminal(&git), terminal(&live))
}

fn nickname(row: &Row<'_>) -> Cell {
    match row.nickname() {
        Some(name) => Cell::plain(with_sides(with_handler(&terminal(name), row), row)),
        None => Cell::faint(with_sides(with_handler("No nickname", row), row)),
    }
}

/// The unassigned numbers of one workspace, or those in none, in the specification's layout.
pub fn unassigned(place: &str, rows: &[Row<'_>], chosen: Option<&[&'static Column]>, room: Room) -> String {
    let heading = format!("Unassigned Numbers in {place}:\n\n");
    if rows.is_empty() {
        return format!("{heading}None\n");
    }
    if chosen.is_some() {
        return heading + &table(rows, chosen, room);
    }
    let cells = |row: &Row<'_>| {
        vec![
            Cell::plain(row.phone_number.to_string()),
            Cell::plain(row.number_type().map_or("-", |kind| kind.as_str())),
            Cell::plain(terminal(row.pretty().unwrap_or("-"))),
            nickname(row),
        ]
    };
    heading + &joined(&fitted(&rows.iter().map(cells).collect::<Vec<_>>(), room))
}

/// An agent's numbers in one workspace, in the specification's layout.
pub fn of_agent(workspace: &str, rows: &[Row<'_>], chosen: Option<&[&'static Column]>, room: Room) -> String {
    let heading = format!("{workspace} Numbers ({}):\n", rows.len());
    if chosen.is_some() && !rows.is_empty() {
        return heading + &table(rows, chosen, room);
    }
    let cells = |row: &Row<'_>| {
        vec![
            Cell::plain(format!("  {}", row.phone_number)),
            Cell::plain(format!("({})", row.assignment_type())),
            nickname(row),
        ]
    };
    heading + &joined(&fitted(&rows.iter().map(cells).collect::<Vec<_>>(), room))
}

pub(super) fn joined(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

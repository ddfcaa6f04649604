//! Numbers for people, one line each, with a column for each of two workspaces: who answers, and where that differs.

use std::collections::BTreeMap;

use super::answering::{self, AgentNaming, Answering};
use super::text::{joined, nickname_of};
use crate::model::{AssignmentType, PhoneNumber, WorkspaceName};
use crate::query::Row;
use crate::render::table::{Cell, Room, can_break, can_fit, fitted};

/// The numbers of `shown`, with what `all` says of them in both workspaces; none where they do not fit, even without
/// their nicknames.
pub fn table(shown: &[Row<'_>], all: &[Row<'_>], pair: [&WorkspaceName; 2], room: Room) -> Option<String> {
    let mut by_number: BTreeMap<PhoneNumber, Vec<&Row<'_>>> = BTreeMap::new();
    for row in all {
        by_number.entry(row.phone_number).or_default().push(row);
    }
    let mut lines = vec![heading(pair)];
    let mut before = None;
    for number in shown.iter().map(|row| row.phone_number) {
        // The rows of a number may be parted by a sort; each is shown once, where it comes first.
        if before != Some(number) {
            lines.extend(by_number.remove(&number).map(|rows| line(number, &rows, pair)));
        }
        before = Some(number);
    }
    let bare: Vec<_> = lines.iter().map(|line| line[..line.len() - 1].to_vec()).collect();
    let fits = [&lines, &bare].into_iter().find(|lines| can_fit(lines, room));
    let lines = fits.or_else(|| Some(&bare).filter(|bare| can_break(bare, room)))?;
    Some(joined(&fitted(lines, room)))
}

fn heading(pair: [&WorkspaceName; 2]) -> Vec<Cell> {
    let [first, second] = pair.map(|name| Cell::heading(&name.as_str().to_uppercase()));
    vec![Cell::heading("NUMBER"), first, Cell::heading(""), second, Cell::heading("NICKNAME")]
}

fn line(number: PhoneNumber, rows: &[&Row<'_>], pair: [&WorkspaceName; 2]) -> Vec<Cell> {
    let of = |name: &WorkspaceName| rows.iter().copied().find(|row| row.workspace == Some(name));
    let [first, second] = pair.map(of);
    let differs = matches!((first, second), (Some(first), Some(second)) if routing(first) != routing(second));
    let mark = if differs { Cell::warning("≠") } else { Cell::plain("") };
    let nickname = first.filter(|row| row.nickname().is_some()).or(second).or(first);
    let nickname = nickname.map_or_else(|| Cell::plain(""), |row| nickname_of(row));
    vec![Cell::plain(number.to_string()), who_answers(first), mark, who_answers(second), nickname]
}

/// What decides who answers, by folders; an agent without one is the same in no other workspace.
fn routing(row: &Row<'_>) -> (Vec<String>, AssignmentType, Option<&'static str>) {
    let agents = row.bound_agents().iter().map(ToString::to_string).collect();
    (agents, row.assignment_type(), row.handled_by().map(|by| by.as_str()))
}

fn who_answers(row: Option<&Row<'_>>) -> Cell {
    let Some(row) = row else { return Cell::faint("–") };
    let who = Answering::of(row);
    let words = |naming| who.agents_with_direction(naming);
    let Some((text, short)) = words(AgentNaming::Path).zip(words(AgentNaming::Folder)) else {
        let nothing = row.handled_by().map_or("unassigned", |by| by.words());
        return Cell::warning(format!("{nothing}{}", answering::live(row)));
    };
    let cell = if who.names_a_stranger() || who.is_otherwise_live() { Cell::warning(text) } else { Cell::plain(text) };
    cell.or_short(short)
}

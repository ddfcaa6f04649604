//! Numbers for people, one line each, with a column for each of two workspaces: who answers, and where that differs.

use std::collections::HashSet;

use super::answering::{AgentNaming, Answering};
use super::text::{joined, nickname_of};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::query::Row;
use crate::render::table::{Cell, Room, can_break, can_fit, fitted};
use crate::side_by_side::each_of_many;

/// The numbers of `shown`, with what `all` says of them in both workspaces; none where they do not fit, even without
/// their nicknames.
pub fn table(shown: &[Row<'_>], all: &[Row<'_>], pair: [&WorkspaceName; 2], room: Room) -> Option<String> {
    let mut told = HashSet::new();
    // The rows of a number may be parted by a sort; each is shown once, where it comes first.
    let numbers = shown.iter().map(|row| row.phone_number).filter(|number| told.insert(*number));
    let numbers: Vec<PhoneNumber> = numbers.collect();
    let mut lines = vec![heading(pair)];
    lines.extend(each_of_many(&numbers, |number| line(*number, rows_of(all, *number), pair, room)));
    if can_fit(&lines, room) {
        return Some(joined(&fitted(&lines, room)));
    }
    for line in &mut lines {
        line.pop();
    }
    (can_fit(&lines, room) || can_break(&lines, room)).then(|| joined(&fitted(&lines, room)))
}

/// The rows of a number among those of all, which are in order.
fn rows_of<'r, 'd>(all: &'r [Row<'d>], number: PhoneNumber) -> &'r [Row<'d>] {
    let rest = &all[all.partition_point(|row| row.phone_number < number)..];
    &rest[..rest.partition_point(|row| row.phone_number == number)]
}

fn heading(pair: [&WorkspaceName; 2]) -> Vec<Cell> {
    let [first, second] = pair.map(|name| Cell::heading(&name.as_str().to_uppercase()));
    vec![Cell::heading("NUMBER"), first, Cell::heading(""), second, Cell::heading("NICKNAME")]
}

fn line(number: PhoneNumber, rows: &[Row<'_>], pair: [&WorkspaceName; 2], room: Room) -> Vec<Cell> {
    let of = |name: &WorkspaceName| rows.iter().find(|row| row.workspace == Some(name));
    let [first, second] = pair.map(of);
    let [answering_first, answering_second] = [first, second].map(|row| row.map(Answering::of));
    let differs = match (&answering_first, &answering_second) {
        (Some(first), Some(second)) => !first.is_routed_as(second),
        _ => false,
    };
    let mark = if differs { Cell::warning("≠") } else { Cell::plain("") };
    let nickname = first.filter(|row| row.nickname().is_some()).or(second).or(first);
    let nickname = nickname.map_or_else(|| Cell::plain(""), nickname_of);
    let [first, second] = [answering_first, answering_second].map(|who| who_answers(who.as_ref(), room));
    vec![Cell::plain(number.to_string()), first, mark, second, nickname]
}

fn who_answers(who: Option<&Answering<'_, '_>>, room: Room) -> Cell {
    let Some(who) = who else { return Cell::faint("–") };
    let Some(text) = who.agents_with_direction(AgentNaming::Path) else {
        return Cell::warning(who.words_without_agents());
    };
    let cell = if who.names_a_stranger() || who.is_otherwise_live() { Cell::warning(text) } else { Cell::plain(text) };
    // Where there is room without end, nothing is shortened.
    let short = if room == Room::Unlimited { None } else { who.agents_with_direction(AgentNaming::Folder) };
    match short {
        Some(short) => cell.or_short(short),
        None => cell,
    }
}

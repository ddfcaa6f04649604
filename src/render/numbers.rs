//! Listings of numbers: rows as JSON and as text, in the specification's layouts.

use serde::Serialize;

use super::escape::terminal;
use super::table::columns;
use crate::model::canonical;
use crate::query::Row;

/// One number and workspace, as `--json` prints it.
#[derive(Serialize)]
struct RowJson<'a> {
    phone_number: &'a str,
    phone_number_pretty: Option<&'a str>,
    phone_number_type: Option<&'a str>,
    workspace: Option<&'a str>,
    agent_path: Option<&'a str>,
    agent_id: Option<&'a str>,
    agent_name: Option<&'a str>,
    assignment_type: &'static str,
    nickname: Option<&'a str>,
    tags: &'a [String],
    handled_by: Option<&'static str>,
}

impl<'a> RowJson<'a> {
    fn of(row: &'a Row<'a>) -> Self {
        Self {
            phone_number: row.phone_number.as_str(),
            phone_number_pretty: pretty(row),
            phone_number_type: number_type(row),
            workspace: row.workspace.map(|name| name.as_str()),
            agent_path: row.agent_path().map(|path| path.as_str()),
            agent_id: row.agent_id().map(|id| id.as_str()),
            agent_name: row.agent_name(),
            assignment_type: row.assignment_type().as_str(),
            nickname: row.nickname(),
            tags: row.entry.map(|entry| entry.tags.as_slice()).unwrap_or_default(),
            handled_by: row.handled_by().map(|by| by.as_str()),
        }
    }
}

fn pretty<'a>(row: &Row<'a>) -> Option<&'a str> {
    let of_entry = row.entry.map(|entry| entry.phone_number_pretty.as_str());
    of_entry.or_else(|| row.registered.map(|entry| entry.phone_number_pretty.as_str()))
}

fn number_type(row: &Row<'_>) -> Option<&'static str> {
    let of_entry = row.entry.map(|entry| entry.phone_number_type);
    of_entry.or_else(|| row.registered.map(|entry| entry.phone_number_type)).map(|kind| kind.as_str())
}

/// The rows as a JSON array.
pub fn json(rows: &[Row<'_>]) -> String {
    canonical::to_text(&rows.iter().map(RowJson::of).collect::<Vec<_>>())
}

/// The rows as a table with a heading.
pub fn table(rows: &[Row<'_>]) -> String {
    if rows.is_empty() {
        return "No numbers.\n".to_owned();
    }
    let heading = ["NUMBER", "TYPE", "WORKSPACE", "AGENT", "ASSIGNMENT", "NICKNAME"].map(str::to_owned).to_vec();
    let cells: Vec<_> = std::iter::once(heading).chain(rows.iter().map(table_row)).collect();
    joined(&columns(&cells))
}

fn table_row(row: &Row<'_>) -> Vec<String> {
    let agent = row.agent_path().map(|path| path.as_str()).or_else(|| row.agent_id().map(|id| id.as_str()));
    let shown = |text: Option<&str>| terminal(text.unwrap_or("-")).into_owned();
    vec![
        row.phone_number.to_string(),
        shown(number_type(row)),
        shown(row.workspace.map(|name| name.as_str())),
        shown(agent),
        with_handler(row.assignment_type().as_str(), row),
        shown(row.nickname()),
    ]
}

/// Names what reaches people on a number that no voice agent answers.
fn with_handler(text: &str, row: &Row<'_>) -> String {
    row.handled_by().map_or_else(|| text.to_owned(), |by| format!("{text} ({})", by.words()))
}

/// The unassigned numbers of one workspace, or those in none, in the specification's layout.
pub fn unassigned(place: &str, rows: &[Row<'_>]) -> String {
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let nickname = terminal(row.nickname().unwrap_or("No nickname")).into_owned();
            vec![
                row.phone_number.to_string(),
                number_type(row).unwrap_or("-").to_owned(),
                terminal(pretty(row).unwrap_or("-")).into_owned(),
                with_handler(&nickname, row),
            ]
        })
        .collect();
    let lines = if cells.is_empty() { "None\n".to_owned() } else { joined(&columns(&cells)) };
    format!("Unassigned Numbers in {place}:\n\n{lines}")
}

/// An agent's numbers in one workspace, in the specification's layout.
pub fn of_agent(workspace: &str, rows: &[Row<'_>]) -> String {
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            let nickname = terminal(row.nickname().unwrap_or("No nickname")).into_owned();
            vec![format!("  {}", row.phone_number), format!("({})", row.assignment_type()), nickname]
        })
        .collect();
    format!("{workspace} Numbers ({}):\n{}", rows.len(), joined(&columns(&cells)))
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

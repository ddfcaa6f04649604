//! The fields of a number with the commits that set them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::diff::FieldValue;
use crate::model::{AgentNames, AgentWeight, WorkspaceName};
use crate::render::changes::values::{share, shown};
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;
use crate::render::table::{Room, columns};

/// One field, its value, and the commit that set it; without one, it is not known.
#[derive(Clone, Debug, Serialize)]
pub struct BlameLine<'a> {
    /// The workspace; none for the directory as a whole.
    pub workspace: Option<&'a str>,
    pub field: &'a str,
    pub value: &'a FieldValue,
    /// The full id of the commit.
    pub commit: Option<&'a str>,
    /// How many commits of the history are newer: two may have one time.
    #[serde(skip)]
    pub newer: usize,
    /// The committer's time, RFC 3339 in UTC.
    pub date: Option<String>,
    /// `Name <mail>` of the author.
    pub author: Option<&'a str>,
    /// `Name <mail>` of the committer.
    pub committer: Option<&'a str>,
    /// The first line of the message.
    pub summary: Option<&'a str>,
}

#[derive(Serialize)]
struct BlameJson<'a> {
    format_version: u32,
    phone_number: &'a str,
    complete: bool,
    stopped: Option<&'a str>,
    fields: &'a [BlameLine<'a>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [Note],
}

/// Something about a commit on the way that no field shows: a merge that dropped a change, or files that cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// The full id of the commit.
    pub commit: String,
    pub message: String,
}

pub fn json(number: &str, stopped: Option<&str>, lines: &[BlameLine<'_>], notes: &[Note]) -> String {
    escape::json_of(&BlameJson {
        format_version: FORMAT_VERSION,
        phone_number: number,
        complete: stopped.is_none(),
        stopped,
        fields: lines,
        notes,
    })
}

/// What decides who answers: these fields come first, in this order.
const ROUTING: [&str; 14] = [
    "agent_path",
    "agent_id",
    "agent_name",
    "assignment_type",
    "inbound_agent_id",
    "inbound_agents",
    "outbound_agent_id",
    "outbound_agents",
    "inbound_sms_agents",
    "outbound_sms_agents",
    "inbound_webhook_url",
    "inbound_sms_webhook_url",
    "fallback_number",
    "imported",
];

fn rank(line: &BlameLine<'_>) -> usize {
    ROUTING.iter().position(|field| *field == line.field).unwrap_or(ROUTING.len())
}

/// Whether one of the fields decides who answers.
fn decides(lines: &[&BlameLine<'_>]) -> bool {
    lines.iter().any(|line| rank(line) < ROUTING.len())
}

/// The fields below the commits that set them: first those that decide who answers, then the newest.
pub fn text(number: &str, lines: &[BlameLine<'_>], notes: &[Note], names: &AgentNames) -> String {
    let mut commits: BTreeMap<Option<&str>, Vec<&BlameLine<'_>>> = BTreeMap::new();
    for line in lines {
        commits.entry(line.commit).or_default().push(line);
    }
    let mut commits: Vec<_> = commits.into_values().collect();
    commits.sort_by_cached_key(|group| (!decides(group), Reverse(group[0].date.clone()), group[0].newer));
    let mut text = format!("{number}\n");
    text.extend(commits.iter().map(|group| paragraph(group, names)));
    if !notes.is_empty() {
        text.push_str("\nOn the way:\n");
    }
    let note =
        |note: &Note| format!("  {}  {}\n", note.commit.get(..10).unwrap_or(&note.commit), terminal(&note.message));
    text.extend(notes.iter().map(note));
    text
}

/// A commit and the fields that it set, those of each workspace together.
fn paragraph(group: &[&BlameLine<'_>], names: &AgentNames) -> String {
    let mut text = format!("\n{}", heading(group[0]));
    let mut places: Vec<_> = group.chunk_by(|one, next| one.workspace == next.workspace).collect();
    places.sort_by_key(|lines| !decides(lines));
    for lines in places {
        let name = lines[0].workspace.map_or_else(|| "Directory".to_owned(), crate::model::order::capitalized);
        text.push_str(&format!("  {name}:\n"));
        let mut lines = lines.to_vec();
        lines.sort_by_key(|line| rank(line));
        let rows: Vec<_> = lines.iter().map(|line| vec![line.field.to_owned(), value(line, names)]).collect();
        text.extend(columns(&rows, Room::Unlimited).iter().map(|line| format!("    {line}\n")));
    }
    text
}

/// A value; agents of lists by what they are called, what stands in an agent's own fields as it is.
fn value(line: &BlameLine<'_>, names: &AgentNames) -> String {
    let workspace = line.workspace.and_then(|name| WorkspaceName::parse(name).ok());
    let agent =
        |of: &AgentWeight| share(&names.words(workspace.as_ref(), &of.agent_id), of.agent_version.as_ref(), of.weight);
    let told = |value: &FieldValue| match value.as_agents() {
        Some([]) => "none".to_owned(),
        Some(list) => list.iter().map(agent).collect::<Vec<_>>().join(", "),
        None => shown(value),
    };
    match line.value {
        FieldValue::Record(record) if record.was == record.is => told(&record.is),
        FieldValue::Record(record) => format!("{}, was {} when git decided", told(&record.is), told(&record.was)),
        value => told(value),
    }
}

fn heading(line: &BlameLine<'_>) -> String {
    let day = line.date.as_deref().and_then(|date| date.get(..10)).unwrap_or("unknown");
    let commit = line.commit.and_then(|id| id.get(..10)).unwrap_or("unknown");
    let mut who = terminal(line.author.unwrap_or("unknown")).into_owned();
    if let Some(committer) = line.committer.filter(|committer| Some(*committer) != line.author) {
        who.push_str(&format!(", committed by {}", terminal(committer)));
    }
    let summary = line.summary.map(|summary| format!("  │ {}\n", terminal(summary))).unwrap_or_default();
    format!("{day}  {commit}  {who}\n{summary}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_commits_of_one_second_the_newer_stands_first() {
        let value = FieldValue::from("x");
        let line = |commit, newer| BlameLine {
            workspace: Some("staging"),
            field: "agent_path",
            value: &value,
            commit: Some(commit),
            newer,
            date: Some("2026-11-29T22:17:58Z".to_owned()),
            author: None,
            committer: None,
            summary: None,
        };
        let told = text("+14155550101", &[line("aaaaaaaaaa", 1), line("ffffffffff", 0)], &[], &AgentNames::default());
        assert!(told.find("ffffffffff") < told.find("aaaaaaaaaa"), "{told}");
    }
}

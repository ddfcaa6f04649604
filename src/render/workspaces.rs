//! The workspaces, and what was done to them, for people and for programs.

use serde::Serialize;

use super::escape::{self, terminal};
use super::failure::FORMAT_VERSION;
use super::table::{Cell, Room, fitted};
use crate::model::WorkspaceName;
use crate::plural::counted;

pub struct WorkspaceRow {
    pub workspace: WorkspaceName,
    /// How many numbers are registered there.
    pub numbers: u64,
    /// How many of them have no voice agent.
    pub unassigned: u64,
    /// Retell's organisation, where it is known.
    pub org_id: Option<String>,
    /// Whether the directory has its files; else only `workspaces.json` names it.
    pub is_in_directory: bool,
    /// Where its key comes from, or why there is none.
    pub key: Result<String, String>,
}

#[derive(Serialize)]
struct ListJson<'a> {
    format_version: u32,
    workspaces: Vec<WorkspaceRowJson<'a>>,
}

#[derive(Serialize)]
struct WorkspaceRowJson<'a> {
    workspace: &'a str,
    numbers: u64,
    unassigned: u64,
    org_id: Option<&'a str>,
    in_directory: bool,
    key: Option<&'a str>,
    key_missing: Option<&'a str>,
}

pub fn json(rows: &[WorkspaceRow]) -> String {
    let workspaces = rows.iter().map(|row| WorkspaceRowJson {
        workspace: row.workspace.as_str(),
        numbers: row.numbers,
        unassigned: row.unassigned,
        org_id: row.org_id.as_deref(),
        in_directory: row.is_in_directory,
        key: row.key.as_deref().ok(),
        key_missing: row.key.as_deref().err().map(String::as_str),
    });
    escape::json_of(&ListJson { format_version: FORMAT_VERSION, workspaces: workspaces.collect() })
}

/// The workspaces for people, a line each.
pub fn text(rows: &[WorkspaceRow], room: Room) -> String {
    let line = |row: &WorkspaceRow| {
        let counts = if row.is_in_directory {
            format!("{}, {} unassigned", counted(row.numbers, "number"), row.unassigned)
        } else {
            "only in workspaces.json".to_owned()
        };
        let key = match &row.key {
            Ok(source) => Cell::plain(format!("key from {}", terminal(source))),
            Err(why) => Cell::warning(terminal(why).into_owned()),
        };
        vec![Cell::heading(row.workspace.as_str()), Cell::plain(counts), key]
    };
    let lines: Vec<_> = rows.iter().map(line).collect();
    fitted(&lines, room).iter().map(|line| format!("{line}\n")).collect()
}

pub struct Written<'a> {
    /// In words, as an order: `remove the workspace …`.
    pub sentence: &'a str,
    /// Whether nothing was changed yet.
    pub is_preview: bool,
    /// The files that are new or changed.
    pub written: Vec<&'a str>,
    pub removed: Vec<&'a str>,
    pub commit: Option<String>,
}

#[derive(Serialize)]
struct WrittenJson<'a> {
    format_version: u32,
    status: &'a str,
    commit: Option<&'a str>,
    written: &'a [&'a str],
    removed: &'a [&'a str],
}

impl Written<'_> {
    fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

pub fn json_of_change(done: &Written<'_>) -> String {
    escape::json_of(&WrittenJson {
        format_version: FORMAT_VERSION,
        status: if done.is_empty() { "unchanged" } else { "success" },
        commit: done.commit.as_deref(),
        written: &done.written,
        removed: &done.removed,
    })
}

pub fn text_of_change(done: &Written<'_>) -> String {
    if done.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let begin = if done.is_preview { "Would" } else { "Done:" };
    let mut text = format!("{begin} {}\n", done.sentence);
    for (verb, paths) in [("write ", &done.written), ("remove", &done.removed)] {
        text.extend(paths.iter().map(|path| format!("  {verb} {}\n", terminal(path))));
    }
    if let Some(commit) = &done.commit {
        text.push_str(&format!("Committed {}.\n", &commit[..commit.len().min(10)]));
    }
    text
}

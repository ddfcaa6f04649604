//! Changes as Markdown for a pull request: a summary, then a table per workspace, the riskiest first.
//!
//! Every text that others wrote stands in a code span, where there are no links, mentions, references or tags.
//! A comment has a size limit; rows are written whole or counted.

use std::collections::BTreeMap;

use super::workspace_answers::WorkspaceAnswers;
use super::{values, words};
use crate::diff::{
    AgentNames, Change, ChangeKind, ChangeSide, Changes, FieldChange, FieldValue, NumberField, PoolDefinitionChange,
};
use crate::model::agent_folders::AgentIdChange;
use crate::model::{ProtectedWorkspaces, WorkspaceName};
use crate::plural::counted;
use crate::render::escape::markdown_cell as code;

/// GitHub takes 65,536 characters in a comment; the rest is left for what a caller puts around this text.
const MAX_CHARACTERS: usize = 62_000;
/// A table with more rows is folded.
const FOLDED_FROM: usize = 15;
/// The most agents that are listed; there is room for the numbers too.
const MOST_IDS: usize = 50;
/// The most characters of one value.
const MAX_VALUE: usize = 200;

/// The changes from one state, or workspace, to another.
pub fn diff(
    (from, to): (&str, &str),
    changes: &Changes,
    protected: &ProtectedWorkspaces,
    answers: &WorkspaceAnswers,
) -> String {
    if changes.is_empty() {
        return format!("No phone number changed from {} to {}.\n", code(from), code(to));
    }
    let numbers = counted(changes.numbers(), "phone number");
    let counts = words::counts_named(changes, from, to);
    let mut text = format!(
        "**{numbers} changed:** {counts}\n\nFrom {} to {}. {}\n",
        code(from),
        code(to),
        "The directory says which voice agent answers each number; protected workspaces come first."
    );
    text.push_str(&agent_ids(&changes.agent_ids));
    text.push_str(&of_pools(&changes.pools));
    let legend = legend(changes, from, to);
    let mut room = MAX_CHARACTERS.saturating_sub(text.chars().count() + legend.chars().count());
    let groups = groups(changes, protected, answers);
    // Each group may take a share of the room, so that a long one does not hide those behind it.
    for (position, group) in groups.iter().enumerate() {
        let table = group.table(room / (groups.len() - position));
        room = room.saturating_sub(table.chars().count());
        text.push_str(&table);
    }
    text + &legend
}

/// The folders that stand for another agent, before everything else: they may answer any number that names them.
fn agent_ids(changes: &[AgentIdChange]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let row = |change: &AgentIdChange| {
        let to = change.to.as_ref().map_or_else(|| "none".to_owned(), |id| code(id.as_str()));
        let (folder, workspace) = (code(change.path.as_str()), code(change.workspace.as_str()));
        format!("| {folder} | {workspace} | {} | {to} |\n", code(change.from.as_str()))
    };
    let rows: String = changes.iter().take(MOST_IDS).map(row).collect();
    let more = match changes.len().saturating_sub(MOST_IDS) {
        0 => String::new(),
        more => format!("\n… and {more} more\n"),
    };
    format!("\n#### Agents\n\n| Folder | Workspace | Agent before | Agent after |\n|---|---|---|---|\n{rows}{more}")
}

/// The pools that were made, changed or deleted.
fn of_pools(changes: &[PoolDefinitionChange]) -> String {
    let row = |change: &PoolDefinitionChange| {
        let fields = change.fields().join(", ");
        format!("| {} | {} | {} |\n", code(change.pool.as_str()), change.kind(), code_or_nothing(&fields))
    };
    if changes.is_empty() {
        return String::new();
    }
    let rows: String = changes.iter().take(MOST_IDS).map(row).collect();
    let more = match changes.len().saturating_sub(MOST_IDS) {
        0 => String::new(),
        more => format!("\n… and {more} more\n"),
    };
    format!("\n#### Pools\n\n| Pool | What | Fields |\n|---|---|---|\n{rows}{more}")
}

fn code_or_nothing(text: &str) -> String {
    if text.is_empty() { String::new() } else { code(text) }
}

/// The changes of one workspace, or of the directory as a whole, riskiest first.
struct Group<'a> {
    heading: String,
    names: &'a AgentNames,
    answers: &'a WorkspaceAnswers,
    changes: Vec<&'a Change>,
}

fn groups<'a>(changes: &'a Changes, protected: &ProtectedWorkspaces, answers: &'a WorkspaceAnswers) -> Vec<Group<'a>> {
    let mut by_place: BTreeMap<Option<&WorkspaceName>, Vec<&Change>> = BTreeMap::new();
    for change in &changes.list {
        by_place.entry(change.workspace.as_ref()).or_default().push(change);
    }
    let mut groups: Vec<_> = by_place
        .into_iter()
        .map(|(workspace, mut of_place)| {
            of_place.sort_by_key(|change| (change.kind, change.phone_number));
            (
                risk(workspace, &of_place, protected),
                Group { heading: heading(workspace, &of_place), names: &changes.names, answers, changes: of_place },
            )
        })
        .collect();
    groups.sort_by_key(|(risk, _)| *risk);
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Numbers that leave the directory, then protected workspaces, then the others, then the rest.
fn risk(workspace: Option<&WorkspaceName>, changes: &[&Change], protected: &ProtectedWorkspaces) -> u8 {
    match workspace {
        None if changes.iter().any(|change| change.kind == ChangeKind::Released) => 0,
        Some(name) if protected.contains(name) => 1,
        Some(_) => 2,
        None => 3,
    }
}

fn heading(workspace: Option<&WorkspaceName>, changes: &[&Change]) -> String {
    let between =
        |change: &&Change| matches!(change.kind, ChangeKind::OnlyInFrom | ChangeKind::OnlyInTo | ChangeKind::Different);
    match workspace {
        Some(name) => format!("Workspace {}", code(name.as_str())),
        None if changes.iter().all(between) => "Numbers".to_owned(),
        None => "The numbers themselves".to_owned(),
    }
}

impl Group<'_> {
    /// The table, of as many whole rows as there is room for, and the counts of the others.
    fn table(&self, room: usize) -> String {
        let counts = words::counts(&Changes::new(self.changes.iter().copied().cloned().collect()));
        let folded = self.changes.len() > FOLDED_FROM;
        let (open, close) = if folded {
            (format!("\n<details>\n<summary>{} ({counts})</summary>\n", plain_heading(&self.heading)), "\n</details>\n")
        } else {
            (format!("\n#### {}\n", self.heading), "")
        };
        let mut text = format!("{open}\n| Number | What | Details |\n|---|---|---|\n");
        let mut left = room.saturating_sub(text.chars().count() + close.len() + REST_CHARACTERS);
        let mut shown = 0;
        for change in &self.changes {
            let row = self.row(change);
            let size = row.chars().count();
            if size > left {
                break;
            }
            left -= size;
            shown += 1;
            text.push_str(&row);
        }
        text + &rest(&self.changes[shown..]) + close
    }

    fn row(&self, change: &Change) -> String {
        format!("| `{}` | **{}** | {} |\n", change.phone_number, change.kind.words(), self.details(change))
    }

    fn details(&self, change: &Change) -> String {
        match change.kind {
            ChangeKind::Assigned
            | ChangeKind::Unassigned
            | ChangeKind::Reassigned
            | ChangeKind::Rerouted
            | ChangeKind::Imported => {
                let heading = words::heading(change, self.names);
                let told = heading.strip_prefix(change.kind.words()).unwrap_or(&heading).trim_start_matches([',', ' ']);
                let told = (!told.is_empty()).then(|| code(told));
                let untold = words::untold(change, self.names).map(field);
                told.into_iter().chain(untold).collect::<Vec<_>>().join("<br>")
            }
            ChangeKind::Released | ChangeKind::Removed | ChangeKind::Provisioned => String::new(),
            ChangeKind::OnlyInFrom => self.only_agent(change, ChangeSide::From),
            ChangeKind::OnlyInTo => self.only_agent(change, ChangeSide::To),
            ChangeKind::Updated | ChangeKind::Different => {
                change.fields.iter().map(|field| self.field(change, field)).collect::<Vec<_>>().join("<br>")
            }
        }
    }

    /// The agent in the only workspace that has the number.
    fn only_agent(&self, change: &Change, side: ChangeSide) -> String {
        let folder = change.value(NumberField::AgentPath, side).map(value);
        folder.or_else(|| self.answers.stranger(change, NumberField::AgentPath, side).map(code)).unwrap_or_default()
    }

    fn field(&self, change: &Change, of: &FieldChange) -> String {
        match self.answers.values(change, of) {
            Some([from, to]) => format!("{}: {} → {}", code(of.field.as_str()), code(&from), code(&to)),
            None => field(of),
        }
    }
}

/// Room for the line that counts what is not shown.
const REST_CHARACTERS: usize = 300;

fn rest(hidden: &[&Change]) -> String {
    if hidden.is_empty() {
        return String::new();
    }
    let counts = words::counts(&Changes::new(hidden.iter().copied().cloned().collect()));
    format!("\n… and {} more changes that do not fit here: {counts}\n", hidden.len())
}

/// A summary line is HTML, where a code span does not work.
fn plain_heading(heading: &str) -> String {
    heading.replace('`', "")
}

fn field(field: &FieldChange) -> String {
    format!("{}: {} → {}", code(field.field.as_str()), value(&field.from), value(&field.to))
}

fn value(value: &FieldValue) -> String {
    if value.is_absent() {
        return "none".to_owned();
    }
    let shown = values::shown(value);
    match shown.char_indices().nth(MAX_VALUE) {
        None => code(&shown),
        Some((end, _)) => format!("{}…", code(&shown[..end])),
    }
}

/// What the words of the second column mean, for those that occur.
fn legend(changes: &Changes, from: &str, to: &str) -> String {
    let lines =
        changes.summary().into_keys().map(|kind| format!("- **{}**: {}\n", kind.words(), meaning(kind, from, to)));
    format!("\n<details>\n<summary>What the words mean</summary>\n\n{}\n</details>\n", lines.collect::<String>())
}

fn meaning(kind: ChangeKind, from: &str, to: &str) -> String {
    let text = match kind {
        ChangeKind::Released => "no account and no workspace has the number any more",
        ChangeKind::Removed => "the workspace no longer has the number",
        ChangeKind::Unassigned => "no voice agent answers the number any more",
        ChangeKind::Reassigned => "another agent answers or calls",
        ChangeKind::Rerouted => {
            "the same agents, but calls find another way to them (shares, versions, webhook, countries)"
        }
        ChangeKind::Assigned => "the number has a voice agent for the first time",
        ChangeKind::Imported => "the number is new in the workspace",
        ChangeKind::Provisioned => "the account or a workspace has a number that was not known",
        ChangeKind::Updated => "something else: names, notes, tags, trunks, pools",
        ChangeKind::OnlyInFrom => return format!("only {} has the number", code(from)),
        ChangeKind::OnlyInTo => return format!("only {} has the number", code(to)),
        ChangeKind::Different => "both have the number, and treat its calls differently",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PhoneNumber;

    fn change(number: usize, workspace: Option<&str>, kind: ChangeKind, fields: Vec<FieldChange>) -> Change {
        Change {
            phone_number: PhoneNumber::parse(&format!("+1415555{number:04}")).unwrap(),
            workspace: workspace.map(|name| WorkspaceName::parse(name).unwrap()),
            kind,
            fields,
            keeps_a_direction: false,
        }
    }

    fn named(from: &str, to: &str) -> Vec<FieldChange> {
        vec![FieldChange { field: NumberField::Nickname, from: from.into(), to: to.into() }]
    }

    #[test]
    fn protected_workspaces_come_first_and_what_silences_a_line_before_names() {
        let changes = Changes::new(vec![
            change(1, Some("staging"), ChangeKind::Unassigned, vec![]),
            change(1, Some("production"), ChangeKind::Updated, named("a", "b")),
            change(2, Some("production"), ChangeKind::Removed, vec![]),
            change(3, None, ChangeKind::Released, vec![]),
        ]);
        let text = diff(("main", "topic"), &changes, &ProtectedWorkspaces::default(), &WorkspaceAnswers::default());
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in\n{text}"));
        assert!(at("left the directory** |") < at("Workspace `production`"));
        assert!(at("removed** |") < at("updated** |"));
        assert!(at("updated** |") < at("Workspace `staging`"));
        let of_staging = [WorkspaceName::parse("staging").unwrap()].into_iter().collect();
        let text = diff(("main", "topic"), &changes, &of_staging, &WorkspaceAnswers::default());
        assert!(text.find("Workspace `staging`") < text.find("Workspace `production`"), "{text}");
    }

    #[test]
    fn what_others_typed_is_inert() {
        let hostile = "@team fixes #12 `x` | <img src=x> [a](b)\n::error::y ##[group]";
        let changes = Changes::new(vec![change(1, Some("staging"), ChangeKind::Updated, named("a", hostile))]);
        let text = diff(("main`x`", "a|b"), &changes, &ProtectedWorkspaces::default(), &WorkspaceAnswers::default());
        let row = text.lines().find(|line| line.contains("@team")).unwrap();
        let span = "``@team fixes #12 `x` \\| <img src=x> [a](b)\\u{a}::error::y ##\\u{5b}group]``";
        assert!(row.contains(span), "{row}");
        assert!(text.contains("`a\\|b`") && !text.lines().any(|line| line.trim_start().starts_with("::")));
    }

    #[test]
    fn rows_that_do_not_fit_are_counted_and_the_text_stays_below_the_limit() {
        let many =
            |workspace| (0..2000).map(move |at| change(at, Some(workspace), ChangeKind::Updated, named("a", "b")));
        let changes = Changes::new(many("staging").chain(many("production")).collect());
        let text = diff(("main", "topic"), &changes, &ProtectedWorkspaces::default(), &WorkspaceAnswers::default());
        assert!(text.chars().count() < 65_536 - 2_000 && text.chars().count() > 50_000, "{}", text.chars().count());
        assert!(text.contains("**2000 phone numbers changed:** 4000 updated"));
        let rows = text.lines().filter(|line| line.starts_with("| `+")).count();
        let hidden: usize =
            text.lines().filter_map(|line| line.strip_prefix("… and ")?.split(' ').next()?.parse::<usize>().ok()).sum();
        assert_eq!(rows + hidden, 4000);
        assert!(text.matches("<details>").count() == text.matches("</details>").count());
    }
}

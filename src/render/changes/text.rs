//! Changes for a terminal: a line per number, and a line per field that differs.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};

use super::workspace_answers::WorkspaceAnswers;
use super::{pending, pools, values, words};
use crate::diff::{
    AgentNames, Change, ChangeKind, ChangeSide, Changes, FieldChange, NumberField, PoolDefinitionChange,
};
use crate::model::WorkspaceName;
use crate::model::agent_folders::AgentIdChange;
use crate::plural::counted;
use crate::render::escape::terminal;
use crate::render::table::{Room, columns};

/// Changes between two states: grouped by workspace, each with its fields.
pub fn revisions(from: &str, to: &str, changes: &Changes) -> String {
    let (from, to) = (terminal(from), terminal(to));
    if changes.is_empty() {
        return format!("No changes from {from} to {to}.\n");
    }
    let mut text = format!("{from} → {to}: {}\n", words::counts(changes));
    text.push_str(&agent_ids(&changes.agent_ids));
    text.push_str(&of_pools(&changes.pools));
    for (workspace, group) in by_workspace(changes) {
        let heading = workspace.map_or_else(|| "Directory".to_owned(), WorkspaceName::title);
        text.push_str(&format!("\n{heading}:\n"));
        text.extend(group.into_iter().map(|change| number(change, &changes.names)));
    }
    text
}

/// The folders that stand for another agent: who answers, though no number's files say that anything changed.
fn agent_ids(changes: &[AgentIdChange]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let style = style(ChangeKind::Reassigned);
    let line = |change: &AgentIdChange| {
        let told = terminal(&words::agent_id(change)).into_owned();
        format!("  {} {style}{told}{style:#} ({})\n", change.path, change.workspace.title())
    };
    format!("\nAgents:\n{}", changes.iter().map(line).collect::<String>())
}

/// The pools themselves; their numbers stand among the numbers.
fn of_pools(changes: &[PoolDefinitionChange]) -> String {
    let line = |change: &PoolDefinitionChange| format!("  {}\n", pools::of_pool(change));
    if changes.is_empty() {
        String::new()
    } else {
        format!("\nPools:\n{}", changes.iter().map(line).collect::<String>())
    }
}

/// The changes of a sync, for its summary on the terminal: one line for each number and what happened to it.
pub fn lines(changes: &Changes) -> String {
    words::lines(changes).iter().map(line).collect()
}

/// How many numbers are told by name in [`totals`].
const NAMED: usize = 8;

/// What is new, in totals by workspace, with a line for each number that no agent of a folder answers.
pub fn totals(changes: &Changes) -> String {
    let mut text = String::new();
    for (workspace, group) in by_workspace(changes) {
        let Some(workspace) = workspace else { continue };
        let bound = group.iter().filter(|change| change.value(NumberField::AgentId, ChangeSide::To).is_some()).count();
        let (all, without) = (group.len(), group.len() - bound);
        text.push_str(&format!(
            "  {workspace}: {}, {bound} with an agent, {without} without\n",
            counted(all, "number")
        ));
    }
    let has_folder = |told: &words::NumberLine<'_>| told.change.value(NumberField::AgentPath, ChangeSide::To).is_some();
    let (others, named): (Vec<_>, Vec<_>) = words::lines(changes).into_iter().partition(has_folder);
    text.extend(named.iter().take(NAMED).map(line));
    let more = others.len() + named.len().saturating_sub(NAMED);
    if more > 0 {
        text.push_str(&format!("  … and {more} more; `phone-dir list` shows every number\n"));
    }
    text
}

/// Changes that a user is to agree to: as [`lines`], each with the values that its sentence does not tell.
pub fn preview(changes: &Changes) -> String {
    let told = |told: &words::NumberLine<'_>| {
        line(told) + &fields(told.change, words::untold(told.change, &changes.names), &changes.names)
    };
    words::lines(changes).iter().map(told).collect()
}

/// What commits changed, for a history: as [`lines`], with the values of fields that a sentence would only name.
pub fn with_values(changes: &Changes) -> String {
    let told = |told: &words::NumberLine<'_>| {
        let untold = words::untold(told.change, &changes.names).chain(told.change.records()).collect::<Vec<_>>();
        let style = style(told.change.kind);
        let sentence =
            if untold.is_empty() { told.sentence.clone() } else { words::heading(told.change, &changes.names) };
        let sentence = terminal(&sentence).into_owned();
        let values = fields(told.change, untold.into_iter(), &changes.names);
        format!("  {} {style}{sentence}{style:#}{}\n{values}", told.phone_number, told.place(None))
    };
    words::lines_by_values(changes).iter().map(told).collect()
}

fn line(line: &words::NumberLine<'_>) -> String {
    let style = style(line.change.kind);
    let sentence = terminal(&line.sentence).into_owned();
    format!("  {} {style}{sentence}{style:#}{}\n", line.phone_number, line.place(None))
}

/// Differences between two workspaces, by intent.
pub fn workspaces(from: &str, to: &str, changes: &Changes, answers: &WorkspaceAnswers) -> String {
    if changes.is_empty() {
        return format!("No differences between {from} and {to}.\n");
    }
    let mut text = format!("{from} → {to}: {}\n", words::counts_named(changes, from, to));
    let groups = [
        (ChangeKind::Different, "Different".to_owned()),
        (ChangeKind::OnlyInFrom, format!("Only in {from}")),
        (ChangeKind::OnlyInTo, format!("Only in {to}")),
    ];
    for (kind, heading) in groups {
        let group: Vec<_> = changes.list.iter().filter(|change| change.kind == kind).collect();
        if !group.is_empty() {
            text.push_str(&format!("\n{heading} ({}):\n", group.len()));
            text.extend(group.into_iter().map(|change| in_workspaces(change, answers)));
        }
    }
    text
}

/// The counts of each kind, by workspace: `diff --stat`.
pub fn stat(from: &str, to: &str, changes: &Changes) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (workspace, group) in by_workspace(changes) {
        let place = workspace.map_or_else(|| "directory".to_owned(), ToString::to_string);
        let group = Changes::new(group.into_iter().cloned().collect());
        rows.push(vec![format!("  {place}"), words::counts_named(&group, from, to)]);
    }
    let lines = columns(&rows, Room::Unlimited);
    let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    if !changes.agent_ids.is_empty() {
        text.push_str(&format!("  agents  {}\n", words::count_of_ids(changes)));
    }
    text.push_str(&pools::count(changes).map(|count| format!("  pools  {count}\n")).unwrap_or_default());
    text.push_str(&format!("{} changed\n", counted(changes.numbers(), "number")));
    text
}

/// The numbers that changed, one a line: `diff --name-only`.
pub fn names(changes: &Changes) -> String {
    let mut numbers: Vec<_> = changes.list.iter().map(|change| change.phone_number).collect();
    numbers.dedup();
    numbers.iter().map(|number| format!("{number}\n")).collect()
}

fn by_workspace(changes: &Changes) -> BTreeMap<Option<&WorkspaceName>, Vec<&Change>> {
    let mut groups: BTreeMap<_, Vec<&Change>> = BTreeMap::new();
    for change in &changes.list {
        groups.entry(change.workspace.as_ref()).or_default().push(change);
    }
    groups
}

/// The colour of a kind: red where a line goes silent, green where one comes up, yellow where calls take another way.
pub fn style(kind: ChangeKind) -> Style {
    match kind {
        ChangeKind::Released | ChangeKind::Removed | ChangeKind::Unassigned => AnsiColor::Red.on_default(),
        ChangeKind::Assigned | ChangeKind::Imported | ChangeKind::Provisioned => AnsiColor::Green.on_default(),
        ChangeKind::Reassigned | ChangeKind::Rerouted => AnsiColor::Yellow.on_default(),
        ChangeKind::Updated | ChangeKind::OnlyInFrom | ChangeKind::OnlyInTo | ChangeKind::Different => Style::new(),
    }
}

fn number(change: &Change, names: &AgentNames) -> String {
    let style = style(change.kind);
    let heading = terminal(&words::heading(change, names)).into_owned();
    let fields = match change.kind {
        ChangeKind::Updated => fields(change, change.fields.iter(), names),
        _ => fields(change, words::untold(change, names).chain(change.records()), names),
    };
    format!("  {} {style}{heading}{style:#}\n{fields}", change.phone_number)
}

/// A number in two workspaces, and whom callers hear where git decided otherwise.
fn in_workspaces(change: &Change, answers: &WorkspaceAnswers) -> String {
    let number = change.phone_number;
    let only = |side| format!("  {number}  {}{}\n", binding(change, answers, side), answers.live(number, side));
    let told = |field: &FieldChange| {
        let is_principal = field.field == NumberField::AgentPath;
        let live = |side| if is_principal { answers.live(number, side) } else { String::new() };
        let shown = || [&field.from, &field.to].map(values::shown);
        let values = answers.values(change, field).or_else(|| is_principal.then(shown));
        let values = values.map_or_else(
            || values::changed(field),
            |[from, to]| format!("{from}{} → {to}{}", live(ChangeSide::From), live(ChangeSide::To)),
        );
        format!("    {}: {values}\n", field.field)
    };
    match change.kind {
        ChangeKind::OnlyInFrom => only(ChangeSide::From),
        ChangeKind::OnlyInTo => only(ChangeSide::To),
        _ => format!("  {number}\n{}", change.fields.iter().map(told).collect::<String>()),
    }
}

/// What the only workspace that has the number does with it.
fn binding(change: &Change, answers: &WorkspaceAnswers, side: ChangeSide) -> String {
    let known = |field| change.field(field).map(|field| values::shown(field.on(side)));
    let stranger = || answers.stranger(change, NumberField::AgentPath, side).map(str::to_owned);
    match (known(NumberField::AgentPath).or_else(stranger), known(NumberField::AssignmentType)) {
        (Some(agent), Some(kind)) => format!("{agent} ({kind})"),
        (None, Some(kind)) => kind,
        (agent, None) => agent.unwrap_or_default(),
    }
}

fn fields<'a>(change: &Change, fields: impl Iterator<Item = &'a FieldChange>, names: &AgentNames) -> String {
    let line = |field: &FieldChange| match field.field.recorded() {
        Some(setting) => pending::line(change, names, field, setting).unwrap_or_default(),
        None => format!("    {}: {}\n", field.field, values::changed(field)),
    };
    fields.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PhoneNumber;

    #[test]
    fn the_counts_between_two_workspaces_name_them() {
        let phone_number = PhoneNumber::parse("+14155550101").unwrap();
        let change =
            |kind| Change { phone_number, workspace: None, kind, fields: Vec::new(), keeps_a_direction: false };
        let told = stat("staging", "production", &Changes::new(vec![change(ChangeKind::OnlyInFrom)]));
        assert_eq!(told, "  directory  1 only in staging\n1 number changed\n");
    }
}

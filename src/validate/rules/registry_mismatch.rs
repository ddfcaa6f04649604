//! `directory.json` and a workspace's `numbers.json`, field by field.

use std::fmt::Display;

use crate::model::equivalence::same_address;
use crate::model::{NumberEntry, PhoneNumber, RegistryEntry, WorkspaceEntry, paths};
use crate::validate::context::{Context, NumberInWorkspace, Workspace, entry, number_field};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "registry-mismatch",
    severity: Severity::Error,
    summary: "directory.json and every numbers.json say the same",
    passed: "directory.json agrees with every registry",
    heading: Heading::Counted(
        "contradiction between directory.json and a registry",
        "contradictions between directory.json and the registries",
    ),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Registries],
    explanation: Explanation {
        what: "A number is imported in `directory.json` exactly where a `numbers.json` has it, with the same type, provider, import date and termination URI.",
        why: "Both files are read on their own, by people and by tools; where they differ, one of them is wrong, and neither says which.",
        example: "`numbers.json` of staging has `+14155550123`, and its entry in `directory.json` has no `staging`.",
        fix: "Run `phone-dir sync`, which writes both, or correct the one that was edited by hand.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row) in context.rows() {
        if workspace.numbers.is_some() {
            judge(context, workspace, row, findings);
        }
    }
    for (number, data) in &context.directory.master.numbers {
        findings.extend(termination(context, *number, data));
    }
}

fn judge(context: &Context<'_>, workspace: &Workspace<'_>, row: &NumberInWorkspace<'_>, findings: &mut Vec<Finding>) {
    let (name, number) = (workspace.name, row.number);
    let imported = row.binding.is_some_and(|binding| binding.imported);
    match (row.registered, row.entry) {
        (Some((index, registered)), Some(data)) if imported => {
            fields(workspace, row, index, registered, data, findings);
        }
        (Some((index, _)), data) => {
            if context.is_unreadable_in(paths::MASTER, number) {
                return;
            }
            let place = workspace.registered_field(index, "phone_number");
            let (place, message) = match data {
                Some(_) => (
                    row.place(workspace),
                    format!("{number} is registered in {name}, and not imported there in `directory.json`"),
                ),
                None => (place.clone(), format!("{number} is registered in {name}, and not in `directory.json`")),
            };
            let finding = Finding::new(&RULE, place, message).number(number).workspace(name);
            let registered = workspace.registered_field(index, "phone_number");
            findings.push(if data.is_some() { finding.related(registered, "it is registered here") } else { finding });
        }
        (None, _) if imported => {
            if context.is_unreadable_in(workspace.numbers_path(), number) {
                return;
            }
            let message = format!("{number} is imported in {name}, and not in its `numbers.json`");
            let place = Place::key(paths::MASTER, entry(number).at("workspaces").at(name));
            findings.push(Finding::new(&RULE, place, message).number(number).workspace(name));
        }
        (None, _) => findings.extend(leftover(workspace, row)),
    }
}

/// An entry that is not imported says nothing else: `imported: false` with nulls.
fn leftover(workspace: &Workspace<'_>, row: &NumberInWorkspace<'_>) -> Option<Finding> {
    let WorkspaceEntry { import_date, agent_path, agent_id, assignment_type, .. } = row.binding?;
    let unassigned = assignment_type.is_none_or(|kind| kind == crate::model::AssignmentType::Unassigned);
    if import_date.is_none() && agent_path.is_none() && agent_id.is_none() && unassigned {
        return None;
    }
    let message = format!("{} is not imported in {}, and says how it would be", row.number, workspace.name);
    let finding = Finding::new(&RULE, workspace.binding_field(row.number, "imported"), message);
    Some(
        finding
            .number(row.number)
            .workspace(workspace.name)
            .help("set the other fields to null, or `imported` to true"),
    )
}

fn fields(
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    index: usize,
    registered: &RegistryEntry,
    data: &NumberEntry,
    findings: &mut Vec<Finding>,
) {
    let number = row.number;
    let mut differ = |field: &str, place: Place, ours: &dyn Display, theirs: &dyn Display| {
        let message = format!(
            "{number} has `{field}` `{ours}` in `directory.json`, and `{theirs}` in {}'s `numbers.json`",
            workspace.name
        );
        let finding = Finding::new(&RULE, place, message).number(number).workspace(workspace.name);
        findings.push(finding.related(workspace.registered_field(index, field), format!("`{theirs}` here")));
    };
    if data.phone_number_type != registered.phone_number_type {
        let place = number_field(number, "phone_number_type");
        differ("phone_number_type", place, &data.phone_number_type, &registered.phone_number_type);
    }
    if data.provider != registered.provider {
        differ("provider", number_field(number, "provider"), &data.provider, &registered.provider);
    }
    let import_date = row.binding.and_then(|binding| binding.import_date);
    if import_date != registered.import_date {
        let place = workspace.binding_field(number, "import_date");
        differ("import_date", place, &or_null(import_date), &or_null(registered.import_date));
    }
}

fn or_null(value: Option<impl Display>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

/// The one termination URI of `directory.json` is that of a workspace, as far as any workspace has one.
fn termination(context: &Context<'_>, number: PhoneNumber, data: &NumberEntry) -> Option<Finding> {
    let ours = data.sip_config.as_ref()?.termination_uri.as_deref()?;
    let mut other = None;
    for workspace in context.workspaces.iter().filter(|workspace| data.workspaces.contains_key(workspace.name)) {
        let found = workspace.rows.binary_search_by_key(&number, |row| row.number);
        let Some((index, registered)) = found.ok().and_then(|at| workspace.rows[at].registered) else { continue };
        let Some(theirs) = registered.termination_uri.as_deref() else { continue };
        if same_address(Some(theirs), Some(ours)) {
            return None;
        }
        other.get_or_insert((workspace, index, theirs));
    }
    let (workspace, index, theirs) = other?;
    let place = Place::value(paths::MASTER, entry(number).at("sip_config").at("termination_uri"));
    let message =
        format!("{number} has termination URI `{ours}` in `directory.json`, and `{theirs}` in {}", workspace.name);
    let finding = Finding::new(&RULE, place, message).number(number).workspace(workspace.name);
    Some(finding.related(workspace.registered_field(index, "termination_uri"), format!("`{theirs}` here")))
}

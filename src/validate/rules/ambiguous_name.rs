//! Names that are two here and one on a file system that folds case and Unicode forms.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::WorkspaceName;
use crate::model::names::folded;
use crate::model::paths::{self, FileKind};
use crate::snapshot::Snapshot;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "ambiguous-name",
    severity: Severity::Error,
    summary: "No two names differ in case or Unicode form only",
    passed: "No two names differ in case or Unicode form only",
    heading: Heading::Counted(
        "name stands for another on macOS and Windows",
        "names stand for others on macOS and Windows",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "No folder, file or workspace of the directory, none of the agents, and no folder that leads to the project has a name that differs from another one, or from the names that phone-dir reads, in nothing but capitals, Unicode form, invisible characters, dots at the end, or the short form that Windows makes of it.",
        why: "On macOS and Windows both are one file: a checkout there writes one over the other, and another agent or an empty workspace is read than the one that was reviewed.",
        example: "`agents/Sales/` beside `agents/sales/`, `Phone-Numbers/`, `EU/agents/` beside a project in `eu/`, or a workspace `Production` beside `production`.",
        fix: "Rename or remove one of them; names in small letters stay clear of this.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    findings.extend(context.occasion.lookalikes.iter().map(|it| finding(Place::file(&it.place), &it.name, &it.ours)));
    beside_each_other(context.snapshot, findings);
    let names: BTreeSet<&WorkspaceName> = context.workspaces.iter().map(|workspace| workspace.name).collect();
    workspaces(context.snapshot, &names, findings);
    agents_files(context.snapshot, &names, findings);
}

/// Two names in one folder.
fn beside_each_other(snapshot: &Snapshot, findings: &mut Vec<Finding>) {
    let mut known: BTreeMap<(&str, String), &str> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for path in snapshot.files.keys() {
        for full in prefixes(path) {
            let Some((folder, name)) = full.rsplit_once('/') else { continue };
            let first = *known.entry((folder, folded(name))).or_insert(full);
            if first != full && told.insert(full) {
                findings.push(finding(Place::file(path), full, first));
            }
        }
    }
}

/// A path's folders, from the outermost, and the path.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).chain(std::iter::once(path))
}

/// Workspaces by name, wherever the name is from; two that both have a folder are told as folders.
fn workspaces(snapshot: &Snapshot, names: &BTreeSet<&WorkspaceName>, findings: &mut Vec<Finding>) {
    let folder = |name: &WorkspaceName| format!("{}/{name}/", paths::FOLDER);
    let has_folder = |name: &WorkspaceName| {
        let start = folder(name);
        snapshot.files.range(start.clone()..).next().is_some_and(|(path, _)| path.starts_with(&start))
    };
    let mut known: BTreeMap<String, &WorkspaceName> = BTreeMap::new();
    for name in names {
        let first = *known.entry(folded(name.as_str())).or_insert(name);
        if first != *name && !(has_folder(first) && has_folder(name)) {
            let place = Place::key(paths::MASTER, Pointer::root().at("metadata").at("by_workspace").at(name));
            findings.push(finding(place, name.as_str(), first.as_str()).workspace(name));
        }
    }
}

/// Agents' files that are read in place of ours, where ours is not beside them.
fn agents_files(snapshot: &Snapshot, names: &BTreeSet<&WorkspaceName>, findings: &mut Vec<Finding>) {
    let ours: BTreeSet<String> =
        names.iter().map(|name| format!("{name}.json")).chain(["agent.json".to_owned()]).collect();
    for path in snapshot.files.keys().filter(|path| path.starts_with("agents/")) {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        let Some(meant) = ours.get(&folded(name)).filter(|_| !ours.contains(name)) else { continue };
        let beside = format!("{folder}/{meant}");
        if FileKind::of(&beside).is_some() && !snapshot.files.contains_key(&beside) {
            findings.push(finding(Place::file(path), path, &beside));
        }
    }
}

fn finding(place: Place, name: &str, other: &str) -> Finding {
    let message = format!("`{name}` and `{other}` are one name on macOS and Windows");
    Finding::new(&RULE, place, message).help("rename or remove one of them")
}

//! Keys and folder names that differ from the field that repeats them.

use std::fmt::Display;

use crate::clone::drivers::shell_word;
use crate::model::{WorkspaceName, paths};
use crate::validate::context::{Context, number_field};
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "key-mismatch",
    severity: Severity::Error,
    summary: "A key or a folder's name, and the field that repeats it, are equal",
    passed: "All keys agree with the fields that repeat them",
    heading: Heading::Counted("key and its field differ", "keys and their fields differ"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments, Reads::Trunks],
    explanation: Explanation {
        what: "The key of an entry is its `phone_number`, `trunk_sid` or `credential_list_sid`; `workspace` in a file is the name of its folder.",
        why: "Some readers look at the key and others at the field; where they differ, two tools see two different numbers.",
        example: "`\"+14155550123\": { \"phone_number\": \"+14155550124\", … }`, or a workspace's folder that was copied from another's.",
        fix: "Decide which of the two is meant and correct the other.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (key, entry) in &context.directory.master.numbers {
        if *key != entry.phone_number {
            let field = number_field(*key, "phone_number");
            findings.push(differ(field, key, &entry.phone_number).number(*key));
        }
    }
    check_workspaces(context, findings);
    check_trunks(context, findings);
}

fn check_workspaces(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for workspace in &context.workspaces {
        let files = [
            (workspace.numbers_path(), workspace.numbers.map(|file| &file.workspace)),
            (workspace.assignments_path(), workspace.assignments.map(|file| &file.workspace)),
        ];
        for (path, written) in files {
            let Some(written) = written.filter(|name| *name != workspace.name) else { continue };
            findings.push(wrong_folder(path, workspace.name, written));
        }
    }
}

fn wrong_folder(path: &str, folder: &WorkspaceName, written: &WorkspaceName) -> Finding {
    let message = format!("`{path}` says that its workspace is `{written}`, and its folder is `{folder}`");
    Finding::new(&RULE, Place::value(path, Pointer::root().at("workspace")), message)
        .workspace(folder)
        .help("was the folder copied from another workspace's?")
}

/// The command that moves a copied folder out of the directory.
pub fn way_out(folder: &str) -> String {
    format!("mv {} .", shell_word(folder))
}

fn check_trunks(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.trunks else { return };
    for (key, trunk) in file.trunks.iter().filter(|(key, trunk)| **key != trunk.trunk_sid) {
        let pointer = Pointer::root().at("trunks").at(key).at("trunk_sid");
        findings.push(differ(Place::value(paths::TRUNKS, pointer), key, &trunk.trunk_sid));
    }
    for (key, list) in file.credentials.iter().filter(|(key, list)| **key != list.credential_list_sid) {
        let pointer = Pointer::root().at("credentials").at(key).at("credential_list_sid");
        findings.push(differ(Place::value(paths::TRUNKS, pointer), key, &list.credential_list_sid));
    }
}

fn differ(place: Place, key: &impl Display, field: &impl Display) -> Finding {
    Finding::new(&RULE, place, format!("the entry `{key}` says that it is `{field}`"))
}

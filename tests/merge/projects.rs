//! Whole projects merged file by file, against an oracle that reads nothing but the JSON of the three versions.

use phone_dir::merge::Side;
use phone_dir::model::{AgentWeight, AssignmentType};
use phone_dir::validate::fix;
use proptest::prelude::*;
use serde_json::Value;

use crate::merge::in_memory::{Files, Outcome, ThreeProjects, decide, errors, snapshot};
use crate::merge::project::{Edit, PRODUCTION, STAGING, number, workspace};

const NUMBERS: [&str; 4] = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"];
const AGENTS: [&str; 3] = ["sales", "support", "night"];
const WHO: [&str; 6] =
    ["agent_id", "assignment_type", "inbound_agent_id", "outbound_agent_id", "inbound_agents", "outbound_agents"];
const SHORT: [&str; 3] = ["agent_path", "agent_id", "assignment_type"];

/// One change of one number, chosen by three small numbers.
type Step = (u8, u8, u8);

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    // Few numbers, so that both sides meet.
    prop::collection::vec((0..16_u8, 0..8_u8, any::<u8>()), 0..=most)
}

fn apply(edit: &mut Edit, steps: &[Step]) {
    for step in steps {
        one(edit, *step);
    }
}

fn one(edit: &mut Edit, (kind, place, choice): Step) {
    let text = NUMBERS[usize::from(place / 2)];
    let name = if place % 2 == 0 { STAGING } else { PRODUCTION };
    let agent = AGENTS[usize::from(choice) % AGENTS.len()];
    let is_known = edit.directory.number(number(text)).is_some();
    let is_there = edit.directory.workspace_mut(&workspace(name)).registered(number(text)).is_some();
    match kind {
        0 if !is_known => edit.provision(text),
        1 | 2 if is_known && !is_there => import(edit, name, text, agent),
        3 if is_known => edit.release(text),
        4 if is_known => edit.notes(text, agent),
        5 if is_known && !has_tag(edit, text, agent) => edit.tag(text, agent),
        6 if is_known => describe(edit, text, choice),
        7 if is_there => edit.remove(name, text),
        8 | 9 if is_there => edit.assign(name, text, agent),
        10..=14 if is_there => rebind(edit, name, text, kind, choice),
        15 if is_there => {
            edit.nickname(name, text, agent);
            modified(edit, name, text);
        }
        _ => {}
    }
}

fn has_tag(edit: &Edit, text: &str, tag: &str) -> bool {
    edit.directory.number(number(text)).is_some_and(|entry| entry.tags.iter().any(|known| known == tag))
}

fn import(edit: &mut Edit, name: &str, text: &str, agent: &str) {
    edit.import(name, text, agent);
    let known = edit.directory.number(number(text)).unwrap().phone_number_type;
    edit.directory.workspace_mut(&workspace(name)).numbers.numbers.last_mut().unwrap().phone_number_type = known;
}

/// Another type of line, which every registry repeats.
fn describe(edit: &mut Edit, text: &str, choice: u8) {
    let kinds = ["local", "mobile", "voip"];
    let kind = serde_json::from_value(Value::from(kinds[usize::from(choice) % 3])).unwrap();
    edit.directory.master.numbers.get_mut(&number(text)).unwrap().phone_number_type = kind;
    for files in edit.directory.workspaces.values_mut() {
        for entry in files.numbers.numbers.iter_mut().filter(|entry| entry.phone_number == number(text)) {
            entry.phone_number_type = kind;
        }
    }
}

/// Changes a part of who answers, or takes the number's agents away.
fn rebind(edit: &mut Edit, name: &str, text: &str, kind: u8, choice: u8) {
    if edit.directory.workspace_mut(&workspace(name)).assignment(number(text)).is_none() {
        edit.assign(name, text, AGENTS[usize::from(choice) % AGENTS.len()]);
    }
    let list = |parts: &[(&str, &str)]| -> Vec<AgentWeight> {
        let parts: Vec<_> = parts.iter().map(|(id, rest)| format!("{{\"agent_id\":\"{id}\",{rest}}}")).collect();
        serde_json::from_str(&format!("[{}]", parts.join(","))).unwrap()
    };
    let files = edit.directory.workspace_mut(&workspace(name));
    let entries = &mut files.assignments.assignments;
    let at = entries.iter().position(|entry| entry.phone_number == number(text)).unwrap();
    let entry = &mut entries[at];
    let id = entry.agent_id.as_ref().map(ToString::to_string);
    match (kind, id) {
        (10, Some(_)) if entry.inbound_sms_agents.is_some() => {
            (entry.agent_path, entry.agent_name, entry.agent_id) = (None, None, None);
            (entry.inbound_agent_id, entry.outbound_agent_id, entry.inbound_agents) = (None, None, None);
            (entry.assigned_date, entry.assignment_type) = (None, AssignmentType::Unassigned);
        }
        (10, Some(_)) => {
            entries.remove(at);
        }
        (11, Some(id)) if entry.inbound_agent_id.is_some() => {
            let version = format!("\"weight\":1,\"agent_version\":{}", choice % 3);
            entry.inbound_agents = Some(list(&[(&id, &version)]));
        }
        (12, Some(id)) if entry.inbound_agent_id.is_some() => {
            let other = format!("agent_{name}_frontdesk");
            entry.inbound_agents = Some(list(&[(&id, "\"weight\":0.8"), (&other, "\"weight\":0.2")]));
        }
        (13, Some(_)) if entry.inbound_agent_id.is_some() => {
            entry.outbound_agent_id = None;
            entry.assignment_type = AssignmentType::InboundOnly;
        }
        (14, _) => {
            entry.inbound_sms_agents =
                Some(list(&[("agent_sms", &format!("\"weight\":1,\"agent_version\":{choice}"))]));
        }
        _ => {}
    }
    modified(edit, name, text);
}

/// Gives the number's entries the moment of the change, as a sync does.
fn modified(edit: &mut Edit, name: &str, text: &str) {
    let now = Some(edit.now);
    let files = edit.directory.workspace_mut(&workspace(name));
    for entry in files.numbers.numbers.iter_mut().filter(|entry| entry.phone_number == number(text)) {
        entry.last_modified = now;
    }
    for entry in files.assignments.assignments.iter_mut().filter(|entry| entry.phone_number == number(text)) {
        entry.last_modified = now;
    }
}

/// A place that says something of one number: a file, how to find the number's entry there, and the fields that count.
struct Saying {
    path: String,
    /// The entry in an object.
    pointer: String,
    /// The list that holds the entry otherwise.
    list: Option<&'static str>,
    fields: &'static [&'static str],
}

impl Saying {
    /// What the files say of a number in a workspace.
    fn all(text: &str, name: &str) -> [Self; 3] {
        let listed = |file, list, fields| Self {
            path: format!("phone-numbers/{name}/{file}.json"),
            pointer: String::new(),
            list: Some(list),
            fields,
        };
        let short = Self {
            path: "phone-numbers/directory.json".to_owned(),
            pointer: format!("/numbers/{text}/workspaces/{name}"),
            list: None,
            fields: &SHORT,
        };
        [listed("assignments", "assignments", &WHO), listed("numbers", "numbers", &["nickname"]), short]
    }

    /// The fields; null where there is no entry.
    fn of(&self, files: &Files, text: &str) -> Value {
        let file: Value = serde_json::from_str(&files[&self.path]).unwrap();
        let entry = match self.list {
            Some(list) => {
                let entry = file[list].as_array().unwrap().iter().find(|entry| entry["phone_number"] == text);
                // An entry for text messages alone says of calls what no entry says.
                entry.filter(|entry| entry["assignment_type"] != "unassigned")
            }
            None => file.pointer(&self.pointer),
        };
        let fields =
            |entry: &Value| self.fields.iter().map(|field| entry.get(*field).cloned().unwrap_or_default()).collect();
        entry.map_or(Value::Null, fields)
    }
}

/// What a three-way merge of a single value has to be; none where it has to be a conflict.
fn wanted(base: &Value, ours: &Value, theirs: &Value) -> Option<Value> {
    if ours == theirs || theirs == base {
        Some(ours.clone())
    } else if ours == base {
        Some(theirs.clone())
    } else {
        None
    }
}

fn judge(versions: &ThreeProjects, merged: &Outcome) {
    for text in NUMBERS {
        for saying in Saying::all(text, STAGING).into_iter().chain(Saying::all(text, PRODUCTION)) {
            let path = &saying.path;
            let of = |files| saying.of(files, text);
            match wanted(&of(&versions.base), &of(&versions.ours), &of(&versions.theirs)) {
                None => {
                    let known = merged.conflicts.get(path).is_some_and(|numbers| numbers.contains(text));
                    assert!(known, "{path}: {text} was changed twice, and merged");
                }
                // With markers in it, the file is no JSON; what it says is looked at once it is decided.
                Some(wanted) if !merged.conflicts.contains_key(path) => {
                    assert_eq!(of(&merged.files), wanted, "{path}: {text}");
                }
                Some(_) => {}
            }
        }
    }
}

#[test]
fn a_number_that_lost_its_voice_on_one_side_and_its_texts_on_the_other_has_no_entry_left() {
    let mut start = Edit::start(&NUMBERS[..3]);
    apply(&mut start, &[(14, 5, 0)]);
    let (mut one, mut other) = (start.at("2026-02-01T00:00:00Z"), start.at("2026-02-02T00:00:00Z"));
    apply(&mut one, &[(8, 5, 0)]);
    apply(&mut other, &[(10, 5, 0)]);
    for versions in [ThreeProjects::of(&start, &one, &other), ThreeProjects::of(&start, &other, &one)] {
        let merged = versions.merge();
        assert!(merged.conflicts.is_empty());
        assert_eq!(errors(&merged.files), [] as [String; 0]);
        let assignments = &merged.files["phone-numbers/production/assignments.json"];
        assert!(!assignments.contains("\"phone_number\": \"+14155550103\""), "{assignments}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_edit_is_lost_and_files_that_merged_or_were_decided_are_valid(
        base in steps(4), ours in steps(4), theirs in steps(4),
    ) {
        let mut start = Edit::start(&NUMBERS[..3]);
        apply(&mut start, &base);
        let (mut one, mut other) = (start.at("2026-02-01T00:00:00Z"), start.at("2026-02-02T00:00:00Z"));
        apply(&mut one, &ours);
        apply(&mut other, &theirs);
        let versions = ThreeProjects::of(&start, &one, &other);
        for side in [&versions.base, &versions.ours, &versions.theirs] {
            prop_assert_eq!(errors(side), [] as [String; 0]);
        }
        let merged = versions.merge();
        judge(&versions, &merged);
        if merged.conflicts.is_empty() {
            prop_assert_eq!(errors(&merged.files), [] as [String; 0]);
            let mut fixed = merged.files.clone();
            for repair in fix::repairs(&snapshot(&merged.files), None, phone_dir::model::Day::parse("2026-01-01").unwrap()).unwrap() {
                fixed.insert(repair.path, repair.after);
            }
            prop_assert_eq!(errors(&fixed), [] as [String; 0]);
            return Ok(());
        }
        for side in [Side::Ours, Side::Theirs] {
            prop_assert_eq!(errors(&decide(&versions, &merged, side)), [] as [String; 0], "{:?}", side);
        }
    }
}

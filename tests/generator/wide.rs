//! A directory of any size at once: a small world, repeated under one area code after the other.

use std::collections::BTreeMap;

use phone_dir::model::{AssignmentsFile, Directory, PhoneNumber, SipConfig, canonical, derive};
use serde_json::json;

use super::random::Random;
use super::world::{World, workspaces};

/// How many numbers each area code has.
const BLOCK: usize = 1_000;
/// The first hundred area codes of the United States that hold such numbers.
const AREA_CODES: [u16; 100] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234,
    239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 272, 276, 281, 301, 302, 303, 304, 305, 307, 308,
    309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 331, 334, 336, 337, 339, 346, 347, 351,
    352, 360, 361, 364, 385, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 424,
    425, 430, 432, 434, 435, 440, 442, 443,
];

/// Who answers the same number in the two workspaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// The same agent in both, so that there is nothing to find.
    Same,
    /// Often another one, which is a warning for each such number.
    Mixed,
}

/// Every file of a project with so many numbers, the agents' folders included. Every number is in both workspaces, and
/// most have an agent.
pub fn files(numbers: usize, routing: Routing) -> BTreeMap<String, String> {
    assert!(numbers <= BLOCK * AREA_CODES.len(), "there are area codes for no more");
    let mut block = World::new(BLOCK.min(numbers), &mut Random::new(3)).directory;
    if routing == Routing::Same {
        promote(&mut block);
    }
    let mut wide = Directory { agents: block.agents.clone(), ..Directory::empty() };
    for area_code in AREA_CODES.iter().take(numbers.div_ceil(BLOCK)) {
        repeat(&block, *area_code, &mut wide);
    }
    derive::recompute(&mut wide);
    written(&wide)
}

/// How the numbers of the United States begin, but for the last three digits: a block after the other.
pub fn prefixes() -> impl Iterator<Item = String> {
    AREA_CODES.iter().map(|area_code| format!("+1{area_code}5550"))
}

/// The files of a directory, and those of its agents' folders.
pub fn written(directory: &Directory) -> BTreeMap<String, String> {
    let mut files = directory.to_files();
    for (path, folder) in directory.agents.iter() {
        files.insert(format!("{path}/agent.json"), canonical::to_text(&json!({"agent_name": folder.name})));
        for (workspace, id) in &folder.ids {
            files.insert(format!("{path}/{workspace}.json"), canonical::to_text(&json!({"agent_id": id})));
        }
    }
    files
}

/// Routes production as staging is.
fn promote(block: &mut Directory) {
    let [staging, production] = workspaces();
    let text =
        canonical::to_text(&block.workspaces[&staging].assignments).replace("agent_staging_", "agent_production_");
    let mut assignments: AssignmentsFile = serde_json::from_str(&text).expect("the same shape");
    assignments.workspace = production.clone();
    for entry in block.master.numbers.values_mut() {
        let text = serde_json::to_string(entry.workspaces.get(&staging).expect("it is in both")).expect("an entry");
        let binding = serde_json::from_str(&text.replace("agent_staging_", "agent_production_")).expect("an entry");
        entry.workspaces.insert(production.clone(), binding);
    }
    let files = block.workspace_mut(&production);
    let modified = assignments.assignments.iter().map(|known| (known.phone_number, known.last_modified));
    let modified: BTreeMap<_, _> = modified.collect();
    for entry in &mut files.numbers.numbers {
        entry.last_modified = modified.get(&entry.phone_number).copied().unwrap_or(entry.last_modified);
    }
    files.assignments = assignments;
}

fn repeat(block: &Directory, area_code: u16, wide: &mut Directory) {
    let moved =
        |number: PhoneNumber| PhoneNumber::parse(&format!("+1{area_code}{}", &number.digits()[4..])).expect("E.164");
    for (number, entry) in &block.master.numbers {
        let mut entry = entry.clone();
        entry.phone_number = moved(*number);
        entry.sip_config = Some(sip_config());
        if let Some(twilio) = &mut entry.twilio {
            let sid = format!("PN{:0>32}", entry.phone_number.digits());
            twilio.phone_number_sid = sid.parse().expect("a SID");
            twilio.trunk_sid = Some(format!("TK{:0>32}", 1).parse().expect("a SID"));
        }
        wide.master.numbers.insert(entry.phone_number, entry);
    }
    for workspace in workspaces() {
        let (files, block) = (wide.workspace_mut(&workspace), &block.workspaces[&workspace]);
        files.numbers.numbers.extend(block.numbers.numbers.iter().cloned().map(|mut entry| {
            entry.phone_number = moved(entry.phone_number);
            entry
        }));
        files.assignments.assignments.extend(block.assignments.assignments.iter().cloned().map(|mut assignment| {
            assignment.phone_number = moved(assignment.phone_number);
            assignment
        }));
    }
}

fn sip_config() -> SipConfig {
    serde_json::from_value(json!({
        "termination_uri": "mytrunk.pstn.twilio.com", "origination_uri": "sip:sip.example.com",
        "auth_type": "credential", "has_credentials": true,
    }))
    .expect("a configuration")
}

//! A directory of any size at once: a small world, repeated under one area code after the other.

use std::collections::BTreeMap;

use phone_dir::model::{Directory, PhoneNumber, SipConfig, canonical, derive};
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

/// Every file of a project with so many numbers, the agents' folders included. Every number is in both workspaces; most
/// have an agent, not always the same one in both.
pub fn files(numbers: usize) -> BTreeMap<String, String> {
    assert!(numbers <= BLOCK * AREA_CODES.len(), "there are area codes for no more");
    let block = World::new(BLOCK.min(numbers), &mut Random::new(3)).directory;
    let mut wide = Directory { agents: block.agents.clone(), ..Directory::empty() };
    for area_code in AREA_CODES.iter().take(numbers.div_ceil(BLOCK)) {
        repeat(&block, *area_code, &mut wide);
    }
    derive::recompute(&mut wide);
    let mut files = wide.to_files();
    for (path, folder) in wide.agents.iter() {
        files.insert(format!("{path}/agent.json"), canonical::to_text(&json!({"agent_name": folder.name})));
        for (workspace, id) in &folder.ids {
            files.insert(format!("{path}/{workspace}.json"), canonical::to_text(&json!({"agent_id": id})));
        }
    }
    files
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

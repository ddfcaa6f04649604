//! Made-up entries for the unit tests of this crate: each as small as its file allows, to be changed by the test that
//! needs more of it. Numbers are of the fictional range 555-01xx, or of its neighbourhood where many are wanted.

use serde_json::json;

use super::pools::Member;
use super::{Assignment, NumberEntry, PhoneNumber, RegistryEntry, WorkspaceName};

/// The number of a line: `+1415555` and four digits.
pub fn number(line: u32) -> PhoneNumber {
    PhoneNumber::parse(&format!("+1415555{line:04}")).unwrap()
}

pub fn workspace(name: &str) -> WorkspaceName {
    WorkspaceName::parse(name).unwrap()
}

/// A number of nobody, in no workspace.
pub fn number_entry(line: u32) -> NumberEntry {
    let entry = json!({
        "phone_number": number(line), "phone_number_pretty": "", "phone_number_type": "local", "provider": "twilio",
        "area_code": null, "country_code": null, "capabilities": null, "twilio": null, "workspaces": {},
        "sip_config": null, "notes": "", "tags": [],
    });
    serde_json::from_value(entry).unwrap()
}

/// A number with a note.
pub fn noted(line: u32, note: &str) -> NumberEntry {
    NumberEntry { notes: note.to_owned(), ..number_entry(line) }
}

pub fn registry_entry(line: u32) -> RegistryEntry {
    let entry = json!({
        "phone_number": number(line), "phone_number_pretty": "", "phone_number_type": "local", "provider": "twilio",
        "import_method": "sip-trunk", "import_date": null, "termination_uri": null, "nickname": null,
        "assigned": false, "last_modified": null,
    });
    serde_json::from_value(entry).unwrap()
}

/// A number that is answered by an agent, and calls with the same one.
pub fn assignment(line: u32, agent: &str) -> Assignment {
    let entry = json!({
        "phone_number": number(line), "agent_path": null, "agent_name": null, "agent_id": agent,
        "assignment_type": "inbound-outbound", "inbound_agent_id": agent, "outbound_agent_id": agent,
        "assigned_date": null, "last_modified": null,
    });
    serde_json::from_value(entry).unwrap()
}

pub fn member(pool: &str) -> Member {
    serde_json::from_value(json!({"pool": pool, "since": "2025-11-01T09:00:00Z"})).unwrap()
}

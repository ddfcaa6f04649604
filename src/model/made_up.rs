//! Made-up entries for the unit tests of this crate: each as small as its file allows, to be changed by the test that
//! needs more of it. Numbers are of the fictional range 555-01xx, or of its neighbourhood where many are wanted.

use serde_json::json;

use super::pools::Member;
use super::{
    AgentId, AgentPath, AgentVersion, AgentWeight, Assignment, Directory, NumberEntry, NumberType, PhoneNumber,
    Provider, RegistryEntry, Weight, WorkspaceName,
};

/// The number of a line: `+1415555` and four digits.
pub fn number(line: u32) -> PhoneNumber {
    PhoneNumber::parse(&format!("+1415555{line:04}")).unwrap()
}

pub fn workspace(name: &str) -> WorkspaceName {
    WorkspaceName::parse(name).unwrap()
}

/// A number without an owner, in no workspace.
pub fn number_entry(line: u32) -> NumberEntry {
    let (phone_number_type, provider) = (NumberType::Local, Provider::Twilio);
    NumberEntry { phone_number_type, provider, ..NumberEntry::bare(number(line)) }
}

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

/// The id of an agent in a workspace: `staging-a`.
pub fn agent_id(workspace: &str, name: &str) -> AgentId {
    format!("{workspace}-{name}").parse().unwrap()
}

pub fn share(id: &AgentId, weight: f64, version: Option<AgentVersion>) -> AgentWeight {
    AgentWeight { agent_id: id.clone(), weight: Weight::new(weight).unwrap(), agent_version: version }
}

/// Numbers 1 to 3 in `staging` and `production`, on a trunk, all of them answered by agent `a` and called with by it; the
/// folders `a`, `b` and `c` have an id in each workspace, and `d` one in staging alone.
pub fn two_workspaces() -> Directory {
    let mut directory = Directory::empty();
    for name in ["staging", "production"] {
        for folder in ["a", "b", "c", "d"] {
            let id = agent_id(name, folder);
            let has_id = folder != "d" || name == "staging";
            directory.agents.folder(AgentPath::of_folder(folder).unwrap());
            if has_id {
                directory.agents.add_id(&AgentPath::of_folder(folder).unwrap(), &workspace(name), Some(id));
            }
        }
        let files = directory.workspace_mut(&workspace(name));
        for line in 1..=3 {
            let assignment = Assignment {
                agent_path: AgentPath::of_folder("a").ok(),
                ..assignment(line, agent_id(name, "a").as_str())
            };
            files.numbers.numbers.push(registry_entry(line));
            files.assignments.assignments.push(assignment);
        }
    }
    for line in 1..=3 {
        directory.master.numbers.insert(number(line), number_entry(line));
    }
    directory
}

/// A number's entry in a workspace's registry, to be changed.
pub fn registered<'a>(directory: &'a mut Directory, name: &str, line: u32) -> &'a mut RegistryEntry {
    let list = &mut directory.workspace_mut(&workspace(name)).numbers.numbers;
    list.iter_mut().find(|entry| entry.phone_number == number(line)).unwrap()
}

/// A number's assignment in a workspace, to be changed.
pub fn assigned<'a>(directory: &'a mut Directory, name: &str, line: u32) -> &'a mut Assignment {
    let list = &mut directory.workspace_mut(&workspace(name)).assignments.assignments;
    list.iter_mut().find(|entry| entry.phone_number == number(line)).unwrap()
}

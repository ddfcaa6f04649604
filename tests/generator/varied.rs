//! A directory of any size with what real ones have besides: names in many scripts, numbers of several countries and kinds,
//! numbers that were bought at Retell or are in one workspace alone, agents that no folder has, weights, long notes and
//! tags, and a file that another program wrote in a form of its own.

use std::collections::BTreeMap;

use phone_dir::model::{
    AgentPath, Assignment, Directory, NumberEntry, PhoneNumber, RegistryEntry, WorkspaceEntry, WorkspaceName, derive,
    numbering, paths,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::wide;
use super::world::workspaces;

/// The most numbers that begin alike.
const BLOCK: usize = 1_000;
/// How numbers begin that are not of the United States, or not local: fictional ranges of Australia, France, Germany, Ireland and the United Kingdom, and
/// those of North America that cost the caller nothing.
const BEYOND: [&str; 8] =
    ["+18005550", "+61255500", "+33199000", "+493023125", "+18335550", "+442079460", "+353209100", "+18885550"];

/// Names as people type them at their providers.
const NAMES: [&str; 12] = [
    "Customer Service",
    "Línea en español",
    "日本語サポート窓口",
    "Ligne d’accueil Montréal",
    "خدمة العملاء",
    "שירות לקוחות",
    "Служба поддержки",
    "ฝ่ายบริการลูกค้า",
    "Zürich Büro (\"backup\")",
    "Café Orders ☕ — please do not reassign before the end of the campaign in the third quarter",
    "ग्राहक सेवा",
    "IVR / main\\desk",
];

/// What people note about a number.
const NOTES: [&str; 5] = [
    "",
    "Ported from the previous carrier",
    "Nicht freigeben, bevor der Vertrag endet; Rückfragen an das Büro in Zürich",
    "First line of two.\nThe second one has a \"quotation\", a tab\tand an emoji 🎉.",
    "Used in the spring campaign: printed on 40,000 leaflets, on the van and on the sign above the door. Whoever moves \
     this line to another agent asks marketing first, because the leaflets promise an answer in three languages.",
];

const AGENTS: usize = 100;
/// How many bindings there are for one that no agent's folder stands behind.
const UNMANAGED: usize = 40;
const TIME: &str = "2025-09-28T22:23:56Z";

/// Every file of a project with so many numbers, the agents' folders included.
pub fn files(numbers: usize) -> BTreeMap<String, String> {
    let mut directory = Directory::empty();
    for (at, workspace) in (0..AGENTS).flat_map(|at| workspaces().map(|workspace| (at, workspace))) {
        let id = agent_id(&workspace, at).parse().expect("an id");
        directory.agents.add_id(&agent_path(at), &workspace, Some(id));
        directory.agents.folder(agent_path(at)).name = Some(agent_name(at));
    }
    let [staging, production] = workspaces();
    for (at, number) in numbers_of(numbers).enumerate() {
        let mut entry = entry(at, number);
        put(&mut directory, &staging, at, &mut entry);
        // A quarter waits for its way into production.
        if at % 4 != 1 {
            put(&mut directory, &production, at, &mut entry);
        }
        directory.master.numbers.insert(number, entry);
    }
    derive::recompute(&mut directory);
    let mut files = wide::written(&directory);
    let other_form = files.get_mut(&paths::numbers(&staging)).expect("a file of the directory");
    *other_form = more_indented(other_form);
    files
}

/// The numbers, spread over prefixes of the United States and from beyond by turns.
fn numbers_of(count: usize) -> impl Iterator<Item = PhoneNumber> {
    let mut beyond = BEYOND.into_iter();
    let prefixes = wide::prefixes().flat_map(|prefix| std::iter::once(prefix).chain(beyond.next().map(str::to_owned)));
    let prefixes: Vec<String> = prefixes.take(count.div_ceil(BLOCK).max(2 * BEYOND.len())).collect();
    (0..count).map(move |at| {
        let (prefix, line) = (&prefixes[at % prefixes.len()], at / prefixes.len());
        PhoneNumber::parse(&format!("{prefix}{line:03}")).expect("E.164")
    })
}

fn agent_path(at: usize) -> AgentPath {
    AgentPath::of_folder(&format!("agent-{:02}", at % AGENTS)).expect("a plain name")
}

fn agent_name(at: usize) -> String {
    format!("{} {}", NAMES[at % NAMES.len()], at % AGENTS)
}

fn agent_id(workspace: &WorkspaceName, at: usize) -> String {
    format!("agent_{workspace}_{:020}", at % AGENTS)
}

fn is_bought_at_retell(at: usize) -> bool {
    at % 6 == 2
}

fn entry(at: usize, number: PhoneNumber) -> NumberEntry {
    let trunk = (!is_bought_at_retell(at)).then(|| format!("TK{:032}", at % 4));
    let twilio = json!({
        "phone_number_sid": format!("PN{:0>32}", number.digits()), "trunk_sid": trunk,
        "friendly_name": NAMES[(at + 5) % NAMES.len()], "date_created": TIME,
    });
    let sip_config = trunk.map(|_| {
        json!({"termination_uri": host(at), "origination_uri": "sip:sip.retellai.com", "auth_type": "credential",
            "has_credentials": true})
    });
    parsed(json!({
        "phone_number": number, "phone_number_pretty": "", "phone_number_type": numbering::describe(number).line,
        "provider": "twilio", "area_code": null, "country_code": null,
        "capabilities": {"voice": true, "sms": at.is_multiple_of(2), "mms": at.is_multiple_of(3), "fax": false},
        "twilio": twilio, "workspaces": {}, "sip_config": sip_config, "notes": NOTES[at % NOTES.len()],
        "tags": (0..at % 4).map(|tag| format!("tag-{}", (at / 4 + tag) % 30)).collect::<Vec<_>>(),
    }))
}

fn host(at: usize) -> String {
    format!("trunk-{}.pstn.twilio.com", at % 4)
}

/// Registers a number in a workspace, most with an agent.
fn put(directory: &mut Directory, workspace: &WorkspaceName, at: usize, entry: &mut NumberEntry) {
    let bound = (at % 5 != 4).then(|| assignment(workspace, at, entry.phone_number));
    let files = directory.workspace_mut(workspace);
    files.numbers.numbers.push(registered(at, entry));
    let binding: WorkspaceEntry = parsed(match &bound {
        Some(line) => json!({"imported": true, "import_date": TIME, "agent_path": line.agent_path,
            "agent_id": line.agent_id, "assignment_type": line.assignment_type}),
        None => json!({"imported": true, "import_date": TIME, "agent_path": null, "agent_id": null,
            "assignment_type": "unassigned"}),
    });
    entry.workspaces.insert(workspace.clone(), binding);
    files.assignments.assignments.extend(bound);
}

fn registered(at: usize, entry: &NumberEntry) -> RegistryEntry {
    let mut value = json!({
        "phone_number": entry.phone_number, "phone_number_pretty": "", "phone_number_type": entry.phone_number_type,
        "provider": "twilio", "import_method": "sip-trunk", "import_date": TIME, "termination_uri": host(at),
        "auth_username": format!("retell_user_{}", at % 4), "nickname": NAMES[at % NAMES.len()],
        "inbound_webhook_url": (at % 8 == 3).then(|| format!("https://hooks.example.com/calls/{at}")),
        "assigned": false, "last_modified": TIME,
    });
    if is_bought_at_retell(at) {
        value["import_method"] = json!("direct-purchase");
        value["termination_uri"] = Value::Null;
        let fields = value.as_object_mut().expect("an object");
        fields.retain(|name, _| !matches!(name.as_str(), "auth_username" | "inbound_webhook_url"));
    }
    if at % 9 == 7 {
        value["allowed_inbound_country_list"] = json!(["US", "CA", "GB"]);
    }
    parsed(value)
}

fn assignment(workspace: &WorkspaceName, at: usize, number: PhoneNumber) -> Assignment {
    let id = agent_id(workspace, at);
    let mut value = json!({
        "phone_number": number, "agent_path": agent_path(at), "agent_name": agent_name(at), "agent_id": id,
        "assignment_type": "inbound-outbound", "inbound_agent_id": id, "outbound_agent_id": id,
        "assigned_date": TIME, "last_modified": TIME,
    });
    if at % UNMANAGED == UNMANAGED / 2 {
        let id = format!("agent_{workspace}_unmanaged_{}", at % 7);
        value["agent_path"] = Value::Null;
        for field in ["agent_id", "inbound_agent_id", "outbound_agent_id"] {
            value[field] = json!(id);
        }
    } else if at % 10 == 3 {
        value["inbound_agents"] =
            json!([{"agent_id": id, "weight": 0.7}, {"agent_id": agent_id(workspace, at + 1), "weight": 0.3}]);
    } else if at.is_multiple_of(3) {
        value["assignment_type"] = json!("inbound-only");
        value["outbound_agent_id"] = Value::Null;
    }
    parsed(value)
}

fn parsed<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the shape of the files")
}

/// The same JSON with twice as much space before each line, as an editor's own formatter leaves it.
fn more_indented(text: &str) -> String {
    let indented = |line: &str| format!("{}{line}\n", " ".repeat(line.len() - line.trim_start().len()));
    text.lines().map(indented).collect()
}

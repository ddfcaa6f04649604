//! Whole directories whose files agree with each other, as a sync leaves them behind.

use std::collections::{BTreeMap, BTreeSet};

use phone_dir::model::agent_folders::{AgentFile, AgentWorkspaceFile};
use phone_dir::model::assignments::single_and_list;
use phone_dir::model::master::{NumberEntry, Provider, SipAuthType, SipConfig, TwilioData, WorkspaceEntry};
use phone_dir::model::presence::Optional;
use phone_dir::model::registry::{ImportMethod, RegistryEntry};
use phone_dir::model::sid::{CredentialListSid, OriginationUrlSid, PhoneNumberSid, TrunkSid};
use phone_dir::model::trunks::{CREDENTIALS_NOTE, CredentialList, OriginationUrl, Trunk, TrunkNumber, TrunksFile};
use phone_dir::model::{
    AgentFolders, AgentId, AgentPath, AgentWeight, Assignment, AssignmentType, ByWorkspace, Directory, PhoneNumber,
    Timestamp, Weight, WorkspaceName, canonical, count::Count, derive, numbering,
};
use phone_dir::snapshot::Snapshot;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::files::{capabilities, sync_log};
use super::{phone_number, text, timestamp};

/// The agents' folders that a generated directory chooses from.
const FOLDERS: [&str; 4] = ["customer-service", "sales", "support-tier1", "emergency-line"];
const TRUNK: &str = "TK0123456789abcdef0123456789abcdef";
const CREDENTIAL_LIST: &str = "CL0123456789abcdef0123456789abcdef";
const ORIGINATION_URL: &str = "OU0123456789abcdef0123456789abcdef";

/// What is drawn for one number; the rest of its entry follows.
#[derive(Clone, Debug)]
struct Drawn {
    capabilities: phone_dir::model::master::Capabilities,
    in_twilio: bool,
    on_trunk: bool,
    name: Option<String>,
    notes: String,
    tags: Vec<String>,
    imports: BTreeMap<WorkspaceName, DrawnImport>,
}

#[derive(Clone, Debug)]
struct DrawnImport {
    dates: [Timestamp; 3],
    nickname: Option<String>,
    webhook: Optional<String>,
    inbound: Vec<usize>,
    outbound: Vec<usize>,
    sms: Vec<usize>,
}

/// Any consistent directory of up to eight numbers, two or three workspaces and four agents.
///
/// Every derived value is as [`derive::recompute`] leaves it, master, registries, assignments and trunks name the
/// same numbers and agents, and some agents are ids that no folder has.
pub fn directory() -> impl Strategy<Value = Directory> {
    let workspaces =
        prop_oneof![2 => Just(vec!["staging", "production"]), 1 => Just(vec!["staging", "production", "eu"])];
    workspaces.prop_flat_map(|names| {
        let names: Vec<WorkspaceName> =
            names.into_iter().map(|name| WorkspaceName::parse(name).expect("a plain name")).collect();
        let numbers = btree_map(phone_number(), drawn(names.clone()), 0..=8);
        let folders = btree_set(0..FOLDERS.len(), 0..=FOLDERS.len());
        (Just(names), numbers, folders, timestamp(), of(sync_log())).prop_map(
            |(names, numbers, folders, updated, sync_log)| {
                let mut directory = Directory { agents: agents(&names, &folders), sync_log, ..Directory::empty() };
                for name in &names {
                    let files = directory.workspace_mut(name);
                    (files.numbers.last_sync, files.assignments.last_updated) = (Some(updated), Some(updated));
                }
                directory.master.last_updated = Some(updated);
                directory.trunks = trunks(&numbers, updated);
                for (number, drawn) in &numbers {
                    place(&mut directory, *number, drawn);
                }
                derive::recompute(&mut directory);
                directory
            },
        )
    })
}

/// Every file of a directory, the agents' folders too, as a store would read it.
pub fn snapshot_of(directory: &Directory) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (path, text) in directory.to_files() {
        snapshot.insert(path, text);
    }
    for (path, folder) in directory.agents.iter() {
        snapshot
            .insert(format!("{path}/agent.json"), canonical::to_text(&AgentFile { agent_name: folder.name.clone() }));
        for (workspace, id) in &folder.ids {
            let file = AgentWorkspaceFile { agent_id: id.clone() };
            snapshot.insert(format!("{path}/{workspace}.json"), canonical::to_text(&file));
        }
    }
    snapshot
}

fn drawn(names: Vec<WorkspaceName>) -> impl Strategy<Value = Drawn> {
    let length = names.len();
    let imports = (subsequence(names, 0..=length), vec(import(), length))
        .prop_map(|(names, imports)| names.into_iter().zip(imports).collect());
    (capabilities(), any::<bool>(), any::<bool>(), of(text()), text(), vec(text(), 0..=2), imports).prop_map(
        |(capabilities, in_twilio, on_trunk, name, notes, tags, imports)| Drawn {
            capabilities,
            in_twilio,
            on_trunk: in_twilio && on_trunk,
            name,
            notes,
            tags,
            imports,
        },
    )
}

fn import() -> impl Strategy<Value = DrawnImport> {
    // One more than there are folders: that agent has none.
    let agents = || subsequence((0..=FOLDERS.len()).collect::<Vec<_>>(), 0..=2).prop_shuffle();
    let dates = (timestamp(), timestamp(), timestamp()).prop_map(|(first, second, third)| [first, second, third]);
    (dates, of(text()), of(of("https://example\\.com/[a-z]{1,8}")), agents(), agents(), agents()).prop_map(
        |(dates, nickname, webhook, inbound, outbound, sms)| DrawnImport {
            dates,
            nickname,
            webhook,
            inbound,
            outbound,
            sms,
        },
    )
}

fn agents(names: &[WorkspaceName], folders: &BTreeSet<usize>) -> AgentFolders {
    let mut agents = AgentFolders::default();
    for index in folders {
        let path = AgentPath::of_folder(FOLDERS[*index]).expect("a plain name");
        agents.folder(path.clone()).name = Some(format!("Agent {}", FOLDERS[*index]));
        for name in names {
            agents.add_id(&path, name, Some(agent_id(name, *index)));
        }
    }
    agents
}

fn agent_id(workspace: &WorkspaceName, index: usize) -> AgentId {
    AgentId::parse(&format!("agent_{workspace}_{index}")).expect("not empty, without control characters")
}

fn place(directory: &mut Directory, number: PhoneNumber, drawn: &Drawn) {
    let mut workspaces = ByWorkspace::default();
    for (workspace, import) in &drawn.imports {
        let assignment = assignment(&directory.agents, workspace, number, import);
        workspaces.insert(workspace.clone(), workspace_entry(import, assignment.as_ref()));
        let files = directory.workspace_mut(workspace);
        files.numbers.numbers.push(registry_entry(number, drawn, import));
        files.assignments.assignments.extend(assignment);
    }
    directory.master.numbers.insert(number, number_entry(number, drawn, workspaces));
}

fn weighted(workspace: &WorkspaceName, agents: &[usize]) -> Vec<AgentWeight> {
    let share = if agents.len() > 1 { 0.5 } else { 1.0 };
    let weight = Weight::new(share).expect("in (0, 1]");
    let agent = |index: &usize| AgentWeight { agent_id: agent_id(workspace, *index), weight, agent_version: None };
    agents.iter().map(agent).collect()
}

fn assignment(
    folders: &AgentFolders,
    workspace: &WorkspaceName,
    phone_number: PhoneNumber,
    import: &DrawnImport,
) -> Option<Assignment> {
    let (inbound_agent_id, inbound_agents) = single_and_list(weighted(workspace, &import.inbound));
    let (outbound_agent_id, outbound_agents) = single_and_list(weighted(workspace, &import.outbound));
    let inbound_sms_agents = Some(weighted(workspace, &import.sms)).filter(|agents| !agents.is_empty());
    let agent_id = inbound_agent_id.clone().or_else(|| outbound_agent_id.clone());
    let agent_path = agent_id.as_ref().and_then(|id| folders.path_of(workspace, id)).cloned();
    if agent_id.is_none() && inbound_sms_agents.is_none() {
        return None;
    }
    let agent_name = match &agent_path {
        Some(path) => folders.name_of(path).map(str::to_owned),
        None => agent_id.as_ref().map(|id| format!("Retell's {id}")),
    };
    Some(Assignment {
        phone_number,
        agent_path,
        agent_name,
        assignment_type: AssignmentType::of(inbound_agent_id.as_ref(), outbound_agent_id.as_ref()),
        agent_id,
        inbound_agent_id,
        outbound_agent_id,
        inbound_agents,
        outbound_agents,
        inbound_sms_agents,
        outbound_sms_agents: None,
        assigned_date: Some(import.dates[1]),
        last_modified: Some(import.dates[2]),
    })
}

fn workspace_entry(import: &DrawnImport, assignment: Option<&Assignment>) -> WorkspaceEntry {
    WorkspaceEntry {
        imported: true,
        import_date: Some(import.dates[0]),
        agent_path: assignment.and_then(|assignment| assignment.agent_path.clone()),
        agent_id: assignment.and_then(|assignment| assignment.agent_id.clone()),
        assignment_type: Some(assignment.map_or(AssignmentType::Unassigned, |assignment| assignment.assignment_type)),
    }
}

fn registry_entry(phone_number: PhoneNumber, drawn: &Drawn, import: &DrawnImport) -> RegistryEntry {
    RegistryEntry {
        phone_number,
        phone_number_pretty: String::new(),
        phone_number_type: numbering::describe(phone_number).line,
        provider: provider(drawn),
        import_method: if drawn.on_trunk { ImportMethod::SipTrunk } else { ImportMethod::DirectPurchase },
        retell_type: None,
        import_date: Some(import.dates[0]),
        termination_uri: drawn.on_trunk.then(|| "mytrunk.pstn.twilio.com".to_owned()),
        auth_username: drawn.on_trunk.then(|| Some("retell_user".to_owned())),
        transport: drawn.on_trunk.then(|| "TLS".to_owned()),
        codecs: None,
        nickname: import.nickname.clone(),
        inbound_webhook_url: import.webhook.clone(),
        inbound_sms_webhook_url: import.webhook.clone(),
        fallback_number: None,
        allowed_inbound_country_list: None,
        allowed_outbound_country_list: None,
        assigned: false,
        last_modified: Some(import.dates[2]),
    }
}

fn provider(drawn: &Drawn) -> Provider {
    if drawn.in_twilio { Provider::Twilio } else { Provider::Custom }
}

fn number_entry(phone_number: PhoneNumber, drawn: &Drawn, workspaces: ByWorkspace<WorkspaceEntry>) -> NumberEntry {
    NumberEntry {
        phone_number,
        phone_number_pretty: String::new(),
        phone_number_type: numbering::describe(phone_number).line,
        provider: provider(drawn),
        area_code: None,
        country_code: None,
        capabilities: drawn.in_twilio.then_some(drawn.capabilities),
        twilio: drawn.in_twilio.then(|| TwilioData {
            phone_number_sid: number_sid(phone_number),
            trunk_sid: drawn.on_trunk.then(trunk_sid),
            friendly_name: drawn.name.clone(),
            date_created: None,
        }),
        left: None,
        workspaces,
        sip_config: drawn.on_trunk.then(|| SipConfig {
            termination_uri: Some("mytrunk.pstn.twilio.com".to_owned()),
            origination_uri: Some("sip:sip.retellai.com".to_owned()),
            auth_type: SipAuthType::Credential,
            has_credentials: true,
        }),
        notes: drawn.notes.clone(),
        tags: drawn.tags.clone(),
    }
}

fn number_sid(number: PhoneNumber) -> PhoneNumberSid {
    PhoneNumberSid::parse(&format!("PN{:0>32}", number.digits())).expect("32 digits")
}

fn trunk_sid() -> TrunkSid {
    TrunkSid::parse(TRUNK).expect("a SID")
}

fn trunks(numbers: &BTreeMap<PhoneNumber, Drawn>, moment: Timestamp) -> Option<TrunksFile> {
    let on_trunk = numbers.iter().filter(|(_, drawn)| drawn.on_trunk);
    let phone_numbers: Vec<TrunkNumber> = on_trunk
        .map(|(number, _)| TrunkNumber { phone_number_sid: number_sid(*number), phone_number: *number })
        .collect();
    if phone_numbers.is_empty() {
        return None;
    }
    let credential_list_sid = CredentialListSid::parse(CREDENTIAL_LIST).expect("a SID");
    let trunk = Trunk {
        trunk_sid: trunk_sid(),
        friendly_name: Some("Main Retell Trunk".to_owned()),
        domain_name: Some("mytrunk.pstn.twilio.com".to_owned()),
        auth_type: "credential_list".to_owned(),
        credential_list_sid: Some(credential_list_sid),
        credential_list_sids: None,
        origination_urls: vec![OriginationUrl {
            sid: OriginationUrlSid::parse(ORIGINATION_URL).expect("a SID"),
            sip_url: "sip:+14155550100@sip.retellai.com".to_owned(),
            friendly_name: None,
            priority: Count(1),
            weight: Count(1),
            enabled: None,
        }],
        phone_numbers,
        date_created: Some(moment),
        date_updated: None,
    };
    let credentials = CredentialList {
        credential_list_sid,
        friendly_name: None,
        usernames: vec!["retell_user".to_owned()],
        note: CREDENTIALS_NOTE.to_owned(),
    };
    Some(TrunksFile {
        schema: None,
        last_sync: Some(moment),
        trunks: BTreeMap::from([(trunk.trunk_sid, trunk)]),
        credentials: BTreeMap::from([(credential_list_sid, credentials)]),
    })
}

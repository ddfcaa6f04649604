//! Whole directories whose files agree with each other, as a sync leaves them behind.

use std::collections::BTreeMap;

use phone_dir::model::agent_folders::{AgentFile, AgentWorkspaceFile};
use phone_dir::model::assignments::single_and_list;
use phone_dir::model::equivalence::{canonical_agents, canonical_countries};
use phone_dir::model::master::{
    Capabilities, LeftBehind, LeftTwilio, NumberEntry, NumberType, Provider, SipConfig, TwilioData, WorkspaceEntry,
};
use phone_dir::model::presence::Optional;
use phone_dir::model::registry::{ImportMethod, RegistryEntry};
use phone_dir::model::sid::{PhoneNumberSid, TrunkSid};
use phone_dir::model::trunks::{TrunkNumber, TrunksFile};
use phone_dir::model::version::FormatVersion;
use phone_dir::model::{
    AgentFolders, AgentId, AgentPath, AgentWeight, Assignment, AssignmentType, ByWorkspace, Directory, LiveRecord,
    PhoneNumber, Timestamp, WorkspaceName, canonical, derive,
};
use phone_dir::snapshot::Snapshot;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::files::{capabilities, pools_file, prices_file, sip_config, sync_log, trunk, trunks_file};
use super::{countries, live_record, phone_number, shared, text, timestamp};

/// The agents' folders that a generated directory chooses from.
const FOLDERS: [&str; 4] = ["customer-service", "sales", "support-tier1", "emergency-line"];
const TRUNK: &str = "TK0123456789abcdef0123456789abcdef";

/// What is drawn for one number; the rest of its entry follows.
#[derive(Clone, Debug)]
struct Drawn {
    kind: NumberType,
    /// Who carries it where Twilio does not.
    elsewhere: Provider,
    capabilities: Option<Capabilities>,
    in_twilio: bool,
    on_trunk: bool,
    name: Option<String>,
    bought: Option<Timestamp>,
    left: Option<(Option<TrunkSid>, Option<Timestamp>)>,
    sip_config: Option<SipConfig>,
    notes: String,
    tags: Vec<String>,
    imports: BTreeMap<WorkspaceName, DrawnImport>,
}

#[derive(Clone, Debug)]
struct DrawnImport {
    /// Without it, the entry says that the workspace does not have the number.
    is_there: bool,
    dates: [Option<Timestamp>; 3],
    method: ImportMethod,
    retell_type: Option<String>,
    trunk: DrawnTrunk,
    nickname: Option<String>,
    webhooks: [Optional<String>; 2],
    fallback: Option<PhoneNumber>,
    countries: [Option<Vec<String>>; 2],
    /// Inbound, outbound, and the same for texts.
    agents: [Vec<AgentWeight>; 4],
    /// What Retell calls an agent that no folder has.
    agent_name: Option<String>,
    live: Option<LiveRecord>,
}

/// Where calls go out, as whom, and how.
#[derive(Clone, Debug)]
struct DrawnTrunk {
    termination_uri: Option<String>,
    auth_username: Optional<String>,
    transport: Option<String>,
    codecs: Option<Vec<String>>,
}

/// What is drawn for the files as wholes.
#[derive(Clone, Debug)]
struct DrawnFiles {
    schemas: [Option<String>; 3],
    organisation: Option<String>,
    updated: [Option<Timestamp>; 3],
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
        let numbers = btree_map(phone_number(), drawn(names.clone()).boxed(), 0..=8).boxed();
        let files = vec(drawn_files(), names.len() + 1);
        let version = select(vec!["1.0.0", "1.2.0"]);
        (
            numbers,
            agents(names.clone()).boxed(),
            files.boxed(),
            version,
            drawn_trunks().boxed(),
            of((sync_log(), of(pools_file()), of(prices_file()))).boxed(),
        )
            .prop_map(move |(numbers, agents, files, version, trunks, others)| {
                let (sync_log, pools, prices) =
                    others.map_or((None, None, None), |(sync_log, pools, prices)| (Some(sync_log), pools, prices));
                let mut directory = Directory { agents, sync_log, pools, prices, ..Directory::empty() };
                for (name, drawn) in names.iter().zip(&files) {
                    let files = directory.workspace_mut(name);
                    (files.numbers.schema, files.assignments.schema) =
                        (drawn.schemas[0].clone(), drawn.schemas[1].clone());
                    files.numbers.org_id.clone_from(&drawn.organisation);
                    (files.numbers.last_sync, files.assignments.last_updated) = (drawn.updated[0], drawn.updated[1]);
                }
                let last = &files[names.len()];
                (directory.master.schema, directory.master.last_updated) = (last.schemas[0].clone(), last.updated[0]);
                directory.master.version = FormatVersion::parse(version).expect("a version");
                directory.trunks = agreeing(trunks, &numbers);
                for (number, drawn) in &numbers {
                    place(&mut directory, *number, drawn);
                }
                derive::recompute(&mut directory);
                directory
            })
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
            let file = AgentWorkspaceFile::of(id.clone());
            snapshot.insert(format!("{path}/{workspace}.json"), canonical::to_text(&file));
        }
    }
    snapshot
}

fn drawn_files() -> impl Strategy<Value = DrawnFiles> {
    let schemas = (of(text()), of(text()), of(text())).prop_map(|(one, two, three)| [one, two, three]);
    (schemas, of("org_[ab]"), dates()).prop_map(|(schemas, organisation, updated)| DrawnFiles {
        schemas,
        organisation,
        updated,
    })
}

fn dates() -> impl Strategy<Value = [Option<Timestamp>; 3]> {
    (of(timestamp()), of(timestamp()), of(timestamp())).prop_map(|(one, two, three)| [one, two, three])
}

fn drawn(names: Vec<WorkspaceName>) -> impl Strategy<Value = Drawn> {
    let length = names.len();
    let each: Vec<_> = names.iter().map(|name| import(name).boxed()).collect();
    let imports = (subsequence(names.clone(), 0..=length), each).prop_map(move |(chosen, imports)| {
        names.iter().cloned().zip(imports).filter(|(name, _)| chosen.contains(name)).collect()
    });
    let elsewhere = select(vec![Provider::Telnyx, Provider::Custom]);
    let line = (select(&NumberType::ALL[..]), elsewhere, of(capabilities()), of(text()), of(timestamp()));
    let places = (any::<bool>(), any::<bool>(), of((of(Just(trunk_sid())), of(timestamp()))), of(addressed()));
    (line.boxed(), places.boxed(), text(), vec(text(), 0..=2), imports.boxed()).prop_map(
        |(line, places, notes, tags, imports)| {
            let (kind, elsewhere, capabilities, name, bought) = line;
            let (in_twilio, on_trunk, left, sip_config) = places;
            let on_trunk = in_twilio && on_trunk;
            Drawn {
                kind,
                elsewhere,
                capabilities,
                in_twilio,
                on_trunk,
                name,
                bought,
                left: left.filter(|_| !on_trunk && has_some(&imports)),
                sip_config,
                notes,
                tags,
                imports,
            }
        },
    )
}

/// SIP settings with addresses; what is empty, or a slash, would mean the same as none.
fn addressed() -> impl Strategy<Value = SipConfig> {
    let hosts = of(select(vec!["mytrunk.pstn.twilio.com", "sip.carrier.example"]));
    let uris = of(select(vec!["sip:sip.retellai.com", "sip:5t4n6j0wnrl.sip.livekit.cloud"]));
    (sip_config(), hosts, uris).prop_map(|(sip, host, uri)| SipConfig {
        termination_uri: host.map(str::to_owned),
        origination_uri: uri.map(str::to_owned),
        ..sip
    })
}

/// Whether a workspace has the number.
fn has_some(imports: &BTreeMap<WorkspaceName, DrawnImport>) -> bool {
    imports.values().any(|import| import.is_there)
}

fn import(name: &WorkspaceName) -> impl Strategy<Value = DrawnImport> + use<> {
    let name = name.clone();
    // One more than there are folders: that agent has none.
    let id = move |index| agent_id(&name, index);
    let agents = || shared(id.clone(), FOLDERS.len() + 1).prop_map(|list| canonical_agents(&list));
    let webhook = || of(of("https://example\\.com/[a-z]{1,8}"));
    let countries = || of(countries()).prop_map(|list| list.map(|list| canonical_countries(&list)));
    let own = (
        prop_oneof![5 => Just(true), 1 => Just(false)],
        dates(),
        select(&ImportMethod::ALL[..]),
        of(text()),
        (of(text()), of(live_record())),
    );
    let reach = (webhook(), webhook(), of(phone_number()), countries(), countries());
    (
        own.boxed(),
        reach.boxed(),
        drawn_trunk().boxed(),
        (agents().boxed(), agents().boxed(), agents().boxed(), agents().boxed()),
        of(text()),
    )
        .prop_map(|(own, reach, trunk, agents, agent_name)| {
            let (is_there, dates, method, retell_type, (nickname, live)) = own;
            DrawnImport {
                is_there,
                dates,
                method,
                retell_type,
                trunk,
                nickname: nickname.filter(|name| !name.is_empty()),
                webhooks: [reach.0, reach.1],
                fallback: reach.2,
                countries: [reach.3, reach.4],
                agents: [agents.0, agents.1, agents.2, agents.3],
                agent_name,
                live,
            }
        })
}

fn drawn_trunk() -> impl Strategy<Value = DrawnTrunk> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let codecs = of(select(vec![owned(&["PCMU", "PCMA"]), owned(&["G722"])]));
    let uris = of(select(owned(&["mytrunk.pstn.twilio.com", "sip.carrier.example"])));
    (uris, of(of(select(owned(&["retell_user", "other"])))), of(select(owned(&["TLS", "UDP"]))), codecs).prop_map(
        |(termination_uri, auth_username, transport, codecs)| DrawnTrunk {
            termination_uri,
            auth_username,
            transport,
            codecs,
        },
    )
}

/// Some of the folders, some without a name, each with an id in some of the workspaces or in none.
fn agents(names: Vec<WorkspaceName>) -> impl Strategy<Value = AgentFolders> {
    let ids = vec(of(of(Just(()))), names.len());
    btree_map(0..FOLDERS.len(), (of(text()), ids), 0..=FOLDERS.len()).prop_map(move |folders| {
        let mut agents = AgentFolders::default();
        for (index, (agent_name, ids)) in folders {
            let path = AgentPath::of_folder(FOLDERS[index]).expect("a plain name");
            agents.folder(path.clone()).name = agent_name;
            for (name, id) in names.iter().zip(ids) {
                if let Some(id) = id {
                    agents.add_id(&path, name, id.map(|()| agent_id(name, index)));
                }
            }
        }
        agents
    })
}

fn agent_id(workspace: &WorkspaceName, index: usize) -> AgentId {
    AgentId::parse(&format!("agent_{workspace}_{index}")).expect("not empty, without control characters")
}

fn place(directory: &mut Directory, number: PhoneNumber, drawn: &Drawn) {
    let mut workspaces = ByWorkspace::default();
    for (workspace, import) in &drawn.imports {
        let assignment = if import.is_there { assignment(&directory.agents, workspace, number, import) } else { None };
        workspaces.insert(workspace.clone(), workspace_entry(import, assignment.as_ref()));
        if import.is_there {
            let files = directory.workspace_mut(workspace);
            files.numbers.numbers.push(registry_entry(number, drawn, import));
            files.assignments.assignments.extend(assignment);
        }
    }
    directory.master.numbers.insert(number, number_entry(number, drawn, workspaces));
}

fn assignment(
    folders: &AgentFolders,
    workspace: &WorkspaceName,
    phone_number: PhoneNumber,
    import: &DrawnImport,
) -> Option<Assignment> {
    let [inbound, outbound, inbound_sms, outbound_sms] = import.agents.clone();
    let (inbound_agent_id, inbound_agents) = single_and_list(inbound);
    let (outbound_agent_id, outbound_agents) = single_and_list(outbound);
    let [inbound_sms_agents, outbound_sms_agents] =
        [inbound_sms, outbound_sms].map(|agents| Some(agents).filter(|agents| !agents.is_empty()));
    let agent_id = inbound_agent_id.clone().or_else(|| outbound_agent_id.clone());
    let agent_path = agent_id.as_ref().and_then(|id| folders.path_of(workspace, id)).cloned();
    if agent_id.is_none() && inbound_sms_agents.is_none() && outbound_sms_agents.is_none() {
        return None;
    }
    let agent_name = match &agent_path {
        Some(path) => folders.name_of(path).map(str::to_owned),
        None => agent_id.as_ref().and(import.agent_name.clone()),
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
        outbound_sms_agents,
        assigned_date: import.dates[1],
        last_modified: import.dates[2],
    })
}

fn workspace_entry(import: &DrawnImport, assignment: Option<&Assignment>) -> WorkspaceEntry {
    if !import.is_there {
        return WorkspaceEntry {
            imported: false,
            import_date: None,
            agent_path: None,
            agent_id: None,
            assignment_type: None,
        };
    }
    WorkspaceEntry {
        imported: true,
        import_date: import.dates[0],
        agent_path: assignment.and_then(|assignment| assignment.agent_path.clone()),
        agent_id: assignment.and_then(|assignment| assignment.agent_id.clone()),
        assignment_type: Some(assignment.map_or(AssignmentType::Unassigned, |assignment| assignment.assignment_type)),
    }
}

fn registry_entry(phone_number: PhoneNumber, drawn: &Drawn, import: &DrawnImport) -> RegistryEntry {
    let (trunk, [inbound, outbound]) = (import.trunk.clone(), import.countries.clone());
    let [inbound_webhook_url, inbound_sms_webhook_url] = import.webhooks.clone();
    RegistryEntry {
        phone_number,
        phone_number_pretty: String::new(),
        phone_number_type: drawn.kind,
        provider: provider(drawn),
        import_method: import.method,
        retell_type: import.retell_type.clone(),
        import_date: import.dates[0],
        termination_uri: trunk.termination_uri,
        auth_username: trunk.auth_username,
        transport: trunk.transport,
        codecs: trunk.codecs,
        nickname: import.nickname.clone(),
        inbound_webhook_url,
        inbound_sms_webhook_url,
        fallback_number: import.fallback,
        allowed_inbound_country_list: inbound,
        allowed_outbound_country_list: outbound,
        assigned: false,
        last_modified: import.dates[2],
        live: import.live.clone().map(Box::new),
    }
}

fn provider(drawn: &Drawn) -> Provider {
    if drawn.in_twilio { Provider::Twilio } else { drawn.elsewhere }
}

fn number_entry(phone_number: PhoneNumber, drawn: &Drawn, workspaces: ByWorkspace<WorkspaceEntry>) -> NumberEntry {
    let from = if drawn.in_twilio { LeftBehind::Trunk } else { LeftBehind::Account };
    NumberEntry {
        phone_number,
        phone_number_pretty: String::new(),
        phone_number_type: drawn.kind,
        provider: provider(drawn),
        area_code: None,
        country_code: None,
        capabilities: drawn.capabilities.filter(|_| drawn.in_twilio),
        twilio: drawn.in_twilio.then(|| TwilioData {
            phone_number_sid: number_sid(phone_number),
            trunk_sid: drawn.on_trunk.then(trunk_sid),
            friendly_name: drawn.name.clone(),
            date_created: drawn.bought,
        }),
        left: drawn.left.map(|(trunk_sid, date)| LeftTwilio { from, trunk_sid, date }),
        workspaces,
        sip_config: drawn.sip_config.clone(),
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

/// The file of the trunks, with the one that the numbers are on.
fn drawn_trunks() -> impl Strategy<Value = TrunksFile> {
    (trunks_file().boxed(), trunk().boxed()).prop_map(|(mut file, trunk)| {
        // Two are enough, and what is drawn has to be small where it is printed.
        file.trunks = file.trunks.into_iter().take(1).chain([(trunk_sid(), trunk)]).collect();
        file
    })
}

/// The file whose trunks have the numbers that say so, and whose entries have the ids of their keys.
fn agreeing(mut file: TrunksFile, numbers: &BTreeMap<PhoneNumber, Drawn>) -> Option<TrunksFile> {
    let on_trunk = numbers.iter().filter(|(_, drawn)| drawn.on_trunk);
    let phone_numbers: Vec<TrunkNumber> = on_trunk
        .map(|(number, _)| TrunkNumber { phone_number_sid: number_sid(*number), phone_number: *number })
        .collect();
    if phone_numbers.is_empty() {
        return None;
    }
    for (sid, trunk) in &mut file.trunks {
        trunk.trunk_sid = *sid;
        trunk.phone_numbers = if *sid == trunk_sid() { phone_numbers.clone() } else { Vec::new() };
    }
    for (sid, list) in &mut file.credentials {
        list.credential_list_sid = *sid;
    }
    Some(file)
}

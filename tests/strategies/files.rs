//! Single files of any content: each value is one that its place can hold, but nothing agrees with anything.

use phone_dir::model::agent_folders::{AgentFile, AgentWorkspaceFile};
use phone_dir::model::canonical;
use phone_dir::model::master::{
    Capabilities, LeftBehind, LeftTwilio, MasterFile, Metadata, NumberEntry, NumberType, Provider, SipAuthType,
    SipConfig, TwilioData, WorkspaceEntry,
};
use phone_dir::model::pools::{Accepts, CountryCode, Member, MemberState, Pool, PoolName, RestPeriod, TakingOrder};
use phone_dir::model::prices::{PriceText, PricesByType, PricesFile};
use phone_dir::model::registry::{ImportMethod, NumbersFile, RegistryEntry, Summary};
use phone_dir::model::sync_log::{SyncLog, SyncRun, SyncStatus, SyncType};
use phone_dir::model::trunks::{CredentialList, OriginationUrl, Trunk, TrunkNumber, TrunksFile};
use phone_dir::model::{Assignment, AssignmentType, AssignmentsFile, Day, PoolsFile};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::{
    FEW, agent_id, agent_path, agent_weight, count, credential_list_sid, format_version, live_record,
    origination_url_sid, phone_number, phone_number_sid, text, timestamp, trunk_sid, workspace_name,
};

/// The canonical text of any file of the kind that a schema describes.
pub fn document(schema: &str) -> BoxedStrategy<String> {
    match schema {
        "directory" => master_file().prop_map(|file| canonical::to_text(&file)).boxed(),
        "numbers" => numbers_file().prop_map(|file| canonical::to_text(&file)).boxed(),
        "assignments" => assignments_file().prop_map(|file| canonical::to_text(&file)).boxed(),
        "pools" => pools_file().prop_map(|file| canonical::to_text(&file)).boxed(),
        "prices" => prices_file().prop_map(|file| canonical::to_text(&file)).boxed(),
        "trunks" => trunks_file().prop_map(|file| canonical::to_text(&file)).boxed(),
        "sync" => sync_log().prop_map(|file| canonical::to_text(&file)).boxed(),
        "agent" => of(text()).prop_map(|agent_name| canonical::to_text(&AgentFile { agent_name })).boxed(),
        "agent-workspace" => {
            of(agent_id()).prop_map(|agent_id| canonical::to_text(&AgentWorkspaceFile::of(agent_id))).boxed()
        }
        "workspaces" => workspaces_file().boxed(),
        _ => unreachable!("`{schema}` is not the name of a schema"),
    }
}

/// Any `prices.json`.
pub fn prices_file() -> impl Strategy<Value = PricesFile> {
    let price = of("[0-9]{1,9}(\\.[0-9]{1,9})?".prop_map(|text| PriceText::parse(&text).unwrap()));
    let by_type = btree_map(select(&NumberType::ALL[..]), price, FEW).prop_map(PricesByType);
    let country = || "[A-Z]{2}".prop_map(|text| CountryCode::parse(&text).unwrap());
    let list = || btree_map(country(), by_type.clone(), FEW);
    let day = timestamp().prop_map(|moment| Day::parse(&moment.as_str()[..10]).unwrap());
    (of(text()), day, text(), list(), list()).prop_map(|(schema, as_of, currency, twilio, trunking)| PricesFile {
        schema,
        as_of,
        currency,
        twilio,
        trunking,
    })
}

/// Any `directory.json`.
pub fn master_file() -> impl Strategy<Value = MasterFile> {
    let numbers = btree_map(phone_number(), number_entry(), FEW);
    (of(text()), format_version(), of(timestamp()), numbers, metadata()).prop_map(
        |(schema, version, last_updated, numbers, metadata)| MasterFile {
            schema,
            version,
            last_updated,
            numbers,
            metadata,
        },
    )
}

fn number_entry() -> impl Strategy<Value = NumberEntry> {
    let facts =
        (phone_number(), text(), select(&NumberType::ALL[..]), select(&Provider::ALL[..]), of(text()), of(text()));
    let parts = (
        of(capabilities()),
        of(twilio_data()),
        btree_map(workspace_name(), workspace_entry(), FEW),
        (of(sip_config()), of(left_twilio())),
        text(),
        vec(text(), FEW),
    );
    (facts, parts).prop_map(|(facts, parts)| {
        let (phone_number, phone_number_pretty, phone_number_type, provider, area_code, country_code) = facts;
        let (capabilities, twilio, workspaces, (sip_config, left), notes, tags) = parts;
        NumberEntry {
            phone_number,
            phone_number_pretty,
            phone_number_type,
            provider,
            area_code,
            country_code,
            capabilities,
            twilio,
            left,
            workspaces: workspaces.into_iter().collect(),
            sip_config,
            notes,
            tags,
        }
    })
}

/// Any capabilities.
pub fn capabilities() -> impl Strategy<Value = Capabilities> {
    any::<[bool; 4]>().prop_map(|[voice, sms, mms, fax]| Capabilities { voice, sms, mms, fax })
}

fn left_twilio() -> impl Strategy<Value = LeftTwilio> {
    (select(&LeftBehind::ALL[..]), of(trunk_sid()), of(timestamp())).prop_map(|(from, trunk_sid, date)| LeftTwilio {
        from,
        trunk_sid,
        date,
    })
}

fn twilio_data() -> impl Strategy<Value = TwilioData> {
    (phone_number_sid(), of(trunk_sid()), of(text()), of(timestamp())).prop_map(
        |(phone_number_sid, trunk_sid, friendly_name, date_created)| TwilioData {
            phone_number_sid,
            trunk_sid,
            friendly_name,
            date_created,
        },
    )
}

fn workspace_entry() -> impl Strategy<Value = WorkspaceEntry> {
    let kind = of(select(&AssignmentType::ALL[..]));
    (any::<bool>(), of(timestamp()), of(agent_path()), of(agent_id()), kind).prop_map(
        |(imported, import_date, agent_path, agent_id, assignment_type)| WorkspaceEntry {
            imported,
            import_date,
            agent_path,
            agent_id,
            assignment_type,
        },
    )
}

/// Any SIP settings.
pub fn sip_config() -> impl Strategy<Value = SipConfig> {
    (of(text()), of(text()), select(&SipAuthType::ALL[..]), any::<bool>()).prop_map(
        |(termination_uri, origination_uri, auth_type, has_credentials)| SipConfig {
            termination_uri,
            origination_uri,
            auth_type,
            has_credentials,
        },
    )
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let maps = (
        btree_map(workspace_name(), count(), FEW),
        btree_map(select(&NumberType::ALL[..]), count(), FEW),
        btree_map(select(&Provider::ALL[..]), count(), FEW),
    );
    (count(), maps, count(), count()).prop_map(
        |(total_numbers, (by_workspace, by_type, by_provider), assigned, unassigned)| Metadata {
            total_numbers,
            by_workspace,
            by_type,
            by_provider,
            assigned,
            unassigned,
        },
    )
}

/// Any `numbers.json`.
pub fn numbers_file() -> impl Strategy<Value = NumbersFile> {
    ((of(text()), of(text())), workspace_name(), of(timestamp()), vec(registry_entry(), FEW), summary()).prop_map(
        |((schema, org_id), workspace, last_sync, numbers, summary)| NumbersFile {
            schema,
            workspace,
            org_id,
            last_sync,
            numbers,
            summary,
        },
    )
}

fn registry_entry() -> impl Strategy<Value = RegistryEntry> {
    let facts = (
        phone_number(),
        text(),
        select(&NumberType::ALL[..]),
        select(&Provider::ALL[..]),
        select(&ImportMethod::ALL[..]),
    );
    let import = (of(text()), of(timestamp()), of(text()), of(of(text())), of(text()), of(of(text())));
    let trunk = (of(text()), of(vec(text(), FEW)), of(of(text())));
    let moment = (any::<bool>(), of(timestamp()), of(live_record()));
    let rules = (of(phone_number()), of(vec(text(), FEW)), of(vec(text(), FEW)), moment);
    (facts, import, trunk, rules).prop_map(|(facts, import, trunk, rules)| {
        let (phone_number, phone_number_pretty, phone_number_type, provider, import_method) = facts;
        let (retell_type, import_date, termination_uri, auth_username, nickname, inbound_webhook_url) = import;
        let (transport, codecs, inbound_sms_webhook_url) = trunk;
        let (fallback_number, allowed_inbound_country_list, allowed_outbound_country_list, moment) = rules;
        let (assigned, last_modified, live) = moment;
        RegistryEntry {
            phone_number,
            phone_number_pretty,
            phone_number_type,
            provider,
            import_method,
            retell_type,
            import_date,
            termination_uri,
            auth_username,
            transport,
            codecs,
            nickname,
            inbound_webhook_url,
            inbound_sms_webhook_url,
            fallback_number,
            allowed_inbound_country_list,
            allowed_outbound_country_list,
            assigned,
            last_modified,
            live: live.map(Box::new),
        }
    })
}

fn summary() -> impl Strategy<Value = Summary> {
    (count(), count(), count(), btree_map(select(&ImportMethod::ALL[..]), count(), FEW)).prop_map(
        |(total, assigned, unassigned, import_methods)| Summary { total, assigned, unassigned, import_methods },
    )
}

/// Any `assignments.json`.
pub fn assignments_file() -> impl Strategy<Value = AssignmentsFile> {
    let by_agent = btree_map(agent_path(), vec(phone_number(), FEW), FEW);
    let derived = (by_agent, vec(phone_number(), FEW));
    (of(text()), workspace_name(), of(timestamp()), vec(assignment(), FEW), derived).prop_map(
        |(schema, workspace, last_updated, assignments, (by_agent, unassigned))| AssignmentsFile {
            schema,
            workspace,
            last_updated,
            assignments,
            by_agent,
            unassigned,
        },
    )
}

fn assignment() -> impl Strategy<Value = Assignment> {
    let list = || of(vec(agent_weight(), FEW));
    let agent = (phone_number(), of(agent_path()), of(text()), of(agent_id()), select(&AssignmentType::ALL[..]));
    let bound = (of(agent_id()), of(agent_id()), list(), list(), list(), list());
    (agent, bound, of(timestamp()), of(timestamp())).prop_map(|(agent, bound, assigned_date, last_modified)| {
        let (phone_number, agent_path, agent_name, agent_id, assignment_type) = agent;
        let (inbound_agent_id, outbound_agent_id, inbound_agents, outbound_agents, inbound_sms, outbound_sms) = bound;
        Assignment {
            phone_number,
            agent_path,
            agent_name,
            agent_id,
            assignment_type,
            inbound_agent_id,
            outbound_agent_id,
            inbound_agents,
            outbound_agents,
            inbound_sms_agents: inbound_sms,
            outbound_sms_agents: outbound_sms,
            assigned_date,
            last_modified,
        }
    })
}

/// Any `trunks.json`.
pub fn trunks_file() -> impl Strategy<Value = TrunksFile> {
    let credentials = btree_map(credential_list_sid(), credential_list(), FEW);
    (of(text()), of(timestamp()), btree_map(trunk_sid(), trunk(), FEW), credentials)
        .prop_map(|(schema, last_sync, trunks, credentials)| TrunksFile { schema, last_sync, trunks, credentials })
}

/// Any trunk.
pub fn trunk() -> impl Strategy<Value = Trunk> {
    let number = (phone_number_sid(), phone_number())
        .prop_map(|(phone_number_sid, phone_number)| TrunkNumber { phone_number_sid, phone_number });
    let names = (trunk_sid(), of(text()), of(text()), text());
    let lists =
        (of(credential_list_sid()), of(vec(credential_list_sid(), FEW)), vec(origination_url(), FEW), vec(number, FEW));
    (names, lists, of(timestamp()), of(timestamp())).prop_map(|(names, lists, date_created, date_updated)| {
        let (trunk_sid, friendly_name, domain_name, auth_type) = names;
        let (credential_list_sid, credential_list_sids, origination_urls, phone_numbers) = lists;
        Trunk {
            trunk_sid,
            friendly_name,
            domain_name,
            auth_type,
            credential_list_sid,
            credential_list_sids,
            origination_urls,
            phone_numbers,
            date_created,
            date_updated,
        }
    })
}

fn origination_url() -> impl Strategy<Value = OriginationUrl> {
    (origination_url_sid(), text(), of(text()), count(), count(), of(any::<bool>())).prop_map(
        |(sid, sip_url, friendly_name, priority, weight, enabled)| OriginationUrl {
            sid,
            sip_url,
            friendly_name,
            priority,
            weight,
            enabled,
        },
    )
}

fn credential_list() -> impl Strategy<Value = CredentialList> {
    (credential_list_sid(), of(text()), vec(text(), FEW), text()).prop_map(
        |(credential_list_sid, friendly_name, usernames, note)| CredentialList {
            credential_list_sid,
            friendly_name,
            usernames,
            note,
        },
    )
}

/// Any `sync.json`.
pub fn sync_log() -> impl Strategy<Value = SyncLog> {
    (of(text()), of(timestamp()), of(timestamp()), vec(sync_run(), FEW), of(timestamp()), count()).prop_map(
        |(schema, last_full_sync, last_incremental_sync, sync_history, next_sync, sync_interval_minutes)| SyncLog {
            schema,
            last_full_sync,
            last_incremental_sync,
            sync_history,
            next_sync,
            sync_interval_minutes,
        },
    )
}

fn sync_run() -> impl Strategy<Value = SyncRun> {
    let status = select(&SyncStatus::ALL[..]);
    (timestamp(), select(&SyncType::ALL[..]), count(), count(), count(), status).prop_map(
        |(timestamp, kind, numbers_synced, trunks_synced, duration_ms, status)| SyncRun {
            timestamp,
            kind,
            numbers_synced,
            trunks_synced,
            duration_ms,
            status,
        },
    )
}

/// The text of any `workspaces.json`, which the tool reads and never writes.
pub fn workspaces_file() -> impl Strategy<Value = String> {
    let settings = (text(), text(), text(), text()).prop_map(|(name, api_key_env, api_key, base_url)| {
        json!({"name": name, "api_key_env": api_key_env, "api_key": api_key, "base_url": base_url})
    });
    (btree_map(workspace_name().prop_map(|name| name.to_string()), settings, FEW), of(text())).prop_map(
        |(workspaces, schema)| {
            let mut document = json!(workspaces);
            if let Some(schema) = schema {
                document["$schema"] = json!(schema);
            }
            canonical::to_text(&document)
        },
    )
}

fn pool_name() -> impl Strategy<Value = PoolName> {
    "[A-Za-z0-9][A-Za-z0-9._-]{0,8}".prop_map(|text| PoolName::parse(&text).expect("a plain name"))
}

/// Any `pools.json`.
pub fn pools_file() -> impl Strategy<Value = PoolsFile> {
    let pools = btree_map(pool_name(), pool(), FEW);
    let members = btree_map(phone_number(), pool_member(), FEW);
    (of(text()), pools, members).prop_map(|(schema, pools, members)| PoolsFile { schema, pools, members })
}

fn pool() -> impl Strategy<Value = Pool> {
    let rest = (0_u32..=9999).prop_map(|days| RestPeriod::parse(&format!("{days}d")).expect("days"));
    let order = of(select(&TakingOrder::ALL[..]));
    (text(), of(text()), vec(workspace_name(), FEW), rest, order, of(accepts())).prop_map(
        |(purpose, owner, workspaces, quarantine, order, accepts)| Pool {
            purpose,
            owner,
            workspaces,
            quarantine,
            order,
            accepts,
        },
    )
}

fn accepts() -> impl Strategy<Value = Accepts> {
    let country = "[A-Z]{2}".prop_map(|text| CountryCode::parse(&text).expect("two capitals"));
    (of(country), of(vec(select(&NumberType::ALL[..]), FEW)), of(any::<bool>()))
        .prop_map(|(country, kinds, sms)| Accepts { country, kinds, sms })
}

/// Any member of a pool.
pub fn pool_member() -> impl Strategy<Value = Member> {
    let state = of(select(&MemberState::ALL[..]));
    let day = timestamp().prop_map(Day::of);
    (pool_name(), timestamp(), state, of(day), of(text()), of(text())).prop_map(
        |(pool, since, state, until, reason, allocated_for)| Member {
            pool,
            since,
            state,
            until,
            reason,
            allocated_for,
        },
    )
}

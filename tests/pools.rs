//! What is free in a pool, against a recomputation from the files' own JSON; the order in which it is taken; and merges
//! of `pools.json`.

use std::collections::{BTreeMap, BTreeSet};

use phone_dir::merge::stored::{self, Versions};
use phone_dir::merge::text::Labels;
use phone_dir::model::paths::FileKind;
use phone_dir::model::pools::{Member, PoolName};
use phone_dir::model::{AgentFolders, Day, Directory, PhoneNumber, PoolsFile, Timestamp, canonical};
use phone_dir::pools::choice::LastUses;
use phone_dir::pools::{Category, Choice, Inventory};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::strategies::directory::directory;
use crate::strategies::files::{pool_member, pools_file};

const TODAY: &str = "2026-11-29";

fn today() -> Day {
    Day::parse(TODAY).unwrap()
}

/// A directory, most of whose numbers are in pools.
fn with_pools() -> impl Strategy<Value = Directory> {
    let days = prop_oneof!["2026-11-28", "2026-11-29", "2027-01-01"];
    (directory(), pools_file(), vec((pool_member(), any::<u8>(), proptest::option::of(days)), 1..6)).prop_map(
        |(mut directory, mut file, drawn)| {
            let names: Vec<PoolName> = file.pools.keys().cloned().collect();
            let numbers: Vec<PhoneNumber> = directory.master.numbers.keys().copied().collect();
            for (at, number) in numbers.iter().enumerate() {
                let (member, choice, until) = &drawn[at % drawn.len()];
                let name = names.get(usize::from(*choice) % names.len().max(1)).cloned();
                let until = until.as_ref().map(|day| Day::parse(day).unwrap());
                let state = member.state.filter(|_| at % 3 == 0);
                let pool = name.unwrap_or_else(|| member.pool.clone());
                file.members.insert(*number, Member { pool, state, until, ..member.clone() });
            }
            directory.pools = Some(file);
            directory
        },
    )
}

pub fn files(directory: &Directory) -> BTreeMap<String, Value> {
    let parse = |(path, text): (String, String)| (path, serde_json::from_str(&text).unwrap());
    directory.to_files().into_iter().map(parse).collect()
}

fn is_something(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
}

pub fn listed<'a>(file: &'a Value, list: &str, number: &str) -> &'a Value {
    let found = file[list].as_array().into_iter().flatten().find(|entry| entry["phone_number"] == number);
    found.unwrap_or(&Value::Null)
}

/// Whether anything decides on a number's calls or messages in a workspace, by the bare files.
pub fn is_decided(files: &BTreeMap<String, Value>, number: &str, workspace: &str) -> bool {
    let none = Value::Null;
    let file = |name: &str| files.get(&format!("phone-numbers/{workspace}/{name}.json")).unwrap_or(&none);
    let [registered, assignment] = ["numbers", "assignments"].map(|list| listed(file(list), list, number));
    let agents = [
        "inbound_agent_id",
        "outbound_agent_id",
        "inbound_agents",
        "outbound_agents",
        "inbound_sms_agents",
        "outbound_sms_agents",
    ];
    let webhooks = ["inbound_webhook_url", "inbound_sms_webhook_url"];
    agents.iter().any(|name| is_something(&assignment[name]))
        || webhooks.iter().any(|name| is_something(&registered[name]))
        || agents.iter().chain(&webhooks).any(|name| is_something(&registered["live"][name]["is"]))
}

/// Whether a number may be taken, by the words of the documentation and the bare files.
fn is_naively_free(files: &BTreeMap<String, Value>, number: &str, workspace: &str) -> bool {
    let none = Value::Null;
    let file = |path: String| files.get(&path).unwrap_or(&none);
    let master = file("phone-numbers/directory.json".to_owned());
    let (entry, pools) = (&master["numbers"][number], file("phone-numbers/pools.json".to_owned()));
    let registered = listed(file(format!("phone-numbers/{workspace}/numbers.json")), "numbers", number);
    if entry.is_null() || registered.is_null() || is_decided(files, number, workspace) {
        return false;
    }
    let member = &pools["members"][number];
    let is_over = member["until"].as_str().is_some_and(|until| until < TODAY);
    if is_something(&member["state"]) && !is_over {
        return false;
    }
    if !entry["left"].is_null() || entry["capabilities"]["voice"] == json!(false) {
        return false;
    }
    let accepts = &pools["pools"][member["pool"].as_str().unwrap()]["accepts"];
    let kinds = accepts["type"].as_array();
    let is_accepted = (accepts["country"].is_null() || accepts["country"] == entry["country_code"])
        && kinds.is_none_or(|kinds| kinds.contains(&entry["phone_number_type"]))
        && (accepts["sms"] != json!(true) || entry["capabilities"]["sms"] == json!(true));
    is_accepted && has_a_line(master, entry, registered)
}

fn has_a_line(master: &Value, entry: &Value, registered: &Value) -> bool {
    let domain = registered["termination_uri"].as_str().unwrap_or_default();
    let is_at_twilio = !entry["twilio"].is_null() || phone_dir::model::sip::is_twilio(domain);
    if registered["import_method"] != "sip-trunk" || !is_at_twilio {
        return true;
    }
    if entry["twilio"].is_null() {
        return master["numbers"].as_object().unwrap().values().all(|entry| entry["twilio"].is_null());
    }
    let uri = entry["sip_config"]["origination_uri"].as_str().unwrap_or_default();
    let host = phone_dir::model::sip::host(uri);
    !entry["twilio"]["trunk_sid"].is_null() && (host == "sip.retellai.com" || host.ends_with(".sip.retellai.com"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_free_is_what_the_files_say(directory in with_pools()) {
        let (hosts, files) = (BTreeSet::new(), files(&directory));
        let inventory = Inventory::new(&directory, today(), &hosts);
        let members = &directory.pools.as_ref().unwrap().members;
        for workspace in directory.workspace_names() {
            for number in members.keys() {
                let is_free = inventory.obstacle(*number, &workspace).is_none();
                let expected = is_naively_free(&files, number.as_str(), workspace.as_str());
                prop_assert_eq!(is_free, expected, "{} in {}", number, workspace);
            }
        }
    }

    #[test]
    fn every_number_of_a_pool_is_counted_once(directory in with_pools()) {
        let hosts = BTreeSet::new();
        let inventory = Inventory::new(&directory, today(), &hosts);
        let file = directory.pools.as_ref().unwrap();
        for name in file.pools.keys() {
            let count = file.members.values().filter(|member| member.pool == *name).count();
            for tally in directory.workspace_names().iter().map(|workspace| inventory.tally(name, workspace)).chain([inventory.overall(name)]) {
                let sum: usize = Category::ALL.iter().map(|category| tally.of(*category)).sum();
                prop_assert_eq!((tally.total, sum), (count, count));
                prop_assert_eq!(tally.obstacles.values().sum::<usize>() + tally.of(Category::Free), count);
            }
        }
    }

    #[test]
    fn the_ranking_is_by_last_use_then_by_number(directory in with_pools(), moments in vec(0_i64..4, 8)) {
        let hosts = BTreeSet::new();
        let inventory = Inventory::new(&directory, today(), &hosts);
        let numbers = directory.master.numbers.keys().copied();
        // Zero stands for a number that was never used.
        let used = numbers.zip(&moments).filter(|(_, moment)| **moment > 0);
        let uses: LastUses = used.map(|(number, moment)| (number, Timestamp::from_unix_millis(moment * 1000).unwrap())).collect();
        let file = directory.pools.as_ref().unwrap();
        for (name, pool) in &file.pools {
            for workspace in directory.workspace_names() {
                let choice = Choice::of(&inventory, (name, &workspace), &uses, |_| true);
                let is_by_use = pool.order() == phone_dir::model::pools::TakingOrder::OldestFreeFirst;
                let key = |number: PhoneNumber| (uses.get(&number).filter(|_| is_by_use).copied(), number);
                prop_assert!(choice.ranking.is_sorted_by_key(|candidate| key(candidate.phone_number)));
                prop_assert_eq!(choice.ranking.len(), choice.tally.of(Category::Free));
            }
        }
    }
}

fn merged(base: &Value, ours: &Value, theirs: &Value) -> (String, usize) {
    let text = |value: &Value| canonical::to_text(&serde_json::from_value::<PoolsFile>(value.clone()).unwrap());
    let texts = [base, ours, theirs].map(text);
    let versions = Versions { base: texts[0].as_bytes(), ours: texts[1].as_bytes(), theirs: texts[2].as_bytes() };
    let merged = stored::merge(&FileKind::Pools, versions, &AgentFolders::default(), &Labels::default()).unwrap();
    (merged.text, merged.conflicts.len())
}

fn pools(members: &[(&str, Value)]) -> Value {
    let pool = json!({"purpose": "calls", "owner": null, "workspaces": [], "quarantine": "30d"});
    let members: BTreeMap<_, _> = members.iter().cloned().collect();
    json!({"pools": {"sales": pool, "support": pool}, "members": members})
}

fn of(pool: &str, since: &str) -> Value {
    json!({"pool": pool, "since": format!("{since}T00:00:00Z")})
}

#[test]
fn branches_that_touch_different_numbers_of_a_pool_merge() {
    let (one, two) = ("+14155550110", "+14155550111");
    let (base, day) = (pools(&[]), "2026-11-01");
    let (text, conflicts) = merged(&base, &pools(&[(one, of("sales", day))]), &pools(&[(two, of("support", day))]));
    assert_eq!(conflicts, 0);
    let expected = pools(&[(one, of("sales", day)), (two, of("support", day))]);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
}

#[test]
fn branches_that_put_one_number_into_one_pool_merge_to_the_older_date() {
    let number = "+14155550110";
    let (ours, theirs) = (pools(&[(number, of("sales", "2026-11-02"))]), pools(&[(number, of("sales", "2026-11-01"))]));
    assert_eq!(merged(&pools(&[]), &ours, &theirs), merged(&pools(&[]), &theirs, &ours));
    let (text, conflicts) = merged(&pools(&[]), &ours, &theirs);
    assert_eq!((conflicts, text.contains("2026-11-01T00:00:00Z")), (0, true));
}

#[test]
fn branches_that_take_the_same_number_are_in_conflict() {
    let number = "+14155550110";
    let base = pools(&[(number, of("sales", "2026-11-01"))]);
    let reserved = |reason: &str| {
        let mut member = of("sales", "2026-11-01");
        member["state"] = json!("reserved");
        (member["until"], member["reason"]) = (json!("2026-12-24"), json!(reason));
        pools(&[(number, member)])
    };
    let (text, conflicts) = merged(&base, &reserved("campaign 12"), &reserved("campaign 13"));
    assert_eq!(conflicts, 1);
    assert!(text.contains("<<<<<<< ours") && text.contains("campaign 12") && text.contains("campaign 13"), "{text}");
    let elsewhere = merged(&pools(&[]), &base, &pools(&[(number, of("support", "2026-11-01"))]));
    assert_eq!(elsewhere.1, 1);
}

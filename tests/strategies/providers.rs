//! What the providers might say of a directory: some of its numbers and some new ones, with any bindings.

use std::collections::BTreeMap;

use phone_dir::model::master::NumberType;
use phone_dir::model::sid::{PhoneNumberSid, TrunkSid};
use phone_dir::model::trunks::{CredentialList, Trunk};
use phone_dir::model::{AgentId, AgentWeight, Directory, PhoneNumber, Settings, WorkspaceName};
use phone_dir::reconcile::live::{
    Oddity, Organisation, RetellNumber, RetellType, RetellWorkspace, TwilioAccount, TwilioNumber,
};
use phone_dir::reconcile::{Complete, TwilioScope};
use proptest::collection::btree_set;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::files::{capabilities, trunks_file};
use super::{countries, live_record, phone_number, shared, text, timestamp};

/// Any complete reads of some of a directory's workspaces and, perhaps, of Twilio, with the scope of the run.
pub fn complete(directory: &Directory) -> impl Strategy<Value = (Complete, TwilioScope)> + use<> {
    let names: Vec<WorkspaceName> = directory.workspaces.keys().cloned().collect();
    let known: Vec<PhoneNumber> = directory.master.numbers.keys().copied().collect();
    let scopes: Vec<_> =
        names.iter().cloned().map(TwilioScope::RegisteredIn).chain([TwilioScope::WholeAccount]).collect();
    let read = subsequence(names.clone(), 0..=names.len());
    let retell = read.prop_flat_map({
        let known = known.clone();
        move |read| {
            let one = |name: WorkspaceName| (Just(name.clone()), retell_workspace(&name, known.clone()));
            read.into_iter().map(one).collect::<Vec<_>>()
        }
    });
    let twilio =
        (numbers(known), trunks(directory), of(text())).prop_flat_map(|(numbers, (trunks, credentials), odd)| {
            let sids: Vec<_> = trunks.iter().map(|trunk| trunk.trunk_sid).collect();
            let account = TwilioAccount {
                trunks,
                credentials,
                left_out: odd.iter().map(unreadable).collect(),
                oddities: odd.into_iter().map(oddity).collect(),
                ..TwilioAccount::default()
            };
            let each: Vec<_> = numbers.into_iter().map(|number| twilio_number(number, sids.clone())).collect();
            each.prop_map(move |numbers| TwilioAccount { numbers, ..account.clone() })
        });
    (retell, of(twilio), select::<TwilioScope>(scopes)).prop_map(|(retell, twilio, scope)| {
        let retell: BTreeMap<_, _> = retell.into_iter().collect();
        (Complete { twilio, retell }, scope)
    })
}

/// Some of the known numbers and up to two others, each once, sorted.
fn numbers(known: Vec<PhoneNumber>) -> impl Strategy<Value = Vec<PhoneNumber>> {
    let length = known.len();
    (subsequence(known, 0..=length), btree_set(phone_number(), 0..=2)).prop_map(|(some, mut others)| {
        others.extend(some);
        others.into_iter().collect()
    })
}

fn retell_workspace(name: &WorkspaceName, known: Vec<PhoneNumber>) -> impl Strategy<Value = RetellWorkspace> + use<> {
    let name = name.clone();
    numbers(known)
        .prop_flat_map(move |numbers| {
            numbers.into_iter().map(|number| retell_number(&name, number)).collect::<Vec<_>>()
        })
        .prop_flat_map(|numbers| {
            let bound =
                numbers.iter().flat_map(|number| [&number.settings.inbound_agents, &number.settings.outbound_agents]);
            let ids: Vec<_> = bound.flatten().map(|agent| agent.agent_id.clone()).collect();
            let length = ids.len();
            (Just(numbers), subsequence(ids, 0..=length), of(text()), organisation(), of(live_record()))
        })
        .prop_map(|(numbers, named, odd, organisation, record)| RetellWorkspace {
            records: numbers.first().map(|number| number.phone_number).into_iter().zip(record).collect(),
            numbers,
            agent_names: named.into_iter().map(|id| (id.clone(), format!("Retell's {id}"))).collect(),
            organisation,
            left_out: odd.iter().map(unreadable).collect(),
            oddities: odd.into_iter().map(oddity).collect(),
        })
}

/// Whom a key belongs to; two workspaces may share one.
fn organisation() -> impl Strategy<Value = Organisation> {
    prop_oneof![2 => "org_[ab]".prop_map(Organisation::Known), 1 => of(text()).prop_map(Organisation::NotKnown)]
}

/// What a provider has in place of a number, and no number of a directory is meant by.
fn unreadable(_: &String) -> String {
    "internal-7".to_owned()
}

/// Something odd; a sync reports it, and does nothing because of it.
fn oddity(subject: String) -> Oddity {
    let message = format!("it is odd in {} ways", subject.len());
    Oddity { subject, message }
}

fn retell_number(name: &WorkspaceName, phone_number: PhoneNumber) -> impl Strategy<Value = RetellNumber> + use<> {
    let types =
        [RetellType::Custom, RetellType::RetellTwilio, RetellType::RetellTelnyx, RetellType::Unknown("new".into())];
    let webhook = of("https://example\\.com/[a-z]{1,8}").boxed();
    let own = (select(types.to_vec()), of(text()), of(timestamp()), webhook.clone(), webhook);
    let reach = (of(super::phone_number()), countries(), countries(), any::<bool>());
    let agents = (agents(name), agents(name), agents(name), agents(name));
    (own, reach, trunk(), agents).prop_map(move |(own, reach, trunk, agents)| {
        let (retell_type, nickname, last_modified, inbound_webhook_url, inbound_sms_webhook_url) = own;
        let (inbound_agents, outbound_agents, inbound_sms_agents, outbound_sms_agents) = agents;
        RetellNumber {
            phone_number,
            retell_type,
            settings: Settings {
                inbound_agents,
                outbound_agents,
                inbound_sms_agents,
                outbound_sms_agents,
                nickname,
                inbound_webhook_url,
                inbound_sms_webhook_url,
                fallback_number: reach.0,
                allowed_inbound_country_list: reach.1,
                allowed_outbound_country_list: reach.2,
                termination_uri: trunk.0,
                auth_username: trunk.1,
                transport: trunk.2,
                codecs: trunk.3,
            },
            has_unread_fallback: reach.0.is_none() && reach.3,
            last_modified,
        }
    })
}

type TrunkOfNumber = (Option<String>, Option<String>, Option<String>, Option<Vec<String>>);

/// Where calls go out, as whom, and how; each is there or not without the others.
fn trunk() -> impl Strategy<Value = TrunkOfNumber> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let uris = owned(&["mytrunk.pstn.twilio.com", "sip.carrier.example"]);
    (
        of(select(uris)),
        of(select(owned(&["retell_user", "other"]))),
        of(select(owned(&["TLS", "UDP"]))),
        of(Just(owned(&["PCMU", "PCMA"]))),
    )
}

/// Up to three agents; the last one of the five has no folder.
fn agents(name: &WorkspaceName) -> impl Strategy<Value = Vec<AgentWeight>> + use<> {
    let name = name.clone();
    let id = move |index| AgentId::parse(&format!("agent_{name}_{index}")).expect("plain characters");
    shared(id, 5)
}

/// The directory's trunk or none of it, and others with credential lists of their own.
fn trunks(directory: &Directory) -> impl Strategy<Value = (Vec<Trunk>, Vec<CredentialList>)> + use<> {
    let known: Vec<_> = directory.trunks.iter().flat_map(|file| file.trunks.values().cloned()).collect();
    let length = known.len();
    (subsequence(known, 0..=length), trunks_file()).prop_map(|(mut trunks, others)| {
        trunks.extend(others.trunks.into_iter().map(|(trunk_sid, trunk)| Trunk { trunk_sid, ..trunk }));
        let list = |(credential_list_sid, list)| CredentialList { credential_list_sid, ..list };
        (trunks, others.credentials.into_iter().map(list).collect())
    })
}

fn twilio_number(phone_number: PhoneNumber, trunks: Vec<TrunkSid>) -> impl Strategy<Value = TwilioNumber> {
    let types = std::iter::once(None).chain(NumberType::ALL.iter().copied().map(Some)).collect::<Vec<_>>();
    let trunk = if trunks.is_empty() { Just(None).boxed() } else { of(select(trunks)).boxed() };
    (of(text()), select(types), of(capabilities()), trunk, of(timestamp())).prop_map(
        move |(friendly_name, number_type, capabilities, trunk_sid, date_created)| TwilioNumber {
            sid: PhoneNumberSid::parse(&format!("PN{:0>32}", phone_number.digits())).expect("32 digits"),
            phone_number,
            friendly_name,
            number_type,
            capabilities,
            trunk_sid,
            date_created,
        },
    )
}

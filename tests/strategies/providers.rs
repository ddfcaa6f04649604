//! What the providers might say of a directory: some of its numbers and some new ones, with any bindings.

use std::collections::BTreeMap;

use phone_dir::model::master::NumberType;
use phone_dir::model::sid::{PhoneNumberSid, TrunkSid};
use phone_dir::model::{AgentId, AgentWeight, Directory, PhoneNumber, Weight, WorkspaceName};
use phone_dir::reconcile::live::{RetellNumber, RetellType, RetellWorkspace, TwilioAccount, TwilioNumber};
use phone_dir::reconcile::{Complete, TwilioScope};
use proptest::collection::btree_set;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::files::capabilities;
use super::{phone_number, text, timestamp};

/// Any complete reads of some of a directory's workspaces and, perhaps, of Twilio, with the scope of the run.
pub fn complete(directory: &Directory) -> impl Strategy<Value = (Complete, TwilioScope)> + use<> {
    let names: Vec<WorkspaceName> = directory.workspaces.keys().cloned().collect();
    let known: Vec<PhoneNumber> = directory.master.numbers.keys().copied().collect();
    let trunks: Vec<_> = directory.trunks.iter().flat_map(|file| file.trunks.values().cloned()).collect();
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
    let twilio = numbers(known).prop_flat_map(move |numbers| {
        let trunk = trunks.first().map(|trunk| trunk.trunk_sid);
        let account = TwilioAccount { trunks: trunks.clone(), ..TwilioAccount::default() };
        let each: Vec<_> = numbers.into_iter().map(|number| twilio_number(number, trunk)).collect();
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
        .prop_map(|numbers| RetellWorkspace { numbers, ..RetellWorkspace::default() })
}

fn retell_number(name: &WorkspaceName, phone_number: PhoneNumber) -> impl Strategy<Value = RetellNumber> + use<> {
    let types =
        [RetellType::Custom, RetellType::RetellTwilio, RetellType::RetellTelnyx, RetellType::Unknown("new".into())];
    let webhook = of("https://example\\.com/[a-z]{1,8}");
    let uri = of(select(vec!["mytrunk.pstn.twilio.com".to_owned(), "sip.carrier.example".to_owned()]));
    let dice = (select(types.to_vec()), of(text()), webhook, uri, of(timestamp()));
    (dice, agents(name), agents(name), agents(name)).prop_map(
        move |(
            (retell_type, nickname, inbound_webhook_url, termination_uri, last_modified),
            inbound,
            outbound,
            sms,
        )| {
            RetellNumber {
                phone_number,
                retell_type,
                inbound_agents: inbound,
                outbound_agents: outbound,
                inbound_sms_agents: sms,
                outbound_sms_agents: Vec::new(),
                nickname,
                inbound_webhook_url,
                fallback_number: None,
                allowed_inbound_country_list: Vec::new(),
                allowed_outbound_country_list: Vec::new(),
                transport: None,
                auth_username: termination_uri.as_ref().map(|_| "retell_user".to_owned()),
                termination_uri,
                last_modified,
            }
        },
    )
}

/// Up to two agents with equal shares; the last one of the five has no folder.
fn agents(name: &WorkspaceName) -> impl Strategy<Value = Vec<AgentWeight>> + use<> {
    let name = name.clone();
    subsequence((0..5).collect::<Vec<_>>(), 0..=2).prop_shuffle().prop_map(move |indexes: Vec<usize>| {
        let share = if indexes.len() > 1 { 0.5 } else { 1.0 };
        let weight = Weight::new(share).expect("in (0, 1]");
        let id = |index| AgentId::parse(&format!("agent_{name}_{index}")).expect("plain characters");
        indexes.into_iter().map(|index| AgentWeight { agent_id: id(index), weight, agent_version: None }).collect()
    })
}

fn twilio_number(phone_number: PhoneNumber, trunk: Option<TrunkSid>) -> impl Strategy<Value = TwilioNumber> {
    let types = vec![None, Some(NumberType::Local), Some(NumberType::TollFree)];
    (of(text()), select(types), of(capabilities()), any::<bool>(), of(timestamp())).prop_map(
        move |(friendly_name, number_type, capabilities, on_trunk, date_created)| TwilioNumber {
            sid: PhoneNumberSid::parse(&format!("PN{:0>32}", phone_number.digits())).expect("32 digits"),
            phone_number,
            friendly_name,
            number_type,
            capabilities,
            trunk_sid: trunk.filter(|_| on_trunk),
            date_created,
        },
    )
}

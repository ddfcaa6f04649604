//! Generators of the model's values, for property tests: any value that a file can hold, in canonical form.
//!
//! [`files`] makes single files whose parts need not agree with each other, [`directory`] makes whole directories
//! that do, [`providers`] says what might have become of one, and [`mutation`] damages documents.

#![allow(dead_code)] // each test takes the generators that it needs

pub mod directory;
pub mod files;
pub mod mutation;
pub mod providers;

use std::ops::RangeInclusive;

use phone_dir::model::count::Count;
use phone_dir::model::phone_number::PhoneNumber;
use phone_dir::model::routing::{AgentVersion, AgentWeight, Weight};
use phone_dir::model::sid::{CredentialListSid, OriginationUrlSid, PhoneNumberSid, TrunkSid};
use phone_dir::model::version::FormatVersion;
use phone_dir::model::{AgentId, AgentPath, LiveRecord, Timestamp, WorkspaceName};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// How many elements a generated list or map has.
pub const FEW: RangeInclusive<usize> = 0..=3;
/// The largest whole number of a file: 2^53 - 1.
pub const LARGEST_COUNT: u64 = 9_007_199_254_740_991;

/// Any E.164 number, most of them of a range that is kept for fiction.
pub fn phone_number() -> impl Strategy<Value = PhoneNumber> {
    let text = prop_oneof![4 => "\\+1(415|212|800)55501[0-9]{2}", 1 => "\\+[1-9][0-9]{6,14}"];
    text.prop_map(|text| PhoneNumber::parse(&text).expect("the expression is E.164"))
}

/// Any moment from the year 0000 to 9999, in whole seconds.
pub fn timestamp() -> impl Strategy<Value = Timestamp> {
    // The first and the last second of those years, from 1970.
    (-62_167_219_200_i64..=253_402_300_799).prop_map(|seconds| {
        Timestamp::from_datetime(chrono::DateTime::from_timestamp(seconds, 0).expect("chrono reaches further"))
    })
}

/// Any text, also an empty one, also one with control characters.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![6 => "[ -~]{0,12}", 2 => "\\PC{0,8}", 1 => vec(any::<char>(), 0..6).prop_map(String::from_iter)]
}

/// Any agent id.
pub fn agent_id() -> impl Strategy<Value = AgentId> {
    prop_oneof![4 => "agent_[a-z0-9]{4,12}", 1 => "\\PC{1,8}"]
        .prop_filter_map("a control character", |text| AgentId::parse(&text).ok())
}

/// Any agent's folder.
pub fn agent_path() -> impl Strategy<Value = AgentPath> {
    "agents/[A-Za-z0-9_-][A-Za-z0-9._-]{0,8}".prop_map(|text| AgentPath::parse(&text).expect("a plain name"))
}

/// Any workspace name, most of them the default pair.
pub fn workspace_name() -> impl Strategy<Value = WorkspaceName> {
    prop_oneof![3 => "(staging|production)", 1 => "[A-Za-z0-9_-][A-Za-z0-9._-]{0,8}"]
        .prop_filter_map("a reserved name", |text| WorkspaceName::parse(&text).ok())
}

/// Any record of what Retell has.
pub fn live_record() -> impl Strategy<Value = LiveRecord> {
    let agents = || vec(agent_weight(), FEW);
    let pairs = (of((of(text()), of(text()))), of((agents(), agents())));
    pairs.prop_filter_map("a record of something", |(nickname, agents)| {
        let nickname = nickname.map(|(was, is)| ("nickname", serde_json::json!({ "was": was, "is": is })));
        let agents = agents.map(|(was, is)| ("inbound_agents", serde_json::json!({ "was": was, "is": is })));
        let record: serde_json::Map<_, _> =
            agents.into_iter().chain(nickname).map(|(name, pair)| (name.to_owned(), pair)).collect();
        serde_json::from_value(record.into()).ok()
    })
}

/// Any count that a file can hold.
pub fn count() -> impl Strategy<Value = Count> {
    prop_oneof![4 => 0..100_u64, 1 => 0..=LARGEST_COUNT, 1 => Just(LARGEST_COUNT)].prop_map(Count)
}

/// Any weight in (0, 1].
pub fn weight() -> impl Strategy<Value = Weight> {
    let share = prop_oneof![2 => Just(1.0), 4 => f64::MIN_POSITIVE..=1.0, 2 => (-300..0_i32).prop_map(|exponent| 10_f64.powi(exponent))];
    share.prop_map(|share| Weight::new(share).expect("the range is (0, 1]"))
}

/// Any agent version: a number or a tag.
pub fn agent_version() -> impl Strategy<Value = AgentVersion> {
    let tag = text().prop_filter("an empty tag", |tag| !tag.is_empty());
    prop_oneof![
        count().prop_map(|count| AgentVersion::Number(count.0)),
        tag.prop_map(|tag| AgentVersion::Tag(tag.into()))
    ]
}

/// Any weighted agent.
pub fn agent_weight() -> impl Strategy<Value = AgentWeight> {
    (agent_id(), weight(), of(agent_version())).prop_map(|(agent_id, weight, agent_version)| AgentWeight {
        agent_id,
        weight,
        agent_version,
    })
}

/// Any set of countries; none means all.
pub fn countries() -> impl Strategy<Value = Vec<String>> {
    let codes: Vec<String> = ["CA", "GB", "MX", "US"].map(str::to_owned).to_vec();
    prop_oneof![1 => Just(Vec::new()), 1 => subsequence(codes, 1..=3)]
}

/// Up to three of so many agents, the same one perhaps in two versions; their shares add up to 1.
pub fn shared(
    id: impl Fn(usize) -> AgentId + Clone + 'static,
    agents: usize,
) -> impl Strategy<Value = Vec<AgentWeight>> {
    // In several ways for the same agents.
    let shares = vec![vec![], vec![1.0], vec![0.5, 0.5], vec![0.8, 0.2], vec![0.2, 0.8], vec![0.5, 0.25, 0.25]];
    let who = subsequence((0..agents).collect::<Vec<_>>(), 3).prop_shuffle();
    let versions = vec(of(prop_oneof![0..4_u64, Just(7)]), 3);
    (select(shares), who, versions, any::<bool>()).prop_map(move |(shares, who, versions, twice)| {
        let agent = |(at, share): (usize, f64)| {
            let index = if twice && at == 1 { who[0] } else { who[at] };
            // Two versions of one agent are two entries; a tag is a version too.
            let version = match (twice && at == 1, versions[at]) {
                (true, _) => Some(AgentVersion::Tag("latest_published".into())),
                (false, Some(7)) => Some(AgentVersion::Tag("prod".into())),
                (false, number) => number.map(AgentVersion::Number),
            };
            AgentWeight { agent_id: id(index), weight: Weight::new(share).expect("in (0, 1]"), agent_version: version }
        };
        shares.into_iter().enumerate().map(agent).collect()
    })
}

/// Any version of the file format.
pub fn format_version() -> impl Strategy<Value = FormatVersion> {
    "(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})"
        .prop_map(|text| FormatVersion::parse(&text).expect("the expression is a version"))
}

macro_rules! sid_strategy {
    ($(#[$doc:meta])* $name:ident, $type:ident, $pattern:literal) => {
        $(#[$doc])*
        pub fn $name() -> impl Strategy<Value = $type> {
            $pattern.prop_map(|text| $type::parse(&text).expect("the expression is a SID"))
        }
    };
}

sid_strategy!(
    /// Any SID of a number.
    phone_number_sid, PhoneNumberSid, "PN[0-9a-fA-F]{32}"
);
sid_strategy!(
    /// Any SID of a trunk.
    trunk_sid, TrunkSid, "TK[0-9a-fA-F]{32}"
);
sid_strategy!(
    /// Any SID of a credential list.
    credential_list_sid, CredentialListSid, "CL[0-9a-fA-F]{32}"
);
sid_strategy!(
    /// Any SID of an origination URL.
    origination_url_sid, OriginationUrlSid, "OU[0-9a-fA-F]{32}"
);

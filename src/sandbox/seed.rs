//! The default Twilio account: numbers, trunks and credential lists that show every case worth showing.
//!
//! Everything is fixed, so that two runs give the same bytes. Numbers are the fictional 555-01xx of North America and
//! 020 7946 0xxx of London, which are reserved for drama.

use chrono::{DateTime, TimeDelta, Utc};

use super::account::{
    Account, Capabilities, CredentialList, IncomingNumber, OriginationUrl, SandboxTrunk, default_friendly_name,
};

/// The trunk that most numbers use: one credential list, two origination URLs of different priority.
pub(super) const MAIN_TRUNK: &str = "main";
/// The trunk with an IP access control list, and a disabled origination URL that would otherwise win.
pub(super) const SUPPORT_TRUNK: &str = "support";
/// The trunk with two credential lists, and two origination URLs of one priority.
pub(super) const SALES_TRUNK: &str = "sales";
/// The trunk that was never finished: no domain, no authentication, no numbers.
pub(super) const SPARE_TRUNK: &str = "spare";
/// The subaccount's trunk.
const BRANCH_TRUNK: &str = "branch";

/// The moment that the account was opened; every other date of the seed is an offset from it.
pub(super) fn opened() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_200_800, 0).unwrap_or_default()
}

/// A moment so many hours after the account was opened.
pub(super) fn hours_later(hours: i64) -> DateTime<Utc> {
    opened() + TimeDelta::hours(hours)
}

/// A SID with a fixed, even spread of digits: the same prefix and name give the same SID.
pub(super) fn sid(prefix: &str, name: &str) -> String {
    let half = |salt: u64| name.bytes().fold(salt, |state, byte| mix(state ^ u64::from(byte)));
    format!("{prefix}{:016x}{:016x}", half(0x5a4d), half(0xb0c5))
}

/// One step of the splitmix64 generator (public domain, Vigna).
pub(super) fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// Builds the default account, Twilio's part only.
pub(super) fn twilio_account() -> Account {
    Account {
        numbers: NUMBERS.iter().zip(0..).map(|(row, hour)| number(row, hours_later(hour))).collect(),
        trunks: [main_trunk(), support_trunk(), sales_trunk(), trunk(SPARE_TRUNK, "Spare Trunk")].into_iter().collect(),
        credential_lists: credential_lists().into_iter().collect(),
        ..Account::default()
    }
}

/// Builds the subaccount: its numbers are in no workspace, and its trunk is in no list of the main account.
pub(super) fn subaccount() -> Account {
    let trunk = SandboxTrunk {
        domain_name: Some("branch-retell.pstn.twilio.com".to_owned()),
        origination_urls: [origination("Branch", "sip:sip.retellai.com", 10, 1)].into_iter().collect(),
        credential_lists: vec![sid("CL", "branch")],
        ..trunk(BRANCH_TRUNK, "Branch Trunk")
    };
    Account {
        numbers: BRANCH_NUMBERS.iter().zip(0..).map(|(row, hour)| number(row, hours_later(hour))).collect(),
        trunks: [trunk].into_iter().collect(),
        credential_lists: [credential_list("branch", "Branch Credentials", &["branch_user"])].into_iter().collect(),
        ..Account::default()
    }
}

/// A number of the table: number, friendly name (empty: Twilio's default), type, trunk, what it can do.
type NumberRow = (&'static str, &'static str, &'static str, Option<&'static str>, Capabilities);

const ALL: Capabilities = Capabilities::VOICE_AND_MESSAGES;

const NUMBERS: [NumberRow; 13] = [
    ("+14155550101", "Customer Service Line", "local", Some(MAIN_TRUNK), ALL),
    ("+14155550102", "Sales Line", "local", Some(SALES_TRUNK), ALL),
    ("+14155550103", "Support Tier 1", "local", Some(SUPPORT_TRUNK), ALL),
    ("+14155550104", "Support Tier 2", "local", Some(SUPPORT_TRUNK), ALL),
    ("+12125550105", "Emergency Line", "local", Some(MAIN_TRUNK), ALL),
    ("+12125550106", "Old IVR", "local", Some(MAIN_TRUNK), ALL),
    ("+13125550107", "", "local", None, ALL),
    ("+13125550108", "Partner Routing", "local", Some(MAIN_TRUNK), ALL),
    ("+16465550109", "Text Concierge", "local", Some(MAIN_TRUNK), ALL),
    ("+14155550110", "", "local", Some(MAIN_TRUNK), ALL),
    ("+18885550142", "Sales Hotline", "tollfree", Some(SALES_TRUNK), Capabilities::VOICE_AND_SMS),
    ("+18005550143", "Survey Calls", "tollfree", Some(MAIN_TRUNK), Capabilities::VOICE_AND_SMS),
    ("+442079460113", "London Office", "local", Some(MAIN_TRUNK), Capabilities::VOICE_ONLY),
];

const BRANCH_NUMBERS: [NumberRow; 2] = [
    ("+13125550171", "Branch Line", "local", Some(BRANCH_TRUNK), ALL),
    ("+13125550172", "Branch Fax", "local", None, ALL),
];

fn number(&(phone_number, name, kind, trunk, capabilities): &NumberRow, created: DateTime<Utc>) -> IncomingNumber {
    let friendly_name = if name.is_empty() { default_friendly_name(phone_number) } else { name.to_owned() };
    IncomingNumber {
        sid: sid("PN", phone_number),
        phone_number: phone_number.to_owned(),
        friendly_name,
        kind,
        capabilities,
        trunk_sid: trunk.map(|trunk| sid("TK", trunk)),
        voice_url: String::new(),
        created,
        updated: created + TimeDelta::minutes(30),
    }
}

/// A trunk without domain, authentication or origination URLs.
pub(super) fn trunk(name: &str, friendly_name: &str) -> SandboxTrunk {
    SandboxTrunk {
        sid: sid("TK", name),
        friendly_name: friendly_name.to_owned(),
        domain_name: None,
        origination_urls: [].into_iter().collect(),
        credential_lists: Vec::new(),
        ip_access_control_lists: Vec::new(),
        created: opened(),
        updated: hours_later(77),
    }
}

/// An enabled origination URL; its name also makes its SID.
pub(super) fn origination(friendly_name: &str, sip_url: &str, priority: u16, weight: u16) -> OriginationUrl {
    OriginationUrl {
        sid: sid("OU", &format!("{friendly_name} {sip_url}")),
        friendly_name: friendly_name.to_owned(),
        sip_url: sip_url.to_owned(),
        priority,
        weight,
        enabled: true,
        created: opened(),
        updated: hours_later(2),
    }
}

fn main_trunk() -> SandboxTrunk {
    SandboxTrunk {
        domain_name: Some("main-retell.pstn.twilio.com".to_owned()),
        origination_urls: [
            origination("Retell Backup", "sip:sip.retellai.com;transport=tcp", 20, 1),
            origination("Retell Origination", "sip:+14155550101@sip.retellai.com", 10, 1),
        ]
        .into_iter()
        .collect(),
        credential_lists: vec![sid("CL", "retell")],
        ..trunk(MAIN_TRUNK, "Main Retell Trunk")
    }
}

fn support_trunk() -> SandboxTrunk {
    let retired = OriginationUrl { enabled: false, ..origination("Retired PBX", "sip:pbx.support.example", 1, 1) };
    SandboxTrunk {
        domain_name: Some("support-floor.pstn.twilio.com".to_owned()),
        origination_urls: [retired, origination("Support Floor", "sip:sip.retellai.com;transport=tls", 10, 1)]
            .into_iter()
            .collect(),
        ip_access_control_lists: vec![(sid("AL", "office"), "Office Addresses".to_owned())],
        ..trunk(SUPPORT_TRUNK, "Support Trunk")
    }
}

fn sales_trunk() -> SandboxTrunk {
    SandboxTrunk {
        domain_name: Some("sales-retell.pstn.twilio.com".to_owned()),
        origination_urls: [
            origination("Sales West", "sip:west.sip.retellai.com", 10, 30),
            origination("Sales East", "sip:sip.retellai.com", 10, 70),
        ]
        .into_iter()
        .collect(),
        credential_lists: vec![sid("CL", "sales"), sid("CL", "dialer")],
        ..trunk(SALES_TRUNK, "Sales Trunk")
    }
}

fn credential_lists() -> [CredentialList; 3] {
    [
        credential_list("retell", "Retell Credentials", &["retell_user", "retell_backup"]),
        credential_list("sales", "Sales Credentials", &["sales_user"]),
        credential_list("dialer", "Sales Dialer", &["dialer_user"]),
    ]
}

fn credential_list(name: &str, friendly_name: &str, users: &[&str]) -> CredentialList {
    CredentialList {
        sid: sid("CL", name),
        friendly_name: friendly_name.to_owned(),
        credentials: users.iter().map(|user| (sid("CR", user), (*user).to_owned())).collect(),
        created: opened(),
    }
}

//! What keeps a number from being taken in a workspace.

use std::collections::BTreeSet;

use crate::model::master::LeftBehind;
use crate::model::pools::{Accepts, MemberState, Pool};
use crate::model::{ImportMethod, NumberEntry, RegistryEntry, Setting, Settings, sip};

macro_rules! obstacles {
    ($($(#[$doc:meta])* $variant:ident($category:ident) = $code:literal, $words:literal;)+) => {
        /// Why a number is not free in a workspace.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Obstacle { $($(#[$doc])* $variant,)+ }

        impl Obstacle {
            /// Every obstacle, the one that is told first before the others.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)+ }
            }

            /// What a number with it is counted as.
            pub fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)+ }
            }
        }
    };
}

obstacles! {
    /// The directory does not have it.
    UnknownNumber(Unusable) = "unknown-number", "not in the directory";
    /// The workspace has not imported it.
    NotImported(NotImported) = "not-imported", "not imported";
    /// An agent answers its calls, or makes calls with it.
    VoiceAgent(InService) = "voice-agent", "with a voice agent";
    /// A webhook decides on its calls.
    Webhook(InService) = "webhook", "with a webhook";
    /// An agent answers or sends text messages.
    SmsAgent(InService) = "sms-agent", "with an SMS agent";
    /// A webhook decides on its text messages.
    SmsWebhook(InService) = "sms-webhook", "with an SMS webhook";
    /// It is not to be used again.
    Retired(Retired) = "retired", "retired";
    /// It is kept for something.
    Reserved(Reserved) = "reserved", "reserved";
    /// It rests.
    Quarantine(Quarantine) = "quarantine", "in quarantine";
    /// It left the Twilio account.
    LeftAccount(Unusable) = "left-account", "gone from the Twilio account";
    /// It is imported over a trunk of the account, which does not list it.
    Unlisted(Unusable) = "unlisted", "not listed by the Twilio account";
    /// No trunk carries it.
    NoTrunk(Unusable) = "no-trunk", "on no trunk";
    /// Its trunk has no enabled origination URL.
    NoUrl(Unusable) = "no-url", "on a trunk without an enabled URL";
    /// Its trunk leads to a host that Retell has retired.
    RetiredHost(Unusable) = "retired-host", "on a trunk to a retired SIP host";
    /// Its trunk leads to a host that is not Retell's.
    OtherHost(Unusable) = "other-host", "on a trunk that does not lead to Retell";
    /// It cannot carry calls.
    NoVoice(Unusable) = "no-voice", "without voice";
    /// The pool does not take such numbers.
    NotAccepted(Unusable) = "not-accepted", "not accepted by the pool";
    /// The filters of the question leave it out.
    LeftOut(Unusable) = "left-out", "left out by the filters";
}

/// What a number of a pool is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Something decides on its calls or messages.
    InService,
    /// It may be taken.
    Free,
    /// It is kept for something.
    Reserved,
    /// It rests.
    Quarantine,
    /// It is not to be used again.
    Retired,
    /// The workspace has not imported it.
    NotImported,
    /// Its calls would not arrive, or the pool does not take it.
    Unusable,
}

impl Category {
    /// Every category, the one that says most of a number in several workspaces first.
    pub const ALL: [Self; 7] = [
        Self::InService,
        Self::Free,
        Self::Reserved,
        Self::Quarantine,
        Self::Retired,
        Self::Unusable,
        Self::NotImported,
    ];

    /// Every category, in the order of the columns of tables.
    pub const COLUMNS: [Self; 7] = [
        Self::InService,
        Self::Free,
        Self::Reserved,
        Self::Quarantine,
        Self::Retired,
        Self::NotImported,
        Self::Unusable,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::InService => "in_service",
            Self::Free => "free",
            Self::Reserved => "reserved",
            Self::Quarantine => "quarantine",
            Self::Retired => "retired",
            Self::NotImported => "not_imported",
            Self::Unusable => "unusable",
        }
    }

    pub fn rank(self) -> usize {
        Self::ALL.iter().position(|category| *category == self).unwrap_or(Self::ALL.len())
    }
}

/// What decides on a number's calls or messages.
pub fn of_settings(settings: &Settings) -> Option<Obstacle> {
    let is_set = |setting: &Setting| !settings.is_unset(*setting);
    let deciding: [(&[Setting], Obstacle); 4] = [
        (&[Setting::InboundAgents, Setting::OutboundAgents], Obstacle::VoiceAgent),
        (&[Setting::InboundWebhookUrl], Obstacle::Webhook),
        (&[Setting::InboundSmsAgents, Setting::OutboundSmsAgents], Obstacle::SmsAgent),
        (&[Setting::InboundSmsWebhookUrl], Obstacle::SmsWebhook),
    ];
    deciding.into_iter().find(|(settings, _)| settings.iter().any(is_set)).map(|(_, obstacle)| obstacle)
}

pub fn of_state(state: MemberState) -> Obstacle {
    match state {
        MemberState::Reserved => Obstacle::Reserved,
        MemberState::Quarantine => Obstacle::Quarantine,
        MemberState::Retired => Obstacle::Retired,
    }
}

/// Whether calls to the number would arrive at Retell. `account_is_known` where the directory has Twilio's data of any
/// number; `hosts` are those, beside Retell's, that trunks may send calls to.
pub fn of_line(
    entry: &NumberEntry,
    registered: &RegistryEntry,
    account_is_known: bool,
    hosts: &BTreeSet<String>,
) -> Option<Obstacle> {
    match entry.left.map(|left| left.from) {
        Some(LeftBehind::Account) => return Some(Obstacle::LeftAccount),
        Some(LeftBehind::Trunk) => return Some(Obstacle::NoTrunk),
        None => {}
    }
    if entry.capabilities.is_some_and(|known| !known.voice) {
        return Some(Obstacle::NoVoice);
    }
    let is_over_trunk = registered.import_method == ImportMethod::SipTrunk;
    let is_at_twilio = entry.twilio.is_some() || registered.termination_uri.as_deref().is_some_and(sip::is_twilio);
    if is_over_trunk && is_at_twilio { of_trunk(entry, account_is_known, hosts) } else { None }
}

fn of_trunk(entry: &NumberEntry, account_is_known: bool, hosts: &BTreeSet<String>) -> Option<Obstacle> {
    let Some(twilio) = &entry.twilio else { return account_is_known.then_some(Obstacle::Unlisted) };
    if twilio.trunk_sid.is_none() {
        return Some(Obstacle::NoTrunk);
    }
    let Some(uri) = entry.sip_config.as_ref().and_then(|config| config.origination_uri.as_deref()) else {
        return Some(Obstacle::NoUrl);
    };
    let host = sip::host(uri);
    if sip::retired(&host).is_some() {
        return Some(Obstacle::RetiredHost);
    }
    (!sip::is_of_retell(&host) && !hosts.contains(&*host)).then_some(Obstacle::OtherHost)
}

/// Whether the pool takes such numbers.
pub fn of_pool(pool: &Pool, entry: &NumberEntry) -> Option<Obstacle> {
    let Accepts { country, kinds, sms } = pool.accepts.as_ref()?;
    let fits = country.is_none_or(|country| entry.country_code.as_deref() == Some(country.as_str()))
        && kinds.as_ref().is_none_or(|kinds| kinds.contains(&entry.phone_number_type))
        && (*sms != Some(true) || entry.capabilities.is_some_and(|known| known.sms));
    (!fits).then_some(Obstacle::NotAccepted)
}

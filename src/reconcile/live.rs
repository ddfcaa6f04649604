//! What the providers said: the input of reconciling, in the model's own types.
//!
//! A [`Read`] is one provider and one workspace. It is complete when every page arrived; only then may it
//! remove, unassign or clear anything.

use std::collections::BTreeMap;

use crate::model::master::{Capabilities, NumberType};
use crate::model::sid::{PhoneNumberSid, TrunkSid};
use crate::model::trunks::{CredentialList, Trunk};
use crate::model::{AgentId, AgentWeight, LiveRecord, PhoneNumber, Timestamp, WorkspaceName};

/// A provider of phone numbers or agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProviderName {
    /// Twilio: numbers, trunks, credentials.
    Twilio,
    /// Retell: imported numbers, agents.
    Retell,
}

impl ProviderName {
    /// The word in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Retell => "retell",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Twilio => "Twilio",
            Self::Retell => "Retell",
        }
    }
}

/// How far a read came.
#[derive(Debug)]
pub enum Outcome<T> {
    Complete(T),
    /// Some pages arrived, then this happened. What arrived is not used.
    Partial(crate::error::Error),
    Failed(crate::error::Error),
}

/// One read of one provider and, for Retell, one workspace.
#[derive(Debug)]
pub struct Read<T> {
    pub provider: ProviderName,
    /// The Retell workspace; none for Twilio's account.
    pub workspace: Option<WorkspaceName>,
    pub outcome: Outcome<T>,
    /// Items that arrived, of all kinds.
    pub items: usize,
    /// Requests that were sent, repeats included.
    pub requests: usize,
}

/// A number of the Twilio account.
#[derive(Clone, Debug, PartialEq)]
pub struct TwilioNumber {
    pub sid: PhoneNumberSid,
    pub phone_number: PhoneNumber,
    /// The name that people gave it.
    pub friendly_name: Option<String>,
    /// Twilio's type; none where Twilio says something this program does not know.
    pub number_type: Option<NumberType>,
    /// What it can carry.
    pub capabilities: Option<Capabilities>,
    /// The trunk that carries it.
    pub trunk_sid: Option<TrunkSid>,
    /// When it was bought.
    pub date_created: Option<Timestamp>,
}

/// A whole Twilio account, as far as phone-dir reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TwilioAccount {
    /// The numbers, each once, sorted.
    pub numbers: Vec<TwilioNumber>,
    /// Numbers in a spelling that is not E.164, as Twilio has it: they are left out, and remove nothing.
    pub left_out: Vec<String>,
    /// The trunks, their `phone_numbers` filled from the numbers' own `trunk_sid`.
    pub trunks: Vec<Trunk>,
    /// The credential lists of those trunks.
    pub credentials: Vec<CredentialList>,
    /// What was odd and did not stop the read.
    pub oddities: Vec<Oddity>,
}

/// Retell's own type of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetellType {
    /// Brought along over a SIP trunk.
    Custom,
    /// Bought by Retell at Twilio.
    RetellTwilio,
    /// Bought by Retell at Telnyx.
    RetellTelnyx,
    /// A type that did not exist when this program was written.
    Unknown(String),
}

/// A number of a Retell workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct RetellNumber {
    pub phone_number: PhoneNumber,
    /// How it came into Retell.
    pub retell_type: RetellType,
    /// The agents that answer calls; empty where none is bound.
    pub inbound_agents: Vec<AgentWeight>,
    /// The agents that make calls.
    pub outbound_agents: Vec<AgentWeight>,
    /// The agents that answer text messages.
    pub inbound_sms_agents: Vec<AgentWeight>,
    /// The agents that send text messages.
    pub outbound_sms_agents: Vec<AgentWeight>,
    /// The name that people gave it.
    pub nickname: Option<String>,
    /// The webhook that decides on each inbound call.
    pub inbound_webhook_url: Option<String>,
    /// The webhook that decides on each inbound text message.
    pub inbound_sms_webhook_url: Option<String>,
    /// Where inbound calls go when all of the workspace's concurrency is in use (or during an outage).
    pub fallback_number: Option<PhoneNumber>,
    /// Whether Retell has a fallback in a spelling that is not E.164: which one is not known then.
    pub has_unread_fallback: bool,
    /// The countries that may call; empty means all.
    pub allowed_inbound_country_list: Vec<String>,
    /// The countries that may be called; empty means all.
    pub allowed_outbound_country_list: Vec<String>,
    /// The SIP trunk's termination URI.
    pub termination_uri: Option<String>,
    /// The user name at the SIP trunk.
    pub auth_username: Option<String>,
    /// How Retell talks to the SIP trunk: `TLS` or `UDP`; none for Retell's default, `TCP`, and without a trunk.
    pub transport: Option<String>,
    /// The codecs of the SIP trunk, preferred ones first; none where the gateway chooses.
    pub codecs: Option<Vec<String>>,
    /// The last modification, cut to whole seconds.
    pub last_modified: Option<Timestamp>,
}

impl RetellNumber {
    /// The agents that are bound to it, for calls or for text messages; one may come several times.
    pub fn bound_agents(&self) -> impl Iterator<Item = &AgentId> {
        let lists = [&self.inbound_agents, &self.outbound_agents, &self.inbound_sms_agents, &self.outbound_sms_agents];
        lists.into_iter().flatten().map(|agent| &agent.agent_id)
    }

    /// A number as an import without any setting would leave it.
    pub fn bare(phone_number: PhoneNumber) -> Self {
        Self {
            phone_number,
            retell_type: RetellType::Custom,
            inbound_agents: Vec::new(),
            outbound_agents: Vec::new(),
            inbound_sms_agents: Vec::new(),
            outbound_sms_agents: Vec::new(),
            nickname: None,
            inbound_webhook_url: None,
            inbound_sms_webhook_url: None,
            fallback_number: None,
            has_unread_fallback: false,
            allowed_inbound_country_list: Vec::new(),
            allowed_outbound_country_list: Vec::new(),
            termination_uri: None,
            auth_username: None,
            transport: None,
            codecs: None,
            last_modified: None,
        }
    }
}

/// The agents of a workspace, with their names where they have one.
pub type ListedAgents = BTreeMap<AgentId, Option<String>>;

/// A whole Retell workspace, as far as phone-dir reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RetellWorkspace {
    /// The numbers, each once, sorted.
    pub numbers: Vec<RetellNumber>,
    /// Numbers in a spelling that is not E.164, as Retell has it: they are left out, and remove nothing.
    pub left_out: Vec<String>,
    /// The names of agents, for those without a folder.
    pub agent_names: BTreeMap<AgentId, String>,
    /// The organisation that the key belongs to.
    pub organisation: Organisation,
    /// What was odd and did not stop the read.
    pub oddities: Vec<Oddity>,
    /// What Retell has where git decided otherwise. No provider says this: `decision::hold` lays it over a read, whose
    /// numbers then have git's values.
    pub records: BTreeMap<PhoneNumber, LiveRecord>,
}

/// The organisation that a workspace's key belongs to; a read is complete without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Organisation {
    Known(String),
    /// Why it is not known, in words; none where it was not asked.
    NotKnown(Option<String>),
}

impl Default for Organisation {
    fn default() -> Self {
        Self::NotKnown(None)
    }
}

impl Organisation {
    /// The id, where it is known.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Known(id) => Some(id),
            Self::NotKnown(_) => None,
        }
    }
}

/// Something odd in a provider's answer: reported, and never a reason to drop data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// What it is about, as the provider wrote it: a number, a trunk's SID.
    pub subject: String,
    /// What is odd, lower case, without values a customer typed.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up::number;

    #[test]
    fn providers_have_a_word_for_machines_and_a_name_for_people() {
        let providers = [ProviderName::Twilio, ProviderName::Retell];
        assert_eq!(providers.map(ProviderName::as_str), ["twilio", "retell"]);
        assert_eq!(providers.map(ProviderName::title), ["Twilio", "Retell"]);
    }

    #[test]
    fn every_list_of_a_number_binds_agents_and_an_organisation_is_known_or_not() {
        let only = |id: &str| vec![AgentWeight::only(id.parse().unwrap())];
        let bound = RetellNumber {
            inbound_agents: only("a"),
            outbound_agents: only("b"),
            inbound_sms_agents: only("c"),
            outbound_sms_agents: only("d"),
            ..RetellNumber::bare(number(101))
        };
        assert_eq!(bound.bound_agents().map(AgentId::as_str).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!(RetellNumber::bare(number(101)).bound_agents().count(), 0);
        assert_eq!(Organisation::Known("org".to_owned()).id(), Some("org"));
        assert_eq!((Organisation::default().id(), Organisation::NotKnown(Some("why".to_owned())).id()), (None, None));
    }
}

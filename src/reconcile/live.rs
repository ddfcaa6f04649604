//! What the providers said: the input of reconciling, in the model's own types.
//!
//! A [`Read`] is one provider and one workspace. It is complete when every page arrived; only then may it
//! remove, unassign or clear anything.

use std::collections::BTreeMap;

use crate::model::master::{Capabilities, NumberType};
use crate::model::sid::{PhoneNumberSid, TrunkSid};
use crate::model::trunks::{CredentialList, Trunk};
use crate::model::{AgentId, LiveRecord, PhoneNumber, Setting, Settings, Timestamp, WorkspaceName};
use crate::words::word_enum;

word_enum! {
    /// A provider of phone numbers or agents.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ProviderName {
        /// Twilio: numbers, trunks, credentials.
        Twilio = "twilio",
        /// Retell: imported numbers, agents.
        Retell = "retell",
    }
}

impl ProviderName {
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
    pub retell_type: RetellType,
    /// What this program can change of it.
    pub settings: Settings,
    /// Whether Retell has a fallback in a spelling that is not E.164: which one is not known then.
    pub has_unread_fallback: bool,
    /// The last modification, cut to whole seconds.
    pub last_modified: Option<Timestamp>,
}

impl RetellNumber {
    /// The agents that are bound to it, for calls or for text messages; one may come several times.
    pub fn bound_agents(&self) -> impl Iterator<Item = &AgentId> {
        let lists = Setting::AGENTS.into_iter().map(|setting| self.settings.agents(setting));
        lists.flatten().map(|agent| &agent.agent_id)
    }

    /// A number as an import without any setting would leave it.
    pub fn bare(phone_number: PhoneNumber) -> Self {
        Self {
            phone_number,
            retell_type: RetellType::Custom,
            settings: Settings::default(),
            has_unread_fallback: false,
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
    use crate::model::AgentWeight;
    use crate::model::made_up::number;

    #[test]
    fn providers_have_a_word_for_machines_and_a_name_for_people() {
        let providers = [ProviderName::Twilio, ProviderName::Retell];
        assert_eq!(providers.map(ProviderName::as_str), ["twilio", "retell"]);
        assert_eq!(providers.map(ProviderName::title), ["Twilio", "Retell"]);
    }

    #[test]
    fn every_list_of_a_number_binds_agents_and_an_organisation_is_known_or_not() {
        let mut bound = RetellNumber::bare(number(101));
        for (setting, id) in Setting::AGENTS.into_iter().zip(["a", "b", "c", "d"]) {
            bound.settings = bound.settings.with_agents(setting, vec![AgentWeight::only(id.parse().unwrap())]);
        }
        assert_eq!(bound.bound_agents().map(AgentId::as_str).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!(RetellNumber::bare(number(101)).bound_agents().count(), 0);
        assert_eq!(Organisation::Known("org".to_owned()).id(), Some("org"));
        assert_eq!((Organisation::default().id(), Organisation::NotKnown(Some("why".to_owned())).id()), (None, None));
    }
}

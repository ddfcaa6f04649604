//! What a number has in a workspace, as far as this tool can change it: the same shape for the directory's files,
//! for what Retell says and for what a user asks.

mod answer;

use std::borrow::Cow;

use serde::Serialize;
use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde_json::{Value, json};

use super::field_value::{AsFieldValue, FieldValue};
use super::live_record::LivePair;
use super::number_field::NumberField;
use super::registry::DEFAULT_TRANSPORT;
use super::routing;
use super::{AgentId, AgentWeight, Assignment, Directory, PhoneNumber, RegistryEntry, WorkspaceName};

/// Defines the settings once: the field of [`Settings`], its name as a value, and what options and columns call it.
macro_rules! settings {
    ($($(#[$doc:meta])* $variant:ident $field:ident $option:literal: $type:ty,)+) => {
        /// The name of a setting.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Setting { $($(#[$doc])* $variant,)+ }

        /// Everything that a number has in a workspace; empty stands for what is not set.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct Settings { $($(#[$doc])* pub $field: $type,)+ }

        impl Setting {
            /// Every setting, in the order of the files.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The field's name in files and outputs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($field),)+ }
            }

            /// The name of the record that stands beside it, in outputs.
            pub fn record_name(self) -> &'static str {
                match self { $(Self::$variant => concat!("live.", stringify!($field)),)+ }
            }

            /// The name of the option of `phone update` that sets it.
            pub fn option(self) -> &'static str {
                match self { $(Self::$variant => $option,)+ }
            }

            /// The field of the files that holds it.
            pub fn field(self) -> NumberField {
                match self { $(Self::$variant => NumberField::$variant,)+ }
            }

            /// Writes a field of a record: what was live when git decided it, and what is live.
            pub(super) fn write_pair<M: SerializeMap>(
                self,
                was: &Settings,
                is: &Settings,
                map: &mut M,
            ) -> Result<(), M::Error> {
                match self {
                    $(Self::$variant => {
                        map.serialize_entry(self.as_str(), &LivePair { was: &was.$field, is: &is.$field })
                    })+
                }
            }

            /// Reads a field of a record.
            pub(super) fn read_pair<'de, M: MapAccess<'de>>(
                self,
                was: &mut Settings,
                is: &mut Settings,
                map: &mut M,
            ) -> Result<(), M::Error> {
                match self {
                    $(Self::$variant => {
                        let pair: LivePair<$type> = map.next_value()?;
                        (was.$field, is.$field) = (pair.was, pair.is);
                    })+
                }
                Ok(())
            }
        }

        impl Settings {
            /// A setting as comparisons see it.
            pub fn field_value(&self, setting: Setting) -> FieldValue {
                match setting { $(Setting::$variant => self.$field.as_field_value(),)+ }
            }

            /// A setting as files and outputs write it.
            pub fn value(&self, setting: Setting) -> Value {
                match setting { $(Setting::$variant => json!(self.$field),)+ }
            }

            /// Takes over a setting as files write it; says whether it is one.
            pub fn read_value(&mut self, setting: Setting, value: &Value) -> bool {
                match setting {
                    $(Setting::$variant => match serde_json::from_value::<$type>(value.clone()) {
                        Ok(value) => {
                            self.$field = value;
                            true
                        }
                        Err(_) => false,
                    },)+
                }
            }

            /// Whether a setting means the same on both sides.
            pub fn agrees(&self, other: &Self, setting: Setting) -> bool {
                let is_equal = match setting { $(Setting::$variant => self.$field == other.$field,)+ };
                is_equal || self.field_value(setting).says_the_same(&other.field_value(setting), setting.as_str())
            }

            /// Takes over a setting of `other`.
            pub fn take(&mut self, other: &Self, setting: Setting) {
                match setting { $(Setting::$variant => self.$field.clone_from(&other.$field),)+ }
            }

            /// Whether a setting is empty.
            pub fn is_unset(&self, setting: Setting) -> bool {
                match setting { $(Setting::$variant => self.$field == <$type>::default(),)+ }
            }
        }
    };
}

settings! {
    /// The agents that answer calls.
    InboundAgents inbound_agents "inbound-agent": Vec<AgentWeight>,
    /// The agents that make calls.
    OutboundAgents outbound_agents "outbound-agent": Vec<AgentWeight>,
    /// The agents that answer text messages.
    InboundSmsAgents inbound_sms_agents "inbound-sms-agent": Vec<AgentWeight>,
    /// The agents that send text messages.
    OutboundSmsAgents outbound_sms_agents "outbound-sms-agent": Vec<AgentWeight>,
    /// The SIP trunk's termination URI.
    TerminationUri termination_uri "termination-uri": Option<String>,
    /// The user name at the SIP trunk.
    AuthUsername auth_username "username": Option<String>,
    /// How Retell talks to the SIP trunk; Retell's default, `TCP`, where it is not set.
    Transport transport "transport": Option<String>,
    /// The codecs of the SIP trunk, preferred ones first; the gateway chooses where none are set.
    Codecs codecs "codecs": Option<Vec<String>>,
    Nickname nickname "nickname": Option<String>,
    /// The webhook that decides on each inbound call.
    InboundWebhookUrl inbound_webhook_url "webhook": Option<String>,
    /// The webhook that decides on each inbound text message.
    InboundSmsWebhookUrl inbound_sms_webhook_url "sms-webhook": Option<String>,
    /// Where inbound calls go when all of the workspace's concurrency is in use (or during an outage).
    FallbackNumber fallback_number "fallback": Option<PhoneNumber>,
    /// The countries that may call; empty means all.
    AllowedInboundCountryList allowed_inbound_country_list "inbound-countries": Vec<String>,
    /// The countries that may be called; empty means all.
    AllowedOutboundCountryList allowed_outbound_country_list "outbound-countries": Vec<String>,
}

impl Settings {
    /// Whether anything answers the calls that come in: an agent, or the webhook that names one.
    pub fn answers_calls(&self) -> bool {
        !self.inbound_agents.is_empty() || self.inbound_webhook_url.is_some()
    }
}

impl Setting {
    /// The settings that are lists of agents.
    pub const AGENTS: [Self; 4] =
        [Self::InboundAgents, Self::OutboundAgents, Self::InboundSmsAgents, Self::OutboundSmsAgents];
    /// The settings that Retell's import has no place for: only a number of the workspace can be given them.
    const LATER: [Self; 4] =
        [Self::InboundSmsAgents, Self::OutboundSmsAgents, Self::InboundSmsWebhookUrl, Self::FallbackNumber];

    /// Whether Retell takes it along with the import of a number.
    pub fn is_carried_by_import(self) -> bool {
        !Self::LATER.contains(&self)
    }

    /// Whether it is a list of agents.
    pub fn is_agents(self) -> bool {
        Self::AGENTS.contains(&self)
    }

    /// Whether git may decide it: what Retell can be told. The user name at the trunk is a fact, always followed.
    pub fn is_decision(self) -> bool {
        self != Self::AuthUsername
    }

    /// The fields of the files that say it: a list of voice agents has a short form.
    pub fn fields(self) -> impl Iterator<Item = NumberField> {
        let short = match self {
            Self::InboundAgents => Some(NumberField::InboundAgentId),
            Self::OutboundAgents => Some(NumberField::OutboundAgentId),
            _ => None,
        };
        [self.field()].into_iter().chain(short)
    }

    /// Every decision, in the order of the files.
    pub fn decisions() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|setting| setting.is_decision())
    }

    pub fn decision(name: &str) -> Option<Self> {
        Self::decisions().find(|setting| setting.as_str() == name)
    }
}

impl Settings {
    /// What the directory says; none where the workspace does not have the number.
    pub fn of_directory(directory: &Directory, workspace: &WorkspaceName, number: PhoneNumber) -> Option<Self> {
        let files = directory.workspaces.get(workspace)?;
        Some(Self::of_entries(files.registered(number)?, files.assignment(number)))
    }

    /// What a number's entries in a workspace's two files say.
    pub fn of_entries(entry: &RegistryEntry, assignment: Option<&Assignment>) -> Self {
        let sms = |list: Option<&Option<Vec<AgentWeight>>>| list.cloned().flatten().unwrap_or_default();
        Self {
            inbound_agents: assignment.map(|known| known.inbound()).unwrap_or_default(),
            outbound_agents: assignment.map(|known| known.outbound()).unwrap_or_default(),
            inbound_sms_agents: sms(assignment.map(|known| &known.inbound_sms_agents)),
            outbound_sms_agents: sms(assignment.map(|known| &known.outbound_sms_agents)),
            termination_uri: entry.termination_uri.clone(),
            auth_username: entry.auth_username().map(str::to_owned),
            transport: entry.transport().map(str::to_owned),
            codecs: entry.codecs().map(<[String]>::to_vec),
            nickname: entry.nickname.clone(),
            inbound_webhook_url: entry.inbound_webhook_url().map(str::to_owned),
            inbound_sms_webhook_url: entry.inbound_sms_webhook_url().map(str::to_owned),
            fallback_number: entry.fallback_number,
            allowed_inbound_country_list: entry.allowed_inbound_country_list.clone().unwrap_or_default(),
            allowed_outbound_country_list: entry.allowed_outbound_country_list.clone().unwrap_or_default(),
        }
    }

    /// The agents of a setting; none where it is not one of agents.
    pub fn agents(&self, setting: Setting) -> &[AgentWeight] {
        match setting {
            Setting::InboundAgents => &self.inbound_agents,
            Setting::OutboundAgents => &self.outbound_agents,
            Setting::InboundSmsAgents => &self.inbound_sms_agents,
            Setting::OutboundSmsAgents => &self.outbound_sms_agents,
            _ => &[],
        }
    }

    #[must_use]
    pub fn with_agents(mut self, setting: Setting, agents: Vec<AgentWeight>) -> Self {
        match setting {
            Setting::InboundAgents => self.inbound_agents = agents,
            Setting::OutboundAgents => self.outbound_agents = agents,
            Setting::InboundSmsAgents => self.inbound_sms_agents = agents,
            Setting::OutboundSmsAgents => self.outbound_sms_agents = agents,
            _ => {}
        }
        self
    }

    /// A setting in words, for messages: ids of agents, and `none` for what is not set.
    pub fn describe(&self, setting: Setting) -> String {
        let text = self.text(setting, &|id| id.as_str().into());
        if text.is_empty() { "none".to_owned() } else { format!("`{text}`") }
    }

    /// A setting as flags and lists take it, with agents as `name` calls them; empty for what is not set.
    pub fn text<'a>(&'a self, setting: Setting, name: &dyn Fn(&'a AgentId) -> Cow<'a, str>) -> String {
        match setting {
            Setting::InboundAgents
            | Setting::OutboundAgents
            | Setting::InboundSmsAgents
            | Setting::OutboundSmsAgents => routing::written(self.agents(setting), name),
            Setting::TerminationUri => self.termination_uri.clone().unwrap_or_default(),
            Setting::AuthUsername => self.auth_username.clone().unwrap_or_default(),
            Setting::Transport => self.transport.as_deref().unwrap_or(DEFAULT_TRANSPORT).to_owned(),
            Setting::Codecs => self.codecs.as_deref().unwrap_or_default().join(","),
            Setting::Nickname => self.nickname.clone().unwrap_or_default(),
            Setting::InboundWebhookUrl => self.inbound_webhook_url.clone().unwrap_or_default(),
            Setting::InboundSmsWebhookUrl => self.inbound_sms_webhook_url.clone().unwrap_or_default(),
            Setting::FallbackNumber => self.fallback_number.map(|number| number.to_string()).unwrap_or_default(),
            Setting::AllowedInboundCountryList => self.allowed_inbound_country_list.join(","),
            Setting::AllowedOutboundCountryList => self.allowed_outbound_country_list.join(","),
        }
    }
}

#[cfg(test)]
mod tests;

//! The fields in which two states of a number can differ, by the names that files and outputs give them.
//!
//! A field is one line of the table below, and one in [`diff::fields`](crate::diff::fields) for each file that has it.

use std::fmt;

use super::settings::Setting;

/// What a field says, which decides how a change of it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    /// The one agent that stands for all of them.
    Principal,
    /// The agents of one direction of calls.
    Calls,
    /// The agents of text messages.
    Messages,
    /// What else decides which way a call takes.
    Route,
    /// When something was seen.
    Date,
    /// What follows from the number itself.
    Derived,
    /// What Retell has where git decided otherwise.
    Record,
    /// What people decided about the number in a pool.
    Pool,
    Other,
}

macro_rules! fields {
    ($($variant:ident $name:literal $topic:ident,)+) => {
        /// A field of a number, in the directory as a whole or in a workspace.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum NumberField {
            $($variant,)+
            /// What Retell has of a setting that git decided otherwise.
            Live(Setting),
        }

        impl NumberField {
            /// The field's name, with dots into nested objects.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Live(setting) => setting.record_name(),
                }
            }

            fn topic(self) -> Topic {
                match self {
                    $(Self::$variant => Topic::$topic,)+
                    Self::Live(_) => Topic::Record,
                }
            }
        }
    };
}

fields! {
    AgentPath "agent_path" Principal,
    AgentName "agent_name" Principal,
    AgentId "agent_id" Principal,
    AssignmentType "assignment_type" Route,
    InboundAgentId "inbound_agent_id" Calls,
    OutboundAgentId "outbound_agent_id" Calls,
    InboundAgents "inbound_agents" Calls,
    OutboundAgents "outbound_agents" Calls,
    InboundSmsAgents "inbound_sms_agents" Messages,
    OutboundSmsAgents "outbound_sms_agents" Messages,
    AssignedDate "assigned_date" Date,
    LastModified "last_modified" Date,
    PhoneNumberPretty "phone_number_pretty" Derived,
    PhoneNumberType "phone_number_type" Derived,
    Provider "provider" Derived,
    AreaCode "area_code" Derived,
    CountryCode "country_code" Derived,
    ImportMethod "import_method" Other,
    RetellType "retell_type" Other,
    ImportDate "import_date" Date,
    TerminationUri "termination_uri" Other,
    AuthUsername "auth_username" Other,
    Transport "transport" Other,
    Codecs "codecs" Other,
    Nickname "nickname" Other,
    InboundWebhookUrl "inbound_webhook_url" Route,
    InboundSmsWebhookUrl "inbound_sms_webhook_url" Route,
    FallbackNumber "fallback_number" Route,
    AllowedInboundCountryList "allowed_inbound_country_list" Route,
    AllowedOutboundCountryList "allowed_outbound_country_list" Route,
    CapabilitiesVoice "capabilities.voice" Other,
    CapabilitiesSms "capabilities.sms" Other,
    CapabilitiesMms "capabilities.mms" Other,
    CapabilitiesFax "capabilities.fax" Other,
    TwilioPhoneNumberSid "twilio.phone_number_sid" Other,
    TwilioTrunkSid "twilio.trunk_sid" Other,
    TwilioFriendlyName "twilio.friendly_name" Other,
    TwilioDateCreated "twilio.date_created" Other,
    LeftFrom "left.from" Other,
    LeftTrunkSid "left.trunk_sid" Other,
    LeftDate "left.date" Other,
    SipTerminationUri "sip_config.termination_uri" Other,
    SipOriginationUri "sip_config.origination_uri" Other,
    SipAuthType "sip_config.auth_type" Other,
    SipHasCredentials "sip_config.has_credentials" Other,
    Notes "notes" Other,
    Tags "tags" Other,
    Pool "pool" Pool,
    PoolState "pool_state" Pool,
    PoolUntil "pool_until" Pool,
    PoolReason "pool_reason" Pool,
    PoolFor "pool_for" Pool,
}

impl NumberField {
    /// Whether a change of the field sends calls or messages another way.
    pub fn is_routing(self) -> bool {
        matches!(self.topic(), Topic::Calls | Topic::Messages | Topic::Route)
    }

    /// Whether the field names voice agents.
    pub fn is_of_voice_agents(self) -> bool {
        matches!(self.topic(), Topic::Principal | Topic::Calls)
    }

    /// Whether the field names agents, of calls or of messages.
    pub fn names_agents(self) -> bool {
        matches!(self.topic(), Topic::Principal | Topic::Calls | Topic::Messages)
    }

    /// Whether the field names agents by what binds them: their ids.
    pub fn is_binding(self) -> bool {
        self == Self::AgentId || matches!(self.topic(), Topic::Calls | Topic::Messages)
    }

    /// Whether the field is a date that follows from what happened.
    pub fn is_date(self) -> bool {
        self.topic() == Topic::Date
    }

    /// The decision that the field records Retell's side of.
    pub fn recorded(self) -> Option<Setting> {
        match self {
            Self::Live(setting) => Some(setting),
            _ => None,
        }
    }

    /// Whether the field records what Retell has where git decided otherwise.
    pub fn is_record(self) -> bool {
        self.topic() == Topic::Record
    }

    /// Whether people decide it in a pool.
    pub fn is_of_pools(self) -> bool {
        self.topic() == Topic::Pool
    }

    /// Whether the field follows from when something was seen, or from the number itself.
    pub fn is_derived(self) -> bool {
        matches!(self.topic(), Topic::Date | Topic::Derived)
    }
}

impl fmt::Display for NumberField {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

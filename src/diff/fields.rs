//! Which fields each entry of the directory has, and what differs between two entries, field by field.

use super::{FieldChange, FieldValue, NumberField};
use crate::model::field_value::{AsFieldValue, RecordedValue};
use crate::model::master::WorkspaceEntry;
use crate::model::pools::Member;
use crate::model::{Assignment, LiveRecord, NumberEntry, RegistryEntry, Setting};

/// The fields of an entry in the order of its file, each with how it is read.
pub type FieldTable<T> = &'static [(NumberField, fn(&T) -> FieldValue)];

/// An entry that is compared field by field.
pub trait Compared: Sized + 'static {
    /// Its fields. Left out are the number itself, and what other fields say already.
    const FIELDS: FieldTable<Self>;
}

/// Lists the fields that differ between two entries; of a missing one every field is absent.
pub fn compare<T: Compared>(from: Option<&T>, to: Option<&T>) -> Vec<FieldChange> {
    let differs = |(field, read): &(NumberField, fn(&T) -> FieldValue)| {
        let [from, to] = [from, to].map(|entry| entry.map(read).unwrap_or_default());
        (!from.says_the_same(&to, field.as_str())).then_some(FieldChange { field: *field, from, to })
    };
    T::FIELDS.iter().filter_map(differs).collect()
}

/// A field of a nested object; absent where the object is.
fn nested<T>(object: Option<&T>, read: impl FnOnce(&T) -> FieldValue) -> FieldValue {
    object.map(read).unwrap_or_default()
}

impl Compared for Assignment {
    const FIELDS: FieldTable<Self> = &[
        (NumberField::AgentPath, |it| it.agent_path.as_field_value()),
        (NumberField::AgentName, |it| it.agent_name.as_field_value()),
        (NumberField::AgentId, |it| it.agent_id.as_field_value()),
        (NumberField::AssignmentType, |it| it.assignment_type.as_field_value()),
        (NumberField::InboundAgentId, |it| it.inbound_agent_id.as_field_value()),
        (NumberField::OutboundAgentId, |it| it.outbound_agent_id.as_field_value()),
        (NumberField::InboundAgents, |it| it.inbound_agents.as_field_value()),
        (NumberField::OutboundAgents, |it| it.outbound_agents.as_field_value()),
        (NumberField::InboundSmsAgents, |it| it.inbound_sms_agents.as_field_value()),
        (NumberField::OutboundSmsAgents, |it| it.outbound_sms_agents.as_field_value()),
        (NumberField::AssignedDate, |it| it.assigned_date.as_field_value()),
        (NumberField::LastModified, |it| it.last_modified.as_field_value()),
    ];
}

impl Compared for RegistryEntry {
    const FIELDS: FieldTable<Self> = &[
        (NumberField::PhoneNumberType, |it| it.phone_number_type.as_field_value()),
        (NumberField::Provider, |it| it.provider.as_field_value()),
        (NumberField::ImportMethod, |it| it.import_method.as_field_value()),
        (NumberField::RetellType, |it| it.retell_type.as_field_value()),
        (NumberField::ImportDate, |it| it.import_date.as_field_value()),
        (NumberField::TerminationUri, |it| it.termination_uri.as_field_value()),
        (NumberField::AuthUsername, |it| it.auth_username.as_field_value()),
        (NumberField::Transport, |it| it.transport.as_field_value()),
        (NumberField::Codecs, |it| it.codecs.as_field_value()),
        (NumberField::Nickname, |it| it.nickname.as_field_value()),
        (NumberField::InboundWebhookUrl, |it| it.inbound_webhook_url.as_field_value()),
        (NumberField::InboundSmsWebhookUrl, |it| it.inbound_sms_webhook_url.as_field_value()),
        (NumberField::FallbackNumber, |it| it.fallback_number.as_field_value()),
        (NumberField::AllowedInboundCountryList, |it| it.allowed_inbound_country_list.as_field_value()),
        (NumberField::AllowedOutboundCountryList, |it| it.allowed_outbound_country_list.as_field_value()),
        (NumberField::LastModified, |it| it.last_modified.as_field_value()),
        (NumberField::LiveInboundAgents, |it| recorded(it, Setting::InboundAgents)),
        (NumberField::LiveOutboundAgents, |it| recorded(it, Setting::OutboundAgents)),
        (NumberField::LiveInboundSmsAgents, |it| recorded(it, Setting::InboundSmsAgents)),
        (NumberField::LiveOutboundSmsAgents, |it| recorded(it, Setting::OutboundSmsAgents)),
        (NumberField::LiveTerminationUri, |it| recorded(it, Setting::TerminationUri)),
        (NumberField::LiveTransport, |it| recorded(it, Setting::Transport)),
        (NumberField::LiveCodecs, |it| recorded(it, Setting::Codecs)),
        (NumberField::LiveNickname, |it| recorded(it, Setting::Nickname)),
        (NumberField::LiveInboundWebhookUrl, |it| recorded(it, Setting::InboundWebhookUrl)),
        (NumberField::LiveInboundSmsWebhookUrl, |it| recorded(it, Setting::InboundSmsWebhookUrl)),
        (NumberField::LiveFallbackNumber, |it| recorded(it, Setting::FallbackNumber)),
        (NumberField::LiveAllowedInboundCountryList, |it| recorded(it, Setting::AllowedInboundCountryList)),
        (NumberField::LiveAllowedOutboundCountryList, |it| recorded(it, Setting::AllowedOutboundCountryList)),
    ];
}

/// Both halves of a record; absent where git and Retell agree.
fn recorded(entry: &RegistryEntry, setting: Setting) -> FieldValue {
    let record = entry.live.as_deref().filter(|record| record.has(setting));
    let halves = |record: &LiveRecord| RecordedValue {
        was: record.was().field_value(setting),
        is: record.is().field_value(setting),
    };
    record.map_or(FieldValue::Absent, |record| FieldValue::Record(Box::new(halves(record))))
}

impl Compared for WorkspaceEntry {
    const FIELDS: FieldTable<Self> = &[
        (NumberField::ImportDate, |it| it.import_date.as_field_value()),
        (NumberField::AgentPath, |it| it.agent_path.as_field_value()),
        (NumberField::AgentId, |it| it.agent_id.as_field_value()),
        (NumberField::AssignmentType, |it| it.assignment_type.as_field_value()),
    ];
}

impl Compared for Member {
    const FIELDS: FieldTable<Self> = &[
        (NumberField::Pool, |it| it.pool.as_field_value()),
        (NumberField::PoolState, |it| it.state.as_field_value()),
        (NumberField::PoolUntil, |it| it.until.as_field_value()),
        (NumberField::PoolReason, |it| it.reason.as_field_value()),
        (NumberField::PoolFor, |it| it.allocated_for.as_field_value()),
    ];
}

impl Compared for NumberEntry {
    const FIELDS: FieldTable<Self> = &[
        (NumberField::PhoneNumberPretty, |it| it.phone_number_pretty.as_field_value()),
        (NumberField::PhoneNumberType, |it| it.phone_number_type.as_field_value()),
        (NumberField::Provider, |it| it.provider.as_field_value()),
        (NumberField::AreaCode, |it| it.area_code.as_field_value()),
        (NumberField::CountryCode, |it| it.country_code.as_field_value()),
        (NumberField::CapabilitiesVoice, |it| nested(it.capabilities.as_ref(), |inner| inner.voice.as_field_value())),
        (NumberField::CapabilitiesSms, |it| nested(it.capabilities.as_ref(), |inner| inner.sms.as_field_value())),
        (NumberField::CapabilitiesMms, |it| nested(it.capabilities.as_ref(), |inner| inner.mms.as_field_value())),
        (NumberField::CapabilitiesFax, |it| nested(it.capabilities.as_ref(), |inner| inner.fax.as_field_value())),
        (NumberField::TwilioPhoneNumberSid, |it| {
            nested(it.twilio.as_ref(), |inner| inner.phone_number_sid.as_field_value())
        }),
        (NumberField::TwilioTrunkSid, |it| nested(it.twilio.as_ref(), |inner| inner.trunk_sid.as_field_value())),
        (NumberField::TwilioFriendlyName, |it| {
            nested(it.twilio.as_ref(), |inner| inner.friendly_name.as_field_value())
        }),
        (NumberField::TwilioDateCreated, |it| nested(it.twilio.as_ref(), |inner| inner.date_created.as_field_value())),
        (NumberField::LeftFrom, |it| nested(it.left.as_ref(), |inner| inner.from.as_field_value())),
        (NumberField::LeftTrunkSid, |it| nested(it.left.as_ref(), |inner| inner.trunk_sid.as_field_value())),
        (NumberField::LeftDate, |it| nested(it.left.as_ref(), |inner| inner.date.as_field_value())),
        (NumberField::SipTerminationUri, |it| {
            nested(it.sip_config.as_ref(), |inner| inner.termination_uri.as_field_value())
        }),
        (NumberField::SipOriginationUri, |it| {
            nested(it.sip_config.as_ref(), |inner| inner.origination_uri.as_field_value())
        }),
        (NumberField::SipAuthType, |it| nested(it.sip_config.as_ref(), |inner| inner.auth_type.as_field_value())),
        (NumberField::SipHasCredentials, |it| {
            nested(it.sip_config.as_ref(), |inner| inner.has_credentials.as_field_value())
        }),
        (NumberField::Notes, |it| it.notes.as_field_value()),
        (NumberField::Tags, |it| it.tags.as_field_value()),
    ];
}

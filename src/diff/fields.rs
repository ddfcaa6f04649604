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

    /// What Retell has where git decided otherwise.
    fn record(&self) -> Option<&LiveRecord> {
        None
    }
}

/// Lists the fields that differ between two entries; of a missing one every field is absent.
pub fn compare<T: Compared>(from: Option<&T>, to: Option<&T>) -> Vec<FieldChange> {
    let fields = T::FIELDS.iter().filter_map(|(field, read)| {
        let [from, to] = [from, to].map(|entry| entry.map(read).unwrap_or_default());
        difference(*field, from, to)
    });
    let records = [from, to].map(|entry| entry.and_then(T::record));
    let recorded = Setting::decisions().filter_map(|setting| {
        let [from, to] = records.map(|record| recorded(record, setting));
        difference(NumberField::Live(setting), from, to)
    });
    fields.chain(recorded).collect()
}

/// A field that has two values; none where both say the same.
pub(super) fn difference(field: NumberField, from: FieldValue, to: FieldValue) -> Option<FieldChange> {
    (!from.says_the_same(&to, field.as_str())).then_some(FieldChange { field, from, to })
}

/// Both halves of a record; absent where git and Retell agree.
fn recorded(record: Option<&LiveRecord>, setting: Setting) -> FieldValue {
    let Some(record) = record.filter(|record| record.has(setting)) else { return FieldValue::Absent };
    let (was, is) = (record.was().field_value(setting), record.is().field_value(setting));
    FieldValue::Record(Box::new(RecordedValue { was, is }))
}

/// A row a field: its name, and where it stands in the entry; behind `?`, in an object that may be absent.
macro_rules! field_table {
    (@ $entry:ident $field:ident) => { $entry.$field.as_field_value() };
    (@ $entry:ident $field:ident $inner:ident) => {
        $entry.$field.as_ref().map(|object| object.$inner.as_field_value()).unwrap_or_default()
    };
    ($($variant:ident $field:ident $(? $inner:ident)?,)+) => {
        &[$((NumberField::$variant, |entry| field_table!(@ entry $field $($inner)?))),+]
    };
}

impl Compared for Assignment {
    const FIELDS: FieldTable<Self> = field_table! {
        AgentPath agent_path,
        AgentName agent_name,
        AgentId agent_id,
        AssignmentType assignment_type,
        InboundAgentId inbound_agent_id,
        OutboundAgentId outbound_agent_id,
        InboundAgents inbound_agents,
        OutboundAgents outbound_agents,
        InboundSmsAgents inbound_sms_agents,
        OutboundSmsAgents outbound_sms_agents,
        AssignedDate assigned_date,
        LastModified last_modified,
    };
}

impl Compared for RegistryEntry {
    const FIELDS: FieldTable<Self> = field_table! {
        PhoneNumberType phone_number_type,
        Provider provider,
        ImportMethod import_method,
        RetellType retell_type,
        ImportDate import_date,
        TerminationUri termination_uri,
        AuthUsername auth_username,
        Transport transport,
        Codecs codecs,
        Nickname nickname,
        InboundWebhookUrl inbound_webhook_url,
        InboundSmsWebhookUrl inbound_sms_webhook_url,
        FallbackNumber fallback_number,
        AllowedInboundCountryList allowed_inbound_country_list,
        AllowedOutboundCountryList allowed_outbound_country_list,
        LastModified last_modified,
    };

    fn record(&self) -> Option<&LiveRecord> {
        self.live.as_deref()
    }
}

impl Compared for WorkspaceEntry {
    const FIELDS: FieldTable<Self> = field_table! {
        ImportDate import_date,
        AgentPath agent_path,
        AgentId agent_id,
        AssignmentType assignment_type,
    };
}

impl Compared for Member {
    const FIELDS: FieldTable<Self> = field_table! {
        Pool pool,
        PoolState state,
        PoolUntil until,
        PoolReason reason,
        PoolFor allocated_for,
    };
}

impl Compared for NumberEntry {
    const FIELDS: FieldTable<Self> = field_table! {
        PhoneNumberPretty phone_number_pretty,
        PhoneNumberType phone_number_type,
        Provider provider,
        AreaCode area_code,
        CountryCode country_code,
        CapabilitiesVoice capabilities?voice,
        CapabilitiesSms capabilities?sms,
        CapabilitiesMms capabilities?mms,
        CapabilitiesFax capabilities?fax,
        TwilioPhoneNumberSid twilio?phone_number_sid,
        TwilioTrunkSid twilio?trunk_sid,
        TwilioFriendlyName twilio?friendly_name,
        TwilioDateCreated twilio?date_created,
        LeftFrom left?from,
        LeftTrunkSid left?trunk_sid,
        LeftDate left?date,
        SipTerminationUri sip_config?termination_uri,
        SipOriginationUri sip_config?origination_uri,
        SipAuthType sip_config?auth_type,
        SipHasCredentials sip_config?has_credentials,
        Notes notes,
        Tags tags,
    };
}

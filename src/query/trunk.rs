//! SIP trunks with what belongs to them: origination URLs, credential lists, and the numbers that use them.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::trunks::{CredentialList, OriginationUrl, Trunk};
use crate::model::{Directory, PhoneNumber, TrunksFile};

/// A trunk as it is shown.
#[derive(Debug, Serialize)]
pub struct TrunkLine<'a> {
    pub trunk_sid: &'a str,
    pub friendly_name: Option<&'a str>,
    pub domain_name: Option<&'a str>,
    /// How calls to it prove who makes them.
    pub auth_type: &'a str,
    pub origination_urls: &'a [OriginationUrl],
    /// Its credential lists, with user names.
    pub credential_lists: Vec<&'a CredentialList>,
    /// Its numbers: those that Twilio lists for it, and those whose entry names it.
    pub phone_numbers: BTreeSet<PhoneNumber>,
}

/// Every trunk of the file, by its SID.
pub fn lines<'a>(directory: &'a Directory, file: &'a TrunksFile) -> Vec<TrunkLine<'a>> {
    file.trunks.values().map(|trunk| line(directory, file, trunk)).collect()
}

fn line<'a>(directory: &Directory, file: &'a TrunksFile, trunk: &'a Trunk) -> TrunkLine<'a> {
    let named = directory
        .master
        .numbers
        .values()
        .filter(|entry| entry.twilio.as_ref().and_then(|data| data.trunk_sid.as_ref()) == Some(&trunk.trunk_sid));
    let listed = trunk.phone_numbers.iter().map(|number| number.phone_number);
    let first = trunk.credential_list_sid.iter();
    let further =
        trunk.credential_list_sids.iter().flatten().filter(|sid| Some(*sid) != trunk.credential_list_sid.as_ref());
    TrunkLine {
        trunk_sid: trunk.trunk_sid.as_str(),
        friendly_name: trunk.friendly_name.as_deref(),
        domain_name: trunk.domain_name.as_deref(),
        auth_type: &trunk.auth_type,
        origination_urls: &trunk.origination_urls,
        credential_lists: first.chain(further).filter_map(|sid| file.credentials.get(sid)).collect(),
        phone_numbers: listed.chain(named.map(|entry| entry.phone_number)).collect(),
    }
}

//! Twilio's resources, field by field, into the model's types.
//!
//! Source: the published descriptions of `api.twilio.com` (2010-04-01) and `trunking.twilio.com` (v1).

use chrono::{DateTime, Utc};

use crate::model::count::Count;
use crate::model::master::{Capabilities, NumberType};
use crate::model::sid::{CredentialListSid, OriginationUrlSid, PhoneNumberSid, TrunkSid};
use crate::model::trunks::{CREDENTIALS_NOTE, CredentialList, OriginationUrl, Trunk};
use crate::model::{PhoneNumber, Timestamp};
use crate::providers::answer::{Field, Object};
use crate::providers::failure::shown;
use crate::reconcile::live::{Oddity, TwilioNumber};

/// An item of `IncomingPhoneNumbers`; none, and an oddity, where it is not an E.164 number.
pub(super) fn number(item: &Object<'_>, oddities: &mut Vec<Oddity>) -> Field<Option<TwilioNumber>> {
    let sid = item.required_parsed("sid", |text| PhoneNumberSid::parse(text).ok(), PhoneNumberSid::EXPECTED)?;
    let written = item.required("phone_number")?;
    let Ok(phone_number) = PhoneNumber::parse(written) else {
        oddities.push(odd(written, "Twilio has it as a number, but it is not in E.164 form; it is left out"));
        return Ok(None);
    };
    // Nothing else follows from it, so that a status in another form costs no number.
    if let Some(status) = item.text("status").ok().flatten().filter(|status| !is_in_use(status)) {
        let message = format!("Twilio gives it the status `{}`, so it may take no calls", shown(status, &[]));
        oddities.push(odd(written, &message));
    }
    Ok(Some(TwilioNumber {
        sid,
        phone_number,
        friendly_name: item.owned("friendly_name")?,
        number_type: number_type(item, written, oddities)?,
        capabilities: capabilities(item)?,
        trunk_sid: item.parsed("trunk_sid", |text| TrunkSid::parse(text).ok(), TrunkSid::EXPECTED)?,
        date_created: date(item, "date_created", written, oddities),
    }))
}

/// An item of `Trunks`, its lists still empty.
pub(super) fn trunk(item: &Object<'_>, oddities: &mut Vec<Oddity>) -> Field<Trunk> {
    let trunk_sid = item.required_parsed("sid", |text| TrunkSid::parse(text).ok(), TrunkSid::EXPECTED)?;
    let subject = trunk_sid.to_string();
    Ok(Trunk {
        trunk_sid,
        friendly_name: item.owned("friendly_name")?,
        domain_name: item.owned("domain_name")?,
        auth_type: item.text("auth_type")?.unwrap_or_default().to_ascii_lowercase(),
        credential_list_sid: None,
        credential_list_sids: None,
        origination_urls: Vec::new(),
        phone_numbers: Vec::new(),
        date_created: date(item, "date_created", &subject, oddities),
        date_updated: date(item, "date_updated", &subject, oddities),
    })
}

/// An item of a trunk's `OriginationUrls`.
pub(super) fn origination_url(item: &Object<'_>) -> Field<OriginationUrl> {
    let count = |name| Ok(Count(item.count(name)?.ok_or_else(|| item.wrong(name, "a whole number from 0"))?));
    Ok(OriginationUrl {
        sid: item.required_parsed("sid", |text| OriginationUrlSid::parse(text).ok(), OriginationUrlSid::EXPECTED)?,
        sip_url: item.required("sip_url")?.to_owned(),
        friendly_name: item.owned("friendly_name")?,
        priority: count("priority")?,
        weight: count("weight")?,
        enabled: item.flag("enabled")?.filter(|enabled| !enabled),
    })
}

/// An item of a trunk's `CredentialLists`, its user names still unknown.
pub(super) fn credential_list(item: &Object<'_>) -> Field<CredentialList> {
    let sid = item.required_parsed("sid", |text| CredentialListSid::parse(text).ok(), CredentialListSid::EXPECTED)?;
    Ok(CredentialList {
        credential_list_sid: sid,
        friendly_name: item.owned("friendly_name")?,
        usernames: Vec::new(),
        note: CREDENTIALS_NOTE.to_owned(),
    })
}

/// Whether a number of this status takes calls. The description names no values; `in-use` is what numbers have.
fn is_in_use(status: &str) -> bool {
    ["in-use", ""].contains(&status.to_ascii_lowercase().replace([' ', '_'], "-").as_str())
}

fn number_type(item: &Object<'_>, number: &str, oddities: &mut Vec<Oddity>) -> Field<Option<NumberType>> {
    let Some(written) = item.text("type")? else { return Ok(None) };
    // Twilio's pricing writes `toll free`.
    Ok(match written.to_ascii_lowercase().replace([' ', '-', '_'], "").as_str() {
        "local" => Some(NumberType::Local),
        "mobile" => Some(NumberType::Mobile),
        "tollfree" => Some(NumberType::TollFree),
        _ => {
            let message = format!("Twilio gives it the type `{}`, which is not known here", shown(written, &[]));
            oddities.push(odd(number, &message));
            None
        }
    })
}

pub(super) fn capabilities(item: &Object<'_>) -> Field<Option<Capabilities>> {
    let Some(object) = item.object("capabilities")? else { return Ok(None) };
    // Twilio's documentation has both spellings of the two abbreviations.
    let either = |lower: &str, upper: &str| Ok(object.flag(lower)?.or(object.flag(upper)?).unwrap_or(false));
    Ok(Some(Capabilities {
        voice: either("voice", "Voice")?,
        sms: either("sms", "SMS")?,
        mms: either("mms", "MMS")?,
        fax: either("fax", "Fax")?,
    }))
}

/// RFC 2822 at `api.twilio.com`, ISO 8601 at `trunking.twilio.com`. No other field follows from a date, so one that
/// cannot be read is left out and told of.
fn date(item: &Object<'_>, name: &str, subject: &str, oddities: &mut Vec<Oddity>) -> Option<Timestamp> {
    let parse = |text: &str| {
        let moment = DateTime::parse_from_rfc2822(text).or_else(|_| DateTime::parse_from_rfc3339(text)).ok()?;
        Some(Timestamp::from_datetime(moment.with_timezone(&Utc)))
    };
    item.parsed(name, parse, "a date in the form of RFC 2822 or ISO 8601").unwrap_or_else(|_| {
        oddities.push(odd(subject, &format!("its `{name}` is not a date that can be read; it is left out")));
        None
    })
}

fn odd(subject: &str, message: &str) -> Oddity {
    Oddity { subject: shown(subject, &[]), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::providers::failure::Cause;

    fn read(value: &Value) -> (Field<Option<TwilioNumber>>, Vec<Oddity>) {
        let mut oddities = Vec::new();
        let number = number(&Object::whole(value).unwrap(), &mut oddities);
        (number, oddities)
    }

    fn example() -> Value {
        json!({
            "sid": "PN0123456789abcdef0123456789abcdef",
            "phone_number": "+14155550123",
            "friendly_name": "Front desk",
            "type": "tollfree",
            "capabilities": {"voice": true, "SMS": true, "mms": false},
            "trunk_sid": "",
            "date_created": "Thu, 30 Jul 2015 23:19:04 +0000",
            "something_new": {"a": [1]},
        })
    }

    #[test]
    fn a_number_is_read_with_its_rfc_2822_date() {
        let number = read(&example()).0.unwrap().unwrap();
        assert_eq!(number.number_type, Some(NumberType::TollFree));
        assert_eq!(number.date_created.unwrap().as_str(), "2015-07-30T23:19:04Z");
        assert_eq!(number.capabilities, Some(Capabilities { voice: true, sms: true, mms: false, fax: false }));
        assert_eq!(number.trunk_sid, None);
    }

    #[test]
    fn an_iso_date_of_another_zone_becomes_utc() {
        let mut value = example();
        value["date_created"] = "2015-07-30T23:19:04+02:00".into();
        assert_eq!(read(&value).0.unwrap().unwrap().date_created.unwrap().as_str(), "2015-07-30T21:19:04Z");
    }

    #[test]
    fn a_date_that_cannot_be_read_costs_the_date_and_not_the_number() {
        for date in [json!("yesterday"), json!("0001-13-01T00:00:00Z"), json!(5), json!({})] {
            let mut value = example();
            value["date_created"] = date;
            let (number, oddities) = read(&value);
            assert_eq!(number.unwrap().unwrap().date_created, None);
            assert!(oddities[0].subject == "+14155550123" && oddities[0].message.contains("date_created"));
        }
    }

    #[test]
    fn a_number_that_is_not_in_use_is_told_with_its_status() {
        for (status, is_told) in [
            (json!("in-use"), false),
            (json!("In_Use"), false),
            (json!(null), false),
            (json!(7), false),
            (json!("released"), true),
            (json!("suspended"), true),
        ] {
            let mut value = example();
            value["status"] = status.clone();
            let (number, oddities) = read(&value);
            assert!(number.unwrap().is_some(), "{status}");
            assert_eq!(oddities.iter().any(|odd| odd.message.contains("may take no calls")), is_told, "{status}");
        }
    }

    #[test]
    fn what_is_odd_is_reported_and_what_is_wrong_is_an_error() {
        let mut unknown = example();
        unknown["type"] = "satellite".into();
        let (number, oddities) = read(&unknown);
        assert_eq!(number.unwrap().unwrap().number_type, None);
        assert!(oddities[0].message.contains("`satellite`"));

        let mut short = example();
        short["phone_number"] = "12345\u{1b}".into();
        let (number, oddities) = read(&short);
        assert_eq!(number, Ok(None));
        assert_eq!(oddities[0].subject, "12345\\u{1b}");

        let mut malformed = example();
        malformed["trunk_sid"] = "PN0123456789abcdef0123456789abcdef".into();
        assert_eq!(read(&malformed).0, Err(Cause::WrongType("trunk_sid".into(), TrunkSid::EXPECTED)));
    }
}

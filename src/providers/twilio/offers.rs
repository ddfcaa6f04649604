//! Numbers that Twilio would sell. It answers with a sample of about thirty, which pages do not walk through.

use super::wire::capabilities;
use crate::capacity::offer::{Offer, OfferQuestion, OfferedNumber};
use crate::error::Result;
use crate::model::{NumberType, PhoneNumber};
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::credentials::TwilioCredentials;
use crate::providers::failure::{Cause, Failure, shown};
use crate::providers::http::{Ask, Connection};

/// Asks for a sample of numbers, and for their price; it buys nothing.
pub fn offer(credentials: &TwilioCredentials, pricing: &BaseUrl, question: &OfferQuestion) -> Result<Offer> {
    super::billing::ask(credentials, Failure::describe, async |connection: &Connection<'_>| {
        let numbers = numbers(connection, credentials, question).await?;
        let prices = super::billing::number_prices(connection, pricing, &question.country).await?;
        Ok(Offer { numbers, price: prices.0.get(&question.kind).cloned().flatten() })
    })
}

/// Twilio's name of the list of a kind; none for a kind that it does not sell.
pub fn list_of(kind: NumberType) -> Option<&'static str> {
    match kind {
        NumberType::Local => Some("Local.json"),
        NumberType::TollFree => Some("TollFree.json"),
        NumberType::Mobile => Some("Mobile.json"),
        NumberType::National => Some("National.json"),
        NumberType::Voip => Some("Voip.json"),
        NumberType::Other => None,
    }
}

async fn numbers(
    connection: &Connection<'_>,
    credentials: &TwilioCredentials,
    question: &OfferQuestion,
) -> Result<Vec<OfferedNumber>, Failure> {
    let Some(list) = list_of(question.kind) else { return Ok(Vec::new()) };
    let (account, count) = (credentials.account.to_string(), question.count.to_string());
    let country = question.country.as_str();
    let parts = ["2010-04-01", "Accounts", &account, "AvailablePhoneNumbers", country, list];
    let mut query = vec![("PageSize", count.as_str())];
    query.extend(question.area_code.as_deref().map(|code| ("AreaCode", code)));
    let ask = Ask::get(&credentials.api, credentials.api.at(&parts, &query));
    let answer = match connection.read(&ask).await {
        // A country in which Twilio sells nothing of the kind has no list.
        Err(failure) if failure.cause == Cause::NotFound => return Ok(Vec::new()),
        answer => answer?,
    };
    let read = || {
        let items = Object::whole(&answer)?.required_objects("available_phone_numbers")?;
        items.iter().map(number).collect::<Field<Vec<_>>>()
    };
    let mut found: Vec<_> =
        read().map_err(|cause| Failure::new(cause, ask.endpoint()))?.into_iter().flatten().collect();
    found.truncate(usize::try_from(question.count).unwrap_or(usize::MAX));
    Ok(found)
}

/// One item; none for a number that is not in E.164, which could not be used.
fn number(item: &Object<'_>) -> Field<Option<OfferedNumber>> {
    let Ok(phone_number) = PhoneNumber::parse(item.required("phone_number")?) else { return Ok(None) };
    let text = |name: &str| Ok(item.text(name)?.map(|text| shown(text, &[])));
    Ok(Some(OfferedNumber {
        phone_number,
        locality: text("locality")?,
        region: text("region")?,
        capabilities: capabilities(item)?,
        address: text("address_requirements")?.filter(|word| word != "none"),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_read_as_twilio_writes_it() {
        let answer = json!({
            "phone_number": "+14155550107", "friendly_name": "(415) 555-0107", "locality": "Springfield", "region": "CA",
            "address_requirements": "none", "capabilities": {"voice": true, "SMS": true, "MMS": false}, "beta": false,
        });
        let read = number(&Object::whole(&answer).unwrap()).unwrap().unwrap();
        assert_eq!((read.locality.as_deref(), read.address.as_deref()), (Some("Springfield"), None));
        assert!(read.capabilities.is_some_and(|it| it.voice && it.sms && !it.mms));
        let short = json!({"phone_number": "11111"});
        assert_eq!(number(&Object::whole(&short).unwrap()).unwrap(), None);
        assert!(number(&Object::whole(&json!({})).unwrap()).is_err());
    }
}

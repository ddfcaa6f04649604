//! Twilio's price lists by country, and its usage records: what things cost, and what was billed.

use super::pages::{self, Lane, List};
use crate::activity::carrier::CarrierBill;
use crate::activity::money::MicroDollars;
use crate::error::{Error, Result};
use crate::model::NumberType;
use crate::model::pools::CountryCode;
use crate::model::prices::{PriceText, PricesByType};
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::clients::Clients;
use crate::providers::credentials::TwilioCredentials;
use crate::providers::failure::{Cause, Failure, Whom};
use crate::providers::http::{Ask, Connection};
use crate::providers::progress::Progress;
use crate::providers::retry::RetryLimits;
use crate::providers::runtime;

/// What Twilio billed in a category of usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord {
    /// The category, in Twilio's words.
    pub category: String,
    /// What it came to.
    pub price: MicroDollars,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryPrices {
    pub country: CountryCode,
    /// What a number costs a month, by kind.
    pub numbers: PricesByType,
    /// What a minute of an inbound call costs over a trunk, by kind.
    pub minutes: PricesByType,
}

/// Reads the price lists of countries.
pub fn prices(
    credentials: &TwilioCredentials,
    pricing: &BaseUrl,
    countries: &[CountryCode],
) -> Result<Vec<CountryPrices>> {
    // Without the whole list nothing can be told, whether a part arrived or none.
    ask(credentials, Failure::describe_partial, async |connection: &Connection<'_>| {
        let mut found = Vec::new();
        for country in countries {
            let numbers = number_prices(connection, pricing, country).await?;
            let minutes = list(connection, pricing, &["v2", "Trunking"], country, "originating_call_prices").await?;
            found.push(CountryPrices { country: *country, numbers, minutes });
        }
        Ok(found)
    })
}

/// Reads what was billed from one day to another, both included: one record a category.
pub fn usage_records(credentials: &TwilioCredentials, first: &str, last: &str) -> Result<Vec<UsageRecord>> {
    // Without the whole list nothing can be told, whether a part arrived or none.
    ask(credentials, Failure::describe_partial, async |connection: &Connection<'_>| {
        let account = credentials.account.to_string();
        let parts = ["2010-04-01", "Accounts", &account, "Usage", "Records.json"];
        let query = [("StartDate", first), ("EndDate", last), ("PageSize", "1000")];
        let records = List::Api2010 { base: &credentials.api, items: "usage_records" };
        let mut found = Vec::new();
        pages::walk(connection, &records, credentials.api.at(&parts, &query), Lane::Own, |item| {
            found.push(record(item)?);
            Ok(())
        })
        .await?;
        Ok(found)
    })
}

/// The bill for the minutes of calls over trunks. A category of Twilio's includes those below it, which never count beside.
pub fn carrier_bill(records: &[UsageRecord]) -> CarrierBill {
    let of =
        |category: &str| records.iter().filter(|record| record.category == category).map(|record| record.price).sum();
    CarrierBill { inbound: of("trunking-origination"), outbound: of("trunking-termination") }
}

pub(super) fn ask<T>(
    credentials: &TwilioCredentials,
    tell: fn(&Failure, &Whom) -> Error,
    read: impl AsyncFnOnce(&Connection<'_>) -> Result<T, Failure>,
) -> Result<T> {
    let clients = Clients::new(RetryLimits::default());
    let progress = Progress::silent();
    let connection = super::connect(&clients, credentials, &progress);
    let result = runtime()?.block_on(read(&connection));
    result.map_err(|failure| tell(&failure, &connection.whom))
}

/// What numbers of a country cost a month, by kind.
pub(super) async fn number_prices(
    connection: &Connection<'_>,
    pricing: &BaseUrl,
    country: &CountryCode,
) -> Result<PricesByType, Failure> {
    list(connection, pricing, &["v1", "PhoneNumbers"], country, "phone_number_prices").await
}

async fn list(
    connection: &Connection<'_>,
    base: &BaseUrl,
    product: &[&str],
    country: &CountryCode,
    items: &str,
) -> Result<PricesByType, Failure> {
    let parts = [product, &["Countries", country.as_str()]].concat();
    let ask = Ask::get(base, base.at(&parts, &[]));
    let answer = match connection.read(&ask).await {
        // A country in which Twilio sells nothing has no list.
        Err(failure) if failure.cause == Cause::NotFound => return Ok(PricesByType::default()),
        answer => answer?,
    };
    by_type(&answer, items).map_err(|cause| Failure::new(cause, ask.endpoint()))
}

fn by_type(answer: &serde_json::Value, items: &str) -> Field<PricesByType> {
    let whole = Object::whole(answer)?;
    let mut prices = PricesByType::default();
    if whole.text("price_unit")?.is_some_and(|unit| !unit.eq_ignore_ascii_case("usd")) {
        return Err(whole.wrong("price_unit", "`USD`"));
    }
    for item in whole.required_objects(items)? {
        let Some(kind) = item.text("number_type")?.and_then(number_type) else { continue };
        let price = |name: &str| item.parsed(name, |text| PriceText::parse(text).ok(), "a price as decimal text");
        let current = price("current_price")?;
        prices.0.insert(
            kind,
            match current {
                Some(price) => Some(price),
                None => price("base_price")?,
            },
        );
    }
    Ok(prices)
}

/// Twilio's word of its price list, which writes `toll free` with a blank.
fn number_type(word: &str) -> Option<NumberType> {
    let word = if word == "toll free" { "toll-free" } else { word };
    NumberType::ALL.iter().copied().find(|kind| kind.as_str() == word)
}

fn record(item: &Object<'_>) -> Field<UsageRecord> {
    let category = item.required("category")?.to_owned();
    // A price is decimal text; where nothing was billed it may be absent.
    let price = match item.value("price") {
        None => MicroDollars::default(),
        Some(serde_json::Value::String(text)) => dollars(item, text)?,
        Some(serde_json::Value::Number(number)) => dollars(item, &number.to_string())?,
        Some(_) => return Err(item.wrong("price", "an amount as decimal text")),
    };
    if price != MicroDollars::default()
        && item.text("price_unit")?.is_some_and(|unit| !unit.eq_ignore_ascii_case("usd"))
    {
        return Err(item.wrong("price_unit", "`usd`"));
    }
    Ok(UsageRecord { category, price })
}

fn dollars(item: &Object<'_>, text: &str) -> Field<MicroDollars> {
    MicroDollars::parse_dollars(text).ok_or_else(|| item.wrong("price", "an amount as decimal text"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_price_list_is_read_as_twilio_writes_it() {
        let answer = json!({"price_unit": "USD", "phone_number_prices": [
            {"number_type": "local", "base_price": "1.00", "current_price": "1.15"},
            {"number_type": "toll free", "base_price": "2.15", "current_price": null},
            {"number_type": "mobile", "base_price": null, "current_price": null},
            {"number_type": "satellite", "base_price": "9", "current_price": "9"},
        ]});
        let prices = by_type(&answer, "phone_number_prices").unwrap().0;
        let text = |kind| prices.get(&kind).map(|price| price.as_ref().map(|price| price.as_str().to_owned()));
        assert_eq!(text(NumberType::Local), Some(Some("1.15".to_owned())));
        assert_eq!(text(NumberType::TollFree), Some(Some("2.15".to_owned())));
        assert_eq!(text(NumberType::Mobile), Some(None));
        assert_eq!(prices.len(), 3);
        assert!(by_type(&json!({"price_unit": "EUR", "phone_number_prices": []}), "phone_number_prices").is_err());
    }

    #[test]
    fn a_bill_takes_a_category_and_not_what_it_includes() {
        let record = |category: &str, micro| UsageRecord { category: category.to_owned(), price: MicroDollars(micro) };
        let records = [
            record("trunking-origination", 100),
            record("trunking-origination-local", 70),
            record("trunking-origination-tollfree", 30),
            record("trunking-termination", 7),
            record("totalprice", 1000),
        ];
        let bill = carrier_bill(&records);
        assert_eq!((bill.inbound, bill.outbound), (MicroDollars(100), MicroDollars(7)));
    }
}

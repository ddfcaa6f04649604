//! `phone-numbers/prices.json`: what the carrier's numbers and minutes cost, as its price list said on a day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ParseError;
use super::day::Day;
use super::master::NumberType;
use super::object::object_type;
use super::pools::CountryCode;
use super::presence::{present, unique_map};
use super::text::text_type;

/// An amount as decimal text, such as `0.0085`: a price is never a float.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceText(Box<str>);

impl PriceText {
    pub(crate) const EXPECTED: &'static str = "a price as decimal text, such as `1.15`";

    /// Parses up to nine digits, and up to nine more behind a point.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let digits = |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_price = match text.split_once('.') {
            Some((whole, part)) => digits(whole) && digits(part),
            None => digits(text),
        };
        if is_price { Ok(Self(text.into())) } else { Err(ParseError::expected(Self::EXPECTED)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_type!(PriceText);

/// Prices by kind of number; null where the carrier sells none of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PricesByType(#[serde(deserialize_with = "unique_map")] pub BTreeMap<NumberType, Option<PriceText>>);

/// What numbers cost a month, and calls to them a minute, by country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct PricesFile {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The day on which the price list said so.
    pub as_of: Day,
    /// The currency of every price, as ISO 4217 names it.
    pub currency: String,
    /// What a number costs a month.
    #[serde(deserialize_with = "unique_map")]
    pub twilio: BTreeMap<CountryCode, PricesByType>,
    /// What a minute of a call to a number costs over a trunk.
    #[serde(deserialize_with = "unique_map")]
    pub trunking: BTreeMap<CountryCode, PricesByType>,
}

object_type!(PricesFile);

#[cfg(test)]
mod tests {
    use super::PriceText;

    #[test]
    fn a_price_is_decimal_text_of_few_digits() {
        for good in ["0", "1.15", "0.0085", "999999999.999999999", "00.10"] {
            assert_eq!(PriceText::parse(good).unwrap().as_str(), good);
        }
        for bad in
            ["", ".", "1.", ".5", "-1", "+1", "1,5", "1.2.3", "1e3", " 1", "1234567890", "1.1234567890", "a", "1.a"]
        {
            assert!(PriceText::parse(bad).is_err(), "{bad}");
        }
    }
}

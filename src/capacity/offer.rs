//! Numbers that a carrier would sell: a sample, which promises nothing.

use crate::model::master::Capabilities;
use crate::model::pools::CountryCode;
use crate::model::prices::PriceText;
use crate::model::{NumberType, PhoneNumber};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferQuestion {
    pub country: CountryCode,
    pub kind: NumberType,
    /// The area code, if only one will do.
    pub area_code: Option<String>,
    /// The most of them.
    pub count: u32,
}

/// A number that may be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedNumber {
    pub phone_number: PhoneNumber,
    /// The town, as the carrier writes it.
    pub locality: Option<String>,
    /// The state or region, as the carrier writes it.
    pub region: Option<String>,
    /// What it can carry; none where the carrier does not say.
    pub capabilities: Option<Capabilities>,
    /// Whether an address has to be given, in the carrier's word; none where none has to.
    pub address: Option<String>,
}

/// A sample of what is for sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub numbers: Vec<OfferedNumber>,
    /// What one of them costs a month, in US dollars; none where that is not known.
    pub price: Option<PriceText>,
}

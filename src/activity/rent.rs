//! What a number's rent is, and on which days its month is charged: when it was bought, and then on that day of each month.
//!
//! A month without that day charges on its last one, which is the day from then on. Nothing is prorated or paid back.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::cost::{Amount, CostBasis};
use super::money::MicroDollars;
use crate::model::pools::CountryCode;
use crate::model::prices::{PriceText, PricesByType, PricesFile};
use crate::model::{ImportMethod, NumberEntry, NumberType};
use crate::query::Row;

/// How many times a number's month is charged from one day up to, and without, another.
pub fn charges(bought: NaiveDate, from: NaiveDate, until: NaiveDate) -> u64 {
    let next = |day: &NaiveDate| day.checked_add_months(Months::new(1));
    let days = std::iter::successors(Some(bought), next);
    days.take_while(|day| *day < until).filter(|day| *day >= from).count() as u64
}

/// A number that several workspaces have pays its rent once.
pub(super) fn pays_rent(row: &Row<'_>, all: &[Row<'_>], basis: &CostBasis<'_>) -> bool {
    // The rows are in the order of their numbers.
    let first = all.partition_point(|other| other.phone_number < row.phone_number);
    let having: Vec<_> = all[first..].iter().take_while(|other| other.phone_number == row.phone_number).collect();
    let preferred = basis.rent_to.iter().find(|name| having.iter().any(|other| other.workspace == Some(*name)));
    match preferred {
        Some(name) => row.workspace == Some(name),
        None => having.first().is_some_and(|first| first.workspace == row.workspace),
    }
}

pub(super) fn rent(row: &Row<'_>, basis: &CostBasis<'_>) -> Amount {
    let Some(entry) = row.entry else { return Amount::Unknown("the directory has no entry of it".to_owned()) };
    let bought = match &entry.twilio {
        Some(twilio) => twilio.date_created,
        None => row.registered.and_then(|registered| registered.import_date),
    };
    let price = match monthly(row, entry, basis) {
        Ok(price) => price,
        Err(reason) => return Amount::Unknown(reason),
    };
    let Some(bought) = bought else { return Amount::Unknown("it is not known when it was bought".to_owned()) };
    let times = charges(bought.to_datetime().date_naive(), basis.from, basis.until);
    price.times(times).map_or_else(|| Amount::Unknown("its price is too large".to_owned()), Amount::Known)
}

/// What numbers cost a month: by the carrier's list, and by what Retell takes.
#[derive(Clone, Copy, Debug)]
pub struct RentList<'a> {
    /// The carrier's price list, where there is one.
    pub prices: Option<&'a PricesFile>,
    /// What Retell takes for a number that it sold, by kind.
    pub retell_numbers: &'a BTreeMap<NumberType, MicroDollars>,
}

/// Whose number it is, where it is not in the carrier's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberSeller {
    Retell,
    Other,
}

impl NumberSeller {
    /// Who sold a number that was imported by this method.
    pub fn of(method: Option<ImportMethod>) -> Self {
        if method == Some(ImportMethod::DirectPurchase) { Self::Retell } else { Self::Other }
    }
}

impl RentList<'_> {
    /// What a number costs a month, or why that is not known.
    pub fn monthly(&self, entry: &NumberEntry, seller: NumberSeller) -> Result<MicroDollars, String> {
        if entry.twilio.is_some() {
            return listed(entry, self.prices.map(|file| &file.twilio));
        }
        if seller == NumberSeller::Other {
            return Err("another carrier's rent is not known".to_owned());
        }
        let price = self.retell_numbers.get(&entry.phone_number_type).copied();
        price.ok_or_else(|| format!("`[cost] retell_number` has no price for {}", entry.phone_number_type))
    }
}

/// What the number of a row costs a month.
pub(super) fn monthly(row: &Row<'_>, entry: &NumberEntry, basis: &CostBasis<'_>) -> Result<MicroDollars, String> {
    let list = RentList { prices: basis.prices, retell_numbers: basis.retell_numbers };
    list.monthly(entry, NumberSeller::of(row.registered.map(|registered| registered.import_method)))
}

type PriceList = BTreeMap<CountryCode, PricesByType>;

/// What the price list says of a number's kind.
pub fn listed(entry: &NumberEntry, list: Option<&PriceList>) -> Result<MicroDollars, String> {
    let (country, kind) = (entry.country_code.as_deref().unwrap_or("an unknown country"), entry.phone_number_type);
    let Some(list) = list else { return Err("there is no price list: `phone-dir cost prices` makes one".to_owned()) };
    let of_country = CountryCode::parse(country).ok().and_then(|country| list.get(&country));
    let price = of_country.and_then(|prices| prices.0.get(&kind)).and_then(Option::as_ref);
    price.and_then(amount).ok_or_else(|| format!("no price for {country} {kind}"))
}

/// The amount of a price of the price list.
pub fn amount(price: &PriceText) -> Option<MicroDollars> {
    MicroDollars::parse_dollars(price.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_charged_on_the_day_of_purchase_and_on_that_day_of_each_month() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let count = |bought, from, until| charges(day(bought), day(from), day(until));
        assert_eq!(count("2025-11-15", "2025-11-01", "2025-12-01"), 1);
        assert_eq!(count("2025-11-15", "2025-10-01", "2025-11-01"), 0);
        assert_eq!(count("2025-11-15", "2025-11-16", "2025-12-15"), 0);
        assert_eq!(count("2025-11-15", "2025-11-16", "2025-12-16"), 1);
        assert_eq!(count("2025-01-31", "2025-02-28", "2025-03-01"), 1, "on the last day");
        assert_eq!(count("2025-01-31", "2025-03-28", "2025-03-29"), 1, "and on that day from then on");
        assert_eq!(count("2025-01-31", "2025-03-29", "2025-04-28"), 0);
        assert_eq!(count("2020-06-10", "2025-01-01", "2026-01-01"), 12);
        assert_eq!(count("2025-11-15", "2025-12-01", "2025-11-01"), 0);
    }
}

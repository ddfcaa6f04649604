//! What each number costs: its rent, what Retell charges for its calls, and its carrier's minutes.
//!
//! What is not known is said, by number and reason, and is never counted as nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::apportion::apportioned;
use super::counts::{CallCounts, CallTally};
use super::money::MicroDollars;
use super::rent::charges;
use crate::model::pools::CountryCode;
use crate::model::prices::{PriceText, PricesFile};
use crate::model::{AgentPath, NumberEntry, NumberType, PhoneNumber, WorkspaceName};
use crate::query::Row;

/// An amount, or why it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So much.
    Known(MicroDollars),
    /// Not known, for this reason.
    Unknown(String),
}

impl Amount {
    /// The amount, where it is known.
    pub fn known(&self) -> Option<MicroDollars> {
        match self {
            Self::Known(amount) => Some(*amount),
            Self::Unknown(_) => None,
        }
    }
}

/// Where the amount of a number's minutes comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarrierSource {
    /// The carrier's bill, divided by minutes.
    Apportioned,
    /// The price list, for inbound minutes.
    Estimated,
    /// Retell charges for them with the calls, or there were none.
    Included,
}

impl CarrierSource {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apportioned => "apportioned",
            Self::Estimated => "estimated",
            Self::Included => "included",
        }
    }
}

/// The carrier's bill for the minutes of a time, over all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarrierBill {
    /// Calls to our numbers.
    pub inbound: MicroDollars,
    /// Calls from them.
    pub outbound: MicroDollars,
}

/// What costs follow from, beside the calls.
#[derive(Clone, Debug)]
pub struct CostBasis<'a> {
    /// From this day,
    pub from: NaiveDate,
    /// up to, and without, this one.
    pub until: NaiveDate,
    /// The carrier's price list, where there is one.
    pub prices: Option<&'a PricesFile>,
    /// The carrier's bill, where it was asked for.
    pub bill: Option<CarrierBill>,
    /// What Retell takes a month for a number that it sold, by kind; no API says so.
    pub retell_numbers: &'a BTreeMap<NumberType, MicroDollars>,
    /// In whose row a number's rent stands, the first that has it.
    pub rent_to: &'a [WorkspaceName],
}

/// What one number costs in one workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// The number; none for calls of numbers that are not E.164.
    pub number: Option<PhoneNumber>,
    /// The workspace; none for a number that none has.
    pub workspace: Option<WorkspaceName>,
    /// The folder of the agent that is bound to it.
    pub agent_path: Option<AgentPath>,
    /// Its rent; none where that stands in another row.
    pub rent: Option<Amount>,
    /// What Retell charges for its calls.
    pub retell_calls: Amount,
    /// What its carrier charges for its minutes.
    pub carrier: Amount,
    /// Where that comes from.
    pub carrier_source: CarrierSource,
    /// Its calls.
    pub counts: CallCounts,
}

impl CostRow {
    fn parts(&self) -> impl Iterator<Item = &Amount> {
        self.rent.iter().chain([&self.retell_calls, &self.carrier])
    }

    /// All of it; none where a part is not known.
    pub fn total(&self) -> Option<MicroDollars> {
        self.parts().map(Amount::known).sum()
    }

    /// What is known of it.
    pub fn known(&self) -> MicroDollars {
        self.parts().filter_map(Amount::known).sum()
    }

    /// What is not known of it, and why.
    pub fn unknown(&self) -> Vec<String> {
        let name = self.number.map_or_else(|| "unknown number".to_owned(), |number| number.to_string());
        let reason = |amount: &Amount| match amount {
            Amount::Known(_) => None,
            Amount::Unknown(reason) => Some(format!("{name}: {reason}")),
        };
        self.parts().filter_map(reason).collect()
    }
}

/// What everything costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// By number and workspace.
    pub rows: Vec<CostRow>,
    /// What the carrier billed for minutes of which no number is known.
    pub unexplained: MicroDollars,
}

/// Puts costs together from the directory's rows and the calls that were counted by number.
pub fn costs(rows: &[Row<'_>], tallies: &[CallTally], basis: &CostBasis<'_>) -> Costs {
    let mut counts: BTreeMap<(Option<&WorkspaceName>, Option<PhoneNumber>), CallCounts> = BTreeMap::new();
    for tally in tallies {
        counts.entry((Some(&tally.key.workspace), tally.key.number)).or_default().add(&tally.counts);
    }
    let mut found: Vec<CostRow> = rows
        .iter()
        .map(|row| {
            let counts = counts.remove(&(row.workspace, Some(row.phone_number))).unwrap_or_default();
            of_line(row, counts, rows, basis)
        })
        .collect();
    found.extend(counts.into_iter().map(|((workspace, number), counts)| of_stranger(workspace, number, counts)));
    let unexplained = divide_bill(&mut found, rows, basis);
    Costs { rows: found, unexplained }
}

fn of_line(row: &Row<'_>, counts: CallCounts, all: &[Row<'_>], basis: &CostBasis<'_>) -> CostRow {
    let (carrier, carrier_source) = estimate(row, &counts, basis);
    CostRow {
        number: Some(row.phone_number),
        workspace: row.workspace.cloned(),
        agent_path: row.agent_path().cloned(),
        rent: pays_rent(row, all, basis).then(|| rent(row, basis)),
        retell_calls: retell_calls(&counts),
        carrier,
        carrier_source,
        counts,
    }
}

/// Calls of a number that the directory does not have: what it costs beside them nobody can tell.
fn of_stranger(workspace: Option<&WorkspaceName>, number: Option<PhoneNumber>, counts: CallCounts) -> CostRow {
    let unknown = || Amount::Unknown("the directory does not have it".to_owned());
    CostRow {
        number,
        workspace: workspace.cloned(),
        agent_path: None,
        rent: Some(unknown()),
        retell_calls: retell_calls(&counts),
        carrier: unknown(),
        carrier_source: CarrierSource::Included,
        counts,
    }
}

fn retell_calls(counts: &CallCounts) -> Amount {
    match counts.cost_unknown {
        0 => Amount::Known(counts.cost),
        unknown => Amount::Unknown(format!("of {unknown} calls Retell has not said what they cost")),
    }
}

/// A number that several workspaces have pays its rent once.
fn pays_rent(row: &Row<'_>, all: &[Row<'_>], basis: &CostBasis<'_>) -> bool {
    // The rows are in the order of their numbers.
    let first = all.partition_point(|other| other.phone_number < row.phone_number);
    let having: Vec<_> = all[first..].iter().take_while(|other| other.phone_number == row.phone_number).collect();
    let preferred = basis.rent_to.iter().find(|name| having.iter().any(|other| other.workspace == Some(*name)));
    match preferred {
        Some(name) => row.workspace == Some(name),
        None => having.first().is_some_and(|first| first.workspace == row.workspace),
    }
}

fn rent(row: &Row<'_>, basis: &CostBasis<'_>) -> Amount {
    let Some(entry) = row.entry else { return Amount::Unknown("the directory has no entry of it".to_owned()) };
    let (price, bought) = match &entry.twilio {
        Some(twilio) => (listed(entry, basis.prices.map(|file| &file.twilio)), twilio.date_created),
        None => (sold_by_retell(row, entry, basis), row.registered.and_then(|registered| registered.import_date)),
    };
    let price = match price {
        Ok(price) => price,
        Err(reason) => return Amount::Unknown(reason),
    };
    let Some(bought) = bought else { return Amount::Unknown("it is not known when it was bought".to_owned()) };
    let times = charges(bought.to_datetime().date_naive(), basis.from, basis.until);
    price.times(times).map_or_else(|| Amount::Unknown("its price is too large".to_owned()), Amount::Known)
}

type PriceList = BTreeMap<CountryCode, crate::model::prices::PricesByType>;

/// What the price list says of a number's kind.
fn listed(entry: &NumberEntry, list: Option<&PriceList>) -> Result<MicroDollars, String> {
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

fn sold_by_retell(row: &Row<'_>, entry: &NumberEntry, basis: &CostBasis<'_>) -> Result<MicroDollars, String> {
    let is_retells = row.registered.is_some_and(|it| it.import_method == crate::model::ImportMethod::DirectPurchase);
    if !is_retells {
        return Err("another carrier's rent is not known".to_owned());
    }
    let price = basis.retell_numbers.get(&entry.phone_number_type).copied();
    price.ok_or_else(|| format!("`[cost] retell_number` has no price for {}", entry.phone_number_type))
}

/// Whether the carrier bills a number's minutes over a trunk of the account.
fn is_on_trunk(row: &Row<'_>) -> bool {
    row.entry.and_then(|entry| entry.twilio.as_ref()).is_some_and(|twilio| twilio.trunk_sid.is_some())
}

/// The carrier's part before any bill is divided.
fn estimate(row: &Row<'_>, counts: &CallCounts, basis: &CostBasis<'_>) -> (Amount, CarrierSource) {
    let nothing = (Amount::Known(MicroDollars::default()), CarrierSource::Included);
    let minutes = counts.inbound_minutes + counts.outbound_minutes;
    let is_retells = row.registered.is_some_and(|it| it.import_method == crate::model::ImportMethod::DirectPurchase);
    if minutes == 0 || is_retells && !is_on_trunk(row) {
        return nothing;
    }
    let unknown = |reason: &str| (Amount::Unknown(reason.to_owned()), CarrierSource::Estimated);
    let Some(entry) = row.entry.filter(|_| is_on_trunk(row)) else {
        return unknown("another carrier's minutes are not known");
    };
    if counts.outbound_minutes > 0 {
        return unknown("only the carrier's bill tells what outbound minutes cost");
    }
    let price = listed(entry, basis.prices.map(|file| &file.trunking));
    match price.map(|price| price.times(counts.inbound_minutes)) {
        Ok(Some(amount)) => (Amount::Known(amount), CarrierSource::Estimated),
        Ok(None) => unknown("its price is too large"),
        Err(reason) => unknown(&format!("minutes: {reason}")),
    }
}

/// Divides the carrier's bill by minutes; gives what no number's minutes explain.
fn divide_bill(found: &mut [CostRow], rows: &[Row<'_>], basis: &CostBasis<'_>) -> MicroDollars {
    let Some(bill) = basis.bill else { return MicroDollars::default() };
    let on_trunk: Vec<bool> = (0..found.len()).map(|at| rows.get(at).is_some_and(is_on_trunk)).collect();
    let weights = |minutes: fn(&CallCounts) -> u64| -> Vec<u64> {
        found.iter().zip(&on_trunk).map(|(row, on)| if *on { minutes(&row.counts) } else { 0 }).collect()
    };
    let inbound = apportioned(bill.inbound, &weights(|counts| counts.inbound_minutes));
    let outbound = apportioned(bill.outbound, &weights(|counts| counts.outbound_minutes));
    let mut unexplained = MicroDollars::default();
    for (parts, whole) in [(&inbound, bill.inbound), (&outbound, bill.outbound)] {
        if parts.is_none() {
            unexplained += whole;
        }
    }
    let part = |parts: &Option<Vec<MicroDollars>>, at: usize| {
        parts.as_ref().map_or_else(MicroDollars::default, |parts| parts[at])
    };
    for (at, row) in found.iter_mut().enumerate().filter(|(at, _)| on_trunk[*at]) {
        row.carrier = Amount::Known(part(&inbound, at) + part(&outbound, at));
        row.carrier_source = CarrierSource::Apportioned;
    }
    unexplained
}

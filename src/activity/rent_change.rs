//! What a change of the directory does to the rents, by the price list alone: no account and no network is needed.

use std::collections::BTreeMap;

use super::money::MicroDollars;
use super::rent::{NumberSeller, RentList};
use crate::model::prices::PricesFile;
use crate::model::{Directory, ImportMethod, NumberEntry, NumberType, PhoneNumber};

/// The rents of numbers that come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RentChange {
    /// Numbers that come.
    pub more: usize,
    /// Numbers that go.
    pub fewer: usize,
    /// What those whose price is known make of a month.
    pub monthly: MicroDollars,
    /// Numbers whose price is not known, and why.
    pub unknown: Vec<(PhoneNumber, String)>,
    /// Of which day the price list is.
    pub as_of: String,
}

/// The change from one state to another; none without a price list, and where no number comes or goes.
pub fn rent_change(
    before: &Directory,
    after: &Directory,
    prices: Option<&PricesFile>,
    retell_numbers: &BTreeMap<NumberType, MicroDollars>,
) -> Option<RentChange> {
    let prices = prices?;
    let list = RentList { prices: Some(prices), retell_numbers };
    let mut change = RentChange { as_of: prices.as_of.to_string(), ..RentChange::default() };
    for (number, entry) in only_in(after, before) {
        change.more += 1;
        change.count(number, list.monthly(entry, seller(after, number)), |sum, rent| sum + rent);
    }
    for (number, entry) in only_in(before, after) {
        change.fewer += 1;
        change.count(number, list.monthly(entry, seller(before, number)), |sum, rent| sum - rent);
    }
    (change.more + change.fewer > 0).then_some(change)
}

impl RentChange {
    fn count(
        &mut self,
        number: PhoneNumber,
        rent: Result<MicroDollars, String>,
        add: fn(MicroDollars, MicroDollars) -> MicroDollars,
    ) {
        match rent {
            Ok(rent) => self.monthly = add(self.monthly, rent),
            Err(reason) => self.unknown.push((number, reason)),
        }
    }
}

fn only_in<'a>(one: &'a Directory, other: &'a Directory) -> impl Iterator<Item = (PhoneNumber, &'a NumberEntry)> {
    let numbers = one.master.numbers.iter().map(|(number, entry)| (*number, entry));
    numbers.filter(|(number, _)| !other.master.numbers.contains_key(number))
}

fn seller(directory: &Directory, number: PhoneNumber) -> NumberSeller {
    let mut methods = directory.workspaces.values().filter_map(|files| Some(files.registered(number)?.import_method));
    NumberSeller::of(methods.find(|method| *method == ImportMethod::DirectPurchase))
}

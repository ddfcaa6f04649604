//! What the carrier charges for minutes: its bill, divided by them, or else an estimate from its price list.

use super::apportion::apportioned;
use super::cost::{Amount, CallGap, CostBasis, CostRow};
use super::counts::CallCounts;
use super::money::MicroDollars;
use super::rent::listed;
use crate::query::Row;
use crate::words::word_enum;

word_enum! {
    /// Where the amount of a number's minutes comes from.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CarrierSource {
        /// The carrier's bill, divided by minutes.
        Apportioned = "apportioned",
        /// The price list, for inbound minutes.
        Estimated = "estimated",
        /// Retell charges for them with the calls, or there were none.
        Included = "included",
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

/// Whether the carrier bills a number's minutes over a trunk of the account.
fn is_on_trunk(row: &Row<'_>) -> bool {
    row.entry.and_then(|entry| entry.twilio.as_ref()).is_some_and(|twilio| twilio.trunk_sid.is_some())
}

/// The carrier's part before any bill is divided.
pub(super) fn estimate(
    row: &Row<'_>,
    counts: &CallCounts,
    basis: &CostBasis<'_>,
    gap: Option<&CallGap>,
) -> (Amount, CarrierSource) {
    let nothing = (Amount::Known(MicroDollars::default()), CarrierSource::Included);
    let minutes = counts.inbound_minutes + counts.outbound_minutes;
    let is_retells = row.registered.is_some_and(|it| it.import_method == crate::model::ImportMethod::DirectPurchase);
    if minutes == 0 && gap.is_none() || is_retells && !is_on_trunk(row) {
        return nothing;
    }
    let unknown = |reason: &str| (Amount::Unknown(reason.to_owned()), CarrierSource::Estimated);
    if gap.is_some() {
        return unknown("not all of its minutes are known");
    }
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
pub(super) fn divide_bill(found: &mut [CostRow], rows: &[Row<'_>], basis: &CostBasis<'_>) -> MicroDollars {
    let Some(bill) = basis.bill else { return MicroDollars::default() };
    // Minutes of which some are not known give no number's share.
    if !basis.gaps.is_empty() {
        return bill.inbound + bill.outbound;
    }
    let on_trunk: Vec<bool> = (0..found.len()).map(|at| rows.get(at).is_some_and(is_on_trunk)).collect();
    let weights = |minutes: fn(&CallCounts) -> u64| -> Vec<u64> {
        let of = |row: &CostRow| row.counts.as_ref().map_or(0, minutes);
        found.iter().zip(&on_trunk).map(|(row, on)| if *on { of(row) } else { 0 }).collect()
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

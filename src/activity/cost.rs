//! What each number costs: its rent, what Retell charges for its calls, and its carrier's minutes.
//!
//! What is not known is said, by number and reason, and is never counted as nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::carrier::{CarrierBill, CarrierSource, divide_bill, estimate};
use super::counts::{CallCounts, CallTally};
use super::money::MicroDollars;
use super::rent::{charges, monthly, pays_rent, rent};
use crate::model::pools::{PoolName, PoolsFile};
use crate::model::prices::PricesFile;
use crate::model::{AgentPath, NumberType, PhoneNumber, Provider, WorkspaceName};
use crate::plural::counted;
use crate::query::Row;

/// An amount, or why it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    Known(MicroDollars),
    /// So much at least, and why the rest is not known.
    AtLeast(MicroDollars, String),
    /// Not known, for this reason.
    Unknown(String),
}

impl Amount {
    pub fn known(&self) -> Option<MicroDollars> {
        match self {
            Self::Known(amount) => Some(*amount),
            Self::AtLeast(..) | Self::Unknown(_) => None,
        }
    }

    /// What is known of it.
    pub fn least(&self) -> MicroDollars {
        match self {
            Self::Known(amount) | Self::AtLeast(amount, _) => *amount,
            Self::Unknown(_) => MicroDollars::default(),
        }
    }
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
    /// What is paid a month whichever numbers there are, by name.
    pub fees: &'a BTreeMap<String, MicroDollars>,
    pub pools: Option<&'a PoolsFile>,
    /// In whose row a number's rent stands, the first that has it.
    pub rent_to: &'a [WorkspaceName],
    /// The workspaces whose calls are not known for all of that time.
    pub gaps: &'a BTreeMap<WorkspaceName, CallGap>,
}

/// What is not known of a workspace's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallGap {
    NeverRead,
    /// Some of them, for this reason.
    Some(String),
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
    /// What that is called where no folder has it: its name at Retell, else its id.
    pub stranger: Option<String>,
    pub pool: Option<PoolName>,
    pub provider: Option<Provider>,
    /// Its rent; none where that stands in another row.
    pub rent: Option<Amount>,
    /// What that is a month, where it is known and stands in this row.
    pub monthly_rent: Option<MicroDollars>,
    /// What Retell charges for its calls.
    pub retell_calls: Amount,
    /// What its carrier charges for its minutes.
    pub carrier: Amount,
    pub carrier_source: CarrierSource,
    /// Its calls; none where those of its workspace were never read.
    pub counts: Option<CallCounts>,
}

impl CostRow {
    fn parts(&self) -> impl Iterator<Item = &Amount> {
        self.rent.iter().chain([&self.retell_calls, &self.carrier])
    }

    /// All of it; none where a part is not known.
    pub fn total(&self) -> Option<MicroDollars> {
        self.parts().map(Amount::known).sum()
    }

    pub fn known(&self) -> MicroDollars {
        self.parts().map(Amount::least).sum()
    }

    /// What is not known of it, and why.
    pub fn unknown(&self) -> Vec<String> {
        let name = self.number.map_or_else(|| "unknown number".to_owned(), |number| number.to_string());
        let reason = |amount: &Amount| match amount {
            Amount::Known(_) => None,
            Amount::AtLeast(_, reason) | Amount::Unknown(reason) => Some(format!("{name}: {reason}")),
        };
        self.parts().filter_map(reason).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    pub rows: Vec<CostRow>,
    /// What the carrier billed for minutes of which no number is known.
    pub unexplained: MicroDollars,
    /// What is paid whichever numbers there are, by name.
    pub fees: BTreeMap<String, MicroDollars>,
}

impl Costs {
    /// What stands in no number's row.
    pub fn beside_rows(&self) -> MicroDollars {
        self.fees.values().copied().sum::<MicroDollars>() + self.unexplained
    }
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
            let counts = counts.remove(&(row.workspace, Some(row.phone_number)));
            of_line(row, counts.unwrap_or_default(), rows, basis)
        })
        .collect();
    let strangers = counts.into_iter().filter_map(|((workspace, number), counts)| Some((workspace?, number, counts)));
    found.extend(strangers.map(|(workspace, number, counts)| of_stranger(workspace, number, counts, basis)));
    let unexplained = divide_bill(&mut found, rows, basis);
    Costs { rows: found, unexplained, fees: fees(basis) }
}

/// Fees are charged on the first day of each month.
fn fees(basis: &CostBasis<'_>) -> BTreeMap<String, MicroDollars> {
    let times = charges(NaiveDate::default(), basis.from, basis.until);
    basis.fees.iter().filter_map(|(name, fee)| Some((name.clone(), fee.times(times)?))).collect()
}

fn of_line(row: &Row<'_>, counts: CallCounts, all: &[Row<'_>], basis: &CostBasis<'_>) -> CostRow {
    let pays = pays_rent(row, all, basis);
    let gap = row.workspace.and_then(|name| basis.gaps.get(name));
    let (carrier, carrier_source) = estimate(row, &counts, basis, gap);
    CostRow {
        number: Some(row.phone_number),
        workspace: row.workspace.cloned(),
        agent_path: row.agent_path().cloned(),
        stranger: stranger(row),
        pool: pool(row.phone_number, basis),
        provider: row.entry.map(|entry| entry.provider),
        rent: pays.then(|| rent(row, basis)),
        monthly_rent: row.entry.filter(|_| pays).and_then(|entry| monthly(row, entry, basis).ok()),
        retell_calls: retell_calls(&counts, gap),
        carrier,
        carrier_source,
        counts: (gap != Some(&CallGap::NeverRead)).then_some(counts),
    }
}

fn stranger(row: &Row<'_>) -> Option<String> {
    let id = row.agent_id().filter(|_| row.agent_path().is_none())?;
    Some(row.agent_name().unwrap_or(id.as_str()).to_owned())
}

/// Calls of a number that the directory does not have: what it costs beside them is not known.
fn of_stranger(
    workspace: &WorkspaceName,
    number: Option<PhoneNumber>,
    counts: CallCounts,
    basis: &CostBasis<'_>,
) -> CostRow {
    let unknown = || Amount::Unknown("the directory does not have it".to_owned());
    CostRow {
        number,
        workspace: Some(workspace.clone()),
        agent_path: None,
        stranger: None,
        pool: number.and_then(|number| pool(number, basis)),
        provider: None,
        rent: Some(unknown()),
        monthly_rent: None,
        retell_calls: retell_calls(&counts, basis.gaps.get(workspace)),
        carrier: unknown(),
        carrier_source: CarrierSource::Included,
        counts: Some(counts),
    }
}

fn pool(number: PhoneNumber, basis: &CostBasis<'_>) -> Option<PoolName> {
    basis.pools?.pool_of(number).cloned()
}

fn retell_calls(counts: &CallCounts, gap: Option<&CallGap>) -> Amount {
    let unknown = counts.cost_unknown;
    match gap {
        Some(CallGap::NeverRead) => Amount::Unknown("its calls were never read".to_owned()),
        Some(CallGap::Some(reason)) => {
            Amount::AtLeast(counts.cost, format!("not all of its calls are known: {reason}"))
        }
        None if unknown > 0 => {
            Amount::AtLeast(counts.cost, format!("of {} Retell has not said the cost", counted(unknown, "call")))
        }
        None => Amount::Known(counts.cost),
    }
}

//! The rows of an answer about costs, put together by what was asked.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CostAnswer, UNKNOWN};
use crate::activity::cost::{Amount, CostRow};
use crate::activity::money::MicroDollars;
use crate::model::WorkspaceName;

/// What one row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostGroup {
    /// A number in a workspace.
    Number,
    /// The agent that is bound to the numbers.
    Agent,
    Pool,
    /// The numbers' carrier.
    Provider,
    /// What is paid for: rent, Retell's calls, the carrier's minutes.
    Product,
    Workspace,
}

/// What is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Product {
    Rent,
    RetellCalls,
    Carrier,
}

impl Product {
    const ALL: [Self; 3] = [Self::Rent, Self::RetellCalls, Self::Carrier];

    fn as_str(self) -> &'static str {
        match self {
            Self::Rent => "rent",
            Self::RetellCalls => "retell_calls",
            Self::Carrier => "carrier",
        }
    }

    fn of(self, row: &CostRow) -> Option<&Amount> {
        match self {
            Self::Rent => row.rent.as_ref(),
            Self::RetellCalls => Some(&row.retell_calls),
            Self::Carrier => Some(&row.carrier),
        }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct CostRowJson {
    pub phone_number: Option<String>,
    pub workspace: Option<String>,
    pub agent_path: Option<String>,
    /// What an agent without a folder is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<&'static str>,
    pub calls: Option<u64>,
    pub rent: Option<String>,
    pub rent_source: Option<String>,
    pub retell_calls: Option<String>,
    pub carrier: Option<String>,
    pub carrier_is: Option<&'static str>,
    pub cost: String,
    pub known_cost: String,
    pub currency: &'static str,
    pub cost_per_call: Option<String>,
}

/// Which numbers' costs stand in one row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct CostRowKey {
    workspace: Option<WorkspaceName>,
    name: Option<String>,
}

/// An amount, or the word for what is not known.
pub fn shown(amount: Option<MicroDollars>) -> String {
    amount.map_or_else(|| UNKNOWN.to_owned(), |amount| amount.to_string())
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Amount>) -> String {
    shown(amounts.map(Amount::known).sum())
}

impl CostAnswer<'_> {
    pub(super) fn rows(&self) -> Vec<CostRowJson> {
        if self.group == CostGroup::Number {
            return self.costs.rows.iter().map(|row| self.row(&[row])).collect();
        }
        let mut groups: BTreeMap<CostRowKey, Vec<&CostRow>> = BTreeMap::new();
        for row in &self.costs.rows {
            groups.entry(self.key(row)).or_default().push(row);
        }
        if self.group == CostGroup::Product {
            return groups.values().flat_map(|rows| Product::ALL.map(|product| of_product(rows, product))).collect();
        }
        groups.values().map(|rows| self.row(rows)).collect()
    }

    fn key(&self, row: &CostRow) -> CostRowKey {
        let name = match self.group {
            CostGroup::Agent => row.agent_path.as_ref().map(ToString::to_string).or_else(|| row.stranger.clone()),
            CostGroup::Pool => row.pool.as_ref().map(ToString::to_string),
            CostGroup::Provider => row.provider.map(|provider| provider.to_string()),
            CostGroup::Number | CostGroup::Product | CostGroup::Workspace => None,
        };
        CostRowKey { workspace: row.workspace.clone(), name }
    }

    /// The row of one number, or of several together.
    fn row(&self, rows: &[&CostRow]) -> CostRowJson {
        let first = rows[0];
        let calls = calls(rows);
        let rents: Vec<&Amount> = rows.iter().filter_map(|row| row.rent.as_ref()).collect();
        let total: Option<MicroDollars> = rows.iter().map(|row| row.total()).sum();
        let (of, group) = (|is: CostGroup| self.group == is, self.group);
        let tells_agent = of(CostGroup::Number) || of(CostGroup::Agent);
        let (agent, stranger) = (first.agent_path.as_ref().filter(|_| tells_agent), first.stranger.clone());
        let has_pool = of(CostGroup::Pool) || of(CostGroup::Number) && first.pool.is_some();
        CostRowJson {
            phone_number: first.number.filter(|_| of(CostGroup::Number)).map(|number| number.to_string()),
            workspace: first.workspace.as_ref().map(ToString::to_string),
            agent_path: agent.map(ToString::to_string),
            agent_name: stranger.filter(|_| tells_agent),
            pool: has_pool.then(|| first.pool.as_ref().map(ToString::to_string)),
            provider: of(CostGroup::Provider).then(|| first.provider.map(|provider| provider.to_string())),
            product: None,
            calls,
            rent: (!rents.is_empty()).then(|| sum(rents.iter().copied())),
            rent_source: self.prices_as_of.filter(|_| !rents.is_empty()).map(|day| format!("prices.json {day}")),
            retell_calls: Some(sum(rows.iter().map(|row| &row.retell_calls))),
            carrier: Some(sum(rows.iter().map(|row| &row.carrier))),
            carrier_is: (group == CostGroup::Number).then(|| first.carrier_source.as_str()),
            cost: shown(total),
            known_cost: rows.iter().map(|row| row.known()).sum::<MicroDollars>().to_string(),
            currency: "USD",
            cost_per_call: total.zip(calls).and_then(|(total, calls)| total.divided_by(calls)).map(|it| it.to_string()),
        }
    }
}

/// The calls of rows; none where those of one were never read.
fn calls(rows: &[&CostRow]) -> Option<u64> {
    rows.iter().map(|row| row.counts.as_ref().map(|counts| counts.calls)).sum()
}

/// What the numbers of a workspace cost of one product.
fn of_product(rows: &[&CostRow], product: Product) -> CostRowJson {
    let amounts = || rows.iter().filter_map(|row| product.of(row));
    CostRowJson {
        workspace: rows[0].workspace.as_ref().map(ToString::to_string),
        product: Some(product.as_str()),
        calls: calls(rows).filter(|_| product != Product::Rent),
        cost: sum(amounts()),
        known_cost: amounts().map(Amount::least).sum::<MicroDollars>().to_string(),
        currency: "USD",
        ..CostRowJson::default()
    }
}

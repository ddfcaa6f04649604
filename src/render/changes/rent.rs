//! What a change does to the rents, in words and for programs.

use serde::Serialize;

use crate::activity::money::MicroDollars;
use crate::activity::rent_change::RentChange;
use crate::plural::counted;
use crate::render::escape;

/// A paragraph below a diff for people; nothing where nothing is known.
pub fn text(change: Option<&RentChange>) -> String {
    change
        .map(|change| format!("\n{}\n", sentence(change, &|reason| escape::terminal(reason).into_owned())))
        .unwrap_or_default()
}

/// The same in a pull request's comment.
pub fn markdown(change: Option<&RentChange>) -> String {
    change.map(|change| format!("\n**Cost:** {}\n", sentence(change, &escape::markdown))).unwrap_or_default()
}

/// About how much a month, for which numbers, by which prices.
fn sentence(change: &RentChange, foreign: &dyn Fn(&str) -> String) -> String {
    let numbers = [(change.more, "more"), (change.fewer, "fewer")];
    let numbers: Vec<_> = numbers
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", counted(count, "number")))
        .collect();
    let prices = format!("{}, by the prices of {}, calls not counted", numbers.join(", "), change.as_of);
    let unknown = match change.unknown.as_slice() {
        [] => String::new(),
        [(number, reason)] => format!("; what {number} costs is unknown: {}", foreign(reason)),
        [(number, reason), more @ ..] => {
            format!("; what {number} and {} more cost is unknown: {}", more.len(), foreign(reason))
        }
    };
    let all = change.more + change.fewer;
    if change.unknown.len() == all {
        return format!("unknown a month in rent: {prices}{unknown}.");
    }
    format!("about {} USD a month in rent: {prices}{unknown}.", signed(change.monthly))
}

fn signed(amount: MicroDollars) -> String {
    if amount.0 < 0 { amount.to_string() } else { format!("+{amount}") }
}

#[derive(Serialize)]
pub struct RentChangeJson {
    rent_a_month: String,
    currency: &'static str,
    more: usize,
    fewer: usize,
    unknown: Vec<String>,
    prices_as_of: String,
}

impl RentChangeJson {
    /// The object of a diff.
    pub fn of(change: &RentChange) -> Self {
        Self {
            rent_a_month: change.monthly.to_string(),
            currency: "USD",
            more: change.more,
            fewer: change.fewer,
            unknown: change.unknown.iter().map(|(number, reason)| format!("{number}: {reason}")).collect(),
            prices_as_of: change.as_of.clone(),
        }
    }
}

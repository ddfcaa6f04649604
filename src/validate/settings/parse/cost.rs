//! Reading the section about costs: amounts as decimal text.

use toml::{Spanned, Value};

use super::{Settings, Table};
use crate::activity::budget::CostBudget;
use crate::activity::money::MicroDollars;
use crate::model::pools::PoolName;
use crate::model::{NumberType, WorkspaceName};

const HELP: &str = "`[cost]` has `retell_number = { local = \"2.00\" }`, `rent_to = [\"production\"]`, \
    `commit_prices = false`, `fees = { concurrency = \"24.00\" }` and `budget = \"500\"`, or \
    `budget = { total = \"500\", \"pool:sales\" = \"120\" }`";
const BUDGET_HELP: &str = "a budget is `total`, or `\"pool:NAME\"` for the numbers of a pool";
const AMOUNT: &str = "expected an amount in US dollars as text, such as `\"2.00\"`";

impl Settings {
    pub(super) fn take_cost(&mut self, section: Table<Spanned<Value>>) {
        for (name, value) in section {
            match (name.get_ref().as_str(), value.get_ref()) {
                ("retell_number", Value::Table(prices)) => self.take_retell_numbers(prices, &value),
                ("rent_to", Value::Array(names)) => {
                    let parse = |name: &Value| WorkspaceName::parse(name.as_str()?).ok();
                    match names.iter().map(parse).collect::<Option<Vec<_>>>() {
                        Some(names) => self.cost.rent_to = names,
                        None => self.problem("expected names of workspaces", value.span(), None),
                    }
                }
                ("commit_prices", Value::Boolean(commit)) => self.cost.commit_prices = *commit,
                ("fees", Value::Table(fees)) => match fees.iter().map(fee).collect() {
                    Some(fees) => self.cost.fees = fees,
                    None => self.problem(AMOUNT, value.span(), Some("a fee's name is a plain word".to_owned())),
                },
                ("budget", Value::String(text)) => match MicroDollars::parse_dollars(text) {
                    Some(amount) => self.cost.budget.total = Some(amount),
                    None => self.problem(AMOUNT, value.span(), None),
                },
                ("budget", Value::Table(amounts)) => match budget(amounts) {
                    Some(budget) => self.cost.budget = budget,
                    None => self.problem(AMOUNT, value.span(), Some(BUDGET_HELP.to_owned())),
                },
                ("retell_number" | "rent_to" | "commit_prices" | "fees" | "budget", _) => {
                    self.problem("expected another kind of value", value.span(), Some(HELP.to_owned()));
                }
                _ => self.unknown_key(&name, HELP),
            }
        }
    }

    fn take_retell_numbers(&mut self, prices: &toml::map::Map<String, Value>, value: &Spanned<Value>) {
        for (kind, price) in prices {
            let known = NumberType::ALL.iter().copied().find(|known| known.as_str() == kind);
            let amount = price.as_str().and_then(MicroDollars::parse_dollars);
            if let (Some(kind), Some(amount)) = (known, amount) {
                self.cost.retell_numbers.insert(kind, amount);
            } else {
                let help = "kinds are those of `phone_number_type`, such as `local` and `toll-free`";
                self.problem(AMOUNT, value.span(), Some(help.to_owned()));
            }
        }
    }
}

fn fee((name, amount): (&String, &Value)) -> Option<(String, MicroDollars)> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_name = !name.is_empty() && name.len() <= 64 && name.bytes().all(is_plain);
    is_name.then(|| MicroDollars::parse_dollars(amount.as_str()?).map(|amount| (name.clone(), amount))).flatten()
}

fn budget(amounts: &toml::map::Map<String, Value>) -> Option<CostBudget> {
    let mut budget = CostBudget::default();
    for (name, amount) in amounts {
        let amount = MicroDollars::parse_dollars(amount.as_str()?)?;
        if name == "total" {
            budget.total = Some(amount);
        } else {
            budget.pools.insert(PoolName::parse(name.strip_prefix("pool:")?).ok()?, amount);
        }
    }
    Some(budget)
}

#[cfg(test)]
mod tests {
    use crate::activity::money::MicroDollars;
    use crate::validate::Settings;

    #[test]
    fn amounts_are_text_and_what_is_none_is_reported() {
        let settings = |text: &str| Settings::of(Some(text.as_bytes()));
        let good = settings(
            "[cost]\nretell_number = { local = \"2.00\" }\nrent_to = [\"eu\"]\nbudget = \"500\"\ncommit_prices = false\n",
        );
        assert_eq!(good.problems, []);
        assert_eq!(good.cost.retell_numbers.values().collect::<Vec<_>>(), [&MicroDollars(2_000_000)]);
        assert_eq!((good.cost.budget.total, good.cost.commit_prices), (Some(MicroDollars(500_000_000)), false));
        let parts = settings(
            "[cost]\nfees = { concurrency = \"24.00\" }\n[cost.budget]\ntotal = \"500\"\n\"pool:sales\" = \"120\"\n",
        );
        assert_eq!(parts.problems, []);
        assert_eq!(parts.cost.budget.total, Some(MicroDollars(500_000_000)));
        assert_eq!(parts.cost.budget.pools.values().collect::<Vec<_>>(), [&MicroDollars(120_000_000)]);
        assert_eq!(parts.cost.fees["concurrency"], MicroDollars(24_000_000));
        for bad in [
            "budget = 500",
            "retell_number = { local = 2 }",
            "retell_number = { satellite = \"2\" }",
            "rent = \"1\"",
            "rent_to = [7]",
            "fees = { concurrency = 24 }",
            "fees = { \"a b\" = \"1\" }",
            "budget = { sales = \"1\" }",
            "budget = { \"pool:a b\" = \"1\" }",
        ] {
            assert_eq!(settings(&format!("[cost]\n{bad}\n")).problems.len(), 1, "{bad}");
        }
    }
}

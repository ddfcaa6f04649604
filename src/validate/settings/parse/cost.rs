//! Reading the section about costs: amounts as decimal text.

use toml::{Spanned, Value};

use super::{Settings, Table};
use crate::activity::money::MicroDollars;
use crate::model::{NumberType, WorkspaceName};

const HELP: &str = "`[cost]` has `retell_number = { local = \"2.00\" }`, `rent_to = [\"production\"]`, \
    `commit_prices = false` and `budget = \"500\"`";
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
                ("budget", Value::String(text)) => match MicroDollars::parse_dollars(text) {
                    Some(amount) => self.cost.budget = Some(amount),
                    None => self.problem(AMOUNT, value.span(), None),
                },
                ("retell_number" | "rent_to" | "commit_prices" | "budget", _) => {
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
        assert_eq!((good.cost.budget, good.cost.commit_prices), (Some(MicroDollars(500_000_000)), false));
        for bad in [
            "budget = 500",
            "retell_number = { local = 2 }",
            "retell_number = { satellite = \"2\" }",
            "rent = \"1\"",
            "rent_to = [7]",
        ] {
            assert_eq!(settings(&format!("[cost]\n{bad}\n")).problems.len(), 1, "{bad}");
        }
    }
}

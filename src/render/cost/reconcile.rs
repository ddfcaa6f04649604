//! The costs of numbers beside the carrier's bill.

use serde::Serialize;

use crate::activity::coverage::AnswerSpan;
use crate::activity::money::MicroDollars;
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;
use crate::render::table::{Room, columns};

/// One category of the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name, in the carrier's words.
    pub name: &'static str,
    pub billed: MicroDollars,
    /// What the numbers explain of it.
    pub ours: MicroDollars,
}

#[derive(Serialize)]
struct ReconciledJson {
    format_version: u32,
    since: String,
    until: String,
    rows: Vec<CategoryJson>,
}

#[derive(Serialize)]
struct CategoryJson {
    category: &'static str,
    billed: String,
    explained: String,
    unexplained: String,
    currency: &'static str,
}

pub fn json(span: &AnswerSpan, categories: &[Category]) -> String {
    let row = |category: &Category| CategoryJson {
        category: category.name,
        billed: category.billed.to_string(),
        explained: category.ours.to_string(),
        unexplained: (category.billed - category.ours).to_string(),
        currency: "USD",
    };
    escape::json_of(&ReconciledJson {
        format_version: FORMAT_VERSION,
        since: span.since.to_string(),
        until: span.until.to_string(),
        rows: categories.iter().map(row).collect(),
    })
}

pub fn text(span: &AnswerSpan, categories: &[Category]) -> String {
    let mut rows = vec![["CATEGORY", "BILLED", "EXPLAINED", "UNEXPLAINED"].map(str::to_owned).to_vec()];
    rows.extend(categories.iter().map(|category| {
        let amounts = [category.billed, category.ours, category.billed - category.ours];
        let texts = amounts.iter().map(ToString::to_string);
        std::iter::once(category.name.to_owned()).chain(texts).collect()
    }));
    let lines = columns(&rows, Room::Unlimited);
    format!("Twilio's bill from {} to {}, in USD\n\n{}\n", span.since, span.until, lines.join("\n"))
}

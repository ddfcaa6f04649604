//! `phone-dir cost reconcile`

use super::period::{self, Asking, Period};
use crate::activity::money::MicroDollars;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::providers::credentials;
use crate::providers::twilio::billing::{self, UsageRecord};
use crate::render::cost::reconcile::{self as render, Category};

/// Compare what the numbers cost with Twilio's bill, category by category, and tell what they do not explain
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The month (`2026-10`), in UTC; this one unless it is said
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
    #[command(flatten)]
    pub output: OutputFormat,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&WorkspaceChoice::default(), session)?;
    let month = options.month.as_deref().map_or_else(|| Period::month_of(calls::now(session)), Period::month)?;
    let told = period::tell(&context, month, Asking::Allowed, session)?;
    let credentials = credentials::twilio(&context.desk.environment())?;
    let days = month.up_to(told.span.until);
    let records = billing::usage_records(&credentials, &days.first_day(), &days.last_day())?;
    let rows = &told.costs.rows;
    let is_twilios = |number: &crate::model::PhoneNumber| {
        context.directory.number(*number).is_some_and(|entry| entry.twilio.is_some())
    };
    let ours = rows.iter().filter(|row| row.number.as_ref().is_some_and(is_twilios));
    let rent: MicroDollars = ours.filter_map(|row| row.rent.as_ref()?.known()).sum();
    let measured = |row: &&crate::activity::cost::CostRow| {
        row.carrier_source == crate::activity::carrier::CarrierSource::Apportioned
    };
    let carrier: MicroDollars = rows.iter().filter(measured).filter_map(|row| row.carrier.known()).sum();
    let categories = [
        category("phonenumbers", &records, rent),
        category("trunking-origination + trunking-termination", &records, carrier),
        category("totalprice", &records, rent + carrier),
    ];
    session.print(&if options.output.is_json() {
        render::json(&told.span, &categories)
    } else {
        render::text(&told.span, &categories)
    })?;
    Ok(calls::end(&told.span, session))
}

fn category(name: &'static str, records: &[UsageRecord], ours: MicroDollars) -> Category {
    let of = |name: &str| records.iter().filter(|record| record.category == name).map(|record| record.price).sum();
    let billed: MicroDollars = name.split(" + ").map(of).sum();
    Category { name, billed, ours }
}

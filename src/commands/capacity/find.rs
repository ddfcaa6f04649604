//! `phone-dir capacity find`: what Twilio would sell.

use crate::capacity::offer::OfferQuestion;
use crate::commands::desk::{AsOf, Desk};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::NumberType;
use crate::model::pools::CountryCode;
use crate::providers::credentials;
use crate::providers::twilio::offers;
use crate::render::capacity::offer as render;

/// Ask Twilio which numbers it would sell, and for how much a month; nothing is bought
///
/// Twilio answers with a sample of about thirty numbers, not with all that there are, and any of them may be gone the next
/// moment.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// Only numbers of this area code, in the United States and Canada
    #[arg(long, value_name = "CODE", value_parser = area_code)]
    area_code: Option<String>,
    /// The kind of numbers: local, toll-free, mobile, national or voip
    #[arg(long = "type", value_name = "TYPE", default_value = "local", value_parser = kind)]
    kind: NumberType,
    /// The country, by its code in two letters
    #[arg(long, value_name = "COUNTRY", default_value = "US", value_parser = country)]
    country: CountryCode,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=30))]
    count: u32,
    #[command(flatten)]
    output: OutputFormat,
}

fn area_code(text: &str) -> Result<String, String> {
    let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { Ok(text.to_owned()) } else { Err("an area code is three digits, such as `415`".to_owned()) }
}

fn kind(text: &str) -> Result<NumberType, String> {
    let sold = NumberType::ALL.iter().copied().find(|kind| kind.as_str() == text && offers::list_of(*kind).is_some());
    sold.ok_or_else(|| "the kinds are `local`, `toll-free`, `mobile`, `national` and `voip`".to_owned())
}

fn country(text: &str) -> Result<CountryCode, String> {
    CountryCode::parse(&text.to_ascii_uppercase()).map_err(|error| error.to_string())
}

/// The countries whose numbers Twilio finds by area code.
const WITH_AREA_CODES: [&str; 2] = ["US", "CA"];

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    if options.area_code.is_some() && !WITH_AREA_CODES.contains(&options.country.as_str()) {
        return Err(Error::failed("Twilio finds numbers by area code in the United States and Canada only")
            .hint(format!("leave `--area-code` out for {}", options.country)));
    }
    let desk = Desk::to_ask(session)?;
    refuse_leaks(&desk)?;
    let environment = desk.environment();
    let credentials = credentials::twilio(&environment)?;
    let pricing = credentials::twilio_pricing(&environment, &credentials)?;
    let question = OfferQuestion {
        country: options.country,
        kind: options.kind,
        area_code: options.area_code.clone(),
        count: options.count,
    };
    let offer = offers::offer(&credentials, &pricing, &question)?;
    session.answer(
        options.output,
        || render::json(&question, &offer),
        || render::text(&question, &offer, session.room()),
    )?;
    Ok(Exit::Done)
}

/// A key that git tracks is not used here either.
fn refuse_leaks(desk: &Desk<'_>) -> Result<()> {
    let (_, directory) = desk.read(&AsOf::default())?;
    desk.refuse_tracked_secrets(&directory)
}

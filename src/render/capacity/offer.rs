//! What Twilio would sell, for people and programs.

use serde_json::{Value, json};

use crate::capacity::offer::{Offer, OfferQuestion, OfferedNumber};
use crate::model::master::Capabilities;
use crate::model::numbering;
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;
use crate::render::table::{Cell, Room, fitted};

fn carried(capabilities: Option<Capabilities>) -> String {
    let Some(known) = capabilities else { return "-".to_owned() };
    let words = [(known.voice, "voice"), (known.sms, "SMS"), (known.mms, "MMS"), (known.fax, "fax")];
    words.into_iter().filter_map(|(carries, word)| carries.then_some(word)).collect::<Vec<_>>().join(", ")
}

/// What was looked for, in words: `local numbers of area code 415 in US`.
fn wanted(question: &OfferQuestion) -> String {
    let area = question.area_code.as_ref().map(|code| format!(" of area code {code}")).unwrap_or_default();
    format!("{} numbers{area} in {}", question.kind, question.country)
}

pub fn text(question: &OfferQuestion, offer: &Offer, room: Room) -> String {
    if offer.numbers.is_empty() {
        return format!("Twilio offers no {} at the moment.\n", wanted(question));
    }
    let row = |number: &OfferedNumber| {
        let place = [&number.locality, &number.region].into_iter().flatten().map(|text| terminal(text));
        let address = number.address.as_ref().map(|word| format!("needs an address ({})", terminal(word)));
        vec![
            Cell::plain(number.phone_number.to_string()),
            Cell::plain(numbering::describe(number.phone_number).pretty.clone()),
            Cell::plain(place.collect::<Vec<_>>().join(", ")),
            Cell::plain(carried(number.capabilities)),
            Cell::plain(address.unwrap_or_default()),
        ]
    };
    let rows: Vec<_> = offer.numbers.iter().map(row).collect();
    let lines: String = fitted(&rows, room).iter().map(|line| format!("{}\n", line.trim_end())).collect();
    let price = match &offer.price {
        Some(price) => format!("One costs {price} USD a month at Twilio."),
        None => "What one costs a month is not known.".to_owned(),
    };
    format!(
        "{lines}\nA sample of the {} that Twilio would sell; there may be more.\n{price} Nothing was bought.\n",
        wanted(question)
    )
}

pub fn json(question: &OfferQuestion, offer: &Offer) -> String {
    let number = |number: &OfferedNumber| {
        json!({
            "phone_number": number.phone_number,
            "phone_number_pretty": numbering::describe(number.phone_number).pretty,
            "locality": number.locality, "region": number.region, "capabilities": number.capabilities,
            "address_requirements": number.address,
        })
    };
    escape::json_of(&json!({
        "format_version": FORMAT_VERSION,
        "status": if offer.numbers.is_empty() { "none" } else { "found" },
        "is_sample": true,
        "country": question.country, "type": question.kind, "area_code": question.area_code,
        "price_per_month": offer.price, "currency": "USD",
        "numbers": offer.numbers.iter().map(number).collect::<Vec<Value>>(),
    }))
}

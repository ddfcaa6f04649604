//! What libphonenumber's metadata says of a number: national format, country, area code, kind of line.

mod north_america;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rlibphonenumber::{PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType};

use super::master::NumberType;
use super::phone_number::PhoneNumber;

/// The facts that follow from a number alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// The national format, such as `(415) 555-0123`; the number itself where the metadata knows no country.
    pub pretty: String,
    /// The national destination code, also of toll-free numbers.
    pub area_code: Option<String>,
    /// ISO 3166-1 alpha-2; none for a number that belongs to no single country.
    pub country_code: Option<String>,
    pub line: NumberType,
    /// How well the number fits its country's plan.
    pub fit: Fit,
}

/// How well a number fits its country's numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It lies in a range that is in use.
    Valid,
    /// Its length is right, but no range of the plan holds it.
    Invalid,
    /// Its length or country code is wrong.
    Impossible,
}

thread_local! {
    static KNOWN: RefCell<HashMap<PhoneNumber, Rc<Numbering>>> = RefCell::default();
}

/// Looks a number up; asked again, it remembers, because a directory names every number in several files.
pub fn describe(number: PhoneNumber) -> Rc<Numbering> {
    let found = || Rc::new(north_america::describe(number).unwrap_or_else(|| look_up(number)));
    KNOWN.with_borrow_mut(|known| Rc::clone(known.entry(number).or_insert_with(found)))
}

/// Asks the library.
fn look_up(number: PhoneNumber) -> Numbering {
    let Ok(parsed) = Parsed::parse(number.as_str(), None) else {
        return Numbering {
            pretty: number.to_string(),
            area_code: None,
            country_code: None,
            line: NumberType::Other,
            fit: Fit::Impossible,
        };
    };
    let kind = parsed.get_type();
    Numbering {
        pretty: parsed.format_as(PhoneNumberFormat::National).into_owned(),
        area_code: area_code(&parsed),
        country_code: parsed.get_region_code().map(|region| region.to_string()).filter(|region| region.len() == 2),
        line: line_type(kind),
        fit: fit(&parsed, kind),
    }
}

fn area_code(parsed: &Parsed) -> Option<String> {
    let length = parsed.get_length_of_national_destination_code();
    let national = parsed.get_national_significant_number();
    national.get(..length).filter(|code| !code.is_empty()).map(str::to_owned)
}

fn line_type(kind: PhoneNumberType) -> NumberType {
    match kind {
        // Where a plan does not tell the two apart (North America), a fixed line is what a carrier sells.
        PhoneNumberType::FixedLine | PhoneNumberType::FixedLineOrMobile => NumberType::Local,
        PhoneNumberType::Mobile => NumberType::Mobile,
        PhoneNumberType::TollFree => NumberType::TollFree,
        PhoneNumberType::UAN | PhoneNumberType::SharedCost => NumberType::National,
        PhoneNumberType::VoIP => NumberType::Voip,
        _ => NumberType::Other,
    }
}

/// A number is valid exactly if the metadata knows its kind: that is how libphonenumber itself defines it.
fn fit(parsed: &Parsed, kind: PhoneNumberType) -> Fit {
    if kind != PhoneNumberType::Unknown {
        Fit::Valid
    } else if parsed.is_possible_with_reason().is_ok() {
        Fit::Invalid
    } else {
        Fit::Impossible
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(number: &str) -> Rc<Numbering> {
        describe(PhoneNumber::parse(number).unwrap())
    }

    #[test]
    fn a_local_number_has_its_countrys_format_and_area_code() {
        let facts = facts("+14155551234");
        assert_eq!(facts.pretty, "(415) 555-1234");
        assert_eq!(facts.area_code.as_deref(), Some("415"));
        assert_eq!(facts.country_code.as_deref(), Some("US"));
        assert_eq!((facts.line, facts.fit), (NumberType::Local, Fit::Valid));
    }

    #[test]
    fn a_toll_free_number_has_its_prefix_as_area_code() {
        let facts = facts("+18885551234");
        assert_eq!((facts.pretty.as_str(), facts.area_code.as_deref()), ("(888) 555-1234", Some("888")));
        assert_eq!((facts.country_code.as_deref(), facts.line), (Some("US"), NumberType::TollFree));
    }

    #[test]
    fn fictional_numbers_of_several_countries_are_described() {
        assert_eq!(facts("+442079460018").country_code.as_deref(), Some("GB"));
        assert_eq!(facts("+442079460018").pretty, "020 7946 0018");
        assert_eq!(facts("+442079460018").area_code.as_deref(), Some("20"));
        assert_eq!(facts("+61491570006").line, NumberType::Mobile);
        assert_eq!(facts("+14155550123").fit, Fit::Valid);
    }

    #[test]
    fn a_number_is_valid_exactly_if_its_kind_is_known() {
        for start in ["+1415555", "+1800555", "+4420794", "+6149157", "+4930123", "+8835100", "+5411234", "+9991234"] {
            for rest in ["", "0", "01", "012", "0123", "01234"] {
                let Ok(parsed) = Parsed::parse(format!("{start}{rest}"), None) else { continue };
                let valid = fit(&parsed, parsed.get_type()) == Fit::Valid;
                assert_eq!(valid, parsed.is_valid(), "{start}{rest}");
            }
        }
    }

    #[test]
    fn a_number_outside_of_every_plan_is_still_described() {
        let facts = facts("+9991234567");
        assert_eq!((facts.area_code.clone(), facts.country_code.clone()), (None, None));
        assert_ne!(facts.fit, Fit::Valid);
    }
}

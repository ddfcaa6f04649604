//! Finds the number that a person means.

use crate::model::{Directory, PhoneNumber};

/// How many near misses an error lists.
const NEAREST: usize = 3;
/// The fewest digits that may stand for a number without its country code.
const SHORTEST_NATIONAL: usize = 6;
/// The fewest digits that make a number's end worth proposing.
const SHORTEST_ENDING: usize = 4;

/// What a written number stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// Exactly one number of the directory.
    One(PhoneNumber),
    /// Several numbers of the directory.
    Several(Vec<PhoneNumber>),
    /// None; these are the nearest.
    None(Vec<PhoneNumber>),
}

/// Finds a number given in E.164 or as people write it: `(415) 555-0123`, `415-555-0123`.
pub fn find(directory: &Directory, written: &str) -> Match {
    let numbers = || directory.master.numbers.keys().copied();
    if let Ok(number) = PhoneNumber::parse(written) {
        if directory.number(number).is_some() {
            return Match::One(number);
        }
        return Match::None(nearest(numbers(), number.digits()));
    }
    // `+44 (0)20 …`: the zero in brackets is dialled inside of the country only.
    let digits: String = written.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let international = written.trim_start().starts_with('+');
    let fits = |number: &PhoneNumber| number.digits() == digits || (!international && is_national(*number, &digits));
    let found: Vec<_> = numbers().filter(fits).collect();
    match found.as_slice() {
        [] => Match::None(nearest(numbers(), &digits)),
        [only] => Match::One(*only),
        _ => Match::Several(found),
    }
}

/// Whether the digits are the number without its country code, with or without a trunk prefix.
fn is_national(number: PhoneNumber, digits: &str) -> bool {
    let national = digits.trim_start_matches('0');
    let rest = number.digits().strip_suffix(national);
    national.len() >= SHORTEST_NATIONAL && rest.is_some_and(|code| (1..=3).contains(&code.len()))
}

/// The numbers that end in the digits, then those that differ in the fewest places.
fn nearest(numbers: impl Iterator<Item = PhoneNumber>, digits: &str) -> Vec<PhoneNumber> {
    let distance = |number: PhoneNumber| {
        let is_end = digits.len() >= SHORTEST_ENDING && number.digits().ends_with(digits);
        if is_end { 0 } else { strsim::damerau_levenshtein(number.digits(), digits) }
    };
    let mut ranked: Vec<_> = numbers.map(|number| (distance(number), number)).collect();
    ranked.sort();
    ranked.into_iter().take(NEAREST).map(|(_, number)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::is_national;
    use crate::model::PhoneNumber;

    #[test]
    fn a_number_may_be_written_without_its_country_code() {
        let number = PhoneNumber::parse("+14155550123").unwrap();
        assert!(is_national(number, "4155550123"));
        assert!(!is_national(number, "5550123"), "a country code has at most three digits");
        assert!(is_national(PhoneNumber::parse("+442079460018").unwrap(), "02079460018"));
    }
}

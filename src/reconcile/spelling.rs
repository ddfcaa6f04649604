//! Which number a provider may mean by a spelling that is not E.164: only so that its entry is not taken for gone.
//!
//! Nothing is ever read from such a spelling.

use crate::model::PhoneNumber;

/// The fewest digits without a country code that say which number is meant.
const FEWEST: usize = 7;

/// Whether one of the spellings may mean the number.
pub fn any_may_mean(spellings: &[String], number: PhoneNumber) -> bool {
    spellings.iter().any(|spelling| may_mean(spelling, number))
}

/// By its digits, of whatever script: all of them with anything around, or its national part.
fn may_mean(spelling: &str, number: PhoneNumber) -> bool {
    let digits: String = spelling.chars().filter_map(digit).collect();
    let number = number.to_string();
    let international = number.trim_start_matches('+');
    let national = digits.trim_start_matches('0');
    digits.contains(international) || (national.len() >= FEWEST && international.ends_with(national))
}

/// The first digits of the blocks in which Unicode repeats them, for the scripts that telephones are written in.
const ZEROS: [char; 5] = ['0', '\u{0660}', '\u{06f0}', '\u{0966}', '\u{ff10}'];

fn digit(letter: char) -> Option<char> {
    let value = |zero: &char| (letter as u32).checked_sub(*zero as u32).filter(|value| *value < 10);
    ZEROS.iter().find_map(value).and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_by_its_digits() {
        let number = PhoneNumber::parse("+14155550103").unwrap();
        for spelling in [
            "+14155550103\u{200e}",
            "+1 (415) 555-0103",
            "(415) 555-0103",
            "14155550103",
            "0014155550103",
            "tel:+1-415-555-0103;ext=7",
            "\u{ff0b}\u{ff11}\u{ff14}\u{ff11}\u{ff15}\u{ff15}\u{ff15}\u{ff15}\u{ff10}\u{ff11}\u{ff10}\u{ff13}",
        ] {
            assert!(may_mean(spelling, number), "{spelling}");
        }
        for other in ["internal-7", "+1 415 555 0104", "0103", "", "555-01"] {
            assert!(!may_mean(other, number), "{other}");
        }
    }
}

//! Finds the number that a person means.

use crate::model::nearest::distance;
use crate::model::{Directory, PhoneNumber};

/// How many near misses an error lists.
const NEAREST: usize = 3;
/// In how many places a number that may be meant differs.
const FARTHEST: usize = 3;
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

/// What people dial before a country code instead of `+`, from most of the world, North America, Australia and Japan.
const ACCESS_CODES: [&str; 4] = ["00", "011", "0011", "010"];

/// Finds a number given in E.164 or as people write and dial it: `(415) 555-0123`, `020 7946 0113`, `0044 20 7946 0113`.
pub fn find(directory: &Directory, written: &str) -> Match {
    let numbers = || directory.master.numbers.keys().copied();
    let plain: String = written.chars().map(ascii_form).collect();
    let plain = without_extension(without_parameters(plain.trim()));
    if let Ok(number) = PhoneNumber::parse(plain)
        && directory.number(number).is_some()
    {
        return Match::One(number);
    }
    // `+44 (0)20 …`: the zero in brackets is dialled inside of the country only.
    let digits: String = plain.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let international = plain.starts_with('+');
    let fits = |number: PhoneNumber| number.digits() == digits || (!international && is_national(number, &digits));
    let dialled = |number: PhoneNumber| is_dialled(number, &digits, international);
    let mut found: Vec<_> = numbers().filter(|number| fits(*number)).collect();
    if found.is_empty() {
        found.extend(numbers().filter(|number| dialled(*number)));
    }
    if found.is_empty()
        && let Some(digits) = keyed(plain)
    {
        found.extend(numbers().filter(|number| number.digits() == digits || is_national(*number, &digits)));
    }
    match found.as_slice() {
        [] => Match::None(nearest(numbers(), &digits)),
        [only] => Match::One(*only),
        _ => Match::Several(found),
    }
}

/// The zeros of the scripts whose ten digits follow one another.
const ZEROS: [u32; 18] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
    0x17e0, 0x1810,
];

/// A digit or a sign of another script or width as ASCII has it.
fn ascii_form(letter: char) -> char {
    let code = u32::from(letter);
    let digit = || ZEROS.iter().find_map(|zero| char::from_digit(code.checked_sub(*zero)?, 10));
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xfee0).unwrap_or(letter),
        '\u{3000}' | '\u{a0}' => ' ',
        _ => digit().unwrap_or(letter),
    }
}

/// The number of a URI, `tel:+14155550101;ext=12` or `sip:+14155550101@host:5060`, without what is behind it.
fn without_parameters(text: &str) -> &str {
    text.split([';', '@']).next().unwrap_or_default()
}

/// The number without the extension or the keys behind it: `x12`, `ext. 12`, `,,12#`.
fn without_extension(text: &str) -> &str {
    let text = text.trim_end_matches('#');
    let before = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let marked = before.trim_end_matches([' ', '.', ':']);
    let lower = marked.to_ascii_lowercase();
    let mark = ["extension", "ext", "x", ","].iter().find(|mark| lower.ends_with(**mark));
    match mark.filter(|_| before.len() < text.len()) {
        Some(mark) => marked[..marked.len() - mark.len()].trim_end_matches([' ', ',']),
        None => text,
    }
}

/// The digits of a number that is written with the letters of a telephone's keys: `1-800-FLOWERS`.
fn keyed(text: &str) -> Option<String> {
    let key = |letter: char| match letter.to_ascii_uppercase() {
        digit @ '0'..='9' => Some(digit),
        'A'..='C' => Some('2'),
        'D'..='F' => Some('3'),
        'G'..='I' => Some('4'),
        'J'..='L' => Some('5'),
        'M'..='O' => Some('6'),
        'P'..='S' => Some('7'),
        'T'..='V' => Some('8'),
        'W'..='Z' => Some('9'),
        _ => None,
    };
    let digits: String = text.chars().filter_map(key).collect();
    let begins = text.trim_start_matches(['+', '(']).starts_with(|letter: char| letter.is_ascii_digit());
    (begins && text.chars().any(|letter| letter.is_ascii_alphabetic())).then_some(digits)
}

/// Whether the digits are what a caller abroad dials: an access code, the country code, perhaps the trunk zero.
fn is_dialled(number: PhoneNumber, digits: &str, international: bool) -> bool {
    let has_trunk_zero = |digits: &str| {
        (1..=3).any(|code| {
            let (country, national) = number.digits().split_at(code);
            digits.strip_prefix(country).and_then(|rest| rest.strip_prefix('0')) == Some(national)
        })
    };
    let is_number = |digits: &str| digits == number.digits() || has_trunk_zero(digits);
    let from_abroad = || ACCESS_CODES.iter().filter_map(|code| digits.strip_prefix(code)).any(is_number);
    has_trunk_zero(digits) || !international && from_abroad()
}

/// Whether the digits are the number without its country code, with or without a trunk prefix.
fn is_national(number: PhoneNumber, digits: &str) -> bool {
    let national = digits.trim_start_matches('0');
    let rest = number.digits().strip_suffix(national);
    national.len() >= SHORTEST_NATIONAL && rest.is_some_and(|code| (1..=3).contains(&code.len()))
}

/// The numbers that end in the digits, then those that differ in few places.
fn nearest(numbers: impl Iterator<Item = PhoneNumber>, digits: &str) -> Vec<PhoneNumber> {
    let rank = |number: PhoneNumber| {
        let is_end = digits.len() >= SHORTEST_ENDING && number.digits().ends_with(digits);
        if is_end { 0 } else { distance(number.digits(), digits) }
    };
    let mut ranked: Vec<_> = numbers.map(|number| (rank(number), number)).collect();
    ranked.retain(|(far, _)| *far <= FARTHEST);
    ranked.sort();
    ranked.into_iter().take(NEAREST).map(|(_, number)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(numbers: &[&str]) -> Directory {
        let mut directory = Directory::empty();
        for number in numbers {
            let number = PhoneNumber::parse(number).unwrap();
            let entry = serde_json::json!({"phone_number": number, "phone_number_pretty": "", "phone_number_type": "local",
                "provider": "custom", "area_code": null, "country_code": null, "capabilities": null, "twilio": null,
                "workspaces": {}, "sip_config": null, "notes": "", "tags": []});
            directory.master.numbers.insert(number, serde_json::from_value(entry).unwrap());
        }
        directory
    }

    #[test]
    fn a_number_may_be_written_without_its_country_code() {
        let number = PhoneNumber::parse("+14155550123").unwrap();
        assert!(is_national(number, "4155550123"));
        assert!(!is_national(number, "5550123"), "a country code has at most three digits");
        assert!(is_national(PhoneNumber::parse("+442079460018").unwrap(), "02079460018"));
    }

    #[test]
    fn a_number_is_found_as_it_is_dialled_from_elsewhere() {
        let known = directory(&["+14155550101", "+442079460113", "+14155550102"]);
        let london = PhoneNumber::parse("+442079460113").unwrap();
        for written in [
            "00442079460113",
            "0044 20 7946 0113",
            "0044 (0)20 7946 0113",
            "00 44 020 7946 0113",
            "011 44 20 7946 0113",
            "0011 44 20 7946 0113",
            "+44 0 20 7946 0113",
            "+4402079460113",
            "＋４４ ２０ ７９４６ ０１１３",
            "+44 ２０７９４６０１１３",
            "+٤٤٢٠٧٩٤٦٠١١٣",
            "๐๐๔๔๒๐๗๙๔๖๐๑๑๓",
            "tel:+44-20-7946-0113;ext=12",
            "sip:+442079460113@trunk.pstn.twilio.com:5060;transport=tls",
            "020 7946 0113 x12",
            "+442079460113,,12#",
            "+44 20 7946 0113 Ext. 12",
            "+44 20 7946 0113 extension 12",
        ] {
            assert_eq!(find(&known, written), Match::One(london), "{written}");
        }
        let local = PhoneNumber::parse("+14155550101").unwrap();
        for written in ["0014155550101", "４１５５５５０１０１", "（４１５）\u{3000}５５５－０１０１", "1 415 555 0101"]
        {
            assert_eq!(find(&known, written), Match::One(local), "{written}");
        }
        let flowers = PhoneNumber::parse("+18003569377").unwrap();
        let known_words = directory(&["+18003569377", "+14155550101"]);
        for written in ["1-800-FLOWERS", "1 800 flowers", "+1 (800) FLOWERS", "800-FLOWERS"] {
            assert_eq!(find(&known_words, written), Match::One(flowers), "{written}");
        }
        assert!(matches!(find(&known_words, "FLOWERS"), Match::None(_)));
        assert!(matches!(find(&known, "00442079460114"), Match::None(_)));
        assert!(matches!(find(&known, "+0044 20 7946 0113"), Match::None(_)));
    }
}

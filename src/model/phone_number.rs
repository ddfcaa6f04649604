//! A phone number in E.164 form, the key of everything in the directory.

use super::{ParseError, text::text_type};

/// An E.164 phone number: `+`, a digit other than 0, and 6 to 14 more digits (ITU-T E.164, ASCII only).
///
/// It is 16 bytes without a heap allocation, padded with zero bytes, so that comparing two numbers is
/// comparing their text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber([u8; Self::MAX_LENGTH]);

impl PhoneNumber {
    pub(crate) const EXPECTED: &'static str = "a phone number in E.164 form, such as `+14155550123`";
    const MAX_LENGTH: usize = 16;
    const MIN_LENGTH: usize = 8;

    /// Parses exactly the E.164 form; blanks, brackets and hyphens are errors here.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let bytes = text.as_bytes();
        let well_formed = (Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&bytes.len())
            && bytes[0] == b'+'
            && matches!(bytes[1], b'1'..=b'9')
            && bytes[2..].iter().all(u8::is_ascii_digit);
        if !well_formed {
            return Err(ParseError::expected(Self::EXPECTED));
        }
        let mut padded = [0; Self::MAX_LENGTH];
        padded[..bytes.len()].copy_from_slice(bytes);
        Ok(Self(padded))
    }

    /// The E.164 text, `+` included.
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(Self::MAX_LENGTH);
        std::str::from_utf8(&self.0[..length]).expect("`parse` admits ASCII only")
    }

    /// The digits without the `+`.
    pub fn digits(&self) -> &str {
        &self.as_str()[1..]
    }
}

text_type!(PhoneNumber);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_e164_form_is_a_phone_number() {
        for good in ["+14155550123", "+1234567", "+123456789012345"] {
            assert_eq!(PhoneNumber::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "+",
            "14155550123",
            "+04155550123",
            "+123456",
            "+1234567890123456",
            "+1415555o123",
            "+１４１５５５５０１２３",
            "+1 4155550123",
            "+14155550123\n",
        ] {
            assert!(PhoneNumber::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn order_is_the_order_of_the_text() {
        let mut numbers =
            ["+442079460018", "+1415555012", "+14155550123"].map(|text| PhoneNumber::parse(text).unwrap());
        numbers.sort();
        assert_eq!(numbers.map(|number| number.to_string()), ["+1415555012", "+14155550123", "+442079460018"]);
    }
}

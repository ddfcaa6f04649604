//! Twilio's resource identifiers: two letters for the kind, 32 hexadecimal digits for the resource.

use super::{ParseError, text::text_type};

const LENGTH: usize = 34;

fn parse(text: &str, prefix: &str) -> Option<[u8; LENGTH]> {
    let bytes: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
    let well_formed = text.starts_with(prefix) && bytes[2..].iter().all(u8::is_ascii_hexdigit);
    well_formed.then_some(bytes)
}

macro_rules! sid_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; LENGTH]);

        impl $name {
            pub(crate) const EXPECTED: &'static str = concat!("a SID: `", $prefix, "` and 32 hexadecimal digits");

            /// Parses the two letters of this kind and 32 hexadecimal digits, in either case.
            pub fn parse(text: &str) -> Result<Self, ParseError> {
                parse(text, $prefix).map(Self).ok_or(ParseError::expected(Self::EXPECTED))
            }

            /// The SID as Twilio writes it.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("`parse` admits ASCII only")
            }
        }

        text_type!($name);
    };
}

sid_type!(
    /// The SID of an incoming phone number.
    PhoneNumberSid, "PN"
);
sid_type!(
    /// The SID of an Elastic SIP trunk.
    TrunkSid, "TK"
);
sid_type!(
    /// The SID of a SIP credential list.
    CredentialListSid, "CL"
);
sid_type!(
    /// The SID of a trunk's origination URL.
    OriginationUrlSid, "OU"
);
sid_type!(
    /// The SID of a Twilio account.
    AccountSid, "AC"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_its_own_prefix_and_32_hexadecimal_digits() {
        let digits = "0123456789abcdefABCDEF0123456789";
        assert!(TrunkSid::parse(&format!("TK{digits}")).is_ok());
        for bad in [
            format!("PN{digits}"),
            format!("TK{}", &digits[1..]),
            format!("TK{digits}0"),
            "TKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        ] {
            assert!(TrunkSid::parse(&bad).is_err(), "{bad}");
        }
    }
}

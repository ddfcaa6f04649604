//! A count in a file: how JSON Schema's `integer` reads numbers.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A whole number from 0 to 2^53 - 1, the range in which every JSON reader is exact.
///
/// JSON Schema takes `1.0` for the integer 1, and so does this; `1` is what is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Count(pub u64);

impl Count {
    /// The number of things in a collection.
    pub fn of(length: usize) -> Self {
        Self(length as u64)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeNumber;

        impl Visitor<'_> for WholeNumber {
            type Value = Count;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a whole number from 0")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
                super::routing::exact(number)
                    .map(Count)
                    .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
                super::routing::whole(number)
                    .map(Count)
                    .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
            }
        }

        deserializer.deserialize_u64(WholeNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_read_in_either_form_and_written_in_one() {
        let counts: Vec<Count> = serde_json::from_str("[0, 7, 1.0, 2e3]").unwrap();
        assert_eq!(counts, [0, 7, 1, 2_000].map(Count));
        assert_eq!(serde_json::to_string(&counts).unwrap(), "[0,7,1,2000]");
        for (text, said) in [
            ("1.5", "invalid value: floating point `1.5`, expected a whole number from 0 at line 1 column 3"),
            (
                "9007199254740992",
                "invalid value: integer `9007199254740992`, expected a whole number from 0 at line 1 column 16",
            ),
        ] {
            assert_eq!(serde_json::from_str::<Count>(text).unwrap_err().to_string(), said);
        }
    }
}

//! What libphonenumber says of North America's numbers, as a table of ranges. Most directories hold hardly any others, and
//! the library compiles a hundred regular expressions for its first answers about them, which takes longer than all else
//! that a validation does with a small directory.
//!
//! The table is made from the library alone and says nothing of its own. Tests hold it against the library; where that
//! has newer metadata, this writes it anew:
//! `UPDATE_NUMBERING=1 cargo test --release --lib north_america -- --ignored`

use std::sync::LazyLock;

use super::{Fit, Numbering};
use crate::model::{NumberType, PhoneNumber};

/// A line a range: its first block, its country, and its kind of line or that it is invalid. It ends where the next begins.
const TABLE: &str = include_str!("north_america.txt");
/// What stands in the table for a country that no range has.
const NO_COUNTRY: &str = "-";
/// What stands in the table for the kind of a range that is not in use.
#[cfg(test)]
const INVALID: &str = "invalid";

/// How many digits a national number has, how many of them tell its block, and how many its area and its exchange.
///
/// North America gives numbers out by blocks of a thousand, and no range ends within one.
const NATIONAL: usize = 10;
const BLOCK: usize = 7;
const EXCHANGE: usize = 6;
const AREA: usize = 3;

static RANGES: LazyLock<Vec<Range>> = LazyLock::new(|| TABLE.lines().filter_map(Range::of_line).collect());

/// Blocks of which the same is known.
struct Range {
    first: u32,
    country: Option<&'static str>,
    line: NumberType,
    fit: Fit,
}

impl Range {
    fn of_line(line: &'static str) -> Option<Self> {
        let mut words = line.split(' ');
        let (first, country, kind) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
        let country = Some(country).filter(|country| *country != NO_COUNTRY);
        // What is not in use is of no kind.
        let (line, fit) = match NumberType::ALL.into_iter().find(|known| known.as_str() == kind) {
            Some(line) => (line, Fit::Valid),
            None => (NumberType::Other, Fit::Invalid),
        };
        Some(Self { first, country, line, fit })
    }

    fn of_block(block: u32) -> Option<&'static Self> {
        RANGES[..RANGES.partition_point(|range| range.first <= block)].last()
    }
}

/// Describes a number of North America's plan; none where it is no such number, or one of another length.
pub fn describe(number: PhoneNumber) -> Option<Numbering> {
    let national = number.digits().strip_prefix('1').filter(|digits| digits.len() == NATIONAL)?;
    // No area begins with a 0 or a 1, below which the table has no range.
    let range = Range::of_block(national[..BLOCK].parse().ok()?)?;
    let (area, exchange, line) = (&national[..AREA], &national[AREA..EXCHANGE], &national[EXCHANGE..]);
    Some(Numbering {
        pretty: ["(", area, ") ", exchange, "-", line].concat(),
        area_code: Some(area.to_owned()),
        country_code: range.country.map(str::to_owned),
        line: range.line,
        fit: range.fit,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::numbering::look_up;

    /// The blocks there can be.
    const BLOCKS: std::ops::Range<u32> = 2_000_000..10_000_000;

    fn number(block: u32, line: u32) -> PhoneNumber {
        PhoneNumber::parse(&format!("+1{block}{line:03}")).unwrap()
    }

    fn assert_known(number: PhoneNumber) {
        assert_eq!(describe(number), Some(look_up(number)), "{number}");
    }

    proptest! {
        #[test]
        fn any_number_is_what_the_library_says(block in BLOCKS, line in 0..1_000_u32) {
            assert_known(number(block, line));
        }
    }

    #[test]
    fn every_range_begins_and_ends_where_the_library_has_it() {
        for range in RANGES.iter() {
            assert_known(number(range.first, 0));
            if BLOCKS.contains(&(range.first - 1)) {
                assert_known(number(range.first - 1, 999));
            }
        }
        assert!(RANGES.is_sorted_by(|one, next| one.first < next.first));
        assert_eq!((RANGES[0].first, RANGES.len()), (BLOCKS.start, TABLE.lines().count()));
    }

    #[test]
    fn every_area_is_what_the_library_says() {
        for area in 200..1_000 {
            assert_known(number(area * 10_000 + 5_550, 123));
        }
    }

    #[test]
    fn numbers_of_other_plans_and_lengths_are_left_to_the_library() {
        for other in ["+442079460018", "+1415555012", "+141555501234", "+11155550123", "+10155550123", "+61491570006"] {
            assert_eq!(describe(PhoneNumber::parse(other).unwrap()), None, "{other}");
        }
    }

    #[test]
    #[ignore = "asks the library for eight million blocks"]
    fn the_table_is_the_librarys() {
        let mut table = String::new();
        let mut last = String::new();
        for block in BLOCKS {
            let facts = look_up(number(block, 0));
            let kind = if facts.fit == Fit::Valid { facts.line.as_str() } else { INVALID };
            let known = format!("{} {kind}", facts.country_code.as_deref().unwrap_or(NO_COUNTRY));
            if known != last {
                table.push_str(&format!("{block} {known}\n"));
                last = known;
            }
        }
        if std::env::var_os("UPDATE_NUMBERING").is_some() {
            let place = concat!(env!("CARGO_MANIFEST_DIR"), "/src/model/numbering/north_america.txt");
            std::fs::write(place, &table).unwrap();
        }
        assert!(table == TABLE, "the library has newer metadata");
    }
}

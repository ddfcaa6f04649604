//! A count with its noun, in the form that goes with it: `1 number`, `2 numbers`.

use std::fmt::Display;

/// A count before a noun whose plural ends in `s`.
pub fn counted<C: Copy + Display + PartialEq + From<u8>>(count: C, noun: &str) -> String {
    let ending = form(&count, "", "s");
    format!("{count} {noun}{ending}")
}

/// The words that go with a count: `is` or `are`, `line` or `lines`.
pub fn form<'a, C: PartialEq + From<u8>>(count: &C, one: &'a str, many: &'a str) -> &'a str {
    if *count == C::from(1) { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_all_others_are_many() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "call")), ["0 calls", "1 call", "2 calls"]);
        assert_eq!([0, 1, 2].map(|count| form(&count, "is", "are")), ["are", "is", "are"]);
    }
}

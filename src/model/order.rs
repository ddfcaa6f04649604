//! The order in which the specification shows the keys of its open maps; other keys follow, sorted.

use std::cmp::Ordering;

/// Workspaces, as `metadata.by_workspace` and `workspaces` show them.
pub const WORKSPACES: [&str; 2] = ["staging", "production"];

/// Compares two keys: the known ones in their given order, then the rest by text.
pub fn known_first(known: &[&str], left: &str, right: &str) -> Ordering {
    let rank = |key: &str| known.iter().position(|name| *name == key).unwrap_or(known.len());
    rank(left).cmp(&rank(right)).then_with(|| left.cmp(right))
}

/// The text with its first letter in upper case.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_words_come_first_in_their_order_and_the_rest_by_text() {
        let mut words = ["b", "production", "a", "staging", "c"];
        words.sort_by(|left, right| known_first(&WORKSPACES, left, right));
        assert_eq!(words, ["staging", "production", "a", "b", "c"]);
        assert_eq!(known_first(&WORKSPACES, "a", "a"), Ordering::Equal);
        assert_eq!(["", "a", "Ab", "über uns"].map(capitalized), ["", "A", "Ab", "Über uns"]);
    }
}

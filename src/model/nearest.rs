//! Which known name a mistyped one stands for: the one measure behind every hint.

use strsim::damerau_levenshtein;

/// How many letters have to come, go, change or swap places to make one name the other.
pub fn distance(written: &str, known: &str) -> usize {
    damerau_levenshtein(written, known)
}

/// The nearest of the known names, and how far it is; of several, the first by name.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(usize, &'a str)> {
    known.into_iter().map(|known| (distance(written, known), known)).min()
}

/// The nearest, where no more of it than a third is mistyped.
pub fn meant<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(written, known).filter(|(far, known)| *far <= known.len().div_ceil(3)).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_meant_when_most_of_it_is_typed() {
        let known = ["area_code", "agent", "agents"];
        assert_eq!(meant("agnet", known), Some("agent"));
        assert_eq!(meant("area", known), None);
        assert_eq!(nearest("agent-", known), Some((1, "agent")));
    }
}

//! Guards a walk over pages against one that never ends.

use std::collections::BTreeSet;

use super::failure::Cause;

/// Far more pages than any account has: ten million numbers.
const MOST_PAGES: usize = 10_000;

/// The keys or links of the pages that were asked for.
#[derive(Debug, Default)]
pub(crate) struct SeenPages(BTreeSet<String>);

impl SeenPages {
    /// Admits the key of the next page, once.
    pub(crate) fn admit(&mut self, key: &str) -> Result<(), Cause> {
        if self.0.len() >= MOST_PAGES {
            return Err(Cause::EndlessPages);
        }
        if self.0.insert(key.to_owned()) { Ok(()) } else { Err(Cause::RepeatedPage) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_admitted_once_and_pages_come_to_an_end() {
        let mut seen = SeenPages::default();
        assert_eq!(seen.admit("a"), Ok(()));
        assert_eq!(seen.admit("a"), Err(Cause::RepeatedPage));
        let endless = (0..=MOST_PAGES).map(|key| seen.admit(&key.to_string())).find(Result::is_err);
        assert_eq!(endless, Some(Err(Cause::EndlessPages)));
    }
}

//! Walks over pages: each is taken while the next one is on its way, and a walk that never ends is stopped.

use std::collections::BTreeSet;
use std::future::Future;

use futures_util::future::try_join;
use tokio::task::yield_now;

use super::failure::{Cause, Failure};

/// Waits for the next page, and takes what the one before it has meanwhile.
pub(crate) async fn while_taking<P>(
    next: impl Future<Output = Result<P, Failure>>,
    take: impl FnOnce() -> Result<(), Failure>,
) -> Result<P, Failure> {
    let taking = async {
        // The connections are tasks of the same thread: the request leaves when this one lets them.
        yield_now().await;
        take()
    };
    Ok(try_join(next, taking).await?.0)
}

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

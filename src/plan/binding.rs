//! What becomes of an item when Retell is read again: a plan is bound to what Retell had, number by number.

use super::PlanItem;
use crate::model::{Setting, Settings};

/// How an item stands against what Retell has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemBinding {
    /// Retell has what is wanted.
    Unchanged,
    /// Retell has what it had when this was planned: it may be sent.
    Due,
    /// Retell was changed since: the fields that are neither.
    Stale(Vec<Setting>),
    /// Retell does not have the number any more.
    Missing,
}

impl PlanItem {
    /// Compares the item with what Retell has now.
    pub fn bind(&self, live: Option<&Settings>) -> ItemBinding {
        let Some(live) = live else { return ItemBinding::Missing };
        let open: Vec<Setting> =
            self.asked.iter().copied().filter(|setting| !self.set.agrees(live, *setting)).collect();
        let stale: Vec<Setting> = open.iter().copied().filter(|setting| !self.was.agrees(live, *setting)).collect();
        match (open.is_empty(), stale.is_empty()) {
            (true, _) => ItemBinding::Unchanged,
            (false, true) => ItemBinding::Due,
            (false, false) => ItemBinding::Stale(stale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{named, plan};
    use super::*;

    #[test]
    fn an_item_is_due_only_while_retell_has_what_it_had() {
        let item = plan(&[("+14155550101", "new")]).items.remove(0);
        assert_eq!(item.bind(Some(&named("before"))), ItemBinding::Due);
        assert_eq!(item.bind(Some(&named("new"))), ItemBinding::Unchanged);
        assert_eq!(item.bind(Some(&named("other"))), ItemBinding::Stale(vec![Setting::Nickname]));
        assert_eq!(item.bind(None), ItemBinding::Missing);
        // Another field may have moved.
        let moved = Settings { inbound_webhook_url: Some("https://hooks.example.com".into()), ..named("before") };
        assert_eq!(item.bind(Some(&moved)), ItemBinding::Due);
    }
}

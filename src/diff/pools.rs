//! What changed about the pools themselves. Which numbers are in them is part of each number's own changes.

use std::collections::{BTreeMap, BTreeSet};

use super::delta::Pair;
use crate::model::pools::{Pool, PoolName};
use crate::model::{Directory, PoolsFile};

/// A pool that was made, changed or deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolDefinitionChange {
    pub pool: PoolName,
    /// What is said of it, before and after.
    pub pair: Pair<Pool>,
}

impl PoolDefinitionChange {
    pub fn kind(&self) -> &'static str {
        match (&self.pair.from, &self.pair.to) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "changed",
        }
    }

    /// The names of the fields that differ between two states of it.
    pub fn fields(&self) -> Vec<&'static str> {
        match (&self.pair.from, &self.pair.to) {
            (Some(before), Some(after)) => differing(before, after),
            _ => Vec::new(),
        }
    }
}

/// The names of the fields that differ.
pub fn differing(before: &Pool, after: &Pool) -> Vec<&'static str> {
    let fields = [
        ("purpose", before.purpose != after.purpose),
        ("owner", before.owner != after.owner),
        ("workspaces", before.workspaces != after.workspaces),
        ("quarantine", before.quarantine != after.quarantine),
        ("order", before.order != after.order),
        ("accepts", before.accepts != after.accepts),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// The pools that differ between two states of the file; none of them where there is none.
pub fn between(from: Option<&PoolsFile>, to: Option<&PoolsFile>) -> Vec<PoolDefinitionChange> {
    let none = BTreeMap::new();
    let [from, to] = [from, to].map(|file| file.map_or(&none, |file| &file.pools));
    let names: BTreeSet<&PoolName> = from.keys().chain(to.keys()).collect();
    let change = |name: &PoolName| {
        let (before, after) = (from.get(name), to.get(name));
        let pair = Pair { from: before.cloned(), to: after.cloned() };
        (before != after).then(|| PoolDefinitionChange { pool: name.clone(), pair })
    };
    names.into_iter().filter_map(change).collect()
}

/// The pools that differ between two directories.
pub fn between_directories(from: &Directory, to: &Directory) -> Vec<PoolDefinitionChange> {
    between(from.pools.as_ref(), to.pools.as_ref())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_field_of_a_pool_that_differs_is_named_and_no_other() {
        let mut pool = json!({"purpose": "", "owner": null, "workspaces": [], "quarantine": "30d"});
        let before: Pool = serde_json::from_value(pool.clone()).unwrap();
        assert_eq!(differing(&before, &before), [""; 0]);
        let mut all = Vec::new();
        for (field, value) in [
            ("purpose", json!("sales")),
            ("owner", json!("Ann")),
            ("workspaces", json!(["staging"])),
            ("quarantine", json!("7d")),
            ("order", json!("by-number")),
            ("accepts", json!({"country": "US"})),
        ] {
            pool[field] = value;
            all.push(field);
            let after: Pool = serde_json::from_value(pool.clone()).unwrap();
            assert_eq!((differing(&before, &after), differing(&after, &before)), (all.clone(), all.clone()));
        }
    }
}

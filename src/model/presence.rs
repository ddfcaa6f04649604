//! How a field tells "not there" from "there, and null", so that rewriting a file changes no byte of it.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A field that may be absent, null, or a value.
pub type Optional<T> = Option<Option<T>>;

/// Reads a field that has to be there and may be null. (serde's derive takes a missing `Option` for `None`.)
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// Reads a field that is there, with `#[serde(default)]` for when it is not, into [`Optional`].
pub fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Optional<T>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a field that may be absent, with `#[serde(default)]`, but not null.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads a map and refuses a key that stands twice, where serde would keep the last one silently.
pub fn unique_map<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    unique_entries(deserializer, BTreeMap::len)
}

/// Reads an object into a map of any kind, and refuses a key that stands twice: one that makes `len` too small.
///
/// The entries are collected first: a map that is made at once of sorted entries has full nodes, and no searches.
pub fn unique_entries<'de, D, K, V, M>(deserializer: D, len: fn(&M) -> usize) -> Result<M, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    M: FromIterator<(K, V)>,
{
    struct Entries<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
        type Value = Vec<(K, V)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = access.next_entry()? {
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    let entries = deserializer.deserialize_map(Entries(PhantomData))?;
    let count = entries.len();
    let map = M::from_iter(entries);
    if len(&map) == count { Ok(map) } else { Err(D::Error::custom("a key stands twice")) }
}

//! What comparing two contents showed, as it is kept for the next run.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::diff::delta::{Pair, Pairs};
use crate::model::PhoneNumber;

#[derive(Serialize, Deserialize)]
struct SeenPairs<E> {
    /// Whether each of the two is in canonical form.
    canonical: [bool; 2],
    pairs: Vec<(PhoneNumber, Option<E>, Option<E>)>,
}

/// Writes down what differs, and whether each of the two contents is in canonical form.
pub(super) fn write<E: Serialize>(canonical: [bool; 2], pairs: &Pairs<E>) -> Option<Vec<u8>> {
    let pairs = pairs.iter().map(|(number, pair)| (*number, pair.from.as_ref(), pair.to.as_ref())).collect();
    serde_json::to_vec(&SeenPairs { canonical, pairs }).ok()
}

/// Reads what was written down; of one number alone, the entries of others are not parsed.
pub(super) fn read<E: DeserializeOwned>(bytes: &[u8], only: Option<PhoneNumber>) -> Option<([bool; 2], Pairs<E>)> {
    let Some(only) = only else {
        let seen: SeenPairs<E> = serde_json::from_slice(bytes).ok()?;
        let pairs = seen.pairs.into_iter().map(|(number, from, to)| (number, Pair { from, to }));
        return Some((seen.canonical, pairs.collect()));
    };
    let seen: SeenPairs<&RawValue> = serde_json::from_slice(bytes).ok()?;
    let wanted = seen.pairs.into_iter().filter(|(number, ..)| *number == only);
    let pairs = wanted.map(|(number, from, to)| Some((number, Pair { from: entry(from)?, to: entry(to)? })));
    Some((seen.canonical, pairs.collect::<Option<_>>()?))
}

/// An entry: none where there is none, and nothing at all where it is not as this version writes it.
fn entry<E: DeserializeOwned>(seen: Option<&RawValue>) -> Option<Option<E>> {
    seen.map(|text| serde_json::from_str(text.get())).transpose().ok()
}

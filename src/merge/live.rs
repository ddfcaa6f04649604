//! The records of what Retell has beside decisions: merged decision by decision, and never in conflict by themselves.
//!
//! A record says two things: what Retell had when git decided, and what the last read saw. Where both sides changed a
//! record, the last read is that of the side that Retell changed last; the other half is that of the side that changed
//! it. What is wrong afterwards the next complete read corrects; a record that is lost would lose a decision.

use serde_json::{Map, Value};

use super::three_way::Versions;

/// The member of an entry that holds the records.
pub(super) const FIELD: &str = "live";

/// Whether a version of an entry has a record.
pub(super) fn is_in(versions: Versions<'_>) -> bool {
    let records = versions.member(FIELD);
    [records.base, records.ours, records.theirs].iter().any(Option::is_some)
}

/// The merged records; none where none is left.
pub(super) fn merge(versions: Versions<'_>) -> Option<Value> {
    let records = versions.member(FIELD);
    let mut names: Vec<&String> =
        [records.ours, records.theirs].into_iter().flatten().filter_map(Value::as_object).flat_map(Map::keys).collect();
    names.sort();
    names.dedup();
    let newest = newest(versions.member("last_modified"));
    let merged = names.into_iter().filter_map(|name| Some((name.clone(), field(records.member(name), newest)?)));
    let merged: Map<String, Value> = merged.collect();
    (!merged.is_empty()).then_some(Value::Object(merged))
}

/// Which side Retell changed last, by the time that it wrote down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Newest {
    Ours,
    Theirs,
    Neither,
}

fn newest(times: Versions<'_>) -> Newest {
    let [ours, theirs] = [times.ours, times.theirs].map(|time| time.and_then(Value::as_str));
    match ours.cmp(&theirs) {
        std::cmp::Ordering::Greater => Newest::Ours,
        std::cmp::Ordering::Less => Newest::Theirs,
        std::cmp::Ordering::Equal => Newest::Neither,
    }
}

fn field(versions: Versions<'_>, newest: Newest) -> Option<Value> {
    let Versions { base, ours, theirs } = versions;
    if ours == theirs || theirs == base {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    // One side settled what the other decided anew: the decision stays to be settled.
    let (Some(one), Some(other)) = (ours, theirs) else { return ours.or(theirs).cloned() };
    let half = |name: &str| {
        let half = versions.member(name);
        match newest {
            _ if half.ours == half.theirs || half.theirs == half.base => half.ours,
            _ if half.ours == half.base => half.theirs,
            Newest::Ours => half.ours,
            Newest::Theirs => half.theirs,
            // Any of the two would do; the choice must not depend on the side.
            Newest::Neither => {
                if [one, other].map(Value::to_string).is_sorted() {
                    half.ours
                } else {
                    half.theirs
                }
            }
        }
    };
    let halves = ["was", "is"].into_iter().filter_map(|name| Some((name.to_owned(), half(name)?.clone())));
    Some(Value::Object(halves.collect()))
}

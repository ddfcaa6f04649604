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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(live: &Value, modified: &str) -> Value {
        let mut entry = json!({"last_modified": modified});
        if !live.is_null() {
            entry[FIELD] = live.clone();
        }
        entry
    }

    /// The merged records, whichever side is ours; null where none is left.
    fn merged(base: &Value, ours: (&Value, &str), theirs: (&Value, &str)) -> Value {
        let (base, ours, theirs) = (entry(base, "1"), entry(ours.0, ours.1), entry(theirs.0, theirs.1));
        let [one, other] = [(&ours, &theirs), (&theirs, &ours)].map(|(ours, theirs)| {
            merge(Versions { base: Some(&base), ours: Some(ours), theirs: Some(theirs) }).unwrap_or_default()
        });
        assert_eq!(one, other);
        one
    }

    fn record(was: &str, is: &str) -> Value {
        json!({"nickname": {"was": was, "is": is}})
    }

    #[test]
    fn an_entry_has_records_where_any_version_of_it_has() {
        let (with, without) = (entry(&record("A", "A"), "1"), entry(&Value::Null, "1"));
        for at in 0..3 {
            let mut versions = [&without; 3];
            versions[at] = &with;
            let [base, ours, theirs] = versions.map(Some);
            assert!(is_in(Versions { base, ours, theirs }), "{at}");
        }
        assert!(!is_in(Versions { base: Some(&without), ours: Some(&without), theirs: None }));
    }

    #[test]
    fn each_decision_is_merged_on_its_own_and_a_settled_one_goes() {
        let (none, base) = (Value::Null, record("A", "A"));
        let mut two = record("A", "A");
        two["codecs"] = json!({"was": "x", "is": "y"});
        // The same on both sides, or changed by one.
        assert_eq!(merged(&none, (&base, "1"), (&base, "2")), base);
        assert_eq!(merged(&base, (&two, "1"), (&base, "2")), two);
        assert_eq!(merged(&base, (&record("A", "B"), "1"), (&base, "2")), record("A", "B"));
        // Settled by one side, or by both.
        assert_eq!(merged(&base, (&none, "1"), (&base, "2")), none);
        assert_eq!(merged(&two, (&none, "1"), (&base, "2")), none);
        assert_eq!(merged(&base, (&none, "1"), (&none, "2")), none);
        // Settled by one side and decided anew by the other.
        assert_eq!(merged(&base, (&none, "2"), (&record("A", "B"), "1")), record("A", "B"));
        // Two new ones, in the order of their names.
        let codecs = json!({"codecs": {"was": "x", "is": "y"}});
        let both = merged(&none, (&base, "1"), (&codecs, "1"));
        assert_eq!(both.as_object().unwrap().keys().collect::<Vec<_>>(), ["codecs", "nickname"]);
    }

    #[test]
    fn of_a_record_that_both_changed_each_half_is_the_changed_one_else_that_of_the_newest_side() {
        let base = record("A", "A");
        assert_eq!(merged(&base, (&record("A", "B"), "1"), (&record("C", "A"), "2")), record("C", "B"));
        assert_eq!(merged(&base, (&record("D", "B"), "1"), (&record("D", "C"), "2")), record("D", "C"));
        assert_eq!(merged(&base, (&record("D", "B"), "3"), (&record("D", "C"), "2")), record("D", "B"));
        assert_eq!(merged(&base, (&record("E", "B"), "3"), (&record("D", "C"), "2")), record("E", "B"));
        // Equally new: the lesser text, whole.
        assert_eq!(merged(&base, (&record("E", "B"), "2"), (&record("D", "C"), "2")), record("D", "C"));
        assert_eq!(merged(&Value::Null, (&record("E", "B"), "2"), (&record("D", "C"), "1")), record("E", "B"));
        // A half that a side took away is gone.
        let was = json!({"nickname": {"was": "A"}});
        assert_eq!(merged(&base, (&was, "1"), (&record("B", "A"), "2")), json!({"nickname": {"was": "B"}}));
    }
}

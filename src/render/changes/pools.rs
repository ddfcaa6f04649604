//! Pools in words: what became of a number in them, and of a pool itself. Nothing that people typed is quoted.

use crate::diff::{Change, ChangeKind, Changes, NumberField, PoolDefinitionChange};
use crate::model::pools::MemberState;

/// What became of a number in its pools: `added to pool sales`; none where nothing did that words tell.
pub fn sentence(change: &Change) -> Option<String> {
    if change.kind != ChangeKind::Updated {
        return None;
    }
    let text = |field: NumberField| {
        let found = change.field(field);
        let side = |value: &crate::diff::FieldValue| value.as_text().map(str::to_owned);
        found.map_or((None, None), |found| (side(&found.from), side(&found.to)))
    };
    let state = || match (text(NumberField::PoolState), text(NumberField::PoolUntil)) {
        ((_, Some(state)), (_, until)) => Some(format!("{}{}", state_words(&state), until_words(until))),
        ((Some(state), None), _) => Some(format!("not {} any more", state_words(&state))),
        ((None, None), (_, until @ Some(_))) => Some(format!("kept{}", until_words(until))),
        ((None, None), (_, None)) => None,
    };
    match text(NumberField::Pool) {
        (None, Some(pool)) => {
            Some([Some(format!("added to pool {pool}")), state()].into_iter().flatten().collect::<Vec<_>>().join(", "))
        }
        // Where it leaves the pool, what was decided there goes along.
        (Some(pool), None) => Some(format!("removed from pool {pool}")),
        (Some(from), Some(to)) => Some(format!("moved from pool {from} to pool {to}")),
        (None, None) => state(),
    }
}

/// Whether a sentence about pools tells a field.
pub fn tells(field: NumberField) -> bool {
    field.is_of_pools() && field != NumberField::PoolFor
}

fn state_words(state: &str) -> &str {
    if state == MemberState::Quarantine.as_str() { "in quarantine" } else { state }
}

fn until_words(until: Option<String>) -> String {
    until.map(|day| format!(" until {day}")).unwrap_or_default()
}

/// What became of a pool: `pool sales changed purpose, owner`.
pub fn of_pool(change: &PoolDefinitionChange) -> String {
    let fields = change.fields().join(", ");
    let what = if fields.is_empty() { String::new() } else { format!(" {fields}") };
    format!("pool {} {}{what}", change.pool, change.kind())
}

pub fn count(changes: &Changes) -> Option<String> {
    match changes.pools.len() {
        0 => None,
        1 => Some("1 pool changed".to_owned()),
        count => Some(format!("{count} pools changed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{FieldChange, FieldValue};
    use crate::model::PhoneNumber;

    fn told(fields: &[(NumberField, Option<&str>, Option<&str>)]) -> Option<String> {
        let value = |text: Option<&str>| text.map_or(FieldValue::Absent, FieldValue::from);
        let field = |(field, from, to): &(NumberField, Option<&str>, Option<&str>)| FieldChange {
            field: *field,
            from: value(*from),
            to: value(*to),
        };
        sentence(&Change {
            phone_number: PhoneNumber::parse("+14155550110").unwrap(),
            workspace: None,
            kind: ChangeKind::Updated,
            fields: fields.iter().map(field).collect(),
            keeps_a_direction: false,
        })
    }

    #[test]
    fn what_became_of_a_number_is_a_sentence() {
        use NumberField::{Nickname, Pool, PoolFor, PoolReason, PoolState, PoolUntil};
        let words = |fields: &[_]| told(fields).unwrap_or_default();
        assert_eq!(words(&[(Pool, None, Some("sales"))]), "added to pool sales");
        assert_eq!(
            words(&[(Pool, Some("sales"), None), (PoolState, Some("reserved"), None)]),
            "removed from pool sales"
        );
        assert_eq!(words(&[(Pool, Some("a"), Some("b"))]), "moved from pool a to pool b");
        let resting = [(PoolState, None, Some("quarantine")), (PoolUntil, None, Some("2026-12-28"))];
        assert_eq!(words(&resting), "in quarantine until 2026-12-28");
        assert_eq!(
            words(&[(PoolState, Some("reserved"), None), (PoolUntil, Some("2026-12-28"), None)]),
            "not reserved any more"
        );
        assert_eq!(words(&[(PoolUntil, Some("2026-12-28"), Some("2027-01-28"))]), "kept until 2027-01-28");
        assert_eq!(told(&[(PoolFor, None, Some("campaign 12")), (PoolReason, None, Some("x"))]), None);
        assert_eq!(told(&[(Nickname, None, Some("x"))]), None);
    }
}

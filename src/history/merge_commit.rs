//! What a merge changed itself: what it has unlike every parent.

use crate::diff::{AgentNames, Change, ChangeKind, Changes, PoolDefinitionChange};

/// Keeps what differs from every parent; `all` holds how the merge differs from each.
///
/// A field counts when it differs from all of them, and a number that enters or leaves counts when it does so as seen
/// from all of them. What is kept is told as seen from the parent that is nearest in kind: a merge that brings two
/// edits of one number together, and changes its notes on the way, updated the notes.
pub fn own_changes(all: Vec<Changes>) -> Changes {
    let mut sides = all.into_iter();
    let Some(first) = sides.next() else { return Changes::default() };
    let others: Vec<Changes> = sides.collect();
    if others.is_empty() {
        return first;
    }
    let mut names = AgentNames::default();
    for other in &others {
        names.extend(other.names.clone());
    }
    names.extend(first.names);
    let list = first.list.into_iter().filter_map(|change| unlike_all(change, &others)).collect();
    let is_own =
        |pool: &PoolDefinitionChange| others.iter().all(|other| other.pools.iter().any(|it| it.pool == pool.pool));
    let pools = first.pools.into_iter().filter(is_own).collect();
    Changes { names, pools, ..Changes::new(list) }
}

fn unlike_all(change: Change, others: &[Changes]) -> Option<Change> {
    let mut seen = vec![change];
    for other in others {
        seen.push(other.about(&seen[0])?.clone());
    }
    let nearest = (0..seen.len()).max_by_key(|at| (weakness(seen[*at].kind), std::cmp::Reverse(*at)))?;
    let mut change = seen.swap_remove(nearest);
    change.fields.retain(|field| seen.iter().all(|other| other.field(field.field).is_some()));
    (!change.fields.is_empty() || is_whole(change.kind)).then_some(change)
}

/// Whether the kind is about the number as a whole rather than about its fields.
fn is_whole(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Imported | ChangeKind::Removed | ChangeKind::Provisioned | ChangeKind::Released)
}

/// How little a kind says: the order in which the first that applies is chosen.
fn weakness(kind: ChangeKind) -> u8 {
    match kind {
        ChangeKind::Imported | ChangeKind::Removed | ChangeKind::Provisioned | ChangeKind::Released => 0,
        ChangeKind::Assigned | ChangeKind::Unassigned => 1,
        ChangeKind::Reassigned => 2,
        ChangeKind::Rerouted => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{FieldChange, NumberField};
    use crate::model::PhoneNumber;

    fn changes(kind: ChangeKind, fields: &[NumberField]) -> Changes {
        let field = |field: &NumberField| FieldChange { field: *field, from: "old".into(), to: "new".into() };
        let phone_number = PhoneNumber::parse("+14155550101").unwrap();
        Changes::new(vec![Change {
            phone_number,
            workspace: None,
            kind,
            fields: fields.iter().map(field).collect(),
            keeps_a_direction: false,
        }])
    }

    #[test]
    fn a_merge_that_takes_each_field_from_one_side_changed_nothing_itself() {
        let sides = vec![
            changes(ChangeKind::Reassigned, &[NumberField::AgentId]),
            changes(ChangeKind::Updated, &[NumberField::Nickname]),
        ];
        assert!(own_changes(sides).is_empty());
    }

    #[test]
    fn a_field_unlike_both_sides_is_the_merges_own() {
        let sides = vec![
            changes(ChangeKind::Reassigned, &[NumberField::AgentId, NumberField::Notes]),
            changes(ChangeKind::Updated, &[NumberField::Notes]),
        ];
        assert_eq!(own_changes(sides), changes(ChangeKind::Updated, &[NumberField::Notes]));
    }

    #[test]
    fn a_number_removed_from_both_sides_is_removed_by_the_merge() {
        let sides = vec![
            changes(ChangeKind::Removed, &[NumberField::Nickname]),
            changes(ChangeKind::Removed, &[NumberField::Notes]),
        ];
        assert_eq!(own_changes(sides), changes(ChangeKind::Removed, &[]));
        let one_side = vec![changes(ChangeKind::Removed, &[NumberField::Nickname]), Changes::default()];
        assert!(own_changes(one_side).is_empty());
    }

    #[test]
    fn a_pool_that_differs_from_every_parent_is_the_merges_own() {
        let pool = |names: &[&str]| {
            let definition = serde_json::json!({"purpose": "", "owner": null, "workspaces": [], "quarantine": "30d"});
            let pair = crate::diff::delta::Pair { from: None, to: Some(serde_json::from_value(definition).unwrap()) };
            let pools =
                names.iter().map(|name| PoolDefinitionChange { pool: name.parse().unwrap(), pair: pair.clone() });
            Changes { pools: pools.collect(), ..Changes::default() }
        };
        let own = |sides: &[&[&str]]| {
            let merged = own_changes(sides.iter().map(|names| pool(names)).collect());
            merged.pools.iter().map(|change| change.pool.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(own(&[&["a", "b"], &["b", "c"]]), ["b"]);
        assert_eq!(own(&[&["a", "b"], &["a", "b"], &["a"]]), ["a"]);
        assert_eq!(own(&[&["a"], &["b"]]), [] as [String; 0]);
        assert_eq!(own(&[&["a", "b"]]), ["a", "b"]);
        assert_eq!(own(&[]), [] as [String; 0]);
    }
}

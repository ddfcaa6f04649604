//! A number that one side imported into a workspace while the other changed what every import repeats.
//!
//! `numbers.json` repeats the number's type and provider from `directory.json`. The side that imports repeats what it knows,
//! in a file that the other side has nothing to say in: it merges without a conflict and would contradict the other side's
//! change. That shows in `directory.json` alone, so that it is a conflict there.

use serde_json::{Map, Value};

use super::three_way::{Disagreement, Versions};

/// The fields of a number that the registries repeat.
const REPEATED: [&str; 2] = ["phone_number_type", "provider"];

/// Makes a repeated field a conflict where one side changed it and the other imported the number.
pub(super) fn settle(
    versions: Versions<'_>,
    views: [&mut Map<String, Value>; 2],
    path: &[String],
    found: &mut Vec<Disagreement>,
) {
    let [our_view, their_view] = views;
    let workspaces = versions.member("workspaces");
    for field in REPEATED {
        let field_versions = versions.member(field);
        let is_changed_elsewhere = match field_versions {
            Versions { base, ours, theirs } if ours == theirs || base.is_none() => false,
            Versions { base, theirs, .. } if theirs == base => imports(workspaces.base, workspaces.theirs),
            Versions { base, ours, .. } if ours == base => imports(workspaces.base, workspaces.ours),
            // Changed on both sides: a conflict already.
            _ => false,
        };
        if let (true, Some(ours), Some(theirs)) = (is_changed_elsewhere, field_versions.ours, field_versions.theirs) {
            our_view.insert(field.to_owned(), ours.clone());
            their_view.insert(field.to_owned(), theirs.clone());
            let path = path.iter().cloned().chain([field.to_owned()]).collect();
            found.push(Disagreement { path, ours: Some(ours.clone()), theirs: Some(theirs.clone()) });
        }
    }
}

/// Whether a side has the number in a workspace that had not imported it.
fn imports(base: Option<&Value>, side: Option<&Value>) -> bool {
    let is_imported = |workspaces: Option<&Value>, name: &str| {
        let entry = workspaces.and_then(|workspaces| workspaces.get(name));
        entry.and_then(|entry| entry.get("imported")).and_then(Value::as_bool) == Some(true)
    };
    let names = side.and_then(Value::as_object).into_iter().flat_map(Map::keys);
    names.into_iter().any(|name| is_imported(side, name) && !is_imported(base, name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A number that these workspaces know, each with whether it is imported there.
    fn entry(kind: &str, provider: &str, workspaces: &[(&str, bool)]) -> Value {
        let workspaces: Map<String, Value> =
            workspaces.iter().map(|(name, imported)| ((*name).to_owned(), json!({"imported": imported}))).collect();
        json!({"phone_number_type": kind, "provider": provider, "workspaces": workspaces})
    }

    /// What becomes a conflict, and both views of the fields that were put into them.
    fn settled(base: Option<&Value>, ours: &Value, theirs: &Value) -> (Vec<String>, Value, Value) {
        let (mut our_view, mut their_view, mut found) = (Map::new(), Map::new(), Vec::new());
        let versions = Versions { base, ours: Some(ours), theirs: Some(theirs) };
        settle(versions, [&mut our_view, &mut their_view], &["numbers".to_owned()], &mut found);
        for conflict in &found {
            let field = conflict.path.last().unwrap();
            assert_eq!(our_view.get(field), conflict.ours.as_ref());
            assert_eq!(their_view.get(field), conflict.theirs.as_ref());
        }
        (found.into_iter().map(|it| it.path.join(".")).collect(), our_view.into(), their_view.into())
    }

    const NOTHING: [&str; 0] = [];

    #[test]
    fn a_repeated_field_that_one_side_changed_is_a_conflict_where_the_other_imported_the_number() {
        let base = entry("local", "twilio", &[("staging", true)]);
        let changed = entry("mobile", "twilio", &[("staging", true)]);
        let imported = entry("local", "twilio", &[("staging", true), ("production", true)]);
        let (ours, theirs) = (json!({"phone_number_type": "mobile"}), json!({"phone_number_type": "local"}));
        let conflict = vec!["numbers.phone_number_type".to_owned()];
        assert_eq!(settled(Some(&base), &changed, &imported), (conflict.clone(), ours.clone(), theirs.clone()));
        assert_eq!(settled(Some(&base), &imported, &changed), (conflict, theirs, ours));
        let carried = entry("local", "custom", &[("staging", true)]);
        let (ours, theirs) = (json!({"provider": "custom"}), json!({"provider": "twilio"}));
        assert_eq!(settled(Some(&base), &carried, &imported), (vec!["numbers.provider".to_owned()], ours, theirs));
        let both = entry("mobile", "custom", &[("staging", true)]);
        let conflicts = settled(Some(&base), &both, &imported).0;
        assert_eq!(conflicts, ["numbers.phone_number_type", "numbers.provider"]);
    }

    #[test]
    fn it_is_none_where_no_new_workspace_has_the_number_or_the_changed_side_is_the_one_that_imported() {
        let base = entry("local", "twilio", &[("staging", true), ("spare", false)]);
        let changed = entry("mobile", "twilio", &[("staging", true), ("spare", false)]);
        let same = entry("local", "twilio", &[("staging", true), ("spare", false)]);
        let named = entry("local", "twilio", &[("staging", true), ("spare", false), ("production", false)]);
        let fewer = entry("local", "twilio", &[("spare", false)]);
        for other in [&same, &named, &fewer] {
            assert_eq!(settled(Some(&base), &changed, other).0, NOTHING, "{other}");
            assert_eq!(settled(Some(&base), other, &changed).0, NOTHING, "{other}");
        }
        let imported = entry("local", "twilio", &[("staging", true), ("spare", true)]);
        assert_eq!(settled(Some(&base), &changed, &imported).0, ["numbers.phone_number_type"]);
        let both = entry("mobile", "twilio", &[("staging", true), ("spare", true)]);
        assert_eq!(settled(Some(&base), &both, &same).0, NOTHING);
        assert_eq!(settled(Some(&base), &same, &both).0, NOTHING);
        assert_eq!(settled(Some(&base), &both, &both).0, NOTHING);
        assert_eq!(settled(Some(&base), &imported, &imported).0, NOTHING);
    }

    #[test]
    fn what_both_sides_changed_or_added_is_left_to_the_merge_of_fields() {
        let base = entry("local", "twilio", &[]);
        let ours = entry("mobile", "twilio", &[("staging", true)]);
        let theirs = entry("toll-free", "twilio", &[("staging", true)]);
        assert_eq!(settled(Some(&base), &ours, &theirs).0, NOTHING);
        assert_eq!(settled(None, &ours, &theirs).0, NOTHING);
        let without = json!({"workspaces": {"staging": {"imported": true}}});
        assert_eq!(settled(Some(&without), &ours, &without).0, NOTHING);
        assert_eq!(settled(Some(&base), &json!({"workspaces": {}}), &ours).0, NOTHING);
        let imported = entry("local", "twilio", &[("staging", true)]);
        assert_eq!(settled(Some(&base), &json!({"workspaces": {}}), &imported).0, NOTHING);
    }
}

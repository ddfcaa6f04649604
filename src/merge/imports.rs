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

//! Merges JSON values by key, each field by the rule that its name asks for.

use serde_json::{Map, Value};

use super::{binding, imports, live};
use crate::model::equivalence::is_interchangeable;

/// Three versions of a value; none where it is not there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Versions<'a> {
    pub base: Option<&'a Value>,
    pub ours: Option<&'a Value>,
    pub theirs: Option<&'a Value>,
}

impl<'a> Versions<'a> {
    pub(super) fn member(&self, key: &str) -> Self {
        let of = |value: Option<&'a Value>| value.and_then(|value| value.get(key));
        Self { base: of(self.base), ours: of(self.ours), theirs: of(self.theirs) }
    }
}

/// A value when every conflict in it goes to one side, and when it goes to the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Views {
    pub ours: Option<Value>,
    pub theirs: Option<Value>,
}

impl Views {
    fn agreed(value: Option<Value>) -> Self {
        Self { ours: value.clone(), theirs: value }
    }
}

/// A place where the sides disagree.
#[derive(Clone, Debug)]
pub(super) struct Disagreement {
    pub path: Vec<String>,
    pub ours: Option<Value>,
    pub theirs: Option<Value>,
}

/// Merges a value; what both sides changed differently is added to `found`.
pub(super) fn merge(versions: Versions<'_>, path: &mut Vec<String>, found: &mut Vec<Disagreement>) -> Views {
    let Versions { base, ours, theirs } = versions;
    if ours == theirs || theirs == base {
        return Views::agreed(ours.cloned());
    }
    if ours == base {
        return Views::agreed(theirs.cloned());
    }
    let field = path.last().map_or("", String::as_str);
    if let Some(value) = restated(field, versions) {
        return Views::agreed(Some(value.clone()));
    }
    if let (Some(Value::Object(ours)), Some(Value::Object(theirs)), None | Some(Value::Null | Value::Object(_))) =
        (ours, theirs, base)
    {
        return members(versions, &keys(ours, theirs), path, found);
    }
    if let Some(value) = by_rule(field, versions) {
        return Views::agreed(Some(value));
    }
    found.push(Disagreement { path: path.clone(), ours: ours.cloned(), theirs: theirs.cloned() });
    Views { ours: ours.cloned(), theirs: theirs.cloned() }
}

/// What is left where a side says only what another says already, in other words: a user who means something else has
/// changed it. The result does not depend on which side is ours.
fn restated<'a>(field: &str, versions: Versions<'a>) -> Option<&'a Value> {
    let (ours, theirs) = (versions.ours?, versions.theirs?);
    let is_base = |side: &Value| versions.base.is_some_and(|base| is_interchangeable(field, side, base));
    match (is_base(ours), is_base(theirs)) {
        (true, false) => Some(theirs),
        (false, true) => Some(ours),
        // Any of the two would do; the choice must not depend on the side.
        _ if is_interchangeable(field, ours, theirs) => {
            let [one, other] = [ours, theirs].map(Value::to_string);
            Some(if one <= other { ours } else { theirs })
        }
        _ => None,
    }
}

/// The keys of either side; their order is the canonical writer's business.
fn keys(ours: &Map<String, Value>, theirs: &Map<String, Value>) -> Vec<String> {
    ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key))).cloned().collect()
}

fn members(versions: Versions<'_>, keys: &[String], path: &mut Vec<String>, found: &mut Vec<Disagreement>) -> Views {
    let (mut ours, mut theirs) = (Map::new(), Map::new());
    let has_binding = binding::is_in(versions);
    let has_record = live::is_in(versions);
    let is_apart = |key: &str| has_binding && binding::FIELDS.contains(&key) || has_record && key == live::FIELD;
    for key in keys.iter().filter(|key| !is_apart(key)) {
        path.push(key.clone());
        let views = merge(versions.member(key), path, found);
        path.pop();
        ours.extend(views.ours.map(|value| (key.clone(), value)));
        theirs.extend(views.theirs.map(|value| (key.clone(), value)));
    }
    if has_binding {
        let views = whole_binding(versions, path, found);
        for (object, view) in [(&mut ours, views.ours), (&mut theirs, views.theirs)] {
            if let Some(Value::Object(fields)) = view {
                object.extend(fields);
            }
        }
    }
    if let Some(record) = Some(versions).filter(|_| has_record).and_then(live::merge) {
        ours.insert(live::FIELD.to_owned(), record.clone());
        theirs.insert(live::FIELD.to_owned(), record);
    }
    imports::settle(versions, [&mut ours, &mut theirs], path, found);
    Views { ours: Some(Value::Object(ours)), theirs: Some(Value::Object(theirs)) }
}

/// Merges who answers a number as one value.
fn whole_binding(versions: Versions<'_>, path: &[String], found: &mut Vec<Disagreement>) -> Views {
    if let Some(merged) = binding::merge(versions) {
        return Views::agreed(Some(Value::Object(merged)));
    }
    let views = Views { ours: versions.ours.map(binding::part), theirs: versions.theirs.map(binding::part) };
    let path = path.iter().cloned().chain(["binding".to_owned()]).collect();
    found.push(Disagreement { path, ours: views.ours.clone(), theirs: views.theirs.clone() });
    views
}

/// Decides fields whose two new values need not be a conflict. The result does not depend on which side is ours.
fn by_rule(field: &str, versions: Versions<'_>) -> Option<Value> {
    let (ours, theirs) = (versions.ours?, versions.theirs?);
    match field {
        // The last three are computed again from the number itself.
        "last_updated" | "last_sync" | "last_modified" | "phone_number_pretty" | "area_code" | "country_code" => {
            newest(ours, theirs)
        }
        "import_date" | "assigned_date" | "since" => oldest(ours, theirs),
        "tags" => union(versions.base, ours, theirs),
        // A number that both sides added is assigned where one of them gave it an agent.
        "assigned" => Some(Value::Bool(ours.as_bool()? || theirs.as_bool()?)),
        _ => None,
    }
}

/// The greater of two texts, which for times is the later; null is nothing.
fn newest(one: &Value, other: &Value) -> Option<Value> {
    of_texts(one, other, |one, other| if one >= other { one } else { other })
}

/// The smaller of two texts, which for times is the earlier; null is nothing.
fn oldest(one: &Value, other: &Value) -> Option<Value> {
    of_texts(one, other, |one, other| if one <= other { one } else { other })
}

fn of_texts<'a>(one: &'a Value, other: &'a Value, choose: impl FnOnce(&'a str, &'a str) -> &'a str) -> Option<Value> {
    match (one, other) {
        (Value::String(one), Value::String(other)) => Some(Value::from(choose(one, other))),
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => Some(Value::from(text.as_str())),
        _ => None,
    }
}

/// Both sides' additions and removals: what stays in the order of the base, then what is new, sorted.
fn union(base: Option<&Value>, ours: &Value, theirs: &Value) -> Option<Value> {
    let none = Vec::new();
    let base = base.and_then(Value::as_array).unwrap_or(&none);
    let (ours, theirs) = (ours.as_array()?, theirs.as_array()?);
    let mut all: Vec<&Value> = Vec::new();
    for kept in base.iter().filter(|tag| ours.contains(tag) && theirs.contains(tag)) {
        if !all.contains(&kept) {
            all.push(kept);
        }
    }
    let mut new: Vec<&Value> = ours.iter().chain(theirs).filter(|tag| !base.contains(tag)).collect();
    new.sort_by_key(|tag| tag.as_str());
    new.dedup();
    all.extend(new);
    Some(all.into_iter().cloned().collect())
}

#[cfg(test)]
mod tests;

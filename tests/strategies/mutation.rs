//! Damage to a JSON document: one property or element deleted, renamed, retyped, made null or hostile, or added.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// One change at one place of a document.
#[derive(Clone, Debug)]
pub struct Mutation {
    place: Index,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    Delete,
    Rename(String),
    Replace(Value),
    /// Into an array of the old value, or the values of the old object.
    IntoArray,
    /// Into an object whose one property is the old text, and null.
    IntoObject,
    AddProperty(String, Value),
    EditText(Index, Edit),
}

#[derive(Clone, Debug)]
enum Edit {
    Append(char),
    Insert(char),
    Overwrite(char),
    Remove,
    ToUpperCase,
}

/// Any mutation.
pub fn mutation() -> impl Strategy<Value = Mutation> {
    (any::<Index>(), change()).prop_map(|(place, change)| Mutation { place, change })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => Just(Change::Delete),
        2 => name().prop_map(Change::Rename),
        4 => hostile_value().prop_map(Change::Replace),
        1 => Just(Change::IntoArray),
        1 => Just(Change::IntoObject),
        2 => (name(), hostile_value()).prop_map(|(name, value)| Change::AddProperty(name, value)),
        6 => (any::<Index>(), edit()).prop_map(|(at, edit)| Change::EditText(at, edit)),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let letter = || {
        let hostile = "\n\r\t \0\u{7f}\u{85}\u{a0}\u{2028}\u{feff}\u{202e}１٣é/.~\\Zz";
        prop_oneof![1 => select(hostile.chars().collect::<Vec<_>>()), 1 => proptest::char::range('0', '9'),
            1 => proptest::char::range(' ', '~')]
    };
    prop_oneof![
        2 => letter().prop_map(Edit::Append),
        2 => letter().prop_map(Edit::Insert),
        4 => letter().prop_map(Edit::Overwrite),
        1 => Just(Edit::Remove),
        1 => Just(Edit::ToUpperCase),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let names = [
        "",
        "$schema",
        "$id",
        "colour",
        "staging",
        "production",
        "twilio",
        "Agent",
        "eu\n",
        "eu west",
        "..",
        ".git",
        "-",
        "+14155550123",
        "+14155550123\n",
        "+0",
        "agents/sales",
        "agents/a/b",
        "agents/",
        "local",
        "mobile",
        "custom",
        "sip-trunk",
        "retell_type",
        "auth_username",
        "inbound_webhook_url",
        "inbound_sms_webhook_url",
        "transport",
        "codecs",
        "fallback_number",
        "inbound_agents",
        "outbound_sms_agents",
        "agent_version",
        "enabled",
        "credential_list_sids",
        "agent_name",
        "agent_id",
        "api_key",
        "TK0123456789abcdef0123456789ABCDEF",
        "CL0123456789abcdef0123456789abcdef",
    ];
    prop_oneof![8 => select(names.map(str::to_owned).to_vec()), 1 => any::<String>()]
}

fn hostile_value() -> impl Strategy<Value = Value> {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.0),
        json!(-0.0),
        json!(0.5),
        json!(1.5),
        json!(1e-7),
        json!(5e-324),
        json!(1e300),
        json!(-1e300),
        json!(9_007_199_254_740_991_u64),
        json!(9_007_199_254_740_992_u64),
        json!(9_007_199_254_740_991.0),
        json!(9_007_199_254_740_992.0),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1.000_000_000_000_000_2),
        json!(""),
        json!(" "),
        json!("1"),
        json!("null"),
        json!("+14155550123"),
        json!("+14155550123\n"),
        json!("2025-11-19T12:00:00Z"),
        json!("2025-02-29T12:00:00Z"),
        json!("2025-11-19T12:00:00+00:00"),
        json!("agents/sales"),
        json!("agents/.."),
        json!("twilio"),
        json!("local"),
        json!("unassigned"),
        json!("none"),
        json!("latest"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null]),
        json!({"local": null}),
        json!({"imported": false}),
        json!([true, true, true, true]),
        json!("PN0123456789abcdef0123456789abcdef"),
        json!({"agent_id": "agent_a", "weight": 1}),
        json!([{"agent_id": "agent_a", "weight": 1e-9, "agent_version": 2.0}]),
        json!(["US"]),
        json!([7]),
    ];
    prop_oneof![8 => select(values.to_vec()), 1 => any::<u64>().prop_map(Value::from), 1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from), 1 => any::<String>().prop_map(Value::from)]
}

impl Mutation {
    /// Changes one place of the document; one where the change makes no sense is left as it is.
    pub fn apply(&self, document: &mut Value) {
        let places = places(document, "");
        let pointer = places[self.place.index(places.len())].clone();
        match &self.change {
            Change::Delete => remove(document, &pointer, |_, _| {}),
            Change::Rename(name) => remove(document, &pointer, |parent, value| {
                parent.insert(name.clone(), value);
            }),
            change => {
                let target = document.pointer_mut(&pointer).expect("the pointer is one of the document's own");
                replace(target, change);
            }
        }
    }
}

/// The pointers of everything in a value, its own first.
fn places(value: &Value, at: &str) -> Vec<String> {
    let mut found = vec![at.to_owned()];
    match value {
        Value::Object(object) => {
            for (name, below) in object {
                found.extend(places(below, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))));
            }
        }
        Value::Array(list) => {
            for (index, below) in list.iter().enumerate() {
                found.extend(places(below, &format!("{at}/{index}")));
            }
        }
        _ => {}
    }
    found
}

fn remove(document: &mut Value, pointer: &str, then: impl FnOnce(&mut serde_json::Map<String, Value>, Value)) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let name = name.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            if let Some(value) = object.remove(&name) {
                then(object, value);
            }
        }
        Some(Value::Array(list)) => {
            if let Ok(index) = name.parse::<usize>() {
                list.remove(index);
            }
        }
        _ => {}
    }
}

fn replace(target: &mut Value, change: &Change) {
    match (change, &mut *target) {
        (Change::Replace(value), _) => *target = value.clone(),
        (Change::IntoArray, Value::Object(object)) => *target = object.values().cloned().collect(),
        (Change::IntoArray, other) => *target = json!([other]),
        (Change::IntoObject, Value::String(text)) => *target = json!({text.as_str(): null}),
        (Change::IntoObject, other) => *target = json!({"value": other}),
        (Change::AddProperty(name, value), Value::Object(object)) => {
            object.insert(name.clone(), value.clone());
        }
        (Change::EditText(at, edit), Value::String(text)) => edited(text, *at, edit),
        _ => {}
    }
}

fn edited(text: &mut String, at: Index, edit: &Edit) {
    let mut letters: Vec<char> = text.chars().collect();
    let at = if letters.is_empty() { 0 } else { at.index(letters.len()) };
    match edit {
        Edit::Append(letter) => letters.push(*letter),
        Edit::Insert(letter) => letters.insert(at, *letter),
        Edit::Overwrite(letter) => letters.iter_mut().skip(at).take(1).for_each(|old| *old = *letter),
        Edit::Remove => drop(letters.drain(at..letters.len().min(at + 1))),
        Edit::ToUpperCase => letters = text.to_uppercase().chars().collect(),
    }
    *text = String::from_iter(letters);
}

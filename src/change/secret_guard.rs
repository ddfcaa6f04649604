//! Values that look like a secret: they are not sent, because what Retell has is written down, and a commit keeps it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Setting;
use super::edit::Edit;
use super::rails::Objection;
use crate::diff::{Change, Changes, FieldChange};
use crate::error::Error;
use crate::model::run_keys::RunKeys;
use crate::model::waived_numbers::WaivedNumbers;
use crate::model::{PhoneNumber, WorkspaceName};
use crate::secrets;
use crate::side_by_side;

const HINT: &str = "take it out; if it is no secret, waive the rule `secret` for the number in phone-dir.toml, with a reason and a date";

/// A key that a provider was asked with, or a password that was given: it is one, whatever it looks like.
const KEY_OF_THE_RUN: &str = "one of the keys of this run";

/// A value that looks like a secret, without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    phone_number: PhoneNumber,
    workspace: Option<WorkspaceName>,
    field: String,
    what: &'static str,
}

/// What decides whether a value may stand in a file.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The numbers for which the rule `secret` is waived today.
    pub waived: WaivedNumbers,
    /// The keys of the run, which no waiver lets pass.
    pub keys: RunKeys,
}

/// Refuses texts of files in which a key of the run stands, wherever it came from; the error names the place.
pub fn refuse_keys(keys: &RunKeys, files: &BTreeMap<String, String>) -> Result<(), Error> {
    let texts: Vec<_> = files.iter().collect();
    let found = side_by_side::each(&texts, |(_, text)| keys.stand_in(text));
    let Some(((path, text), _)) = texts.into_iter().zip(found).find(|(_, is_found)| *is_found) else { return Ok(()) };
    let value = serde_json::from_str(text).unwrap_or_default();
    let place = place_of_key(&value, keys).map(|place| format!(", as `{place}`")).unwrap_or_default();
    Err(Error::failed(format!("this would write {KEY_OF_THE_RUN} into `{path}`{place}"))
        .hint("take it out of the names and addresses at the provider, replace the key, and try again"))
}

impl Guard {
    /// What stands in the way of an edit: the first of its texts that looks like a secret.
    pub fn object(&self, edit: &Edit) -> Option<Objection> {
        let is_waived = self.waived.contains(edit.phone_number);
        let kind = |setting: &Setting| self.kind_of(&edit.target.describe(*setting), is_waived);
        let (setting, what) = edit.asked.iter().find_map(|setting| Some((setting, kind(setting)?)))?;
        let message = format!("`{}` of {} would hold what looks like {what}", setting.as_str(), edit.phone_number);
        Some(Objection::mistake(message).hint(HINT))
    }

    /// Whether any change would write down what looks like a secret; the error names the fields, never a value.
    pub fn check(&self, changes: &Changes) -> Result<(), Error> {
        let suspects = self.suspects(changes);
        if suspects.is_empty() {
            return Ok(());
        }
        let line = |it: &Suspect| {
            let place = it.workspace.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            format!("\n  {}{place}: `{}` holds {}", it.phone_number, it.field, it.what)
        };
        let lines: String = suspects.iter().map(line).collect();
        Err(Error::failed(format!("this would write down what looks like a secret{lines}")).hint(HINT))
    }

    /// Whether a change and the files that it makes may be written: neither [`Self::check`] nor [`refuse_keys`] objects.
    pub fn check_written(&self, changes: &Changes, files: &BTreeMap<String, String>) -> Result<(), Error> {
        self.check(changes).and_then(|()| refuse_keys(&self.keys, files))
    }

    /// What a text looks like that must not be written.
    fn kind_of(&self, text: &str, is_waived: bool) -> Option<&'static str> {
        if self.keys.stand_in(text) {
            return Some(KEY_OF_THE_RUN);
        }
        secrets::patterns(text.as_bytes()).first().map(|secret| secret.what).filter(|_| !is_waived)
    }

    fn suspects(&self, changes: &Changes) -> Vec<Suspect> {
        let found = side_by_side::each_of_many(&changes.list, |change| self.suspects_in(change).collect::<Vec<_>>());
        found.into_iter().flatten().collect()
    }

    fn suspects_in(&self, change: &Change) -> impl Iterator<Item = Suspect> {
        let is_waived = self.waived.contains(change.phone_number);
        let kind = move |field: &FieldChange| field.to.texts().find_map(|text| self.kind_of(text, is_waived));
        let (phone_number, workspace) = (change.phone_number, &change.workspace);
        change.fields.iter().filter_map(move |field| {
            let what = kind(field)?;
            Some(Suspect { phone_number, workspace: workspace.clone(), field: field.field.to_string(), what })
        })
    }
}

/// The place of the first text of a JSON file that holds a key: `trunks.TK….friendly_name`.
fn place_of_key(value: &Value, keys: &RunKeys) -> Option<String> {
    let within = |key: &str, inner: &Value| {
        let rest = place_of_key(inner, keys)?;
        let key = keys.masked(key);
        Some(if rest.is_empty() { key.into_owned() } else { format!("{key}.{rest}") })
    };
    match value {
        Value::String(text) => keys.stand_in(text).then(String::new),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| within(&index.to_string(), item)),
        Value::Object(fields) => fields.iter().find_map(|(key, inner)| {
            if keys.stand_in(key) { Some(keys.masked(key).into_owned()) } else { within(key, inner) }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Action, Settings as Wanted};
    use crate::diff::{ChangeKind, NumberField};

    const KEY: &str = "key_0123456789abcdef0123456789";

    fn number() -> PhoneNumber {
        PhoneNumber::parse("+14155550101").unwrap()
    }

    fn guard(waived: &[PhoneNumber], keys: RunKeys) -> Guard {
        Guard { waived: WaivedNumbers::Only(waived.iter().copied().collect()), keys }
    }

    fn named(nickname: &str) -> Edit {
        let mut edit = Edit::new(Action::Update, WorkspaceName::parse("staging").unwrap(), number());
        edit.ask(Setting::Nickname, &Wanted { nickname: Some(nickname.to_owned()), ..Wanted::default() });
        edit
    }

    #[test]
    fn a_key_in_a_nickname_is_named_by_its_field_and_never_by_its_value() {
        let guard = guard(&[], RunKeys::default());
        let objection = guard.object(&named(KEY)).unwrap();
        assert!(objection.message.contains("`nickname` of +14155550101"), "{}", objection.message);
        assert!(!objection.message.contains(KEY));
        assert_eq!(guard.object(&named("Sales")), None);
    }

    #[test]
    fn a_waiver_counts_for_its_number_and_where_the_rule_is_off_for_all() {
        let other = PhoneNumber::parse("+14155550102").unwrap();
        assert_eq!(guard(&[number()], RunKeys::default()).object(&named(KEY)), None);
        assert!(guard(&[other], RunKeys::default()).object(&named(KEY)).is_some());
        let off = Guard { waived: WaivedNumbers::All, keys: RunKeys::default() };
        assert_eq!(off.object(&named(KEY)), None);
    }

    #[test]
    fn a_change_that_brings_a_secret_along_is_refused_whoever_typed_it() {
        let guard = guard(&[], RunKeys::default());
        let to = |text: &str| {
            let field = FieldChange { field: NumberField::Notes, from: "".into(), to: text.into() };
            Changes::new(vec![Change {
                phone_number: number(),
                workspace: None,
                kind: ChangeKind::Updated,
                fields: vec![field],
                keeps_a_direction: false,
            }])
        };
        let error = guard.check(&to("see https://user:made-up@example.com/x")).unwrap_err();
        assert!(error.message().contains("+14155550101: `notes` holds an address with a password"), "{error}");
        assert!(guard.check(&to("nothing of that kind")).is_ok());
    }

    #[test]
    fn a_key_of_the_run_is_refused_whatever_it_looks_like_and_whoever_waives_it() {
        let mut keys = RunKeys::default();
        keys.learn(&crate::model::workspaces_file::ApiKey::new("plain-words"));
        let guard = guard(&[number()], keys);
        let objection = guard.object(&named("our plain-words")).unwrap();
        assert!(objection.message.contains("`nickname` of +14155550101") && !objection.message.contains("plain-words"));
        let files =
            BTreeMap::from([("a.json".to_owned(), "{\"trunks\": {\"TK1\": {\"name\": \"plain-words\"}}}".to_owned())]);
        let error = refuse_keys(&guard.keys, &files).unwrap_err();
        assert!(error.message().contains("`a.json`, as `trunks.TK1.name`"), "{error}");
    }

    #[test]
    fn the_file_that_holds_a_key_is_named_and_no_other() {
        let mut keys = RunKeys::default();
        keys.learn(&crate::model::workspaces_file::ApiKey::new("plain-words"));
        let check = |files: &[(&str, &str)]| {
            let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
            refuse_keys(&keys, &files).err().map(|error| error.message().to_owned())
        };
        let said = |place: &str| Some(format!("this would write {KEY_OF_THE_RUN} into {place}"));
        assert_eq!(check(&[("a.json", "{}"), ("b.json", "[1, \"x\"]")]), None);
        assert_eq!(
            check(&[("a.json", "{}"), ("b.json", "{\"x\": [1, {\"y\": \"plain-words\"}]}")]),
            said("`b.json`, as `x.1.y`")
        );
        assert_eq!(check(&[("a.json", "[\"plain-words\"]")]), said("`a.json`, as `0`"));
        assert_eq!(check(&[("a.json", "not JSON: plain-words")]), said("`a.json`"));
        assert_eq!(check(&[("a.json", "{\"x\": {\"plain-words\": 1}}")]), said("`a.json`, as `x.[a key]`"));
    }
}

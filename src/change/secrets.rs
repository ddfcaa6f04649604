//! Values that look like a secret: they are not sent, because what Retell has is written down, and a commit keeps it.

use super::edit::Edit;
use super::rails::Objection;
use crate::diff::{Changes, FieldChange};
use crate::error::Error;
use crate::model::{PhoneNumber, Timestamp, WorkspaceName};
use crate::validate::Settings;
use crate::validate::rules::secret;

const HINT: &str = "take it out; if it is no secret, waive the rule `secret` for the number in phone-dir.toml, with a reason and a date";

/// A value that looks like a secret, without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    phone_number: PhoneNumber,
    workspace: Option<WorkspaceName>,
    field: String,
    what: &'static str,
}

/// What decides whether a value may stand in a file: the project's settings, and the day on which a waiver counts.
#[derive(Clone, Copy, Debug)]
pub struct Guard<'a> {
    /// The project's settings.
    pub settings: &'a Settings,
    /// The time of the command.
    pub now: Timestamp,
}

impl Guard<'_> {
    /// What stands in the way of an edit: the first of its texts that looks like a secret.
    pub fn object(&self, edit: &Edit) -> Option<Objection> {
        if self.settings.waives(&secret::RULE, edit.phone_number, self.now) {
            return None;
        }
        let text = |setting| edit.target.describe(setting);
        let (setting, what) =
            edit.asked.iter().find_map(|setting| Some((setting, kind_of(text(*setting).as_bytes())?)))?;
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

    fn suspects(&self, changes: &Changes) -> Vec<Suspect> {
        let mut suspects = Vec::new();
        for change in &changes.list {
            let is_waived = || self.settings.waives(&secret::RULE, change.phone_number, self.now);
            let found = |field: &FieldChange| Some((field.field.clone(), kind_of(field.to.to_string().as_bytes())?));
            let fields = change.fields.iter().filter_map(found).filter(|_| !is_waived());
            suspects.extend(fields.map(|(field, what)| Suspect {
                phone_number: change.phone_number,
                workspace: change.workspace.clone(),
                field,
                what,
            }));
        }
        suspects
    }
}

fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    secret::patterns(bytes).first().map(|secret| secret.what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Action, Setting, Settings as Wanted};
    use crate::diff::{Change, ChangeKind};

    const KEY: &str = "key_0123456789abcdef0123456789";

    fn number() -> PhoneNumber {
        PhoneNumber::parse("+14155550101").unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-01T12:00:00Z").unwrap()
    }

    fn named(nickname: &str) -> Edit {
        let mut edit = Edit::new(Action::Update, WorkspaceName::parse("staging").unwrap(), number());
        edit.ask(Setting::Nickname, &Wanted { nickname: Some(nickname.to_owned()), ..Wanted::default() });
        edit
    }

    #[test]
    fn a_key_in_a_nickname_is_named_by_its_field_and_never_by_its_value() {
        let settings = Settings::default();
        let guard = Guard { settings: &settings, now: now() };
        let objection = guard.object(&named(KEY)).unwrap();
        assert!(objection.message.contains("`nickname` of +14155550101"), "{}", objection.message);
        assert!(!objection.message.contains(KEY));
        assert_eq!(guard.object(&named("Sales")), None);
    }

    #[test]
    fn a_waiver_of_the_number_counts_until_its_last_day() {
        let text = "[[waivers]]\nrule = \"secret\"\nphone_number = \"+14155550101\"\nreason = \"a made-up key\"\nexpires = \"2026-03-02\"\n";
        let settings = Settings::of(Some(text.as_bytes()));
        assert_eq!(settings.problems, []);
        assert_eq!(Guard { settings: &settings, now: now() }.object(&named(KEY)), None);
        let later = Timestamp::parse("2026-03-03T12:00:00Z").unwrap();
        assert!(Guard { settings: &settings, now: later }.object(&named(KEY)).is_some());
    }

    #[test]
    fn a_change_that_brings_a_secret_along_is_refused_whoever_typed_it() {
        let settings = Settings::default();
        let guard = Guard { settings: &settings, now: now() };
        let to = |text: &str| {
            let field = FieldChange { field: "notes".to_owned(), from: "".into(), to: text.into() };
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
}

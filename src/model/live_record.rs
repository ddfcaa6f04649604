//! The record beside a decision: what Retell has where git says otherwise.
//!
//! It stands in a number's entry of `<workspace>/numbers.json` as `live`, a key a field:
//! `{"inbound_agents": {"was": …, "is": …}}`. `was` is what Retell had when git's value was decided; `is` is what the
//! last complete read saw. A field that has no key is one in which git and Retell agree.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::settings::{Setting, Settings};

/// What Retell has in the fields that git decided otherwise.
#[derive(Clone, Default, PartialEq)]
pub struct LiveRecord {
    fields: BTreeSet<Setting>,
    was: Settings,
    is: Settings,
}

/// Both sides of one field, as the file writes them.
#[derive(Serialize)]
pub(super) struct LivePair<T> {
    pub(super) was: T,
    pub(super) is: T,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for LivePair<T> {
    /// Reads an object with exactly both keys; what serde derives would take an array too.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Keys<T> {
            type Value = LivePair<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with `was` and `is`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LivePair<T>, A::Error> {
                let (mut was, mut is) = (None, None);
                while let Some(key) = map.next_key::<String>()? {
                    let (name, place) = match key.as_str() {
                        "was" => ("was", &mut was),
                        "is" => ("is", &mut is),
                        _ => return Err(A::Error::unknown_field(&key, &["was", "is"])),
                    };
                    if place.replace(map.next_value()?).is_some() {
                        return Err(A::Error::duplicate_field(name));
                    }
                }
                let was = was.ok_or_else(|| A::Error::missing_field("was"))?;
                let is = is.ok_or_else(|| A::Error::missing_field("is"))?;
                Ok(LivePair { was, is })
            }
        }

        deserializer.deserialize_map(Keys(PhantomData))
    }
}

impl LiveRecord {
    /// Whether git and Retell agree in every field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The fields in which they differ, in the order of the files.
    pub fn fields(&self) -> impl Iterator<Item = Setting> + '_ {
        self.fields.iter().copied()
    }

    pub fn has(&self, setting: Setting) -> bool {
        self.fields.contains(&setting)
    }

    /// Whether git and Retell differ in who answers or makes calls.
    pub fn is_about_calls(&self) -> bool {
        self.has(Setting::InboundAgents) || self.has(Setting::OutboundAgents)
    }

    /// What Retell had when git's values were decided; only the recorded fields mean something.
    pub fn was(&self) -> &Settings {
        &self.was
    }

    /// What the last complete read saw; only the recorded fields mean something.
    pub fn is(&self) -> &Settings {
        &self.is
    }

    /// Whether a field was changed at Retell after git decided it.
    pub fn is_conflict(&self, setting: Setting) -> bool {
        self.has(setting) && !self.was.agrees(&self.is, setting)
    }

    /// Records a field: Retell had `was`'s value when git decided, and has `is`'s now.
    pub fn set(&mut self, setting: Setting, was: &Settings, is: &Settings) {
        self.fields.insert(setting);
        self.was.take(was, setting);
        self.is.take(is, setting);
    }

    /// Notes what Retell has now in a recorded field; `was` stays.
    pub fn see(&mut self, setting: Setting, is: &Settings) {
        if self.has(setting) {
            self.is.take(is, setting);
        }
    }

    /// Takes a field out, because git and Retell agree in it.
    pub fn clear(&mut self, setting: Setting) {
        self.fields.remove(&setting);
        let unset = Settings::default();
        self.was.take(&unset, setting);
        self.is.take(&unset, setting);
    }

    /// The settings that Retell had when `git`'s were decided: `git`'s, but what Retell had in the recorded fields.
    #[must_use]
    pub fn before_decisions(&self, git: &Settings) -> Settings {
        let mut had = git.clone();
        self.fields().for_each(|setting| had.take(&self.was, setting));
        had
    }

    /// The settings that callers meet: `git`'s, but Retell's in the recorded fields.
    #[must_use]
    pub fn live(&self, git: &Settings) -> Settings {
        let mut live = git.clone();
        self.fields().for_each(|setting| live.take(&self.is, setting));
        live
    }
}

/// As the file writes it: the settings that are not recorded mean nothing.
impl fmt::Debug for LiveRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}

impl Serialize for LiveRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for setting in self.fields() {
            setting.write_pair(&self.was, &self.is, &mut map)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for LiveRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = LiveRecord;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of decisions, each with `was` and `is`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LiveRecord, A::Error> {
                let mut record = LiveRecord::default();
                while let Some(name) = map.next_key::<String>()? {
                    let setting = Setting::decision(&name)
                        .ok_or_else(|| A::Error::custom("a key names no decision that Retell can be told"))?;
                    if !record.fields.insert(setting) {
                        return Err(A::Error::custom("a key stands twice"));
                    }
                    setting.read_pair(&mut record.was, &mut record.is, &mut map)?;
                }
                if record.is_empty() {
                    return Err(A::Error::custom("a record of nothing"));
                }
                Ok(record)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = r#"{"inbound_agents":{"was":[{"agent_id":"agent_a","weight":1}],"is":[]},"nickname":{"was":null,"is":"Front desk"}}"#;

    #[test]
    fn a_record_is_written_as_it_was_read() {
        let record: LiveRecord = serde_json::from_str(WRITTEN).unwrap();
        assert_eq!(record.fields().collect::<Vec<_>>(), [Setting::InboundAgents, Setting::Nickname]);
        assert!(record.is_conflict(Setting::InboundAgents) && record.is_conflict(Setting::Nickname));
        assert_eq!(serde_json::to_string(&record).unwrap(), WRITTEN);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for bad in [
            "[]",
            "{}",
            r#"{"agent_path":{"was":null,"is":null}}"#,
            r#"{"auth_username":{"was":null,"is":null}}"#,
            r#"{"nickname":{"was":null}}"#,
            r#"{"nickname":["a","b"]}"#,
            r#"{"nickname":{"was":"a","is":"b","will":"c"}}"#,
            r#"{"nickname":{"was":"a","is":"b","is":"c"}}"#,
            r#"{"nickname":{"was":"a","is":"b"},"nickname":{"was":"a","is":"b"}}"#,
            r#"{"inbound_agents":{"was":null,"is":[]}}"#,
        ] {
            assert!(serde_json::from_str::<LiveRecord>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn callers_meet_what_is_live_in_the_recorded_fields_alone() {
        let git = Settings { nickname: Some("New".into()), inbound_webhook_url: None, ..Settings::default() };
        let retell = Settings { nickname: Some("Old".into()), inbound_webhook_url: Some("x".into()), ..git.clone() };
        let mut record = LiveRecord::default();
        record.set(Setting::Nickname, &retell, &retell);
        assert_eq!(record.live(&git), Settings { nickname: Some("Old".into()), ..git.clone() });
        record.clear(Setting::Nickname);
        assert_eq!((record.is_empty(), record.live(&git)), (true, git));
    }
}

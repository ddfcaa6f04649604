//! The value of a field on one side of a comparison, with the type that the model gives it.

use serde_json::Value;

use super::day::Day;
use super::equivalence::{FieldMeaning, same_address, same_agents, same_countries};
use super::master::{LeftBehind, SipAuthType};
use super::pools::{MemberState, PoolName};
use super::sid::{PhoneNumberSid, TrunkSid};
use super::{
    AgentId, AgentPath, AgentVersion, AgentWeight, AssignmentType, ImportMethod, NumberType, PhoneNumber, Provider,
    Timestamp, Weight,
};

/// An agent's part in a weighted list, named by its folder: between workspaces, where ids say nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct FolderShare {
    /// The folder; none where the agent has none.
    pub agent_path: Option<AgentPath>,
    /// The share of calls.
    pub weight: Weight,
    /// The version, if one is asked for.
    pub agent_version: Option<AgentVersion>,
}

/// The value of a field. A first sync holds several for each field of every number, so a value is three words, not four.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FieldValue {
    /// Null, or not there.
    #[default]
    Absent,
    Flag(bool),
    /// A name, an address, a date, a word.
    Text(Box<str>),
    List(Box<[String]>),
    AgentId(AgentId),
    AgentPath(AgentPath),
    /// A weighted list, by ids.
    Agents(Box<[AgentWeight]>),
    /// A weighted list, by folders.
    Folders(Box<[FolderShare]>),
    /// What Retell had when git decided a setting, and what it has.
    Record(Box<RecordedValue>),
}

/// Both halves of a record beside a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedValue {
    /// What Retell had when git decided.
    pub was: FieldValue,
    /// What the last complete read saw.
    pub is: FieldValue,
}

impl FieldValue {
    pub fn is_absent(&self) -> bool {
        *self == Self::Absent
    }

    /// The text, of a value that is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::AgentId(id) => Some(id.as_str()),
            Self::AgentPath(path) => Some(path.as_str()),
            _ => None,
        }
    }

    /// The agents of a weighted list; none where it is not one.
    pub fn as_agents(&self) -> Option<&[AgentWeight]> {
        match self {
            Self::Agents(list) => Some(list),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The ids of the agents that the value names.
    pub fn agent_ids(&self) -> impl Iterator<Item = &AgentId> {
        let single = match self {
            Self::AgentId(id) => Some(id),
            _ => None,
        };
        let list = match self {
            Self::Record(record) => record.is.as_agents(),
            _ => self.as_agents(),
        };
        single.into_iter().chain(list.into_iter().flatten().map(|agent| &agent.agent_id))
    }

    /// The folders of the agents that the value names.
    pub fn agent_paths(&self) -> impl Iterator<Item = &AgentPath> {
        let (single, shares) = match self {
            Self::AgentPath(path) => (Some(path), &[][..]),
            Self::Folders(shares) => (None, &**shares),
            _ => (None, &[][..]),
        };
        single.into_iter().chain(shares.iter().filter_map(|share| share.agent_path.as_ref()))
    }

    /// Every text in the value, as it was typed.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let words = self.as_list().into_iter().flatten().map(String::as_str);
        let ids = self.as_agents().into_iter().flatten().map(|agent| agent.agent_id.as_str());
        let halves = match self {
            Self::Record(record) => vec![&record.was, &record.is],
            _ => Vec::new(),
        };
        let recorded = halves.into_iter().flat_map(|half| half.texts().collect::<Vec<_>>());
        self.as_text().into_iter().chain(words).chain(ids).chain(recorded)
    }

    /// Reads a value of a file with the type that it has in the model; what has none is its JSON text.
    pub fn of_json(value: &Value) -> Self {
        let words = || serde_json::from_value(value.clone()).ok().map(Self::List);
        let agents = || serde_json::from_value(value.clone()).ok().map(Self::Agents);
        match value {
            Value::Null => Self::Absent,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::String(text) => Self::Text(text.as_str().into()),
            other => words().or_else(agents).unwrap_or_else(|| Self::Text(other.to_string().into())),
        }
    }

    /// Whether both values say the same of a field, in whatever spelling. A record is never the same as none.
    pub fn says_the_same(&self, other: &Self, field: &str) -> bool {
        match (self, other) {
            (Self::Record(one), Self::Record(other)) => {
                one.was.says_the_same(&other.was, field) && one.is.says_the_same(&other.is, field)
            }
            (Self::Record(_), _) | (_, Self::Record(_)) => false,
            _ => self == other || self.means_the_same(other, FieldMeaning::of(field)),
        }
    }

    fn means_the_same(&self, other: &Self, meaning: FieldMeaning) -> bool {
        let both = |same: fn(&Self, &Self) -> Option<bool>| same(self, other).unwrap_or(false);
        match meaning {
            FieldMeaning::AsWritten => false,
            FieldMeaning::Agents => both(|one, other| Some(same_agents(one.agents()?, other.agents()?))),
            FieldMeaning::Countries => both(|one, other| Some(same_countries(one.words()?, other.words()?))),
            FieldMeaning::Address => both(|one, other| Some(same_address(Some(one.text()?), Some(other.text()?)))),
            FieldMeaning::OptionalText => both(|one, other| Some(one.text()? == other.text()?)),
        }
    }

    /// The agents of a list that may be absent; none of a value that is no such list.
    fn agents(&self) -> Option<&[AgentWeight]> {
        if self.is_empty() { Some(&[]) } else { self.as_agents() }
    }

    fn words(&self) -> Option<&[String]> {
        if self.is_empty() { Some(&[]) } else { self.as_list() }
    }

    fn text(&self) -> Option<&str> {
        if self.is_absent() { Some("") } else { self.as_text() }
    }

    fn is_empty(&self) -> bool {
        self.is_absent() || self.as_list().is_some_and(<[_]>::is_empty)
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// A type of the model that a field may have.
pub trait AsFieldValue {
    /// The value as a comparison and its outputs see it.
    fn as_field_value(&self) -> FieldValue;
}

/// A field that is not there, or null, has no value.
impl<T: AsFieldValue> AsFieldValue for Option<T> {
    fn as_field_value(&self) -> FieldValue {
        self.as_ref().map(T::as_field_value).unwrap_or_default()
    }
}

macro_rules! field_values {
    ($($type:ty => |$value:ident| $as:expr;)+) => {
        $(impl AsFieldValue for $type {
            fn as_field_value(&self) -> FieldValue {
                let $value = self;
                $as
            }
        })+
    };
}

field_values! {
    bool => |flag| FieldValue::Flag(*flag);
    String => |text| FieldValue::Text(text.as_str().into());
    Vec<String> => |list| FieldValue::List(list.as_slice().into());
    AgentId => |id| FieldValue::AgentId(id.clone());
    AgentPath => |path| FieldValue::AgentPath(path.clone());
    Vec<AgentWeight> => |list| FieldValue::Agents(list.as_slice().into());
    Vec<FolderShare> => |list| FieldValue::Folders(list.as_slice().into());
    PhoneNumber => |number| number.as_str().into();
    Timestamp => |moment| moment.as_str().into();
    TrunkSid => |sid| sid.as_str().into();
    PhoneNumberSid => |sid| sid.as_str().into();
    NumberType => |word| word.as_str().into();
    Provider => |word| word.as_str().into();
    LeftBehind => |word| word.as_str().into();
    SipAuthType => |word| word.as_str().into();
    AssignmentType => |word| word.as_str().into();
    ImportMethod => |word| word.as_str().into();
    PoolName => |name| name.as_str().into();
    MemberState => |word| word.as_str().into();
    Day => |day| day.as_str().into();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Setting;

    #[test]
    fn folders_are_compared_as_they_stand() {
        let share = |path: &str| FolderShare {
            agent_path: Some(AgentPath::of_folder(path).unwrap()),
            weight: Weight::WHOLE,
            agent_version: None,
        };
        let [one, other] = ["a", "b"].map(|path| FieldValue::Folders(vec![share(path)].into()));
        assert!(!one.says_the_same(&other, "inbound_agents") && one.says_the_same(&one, "inbound_agents"));
        assert!(!one.says_the_same(&FieldValue::Absent, "inbound_agents"));
    }

    #[test]
    fn a_record_differs_from_none_and_from_one_with_another_half_whatever_it_is_about() {
        let record = |is: &str| {
            let half = |text: &str| FieldValue::from(format!("https://{text}.example.com").as_str());
            FieldValue::Record(Box::new(RecordedValue { was: half("was"), is: half(is) }))
        };
        for setting in Setting::decisions() {
            let says_the_same =
                |one: &FieldValue, other: &FieldValue| one.says_the_same(other, &format!("live.{}", setting.as_str()));
            assert!(says_the_same(&record("a"), &record("a")), "{setting:?}");
            assert!(!says_the_same(&record("a"), &record("b")), "{setting:?}");
            assert!(!says_the_same(&record("a"), &FieldValue::Absent), "{setting:?}");
            assert!(!says_the_same(&FieldValue::Absent, &record("a")), "{setting:?}");
        }
    }

    #[test]
    fn a_value_gives_its_text_its_list_its_agents_and_everything_that_was_typed() {
        let id = |text: &str| -> AgentId { text.parse().unwrap() };
        let path: AgentPath = "agents/a".parse().unwrap();
        let agents = |text: &str| FieldValue::Agents(vec![AgentWeight::only(id(text))].into());
        let share = FolderShare { agent_path: Some(path.clone()), weight: Weight::WHOLE, agent_version: None };
        let words = vec!["x".to_owned(), "y".to_owned()];
        let record = FieldValue::Record(Box::new(RecordedValue { was: agents("was"), is: agents("is") }));
        let all = [
            (FieldValue::Absent, None, vec![], vec![], vec![]),
            (FieldValue::Flag(true), None, vec![], vec![], vec![]),
            ("text".into(), Some("text"), vec![], vec![], vec!["text"]),
            (FieldValue::List(words.clone().into()), None, vec![], vec![], vec!["x", "y"]),
            (FieldValue::AgentId(id("a")), Some("a"), vec!["a"], vec![], vec!["a"]),
            (FieldValue::AgentPath(path.clone()), Some("agents/a"), vec![], vec!["agents/a"], vec!["agents/a"]),
            (agents("b"), None, vec!["b"], vec![], vec!["b"]),
            (FieldValue::Folders(vec![share].into()), None, vec![], vec!["agents/a"], vec![]),
            (record, None, vec!["is"], vec![], vec!["was", "is"]),
        ];
        for (value, text, ids, paths, texts) in all {
            assert_eq!(value.as_text(), text, "{value:?}");
            assert_eq!(value.agent_ids().map(AgentId::as_str).collect::<Vec<_>>(), ids, "{value:?}");
            assert_eq!(value.agent_paths().map(AgentPath::as_str).collect::<Vec<_>>(), paths, "{value:?}");
            assert_eq!(value.texts().collect::<Vec<_>>(), texts, "{value:?}");
            assert_eq!(value.as_list().is_some(), matches!(value, FieldValue::List(_)));
            assert_eq!(value.as_agents().is_some(), matches!(value, FieldValue::Agents(_)));
            assert_eq!(value.is_absent(), value == FieldValue::Absent);
        }
    }

    #[test]
    fn a_value_of_a_file_has_the_type_that_it_has_in_the_model() {
        use serde_json::json;
        for (value, expected) in [
            (json!(null), FieldValue::Absent),
            (json!(true), FieldValue::Flag(true)),
            (json!("a"), "a".into()),
            (json!(["a"]), FieldValue::List(vec!["a".to_owned()].into())),
            (json!([]), FieldValue::List(vec![].into())),
            (
                json!([{"agent_id": "a", "weight": 1}]),
                FieldValue::Agents(vec![AgentWeight::only("a".parse().unwrap())].into()),
            ),
            (json!([1]), "[1]".into()),
            (json!({"a": 1}), "{\"a\":1}".into()),
        ] {
            assert_eq!(FieldValue::of_json(&value), expected, "{value}");
        }
    }
}

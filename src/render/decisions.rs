//! Decisions that Retell does not have, for people and for programs: what git says, what callers hear, and who decided.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::escape::terminal;
use crate::decision::{DecisionOutcome, DecisionStanding, Registration};
use crate::model::{AgentNames, PhoneNumber, Setting, Settings, WorkspaceName};

/// The commit that decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    pub commit: String,
    /// Who made the change: `Name <mail>`.
    pub author: Option<String>,
    /// When it was committed.
    pub at: Option<DateTime<Utc>>,
}

/// The decisions whose commit is known.
pub type Deciders = BTreeMap<(Registration, Setting), Decider>;

/// How many characters of an id name a commit.
const SHORT: usize = 10;

impl Decider {
    fn words(&self) -> String {
        let short = self.commit.get(..SHORT).unwrap_or(&self.commit);
        let author = self.author.as_deref().map(|author| format!(" by {}", terminal(author))).unwrap_or_default();
        format!("decided in {short}{author}")
    }
}

/// A setting's value for people: agents by what they are called, `none` for what is not set.
pub fn value(settings: &Settings, setting: Setting, workspace: &WorkspaceName, names: &AgentNames) -> String {
    let text = settings.text(setting, &|id| names.words(Some(workspace), id).into());
    if text.is_empty() { "none".to_owned() } else { terminal(&text).into_owned() }
}

/// A decision in words, with both values: `+14155550101 (production) inbound_agents: git agents/b, live agents/a`.
pub fn sentence(held: &DecisionOutcome, names: &AgentNames, decider: Option<&Decider>) -> String {
    let value = |settings: &Settings| value(settings, held.setting, &held.workspace, names);
    let was = held.was.as_ref().filter(|_| held.standing == DecisionStanding::Conflict);
    let was = was.map(|was| format!(", was {} when git decided", value(was))).unwrap_or_default();
    let decider = decider.map(|decider| format!("; {}", decider.words())).unwrap_or_default();
    format!(
        "{} ({}) {}: git {}, live {}{was}{decider}",
        held.phone_number,
        held.workspace,
        held.setting.as_str(),
        value(&held.git),
        value(&held.live)
    )
}

/// The commands that settle decisions of numbers, for a hint.
pub fn settling(numbers: &[PhoneNumber]) -> String {
    let mut numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    numbers.dedup();
    let numbers = numbers.join(" ");
    format!(
        "to keep git's: phone-dir apply --take git {numbers}; to keep Retell's: phone-dir sync --take live {numbers}"
    )
}

/// An entry of the arrays `pending` and `conflicts`.
#[derive(Serialize)]
pub struct DecisionJson<'a> {
    phone_number: &'a str,
    workspace: &'a str,
    field: &'static str,
    git: Value,
    live: Value,
    was: Value,
}

impl<'a> DecisionJson<'a> {
    pub fn of(held: &'a DecisionOutcome) -> Self {
        Self {
            phone_number: held.phone_number.as_str(),
            workspace: held.workspace.as_str(),
            field: held.setting.as_str(),
            git: held.git.value(held.setting),
            live: held.live.value(held.setting),
            was: held.was.as_ref().map(|was| was.value(held.setting)).unwrap_or_default(),
        }
    }
}

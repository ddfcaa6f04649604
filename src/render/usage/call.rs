//! One call, with who answered it and who had decided that.

use serde::Serialize;

use crate::activity::call::{CallDirection, CallId, ProviderWord};
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;
use crate::store::calls::StoredCall;

/// What the directory said when a call began.
#[derive(Clone, Debug, Default)]
pub struct BindingThen {
    /// The folder of the agent that Retell used.
    pub agent_path: Option<String>,
    /// The agents that git bound in the call's direction, by id.
    pub bound: Vec<String>,
    /// Their folders, where they have one.
    pub bound_paths: Vec<Option<String>>,
    /// The commit that bound them.
    pub commit: Option<String>,
    pub author: Option<String>,
    pub committed: Option<String>,
    pub summary: Option<String>,
    /// Why git cannot tell.
    pub gap: Option<String>,
    /// Whether git then said what Retell used; none where that cannot be told.
    pub agrees: Option<bool>,
}

#[derive(Serialize)]
struct CallJson<'a> {
    format_version: u32,
    status: &'static str,
    call_id: &'a str,
    phone_number: Option<String>,
    workspace: String,
    direction: Option<&'static str>,
    start: Option<String>,
    end: Option<String>,
    duration_ms: Option<i64>,
    call_status: Option<&'a str>,
    reason: Option<&'a str>,
    cost: Option<String>,
    agent_id: Option<&'a str>,
    agent_version: Option<i64>,
    agent_tag: Option<&'a str>,
    agent_path: Option<&'a str>,
    commit: Option<&'a str>,
    author: Option<&'a str>,
    committed: Option<&'a str>,
    summary: Option<&'a str>,
    git_agent_ids: &'a [String],
    git_agent_paths: &'a [Option<String>],
    agrees: Option<bool>,
    gap: Option<&'a str>,
}

pub fn json(call: &StoredCall, then: &BindingThen) -> String {
    let facts = &call.facts;
    escape::json_of(&CallJson {
        format_version: FORMAT_VERSION,
        status: if then.gap.is_none() { "complete" } else { "incomplete" },
        call_id: CallId::as_str(&call.call_id),
        phone_number: facts.number.map(|number| number.to_string()),
        workspace: call.workspace.to_string(),
        direction: facts.direction.map(CallDirection::as_str),
        start: facts.start.map(|moment| moment.to_string()),
        end: facts.end.map(|moment| moment.to_string()),
        duration_ms: facts.duration_ms,
        call_status: facts.status.as_ref().map(ProviderWord::as_str),
        reason: facts.reason.as_ref().map(ProviderWord::as_str),
        cost: facts.cost.map(|cost| cost.to_string()),
        agent_id: facts.agent_id.as_ref().map(|id| id.as_str()),
        agent_version: facts.agent_version,
        agent_tag: facts.agent_tag.as_ref().map(ProviderWord::as_str),
        agent_path: then.agent_path.as_deref(),
        commit: then.commit.as_deref(),
        author: then.author.as_deref(),
        committed: then.committed.as_deref(),
        summary: then.summary.as_deref(),
        git_agent_ids: &then.bound,
        git_agent_paths: &then.bound_paths,
        agrees: then.agrees,
        gap: then.gap.as_deref(),
    })
}

pub fn text(call: &StoredCall, then: &BindingThen) -> String {
    let facts = &call.facts;
    let shown = |text: Option<String>| text.map_or_else(|| "unknown".to_owned(), |text| terminal(&text).into_owned());
    let way = facts.direction.map_or("call", CallDirection::as_str);
    let agent = then.agent_path.clone().or_else(|| facts.agent_id.as_ref().map(ToString::to_string));
    let version = facts.agent_version.map(|version| format!(", version {version}")).unwrap_or_default();
    let tag = facts.agent_tag.as_ref().map(|tag| format!(", tag {}", tag.as_str())).unwrap_or_default();
    let seconds = facts.duration_ms.map(|millis| format!("{} s", millis / 1000));
    let mut lines = vec![
        ("Call", format!("{}, {way}", CallId::as_str(&call.call_id))),
        ("Number", format!("{} ({})", shown(facts.number.map(|number| number.to_string())), call.workspace)),
        ("Start", shown(facts.start.map(|moment| moment.to_string()))),
        ("Length", shown(seconds)),
        ("Ended", shown(facts.reason.as_ref().map(|reason| reason.as_str().to_owned()))),
        ("Cost", facts.cost.map_or_else(|| "unknown".to_owned(), |cost| format!("{cost} USD"))),
        ("Agent", format!("{}{version}{tag}", shown(agent))),
    ];
    if let Some(commit) = &then.commit {
        let short = commit.get(..10).unwrap_or(commit);
        let when = then.committed.as_deref().unwrap_or("an unknown time");
        lines.push(("Bound by", format!("{short} of {when}, {}", shown(then.author.clone()))));
        lines.push(("", shown(then.summary.clone())));
    }
    if then.agrees == Some(false) {
        let names =
            then.bound.iter().zip(&then.bound_paths).map(|(id, path)| path.clone().unwrap_or_else(|| id.clone()));
        let names: Vec<_> = names.map(|name| terminal(&name).into_owned()).collect();
        let said = if names.is_empty() { "no agent".to_owned() } else { names.join(", ") };
        lines.push(("Differs", format!("git said {said} when the call began")));
    }
    lines.iter().map(|(name, value)| format!("{name:10}{value}\n")).collect()
}

//! One number in full, in the specification's layout.

use serde::Serialize;
use serde_json::Value;

use super::decisions;
use super::escape::{json_of, terminal};
use crate::activity::traffic::{LineTraffic, Traffic, grouped};
use crate::decision;
use crate::model::master::LeftTwilio;
use crate::model::routing::versioned;
use crate::model::{
    AgentId, AgentNames, AgentPath, AgentWeight, Assignment, Directory, NumberEntry, RegistryEntry, WorkspaceName,
};
use crate::query::bound_agents::{self, BoundAgent, CallDirection};
use crate::query::noted_date::NotedDate;
use crate::query::{self, Row};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What the specification shows.
    Usual,
    /// Nicknames, capabilities, tags and notes as well.
    Everything,
}

pub fn text(directory: &Directory, entry: &NumberEntry, detail: Detail, traffic: Option<&Traffic>) -> String {
    let mut text = format!(
        "Phone Number: {}\nPretty: {}\nType: {}\nProvider: {}\nArea Code: {}\n",
        entry.phone_number,
        terminal(&entry.phone_number_pretty),
        entry.phone_number_type,
        entry.provider,
        shown(entry.area_code.as_deref()),
    );
    text.push_str(&twilio(entry));
    text.push_str(&sip(entry));
    text.push_str("\nWorkspace Assignments:\n");
    let names = AgentNames::of(directory);
    for name in directory.workspace_names() {
        text.push_str(&workspace((directory, &names), entry, &name, detail));
        text.push_str(&calls(traffic, &name, entry).unwrap_or_default());
    }
    if detail == Detail::Everything {
        text.push_str(&people(entry));
    }
    text
}

/// The calls of a number in a workspace that has it, where they are known.
fn calls(traffic: Option<&Traffic>, workspace: &WorkspaceName, entry: &NumberEntry) -> Option<String> {
    entry.workspaces.get(workspace).filter(|binding| binding.imported)?;
    let line = traffic?.of_line(workspace, entry.phone_number)?;
    let counts = &line.counts;
    let ways = match counts.calls {
        0 => String::new(),
        _ => format!(": {} inbound, {} outbound", counts.inbound, counts.outbound),
    };
    let cost = counts.known_cost().map_or_else(|| "unknown".to_owned(), |cost| format!("{cost} USD"));
    let more = if counts.cost_unknown > 0 && counts.known_cost().is_some() { "+" } else { "" };
    let last = counts.last.map(|last| format!("    Last Call: {last}\n")).unwrap_or_default();
    let (calls, span) = (grouped(counts.calls), line.span_in_words());
    Some(format!("    Calls: {calls} in {span}{ways}\n    Cost of Calls: {cost}{more}\n{last}"))
}

/// What people wrote, and what the number can carry.
fn people(entry: &NumberEntry) -> String {
    let capabilities = entry.capabilities.map(|known| {
        let words = [("voice", known.voice), ("sms", known.sms), ("mms", known.mms), ("fax", known.fax)];
        words.into_iter().filter(|(_, has)| *has).map(|(word, _)| word).collect::<Vec<_>>().join(", ")
    });
    let notes = entry.notes.lines().map(|line| terminal(line)).collect::<Vec<_>>().join("\n  ");
    let tags = entry.tags.join(", ");
    format!(
        "\nCapabilities: {}\nTags: {}\nNotes:\n  {}\n",
        capabilities.filter(|words| !words.is_empty()).unwrap_or_else(|| "none".to_owned()),
        shown(Some(tags.as_str()).filter(|tags| !tags.is_empty())),
        if notes.is_empty() { "none" } else { &notes },
    )
}

fn twilio(entry: &NumberEntry) -> String {
    let since = |left: LeftTwilio| left.date.map(|date| format!(", first seen {date}")).unwrap_or_default();
    let Some(data) = &entry.twilio else {
        let gone = entry.left.map(|left| format!("Left the Twilio account{}", since(left)));
        return format!("\nTwilio Configuration:\n  {}\n", gone.as_deref().unwrap_or("Not in the Twilio account"));
    };
    let left = entry.left.and_then(|left| Some(format!(" (left trunk {}{})", left.trunk_sid?, since(left))));
    format!(
        "\nTwilio Configuration:\n  Phone Number SID: {}\n  Trunk SID: {}{}\n  Friendly Name: {}\n",
        data.phone_number_sid,
        shown(data.trunk_sid.as_ref().map(|sid| sid.as_str())),
        left.filter(|_| data.trunk_sid.is_none()).unwrap_or_default(),
        shown(data.friendly_name.as_deref()),
    )
}

fn sip(entry: &NumberEntry) -> String {
    let Some(config) = &entry.sip_config else {
        return "\nSIP Configuration:\n  None\n".to_owned();
    };
    format!(
        "\nSIP Configuration:\n  Termination URI: {}\n  Origination URI: {}\n  Auth Type: {}\n",
        shown(config.termination_uri.as_deref()),
        shown(config.origination_uri.as_deref()),
        config.auth_type,
    )
}

fn workspace(
    (directory, names): (&Directory, &AgentNames),
    entry: &NumberEntry,
    name: &WorkspaceName,
    detail: Detail,
) -> String {
    let heading = format!("\n  {}:\n", name.title());
    let Some(binding) = entry.workspaces.get(name).filter(|binding| binding.imported) else {
        return format!("{heading}    ✗ Not imported\n");
    };
    let assignment = directory.workspaces.get(name).and_then(|files| files.assignment(entry.phone_number));
    let kind = binding.assignment_type.map_or("unassigned", |kind| kind.as_str());
    let registered = directory.workspaces.get(name).and_then(|files| files.registered(entry.phone_number));
    let imported = binding.import_date.map(|date| NotedDate::of_import(date, registered, assignment).to_string());
    let mut lines = vec![format!("✓ Imported: {}", shown(imported.as_deref()))];
    if detail == Detail::Everything {
        lines.push(format!("Nickname: {}", shown(registered.and_then(|known| known.nickname.as_deref()))));
    }
    let live = live(directory, entry, name);
    if binding.agent_id.is_some() || binding.is_assigned() || !live.is_empty() {
        let agent_name = assignment.and_then(|known| known.agent_name.as_deref());
        lines.push(format!("Agent Path: {}{live}", shown(binding.agent_path.as_ref().map(|path| path.as_str()))));
        lines.push(format!("Agent ID: {}", shown(binding.agent_id.as_ref().map(|id| id.as_str()))));
        lines.push(format!("Agent Name: {}", shown(agent_name)));
        lines.extend(assignment.into_iter().flat_map(|known| each_direction((directory, names), name, known)));
    }
    lines.push(format!("Assignment: {kind}"));
    lines.extend(assignment.into_iter().flat_map(|known| weighted(names, name, known)));
    lines.extend(registered.into_iter().flat_map(webhooks));
    lines.extend(registered.into_iter().flat_map(|entry| decision::recorded(directory, name, entry)).map(|held| {
        let value = |settings| decisions::value(settings, held.setting, name, names);
        format!("Pending: {} {} (live: {})", held.setting.as_str(), value(&held.git), value(&held.live))
    }));
    heading + &lines.into_iter().map(|line| format!("    {line}\n")).collect::<String>()
}

/// Who answers and who calls, where these differ.
fn each_direction(
    (directory, names): (&Directory, &AgentNames),
    workspace: &WorkspaceName,
    assignment: &Assignment,
) -> Vec<String> {
    let agents = bound_agents::of(assignment, workspace, &directory.agents);
    if !bound_agents::differ(&agents) {
        return Vec::new();
    }
    let lines = [("Inbound Agent", CallDirection::Inbound), ("Outbound Agent", CallDirection::Outbound)];
    let line = |(title, direction)| {
        let agent = bound_agents::principal(&agents, direction)?;
        Some(format!("{title}: {}", terminal(&names.words(Some(workspace), &agent.agent_id))))
    };
    lines.into_iter().filter_map(line).collect()
}

/// The row of a number in a workspace.
fn row<'a>(directory: &'a Directory, entry: &NumberEntry, name: &WorkspaceName) -> Option<Row<'a>> {
    query::row(directory, entry.phone_number, name)
}

/// Whom callers hear, behind whom git says: ` (live: agents/a)`.
fn live(directory: &Directory, entry: &NumberEntry, name: &WorkspaceName) -> String {
    let words = row(directory, entry, name).and_then(|row| row.live_words());
    words.map(|words| format!(" (live: {})", terminal(&words))).unwrap_or_default()
}

/// The lists that say more than one agent's id does.
fn weighted(names: &AgentNames, workspace: &WorkspaceName, assignment: &Assignment) -> Vec<String> {
    let lists = [
        ("Inbound Agents", &assignment.inbound_agents),
        ("Outbound Agents", &assignment.outbound_agents),
        ("Inbound SMS Agents", &assignment.inbound_sms_agents),
        ("Outbound SMS Agents", &assignment.outbound_sms_agents),
    ];
    let line = |(title, list): (&str, &Option<Vec<AgentWeight>>)| {
        let agents = list.as_ref()?.iter().map(|agent| share(names, workspace, agent)).collect::<Vec<_>>();
        Some(format!("{title}: {}", agents.join(", ")))
    };
    lists.into_iter().filter_map(line).collect()
}

fn share(names: &AgentNames, workspace: &WorkspaceName, agent: &AgentWeight) -> String {
    let name = names.words(Some(workspace), &agent.agent_id);
    format!("{}={}", terminal(&versioned(&name, agent.agent_version.as_ref())), agent.weight)
}

fn webhooks(registered: &RegistryEntry) -> impl Iterator<Item = String> {
    let urls = [
        ("Inbound Webhook", registered.inbound_webhook_url()),
        ("Inbound SMS Webhook", registered.inbound_sms_webhook_url()),
    ];
    urls.into_iter().filter_map(|(title, url)| Some(format!("{title}: {}", terminal(url?))))
}

fn shown(text: Option<&str>) -> String {
    terminal(text.unwrap_or("none")).into_owned()
}

/// What stands in JSON beside the entry of a workspace.
#[derive(Serialize)]
struct AgentsJson {
    agent_name: Option<String>,
    inbound_agent_path: Option<AgentPath>,
    inbound_agent_id: Option<AgentId>,
    outbound_agent_path: Option<AgentPath>,
    outbound_agent_id: Option<AgentId>,
    agents: Vec<BoundAgent>,
}

impl AgentsJson {
    fn of(directory: &Directory, workspace: &WorkspaceName, assignment: Option<&Assignment>) -> Self {
        let agents = assignment.map_or_else(Vec::new, |known| bound_agents::of(known, workspace, &directory.agents));
        let of_direction = |direction| {
            let agent = bound_agents::principal(&agents, direction);
            (agent.and_then(|agent| agent.agent_path.clone()), agent.map(|agent| agent.agent_id.clone()))
        };
        let (inbound_agent_path, inbound_agent_id) = of_direction(CallDirection::Inbound);
        let (outbound_agent_path, outbound_agent_id) = of_direction(CallDirection::Outbound);
        let agent_name = assignment.and_then(|known| known.agent_name.clone());
        Self { agent_name, inbound_agent_path, inbound_agent_id, outbound_agent_path, outbound_agent_id, agents }
    }
}

fn usage(line: &LineTraffic) -> Value {
    let counts = &line.counts;
    serde_json::json!({
        "since": line.span.from.to_string(), "until": line.span.until.to_string(),
        "calls": counts.calls, "inbound": counts.inbound, "outbound": counts.outbound, "connected": counts.connected,
        "lost_to_concurrency": counts.lost, "failed": counts.failed, "seconds": counts.seconds(),
        "cost": counts.known_cost().map(|cost| cost.to_string()), "currency": "USD", "cost_unknown": counts.cost_unknown,
        "last_call": counts.last.map(|last| last.to_string()),
    })
}

/// The directory entry as JSON, with the agents of each workspace.
pub fn json(directory: &Directory, entry: &NumberEntry, traffic: Option<&Traffic>) -> String {
    let mut value = serde_json::to_value(entry).unwrap_or_default();
    for (name, files) in &directory.workspaces {
        let agents = AgentsJson::of(directory, name, files.assignment(entry.phone_number));
        let fields = serde_json::to_value(agents).unwrap_or_default();
        if let Some(binding) = value.pointer_mut(&format!("/workspaces/{name}")).and_then(Value::as_object_mut)
            && let Value::Object(fields) = fields
        {
            binding.extend(fields);
            let row = row(directory, entry, name);
            let path = row.and_then(|row| row.live_agent_path().map(ToString::to_string));
            let id = row.and_then(|row| row.live_agent_id().map(|id| id.to_string()));
            binding.insert("pending".to_owned(), row.is_some_and(|row| row.is_pending()).into());
            binding.insert("live_agent_path".to_owned(), path.into());
            binding.insert("live_agent_id".to_owned(), id.into());
            if let Some(line) = traffic.and_then(|traffic| traffic.of_line(name, entry.phone_number)) {
                binding.insert("usage".to_owned(), usage(&line));
            }
        }
    }
    json_of(&value)
}

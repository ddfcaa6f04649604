//! Where a change leaves git and Retell apart, in words: `live: agents/a`.
//!
//! It quotes nothing that a provider's customer typed: agents are named, of other settings only the name is told.

use super::{agents, values};
use crate::diff::{AgentNames, Change, FieldChange, FieldValue};
use crate::model::Setting;
use crate::render::escape::terminal;

/// What a change says of the records beside decisions, in brackets and with a blank before; empty where it says nothing.
pub fn suffix(change: &Change, names: &AgentNames) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut settled: Vec<&str> = Vec::new();
    for field in &change.fields {
        let Some(setting) = field.field.recorded() else { continue };
        if let FieldValue::Record(record) = &field.to {
            let live = live(change, names, &record.is, setting);
            if !told.contains(&live) {
                told.push(live);
            }
        } else {
            let is_decided_too = setting.fields().iter().any(|name| change.field(*name).is_some());
            settled.extend((!is_decided_too).then_some(setting.as_str()));
        }
    }
    if !settled.is_empty() {
        told.push(format!("live as decided: {}", settled.join(", ")));
    }
    if told.is_empty() { String::new() } else { format!(" ({})", told.join("; ")) }
}

/// What Retell has otherwise than git, before and after, on a line of its own: `live nickname: A → B`; nothing where the
/// words of the change tell it.
pub fn line(change: &Change, names: &AgentNames, field: &FieldChange, setting: Setting) -> Option<String> {
    let voice = matches!(setting, Setting::InboundAgents | Setting::OutboundAgents);
    if voice && field.from.is_absent() {
        return None;
    }
    let said = |value: &FieldValue| match value {
        FieldValue::Record(record) => match record.is.as_agents() {
            Some(list) => terminal(&agents::listed(change, names, list)).into_owned(),
            None => values::shown(&record.is),
        },
        _ => "as decided".to_owned(),
    };
    let (from, to) = (said(&field.from), said(&field.to));
    (from != to).then(|| format!("    live {}: {from} → {to}\n", setting.as_str()))
}

fn live(change: &Change, names: &AgentNames, live: &FieldValue, setting: Setting) -> String {
    let listed = || agents::listed(change, names, live.as_agents().unwrap_or_default());
    match setting {
        Setting::InboundAgents | Setting::OutboundAgents => format!("live: {}", listed()),
        Setting::InboundSmsAgents | Setting::OutboundSmsAgents => format!("live {}: {}", setting.as_str(), listed()),
        _ => format!("live differs: {}", setting.as_str()),
    }
}

//! Where a change leaves git and Retell apart, in words: `live: agents/a`.
//!
//! It quotes nothing that a provider's customer typed: agents are named, of other settings only the name is told.

use super::agents;
use crate::diff::{AgentNames, Change, FieldValue};
use crate::model::Setting;

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

fn live(change: &Change, names: &AgentNames, live: &FieldValue, setting: Setting) -> String {
    let listed = || agents::listed(change, names, live.as_agents().unwrap_or_default());
    match setting {
        Setting::InboundAgents | Setting::OutboundAgents => format!("live: {}", listed()),
        Setting::InboundSmsAgents | Setting::OutboundSmsAgents => format!("live {}: {}", setting.as_str(), listed()),
        _ => format!("live differs: {}", setting.as_str()),
    }
}

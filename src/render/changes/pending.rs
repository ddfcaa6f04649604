//! Where a change leaves git and Retell apart, in words: `live: agents/a`.
//!
//! It quotes nothing that a provider's customer typed: agents are named, of other settings only the name is told.

use super::{agents, values};
use crate::diff::{AgentNames, Change, ChangeKind, FieldChange, FieldValue};
use crate::model::Setting;
use crate::render::escape::terminal;

/// What a change says of the records beside decisions, in brackets and with a blank before; empty where it says nothing.
pub fn suffix(change: &Change, names: &AgentNames) -> String {
    if change.kind == ChangeKind::Removed {
        return gone(change);
    }
    let mut told: Vec<String> = Vec::new();
    let (mut differing, mut settled): (Vec<&str>, Vec<&str>) = Default::default();
    for field in &change.fields {
        let Some(setting) = field.field.recorded() else { continue };
        if let FieldValue::Record(record) = &field.to {
            match live_agents(change, names, &record.is, setting) {
                None => differing.push(setting.as_str()),
                Some(live) if told.contains(&live) => {}
                Some(live) => told.push(live),
            }
        } else {
            let is_decided_too = setting.fields().any(|name| change.field(name).is_some());
            settled.extend((!is_decided_too).then_some(setting.as_str()));
        }
    }
    if !differing.is_empty() {
        told.push(format!("live differs: {}", differing.join(", ")));
    }
    if !settled.is_empty() {
        told.push(format!("live as decided: {}", settled.join(", ")));
    }
    if told.is_empty() { String::new() } else { format!(" ({})", told.join("; ")) }
}

/// The decisions that left with their number.
fn gone(change: &Change) -> String {
    let recorded = change.fields.iter().filter_map(|field| Some(field.field.recorded()?.as_str()));
    let settings = recorded.collect::<Vec<_>>().join(", ");
    if settings.is_empty() { settings } else { format!(" (decided and never applied: {settings})") }
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

fn live_agents(change: &Change, names: &AgentNames, live: &FieldValue, setting: Setting) -> Option<String> {
    let listed = || agents::listed(change, names, live.as_agents().unwrap_or_default());
    match setting {
        Setting::InboundAgents | Setting::OutboundAgents => Some(format!("live: {}", listed())),
        Setting::InboundSmsAgents | Setting::OutboundSmsAgents => {
            Some(format!("live {}: {}", setting.as_str(), listed()))
        }
        _ => None,
    }
}

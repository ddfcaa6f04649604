//! A number's settings as a short text for an editor, and what a person made of it.
//!
//! A line is `name: value`, with the names of the options of `phone update`; what stands behind `#` is for the reader.

use super::{Allowed, Binding, Edit, Objection, Setting, Settings, Transport, values};
use crate::model::registry::DEFAULT_TRANSPORT;
use crate::model::{AgentFolders, LiveRecord, WorkspaceName};

/// The decisions by their names in the text, in its order.
const NAMES: [(&str, Setting); 13] = [
    ("inbound-agent", Setting::InboundAgents),
    ("outbound-agent", Setting::OutboundAgents),
    ("inbound-sms-agent", Setting::InboundSmsAgents),
    ("outbound-sms-agent", Setting::OutboundSmsAgents),
    ("webhook", Setting::InboundWebhookUrl),
    ("sms-webhook", Setting::InboundSmsWebhookUrl),
    ("fallback", Setting::FallbackNumber),
    ("inbound-countries", Setting::AllowedInboundCountryList),
    ("outbound-countries", Setting::AllowedOutboundCountryList),
    ("nickname", Setting::Nickname),
    ("termination-uri", Setting::TerminationUri),
    ("transport", Setting::Transport),
    ("codecs", Setting::Codecs),
];

/// Writes the settings, below a few words to the reader.
pub fn write(
    settings: &Settings,
    record: Option<&LiveRecord>,
    (folders, workspace): (&AgentFolders, &WorkspaceName),
    title: &str,
) -> String {
    let mut text = format!(
        "# {title}\n# Change what is to be decided, save, and close the editor; an unchanged text decides nothing.\n\
         # Agents: a folder, a name or an id, `@VERSION` behind it; several as `agents/a=0.8,agents/b=0.2`; or `none`.\n\n"
    );
    for (name, setting) in NAMES {
        let live = record.filter(|record| record.has(setting));
        let live = live.map(|record| format!("# live: {}\n", value(record.is(), setting, folders, workspace)));
        text.push_str(&live.unwrap_or_default());
        text.push_str(&format!("{name}: {}\n", value(settings, setting, folders, workspace)));
    }
    text
}

fn value(settings: &Settings, setting: Setting, folders: &AgentFolders, workspace: &WorkspaceName) -> String {
    let text = settings.text(setting, &|id| folders.path_or_id(workspace, id).into());
    if text.is_empty() { "none".to_owned() } else { text.replace(['\n', '\r'], " ") }
}

/// Asks `edit` for the lines that differ from the text as it was written.
///
/// # Errors
/// A line that has no known name, or whose value makes no sense; it is named by its place.
pub fn read(
    text: &str,
    written: &str,
    edit: &mut Edit,
    (folders, allowed): (&AgentFolders, &Allowed),
) -> Result<(), Objection> {
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') || written.lines().any(|known| known.trim_end() == line) {
            continue;
        }
        let of_line = |objection: Objection| Objection {
            message: format!("line {}: {}", at + 1, objection.message),
            ..objection
        };
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let known = NAMES.iter().find(|(known, _)| *known == name.trim());
        let Some((_, setting)) = known else {
            let names = NAMES.map(|(name, _)| format!("`{name}`")).join(", ");
            let objection = Objection::mistake(format!("there is no setting `{}`", name.trim().escape_debug()));
            return Err(of_line(objection.hint(format!("the settings are {names}"))));
        };
        if edit.asked.contains(setting) {
            return Err(of_line(Objection::mistake(format!("`{}` stands twice", name.trim()))));
        }
        ask(edit, *setting, value.trim(), (folders, allowed)).map_err(of_line)?;
    }
    Ok(())
}

fn ask(
    edit: &mut Edit,
    setting: Setting,
    text: &str,
    (folders, allowed): (&AgentFolders, &Allowed),
) -> Result<(), Objection> {
    let none = Settings::default();
    let wrong = |message: String| Objection::mistake(message);
    let given = match setting {
        _ if setting.is_agents() => {
            let agents = Binding::parse(text).map_err(wrong)?.resolve(folders, &edit.workspace, allowed)?;
            none.with_agents(setting, agents)
        }
        Setting::InboundWebhookUrl => Settings { inbound_webhook_url: values::webhook(text).map_err(wrong)?, ..none },
        Setting::InboundSmsWebhookUrl => {
            Settings { inbound_sms_webhook_url: values::webhook(text).map_err(wrong)?, ..none }
        }
        Setting::FallbackNumber => Settings { fallback_number: values::fallback(text).map_err(wrong)?, ..none },
        Setting::AllowedInboundCountryList => {
            Settings { allowed_inbound_country_list: values::countries(text).map_err(wrong)?, ..none }
        }
        Setting::AllowedOutboundCountryList => {
            Settings { allowed_outbound_country_list: values::countries(text).map_err(wrong)?, ..none }
        }
        Setting::TerminationUri => {
            Settings { termination_uri: Some(values::termination_uri(text).map_err(wrong)?), ..none }
        }
        Setting::Transport => {
            let text = if text.is_empty() { DEFAULT_TRANSPORT } else { text };
            let transport = text.parse::<Transport>().map_err(|error| wrong(error.to_owned()))?;
            Settings { transport: transport.setting(), ..none }
        }
        Setting::Codecs => {
            let codecs: Vec<_> = text.split(',').map(|codec| codec.trim().to_owned()).collect();
            Settings { codecs: Some(codecs).filter(|_| !matches!(text, "" | "none")), ..none }
        }
        _ => Settings { nickname: values::nickname(text), ..none },
    };
    edit.ask(setting, &given);
    Ok(())
}

#[cfg(test)]
mod tests;

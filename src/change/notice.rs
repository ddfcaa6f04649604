//! What a person should read before a change is made, beside the changes themselves.

use super::edit::{Action, Edit};
use super::{Setting, Settings};
use crate::activity::traffic::Traffic;
use crate::model::{AgentId, AgentNames, Directory, ImportMethod};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What the lines have in common.
    pub heading: String,
    pub lines: Vec<String>,
}

/// The agents of a number, as `name` calls them; its webhooks and its fallback. None where nothing answers.
pub fn answering(settings: &Settings, name: &dyn Fn(&AgentId) -> String) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for setting in Setting::AGENTS {
        for agent in settings.agents(setting) {
            let name = name(&agent.agent_id);
            if !words.contains(&name) {
                words.push(name);
            }
        }
    }
    let others = [
        (Setting::InboundWebhookUrl, "its webhook"),
        (Setting::InboundSmsWebhookUrl, "its SMS webhook"),
        (Setting::FallbackNumber, "its fallback number"),
    ];
    words.extend(others.iter().filter(|(setting, _)| !settings.is_unset(*setting)).map(|(_, name)| (*name).to_owned()));
    (!words.is_empty()).then(|| words.join(", "))
}

/// The most lines of calls.
const MOST_LINES: usize = 20;

/// The calls on the lines of which it changes who answers; none where there were none, or none are known.
pub fn of_traffic(edits: &[&Edit], traffic: &Traffic) -> Option<Notice> {
    let answering = [Setting::InboundAgents, Setting::InboundWebhookUrl];
    let is_touched =
        |edit: &&&Edit| edit.action == Action::Delete || answering.iter().any(|setting| edit.asked.contains(setting));
    let line = |edit: &&Edit| {
        let words = traffic.words(&edit.workspace, edit.phone_number)?;
        Some(format!("{} ({}): {words}", edit.phone_number, edit.workspace))
    };
    let mut lines: Vec<String> = edits.iter().filter(is_touched).filter_map(line).collect();
    let more = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    lines.extend((more > 0).then(|| format!("… and {more} lines more")));
    (!lines.is_empty()).then(|| Notice { heading: "Calls on these lines".to_owned(), lines })
}

/// What deleting a number from its workspace does, and how it comes back. None where the directory does not have it.
pub fn of_deletion(edit: &Edit, directory: &Directory) -> Option<Notice> {
    let settings = Settings::of_directory(directory, &edit.workspace, edit.phone_number)?;
    let files = directory.workspaces.get(&edit.workspace)?;
    let method = files.registered(edit.phone_number)?.import_method;
    let mut lines = Vec::new();
    let names = AgentNames::of(directory);
    if let Some(agents) = answering(&settings, &|id| names.literal(&edit.workspace, id)) {
        lines.push(format!("{} is answered by {agents} in `{}`, and will not be", edit.phone_number, edit.workspace));
    }
    match method {
        ImportMethod::SipTrunk => {
            if settings.auth_username.is_some() {
                lines.push("Retell forgets its SIP password, which nobody can read out".to_owned());
            }
            let mut again = import_again(edit, &settings, directory).into_iter();
            lines.extend(again.next().map(|command| format!("to import it again: `{command}`")));
            lines.extend(again.map(|command| format!("and then: `{command}`")));
            lines.push("what Retell had of it stays in git: `phone-dir show NUMBER --at REV`".to_owned());
        }
        ImportMethod::DirectPurchase => {
            lines.push("it was bought through Retell, and cannot be imported again".to_owned());
        }
    }
    Some(Notice { heading: "Cannot be taken back".to_owned(), lines })
}

/// The command that imports the number again, and where it had what an import cannot carry, the one that sets that.
fn import_again(edit: &Edit, settings: &Settings, directory: &Directory) -> Vec<String> {
    let uri = settings.termination_uri.as_deref().unwrap_or("TERMINATION_URI");
    let place = format!("--workspace {}", edit.workspace);
    let mut import = format!("phone-dir phone import {} {} {place}", edit.phone_number, word(uri));
    let mut update = format!("phone-dir phone update {} {place}", edit.phone_number);
    let bare = update.len();
    let name = |id| directory.agents.path_or_id(&edit.workspace, id).into();
    // The termination URI is an argument of its own.
    let is_option = |setting: &&Setting| **setting != Setting::TerminationUri && !settings.is_unset(**setting);
    let mut options: Vec<&Setting> = Setting::ALL.iter().filter(is_option).collect();
    options.sort_by_key(|setting| **setting == Setting::Nickname);
    for setting in options {
        let password = if *setting == Setting::AuthUsername { " --password-stdin" } else { "" };
        let command = if setting.is_carried_by_import() { &mut import } else { &mut update };
        command.push_str(&format!(" --{} {}{password}", setting.option(), word(&settings.text(*setting, &name))));
    }
    let has_later = update.len() > bare;
    [import].into_iter().chain(has_later.then_some(update)).collect()
}

/// A text as a word of the shell.
fn word(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:@=,+%".contains(it);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;

//! What a person should read before a change is made, beside the changes themselves.

use super::edit::Edit;
use super::{Setting, Settings};
use crate::model::{AgentFolders, AgentPath, Directory, ImportMethod, WorkspaceName};

/// A heading and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What the lines have in common.
    pub heading: String,
    /// The lines.
    pub lines: Vec<String>,
}

/// The agents of a number in words, by their folders where they have one; and its webhook. None where nothing answers.
pub fn answering(settings: &Settings, workspace: &WorkspaceName, folders: &AgentFolders) -> Option<String> {
    let name = |id| {
        let path = folders.path_of(workspace, id).map(AgentPath::as_str);
        format!("`{}`", path.unwrap_or(id.as_str()))
    };
    let mut words: Vec<String> = Vec::new();
    for setting in Setting::AGENTS {
        for agent in settings.agents(setting) {
            let name = name(&agent.agent_id);
            if !words.contains(&name) {
                words.push(name);
            }
        }
    }
    if settings.inbound_webhook_url.is_some() {
        words.push("its webhook".to_owned());
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// What deleting a number from its workspace does, and how it comes back. None where the directory does not have it.
pub fn of_deletion(edit: &Edit, directory: &Directory) -> Option<Notice> {
    let settings = Settings::of_directory(directory, &edit.workspace, edit.phone_number)?;
    let files = directory.workspaces.get(&edit.workspace)?;
    let method = files.registered(edit.phone_number)?.import_method;
    let mut lines = Vec::new();
    if let Some(agents) = answering(&settings, &edit.workspace, &directory.agents) {
        lines.push(format!("{} is answered by {agents} in `{}`, and will not be", edit.phone_number, edit.workspace));
    }
    match method {
        ImportMethod::SipTrunk => {
            if settings.auth_username.is_some() {
                lines.push("Retell forgets its SIP password and transport, which nobody can read out".to_owned());
            }
            lines.push(format!("to import it again: `{}`", import_again(edit, &settings, directory)));
            lines.push("what Retell had of it stays in git: `phone-dir show NUMBER --at REV`".to_owned());
        }
        ImportMethod::DirectPurchase => {
            lines.push("it was bought through Retell, and cannot be imported again".to_owned());
        }
    }
    Some(Notice { heading: "Cannot be taken back".to_owned(), lines })
}

/// The command that imports the number again, as far as its flags reach.
fn import_again(edit: &Edit, settings: &Settings, directory: &Directory) -> String {
    let uri = settings.termination_uri.as_deref().unwrap_or("TERMINATION_URI");
    let mut words =
        format!("phone-dir phone import {} {} --workspace {}", edit.phone_number, word(uri), edit.workspace);
    for (flag, list) in [("--inbound-agent", &settings.inbound_agents), ("--outbound-agent", &settings.outbound_agents)]
    {
        if !list.is_empty() {
            let one = |agent: &crate::model::AgentWeight| {
                let path = directory.agents.path_of(&edit.workspace, &agent.agent_id).map(AgentPath::as_str);
                let version = agent.agent_version.as_ref().map(|it| format!("@{it}")).unwrap_or_default();
                let weight = if list.len() > 1 { format!("={}", agent.weight) } else { String::new() };
                format!("{}{version}{weight}", path.unwrap_or(agent.agent_id.as_str()))
            };
            words.push_str(&format!(" {flag} {}", word(&list.iter().map(one).collect::<Vec<_>>().join(","))));
        }
    }
    if let Some(user) = &settings.auth_username {
        words.push_str(&format!(" --username {} --password-stdin", word(user)));
    }
    for (flag, text) in [("--webhook", &settings.inbound_webhook_url), ("--nickname", &settings.nickname)] {
        if let Some(text) = text {
            words.push_str(&format!(" {flag} {}", word(text)));
        }
    }
    words
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
mod tests {
    use super::word;

    #[test]
    fn what_somebody_typed_stays_one_word_of_the_shell() {
        assert_eq!(word("agents/a@prod=0.5,agents/b=0.5"), "agents/a@prod=0.5,agents/b=0.5");
        assert_eq!(word("it's $(here)"), r"'it'\''s $(here)'");
        assert_eq!(word(""), "''");
    }
}

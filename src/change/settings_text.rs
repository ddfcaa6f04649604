//! A number's settings as a short text for an editor, and what a person made of it.
//!
//! A line is `name: value`, with the names of the options of `phone update`; what stands behind `#` is for the reader.

use super::{Allowed, Edit, Objection, Setting, Settings};
use crate::model::registry::DEFAULT_TRANSPORT;
use crate::model::{AgentFolders, LiveRecord, WorkspaceName};

/// The decisions in the order of the text: who answers, the name for people, then how calls go over the trunk.
fn in_order() -> Vec<Setting> {
    let rank = |setting: &Setting| match setting {
        Setting::TerminationUri | Setting::Transport | Setting::Codecs => 2,
        Setting::Nickname => 1,
        _ => 0,
    };
    let mut settings: Vec<Setting> = Setting::decisions().collect();
    settings.sort_by_key(rank);
    settings
}

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
    for setting in in_order() {
        let live = record.filter(|record| record.has(setting));
        let live = live.map(|record| format!("# live: {}\n", value(record.is(), setting, folders, workspace)));
        text.push_str(&live.unwrap_or_default());
        text.push_str(&format!("{}: {}\n", setting.option(), value(settings, setting, folders, workspace)));
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
        let settings = in_order();
        let Some(setting) = settings.iter().find(|setting| setting.option() == name.trim()) else {
            let names = settings.iter().map(|setting| format!("`{}`", setting.option())).collect::<Vec<_>>().join(", ");
            let objection = Objection::mistake(format!("there is no setting `{}`", name.trim().escape_debug()));
            return Err(of_line(objection.hint(format!("the settings are {names}"))));
        };
        if edit.asked.contains(setting) {
            return Err(of_line(Objection::mistake(format!("`{}` stands twice", name.trim()))));
        }
        edit.ask_written(*setting, meant(*setting, value.trim()), (folders, allowed)).map_err(of_line)?;
    }
    Ok(())
}

/// What stands behind the name; nothing means what is there where nothing is set.
fn meant(setting: Setting, text: &str) -> &str {
    match (setting, text) {
        (Setting::Transport, "") => DEFAULT_TRANSPORT,
        (Setting::Codecs, "") => "none",
        _ => text,
    }
}

#[cfg(test)]
mod tests;

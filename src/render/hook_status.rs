//! The state of the git hook, for people and for programs.

use serde::Serialize;

use super::escape::{self, terminal};
use super::failure::FORMAT_VERSION;
use crate::clone::hook::{FoundHook, HookState, HooksOff, Tool};

/// The state of the hooks that this program installs.
#[derive(Serialize)]
pub struct HookStatus<'a> {
    /// The folder from which git runs hooks.
    pub hooks_folder: &'a str,
    /// Who uses that folder: `repository`, `team` (it is in the working tree), `shared` or `everywhere`; `off` where git runs none.
    pub reach: &'static str,
    /// Whether the check runs at every commit, from hooks of ours or of others.
    pub installed: bool,
    /// The tool that manages the hooks there.
    pub managed_by: Option<&'static str>,
    /// What to tell that tool.
    pub advice: Option<&'static str>,
    pub hooks: Vec<Hook>,
    /// The setting that leaves git without hooks.
    pub switched_off: Option<SwitchedOffJson<'a>>,
}

/// Why git runs no hooks, and what lets it run them.
#[derive(Serialize)]
pub struct SwitchedOffJson<'a> {
    /// The value of `core.hooksPath`.
    value: &'a str,
    /// Where it stands, and for whom it holds, as git names both.
    origin: &'a str,
    scope: &'a str,
    way_out: String,
    #[serde(skip)]
    sentence: String,
}

impl<'a> HookStatus<'a> {
    pub fn of(hooks_folder: &'a str, state: &HookState) -> Self {
        Self {
            hooks_folder,
            reach: state.reach.as_str(),
            installed: state.is_installed(),
            managed_by: state.tool.map(Tool::name),
            advice: state.tool.map(Tool::advice),
            hooks: state.hooks.iter().map(Hook::of).collect(),
            switched_off: None,
        }
    }

    /// Of a repository whose hooks are switched off: no file of them counts.
    pub fn switched_off(off: &'a HooksOff) -> Self {
        let switched_off = SwitchedOffJson {
            value: &off.value,
            origin: &off.origin,
            scope: &off.scope,
            way_out: off.way_out(),
            sentence: off.to_string(),
        };
        Self {
            hooks_folder: &off.value,
            reach: "off",
            installed: false,
            managed_by: None,
            advice: None,
            hooks: Vec::new(),
            switched_off: Some(switched_off),
        }
    }
}

#[derive(Serialize)]
pub struct Hook {
    pub name: &'static str,
    /// `installed`, `outdated`, `edited`, `calls` (a hook of the team's own that calls the check), `managed`, `foreign` or `absent`.
    pub state: &'static str,
    /// Whether git would run what is there.
    pub runs: bool,
    /// Whether a hook that was there before runs first.
    pub chained: bool,
}

impl Hook {
    fn of(found: &FoundHook) -> Self {
        Self { name: found.name, state: found.standing.as_str(), runs: found.runs, chained: found.has_before }
    }
}

#[derive(Serialize)]
struct Versioned<'a> {
    format_version: u32,
    #[serde(flatten)]
    status: &'a HookStatus<'a>,
}

pub fn json(status: &HookStatus<'_>) -> String {
    escape::json_of(&Versioned { format_version: FORMAT_VERSION, status })
}

pub fn text(status: &HookStatus<'_>) -> String {
    if let Some(off) = &status.switched_off {
        return format!("Hooks: not installed: {}\nNext: {}\n", terminal(&off.sentence), terminal(&off.way_out));
    }
    let mut text = format!("Hooks: {} ({})\n", terminal(status.hooks_folder), status.reach);
    for hook in &status.hooks {
        let runs = if hook.runs || hook.state == "absent" { "" } else { ", but git does not run it: not executable" };
        let chained = if hook.chained { ", after the hook that was there before" } else { "" };
        let state = if hook.state == "calls" { "a hook that calls phone-dir" } else { hook.state };
        text.push_str(&format!("  {}: {state}{runs}{chained}\n", hook.name));
    }
    match (status.managed_by, status.advice, status.installed) {
        (Some(tool), _, true) => text.push_str(&format!("{tool} manages the hooks, and calls phone-dir\n")),
        (Some(tool), Some(advice), false) => text.push_str(&format!("{tool} manages the hooks: {advice}\n")),
        (.., false) if status.reach == "everywhere" => {
            text.push_str("Next: `phone-dir hook install --everywhere`, or a folder of this repository's own for `core.hooksPath`\n");
        }
        (.., false) => text.push_str("Next: `phone-dir hook install`\n"),
        _ => {}
    }
    text
}

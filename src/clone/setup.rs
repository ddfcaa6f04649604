//! What setup changes in a clone, and what it takes out again: decided from how the clone stands.

use super::checks::ATTRIBUTES;
use super::drivers::{self, Setting};
use super::hook::HookPresence;
use super::{attributes, block, prettier};
use crate::error::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupStep {
    InstallHook,
    UninstallHook,
    /// What a file at the root holds then; nothing where it goes.
    File(&'static str, Option<String>),
    Set(Setting),
    Unset(String),
    /// The last line feed is taken off git's configuration, as it was.
    BareEnd,
}

#[derive(Debug)]
pub struct CloneState {
    pub hook: HookPresence,
    /// The drivers' settings with what git's own configuration has for each.
    pub drivers: Vec<(Setting, Option<String>)>,
    /// Whether git's configuration ends without a line feed, and whether that is remembered already.
    pub ends_bare: bool,
    pub remembers_bare_end: bool,
    /// The texts of the files at the root: attributes, and what prettier ignores.
    pub attributes: Option<String>,
    pub prettier_ignored: Option<String>,
    pub uses_prettier: bool,
}

impl SetupStep {
    /// The step as a command, or in words.
    pub fn words(&self) -> String {
        match self {
            Self::InstallHook => "phone-dir hook install".to_owned(),
            Self::UninstallHook => "phone-dir hook uninstall".to_owned(),
            Self::File(name, Some(_)) => format!("write {name}"),
            Self::File(name, None) => format!("remove {name}"),
            Self::Set(setting) => {
                format!("git config --local {} {}", setting.key, drivers::shell_word(&setting.value))
            }
            Self::Unset(key) => format!("git config --local --unset {key}"),
            Self::BareEnd => "take the last line feed off .git/config, as it was".to_owned(),
        }
    }
}

impl CloneState {
    /// What is missing. The hook comes first: it is the one step that may be refused.
    pub fn installation(self) -> Result<Vec<SetupStep>> {
        let mut steps = Vec::new();
        if self.hook == HookPresence::Missing {
            steps.push(SetupStep::InstallHook);
        }
        for (setting, value) in self.drivers {
            match value {
                Some(value) if value == setting.value => {}
                Some(value) if !drivers::is_own(&value) => return Err(taken(&setting.key)),
                _ => steps.push(SetupStep::Set(setting)),
            }
        }
        if self.ends_bare && steps.iter().any(|step| matches!(step, SetupStep::Set(_))) {
            steps.push(SetupStep::Set(Setting { key: drivers::BARE_END.to_owned(), value: "true".to_owned() }));
        }
        steps.extend(with_block(ATTRIBUTES, self.attributes.as_deref(), &attributes::lines()));
        if self.uses_prettier {
            steps.extend(with_block(prettier::IGNORED, self.prettier_ignored.as_deref(), prettier::LINES));
        }
        Ok(steps)
    }

    /// What an earlier setup put in.
    pub fn removal(self) -> Vec<SetupStep> {
        let mut steps = Vec::new();
        if self.hook == HookPresence::Installed {
            steps.push(SetupStep::UninstallHook);
        }
        steps.extend(without_block(ATTRIBUTES, self.attributes.as_deref()));
        steps.extend(without_block(prettier::IGNORED, self.prettier_ignored.as_deref()));
        let own = self.drivers.into_iter().filter(|(_, value)| value.as_deref().is_some_and(drivers::is_own));
        steps.extend(own.map(|(setting, _)| SetupStep::Unset(setting.key)));
        if self.remembers_bare_end {
            steps.extend([SetupStep::Unset(drivers::BARE_END.to_owned()), SetupStep::BareEnd]);
        }
        steps
    }
}

fn with_block(name: &'static str, text: Option<&str>, lines: &str) -> Option<SetupStep> {
    (!block::is_current(text, lines)).then(|| SetupStep::File(name, Some(block::with(text, lines))))
}

fn without_block(name: &'static str, text: Option<&str>) -> Option<SetupStep> {
    let before = block::without(text);
    (before.as_deref() != text).then_some(SetupStep::File(name, before))
}

fn taken(key: &str) -> Error {
    Error::failed(format!("git's setting `{key}` is there already, and not phone-dir's"))
        .hint(format!("see it with `git config --show-origin {key}`; remove it with `git config --unset {key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> CloneState {
        CloneState {
            hook: HookPresence::Missing,
            drivers: drivers::settings(&drivers::Program::OnPath).into_iter().map(|setting| (setting, None)).collect(),
            ends_bare: false,
            remembers_bare_end: false,
            attributes: None,
            prettier_ignored: None,
            uses_prettier: false,
        }
    }

    #[test]
    fn what_setup_put_in_is_what_its_removal_takes_out() {
        let steps = empty().installation().unwrap();
        let set = steps.iter().filter_map(|step| match step {
            SetupStep::Set(setting) => Some((setting.clone(), Some(setting.value.clone()))),
            _ => None,
        });
        let attributes = steps.iter().find_map(|step| match step {
            SetupStep::File(_, text) => text.clone(),
            _ => None,
        });
        let done = || CloneState {
            hook: HookPresence::Installed,
            drivers: set.clone().collect(),
            attributes: attributes.clone(),
            ..empty()
        };
        assert_eq!(done().installation().unwrap(), []);
        let removed: Vec<_> = done().removal().iter().map(SetupStep::words).collect();
        assert_eq!(removed.len(), steps.len(), "{removed:?}");
        assert!(removed[1].starts_with("remove .gitattributes"), "{removed:?}");
    }

    #[test]
    fn the_setting_of_another_program_is_never_replaced() {
        let mut state = empty();
        state.drivers[0].1 = Some("another".to_owned());
        assert!(state.installation().unwrap_err().message().contains("not phone-dir's"));
    }
}

//! Makes one workspace mean to do what another does: agents are translated by their folders.

use std::collections::BTreeSet;

use super::edit::{Action, Edit};
use super::notice::Notice;
use super::rails::Impossible;
use super::{Setting, Settings};
use crate::diff::{Change, ChangeKind, NumberField, intent};
use crate::model::equivalence::same_agents;
use crate::model::{AgentPath, AgentVersion, AgentWeight, Directory, PhoneNumber, WorkspaceName};
use crate::query;

/// What a promotion is about: two workspaces of one directory.
#[derive(Clone, Copy, Debug)]
pub struct Promotion<'a> {
    pub directory: &'a Directory,
    /// The workspace whose intent counts.
    pub from: &'a WorkspaceName,
    pub to: &'a WorkspaceName,
    /// What stands for a version's number, which means nothing to the other workspace's agent.
    pub version: Option<&'a AgentVersion>,
    pub scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Everything,
    AgentsOnly,
}

impl Scope {
    /// Whether intent of this scope consists of a setting; nicknames are each workspace's own.
    fn has(self, setting: Setting) -> bool {
        match self {
            Self::Everything => setting != Setting::Nickname,
            Self::AgentsOnly => setting.is_agents(),
        }
    }
}

/// A setting that the second workspace has and the first has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    phone_number: PhoneNumber,
    setting: Setting,
    value: String,
}

#[derive(Clone, Debug)]
pub enum Selection {
    /// Every number of the first workspace.
    All,
    /// The numbers that an agent answers, or calls with, in the first workspace.
    Agent(query::agent::Agent),
    Numbers(BTreeSet<PhoneNumber>),
}

/// What a plan does, and what it cannot do.
#[derive(Clone, Debug, Default)]
pub struct PlannedEdits {
    pub edits: Vec<Edit>,
    /// What cannot be done, and why.
    pub impossible: Vec<Impossible>,
    pub cleared: Vec<Cleared>,
}

impl PlannedEdits {
    /// What is cleared, in words; none where nothing is.
    pub fn notice(&self) -> Option<Notice> {
        let is_kept = |it: &Cleared| !Setting::AGENTS.contains(&it.setting);
        let heading = if self.cleared.iter().any(is_kept) {
            "Would be cleared (`--agents-only` leaves all but agents)"
        } else {
            "Would be cleared"
        };
        let line = |it: &Cleared| format!("{} `{}`, which is {}", it.phone_number, it.setting.as_str(), it.value);
        let lines: Vec<_> = self.cleared.iter().map(line).collect();
        (!lines.is_empty()).then(|| Notice { heading: heading.to_owned(), lines })
    }
}

/// What two workspaces may differ in, and a promotion cannot change.
const FIXED: [(NumberField, &str); 2] = [
    (NumberField::ImportMethod, "it came into the two workspaces in different ways"),
    (NumberField::AuthUsername, "the SIP user names differ, and the password is not known here: use `phone update`"),
];

impl Promotion<'_> {
    /// Plans the edits of the selected numbers whose intent differs.
    pub fn plan(&self, selection: &Selection) -> PlannedEdits {
        let chosen = self.chosen(selection);
        let mut plan = PlannedEdits::default();
        for change in &intent::between(self.directory, self.from, self.to).list {
            let is_chosen = chosen.contains(&change.phone_number);
            match change.kind {
                _ if !is_chosen => {}
                ChangeKind::OnlyInFrom => {
                    plan.impossible.push(self.impossible(
                        change.phone_number,
                        format!("`{}` has not imported it: use `phone import`", self.to),
                    ));
                }
                ChangeKind::OnlyInTo => plan
                    .impossible
                    .push(self.impossible(change.phone_number, format!("`{}` has not imported it", self.from))),
                _ => self.plan_number(change, &mut plan),
            }
        }
        if let Selection::Numbers(numbers) = selection {
            let nowhere =
                numbers.iter().filter(|number| !self.has(self.from, **number) && !self.has(self.to, **number));
            plan.impossible
                .extend(nowhere.map(|number| self.impossible(*number, format!("`{}` has not imported it", self.from))));
        }
        plan
    }

    fn has(&self, workspace: &WorkspaceName, number: PhoneNumber) -> bool {
        self.directory.workspaces.get(workspace).is_some_and(|files| files.registered(number).is_some())
    }

    fn chosen(&self, selection: &Selection) -> BTreeSet<PhoneNumber> {
        let rows = query::rows(self.directory);
        let of_from = rows.iter().filter(|row| row.workspace == Some(self.from));
        match selection {
            Selection::Numbers(numbers) => numbers.clone(),
            Selection::All => of_from.map(|row| row.phone_number).collect(),
            Selection::Agent(agent) => {
                of_from.filter(|row| row.has_agent(self.directory, agent)).map(|row| row.phone_number).collect()
            }
        }
    }

    fn plan_number(&self, change: &Change, plan: &mut PlannedEdits) {
        let number = change.phone_number;
        let settings = |workspace| Settings::of_directory(self.directory, workspace, number);
        let (Some(source), Some(current)) = (settings(self.from), settings(self.to)) else { return };
        for (field, why) in FIXED {
            if self.scope == Scope::Everything && change.field(field).is_some() {
                plan.impossible.push(self.impossible(number, format!("`{field}`: {why}")));
            }
        }
        let target = match self.translated(&source, &current) {
            Ok(target) => target,
            Err(why) => return plan.impossible.push(self.impossible(number, why)),
        };
        let mut edit = Edit::new(Action::Update, self.to.clone(), number);
        let is_differing = |setting: &Setting| self.scope.has(*setting) && !current.agrees(&target, *setting);
        for setting in Setting::decisions().filter(is_differing) {
            if setting == Setting::TerminationUri && target.is_unset(setting) {
                plan.impossible.push(self.impossible(number, "Retell cannot clear `termination_uri`".to_owned()));
                continue;
            }
            edit.ask(setting, &target);
            if target.is_unset(setting) {
                plan.cleared.push(Cleared { phone_number: number, setting, value: current.describe(setting) });
            }
        }
        if !edit.is_empty() {
            plan.edits.push(edit);
        }
    }

    /// The settings with the other workspace's agents; the first that has none there is the error.
    fn translated(&self, source: &Settings, current: &Settings) -> Result<Settings, String> {
        Setting::AGENTS.into_iter().try_fold(source.clone(), |translated, setting| {
            let agents = source.agents(setting).iter().map(|agent| self.agent(agent, current.agents(setting)));
            Ok(translated.with_agents(setting, agents.collect::<Result<_, String>>()?))
        })
    }

    fn agent(&self, agent: &AgentWeight, current: &[AgentWeight]) -> Result<AgentWeight, String> {
        let folders = &self.directory.agents;
        let path = folders
            .path_of(self.from, &agent.agent_id)
            .ok_or_else(|| format!("no folder has the agent `{}` of `{}`", agent.agent_id, self.from))?;
        let id = folders.id_in(path, self.to).ok_or_else(|| format!("`{path}` has no agent id in `{}`", self.to))?;
        let translated = AgentWeight { agent_id: id.clone(), ..agent.clone() };
        match &agent.agent_version {
            // The two sides agree on it already, so nothing is carried over.
            Some(AgentVersion::Number(_)) if has(current, &translated) => Ok(translated),
            Some(AgentVersion::Number(number)) => {
                let version = self.version.cloned().ok_or_else(|| self.foreign_version(*number, path))?;
                Ok(AgentWeight { agent_version: Some(version), ..translated })
            }
            Some(AgentVersion::Tag(_)) | None => Ok(translated),
        }
    }

    /// Each workspace's agent counts its own versions.
    fn foreign_version(&self, number: u64, path: &AgentPath) -> String {
        format!(
            "version {number} of `{path}` is one of `{}`, and `{}` counts its own: \
             give the version or tag to bind there with `--agent-version`",
            self.from, self.to
        )
    }

    fn impossible(&self, phone_number: PhoneNumber, message: String) -> Impossible {
        Impossible { phone_number, workspace: self.to.clone(), message }
    }
}

/// Whether a list has an agent with this version and weight, however they are written.
fn has(list: &[AgentWeight], agent: &AgentWeight) -> bool {
    list.iter().any(|known| same_agents(std::slice::from_ref(known), std::slice::from_ref(agent)))
}

#[cfg(test)]
mod tests;

//! What is asked of one number in one workspace, and whether Retell's answer has it.

use std::collections::BTreeSet;

use super::trunk::{TrunkSecret, Unrecorded};
use super::{Allowed, Binding, Objection, Setting, Settings, values};
use crate::model::{AgentFolders, AgentId, PhoneNumber, WorkspaceName};
use crate::reconcile::live::RetellNumber;

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The number is brought into the workspace over a SIP trunk.
    Import,
    /// Settings of a number of the workspace change.
    Update,
    /// The number is taken out of the workspace.
    Delete,
}

/// What is asked of one number in one workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What kind of change it is.
    pub action: Action,
    pub workspace: WorkspaceName,
    pub phone_number: PhoneNumber,
    /// The settings that are asked for; the others of [`Edit::target`] have no meaning.
    pub asked: BTreeSet<Setting>,
    /// What the asked settings are to be.
    pub target: Settings,
    /// What is asked about the trunk.
    pub trunk: TrunkSecret,
    /// The line of the list that asks for it, from 1.
    pub line: Option<u64>,
}

impl Edit {
    /// An edit that asks for nothing yet.
    pub fn new(action: Action, workspace: WorkspaceName, phone_number: PhoneNumber) -> Self {
        Self {
            action,
            workspace,
            phone_number,
            asked: BTreeSet::new(),
            target: Settings::default(),
            trunk: TrunkSecret::default(),
            line: None,
        }
    }

    /// Asks for a setting, with the value that `from` has.
    pub fn ask(&mut self, setting: Setting, from: &Settings) {
        self.asked.insert(setting);
        self.target.take(from, setting);
    }

    /// Asks for a setting as it is written in a list or an editor.
    pub fn ask_written(
        &mut self,
        setting: Setting,
        text: &str,
        (folders, allowed): (&AgentFolders, &Allowed),
    ) -> Result<(), Objection> {
        let given = if setting.is_agents() {
            let agents = Binding::parse(text).map_err(Objection::mistake)?;
            Settings::default().with_agents(setting, agents.resolve(folders, &self.workspace, allowed)?)
        } else {
            values::read(setting, text).map_err(Objection::mistake)?
        };
        self.ask(setting, &given);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.action == Action::Update && self.asked.is_empty() && self.trunk == TrunkSecret::default()
    }

    /// The agents that it asks for and that no folder has in the workspace: a typing error, or an agent of another team.
    pub fn unmanaged<'a>(&'a self, folders: &'a AgentFolders) -> impl Iterator<Item = &'a AgentId> {
        self.asked_agents().map(|(_, id)| id).filter(|id| folders.path_of(&self.workspace, id).is_none())
    }

    /// The agents that it asks for, each with the workspace.
    pub fn asked_agents(&self) -> impl Iterator<Item = (&WorkspaceName, &AgentId)> {
        let agents = self.asked.iter().flat_map(|setting| self.target.agents(*setting));
        agents.map(|agent| (&self.workspace, &agent.agent_id))
    }

    /// The asked settings that Retell does not have yet.
    pub fn pending(&self, live: &RetellNumber) -> Vec<Setting> {
        // Which fallback it has is not known then, so that none can be what was asked for.
        let is_unread = |setting| setting == Setting::FallbackNumber && live.has_unread_fallback;
        let is_pending = |setting: &Setting| is_unread(*setting) || !self.target.agrees(&live.settings, *setting);
        self.asked.iter().copied().filter(is_pending).collect()
    }

    /// The number as Retell is expected to answer; none where it is deleted.
    pub fn expected(&self, live: Option<&RetellNumber>) -> Option<RetellNumber> {
        let mut number = match (self.action, live) {
            (Action::Delete, _) => return None,
            (_, Some(live)) => live.clone(),
            (_, None) => RetellNumber::bare(self.phone_number),
        };
        for setting in self.pending(&number) {
            number.settings.take(&self.target, setting);
            number.has_unread_fallback &= setting != Setting::FallbackNumber;
        }
        Some(number)
    }

    /// The names of the asked fields that Retell's answer does not have; `before` is what it had before the change.
    pub fn unmet(&self, before: Option<&RetellNumber>, answer: Option<&RetellNumber>) -> Vec<&'static str> {
        match (self.action, answer) {
            (Action::Delete, None) => Vec::new(),
            (Action::Delete, Some(_)) | (_, None) => vec!["phone_number"],
            (_, Some(answer)) => {
                let now = &answer.settings;
                // Retell may choose what was left to it, but not by leaving everything as it was.
                let is_met = |setting: Setting| {
                    self.target.agrees(now, setting)
                        || (self.target.is_met_by(now, setting)
                            && before.is_none_or(|before| !before.settings.agrees(now, setting)))
                };
                self.asked.iter().filter(|setting| !is_met(**setting)).map(|setting| setting.as_str()).collect()
            }
        }
    }

    /// What it changes at the SIP trunk of a number that is there already, and no file shows.
    pub fn unrecorded(&self, live: Option<&RetellNumber>) -> Vec<Unrecorded> {
        if self.action != Action::Update || live.is_none() {
            return Vec::new();
        }
        let (phone_number, workspace) = (self.phone_number, &self.workspace);
        let of = |change| Unrecorded { phone_number, workspace: workspace.clone(), change };
        self.trunk.changes().into_iter().map(of).collect()
    }
}

/// Edits and numbers for the tests of this module and of its judge.
#[cfg(test)]
pub(super) mod fixture {
    use super::*;
    use crate::model::AgentWeight;

    pub fn agents(id: &str) -> Vec<AgentWeight> {
        vec![AgentWeight::only(AgentId::parse(id).unwrap())]
    }

    pub fn bound(id: &str) -> Settings {
        Settings { inbound_agents: agents(id), ..Settings::default() }
    }

    pub fn live(id: &str) -> RetellNumber {
        RetellNumber { settings: bound(id), ..RetellNumber::bare(PhoneNumber::parse("+14155550101").unwrap()) }
    }

    pub fn update(workspace: &str, settings: &Settings) -> Edit {
        let workspace = WorkspaceName::parse(workspace).unwrap();
        let mut edit = Edit::new(Action::Update, workspace, PhoneNumber::parse("+14155550101").unwrap());
        edit.ask(Setting::InboundAgents, settings);
        edit
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{bound, live, update};
    use super::*;

    #[test]
    fn an_answer_without_what_was_asked_names_the_field() {
        let edit = update("staging", &bound("new"));
        assert_eq!(edit.unmet(Some(&live("old")), Some(&live("old"))), ["inbound_agents"]);
        assert_eq!(edit.unmet(None, None), ["phone_number"]);
        assert!(edit.unmet(Some(&live("old")), Some(&live("new"))).is_empty());
    }

    #[test]
    fn a_version_that_was_left_to_retell_may_be_any_but_the_one_that_was_to_go() {
        let with = |version: u64| {
            let mut number = live("new");
            number.settings.inbound_agents[0].agent_version = Some(crate::model::AgentVersion::Number(version));
            number
        };
        let edit = update("staging", &bound("new"));
        assert_eq!(edit.pending(&with(3)), [Setting::InboundAgents]);
        assert!(edit.unmet(Some(&live("old")), Some(&with(3))).is_empty());
        assert_eq!(edit.unmet(Some(&with(3)), Some(&with(3))), ["inbound_agents"]);
    }

    fn asked(settings: &[Setting], target: &Settings) -> Edit {
        let mut edit = Edit::new(Action::Update, WorkspaceName::parse("staging").unwrap(), live("a").phone_number);
        for setting in settings {
            edit.ask(*setting, target);
        }
        edit
    }

    #[test]
    fn an_edit_holds_what_was_asked_and_nothing_else_of_where_it_came_from() {
        let all = Settings { nickname: Some("A".to_owned()), transport: Some("TLS".to_owned()), ..bound("a") };
        let edit = asked(&[Setting::Nickname], &all);
        assert_eq!(edit.target, Settings { nickname: Some("A".to_owned()), ..Settings::default() });
        assert_eq!(edit.asked, BTreeSet::from([Setting::Nickname]));
        assert_eq!((edit.action, edit.line, edit.trunk.clone()), (Action::Update, None, TrunkSecret::default()));
        assert!(!edit.is_empty() && asked(&[], &all).is_empty());
        for action in [Action::Import, Action::Delete] {
            assert!(!Edit { action, ..asked(&[], &all) }.is_empty());
        }
        let trunk = TrunkSecret { password: Some(crate::model::workspaces_file::ApiKey::new("made-up")) };
        assert!(!Edit { trunk, ..asked(&[], &all) }.is_empty());
    }

    #[test]
    fn agents_that_no_folder_has_in_the_workspace_are_unmanaged() {
        let folders = crate::model::made_up::two_workspaces().agents;
        let target = Settings {
            inbound_agents: fixture::agents("staging-a"),
            outbound_agents: fixture::agents("production-a"),
            inbound_sms_agents: fixture::agents("stranger"),
            ..Settings::default()
        };
        let edit = asked(&[Setting::InboundAgents, Setting::OutboundAgents, Setting::Nickname], &target);
        let ids = |edit: &Edit| edit.asked_agents().map(|(name, id)| format!("{name} {id}")).collect::<Vec<_>>();
        assert_eq!(ids(&edit), ["staging staging-a", "staging production-a"]);
        assert_eq!(edit.unmanaged(&folders).map(AgentId::as_str).collect::<Vec<_>>(), ["production-a"]);
        let edit = asked(&[Setting::InboundSmsAgents], &target);
        assert_eq!(edit.unmanaged(&folders).map(AgentId::as_str).collect::<Vec<_>>(), ["stranger"]);
    }

    #[test]
    fn what_is_pending_is_expected_in_the_answer_and_the_rest_stays() {
        let number = live("old");
        let fallback =
            Settings { fallback_number: Some(number.phone_number), nickname: Some("A".to_owned()), ..bound("new") };
        let edit = asked(&[Setting::InboundAgents, Setting::FallbackNumber], &fallback);
        assert_eq!(edit.pending(&number), [Setting::InboundAgents, Setting::FallbackNumber]);
        let mut expected = live("new");
        expected.settings.fallback_number = Some(number.phone_number);
        assert_eq!(edit.expected(Some(&number)), Some(expected.clone()));
        assert_eq!(edit.pending(&expected), []);
        // A fallback that cannot be read is none that was asked for, and is read afterwards.
        let unread = RetellNumber { has_unread_fallback: true, ..expected.clone() };
        assert_eq!(edit.pending(&unread), [Setting::FallbackNumber]);
        assert_eq!(edit.expected(Some(&unread)), Some(expected.clone()));
        let agents = asked(&[Setting::InboundAgents], &fallback);
        let unread = RetellNumber { has_unread_fallback: true, ..live("old") };
        assert_eq!(agents.pending(&unread), [Setting::InboundAgents]);
        assert_eq!(agents.expected(Some(&unread)), Some(RetellNumber { has_unread_fallback: true, ..live("new") }));
        // A number that is not there yet begins bare, and one that is deleted is none.
        assert_eq!(edit.expected(None), Some(expected));
        assert_eq!(Edit { action: Action::Delete, ..edit }.expected(Some(&number)), None);
    }

    #[test]
    fn a_deletion_is_met_where_the_number_is_gone() {
        let edit = Edit { action: Action::Delete, ..asked(&[], &Settings::default()) };
        assert_eq!(edit.unmet(Some(&live("a")), None), [] as [&str; 0]);
        assert_eq!(edit.unmet(Some(&live("a")), Some(&live("a"))), ["phone_number"]);
        let target = Settings { nickname: Some("A".to_owned()), ..bound("new") };
        let edit = asked(&[Setting::InboundAgents, Setting::Nickname], &target);
        assert_eq!(edit.unmet(None, Some(&live("new"))), ["nickname"]);
        assert_eq!(edit.unmet(None, Some(&live("old"))), ["inbound_agents", "nickname"]);
    }

    #[test]
    fn a_password_changes_the_trunk_of_a_number_that_is_there_and_no_file() {
        let mut edit = asked(&[], &Settings::default());
        assert_eq!(edit.unrecorded(Some(&live("a"))), []);
        edit.trunk.password = Some(crate::model::workspaces_file::ApiKey::new("made-up"));
        let told = edit.unrecorded(Some(&live("a")));
        let change = super::super::trunk::TrunkChange::Password;
        assert_eq!(told, [Unrecorded { phone_number: edit.phone_number, workspace: edit.workspace.clone(), change }]);
        assert_eq!(edit.unrecorded(None), []);
        assert_eq!(Edit { action: Action::Import, ..edit }.unrecorded(Some(&live("a"))), []);
    }
}

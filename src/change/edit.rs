//! What is asked of one number in one workspace, judged against what the directory knows and what Retell says.

use std::collections::BTreeSet;

use super::rails::{Allowed, Objection, Rail, is_production};
use super::settings::{Setting, Settings};
use crate::model::workspaces_file::ApiKey;
use crate::model::{PhoneNumber, WorkspaceName};
use crate::reconcile::live::{RetellNumber, RetellType};

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

/// How Retell talks to a SIP trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Encrypted.
    Tls,
    /// Plain, over TCP.
    Tcp,
    /// Plain, over UDP.
    Udp,
}

impl Transport {
    /// The word of Retell's API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "TLS",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

impl std::str::FromStr for Transport {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_uppercase().as_str() {
            "TLS" => Ok(Self::Tls),
            "TCP" => Ok(Self::Tcp),
            "UDP" => Ok(Self::Udp),
            _ => Err("expected `TLS`, `TCP` or `UDP`"),
        }
    }
}

/// What is asked about the SIP trunk and stands in no file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrunkSecret {
    /// The password; Retell never tells it again.
    pub password: Option<ApiKey>,
    /// The transport.
    pub transport: Option<Transport>,
}

/// What is asked of one number in one workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What kind of change it is.
    pub action: Action,
    /// Where.
    pub workspace: WorkspaceName,
    /// Which number.
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

/// What to do about an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Retell has to be asked.
    Send,
    /// Retell has it so already.
    Nothing,
    /// It is not done.
    Refuse(Objection),
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

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.action == Action::Update && self.asked.is_empty() && self.trunk == TrunkSecret::default()
    }

    /// The asked settings that Retell does not have yet.
    pub fn pending(&self, live: &RetellNumber) -> Vec<Setting> {
        let live = Settings::of_live(live);
        self.asked.iter().copied().filter(|setting| !self.target.agrees(&live, *setting)).collect()
    }

    /// What stands in the way as far as the directory alone can tell.
    pub fn check(&self, known: Option<&Settings>, allowed: &Allowed) -> Result<(), Objection> {
        self.check_clearing()?;
        match known {
            Some(known) if self.action == Action::Update => self.check_unbinding(known, allowed),
            _ => Ok(()),
        }
    }

    /// Decides, now that Retell's state is known. `known` is the directory's.
    pub fn judge(&self, known: Option<&Settings>, live: Option<&RetellNumber>, allowed: &Allowed) -> Verdict {
        match (self.action, live) {
            (Action::Update, Some(live)) => self.judge_update(known, live, allowed),
            (Action::Import, None) | (Action::Delete, Some(_)) => Verdict::Send,
            (Action::Import, Some(live)) => self.judge_import(live),
            (Action::Delete, None) if known.is_some() => Verdict::Nothing,
            (Action::Update | Action::Delete, None) => Verdict::Refuse(self.not_there(known)),
        }
    }

    /// The number as Retell is expected to answer; none where it is deleted.
    pub fn expected(&self, live: Option<&RetellNumber>) -> Option<RetellNumber> {
        let mut number = match (self.action, live) {
            (Action::Delete, _) => return None,
            (_, Some(live)) => live.clone(),
            (_, None) => bare(self.phone_number),
        };
        let mut settings = Settings::of_live(&number);
        for setting in self.pending(&number) {
            settings.take(&self.target, setting);
        }
        settings.write_to(&mut number);
        Some(number)
    }

    /// The names of the asked fields that Retell's answer does not have; `before` is what it had before the change.
    pub fn unmet(&self, before: Option<&RetellNumber>, answer: Option<&RetellNumber>) -> Vec<&'static str> {
        match (self.action, answer) {
            (Action::Delete, None) => Vec::new(),
            (Action::Delete, Some(_)) | (_, None) => vec!["phone_number"],
            (_, Some(answer)) => {
                let before = before.map(Settings::of_live);
                let now = Settings::of_live(answer);
                // Retell may choose what was left to it, but not by leaving everything as it was.
                let is_met = |setting: Setting| {
                    self.target.agrees(&now, setting)
                        || (self.target.is_met_by(&now, setting)
                            && before.as_ref().is_none_or(|before| !before.agrees(&now, setting)))
                };
                let fields = self.asked.iter().filter(|setting| !is_met(**setting)).map(|setting| setting.as_str());
                fields.chain((!self.has_transport(answer)).then_some("transport")).collect()
            }
        }
    }

    fn judge_update(&self, known: Option<&Settings>, live: &RetellNumber, allowed: &Allowed) -> Verdict {
        let pending = self.pending(live);
        if pending.is_empty() && self.trunk.password.is_none() && self.has_transport(live) {
            return Verdict::Nothing;
        }
        let live = Settings::of_live(live);
        let check = self.check_moved(known, &live, &pending, allowed);
        match check.and_then(|()| self.check_unbinding(&live, allowed)) {
            Ok(()) => Verdict::Send,
            Err(objection) => Verdict::Refuse(objection),
        }
    }

    fn judge_import(&self, live: &RetellNumber) -> Verdict {
        let differ = self.unmet(None, Some(live));
        if differ.is_empty() {
            return Verdict::Nothing;
        }
        let fields = differ.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message =
            format!("Retell's workspace `{}` has {} already, with another {fields}", self.workspace, self.phone_number);
        Verdict::Refuse(Objection::mistake(message).hint("change it with `phone-dir phone update`"))
    }

    fn has_transport(&self, live: &RetellNumber) -> bool {
        self.trunk.transport.is_none_or(|asked| live.transport.as_deref() == Some(asked.as_str()))
    }

    fn not_there(&self, known: Option<&Settings>) -> Objection {
        let objection =
            Objection::mistake(format!("Retell's workspace `{}` does not have {}", self.workspace, self.phone_number));
        objection.hint(match known {
            Some(_) => format!("the directory has it; run `phone-dir sync --workspace {}`", self.workspace),
            None => "bring it in with `phone-dir phone import`".to_owned(),
        })
    }

    /// Retell has no way to take a trunk's address or user away.
    fn check_clearing(&self) -> Result<(), Objection> {
        let fixed = [Setting::TerminationUri, Setting::AuthUsername];
        match fixed.into_iter().find(|setting| self.asked.contains(setting) && self.target.is_unset(*setting)) {
            Some(setting) => Err(Objection::mistake(format!("Retell cannot clear `{}`", setting.as_str()))),
            None => Ok(()),
        }
    }

    fn check_unbinding(&self, current: &Settings, allowed: &Allowed) -> Result<(), Objection> {
        if !is_production(&self.workspace) || allowed.contains(&Rail::Unbinding) {
            return Ok(());
        }
        let unbound = |setting: &Setting| {
            self.asked.contains(setting) && self.target.is_unset(*setting) && !current.is_unset(*setting)
        };
        match [Setting::InboundAgents, Setting::OutboundAgents].into_iter().find(unbound) {
            Some(setting) => Err(Objection::rail(
                Rail::Unbinding,
                format!(
                    "this would unbind {} in `{}`: `{}` is {}",
                    self.phone_number,
                    self.workspace,
                    setting.as_str(),
                    current.describe(setting)
                ),
            )),
            None => Ok(()),
        }
    }

    /// Nothing is overwritten that the directory does not know.
    fn check_moved(
        &self,
        known: Option<&Settings>,
        live: &Settings,
        pending: &[Setting],
        allowed: &Allowed,
    ) -> Result<(), Objection> {
        if pending.is_empty() || allowed.contains(&Rail::Overwriting) {
            return Ok(());
        }
        let sync = format!("run `phone-dir sync --workspace {}` and look at what changed", self.workspace);
        let Some(known) = known else {
            let message =
                format!("the directory does not have {} in `{}`, but Retell does", self.phone_number, self.workspace);
            return Err(Objection::rail(Rail::Overwriting, message).hint(sync));
        };
        let moved: Vec<_> = pending.iter().filter(|setting| !known.agrees(live, **setting)).collect();
        if moved.is_empty() {
            return Ok(());
        }
        let describe = |setting: &&Setting| {
            format!(
                "`{}` is {} in the directory and {} in Retell",
                setting.as_str(),
                known.describe(**setting),
                live.describe(**setting)
            )
        };
        let what = moved.iter().map(describe).collect::<Vec<_>>().join("; ");
        let message = format!("Retell's state of {} in `{}` has moved: {what}", self.phone_number, self.workspace);
        Err(Objection::rail(Rail::Overwriting, message).hint(sync))
    }
}

/// A number as an import without any setting would leave it.
fn bare(phone_number: PhoneNumber) -> RetellNumber {
    RetellNumber {
        phone_number,
        retell_type: RetellType::Custom,
        inbound_agents: Vec::new(),
        outbound_agents: Vec::new(),
        inbound_sms_agents: Vec::new(),
        outbound_sms_agents: Vec::new(),
        nickname: None,
        inbound_webhook_url: None,
        fallback_number: None,
        allowed_inbound_country_list: Vec::new(),
        allowed_outbound_country_list: Vec::new(),
        termination_uri: None,
        auth_username: None,
        transport: None,
        last_modified: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AgentId, AgentWeight};

    fn agents(id: &str) -> Vec<AgentWeight> {
        vec![AgentWeight::only(AgentId::parse(id).unwrap())]
    }

    fn bound(id: &str) -> Settings {
        Settings { inbound_agents: agents(id), ..Settings::default() }
    }

    fn live(id: &str) -> RetellNumber {
        RetellNumber { inbound_agents: agents(id), ..bare(PhoneNumber::parse("+14155550101").unwrap()) }
    }

    fn update(workspace: &str, settings: &Settings) -> Edit {
        let workspace = WorkspaceName::parse(workspace).unwrap();
        let mut edit = Edit::new(Action::Update, workspace, PhoneNumber::parse("+14155550101").unwrap());
        edit.ask(Setting::InboundAgents, settings);
        edit
    }

    fn judge(edit: &Edit, known: &str, now: &str) -> Verdict {
        edit.judge(Some(&bound(known)), Some(&live(now)), &Allowed::default())
    }

    #[test]
    fn what_retell_has_already_is_not_sent_even_if_the_directory_lags() {
        let edit = update("staging", &bound("new"));
        assert_eq!(judge(&edit, "old", "new"), Verdict::Nothing);
        assert_eq!(judge(&edit, "old", "old"), Verdict::Send);
    }

    #[test]
    fn a_state_that_moved_is_not_overwritten_and_both_sides_are_named() {
        let edit = update("staging", &bound("new"));
        let Verdict::Refuse(objection) = judge(&edit, "old", "moved") else { panic!("not refused") };
        assert_eq!(objection.rail, Some(Rail::Overwriting));
        assert!(objection.message.contains("`old` in the directory and `moved` in Retell"), "{}", objection.message);
        let allowed = Allowed::from([Rail::Overwriting]);
        assert_eq!(edit.judge(Some(&bound("old")), Some(&live("moved")), &allowed), Verdict::Send);
        assert!(matches!(edit.judge(None, Some(&live("old")), &Allowed::default()), Verdict::Refuse(_)));
    }

    #[test]
    fn only_production_is_protected_from_being_unbound() {
        let unbind = |workspace| update(workspace, &Settings::default());
        let check = |workspace| unbind(workspace).check(Some(&bound("a")), &Allowed::default());
        assert_eq!(check("staging"), Ok(()));
        assert_eq!(check("production").unwrap_err().rail, Some(Rail::Unbinding));
        assert_eq!(unbind("production").check(Some(&Settings::default()), &Allowed::default()), Ok(()));
    }

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
            number.inbound_agents[0].agent_version = Some(crate::model::AgentVersion::Number(version));
            number
        };
        let edit = update("staging", &bound("new"));
        assert_eq!(edit.pending(&with(3)), [Setting::InboundAgents]);
        assert!(edit.unmet(Some(&live("old")), Some(&with(3))).is_empty());
        assert_eq!(edit.unmet(Some(&with(3)), Some(&with(3))), ["inbound_agents"]);
    }

    #[test]
    fn a_password_is_always_sent_and_never_checked() {
        let mut edit = update("staging", &bound("new"));
        edit.trunk.password = Some(ApiKey::new("made-up"));
        assert_eq!(judge(&edit, "old", "new"), Verdict::Send);
        assert!(edit.unmet(Some(&live("old")), Some(&live("new"))).is_empty());
        assert!(!format!("{edit:?}").contains("made-up"));
    }
}

//! Judges an edit: against what the directory knows before Retell is asked, and against what Retell says before
//! anything is sent.

use super::edit::{Action, Edit};
use super::notice;
use super::rails::{Objection, Rail, Safeguards};
use super::{Setting, Settings};
use crate::model::numbering::{self, Fit};
use crate::model::{AgentNames, AgentVersion};
use crate::reconcile::live::RetellNumber;

/// What to do about an edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Retell has to be asked.
    Send,
    /// Retell has it so already.
    Nothing,
    Refuse(Objection),
}

impl Edit {
    /// What stands in the way as far as the directory alone can tell.
    pub fn check(&self, known: Option<&Settings>, safeguards: &Safeguards<'_>) -> Result<(), Objection> {
        self.check_alone()?;
        match known {
            Some(known) if self.action == Action::Update => self.check_unbinding(known, safeguards),
            Some(known) if self.action == Action::Delete => self.check_deleting(known, safeguards),
            None if self.action == Action::Import => self.check_possible(safeguards),
            _ => Ok(()),
        }
    }

    /// What is wrong with it whatever the directory says.
    pub fn check_alone(&self) -> Result<(), Objection> {
        self.check_clearing()?;
        self.check_versions()
    }

    /// A digit that is missing, or one too many, is seen before the number is a stranger's.
    fn check_possible(&self, safeguards: &Safeguards<'_>) -> Result<(), Objection> {
        let is_impossible = numbering::describe(self.phone_number).fit == Fit::Impossible;
        if !is_impossible || !safeguards.holds(Rail::ImpossibleNumber) {
            return Ok(());
        }
        let message = format!("{} is impossible: its length or its country code is wrong", self.phone_number);
        Err(Objection::rail(Rail::ImpossibleNumber, message).hint("count its digits"))
    }

    /// Decides, now that Retell's state is known. `known` is the directory's.
    pub fn judge(&self, known: Option<&Settings>, live: Option<&RetellNumber>, safeguards: &Safeguards<'_>) -> Verdict {
        match (self.action, live) {
            (Action::Update, Some(live)) => self.judge_update(known, live, safeguards),
            (Action::Import, None) => Verdict::Send,
            (Action::Delete, Some(live)) => match self.check_deleting(&live.settings, safeguards) {
                Ok(()) => Verdict::Send,
                Err(objection) => Verdict::Refuse(objection),
            },
            (Action::Import, Some(live)) => self.judge_import(live),
            (Action::Delete, None) if known.is_some() => Verdict::Nothing,
            (Action::Update | Action::Delete, None) => Verdict::Refuse(self.not_there(known)),
        }
    }

    fn judge_update(&self, known: Option<&Settings>, live: &RetellNumber, safeguards: &Safeguards<'_>) -> Verdict {
        let pending = self.pending(live);
        if pending.is_empty() && self.trunk.password.is_none() {
            return Verdict::Nothing;
        }
        let check = self.check_moved(known, &live.settings, &pending, safeguards);
        match check.and_then(|()| self.check_unbinding(&live.settings, safeguards)) {
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

    fn not_there(&self, known: Option<&Settings>) -> Objection {
        let objection =
            Objection::mistake(format!("Retell's workspace `{}` does not have {}", self.workspace, self.phone_number));
        objection.hint(match known {
            Some(_) => format!("the directory has it; run `phone-dir sync --workspace {}`", self.workspace),
            None => "bring it in with `phone-dir phone import`".to_owned(),
        })
    }

    /// A tag may come from a file, or from another workspace.
    fn check_versions(&self) -> Result<(), Objection> {
        let agents = self.asked.iter().flat_map(|setting| self.target.agents(*setting));
        match agents.filter_map(|agent| agent.agent_version.as_ref()).find(|version| !version.is_sendable()) {
            Some(version) => Err(Objection::mistake(format!(
                "Retell does not take the version `{version}`: expected {}",
                AgentVersion::EXPECTED
            ))),
            None => Ok(()),
        }
    }

    /// Retell has no way to take a trunk's address or user away.
    fn check_clearing(&self) -> Result<(), Objection> {
        let fixed = [Setting::TerminationUri, Setting::AuthUsername];
        match fixed.into_iter().find(|setting| self.asked.contains(setting) && self.target.is_unset(*setting)) {
            Some(setting) => Err(Objection::mistake(format!("Retell cannot clear `{}`", setting.as_str()))),
            None => Ok(()),
        }
    }

    /// A line that callers reach is not silenced for good along the way.
    fn check_deleting(&self, current: &Settings, safeguards: &Safeguards<'_>) -> Result<(), Objection> {
        let names = || AgentNames::of(safeguards.directory);
        let agents = notice::answering(current, &|id| names().literal(&self.workspace, id));
        match agents.filter(|_| safeguards.protects(&self.workspace, Rail::Deleting)) {
            Some(agents) => Err(Objection::rail(
                Rail::Deleting,
                format!("this would delete {} from `{}`, where {agents} answers it", self.phone_number, self.workspace),
            )
            .hint("`phone update` with `none` takes its agents away and leaves it in the workspace")),
            None => Ok(()),
        }
    }

    fn check_unbinding(&self, current: &Settings, safeguards: &Safeguards<'_>) -> Result<(), Objection> {
        if !safeguards.protects(&self.workspace, Rail::Unbinding) {
            return Ok(());
        }
        let unbound = |setting: &Setting| {
            self.asked.contains(setting) && self.target.is_unset(*setting) && !current.is_unset(*setting)
        };
        let mut after = current.clone();
        self.asked.iter().for_each(|setting| after.take(&self.target, *setting));
        // A webhook beside an agent may go: the agent answers then.
        let is_silenced = current.answers_calls() && !after.answers_calls();
        let of_webhook = is_silenced.then_some(Setting::InboundWebhookUrl).filter(unbound);
        match [Setting::InboundAgents, Setting::OutboundAgents].into_iter().find(unbound).or(of_webhook) {
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
        safeguards: &Safeguards<'_>,
    ) -> Result<(), Objection> {
        if pending.is_empty() || !safeguards.holds(Rail::Overwriting) {
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

#[cfg(test)]
mod tests;

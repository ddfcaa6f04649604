//! Judges an edit: against what the directory knows before anybody is asked, and against what Retell says before
//! anything is sent.

use super::edit::{Action, Edit};
use super::rails::{Allowed, Objection, Rail, is_production};
use super::{Setting, Settings};
use crate::reconcile::live::RetellNumber;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::edit::fixture::{bound, live, update};
    use crate::model::workspaces_file::ApiKey;

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
    fn a_password_is_always_sent_and_never_checked() {
        let mut edit = update("staging", &bound("new"));
        edit.trunk.password = Some(ApiKey::new("made-up"));
        assert_eq!(judge(&edit, "old", "new"), Verdict::Send);
        assert!(edit.unmet(Some(&live("old")), Some(&live("new"))).is_empty());
        assert!(!format!("{edit:?}").contains("made-up"));
    }
}

//! What becomes of git's decisions when numbers of theirs are changed.

use std::collections::{BTreeMap, BTreeSet};

use super::Operation;
use super::retell::LiveNumbers;
use crate::change::Edit;
use crate::commands::desk::baselines;
use crate::decision::{self, DecisionStanding, GivenUp, later};
use crate::error::Result;
use crate::model::{AgentNames, Directory, Setting, WorkspaceName};
use crate::reconcile::answers::Answers;
use crate::render::decisions::sentence;
use crate::store::git::CommitId;

impl Operation<'_> {
    /// Lays git's decisions over Retell's answers: what was asked for and is live now is git's too, and every other
    /// decision stays. Gives the decisions that were replaced, in words.
    pub(super) fn hold(
        &self,
        live: &LiveNumbers,
        answers: &mut BTreeMap<WorkspaceName, Answers>,
    ) -> Result<Vec<String>> {
        self.hold_behind(self.desk.head()?.as_ref(), None, (live, answers))
    }

    /// The same by what stands behind `tip`. `begun` is the directory with which the command began, where the one that
    /// it is written to was merged since.
    pub(super) fn hold_behind(
        &self,
        tip: Option<&CommitId>,
        begun: Option<&Directory>,
        (live, answers): (&LiveNumbers, &mut BTreeMap<WorkspaceName, Answers>),
    ) -> Result<Vec<String>> {
        let edits = &self.batch.edits;
        let numbers = edits.iter().filter_map(|edit| Some((&edit.workspace, live.of(edit)?)));
        let undated = decision::undated(self.before, numbers);
        let known = baselines::find(self.desk, tip, undated)?;
        let key = |edit: &Edit| (edit.workspace.clone(), edit.phone_number);
        let asked = edits.iter().filter_map(|edit| Some((key(edit), live.of(edit)?))).collect();
        let mut given_up: GivenUp = edits.iter().map(|edit| (key(edit), made(edit, answers))).collect();
        if let Some(begun) = begun {
            later::keep_merged(&mut given_up, self.before, begun);
        }
        let held = decision::hold_answers(self.before, answers, &asked, (&known.baselines, &given_up));
        let is_replaced = |held: &&decision::DecisionOutcome| {
            let files = self.before.workspaces.get(&held.workspace);
            let record = files.and_then(|files| files.registered(held.phone_number)?.live.as_deref());
            held.standing == DecisionStanding::GivenUp && record.is_some_and(|record| record.has(held.setting))
        };
        let names = AgentNames::of(self.before);
        Ok(held.iter().filter(is_replaced).map(|held| sentence(held, &names, None)).collect())
    }
}

/// The settings that an edit asked for and that are live now.
fn made(edit: &Edit, answers: &BTreeMap<WorkspaceName, Answers>) -> BTreeSet<Setting> {
    let number = answers.get(&edit.workspace).and_then(|answers| answers.numbers.get(&edit.phone_number)?.as_ref());
    let Some(now) = number.map(|number| &number.settings) else { return BTreeSet::new() };
    edit.asked.iter().copied().filter(|setting| edit.target.is_met_by(now, *setting)).collect()
}

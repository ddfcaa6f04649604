//! What Retell has after the changes, and how it is written down.

use std::collections::{BTreeMap, BTreeSet};

use super::retell::LiveNumbers;
use super::{Batch, Operation};
use crate::change::Edit;
use crate::commands::desk::findings;
use crate::commands::desk::publishing::CommitMode;
use crate::diff::Changes;
use crate::error::{Error, Result};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::providers::retell::{Answered, ChangeError, Stopped};
use crate::reconcile::Reconciled;
use crate::reconcile::answers::Answers;
use crate::reconcile::live::RetellNumber;
use crate::render::changes::commit_message::{self, Occasion};
use crate::render::outcome::batch::{BatchOutcome, BatchRow, RowOutcome};
use crate::store::transaction::{FileChange, Transaction};

/// Collects what is known of the edited numbers, as the input of reconciling.
pub fn answers<'a>(
    edits: impl IntoIterator<Item = &'a Edit>,
    live: &LiveNumbers,
    number: impl Fn(&Edit) -> Option<RetellNumber>,
) -> BTreeMap<WorkspaceName, Answers> {
    let mut answers: BTreeMap<WorkspaceName, Answers> = BTreeMap::new();
    for edit in edits {
        let of_workspace = answers.entry(edit.workspace.clone()).or_insert_with(|| Answers {
            agent_names: live.agent_names.get(&edit.workspace).cloned().unwrap_or_default(),
            ..Answers::default()
        });
        of_workspace.numbers.insert(edit.phone_number, number(edit));
    }
    answers
}

/// What became of every edit, and what Retell has now.
pub struct Settled {
    pub(super) report: BatchOutcome,
    pub(super) answers: BTreeMap<WorkspaceName, Answers>,
}

impl Settled {
    /// Compares what was asked with what Retell says when it is asked again; where it cannot be asked, with its
    /// answers. `before` is what it said before the changes.
    pub fn of(
        batch: &Batch,
        to_send: &[&Edit],
        sent: Vec<Option<Answered>>,
        before: &LiveNumbers,
        read_back: Result<Option<LiveNumbers>>,
    ) -> Self {
        let (after, unread) = match read_back {
            Ok(after) => (after, None),
            Err(error) => (None, Some(error)),
        };
        let live = after.as_ref().unwrap_or(before);
        let mut sent: BTreeMap<_, _> =
            to_send.iter().zip(sent).map(|(edit, answer)| ((&edit.workspace, edit.phone_number), answer)).collect();
        let mut rows = Vec::new();
        let mut certain = BTreeMap::new();
        let mut unrecorded = Vec::new();
        for edit in &batch.edits {
            let fate = match sent.remove(&(&edit.workspace, edit.phone_number)) {
                None => EditOutcome { outcome: RowOutcome::Unchanged, now: Some(live.of(edit).cloned()) },
                Some(answer) => fate(edit, answer, before.of(edit), after.as_ref().map(|after| after.of(edit))),
            };
            if matches!(fate.outcome, RowOutcome::Changed) {
                unrecorded.extend(edit.unrecorded(before.of(edit)));
            }
            rows.push(BatchRow::of(edit, fate.outcome));
            certain.extend(fate.now.map(|now| ((&edit.workspace, edit.phone_number), now)));
        }
        let is_certain = |edit: &&Edit| certain.contains_key(&(&edit.workspace, edit.phone_number));
        let number = |edit: &Edit| certain.get(&(&edit.workspace, edit.phone_number)).cloned().flatten();
        let answers = answers(batch.edits.iter().filter(is_certain), live, number);
        let error = problem(&rows, unread);
        Self { report: BatchOutcome { unrecorded, rows, error, ..BatchOutcome::default() }, answers }
    }

    /// The numbers whose outcome is not known.
    pub fn unknown(&self) -> BTreeSet<(WorkspaceName, PhoneNumber)> {
        let rows = self.report.rows.iter();
        rows.filter(|row| matches!(row.outcome, RowOutcome::Unknown(_))).map(BatchRow::key).collect()
    }

    /// Adds why edits were not sent; a stop that came too late to keep any back has nothing to say.
    pub fn note_stop(&mut self, stopped: Option<Stopped>) {
        let Some(stopped) = stopped else { return };
        let unsent = self.report.rows.iter().filter(|row| matches!(row.outcome, RowOutcome::NotSent)).count();
        if unsent == 0 {
            return;
        }
        let of = self.report.rows.len();
        let why = match stopped {
            Stopped::Interrupted => "interrupted",
            Stopped::TooManyFailures => "stopped after too many failures in a row",
        };
        let error = Error::cannot_tell(format!("{why}: {unsent} of {of} changes were not sent"))
            .hint("what was done is written down; run the same command again to do the rest");
        self.report.error = Some(match self.report.error.take() {
            Some(failed) => error.caused_by(failed),
            None => error,
        });
    }
}

/// What became of one edit, and the number now; none where that is not known.
struct EditOutcome {
    outcome: RowOutcome,
    now: Option<Option<RetellNumber>>,
}

/// `after` is what Retell says when it is asked again; none where it could not be asked.
fn fate(
    edit: &Edit,
    answer: Option<Answered>,
    before: Option<&RetellNumber>,
    after: Option<Option<&RetellNumber>>,
) -> EditOutcome {
    let unmet = |now: Option<&RetellNumber>| edit.unmet(before, now);
    match (answer, after) {
        (None, _) => EditOutcome { outcome: RowOutcome::NotSent, now: None },
        (Some(Err(ChangeError::NotMade(error))), _) => EditOutcome { outcome: RowOutcome::Failed(error), now: None },
        (Some(Err(ChangeError::InPart(error))), now) => {
            EditOutcome { outcome: RowOutcome::Failed(error), now: now.map(Option::<&RetellNumber>::cloned) }
        }
        (Some(Err(ChangeError::Unknown(error))), None) => {
            EditOutcome { outcome: RowOutcome::Unknown(error), now: None }
        }
        (Some(Err(ChangeError::Unknown(error))), Some(now)) => {
            let is_made = unmet(now).is_empty();
            let outcome = if is_made { RowOutcome::Changed } else { RowOutcome::Failed(not_made(edit, error)) };
            EditOutcome { outcome, now: Some(now.cloned()) }
        }
        (Some(Ok(answered)), after) => {
            let now = after.map_or(answered, |now| now.cloned());
            let unmet = unmet(now.as_ref());
            let outcome =
                if unmet.is_empty() { RowOutcome::Changed } else { RowOutcome::Failed(not_kept(edit, &unmet)) };
            EditOutcome { outcome, now: Some(now) }
        }
    }
}

fn not_made(edit: &Edit, error: Error) -> Error {
    Error::failed(format!("Retell did not make the change of {}, and gave no clear answer", edit.phone_number))
        .caused_by(error)
        .hint("it was not sent again; run the same command once more")
}

fn not_kept(edit: &Edit, unmet: &[&str]) -> Error {
    let fields = unmet.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Error::failed(format!("Retell accepted the change of {}, but did not keep {fields}", edit.phone_number))
        .hint("the directory says what Retell has now; look at the number in Retell's dashboard")
}

/// The error of the whole run: the row's own where there is one row, else how many failed.
fn problem(rows: &[BatchRow], unread: Option<Error>) -> Option<Error> {
    let failed: Vec<&Error> = rows.iter().filter_map(|row| failure(&row.outcome)).collect();
    let unknown: Vec<&Error> = rows.iter().filter_map(|row| uncertainty(&row.outcome)).collect();
    match (rows.len(), failed.first(), unknown.first()) {
        (1, Some(only), _) | (1, _, Some(only)) => Some((*only).clone()),
        (all, Some(first), _) => Some(
            Error::failed(format!("{} of {all} changes failed", failed.len()))
                .caused_by((*first).clone())
                .hint("the others are done and written down; run the same command again to do the rest"),
        ),
        (all, None, Some(first)) => Some(
            Error::cannot_tell(format!("of {} of {all} changes it is unknown whether they were made", unknown.len()))
                .caused_by((*first).clone())
                .hint("run `phone-dir sync`; then the directory says what Retell has"),
        ),
        (_, None, None) => unread.map(|error| {
            Error::cannot_tell("Retell's answers were written down, but could not be read back")
                .caused_by(error)
                .hint("run `phone-dir sync`; then the directory says what Retell has")
        }),
    }
}

fn failure(outcome: &RowOutcome) -> Option<&Error> {
    match outcome {
        RowOutcome::Failed(error) => Some(error),
        _ => None,
    }
}

fn uncertainty(outcome: &RowOutcome) -> Option<&Error> {
    match outcome {
        RowOutcome::Unknown(error) => Some(error),
        _ => None,
    }
}

impl Operation<'_> {
    /// Validates and writes what changed, as one commit.
    pub(super) fn write(
        &self,
        reconciled: &Reconciled,
        report: &mut BatchOutcome,
        mode: &CommitMode,
        transaction: &mut Transaction,
    ) -> Result<()> {
        let files = reconciled.directory.files_changed_since(self.before);
        if files.is_empty() {
            return Ok(());
        }
        if let Err(refusal) = self.guard().check_written(&reconciled.changes, &files) {
            // The changes hold the value itself.
            report.changes = Changes::default();
            return Err(refusal);
        }
        let files = FileChange::writes(files)?;
        report.findings = findings::new_since(self.desk.session, self.snapshot, self.settings, &files)?;
        let message = self.message(reconciled, report, &mode.along());
        report.commit = mode.write(self.desk.session, transaction, &files, &message)?;
        Ok(())
    }

    /// The message of the commit that writes changes down.
    pub(super) fn message(&self, reconciled: &Reconciled, report: &BatchOutcome, along: &[String]) -> String {
        let workspaces: BTreeSet<&WorkspaceName> =
            reconciled.changes.list.iter().filter_map(|change| change.workspace.as_ref()).collect();
        let occasion = Occasion {
            allowed: &[],
            action: self.batch.action,
            workspaces: workspaces.into_iter().collect(),
            source: self.batch.source.clone(),
            status: if report.error.is_some() { "incomplete" } else { "success" },
            along,
            unrecorded: &report.unrecorded,
            plan: self.batch.plan.id(),
        };
        commit_message::write(&occasion, &reconciled.changes)
    }
}

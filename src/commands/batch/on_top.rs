//! Writes what an apply found down on top of what others pushed meanwhile.

use super::Operation;
use super::retell::LiveNumbers;
use crate::commands::desk::push::Push;
use crate::decision::later;
use crate::error::Result;
use crate::model::Directory;
use crate::render::outcome::batch::BatchOutcome;
use crate::store::git::Committed;
use crate::store::transaction::FileChange;

impl Operation<'_> {
    /// Writes what Retell has now down on top of the remote branch; git's decisions there stay.
    pub(super) fn anew(&self, push: &Push<'_>, live: &LiveNumbers, report: &BatchOutcome) -> Result<Option<Committed>> {
        let before = Directory::load(&push.repository.objects().read_commit_id(&push.tip)?)?;
        let on_top = Operation { before: &before, ..*self };
        let mut answers = report.answers.clone();
        later::answered_before(&before, &mut answers);
        on_top.hold_behind(Some(&push.tip), Some(self.before), (live, &mut answers))?;
        let reconciled = crate::reconcile::answers::apply(&before, &answers, self.desk.session.now);
        let files = FileChange::writes(reconciled.directory.files_changed_since(&before))?;
        push.commit_on_tip(&files, &on_top.message(&reconciled, report, &[]))
    }
}

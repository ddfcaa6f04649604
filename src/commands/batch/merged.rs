//! Whether what is applied was merged: what no upstream branch has was not reviewed, and is not applied by accident.

use super::plan_request::{ApplyRequest, MergeRequirement, PlanSource};
use crate::change::Settings;
use crate::commands::desk::Desk;
use crate::commands::desk::publishing::CommitMode;
use crate::error::{Error, Result};
use crate::model::Directory;
use crate::plan::PlanItem;
use crate::store::revision::Revision;

/// Refuses a HEAD that its branch's upstream does not have.
pub fn check_head(request: &ApplyRequest, desk: &Desk<'_>) -> Result<()> {
    let Some(git) = desk.git()? else { return Ok(()) };
    // A push has looked at the remote itself, and stands on it.
    let is_asked = request.merged == MergeRequirement::Required && !request.pushes;
    if is_asked && git.remote().is_in_upstream()? == Some(false) {
        return Err(refusal("HEAD is not in the branch's upstream: what was not reviewed would be applied"));
    }
    Ok(())
}

/// Refuses what is decided in edits that nothing has committed: they are in no upstream either.
pub fn check_edits<'a>(
    request: &ApplyRequest,
    desk: &Desk<'_>,
    mode: &CommitMode,
    due: impl Iterator<Item = &'a PlanItem>,
) -> Result<Option<Error>> {
    let is_asked = request.merged == MergeRequirement::Required && matches!(request.source, PlanSource::Git);
    let has_edits = matches!(mode, CommitMode::WriteOnly(_)) || !mode.along().is_empty();
    let Some(git) = desk.git()?.filter(|_| is_asked && has_edits) else { return Ok(None) };
    if git.remote().is_in_upstream()?.is_none() {
        return Ok(None);
    }
    let snapshot = git.objects().read_commit(&Revision::head())?;
    let committed = if snapshot.has_directory() { Directory::load(&snapshot)? } else { Directory::empty() };
    let is_committed = |item: &&PlanItem| {
        let git = Settings::of_directory(&committed, &item.workspace, item.phone_number);
        git.is_some_and(|git| item.asked.iter().all(|setting| item.set.agrees(&git, *setting)))
    };
    let edited: Vec<String> =
        due.filter(|item| !is_committed(item)).map(|item| item.phone_number.to_string()).collect();
    let message = format!("uncommitted edits decide {}: what was not reviewed would be applied", edited.join(", "));
    Ok((!edited.is_empty()).then(|| refusal(&message)))
}

fn refusal(message: &str) -> Error {
    Error::refused(message, "--allow-unmerged")
        .hint("push it, or merge its pull request, then apply on the branch that has it")
}

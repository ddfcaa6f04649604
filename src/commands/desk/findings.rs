//! What the validator finds in a project, and what it finds in files that are about to be committed and did not find before.

use super::{Desk, decided_in, judged};
use crate::commands::Session;
use crate::error::Result;
use crate::model::directory::Reading;
use crate::snapshot::{Content, Snapshot};
use crate::store::transaction::FileChange;
use crate::validate::{Diagnostic, Occasion, Settings, Source, validate, validate_reading};

/// What `validate` finds: in the files on disk, and in what git tracks of them.
pub fn on_disk(desk: &Desk<'_>) -> Result<Vec<Diagnostic>> {
    let git = desk.git()?;
    let (snapshot, mut occasion) = judged::on_disk(desk, git.as_deref())?;
    let reading = Reading::of(&snapshot);
    occasion.decided = Some(decided_in::dates(desk, &reading.directory)?);
    Ok(validate_reading((&snapshot, reading), &Settings::in_snapshot(&snapshot), &occasion)?.diagnostics)
}

/// What the validator finds in a project's files.
pub fn in_project(desk: &Desk<'_>, snapshot: &Snapshot) -> Result<Vec<Diagnostic>> {
    let mut occasion = Occasion::new(Source::Worktree, desk.session.now);
    let reading = Reading::of(snapshot);
    occasion.decided = Some(decided_in::dates(desk, &reading.directory)?);
    Ok(validate_reading((snapshot, reading), &Settings::in_snapshot(snapshot), &occasion)?.diagnostics)
}

/// Validates the project of `before` with the changes made, and leaves out what was found before.
pub fn new_since(
    session: &Session,
    before: &Snapshot,
    settings: &Settings,
    changes: &[FileChange],
) -> Result<Vec<Diagnostic>> {
    let occasion = Occasion::new(Source::Worktree, session.now);
    let known = validate(before, settings, &occasion)?;
    let mut after = before.clone();
    for FileChange { path, content } in changes {
        match content {
            Some(bytes) => after.files.insert(path.to_string(), Content::Bytes(bytes.clone())),
            None => after.files.remove(path.as_str()),
        };
    }
    Ok(validate(&after, settings, &occasion)?.new_since(&known))
}

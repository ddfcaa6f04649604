//! What the validator finds in files that are about to be committed and did not find before.

use std::collections::BTreeMap;

use super::Session;
use crate::error::Result;
use crate::snapshot::Snapshot;
use crate::validate::{Diagnostic, Occasion, Settings, Source, validate};

/// Validates the project with `files` in place of those of `before`, and leaves out what was found before.
pub fn find(
    session: &Session,
    before: &Snapshot,
    settings: &Settings,
    files: &BTreeMap<String, String>,
) -> Result<Vec<Diagnostic>> {
    let occasion = Occasion::new(Source::Worktree, session.now);
    let known = validate(before, settings, &occasion)?;
    let mut after = before.clone();
    for (path, text) in files {
        after.insert(path.as_str(), text.as_bytes());
    }
    Ok(validate(&after, settings, &occasion)?.new_since(&known))
}

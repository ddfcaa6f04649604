//! What the validator finds in files that are about to be committed and did not find before.

use std::collections::BTreeMap;

use super::Session;
use crate::error::Result;
use crate::render::escape::terminal;
use crate::snapshot::Snapshot;
use crate::validate::{Diagnostic, Occasion, Settings, Source, validate};

/// The most findings that are listed for people.
const LISTED: usize = 10;

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

/// The findings for people, a line each.
pub fn lines(findings: &[Diagnostic]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let line = |found: &Diagnostic| {
        let start = &found.location.start;
        let place = format!("{}:{}:{}", found.location.file, start.line, start.column);
        format!("  {}: {}  {}\n", found.severity, terminal(&found.message), terminal(&place))
    };
    let mut text = format!("New findings: {}\n", findings.len());
    text.extend(findings.iter().take(LISTED).map(line));
    if findings.len() > LISTED {
        text.push_str("  … `phone-dir validate` lists them all\n");
    }
    text
}

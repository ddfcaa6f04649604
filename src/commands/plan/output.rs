//! Writes a plan to a file.

use std::path::Path;

use crate::commands::desk::Desk;
use crate::error::Result;
use crate::plan::Plan;
use crate::store::artefact;

/// Writes the plan where that was asked for, and says so.
pub fn write(desk: &Desk<'_>, plan: &Plan, file: Option<&Path>) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    artefact::write(desk.root(), &desk.session.start, file, plan.to_text().as_bytes())?;
    desk.session.note(&format!("Wrote `{}`: {} items, {}.", file.display(), plan.items.len(), plan.id()));
    Ok(())
}

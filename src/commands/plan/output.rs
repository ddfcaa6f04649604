//! Writes a plan to a file.

use std::path::Path;

use crate::commands::Session;
use crate::error::Result;
use crate::plan::Plan;
use crate::store::artefact;
use crate::store::project::Project;

/// Writes the plan where that was asked for, and says so.
pub fn write(plan: &Plan, file: Option<&Path>, project: &Project, session: &Session) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    artefact::write(project.root(), &session.start, file, plan.to_text().as_bytes())?;
    session.note(&format!("Wrote `{}`: {} items, {}.", file.display(), plan.items.len(), plan.id()));
    Ok(())
}

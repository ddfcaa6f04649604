//! Writes a plan to a file.

use std::path::Path;

use super::Desk;
use crate::change::secret_guard;
use crate::error::Result;
use crate::plan::Plan;
use crate::plural::counted;

/// Writes the plan where that was asked for, and says so.
pub fn write(desk: &Desk<'_>, plan: &Plan, file: Option<&Path>) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let text = plan.to_text();
    // The file goes on to others, and what is said in it for a mask would be applied as a value.
    secret_guard::refuse_keys(&desk.session.keys(), &[(file.display().to_string(), text.clone())].into())?;
    desk.write_artefact(file, text.as_bytes())?;
    let items = counted(plan.items.len(), "item");
    desk.session.note(&format!("Wrote `{}`: {items}, {}.", file.display(), plan.id()));
    Ok(())
}

//! Writes a plan to a file.

use std::path::Path;

use crate::change::secrets::Guard;
use crate::commands::desk::Desk;
use crate::error::Result;
use crate::plan::Plan;
use crate::store::artefact;
use crate::validate::Settings;

/// Writes the plan where that was asked for, and says so.
pub fn write(desk: &Desk<'_>, plan: &Plan, file: Option<&Path>) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let text = plan.to_text();
    // The file goes on to others, and what is said in it for a mask would be applied as a value.
    let (settings, now, keys) = (&Settings::default(), desk.session.now, desk.session.keys());
    Guard { settings, now, keys }.check_files(&[(file.display().to_string(), text.clone())].into())?;
    artefact::write(desk.root(), &desk.session.start, file, text.as_bytes())?;
    desk.session.note(&format!("Wrote `{}`: {} items, {}.", file.display(), plan.items.len(), plan.id()));
    Ok(())
}

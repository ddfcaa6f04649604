//! A change of `pools.json` alone: written, and committed as one.

use crate::change::secret_guard;
use crate::commands::desk::WritingDesk;
use crate::commands::desk::findings;
use crate::commands::desk::publishing::WritingOptions;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::model::{Directory, PoolsFile};
use crate::render::outcome;
use crate::render::pools::recorded::{self, PoolChange, Recorded};
use crate::store::transaction::{FileChange, Purpose};

/// Edits the pools and writes them down; `edit` says in words what it changed, and nothing where it changed nothing.
pub fn record(
    session: &Session,
    action: &str,
    options: &WritingOptions,
    edit: impl FnOnce(&WritingDesk<'_>, &mut PoolsFile) -> Result<Vec<PoolChange>>,
) -> Result<Exit> {
    let locked = WritingDesk::open(session, Purpose::of(options.dry_run))?;
    let mut file = locked.before.pools.clone().unwrap_or_default();
    let changes = edit(&locked, &mut file)?;
    let settings = locked.settings();
    let WritingDesk { desk, mut transaction, snapshot, before } = locked;
    let mut recorded = Recorded { changes, is_preview: options.dry_run, ..Recorded::default() };
    let mode = if options.dry_run { None } else { Some(desk.prepare(&options.commit)?) };
    if let Some(mode) = mode.filter(|_| !recorded.changes.is_empty()) {
        let after = Directory { pools: Some(file), ..before.clone() };
        let files = after.files_changed_since(&before);
        secret_guard::refuse_keys(&session.keys(), &files)?;
        let files = FileChange::writes(files)?;
        recorded.findings = findings::new_since(session, &snapshot, &settings, &files)?;
        let message = recorded::commit_message(action, &recorded.changes, &mode.along());
        recorded.commit = mode.write(session, &mut transaction, &files, &message)?.map(|commit| commit.id.to_string());
    }
    print(session, options, &recorded)
}

fn print(session: &Session, options: &WritingOptions, recorded: &Recorded) -> Result<Exit> {
    if options.output.is_json() {
        session.print(&recorded::recorded_json(recorded))?;
    } else {
        let text = recorded::recorded_text(recorded) + &outcome::new_findings(&recorded.findings);
        session.print(&session.fitted(&text))?;
    }
    Ok(Exit::Done)
}

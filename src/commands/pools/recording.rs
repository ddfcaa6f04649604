//! A change of `pools.json` alone: written, and committed as one.

use crate::change::secrets::Guard;
use crate::commands::publish::{self, WritingOptions};
use crate::commands::{Exit, Session, new_findings};
use crate::error::Result;
use crate::model::{Directory, PoolsFile};
use crate::render::pools::{self, PoolChange, Recorded};
use crate::store::project::Project;
use crate::store::transaction::Purpose;
use crate::validate::Settings;

/// What an edit of the pools may look at.
pub struct Ground<'a> {
    /// The directory as it stands.
    pub directory: &'a Directory,
    pub settings: &'a Settings,
    pub project: &'a Project,
    pub session: &'a Session,
}

/// Edits the pools and writes them down; `edit` says in words what it changed, and nothing where it changed nothing.
pub fn record(
    session: &Session,
    action: &str,
    options: &WritingOptions,
    edit: impl FnOnce(&Ground<'_>, &mut PoolsFile) -> Result<Vec<PoolChange>>,
) -> Result<Exit> {
    let project = Project::find(&session.start)?;
    let mut transaction = session.begin(Purpose::of(options.dry_run), &project)?;
    let snapshot = transaction.read()?;
    let settings = Settings::in_snapshot(&snapshot);
    let before = publish::load(&project, &snapshot)?;
    session.note_unread(&before);
    let mut file = before.pools.clone().unwrap_or_default();
    let ground = Ground { directory: &before, settings: &settings, project: &project, session };
    let changes = edit(&ground, &mut file)?;
    let mut recorded = Recorded { changes, is_preview: options.dry_run, ..Recorded::default() };
    let mode = if options.dry_run { None } else { Some(publish::prepare(&project, &options.commit)?) };
    if let Some(mode) = mode.filter(|_| !recorded.changes.is_empty()) {
        let after = Directory { pools: Some(file), ..before.clone() };
        let files = after.files_changed_since(&before);
        Guard { settings: &settings, now: session.now, keys: session.keys() }.check_files(&files)?;
        recorded.findings = new_findings::find(session, &snapshot, &settings, &files)?;
        let message = pools::commit_message(action, &recorded.changes, &mode.along());
        recorded.commit = mode.write(session, &mut transaction, &files, &message)?.map(|commit| commit.id.to_string());
    }
    print(session, options, &recorded)
}

fn print(session: &Session, options: &WritingOptions, recorded: &Recorded) -> Result<Exit> {
    if options.output.is_json() {
        session.print(&pools::recorded_json(recorded))?;
    } else {
        session.print(&(pools::recorded_text(recorded) + &new_findings::lines(&recorded.findings)))?;
    }
    Ok(Exit::Done)
}

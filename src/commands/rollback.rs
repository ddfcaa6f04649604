//! `phone-dir rollback`

use super::batch::{AskingOptions, Batch, PlanOutput};
use super::desk::{WritingDesk, names};
use super::promote::refuse_impossible;
use super::{Exit, Session, completing};
use crate::change::bulk::Annotations;
use crate::change::promote::PlannedEdits;
use crate::change::{Action, Allowed, Edit, Rail, rollback};
use crate::error::{Error, Result};
use crate::model::Directory;
use crate::plural::counted;
use crate::store::git::{CommitId, GitRepository};
use crate::store::revision::Revision;

/// Take back a commit's changes in Retell, or give numbers back what they had at a revision; asks first
///
/// The inverse is applied to the state of today: what changed elsewhere and since then stays. A setting that changed
/// once more is left alone and named. Notes, tags and Twilio's data are git's business: they are not touched.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The commit to take back; or numbers, with --to
    #[arg(value_name = "COMMIT|NUMBER", required = true, add = completing::commits_or_numbers())]
    targets: Vec<String>,
    /// Give the numbers back what they had at this revision
    #[arg(long, value_name = "REV", add = completing::revisions())]
    to: Option<Revision>,
    /// Only in this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Allow to take numbers out of a workspace that the commit brought in
    #[arg(long)]
    allow_delete: bool,
    #[command(flatten)]
    plan: PlanOutput,
    #[command(flatten)]
    options: AskingOptions,
}

impl Arguments {
    fn allowed(&self) -> Allowed {
        self.allow_delete.then_some(Rail::Deleting).into_iter().collect()
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let repository = locked.desk.repository()?;
    let (plan, source) = match &arguments.to {
        Some(revision) => to_revision(arguments, revision, &locked, &repository)?,
        None => of_commit(arguments, &locked, &repository)?,
    };
    refuse_deleting(&plan.edits, arguments)?;
    let batch = Batch {
        annotations: Annotations::new(),
        action: "rollback",
        source,
        edits: plan.edits,
        impossible: plan.impossible,
        notices: Vec::new(),
        allowed: arguments.allowed(),
        confirmation: arguments.options.confirmation(),
        plan: arguments.plan.role(),
    };
    locked.carry_out(&batch, &arguments.options.shared)
}

fn to_revision(
    arguments: &Arguments,
    revision: &Revision,
    locked: &WritingDesk<'_>,
    repository: &GitRepository,
) -> Result<(PlannedEdits, String)> {
    let commit = repository.commits().resolve(revision)?;
    let then = at(repository, &commit)?;
    let find = |written: &String| names::number(&locked.before, written);
    let numbers = arguments.targets.iter().map(find).collect::<Result<Vec<_>>>()?;
    let only = names::optional_workspace(&locked.before, arguments.workspace.as_ref())?;
    let plan = rollback::to_state(&then, &locked.before, &numbers, only.as_ref());
    refuse_impossible(&plan)?;
    Ok((plan, format!("rollback --to {}", commit.short())))
}

fn of_commit(
    arguments: &Arguments,
    locked: &WritingDesk<'_>,
    repository: &GitRepository,
) -> Result<(PlannedEdits, String)> {
    let [written] = arguments.targets.as_slice() else {
        return Err(Error::failed("one commit at a time").hint("numbers need `--to REV`"));
    };
    let revision = Revision::parse(written).map_err(|error| error.hint("a number needs `--to REV`"))?;
    let commit = repository.commits().resolve(&revision)?;
    let before = match repository.commits().parents(&commit)?.ids.first() {
        Some(parent) => at(repository, parent)?,
        None => Directory::empty(),
    };
    let only = names::optional_workspace(&locked.before, arguments.workspace.as_ref())?;
    let mut plan = rollback::of_change(&before, &at(repository, &commit)?, &locked.before);
    plan.edits.retain(|edit| only.as_ref().is_none_or(|only| edit.workspace == *only));
    plan.impossible.retain(|it| only.as_ref().is_none_or(|only| it.workspace == *only));
    Ok((plan, format!("rollback {}", commit.short())))
}

/// The directory as a commit has it; empty where there was none yet.
fn at(repository: &GitRepository, commit: &CommitId) -> Result<Directory> {
    let snapshot = repository.objects().read_commit_id(commit)?;
    if snapshot.has_directory() { Directory::load(&snapshot) } else { Ok(Directory::empty()) }
}

fn refuse_deleting(edits: &[Edit], arguments: &Arguments) -> Result<()> {
    let deleted: Vec<_> = edits.iter().filter(|edit| edit.action == Action::Delete).collect();
    if deleted.is_empty() || arguments.allow_delete {
        return Ok(());
    }
    let lines: Vec<_> = deleted.iter().map(|edit| format!("  {} ({})", edit.phone_number, edit.workspace)).collect();
    let numbers = counted(deleted.len(), "number");
    let message = format!("this would delete {numbers} that the commit imported\n{}", lines.join("\n"));
    Err(Error::refused(message, Rail::Deleting.flag()))
}

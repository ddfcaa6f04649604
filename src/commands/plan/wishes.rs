//! What git decides and Retell does not have, with what Retell has now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::change::{Action, Edit, Impossible};
use crate::commands::syncing::{self, Sources, access, baselines};
use crate::commands::{Session, queries};
use crate::decision::{self, DecisionStanding, GivenUp, Held, Registration};
use crate::error::{Error, Result};
use crate::model::{Directory, PhoneNumber, Settings, Timestamp, WorkspaceName};
use crate::plan::{LIFETIME, Plan, PlanOrigin};
use crate::providers::progress::Progress;
use crate::providers::{self, Reads};
use crate::reconcile::workspace::needs_name;
use crate::reconcile::{Complete, organisation};
use crate::render;
use crate::store::git::{CommitId, GitRepository};
use crate::store::project::Project;
use crate::store::revision::Revision;

/// What git wants of Retell.
pub struct Wishes {
    pub directory: Directory,
    /// The commit that says it; none outside of git.
    pub base: Option<CommitId>,
    pub live: BTreeMap<Registration, Settings>,
    /// Every decision that Retell does not have.
    pub held: Vec<Held>,
    /// The organisation behind each workspace that was read.
    pub workspaces: BTreeMap<WorkspaceName, Option<String>>,
}

/// Reads the workspaces and compares them with the committed directory, or with the files where nothing is committed.
pub fn of_git(project: &Project, workspace: Option<&String>, session: &Session) -> Result<Wishes> {
    let (directory, base) = committed(project, session)?;
    let only = queries::optional_workspace(&directory, workspace)?;
    let names: Vec<_> = match only {
        Some(name) => vec![name],
        None => directory.workspace_names().into_iter().collect(),
    };
    let plan = access::plan(Sources::Retell, &names, &directory, project, session)?;
    let needs_name = |workspace: &WorkspaceName, id: &_| needs_name(&directory, workspace, id);
    let reads = providers::read(&plan, &needs_name, &Progress::new(session.progress()))?;
    let complete = whole(&reads)?;
    refuse_other_organisation(&directory, &complete)?;
    Wishes::of(directory, base, &complete, (project, session))
}

/// What the records say that git wants, as of the last sync; nobody is asked.
pub fn recorded(project: &Project, workspace: Option<&String>, session: &Session) -> Result<Wishes> {
    let (directory, base) = committed(project, session)?;
    let only = queries::optional_workspace(&directory, workspace)?;
    let mut held = decision::all_recorded(&directory);
    held.retain(|held| only.as_ref().is_none_or(|only| *only == held.workspace));
    let live = held.iter().map(|held| (held.registration(), held.live.clone())).collect();
    let identity = |name: &WorkspaceName| directory.workspaces.get(name).and_then(|files| files.numbers.org_id.clone());
    let workspaces = held.iter().map(|held| (held.workspace.clone(), identity(&held.workspace))).collect();
    Ok(Wishes { directory, base, live, held, workspaces })
}

/// What was read, where all of it arrived.
pub fn whole(reads: &Reads) -> Result<Complete> {
    match syncing::first_failure(reads) {
        Some(error) => {
            Err(Error::cannot_tell("Retell could not be read in full, so nothing is planned").caused_by(error))
        }
        None => Ok(syncing::complete(reads)),
    }
}

/// Swapped keys stop here: a workspace that another organisation answers is not the one that was decided about.
pub fn refuse_other_organisation(directory: &Directory, complete: &Complete) -> Result<()> {
    let hits = organisation::check(directory, complete, &[]);
    match hits.first() {
        Some(hit) => {
            Err(Error::failed(hit.message()).hint("look at the keys of the workspaces; `phone-dir sync` says more"))
        }
        None => Ok(()),
    }
}

impl Wishes {
    /// Compares what was read with a directory.
    pub fn of(
        directory: Directory,
        base: Option<CommitId>,
        complete: &Complete,
        (project, session): (&Project, &Session),
    ) -> Result<Self> {
        let undated = decision::undated(&directory, decision::numbers_read(complete));
        let known = baselines::find(project, session, base.as_ref(), undated)?;
        if let Some(note) = &known.note {
            session.note(&format!("note: {note}; their differences are not planned"));
        }
        let live = decision::numbers_read(complete)
            .map(|(name, number)| ((name.clone(), number.phone_number), Settings::of_live(number)))
            .collect();
        let (_, mut held) = decision::hold(&directory, complete.clone(), &known.baselines, &GivenUp::new());
        held.retain(|held| matches!(held.standing, DecisionStanding::Pending | DecisionStanding::Conflict));
        held.extend(decision::gone(&directory, complete));
        let identity = |name: &WorkspaceName| {
            let read = complete.retell.get(name).and_then(|read| read.organisation.id());
            let known = directory.workspaces.get(name).and_then(|files| files.numbers.org_id.as_deref());
            read.or(known).map(str::to_owned)
        };
        let workspaces = complete.retell.keys().map(|name| (name.clone(), identity(name))).collect();
        Ok(Self { directory, base, live, held, workspaces })
    }

    /// The plan that brings Retell what git decided; what is in conflict is not in it.
    pub fn plan(&self, source: &str, session: &Session) -> Plan {
        self.plan_taking(&BTreeSet::new(), source, session)
    }

    /// The same, with git's value for the numbers of `take` also where Retell contradicts it.
    pub fn plan_taking(&self, take: &BTreeSet<PhoneNumber>, source: &str, session: &Session) -> Plan {
        let is_wanted = |held: &&Held| held.standing == DecisionStanding::Pending || take.contains(&held.phone_number);
        let mut wanted: BTreeMap<Registration, Edit> = BTreeMap::new();
        for held in self.held.iter().filter(is_wanted) {
            let edit = wanted
                .entry(held.registration())
                .or_insert_with(|| Edit::new(Action::Update, held.workspace.clone(), held.phone_number));
            edit.ask(held.setting, &held.git);
        }
        let wanted: Vec<Edit> = wanted.into_values().collect();
        let mut plan = Plan::of(
            origin(self.base.as_ref(), source, session),
            self.workspaces.clone(),
            &self.live,
            &wanted,
            &|edit, live| render::plan::words(edit, live, &self.directory.agents),
        );
        for held in self.held.iter().filter(|held| !is_wanted(held)) {
            plan.impossible.push(Impossible {
                phone_number: held.phone_number,
                workspace: held.workspace.clone(),
                message: render::plan::conflict(held, &self.directory.agents),
            });
        }
        plan
    }
}

/// Where a plan is from, and until when it holds.
pub fn origin(base: Option<&CommitId>, source: &str, session: &Session) -> PlanOrigin {
    let expires = Timestamp::from_datetime(session.now.to_datetime() + TimeDelta::hours(LIFETIME));
    PlanOrigin { created: session.now, expires, base: base.map(ToString::to_string), source: source.to_owned() }
}

/// The directory that decides: HEAD's, or the files' where HEAD has none.
fn committed(project: &Project, session: &Session) -> Result<(Directory, Option<CommitId>)> {
    if let Some(repository) = GitRepository::discover(project.root())?
        && let Some(head) = repository.commits().head()?.commit()
    {
        let snapshot = repository.objects().read_commit(&Revision::head())?;
        if snapshot.has_directory() {
            let mut directory = Directory::load(&snapshot)?;
            directory.settings = Directory::load(&crate::store::worktree::read(project.root())?)?.settings;
            session.note_unread(&directory);
            return Ok((directory, Some(head)));
        }
    }
    let (_, directory) = queries::read(project, &queries::AsOf::default(), session)?;
    Ok((directory, None))
}

//! What git decides and Retell does not have, with what Retell has now.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::providers::Sources;
use super::{AsOf, Desk, baselines, names};
use crate::change::{Action, Edit, Impossible};
use crate::commands::Session;
use crate::decision::{self, DecisionOutcome, DecisionStanding, GivenUp, Registration};
use crate::error::{Error, Result};
use crate::model::{AgentNames, Directory, PhoneNumber, Setting, Settings, WorkspaceName};
use crate::plan::{Plan, PlanOrigin};
use crate::providers::Reads;
use crate::reconcile::{Complete, organisation};
use crate::render;
use crate::store::git::CommitId;
use crate::store::revision::Revision;

/// What git wants of Retell.
pub struct UnappliedDecisions {
    pub directory: Directory,
    /// The commit that says it; none outside of git.
    pub base: Option<CommitId>,
    pub live: BTreeMap<Registration, Settings>,
    /// Every decision that Retell does not have.
    pub held: Vec<DecisionOutcome>,
    /// The decisions that Retell has, although the files still say otherwise: an apply was killed before it wrote them.
    pub applied: Vec<DecisionOutcome>,
    /// The organisation behind each workspace that was read.
    pub workspaces: BTreeMap<WorkspaceName, Option<String>>,
    /// What the agents are called.
    pub names: AgentNames,
}

/// Reads the workspaces and compares them with the committed directory, or with the files where nothing is committed.
pub fn of_git(desk: &Desk<'_>, workspace: Option<&String>) -> Result<UnappliedDecisions> {
    let (directory, base) = committed(desk)?;
    let only = names::optional_workspace(&directory, workspace)?;
    let workspaces = names::chosen_workspaces(&directory, only.as_ref());
    let plan = desk.read_plan(Sources::Retell, &workspaces, &directory)?;
    let complete = whole(desk.read_providers(&plan, &directory)?)?;
    refuse_other_organisation(&directory, &complete)?;
    UnappliedDecisions::of(desk, directory, base, &complete)
}

/// What the records say that git wants, as of the last sync; no provider is asked.
pub fn recorded(desk: &Desk<'_>, workspace: Option<&String>) -> Result<UnappliedDecisions> {
    let (directory, base) = committed(desk)?;
    let only = names::optional_workspace(&directory, workspace)?;
    let mut held = decision::all_recorded(&directory);
    held.retain(|held| only.as_ref().is_none_or(|only| *only == held.workspace));
    let live = held.iter().map(|held| (held.registration(), held.live.clone())).collect();
    // Those that a plan against what is live would name: the same decisions have the same id then.
    let asked = only.map_or_else(|| directory.workspace_names(), |only| [only].into());
    let identity = |name: &WorkspaceName| directory.workspaces.get(name).and_then(|files| files.numbers.org_id.clone());
    let workspaces = asked.into_iter().map(|name| (name.clone(), identity(&name))).collect();
    let names = AgentNames::of(&directory);
    Ok(UnappliedDecisions { directory, base, live, held, applied: Vec::new(), workspaces, names })
}

/// What was read, where all of it arrived.
pub fn whole(reads: Reads) -> Result<Complete> {
    match reads.first_failure() {
        Some(error) => {
            Err(Error::cannot_tell("Retell could not be read in full, so nothing is planned").caused_by(error))
        }
        None => Ok(reads.into_complete()),
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

impl UnappliedDecisions {
    /// Compares what was read with a directory.
    pub fn of(desk: &Desk<'_>, directory: Directory, base: Option<CommitId>, complete: &Complete) -> Result<Self> {
        let read = Cow::Borrowed(complete);
        let settled = baselines::settle(desk, base.as_ref(), &directory, read, &GivenUp::new())?;
        if let Some(note) = &settled.note {
            desk.session.note(&format!("note: {note}; their differences are not planned"));
        }
        let live = decision::numbers_read(complete)
            .map(|(name, number)| ((name.clone(), number.phone_number), number.settings.clone()))
            .collect();
        let mut held = settled.held;
        let applied = held.iter().filter(|held| held.standing == DecisionStanding::Applied).cloned().collect();
        held.retain(|held| matches!(held.standing, DecisionStanding::Pending | DecisionStanding::Conflict));
        held.extend(decision::gone(&directory, complete));
        let identity = |name: &WorkspaceName| {
            let read = complete.retell.get(name).and_then(|read| read.organisation.id());
            let known = directory.workspaces.get(name).and_then(|files| files.numbers.org_id.as_deref());
            read.or(known).map(str::to_owned)
        };
        let workspaces = complete.retell.keys().map(|name| (name.clone(), identity(name))).collect();
        let names = complete.agent_names(&directory);
        Ok(Self { directory, base, live, held, applied, workspaces, names })
    }

    /// The numbers of which decisions are in conflict with Retell; none where there are none.
    pub fn conflicts(&self) -> Option<Vec<PhoneNumber>> {
        let open = self.held.iter().filter(|held| held.standing == DecisionStanding::Conflict);
        let numbers: BTreeSet<_> = open.map(|held| held.phone_number).collect();
        (!numbers.is_empty()).then(|| numbers.into_iter().collect())
    }

    /// The plan that brings Retell what git decided; what is in conflict is told as impossible.
    pub fn plan(&self, source: &str, session: &Session) -> Plan {
        let mut plan = self.possible(&BTreeSet::new(), source, session);
        let conflicts = self.held.iter().filter(|held| held.standing == DecisionStanding::Conflict);
        plan.impossible.extend(conflicts.map(|held| Impossible {
            phone_number: held.phone_number,
            workspace: held.workspace.clone(),
            message: render::plan::conflict(held, &self.names),
        }));
        plan
    }

    /// The plan without what is in conflict; for the numbers of `take` with git's value also there.
    pub fn possible(&self, take: &BTreeSet<PhoneNumber>, source: &str, session: &Session) -> Plan {
        let is_wanted =
            |held: &&DecisionOutcome| held.standing == DecisionStanding::Pending || take.contains(&held.phone_number);
        let mut wanted: BTreeMap<Registration, Edit> = BTreeMap::new();
        for held in self.held.iter().filter(is_wanted) {
            let edit = wanted
                .entry(held.registration())
                .or_insert_with(|| Edit::new(Action::Update, held.workspace.clone(), held.phone_number));
            edit.ask(held.setting, &held.git);
        }
        let wanted: Vec<Edit> = wanted.into_values().collect();
        Plan::of(
            origin(self.base.as_ref(), source, session),
            self.workspaces.clone(),
            &self.live,
            &wanted,
            &|edit, live| render::plan::words(edit, live, &self.names),
        )
    }
}

/// Where a plan is from, and until when it holds.
pub fn origin(base: Option<&CommitId>, source: &str, session: &Session) -> PlanOrigin {
    PlanOrigin::of(session.now, base.map(ToString::to_string), source)
}

/// The directory that decides: HEAD's, or the files' where HEAD has none or commits are off.
fn committed(desk: &Desk<'_>) -> Result<(Directory, Option<CommitId>)> {
    let files = desk.read(&AsOf::default())?.1;
    let Some(repository) = desk.git()? else { return Ok((files, None)) };
    let head = repository.commits().head()?.commit();
    if head.is_none() || repository.configuration().commits_are_off()? {
        return Ok((files, head));
    }
    let snapshot = repository.objects().read_commit(&Revision::head())?;
    if !snapshot.has_directory() {
        return Ok((files, None));
    }
    let mut directory = Directory::load(&snapshot)?;
    note_uncommitted(desk, &directory, &files);
    directory.settings = files.settings;
    Ok((directory, head))
}

/// Tells of edits that decide, and that are planned by none until they are committed.
fn note_uncommitted(desk: &Desk<'_>, committed: &Directory, files: &Directory) {
    let mut edited = BTreeSet::new();
    for (name, workspace) in
        files.workspaces.iter().filter(|(name, here)| committed.workspaces.get(*name) != Some(*here))
    {
        for number in workspace.numbers.numbers.iter().map(|entry| entry.phone_number) {
            let [then, now] = [committed, files].map(|side| Settings::of_directory(side, name, number));
            let (Some(then), Some(now)) = (then, now) else { continue };
            if Setting::decisions().any(|setting| !then.agrees(&now, setting)) {
                edited.insert(number.to_string());
            }
        }
    }
    if !edited.is_empty() {
        let numbers = edited.into_iter().collect::<Vec<_>>().join(", ");
        desk.session
            .note(&format!("note: uncommitted edits decide {numbers}; what they say is planned once it is committed"));
    }
}

//! Retell's workspaces as a changing command uses them: the state before, the changes, the state after.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Action, Edit};
use crate::commands::desk::Desk;
use crate::commands::desk::providers::Sources;
use crate::error::{Error, Result};
use crate::model::{AgentId, Directory, PhoneNumber, WorkspaceName};
use crate::providers::retell::{Answered, Stopped, Workspace};
use crate::providers::{self, ReadPlan, Reads};
use crate::reconcile::answers::Answers;
use crate::reconcile::live::{Organisation, RetellNumber, RetellWorkspace};
use crate::reconcile::rails::Hit;
use crate::reconcile::workspace::needs_name;
use crate::reconcile::{Complete, organisation};
use crate::render::escape::terminal;

/// The numbers that Retell has, as far as they were asked for.
#[derive(Debug, Default)]
pub struct LiveNumbers {
    pub(super) numbers: BTreeMap<(WorkspaceName, PhoneNumber), RetellNumber>,
    pub(super) agent_names: BTreeMap<WorkspaceName, BTreeMap<AgentId, String>>,
    /// The organisations of the keys, as far as they came along.
    organisations: BTreeMap<WorkspaceName, Organisation>,
}

impl LiveNumbers {
    /// What was read of whole workspaces.
    pub fn of_workspaces(complete: &Complete) -> Self {
        let mut live = Self::default();
        for (name, read) in &complete.retell {
            let numbers = read.numbers.iter().map(|number| ((name.clone(), number.phone_number), number.clone()));
            live.numbers.extend(numbers);
            live.organisations.insert(name.clone(), read.organisation.clone());
            live.agent_names.insert(name.clone(), read.agent_names.clone());
        }
        live
    }

    /// The number that an edit is about.
    pub fn of(&self, edit: &Edit) -> Option<&RetellNumber> {
        self.numbers.get(&(edit.workspace.clone(), edit.phone_number))
    }
}

/// The workspaces with their keys, checked and not yet asked.
pub struct RetellAccess<'a> {
    plan: ReadPlan,
    workspaces: BTreeMap<WorkspaceName, Workspace>,
    before: &'a Directory,
    desk: &'a Desk<'a>,
}

impl<'a> RetellAccess<'a> {
    /// Finds the keys of the named workspaces; the first that is missing is the error.
    pub fn open(desk: &'a Desk<'a>, names: &BTreeSet<WorkspaceName>, before: &'a Directory) -> Result<Self> {
        let names: Vec<_> = names.iter().cloned().collect();
        let plan = desk.read_plan(Sources::Retell, &names, before)?;
        let open = |credentials: &providers::credentials::RetellCredentials| {
            Workspace::new(credentials.clone(), plan.limits).map(|opened| (credentials.workspace.clone(), opened))
        };
        let workspaces = plan.retell.iter().map(open).collect::<Result<_>>()?;
        Ok(Self { plan, workspaces, before, desk })
    }

    /// Reads what the edits are about: one request for one number, else each workspace as a whole.
    pub fn read(&self, edits: &[&Edit]) -> Result<LiveNumbers> {
        match edits {
            [] => Ok(LiveNumbers::default()),
            [only] => self.read_one(only),
            _ => self.read_all(),
        }
    }

    fn read_one(&self, edit: &Edit) -> Result<LiveNumbers> {
        let mut live = LiveNumbers::default();
        let workspace = &self.workspaces[&edit.workspace];
        let Some(number) = workspace.get(edit.phone_number)? else { return Ok(live) };
        let wanted: BTreeSet<AgentId> =
            number.bound_agents().filter(|id| needs_name(self.before, &edit.workspace, id)).cloned().collect();
        if !wanted.is_empty() {
            live.agent_names.insert(edit.workspace.clone(), workspace.agent_names(wanted)?);
        }
        live.numbers.insert((edit.workspace.clone(), edit.phone_number), number);
        Ok(live)
    }

    fn read_all(&self) -> Result<LiveNumbers> {
        let reads = self.reads()?;
        match reads.first_failure() {
            Some(error) => Err(error),
            None => Ok(LiveNumbers::of_workspaces(&reads.into_complete())),
        }
    }

    /// Reads every workspace as a whole.
    pub fn reads(&self) -> Result<Reads> {
        self.desk.read_providers(&self.plan, self.before)
    }

    /// The workspaces whose keys are another's, by their organisation or, where all lines were read, by the agents.
    fn foreign_keys(&self, live: &LiveNumbers) -> Vec<Hit> {
        let is_written = self.before.workspaces.values().any(|files| files.numbers.org_id.is_some());
        let is_comparable = is_written || self.workspaces.len() > 1;
        let one = |(name, workspace): (&WorkspaceName, &Workspace)| {
            let known = live.organisations.get(name).cloned();
            // The agents of one line say nothing of the others.
            let is_whole = known.is_some();
            let asked = || if is_comparable { workspace.organisation() } else { Organisation::default() };
            let organisation = known.unwrap_or_else(asked);
            let numbers = live.numbers.iter().filter(|((of, _), _)| is_whole && of == name);
            let numbers = numbers.map(|(_, number)| number.clone()).collect();
            (name.clone(), RetellWorkspace { numbers, organisation, ..RetellWorkspace::default() })
        };
        let read = Complete { retell: self.workspaces.iter().map(one).collect(), ..Complete::default() };
        organisation::check(self.before, &read, &[])
    }

    /// Refuses to change anything in a workspace whose key is another's.
    pub fn refuse_foreign_keys(&self, live: &LiveNumbers) -> Result<()> {
        let hits = self.foreign_keys(live);
        let Some(first) = hits.first() else { return Ok(()) };
        let messages: Vec<_> = hits.iter().map(Hit::message).collect();
        let flag = first.rail.flag();
        Err(Error::failed(format!("{}; nothing was changed", messages.join("\n"))).hint(format!(
            "if a workspace has really moved, `phone-dir sync --all {flag}` writes its new organisation down"
        )))
    }

    /// Sends the edits, workspace by workspace; the answers come in the order of the edits.
    pub fn send(&self, edits: &[&Edit]) -> (Vec<Option<Answered>>, Option<Stopped>) {
        let mut answers: Vec<Option<Answered>> = edits.iter().map(|_| None).collect();
        for (name, workspace) in &self.workspaces {
            let (places, mine): (Vec<usize>, Vec<&Edit>) = edits
                .iter()
                .enumerate()
                .filter(|(_, edit)| edit.workspace == *name)
                .map(|(at, edit)| (at, *edit))
                .unzip();
            if mine.is_empty() {
                continue;
            }
            let changed = workspace.change_each(&mine, &self.desk.session.progress());
            for (place, answer) in places.into_iter().zip(changed.answers) {
                answers[place] = answer;
            }
            if changed.stopped.is_some() {
                return (answers, changed.stopped);
            }
        }
        (answers, None)
    }
}

/// The directory with Retell's state of now in the named workspaces, of one number or of all; nothing is written.
pub fn live_directory(
    desk: &Desk<'_>,
    directory: &Directory,
    wanted: &BTreeMap<WorkspaceName, Option<PhoneNumber>>,
) -> Result<Directory> {
    let access = RetellAccess::open(desk, &wanted.keys().cloned().collect(), directory)?;
    let edits = wanted.iter().filter_map(|(name, number)| Some(Edit::new(Action::Update, name.clone(), (*number)?)));
    let edits: Vec<Edit> = edits.collect();
    let live = match edits.as_slice() {
        [only] => access.read_one(only)?,
        _ => access.read_all()?,
    };
    for hit in access.foreign_keys(&live) {
        desk.session.complain(&format!("warning: {}", terminal(&hit.message())));
    }
    let mut answers: BTreeMap<WorkspaceName, Answers> = BTreeMap::new();
    for name in wanted.keys() {
        let agent_names = live.agent_names.get(name).cloned().unwrap_or_default();
        let listed = directory.workspaces.get(name).into_iter().flat_map(|files| &files.numbers.numbers);
        let gone = listed.map(|entry| (entry.phone_number, None));
        answers.insert(name.clone(), Answers { numbers: gone.collect(), agent_names, ..Answers::default() });
    }
    for ((name, number), found) in live.numbers {
        answers.entry(name).or_default().numbers.insert(number, Some(found));
    }
    Ok(crate::reconcile::answers::apply(directory, &answers, desk.session.now).directory)
}

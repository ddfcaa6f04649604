//! Carries a plan out: reads every workspace once, goes item by item, sends what is due once, and writes one commit.

use std::collections::{BTreeMap, BTreeSet};

use super::plan_items::JudgedItems;
use super::plan_request::{ApplyRequest, PlanSource, Skipping};
use super::retell::{LiveNumbers, RetellAccess};
use super::{Batch, ChangeOptions, Operation, PlanRole, merged};
use crate::activity::traffic::Traffic;
use crate::change::bulk::Annotations;
use crate::change::{Allowed, Edit};
use crate::commands::Session;
use crate::commands::desk::push::Push;
use crate::commands::desk::unapplied::{self, UnappliedDecisions};
use crate::commands::desk::{Desk, WritingDesk, known_calls, names};
use crate::decision::{DecisionOutcome, DecisionStanding, Registration};
use crate::error::{Error, Result};
use crate::model::{AgentNames, Directory, PhoneNumber, WorkspaceName};
use crate::plan::risks::{self, PlanFlags};
use crate::plan::{Plan, PlanItem, PlannedAction};
use crate::plural::{counted, form};
use crate::reconcile::Complete;
use crate::render;
use crate::render::outcome::apply::{Applied, AppliedItem, ItemOutcome};
use crate::store::git::CommitId;
use crate::store::transaction::Purpose;
use crate::validate;

pub fn apply(request: &ApplyRequest, session: &Session) -> Result<Applied> {
    let options = ChangeOptions::plain(request.dry_run, &request.commit, request.output);
    let desk = Desk::to_change(session)?;
    let mut transaction = desk.begin(Purpose::of(request.dry_run))?;
    let push = (request.pushes && !request.dry_run).then(|| Push::begin(&desk, None, &mut transaction)).transpose()?;
    let locked = WritingDesk::of(desk, transaction)?;
    if let PlanSource::File(plan) = &request.source {
        request.expect(plan)?;
    }
    let base = check_place(request, &locked.desk)?;
    let names = match &request.source {
        PlanSource::File(plan) => plan.names(),
        PlanSource::Git => locked.before.workspace_names().into_iter().collect(),
    };
    ApplyRun { request, options: &options, base, names }.on(locked, push)
}

/// Checks that the plan is of this repository and that HEAD may be applied; gives HEAD.
fn check_place(request: &ApplyRequest, desk: &Desk<'_>) -> Result<Option<CommitId>> {
    let Some(git) = desk.git()? else { return Ok(None) };
    if let PlanSource::File(plan) = &request.source
        && let Some(base) = &plan.origin.base
        && !CommitId::parse(base).and_then(|base| git.commits().has(&base)).unwrap_or(false)
    {
        return Err(Error::failed("the plan was made in another repository, or from a commit that is not here")
            .hint("fetch, or make the plan again with `phone-dir plan`"));
    }
    merged::check_head(request, desk)?;
    Ok(git.commits().head()?.commit())
}

struct ApplyRun<'a> {
    request: &'a ApplyRequest,
    options: &'a ChangeOptions,
    base: Option<CommitId>,
    names: BTreeSet<WorkspaceName>,
}

impl ApplyRun<'_> {
    fn on(&self, locked: WritingDesk<'_>, push: Option<Push<'_>>) -> Result<Applied> {
        let settings = locked.settings();
        let WritingDesk { desk, before, snapshot, mut transaction } = locked;
        let access = RetellAccess::open(&desk, &self.names, &before)?;
        let mode = desk.prepare(&self.request.commit)?;
        let complete = unapplied::whole(access.reads()?)?;
        unapplied::refuse_other_organisation(&before, &complete)?;
        let Wanted { plan, id, conflicts, applied: written_down_late } = self.plan(&desk, &before, &complete)?;
        let live = LiveNumbers::of_workspaces(&complete);
        let mut applied = Applied { id: id.clone(), items: Vec::new(), commit: None, error: None };
        let take = numbers(&before, &self.request.take_git)?;
        let names = complete.agent_names(&before);
        let mut judged = JudgedItems::of(&plan, &take, &live, (&before, &names), &mut applied);
        judged.unchanged.extend(unwritten(&plan, &written_down_late));
        applied.items.extend(conflicts.iter().map(|held| conflict(held, &names)));
        if matches!(self.request.source, PlanSource::Git) {
            applied.items.extend(plan.impossible.iter().map(AppliedItem::impossible));
        }
        let lines = before.workspaces.iter().map(|(name, files)| (name.clone(), files.numbers.numbers.len())).collect();
        let flags = self.request.flags.clone().with(&plan.allow);
        let refusal = match self.refusal(&judged, &lines, (&settings, &flags), &applied) {
            None => merged::check_edits(self.request, &desk, &mode, judged.due.iter().map(|(item, _)| item))?,
            refusal => refusal,
        };
        if let Some(refusal) = refusal {
            applied.refuse(&judged, &refusal);
            applied.error = Some(refusal);
            return Ok(applied);
        }
        let traffic = known_calls::traffic(&desk.project, &before, desk.session);
        let batch = Batch {
            action: "apply",
            source: "apply".to_owned(),
            edits: judged
                .due
                .iter()
                .map(|(item, _)| item.edit())
                .chain(judged.unchanged.iter().map(PlanItem::edit))
                .collect(),
            impossible: Vec::new(),
            notices: Vec::new(),
            annotations: Annotations::default(),
            allowed: Allowed::default(),
            confirmation: self.request.confirmation,
            plan: PlanRole::Apply { words: due_words((&plan, &id), &judged, &settings, traffic.as_ref()), id },
        };
        let to_send: Vec<&Edit> = batch.edits.iter().take(judged.due.len()).collect();
        let operation = Operation {
            desk: &desk,
            batch: &batch,
            options: self.options,
            before: &before,
            snapshot: &snapshot,
            settings: &settings,
            pools: None,
        };
        let (report, stage) = operation.go_on((&live, &to_send), &access, &mode, &mut transaction)?;
        applied.take(&judged, &report, stage);
        if let Some(push) = push {
            let pushed = match applied.commit.as_mut() {
                None => push.send_earlier(),
                Some(commit) => {
                    let mut anew = |push: &Push<'_>| operation.anew(push, &live, &report);
                    push.send_or_write_anew(commit.id, &mut transaction, &mut anew).map(|pushed| commit.id = pushed)
                }
            };
            applied.error = applied.error.take().or(pushed.err());
        }
        Ok(applied)
    }

    fn plan(&self, desk: &Desk<'_>, before: &Directory, complete: &Complete) -> Result<Wanted> {
        let numbers = |written: &[String]| numbers(before, written);
        let take = numbers(&self.request.take_git)?;
        let (mut plan, mut conflicts, mut applied) = match &self.request.source {
            PlanSource::File(plan) => {
                refuse_other_keys(plan, complete)?;
                (render::plan::reworded((**plan).clone(), &complete.agent_names(before)), Vec::new(), Vec::new())
            }
            PlanSource::Git => {
                let decisions = UnappliedDecisions::of(desk, before.clone(), self.base, complete)?;
                let plan = decisions.possible(&take, "apply", desk.session);
                let is_open = |held: &DecisionOutcome| {
                    held.standing == DecisionStanding::Conflict && !take.contains(&held.phone_number)
                };
                (plan, decisions.held.into_iter().filter(is_open).collect(), decisions.applied)
            }
        };
        self.request.expect(&plan)?;
        // What was reviewed is the whole plan, also where a part of it is applied.
        let id = plan.id();
        let only = numbers(&self.request.only)?;
        if !only.is_empty() {
            plan.only(&only);
            conflicts.retain(|held| only.contains(&held.phone_number));
            applied.retain(|held| only.contains(&held.phone_number));
        }
        Ok(Wanted { plan, id, conflicts, applied })
    }

    fn refusal(
        &self,
        judged: &JudgedItems,
        lines: &BTreeMap<WorkspaceName, usize>,
        (settings, flags): (&validate::Settings, &PlanFlags),
        applied: &Applied,
    ) -> Option<Error> {
        if self.request.skipping == Skipping::Never && !applied.items.is_empty() {
            let count = applied.items.len();
            let items = format!("{} {}", counted(count, "item"), form(&count, "is", "are"));
            return Some(
                Error::failed(format!("{items} stale, and nothing was applied"))
                    .hint("plan again, or leave out `--all-or-nothing`"),
            );
        }
        let due: Vec<_> = judged.due.iter().map(|(item, live)| (item, live)).collect();
        let rails = risks::rails(&due, lines, &settings.protected, flags);
        if rails.is_empty() {
            return None;
        }
        let line = |rail: &risks::PlanRail| {
            let numbers: String = rail.numbers().iter().map(|number| format!("\n  {number}")).collect();
            format!("{}{numbers}", rail.message())
        };
        let message = rails.iter().map(line).collect::<Vec<_>>().join("\n");
        let flags = rails.iter().map(risks::PlanRail::flag).collect::<Vec<_>>().join(" ");
        Some(Error::refused(message, flags).hint("if that is meant, run the same command with the flag"))
    }
}

/// What is to be brought to Retell, and what stands beside it.
struct Wanted {
    plan: Plan,
    /// The id of the whole plan.
    id: String,
    conflicts: Vec<DecisionOutcome>,
    /// What Retell has and the files do not say yet: an apply was killed before it wrote that down.
    applied: Vec<DecisionOutcome>,
}

/// The items of an apply that was killed after Retell had done them: they are written down, and not sent again.
fn unwritten(plan: &Plan, applied: &[DecisionOutcome]) -> Vec<PlanItem> {
    let mut items: BTreeMap<Registration, PlanItem> = BTreeMap::new();
    let planned: BTreeSet<Registration> = plan.items.iter().map(PlanItem::registration).collect();
    for held in applied.iter().filter(|held| !planned.contains(&held.registration())) {
        let id = (plan.items.len() + items.len()) as u64 + 1;
        let item = items.entry(held.registration()).or_insert_with(|| PlanItem {
            id,
            action: PlannedAction::Update,
            workspace: held.workspace.clone(),
            phone_number: held.phone_number,
            asked: BTreeSet::new(),
            set: held.git.clone(),
            was: held.git.clone(),
            words: "live as decided".to_owned(),
        });
        item.asked.insert(held.setting);
    }
    items.into_values().collect()
}

/// What will be sent, in words.
fn due_words(
    (plan, id): (&Plan, &str),
    judged: &JudgedItems,
    settings: &validate::Settings,
    traffic: Option<&Traffic>,
) -> String {
    let items = judged.due.iter().map(|(item, _)| item.clone()).collect();
    let part = Plan { items, impossible: Vec::new(), ..plan.clone() };
    render::plan::human_part(&part, id, &settings.protected, traffic)
}

fn conflict(held: &DecisionOutcome, names: &AgentNames) -> AppliedItem {
    AppliedItem {
        id: None,
        phone_number: held.phone_number,
        workspace: held.workspace.clone(),
        outcome: ItemOutcome::Stale,
        words: String::new(),
        message: Some(render::plan::conflict(held, names)),
    }
}

fn numbers(directory: &Directory, written: &[String]) -> Result<BTreeSet<PhoneNumber>> {
    let find = |text: &String| names::number(directory, text);
    written.iter().map(find).collect()
}

/// Swapped keys stop here: the plan was made against another organisation.
fn refuse_other_keys(plan: &Plan, complete: &Complete) -> Result<()> {
    for (name, read) in &complete.retell {
        let planned = plan.workspaces.get(name).and_then(Option::as_deref);
        if let (Some(planned), Some(now)) = (planned, read.organisation.id())
            && planned != now
        {
            return Err(Error::failed(format!("the key of `{name}` belongs to another organisation than the plan's"))
                .hint("look at the keys of the workspaces"));
        }
    }
    Ok(())
}

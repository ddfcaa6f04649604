//! What a changing command has to do with a plan: it writes one instead of acting, or it carries one out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Operation;
use super::retell::RetellAccess;
use crate::change::{Action, Edit, Impossible, Rail, Settings};
use crate::commands::Exit;
use crate::commands::desk::{known_calls, plan_output, unapplied};
use crate::decision;
use crate::error::Result;
use crate::model::WorkspaceName;
use crate::plan::Plan;
use crate::reconcile::Complete;
use crate::render;

/// Where a plan is written to.
#[derive(Args, Clone, Debug, Default)]
pub struct PlanOutput {
    /// Write a plan for `apply` instead of changing anything
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    plan: Option<PathBuf>,
}

impl PlanOutput {
    /// What a plan has to do with the command.
    pub fn role(&self) -> PlanRole {
        self.plan.clone().map_or(PlanRole::None, PlanRole::Write)
    }
}

/// What a plan has to do with a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanRole {
    None,
    /// The batch becomes a plan in this file, and nothing is changed.
    Write(PathBuf),
    /// The batch is the plan of this id, told in these words before it is carried out.
    Apply {
        id: String,
        /// What it does at Retell, for people.
        words: String,
    },
}

impl PlanRole {
    /// The id of the plan that is carried out.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Apply { id, .. } => Some(id),
            Self::None | Self::Write(_) => None,
        }
    }
}

impl Operation<'_> {
    /// Judges the batch as if it were to be carried out, and writes it as a plan.
    pub(super) fn write_plan(&self, file: &Path, access: &RetellAccess<'_>) -> Result<Exit> {
        let complete = unapplied::whole(access.reads()?)?;
        unapplied::refuse_other_organisation(self.before, &complete)?;
        let live = super::LiveNumbers::of_workspaces(&complete);
        self.judge(&live)?;
        let mut plan = self.plan(&complete)?;
        plan.impossible.extend(self.batch.impossible.iter().cloned());
        let is_update = |edit: &&Edit| edit.action == Action::Update && edit.trunk.password.is_none();
        for edit in self.batch.edits.iter().filter(|edit| !is_update(edit)) {
            let message = match edit.action {
                Action::Update => "a password stands in no plan",
                Action::Import => "an import cannot be planned",
                Action::Delete => "a deletion cannot be planned",
            };
            let (phone_number, workspace) = (edit.phone_number, edit.workspace.clone());
            plan.impossible.push(Impossible { phone_number, workspace, message: message.to_owned() });
        }
        plan_output::write(self.desk, &plan, Some(file))?;
        let json = || render::escape::json(plan.to_text());
        let human = || {
            let traffic = known_calls::traffic(&self.desk.project, self.before, self.desk.session);
            render::plan::human(&plan, &self.settings.protected, traffic.as_ref())
        };
        self.desk.session.print(&if self.options.is_json() { json() } else { self.desk.session.fitted(&human()) })?;
        Ok(if plan.impossible.is_empty() { Exit::Done } else { Exit::Found })
    }

    fn plan(&self, complete: &Complete) -> Result<Plan> {
        let origin = unapplied::origin(self.desk.head()?.as_ref(), &self.batch.source, self.desk.session);
        let live: BTreeMap<_, _> = decision::numbers_read(complete)
            .map(|(name, number)| ((name.clone(), number.phone_number), number.settings.clone()))
            .collect();
        let identity = |name: &WorkspaceName| complete.retell.get(name)?.organisation.id().map(str::to_owned);
        let workspaces = complete.retell.keys().map(|name| (name.clone(), identity(name))).collect();
        // A fact that Retell can be told too stands in no plan: apply would not know whom to believe.
        let wanted: Vec<Edit> =
            self.batch.edits.iter().filter(|edit| edit.action == Action::Update).map(decisions).collect();
        let names = complete.agent_names(self.before);
        let words = |edit: &Edit, live: &Settings| render::plan::words(edit, live, &names);
        let mut plan = Plan::of(origin, workspaces, &live, &wanted, &words);
        if self.allowed().contains(&Rail::Unbinding) {
            let unbound = plan.items.iter().filter(|item| crate::plan::risks::unbinds(item, &item.was));
            let numbers = unbound.map(|item| item.phone_number.to_string()).collect();
            plan.allow.insert("--allow-unbind".to_owned(), numbers);
        }
        Ok(plan)
    }
}

fn decisions(edit: &Edit) -> Edit {
    let mut edit = edit.clone();
    edit.asked.retain(|setting| setting.is_decision());
    edit
}

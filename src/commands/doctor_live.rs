//! What `phone-dir doctor --live` asks the providers: whether the keys work, and whose they are.

use std::collections::BTreeMap;

use super::desk::Desk;
use crate::clone::findings::{DoctorCheck, Finding};
use crate::clone::strangers;
use crate::error::Result;
use crate::model::{AgentFolders, Directory};
use crate::providers::progress::Progress;
use crate::providers::retry::RetryLimits;
use crate::providers::{self, ReadPlan, Reads, credentials};
use crate::reconcile::live::{ListedAgents, Outcome, Read, RetellWorkspace, TwilioAccount};

/// Reads what there are keys for, and says whose each is. Missing keys are the business of another check.
pub fn checks(desk: &Desk<'_>, directory: &Directory) -> Result<Vec<DoctorCheck>> {
    desk.refuse_tracked_secrets(directory)?;
    let environment = desk.environment();
    let names = directory.workspace_names();
    let retell = names.iter().map(|name| credentials::retell(&environment, directory.settings.as_ref(), name));
    let plan = ReadPlan {
        twilio: credentials::twilio(&environment).ok(),
        retell: retell.filter_map(Result::ok).collect(),
        limits: RetryLimits::default(),
    };
    desk.session.withhold(&plan.keys());
    let progress = Progress::silent();
    let reads = providers::read(&plan, &|_, _| false, &progress)?;
    let found = providers::read_agents(&plan, &progress)?;
    let (keys, organisations) = (retell_keys(&reads.retell), organisations(&reads.retell));
    Ok(vec![twilio(&plan, &reads), keys, organisations, agents(&found, &directory.agents)])
}

fn check(name: &'static str, told: Vec<String>, findings: Vec<Finding>) -> DoctorCheck {
    DoctorCheck { name, told, findings }
}

fn twilio(plan: &ReadPlan, reads: &Reads) -> DoctorCheck {
    let mut told = Vec::new();
    let account = plan.twilio.as_ref().map(|credentials| credentials.account.as_str()).unwrap_or_default();
    if let Some(Read { outcome: Outcome::Complete(TwilioAccount { numbers, trunks, .. }), .. }) = &reads.twilio {
        told.push(format!("account {account}: {} numbers, {} trunks", numbers.len(), trunks.len()));
    }
    check("twilio-account", told, reads.twilio.iter().filter_map(failed).collect())
}

fn retell_keys(reads: &[Read<RetellWorkspace>]) -> DoctorCheck {
    let told = |read: &Read<RetellWorkspace>| {
        let Outcome::Complete(workspace) = &read.outcome else { return None };
        let organisation = workspace.organisation.id().unwrap_or("not known");
        let name = read.workspace.as_ref()?;
        Some(format!("{name}: organisation {organisation}, {} numbers", workspace.numbers.len()))
    };
    check("workspace-keys", reads.iter().filter_map(told).collect(), reads.iter().filter_map(failed).collect())
}

/// Two workspaces of one organisation are one workspace: each key belongs to one.
fn organisations(reads: &[Read<RetellWorkspace>]) -> DoctorCheck {
    let mut by_id: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for read in reads {
        let Outcome::Complete(workspace) = &read.outcome else { continue };
        if let (Some(id), Some(name)) = (workspace.organisation.id(), &read.workspace) {
            by_id.entry(id).or_default().push(format!("`{name}`"));
        }
    }
    let all: Vec<_> = by_id.values().flatten().map(String::as_str).collect();
    let differ = by_id.len() == all.len() && all.len() > 1;
    let told = differ.then(|| format!("{} belong to different organisations", all.join(" and ")));
    let shared = by_id.iter().filter(|(_, names)| names.len() > 1).map(|(id, names)| {
        Finding::new(
            format!("the keys of {} belong to one organisation, {id}", names.join(" and ")),
            "give each workspace its own key: the dashboard shows the organisation that a key belongs to",
        )
    });
    check("organisations", told.into_iter().collect(), shared.collect())
}

/// Which agents have no folder: nothing is amiss with that, but a search by folder does not find their numbers.
fn agents(reads: &[Read<ListedAgents>], folders: &AgentFolders) -> DoctorCheck {
    let told = reads.iter().filter_map(|read| match (&read.outcome, &read.workspace) {
        (Outcome::Complete(agents), Some(workspace)) => Some(strangers::told(workspace, agents, folders)),
        _ => None,
    });
    let mut told: Vec<_> = told.flatten().collect();
    told.extend(strangers::note(&told).map(str::to_owned));
    check("agents", told, reads.iter().filter_map(failed).collect())
}

fn failed<T>(read: &Read<T>) -> Option<Finding> {
    let (Outcome::Partial(error) | Outcome::Failed(error)) = &read.outcome else { return None };
    Some(Finding::new(error.message(), error.hint_text().unwrap_or("try again; `-v` says more")))
}

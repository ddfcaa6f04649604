//! Where the directory and the providers differ, and which of the two moved.
//!
//! Reading order: [`between`] finds the differences, [`attribute`] says who moved, by the rule by which a sync settles
//! them: the record, else Retell's stamp, else the ancestor with that stamp. Nothing here reads a provider or git.

use std::collections::BTreeMap;

use crate::decision::{DecisionOutcome, DecisionStanding};
use crate::diff::{Change, ChangeKind, Changes, FieldChange, NumberField, revisions};
use crate::model::{Directory, PhoneNumber, Setting, WorkspaceName};

/// Which side is no longer what a provider had when it was last written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The directory: a decision that Retell does not have.
    Git,
    /// The agents' folders beside the directory, of which no provider knows: nothing is decided, and a sync follows.
    Folders,
    Live,
    Both,
}

impl Moved {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Git | Self::Folders => "git",
            Self::Live => "live",
            Self::Both => "both",
        }
    }

    fn of(git: bool, live: bool) -> Option<Self> {
        match (git, live) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Git),
            (false, true) => Some(Self::Live),
            (false, false) => None,
        }
    }
}

/// What a difference is about: a number, in a workspace or in the directory as a whole.
pub type Place = (PhoneNumber, Option<WorkspaceName>);

/// A field that differs: `from` is the directory's value, `to` the provider's.
#[derive(Clone, Debug, PartialEq)]
pub struct DriftField {
    pub change: FieldChange,
    /// Who moved; none where nothing tells.
    pub moved: Option<Moved>,
}

/// A number that the directory and the providers disagree about.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    pub phone_number: PhoneNumber,
    /// The workspace; none for Twilio's data.
    pub workspace: Option<WorkspaceName>,
    /// What a sync would call it.
    pub kind: ChangeKind,
    /// Who moved; none where nothing tells.
    pub moved: Option<Moved>,
    pub fields: Vec<DriftField>,
}

/// Lists what the providers have otherwise than the directory; `live` is the directory as a sync would write it.
pub fn between(directory: &Directory, live: &Directory) -> Changes {
    let mut changes = revisions::between(directory, live);
    for change in &mut changes.list {
        // When this tool saw something, no provider says; and Retell's own stamp says nothing by itself.
        // What stands beside a decision is how the two differ, and no difference of its own.
        change.fields.retain(|field| !field.field.is_date() && !field.field.is_record());
    }
    // A number that came or went differs even where no field is left.
    let whole = [ChangeKind::Imported, ChangeKind::Removed, ChangeKind::Provisioned, ChangeKind::Released];
    changes.retain(|change| !change.fields.is_empty() || whole.contains(&change.kind));
    changes
}

/// What a difference is about.
pub fn place(change: &Change) -> Place {
    (change.phone_number, change.workspace.clone())
}

/// Says of every difference who moved: of a decision as a sync settles it, and of a fact the provider, since a fact is
/// whatever it says. `held` are the settings that differ, `live` is the directory as a sync would write it.
pub fn attribute(changes: &Changes, held: &[DecisionOutcome], live: &Directory) -> Vec<Drift> {
    let mut settled: BTreeMap<Place, Vec<&DecisionOutcome>> = BTreeMap::new();
    for held in held {
        settled.entry((held.phone_number, Some(held.workspace.clone()))).or_default().push(held);
    }
    let none = Vec::new();
    let drift = |change: &Change| {
        let held = settled.get(&place(change)).unwrap_or(&none);
        let fields: Vec<_> = change
            .fields
            .iter()
            .map(|field| DriftField { change: field.clone(), moved: moved(change, field.field, held, live) })
            .collect();
        let moved = together(&fields).or_else(|| fields.is_empty().then_some(Moved::Live));
        Drift {
            phone_number: change.phone_number,
            workspace: change.workspace.clone(),
            kind: change.kind,
            moved,
            fields,
        }
    };
    changes.list.iter().map(drift).collect()
}

/// Fields that say who answers, and follow from the agents of both directions.
const BINDING: [NumberField; 4] =
    [NumberField::AgentPath, NumberField::AgentName, NumberField::AgentId, NumberField::AssignmentType];

fn moved(change: &Change, field: NumberField, held: &[&DecisionOutcome], live: &Directory) -> Option<Moved> {
    if is_of_folders(change, field, live) {
        return Some(Moved::Folders);
    }
    let is_about = |held: &&&DecisionOutcome| {
        let says_agents = matches!(held.setting, Setting::InboundAgents | Setting::OutboundAgents);
        held.setting.fields().any(|of| of == field) || (says_agents && BINDING.contains(&field))
    };
    let of: Vec<Option<Moved>> = held.iter().filter(is_about).map(|held| of_standing(held)).collect();
    if of.is_empty() {
        return Some(Moved::Live);
    }
    let any = |side| of.iter().any(|moved| *moved == Some(side) || *moved == Some(Moved::Both));
    Moved::of(any(Moved::Git), any(Moved::Live))
}

/// Which folder an agent has, and the name that it has there, its files tell; the provider knows ids alone.
fn is_of_folders(change: &Change, field: NumberField, live: &Directory) -> bool {
    if change.field(NumberField::AgentId).is_some() {
        return false;
    }
    let is_named_here = || {
        let files = change.workspace.as_ref().and_then(|name| live.workspaces.get(name));
        let path = files.and_then(|files| files.assignment(change.phone_number)?.agent_path.as_ref());
        path.is_some_and(|path| live.agents.name_of(path).is_some())
    };
    match field {
        NumberField::AgentPath => true,
        NumberField::AgentName => change.field(NumberField::AgentPath).is_some() || is_named_here(),
        _ => false,
    }
}

fn of_standing(held: &DecisionOutcome) -> Option<Moved> {
    match held.standing {
        DecisionStanding::Pending | DecisionStanding::Applied => Some(Moved::Git),
        DecisionStanding::Conflict => Some(Moved::Both),
        DecisionStanding::Followed | DecisionStanding::GivenUp => Some(Moved::Live),
        DecisionStanding::FollowedUntold => None,
    }
}

fn together(fields: &[DriftField]) -> Option<Moved> {
    let any = |side: Moved| fields.iter().any(|field| field.moved == Some(side) || field.moved == Some(Moved::Both));
    let is_of_folders = any(Moved::Folders);
    match Moved::of(any(Moved::Git), any(Moved::Live)) {
        None => is_of_folders.then_some(Moved::Folders),
        Some(Moved::Live) if is_of_folders => Some(Moved::Both),
        moved => moved,
    }
}

#[cfg(test)]
mod tests;

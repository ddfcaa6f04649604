//! Where the directory and the providers differ, and which of the two moved.
//!
//! Reading order: [`between`] finds the differences, [`vouching`] says which commits wrote down what a provider had,
//! [`attribute`] compares both sides with such a commit. Nothing here reads a provider or git.

pub mod vouching;

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Change, ChangeKind, Changes, FieldChange, NumberField, revisions};
use crate::model::{Directory, PhoneNumber, WorkspaceName};

/// Which side is no longer what a provider had when it was last written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The directory: somebody edited it, or merged an edit.
    Git,
    /// The provider.
    Live,
    /// Both.
    Both,
}

impl Moved {
    /// The word in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Live => "live",
            Self::Both => "both",
        }
    }

    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Git => "the directory moved",
            Self::Live => "the provider moved",
            Self::Both => "both moved",
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
    /// The field and both values.
    pub change: FieldChange,
    /// Who moved; none where nothing tells.
    pub moved: Option<Moved>,
}

/// A number that the directory and the providers disagree about.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The number.
    pub phone_number: PhoneNumber,
    /// The workspace; none for Twilio's data.
    pub workspace: Option<WorkspaceName>,
    /// What a sync would call it.
    pub kind: ChangeKind,
    /// Who moved; none where nothing tells.
    pub moved: Option<Moved>,
    /// The fields that differ.
    pub fields: Vec<DriftField>,
}

/// The state that a commit wrote down, and what it vouches for.
#[derive(Clone, Debug)]
pub struct Base {
    /// The commit's id.
    pub commit: String,
    /// The directory in that commit.
    pub directory: Directory,
    /// What it vouches for, of what differs today.
    pub places: BTreeSet<Place>,
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

/// Says of every difference who moved since the commit that vouches for it.
pub fn attribute(changes: &Changes, directory: &Directory, live: &Directory, bases: &[Base]) -> Vec<Drift> {
    let since: Vec<_> = bases
        .iter()
        .map(|base| (base, Since::of(&base.directory, directory), Since::of(&base.directory, live)))
        .collect();
    let drift = |change: &Change| {
        let place = place(change);
        let base = since.iter().find(|(base, ..)| base.places.contains(&place));
        let moved = |field: NumberField| {
            let (_, git, live) = base?;
            let moved = Moved::of(git.touches(&place, field), live.touches(&place, field));
            // Which folder an agent has is this repository's doing; the provider knows ids alone.
            let is_of_folders = field == NumberField::AgentPath && change.field(NumberField::AgentId).is_none();
            if is_of_folders { moved.map(|_| Moved::Git) } else { moved }
        };
        let fields: Vec<_> =
            change.fields.iter().map(|field| DriftField { change: field.clone(), moved: moved(field.field) }).collect();
        Drift {
            phone_number: change.phone_number,
            workspace: change.workspace.clone(),
            kind: change.kind,
            moved: together(&fields).or_else(|| {
                base.and_then(|(_, git, live)| Moved::of(git.kind(&place).is_some(), live.kind(&place).is_some()))
            }),
            fields,
        }
    };
    changes.list.iter().map(drift).collect()
}

fn together(fields: &[DriftField]) -> Option<Moved> {
    let any = |side: Moved| fields.iter().any(|field| field.moved == Some(side) || field.moved == Some(Moved::Both));
    Moved::of(any(Moved::Git), any(Moved::Live))
}

/// What changed on one side since a base.
struct Since(BTreeMap<Place, (ChangeKind, BTreeSet<NumberField>)>);

impl Since {
    fn of(base: &Directory, side: &Directory) -> Self {
        let fields = |change: &Change| change.fields.iter().map(|field| field.field).collect();
        let changes = revisions::between(base, side).list;
        Self(changes.iter().map(|change| (place(change), (change.kind, fields(change)))).collect())
    }

    fn touches(&self, place: &Place, field: NumberField) -> bool {
        self.0.get(place).is_some_and(|(_, fields)| fields.contains(&field))
    }

    fn kind(&self, place: &Place) -> Option<ChangeKind> {
        self.0.get(place).map(|(kind, _)| *kind)
    }
}

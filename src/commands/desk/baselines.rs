//! What git and Retell both had when a number's time of change was written down, as the history tells it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::commands::desk::Desk;
use crate::commands::desk::history::WalkedHistory;
use crate::decision::{self, Baselines, DecisionOutcome, GivenUp, Registration, Undated};
use crate::diff::{Change, ChangeKind, FieldValue, NumberField};
use crate::error::Result;
use crate::model::{Directory, PhoneNumber, Settings, Timestamp, WorkspaceName};
use crate::plural::counted;
use crate::reconcile::Complete;
use crate::store::git::CommitId;

/// Finds for each number the commit that wrote down its time of change first, and what Retell had then.
///
/// The newest ancestor with that time would not do: a decision that was committed since has the same time, and would be
/// taken for what both sides had. Where a commit took the time back, as a revert of a sync does, git decided: what stood
/// before it is what both had. What is not found is left out; that a history cannot be read to its start is told.
pub fn find(desk: &Desk<'_>, tip: Option<&CommitId>, mut wanted: Undated) -> Result<FoundBaselines> {
    let mut found = FoundBaselines::default();
    if wanted.is_empty() {
        return Ok(found);
    }
    let (Some(tip), Some(_)) = (tip, desk.git()?) else {
        found.note = Some(unknown(wanted.len(), "no commit says what both sides had"));
        return Ok(found);
    };
    let gap = match WalkedHistory::behind(desk, tip) {
        Ok(past) => search(&past, &mut wanted, &mut found.baselines)?,
        Err(error) => Some(error.message().to_owned()),
    };
    let why = gap.as_deref().unwrap_or("no commit here wrote their time of change down");
    found.note = (!wanted.is_empty()).then(|| unknown(wanted.len(), why));
    Ok(found)
}

/// What was read, with git's decisions laid over it.
pub struct SettledRead<'a> {
    pub complete: Cow<'a, Complete>,
    pub held: Vec<DecisionOutcome>,
    /// Why it is not known of some numbers which side moved.
    pub note: Option<String>,
}

/// Lays the decisions of a directory, made at `tip`, over what was read.
pub fn settle<'a>(
    desk: &Desk<'_>,
    tip: Option<&CommitId>,
    before: &Directory,
    read: Cow<'a, Complete>,
    given_up: &GivenUp,
) -> Result<SettledRead<'a>> {
    let undated = decision::undated(before, decision::numbers_read(&read));
    let found = find(desk, tip, undated)?;
    let (complete, held) = match read {
        Cow::Borrowed(read) => decision::hold(before, read, &found.baselines, given_up),
        Cow::Owned(read) => {
            let (complete, held) = decision::hold(before, &read, &found.baselines, given_up);
            (Cow::Owned(complete.into_owned()), held)
        }
    };
    Ok(SettledRead { complete, held, note: found.note })
}

#[derive(Debug, Default)]
pub struct FoundBaselines {
    /// What both sides had, by number.
    pub baselines: Baselines,
    /// Why that is not known of some numbers.
    pub note: Option<String>,
}

fn unknown(count: usize, why: &str) -> String {
    format!("which side changed {} last is not known: {why}", counted(count, "number"))
}

fn search(past: &WalkedHistory, wanted: &mut Undated, found: &mut Baselines) -> Result<Option<String>> {
    let mut events = past.events_of(wanted.keys().map(|(_, number)| *number))?;
    while !wanted.is_empty()
        && let Some(event) = events.next().transpose()?
    {
        let mut told: BTreeMap<Origin, BTreeSet<Registration>> = BTreeMap::new();
        for changes in event.changes.pieces() {
            for (registration, origin) in changes.list.iter().filter_map(|change| origin(change, wanted)) {
                told.entry(origin).or_default().insert(registration);
            }
        }
        for (origin, registrations) in told {
            let directory = origin.directory(past, &CommitId::parse(&event.commit)?)?;
            learn(directory.as_ref(), registrations, wanted, found);
        }
    }
    Ok(events.stopped)
}

/// Where a number's settings stood as both sides had them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// In the commit that wrote the time down.
    Commit,
    /// In the parent of the commit that took the time back.
    Parent,
}

fn origin(change: &Change, wanted: &Undated) -> Option<(Registration, Origin)> {
    let registration = (change.workspace.clone()?, change.phone_number);
    let stamp = wanted.get(&registration)?;
    let time = |value: &FieldValue| value.as_text().and_then(|text| Timestamp::parse(text).ok());
    match change.field(NumberField::LastModified) {
        Some(field) if time(&field.to) == *stamp => {
            let went_back = change.kind != ChangeKind::Imported && time(&field.from) > *stamp;
            Some((registration, if went_back { Origin::Parent } else { Origin::Commit }))
        }
        None if change.kind == ChangeKind::Imported && stamp.is_none() => Some((registration, Origin::Commit)),
        _ => None,
    }
}

impl Origin {
    /// The directory there. A commit whose files cannot be read is a gap, which says nothing of a number.
    fn directory(self, past: &WalkedHistory, commit: &CommitId) -> Result<Option<Directory>> {
        let at = match self {
            Self::Commit => Some(*commit),
            Self::Parent => past.repository.commits().parents(commit)?.ids.first().copied(),
        };
        let Some(at) = at else { return Ok(None) };
        Ok(Directory::load(&past.repository.objects().read_commit_id(&at)?).ok())
    }
}

fn learn(
    directory: Option<&Directory>,
    registrations: BTreeSet<Registration>,
    wanted: &mut Undated,
    found: &mut Baselines,
) {
    for registration in registrations {
        if let Some(settings) = directory.and_then(|directory| live_at(directory, &registration.0, registration.1)) {
            wanted.remove(&registration);
            found.insert(registration, settings);
        }
    }
}

/// What Retell had, as a directory tells it.
fn live_at(directory: &Directory, workspace: &WorkspaceName, number: PhoneNumber) -> Option<Settings> {
    let git = Settings::of_directory(directory, workspace, number)?;
    let record = directory.workspaces.get(workspace)?.registered(number)?.live.as_deref();
    Some(record.map_or_else(|| git.clone(), |record| record.live(&git)))
}

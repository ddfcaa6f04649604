//! Brings the directory in step with what the providers say: a pure function of both and the clock.
//!
//! Reading order: [`live`] is the input, [`workspace`] turns a Retell workspace into its two files,
//! [`number`] merges everything known of one number into its entry, [`organisation`] keeps workspaces apart, [`rails`] says whether the outcome looks
//! like an accident; [`answers`] does the same for single numbers after a change. People's fields (`notes`,
//! `tags`) and first-seen dates survive, also those of a number that was away ([`former`]); a second run with the same input changes nothing.

pub mod answers;
mod binding;
pub mod former;
pub mod live;
pub mod number;
pub mod organisation;
pub mod rails;
pub mod spelling;
pub mod workspace;

use std::collections::{BTreeMap, BTreeSet};

use live::{RetellWorkspace, TwilioAccount, TwilioNumber};
use number::Sources;

use crate::diff::{self, Changes};
use crate::model::{
    AgentNames, Directory, NumberEntry, PhoneNumber, Timestamp, TrunksFile, WorkspaceFiles, WorkspaceName, derive,
};

/// Everything that was read completely. What is not here changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Complete {
    pub twilio: Option<TwilioAccount>,
    pub retell: BTreeMap<WorkspaceName, RetellWorkspace>,
}

impl Complete {
    /// Whether no read arrived completely.
    pub fn is_nothing(&self) -> bool {
        self.twilio.is_none() && self.retell.is_empty()
    }

    /// What agents are called, as a directory and what was read tell it together.
    pub fn agent_names(&self, directory: &Directory) -> AgentNames {
        let mut names = AgentNames::of(directory);
        for (workspace, read) in &self.retell {
            let read = read.agent_names.iter();
            names.typed.extend(read.map(|(id, name)| ((workspace.clone(), id.clone()), name.clone())));
        }
        names
    }
}

/// Which numbers Twilio's answer is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TwilioScope {
    /// Every number of the account, imported or not.
    WholeAccount,
    RegisteredIn(WorkspaceName),
}

/// The outcome: the new directory, and how it differs from the old one.
#[derive(Clone, Debug)]
pub struct Reconciled {
    pub directory: Directory,
    pub changes: Changes,
}

impl Reconciled {
    /// The same outcome told against the committed directory, where the one it was made from has uncommitted edits:
    /// an edit that the sync took back is no change, and moves no file's time.
    #[must_use]
    pub fn against(mut self, committed: &Directory, now: Timestamp) -> Self {
        let after = &mut self.directory;
        self.changes = diff::revisions::between(committed, after);
        if committed.workspaces.is_empty() {
            // Nothing was committed yet, so that every file keeps the time at which it was written.
            return self;
        }
        after.master.last_updated = committed.master.last_updated;
        for (name, files) in &mut after.workspaces {
            let old = committed.workspaces.get(name);
            files.numbers.last_sync = old.and_then(|old| old.numbers.last_sync);
            files.assignments.last_updated = old.and_then(|old| old.assignments.last_updated);
        }
        stamp(committed, after, now);
        self
    }
}

/// Applies what was read to a directory, as of `now`.
pub fn reconcile(before: &Directory, complete: &Complete, scope: &TwilioScope, now: Timestamp) -> Reconciled {
    let mut after = before.clone();
    for (name, read) in &complete.retell {
        let files = workspace::from_retell(name, read, before, now);
        after.workspaces.insert(name.clone(), files);
    }
    if let Some(account) = &complete.twilio {
        after.trunks = Some(trunks_file(before, account));
    }
    rebuild_numbers((before, &mut after), complete, scope, now);
    finish(before, after, complete.retell.keys(), &organisation::known(&complete.retell), now)
}

/// Recomputes what follows from the new numbers and bindings, and says what changed.
fn finish<'a>(
    before: &Directory,
    mut after: Directory,
    read: impl Iterator<Item = &'a WorkspaceName>,
    organisations: &BTreeMap<WorkspaceName, String>,
    now: Timestamp,
) -> Reconciled {
    for name in share_number_facts(&mut after).into_iter().chain(read.cloned()) {
        let files = after.workspaces.entry(name.clone()).or_insert_with(|| WorkspaceFiles::empty(&name));
        derive::recompute_workspace(&name, files, &before.agents);
        if let Some(old) = before.workspaces.get(&name) {
            workspace::keep_elsewhere(files, old, &before.agents);
        }
    }
    derive::recompute_master(&mut after);
    organisation::record(before, &mut after, organisations);
    stamp(before, &mut after, now);
    let changes = diff::revisions::between(before, &after);
    Reconciled { directory: after, changes }
}

fn trunks_file(before: &Directory, account: &TwilioAccount) -> TrunksFile {
    let old = before.trunks.as_ref();
    TrunksFile {
        schema: old.and_then(|file| file.schema.clone()),
        last_sync: old.and_then(|file| file.last_sync),
        trunks: account.trunks.iter().map(|trunk| (trunk.trunk_sid, trunk.clone())).collect(),
        credentials: account.credentials.iter().map(|list| (list.credential_list_sid, list.clone())).collect(),
    }
}

fn rebuild_numbers(
    (before, after): (&Directory, &mut Directory),
    complete: &Complete,
    scope: &TwilioScope,
    now: Timestamp,
) {
    let read = Reach::new(before, after, complete, scope);
    for number in read.numbers() {
        let sources = Sources { number, before, after, twilio: read.twilio(number), now };
        let entry = number::merge(&sources);
        match entry.filter(|entry| !read.is_gone(number, entry)) {
            Some(entry) => after.master.numbers.insert(number, entry),
            None => after.master.numbers.remove(&number),
        };
    }
}

/// How far the reads of this run reach: which numbers they may change, and which they may let go.
struct Reach<'a> {
    account: Option<BTreeMap<PhoneNumber, &'a TwilioNumber>>,
    /// What the account has in a spelling that says nothing for certain.
    left_out: &'a [String],
    whole_account: bool,
    touched: BTreeSet<PhoneNumber>,
    was_registered: BTreeSet<PhoneNumber>,
    still_registered: BTreeSet<PhoneNumber>,
    in_scope: Option<BTreeSet<PhoneNumber>>,
}

/// What Twilio says of a number in this run.
#[derive(Clone, Copy, Debug)]
pub enum TwilioSays<'a> {
    /// It was not asked, or its answer does not apply to the number.
    Nothing,
    Has(&'a TwilioNumber),
    /// The account does not have the number.
    HasNot,
}

impl<'a> Reach<'a> {
    fn new(before: &Directory, after: &Directory, complete: &'a Complete, scope: &TwilioScope) -> Self {
        let account = complete.twilio.as_ref();
        let account =
            account.map(|account| account.numbers.iter().map(|number| (number.phone_number, number)).collect());
        let in_scope = match scope {
            TwilioScope::WholeAccount => None,
            TwilioScope::RegisteredIn(name) => Some(registered(after, [name].into_iter())),
        };
        let was_registered = registered(before, complete.retell.keys());
        let mut reach = Self {
            whole_account: account.is_some() && in_scope.is_none(),
            touched: &was_registered | &registered(after, complete.retell.keys()),
            was_registered,
            still_registered: registered(after, after.workspaces.keys()),
            account,
            left_out: complete.twilio.as_ref().map_or(&[], |account| &account.left_out),
            in_scope,
        };
        reach.touched.extend(reach.numbers_of_twilio(before));
        reach
    }

    fn numbers_of_twilio(&self, before: &Directory) -> Vec<PhoneNumber> {
        match (&self.account, &self.in_scope) {
            (None, _) => Vec::new(),
            (Some(_), Some(scope)) => scope.iter().copied().collect(),
            (Some(account), None) => account.keys().chain(before.master.numbers.keys()).copied().collect(),
        }
    }

    fn numbers(&self) -> Vec<PhoneNumber> {
        self.touched.iter().copied().collect()
    }

    fn twilio(&self, number: PhoneNumber) -> TwilioSays<'a> {
        match &self.account {
            Some(account) if self.in_scope.as_ref().is_none_or(|scope| scope.contains(&number)) => {
                match account.get(&number) {
                    Some(found) => TwilioSays::Has(found),
                    None if spelling::any_may_mean(self.left_out, number) => TwilioSays::Nothing,
                    None => TwilioSays::HasNot,
                }
            }
            _ => TwilioSays::Nothing,
        }
    }

    /// Whether no account has the number any more, and this run is entitled to say so.
    fn is_gone(&self, number: PhoneNumber, entry: &NumberEntry) -> bool {
        let is_held_nowhere = !self.still_registered.contains(&number) && entry.twilio.is_none();
        let is_spelled = spelling::any_may_mean(self.left_out, number);
        is_held_nowhere && !is_spelled && (self.whole_account || self.was_registered.contains(&number))
    }
}

fn registered<'a>(directory: &Directory, workspaces: impl Iterator<Item = &'a WorkspaceName>) -> BTreeSet<PhoneNumber> {
    let files = workspaces.filter_map(|name| directory.workspaces.get(name));
    files.flat_map(|files| files.numbers.numbers.iter().map(|entry| entry.phone_number)).collect()
}

/// Writes a number's kind of line and carrier, decided once in its entry, into the workspaces' registries.
/// Gives the workspaces where that changed something.
fn share_number_facts(directory: &mut Directory) -> Vec<WorkspaceName> {
    let mut changed = Vec::new();
    for (name, files) in &mut directory.workspaces {
        for registered in &mut files.numbers.numbers {
            let Some(entry) = directory.master.numbers.get(&registered.phone_number) else { continue };
            let facts = (entry.phone_number_type, entry.provider);
            if facts != (registered.phone_number_type, registered.provider) {
                (registered.phone_number_type, registered.provider) = facts;
                changed.push(name.clone());
            }
        }
    }
    changed.dedup();
    changed
}

/// Moves a file's own time only where the content beside it changed.
fn stamp(before: &Directory, after: &mut Directory, now: Timestamp) {
    if after.master != before.master {
        after.master.last_updated = Some(now);
    }
    for (name, files) in &mut after.workspaces {
        let old = before.workspaces.get(name);
        if old.is_none_or(|old| old.numbers != files.numbers) {
            files.numbers.last_sync = Some(now);
        }
        if old.is_none_or(|old| old.assignments != files.assignments) {
            files.assignments.last_updated = Some(now);
        }
    }
    if let Some(trunks) = after.trunks.as_mut().filter(|trunks| Some(&**trunks) != before.trunks.as_ref()) {
        trunks.last_sync = Some(now);
    }
}

#[cfg(test)]
mod tests;

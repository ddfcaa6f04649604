//! An inventory of a directory: what a report counts, compares and remembers. Pure; every format renders it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::capacity::trend::PoolTrend;
use crate::decision::{self, DecisionOutcome};
use crate::diff::{Changes, intent};
use crate::model::sync_log::{SyncLog, SyncStatus};
use crate::model::{
    AgentPath, Directory, ImportMethod, NumberType, PhoneNumber, Provider, Timestamp, WorkspaceName, derive,
};
use crate::query::noted_date::NotedDate;
use crate::query::{self, Row};
use crate::validate::{Diagnostic, Severity};

#[derive(Debug)]
pub struct Report<'a> {
    pub directory: &'a Directory,
    /// One row for each number and workspace.
    pub rows: Vec<Row<'a>>,
    pub generated: Timestamp,
    pub total: usize,
    /// Numbers with a voice agent in at least one workspace.
    pub assigned: usize,
    pub workspaces: Vec<WorkspaceCount>,
    /// Numbers by kind of line, the specification's kinds first.
    pub by_type: Vec<(NumberType, usize)>,
    pub by_provider: Vec<(Provider, usize)>,
    /// Numbers by area code (none for those without), most first.
    pub by_area: Vec<(Option<String>, usize)>,
    /// Numbers by trunk, most first; none for those on no trunk.
    pub by_trunk: Vec<(Option<String>, usize)>,
    pub agents: Vec<AgentCount>,
    pub import_methods: Vec<(ImportMethod, usize)>,
    /// What git decided and Retell does not have.
    pub pending: Vec<DecisionOutcome>,
    pub activity: Activity,
    /// The first workspace compared with each other one.
    pub comparisons: Vec<Comparison>,
    /// What the validator found; none where it was not asked.
    pub findings: Option<Vec<Diagnostic>>,
    /// What changed lately, newest first; none where there is no history to read.
    pub recent: Option<Vec<RecentChange>>,
    /// Where it comes from; none where that was not asked.
    pub origin: Option<ReportOrigin>,
    /// The pools, with their past where that was asked.
    pub pools: Vec<PoolTrend>,
}

impl Report<'_> {
    /// The numbers with which two compared workspaces mean to do different things.
    pub fn differing(&self) -> BTreeSet<PhoneNumber> {
        let changes = self.comparisons.iter().flat_map(|comparison| &comparison.changes.list);
        changes.map(|change| change.phone_number).collect()
    }

    /// Every agent with its numbers, those that no folder has by their names; the busiest first.
    pub fn numbers_by_agent(&self) -> Vec<(String, usize)> {
        let mut strangers: BTreeMap<String, BTreeSet<PhoneNumber>> = BTreeMap::new();
        let with_folders: BTreeSet<&str> = self.agents.iter().map(|agent| agent.path.as_str()).collect();
        for row in &self.rows {
            let bound = row.bound_agents().into_iter().filter(|agent| agent.agent_path.is_none());
            for id in
                bound.map(|agent| agent.agent_id).filter(|id| row.agent_path().is_none() || row.agent_id() != Some(id))
            {
                let name = row.name_at_retell(&id).unwrap_or(id.as_str());
                strangers.entry(name.to_owned()).or_default().insert(row.phone_number);
            }
        }
        let strangers = strangers.into_iter().filter(|(name, _)| !with_folders.contains(name.as_str()));
        let known = self.agents.iter().map(|agent| (agent.path.to_string(), agent.numbers));
        let mut all: Vec<_> = known.chain(strangers.map(|(name, numbers)| (name, numbers.len()))).collect();
        all.sort_by_key(|(_, numbers)| std::cmp::Reverse(*numbers));
        all
    }

    /// How many checks of a severity failed, as `validate` counts them.
    pub fn failed_checks(&self, severity: Severity) -> usize {
        let found = self.findings.iter().flatten().filter(|finding| finding.severity == severity);
        found.map(|finding| finding.rule.code).collect::<BTreeSet<_>>().len()
    }

    /// The numbers of which git decided something that Retell does not have.
    pub fn pending_numbers(&self) -> BTreeSet<PhoneNumber> {
        self.pending.iter().map(|held| held.phone_number).collect()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOrigin {
    /// The name of the project's folder.
    pub project: String,
    /// The branch; none on no branch, and for an earlier commit.
    pub branch: Option<String>,
    /// The commit's short id; none outside of git.
    pub commit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceCount {
    pub name: WorkspaceName,
    pub numbers: usize,
    /// Those with a voice agent.
    pub assigned: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentCount {
    pub path: AgentPath,
    pub name: Option<String>,
    /// How many different numbers it has, in whichever workspace.
    pub numbers: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// The number that was imported last, and when.
    pub import: Option<(PhoneNumber, NotedDate)>,
    /// The number that was assigned last, to which agent (its folder, else its id), and when.
    pub assignment: Option<(PhoneNumber, String, NotedDate)>,
    /// When Twilio was last read; none where this clone has no record of it.
    pub twilio_sync: Option<Timestamp>,
}

/// How two workspaces differ in intent.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub from: WorkspaceName,
    pub to: WorkspaceName,
    /// The differences, one per number.
    pub changes: Changes,
    /// How many numbers both have, and mean to do the same with.
    pub same: usize,
}

/// One commit that changed the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentChange {
    pub date: Timestamp,
    /// The commit's short id.
    pub commit: String,
    pub author: String,
    /// What, in words, one line per number.
    pub sentences: Vec<String>,
}

/// Counts and compares a directory, as of `now`.
pub fn of(directory: &Directory, now: Timestamp) -> Report<'_> {
    let rows = query::rows(directory);
    let entries = || directory.master.numbers.values();
    Report {
        directory,
        generated: now,
        total: directory.master.numbers.len(),
        assigned: entries().filter(|entry| entry.is_assigned()).count(),
        workspaces: directory.workspace_names().into_iter().map(|name| workspace(name, &rows)).collect(),
        by_type: tally(entries().map(|entry| entry.phone_number_type)),
        by_provider: tally(entries().map(|entry| entry.provider)),
        by_area: most_first(tally(entries().map(|entry| entry.area_code.clone()))),
        by_trunk: most_first(tally(entries().map(|entry| trunk(directory, entry.phone_number)))),
        agents: agents(directory),
        import_methods: import_methods(&rows),
        pending: decision::all_recorded(directory),
        activity: activity(directory, &rows),
        comparisons: comparisons(directory),
        findings: None,
        recent: None,
        origin: None,
        pools: Vec::new(),
        rows,
    }
}

fn workspace(name: WorkspaceName, rows: &[Row<'_>]) -> WorkspaceCount {
    let own = || rows.iter().filter(|row| row.workspace == Some(&name));
    WorkspaceCount { numbers: own().count(), assigned: own().filter(|row| row.is_assigned()).count(), name }
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> Vec<(K, usize)> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

fn most_first<K: Ord>(mut counts: Vec<(K, usize)>) -> Vec<(K, usize)> {
    // The sort is stable: equals stay in the order of their keys.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// The trunk of a number in words: its name where it is known, else its termination URI, else its SID.
pub fn trunk(directory: &Directory, number: PhoneNumber) -> Option<String> {
    let entry = directory.number(number)?;
    let sid = entry.twilio.as_ref().and_then(|data| data.trunk_sid.as_ref());
    let known = sid.and_then(|sid| directory.trunks.as_ref()?.trunks.get(sid));
    let uri = || entry.sip_config.as_ref().and_then(|config| config.termination_uri.clone());
    known.and_then(|trunk| trunk.friendly_name.clone()).or_else(uri).or_else(|| sid.map(ToString::to_string))
}

/// Agents are counted from the bindings, so that the count is right where derived lists are not.
fn agents(directory: &Directory) -> Vec<AgentCount> {
    let mut numbers: BTreeMap<&AgentPath, BTreeSet<PhoneNumber>> = BTreeMap::new();
    let mut names: HashMap<&AgentPath, &str> = HashMap::new();
    for (workspace, files) in &directory.workspaces {
        for assignment in &files.assignments.assignments {
            for path in derive::agent_paths(workspace, assignment, &directory.agents) {
                numbers.entry(path).or_default().insert(assignment.phone_number);
            }
            if let (Some(path), Some(name)) = (&assignment.agent_path, &assignment.agent_name) {
                names.insert(path, name);
            }
        }
    }
    let name = |path| directory.agents.name_of(path).or_else(|| names.get(path).copied()).map(str::to_owned);
    let mut counts: Vec<_> = numbers
        .into_iter()
        .map(|(path, numbers)| AgentCount { path: path.clone(), name: name(path), numbers: numbers.len() })
        .collect();
    counts.sort_by_key(|agent| std::cmp::Reverse(agent.numbers));
    counts
}

/// A number that is imported in two workspaces by the same method counts once.
fn import_methods(rows: &[Row<'_>]) -> Vec<(ImportMethod, usize)> {
    let used = rows.iter().filter_map(|row| Some((row.registered?.import_method, row.phone_number)));
    let distinct: BTreeSet<_> = used.collect();
    tally(distinct.into_iter().map(|(method, _)| method))
}

fn activity(directory: &Directory, rows: &[Row<'_>]) -> Activity {
    let imported = |row: &Row<'_>| row.registered?.import_date;
    let assigned = |row: &Row<'_>| row.assignment.filter(|_| row.is_assigned())?.assigned_date;
    let import_noted = |row: &Row<'_>| Some(NotedDate::of_import(imported(row)?, row.registered, row.assignment));
    let assignment_noted = |row: &Row<'_>| Some(NotedDate::of_assignment(assigned(row)?, row.assignment?));
    let agent =
        |row: &Row<'_>| row.agent_path().map(ToString::to_string).or_else(|| row.agent_id().map(ToString::to_string));
    let import = rows.iter().filter(|row| imported(row).is_some()).max_by_key(|row| (imported(row), row.phone_number));
    let named = rows.iter().filter(|row| assigned(row).is_some() && agent(row).is_some());
    let assignment = named.max_by_key(|row| (assigned(row), row.phone_number, agent(row)));
    Activity {
        import: import.and_then(|row| Some((row.phone_number, import_noted(row)?))),
        assignment: assignment.and_then(|row| Some((row.phone_number, agent(row)?, assignment_noted(row)?))),
        twilio_sync: directory.sync_log.as_ref().and_then(last_twilio_sync),
    }
}

/// The last run that read Twilio: a full one, or any other that found a trunk.
fn last_twilio_sync(log: &SyncLog) -> Option<Timestamp> {
    let runs = log.sync_history.iter().filter(|run| run.status == SyncStatus::Success && run.trunks_synced.0 > 0);
    runs.map(|run| run.timestamp).chain(log.last_full_sync).max()
}

fn comparisons(directory: &Directory) -> Vec<Comparison> {
    let names: Vec<_> = directory.workspace_names().into_iter().collect();
    let Some((first, others)) = names.split_first() else { return Vec::new() };
    others.iter().map(|other| compare(directory, first, other)).collect()
}

fn compare(directory: &Directory, from: &WorkspaceName, to: &WorkspaceName) -> Comparison {
    let changes = intent::between(directory, from, to);
    let numbers = |name| directory.workspaces.get(name).map(|files| &files.numbers.numbers);
    let theirs: BTreeSet<_> = numbers(to).into_iter().flatten().map(|entry| entry.phone_number).collect();
    let both = numbers(from).into_iter().flatten().filter(|entry| theirs.contains(&entry.phone_number)).count();
    let different = changes.list.iter().filter(|change| change.kind == crate::diff::ChangeKind::Different).count();
    Comparison { from: from.clone(), to: to.clone(), same: both.saturating_sub(different), changes }
}

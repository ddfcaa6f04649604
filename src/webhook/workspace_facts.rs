//! What the page and the metrics have beside the calls, learned while the receiver runs: how many calls each workspace may
//! have at a time, and the folders of agents.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::activity::live::LiveCalls;
use crate::activity::time::Millis;
use crate::capacity::concurrency::LiveConcurrency;
use crate::capacity::now::{self, ConcurrencyReading, WorkspaceNow};
use crate::model::{AgentFolders, WorkspaceName};

/// What is known; every clone is the same.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceFacts(Arc<Mutex<Facts>>);

#[derive(Debug, Default)]
struct Facts {
    concurrency: BTreeMap<WorkspaceName, ConcurrencyReading>,
    agents: Arc<AgentFolders>,
}

impl WorkspaceFacts {
    /// Nothing yet of these workspaces.
    pub fn of(workspaces: &[WorkspaceName], agents: AgentFolders) -> Self {
        let concurrency = workspaces.iter().map(|name| (name.clone(), ConcurrencyReading::default())).collect();
        Self(Arc::new(Mutex::new(Facts { concurrency, agents: Arc::new(agents) })))
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what Retell said of a workspace, or why it could not be asked.
    pub fn note_concurrency(&self, workspace: &WorkspaceName, at: Millis, read: Result<LiveConcurrency, String>) {
        let mut facts = self.facts();
        let before = facts.concurrency.remove(workspace).unwrap_or_default();
        facts.concurrency.insert(workspace.clone(), before.followed_by(at, read));
    }

    /// Notes the folders of agents as the directory has them now.
    pub fn note_agents(&self, agents: AgentFolders) {
        self.facts().agents = Arc::new(agents);
    }

    pub(super) fn agents(&self) -> Arc<AgentFolders> {
        Arc::clone(&self.facts().agents)
    }

    /// Each workspace's calls against its limit.
    pub(super) fn workspaces(&self, calls: &LiveCalls) -> Vec<WorkspaceNow> {
        now::by_workspace(calls, &self.facts().concurrency)
    }
}

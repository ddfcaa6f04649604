//! Asks Twilio and Retell: the only place with HTTP.
//!
//! What comes back leaves this module as [`crate::reconcile::live`], in the model's own types. A read is complete
//! only when every page arrived; a change is sent once. Nothing here reads a file.

mod answer;
pub mod base_url;
pub mod clients;
pub mod credentials;
mod dotenv;
pub mod environment;
mod failure;
mod http;
pub mod interruption;
mod paging;
pub mod progress;
mod proxy;
mod reads;
pub mod retell;
pub mod retry;
pub mod twilio;

use futures_util::future::{OptionFuture, join};
use futures_util::stream::{self, StreamExt};
use tokio::runtime::{Builder, Runtime};

use self::clients::Clients;
use self::credentials::{RetellCredentials, TwilioCredentials};
use self::progress::Progress;
use self::retry::RetryLimits;
use crate::activity::pull::ReadCalls;
use crate::capacity::concurrency::LiveConcurrency;
use crate::error::{Error, Result};
use crate::model::run_keys::RunKeys;
use crate::model::{AgentId, WorkspaceName};
use crate::reconcile::Complete;
use crate::reconcile::live::{ListedAgents, Outcome, Read, RetellWorkspace, TwilioAccount};

const WORKSPACES_AT_A_TIME: usize = 8;

#[derive(Debug, Default)]
pub struct ReadPlan {
    /// Twilio's account, if it is to be read.
    pub twilio: Option<TwilioCredentials>,
    /// The Retell workspaces to read.
    pub retell: Vec<RetellCredentials>,
    /// The limits of each request.
    pub limits: RetryLimits,
}

impl ReadPlan {
    /// The keys that are used, which nothing may print and no file may hold.
    pub fn keys(&self) -> RunKeys {
        let mut keys = RunKeys::default();
        if let Some(twilio) = &self.twilio {
            keys.learn_pair(&twilio.user, &twilio.secret);
        }
        self.retell.iter().for_each(|credentials| keys.learn(&credentials.key));
        keys
    }
}

/// What was read, in the order of the plan.
#[derive(Debug)]
pub struct Reads {
    /// Twilio's account, if it was asked for.
    pub twilio: Option<Read<TwilioAccount>>,
    pub retell: Vec<Read<RetellWorkspace>>,
}

impl Reads {
    /// The error of the first read that did not arrive completely.
    pub fn first_failure(&self) -> Option<Error> {
        fn failure<T>(read: &Read<T>) -> Option<&Error> {
            match &read.outcome {
                Outcome::Complete(_) => None,
                Outcome::Partial(error) | Outcome::Failed(error) => Some(error),
            }
        }
        self.twilio.iter().filter_map(failure).chain(self.retell.iter().filter_map(failure)).next().cloned()
    }

    pub fn into_complete(self) -> Complete {
        fn whole<T>(read: Read<T>) -> Option<T> {
            match read.outcome {
                Outcome::Complete(value) => Some(value),
                Outcome::Partial(_) | Outcome::Failed(_) => None,
            }
        }
        let retell = self.retell.into_iter().filter_map(|read| Some((read.workspace.clone()?, whole(read)?)));
        Complete { twilio: self.twilio.and_then(whole), retell: retell.collect() }
    }
}

/// Reads everything that the plan names, side by side, and waits for it.
///
/// `needs_name` says of a bound agent whether its name has to be asked for, because no folder describes it. An
/// error is only that nothing could be started; what a provider did wrong stands in its own read.
pub fn read(
    plan: &ReadPlan,
    needs_name: &dyn Fn(&WorkspaceName, &AgentId) -> bool,
    progress: &Progress,
) -> Result<Reads> {
    let clients = Clients::new(plan.limits);
    let runtime = runtime()?;
    let reads = runtime.block_on(async {
        let twilio = plan.twilio.as_ref().map(|credentials| twilio::read_account(&clients, credentials, progress));
        let (twilio, retell) =
            join(OptionFuture::from(twilio), read_retell(&clients, plan, needs_name, progress)).await;
        Reads { twilio, retell }
    });
    // A name lookup that still hangs belongs to a read that has already ended.
    runtime.shutdown_background();
    Ok(reads)
}

/// Reads the calls of Retell workspaces side by side; `desk` says which, and takes the pages.
///
/// An error is the desk's, or that nothing could be started; what Retell did wrong stands in its own read.
pub fn read_calls(plan: &ReadPlan, desk: &dyn retell::CallDesk, progress: &Progress) -> Result<Vec<Read<ReadCalls>>> {
    let clients = Clients::new(plan.limits);
    let one = async |credentials| retell::read_calls(&clients, credentials, desk, progress).await;
    let reads = stream::iter(&plan.retell).map(one).buffered(WORKSPACES_AT_A_TIME).collect::<Vec<_>>();
    runtime()?.block_on(reads).into_iter().collect()
}

/// Asks Retell side by side which agents each workspace has.
pub fn read_agents(plan: &ReadPlan, progress: &Progress) -> Result<Vec<Read<ListedAgents>>> {
    let clients = Clients::new(plan.limits);
    let one = async |credentials| retell::read_agents(&clients, credentials, progress).await;
    let reads = stream::iter(&plan.retell).map(one).buffered(WORKSPACES_AT_A_TIME).collect::<Vec<_>>();
    Ok(runtime()?.block_on(reads))
}

/// Asks Retell side by side how many calls each workspace has, and may have, at a time.
pub fn read_concurrency(plan: &ReadPlan, progress: &Progress) -> Result<Vec<Read<LiveConcurrency>>> {
    let clients = Clients::new(plan.limits);
    let one = async |credentials| retell::read_concurrency(&clients, credentials, progress).await;
    let reads = stream::iter(&plan.retell).map(one).buffered(WORKSPACES_AT_A_TIME).collect::<Vec<_>>();
    Ok(runtime()?.block_on(reads))
}

async fn read_retell(
    clients: &Clients,
    plan: &ReadPlan,
    needs_name: &dyn Fn(&WorkspaceName, &AgentId) -> bool,
    progress: &Progress,
) -> Vec<Read<RetellWorkspace>> {
    let one = async |credentials: &RetellCredentials| {
        let needs_name = |agent: &AgentId| needs_name(&credentials.workspace, agent);
        retell::read_workspace(clients, credentials, &needs_name, progress).await
    };
    stream::iter(&plan.retell).map(one).buffered(WORKSPACES_AT_A_TIME).collect().await
}

/// Reads an answer's body as each kind of answer that the providers give; for the fuzzing in `fuzz/` alone.
#[cfg(fuzzing)]
pub fn read_answer(bytes: &[u8]) {
    if let Ok(answer) = serde_json::from_slice(bytes) {
        retell::read_answer(&answer);
        twilio::read_answer(&answer);
    }
    let text = String::from_utf8_lossy(bytes);
    let shown = failure::shown(&text, &["secret"]);
    assert!(!shown.contains("secret") && !shown.chars().any(char::is_control), "{shown:?}");
    let _none_for_most_texts = retry::retry_after(&text, chrono::DateTime::UNIX_EPOCH);
}

fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_io().enable_time().build().map_err(|source| {
        Error::failed("cannot start the network runtime")
            .caused_by(source)
            .hint("close other programs, or raise the limit of open files")
    })
}

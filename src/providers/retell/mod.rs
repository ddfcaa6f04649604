//! Reads a whole Retell workspace, and changes single numbers in it.

mod agents;
mod call_list;
mod calls;
mod changes;
mod concurrency;
pub mod events;
mod numbers;
mod organisation;
mod requests;
mod wire;
mod workspace;

use futures_util::future::try_join;

use super::clients::Clients;
use super::credentials::RetellCredentials;
use super::failure::{Failure, Whom};
use super::http::{Authorization, Connection, Tally};
use super::progress::Progress;
use super::reads;
use crate::model::AgentId;
use crate::reconcile::live::{ProviderName, Read, RetellNumber, RetellWorkspace};

pub use agents::read_agents;
pub use calls::{CallDesk, read_calls};
pub use changes::{Answered, Changed, Stopped};
pub use concurrency::read_concurrency;
pub use workspace::{ChangeError, Workspace};

/// The most items that a page may have.
const PAGE_LIMIT: (&str, &str) = ("limit", "1000");

/// Reads the workspace: its numbers, and the names of those bound agents for which `needs_name` says yes.
///
/// The agents are not asked for when no bound agent needs a name. The read is complete only when every page that
/// was asked for arrived.
pub async fn read_workspace(
    clients: &Clients,
    credentials: &RetellCredentials,
    needs_name: &dyn Fn(&AgentId) -> bool,
    progress: &Progress,
) -> Read<RetellWorkspace> {
    let connection = connect(clients, credentials, progress);
    let result = read_all(&connection, credentials, needs_name).await;
    reads::finish(&connection, result)
}

fn connect<'a>(clients: &'a Clients, credentials: &RetellCredentials, progress: &Progress) -> Connection<'a> {
    Connection {
        clients,
        whom: Whom {
            provider: ProviderName::Retell,
            workspace: Some(credentials.workspace.clone()),
            source: credentials.source.clone(),
        },
        authorization: Authorization::Bearer(credentials.key.clone()),
        line: progress.line(format!("Retell {}", credentials.workspace)),
        tally: Tally::default(),
    }
}

async fn read_all(
    connection: &Connection<'_>,
    credentials: &RetellCredentials,
    needs_name: &dyn Fn(&AgentId) -> bool,
) -> Result<RetellWorkspace, Failure> {
    let organisation = async { Ok(organisation::read(connection, &credentials.base).await) };
    let numbers = numbers::read(connection, &credentials.base);
    let (workspace, organisation) = try_join(numbers, organisation).await?;
    let wanted = workspace
        .numbers
        .iter()
        .flat_map(RetellNumber::bound_agents)
        .filter(|agent| needs_name(agent))
        .cloned()
        .collect();
    let agent_names = agents::names(connection, &credentials.base, wanted).await?;
    Ok(RetellWorkspace { agent_names, organisation, ..workspace })
}

/// Reads an answer as a page of numbers; for the fuzzing in `fuzz/` alone.
#[cfg(fuzzing)]
pub(super) fn read_answer(answer: &serde_json::Value) {
    let Ok(page) = super::answer::Object::whole(answer) else { return };
    let mut oddities = Vec::new();
    for item in page.required_objects("items").iter().flatten() {
        let _named_by_its_place = wire::number(item, &mut oddities);
    }
    for item in page.required_objects("items").iter().flatten() {
        let _named_by_its_place = calls::facts(item);
    }
    let _named_by_its_place = numbers::next_key(&page);
}

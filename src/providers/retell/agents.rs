//! Asks for the agents of a workspace: all of them, or the names of some that no folder of the repository describes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use reqwest::Method;
use serde_json::Value;

use super::numbers::{next_key, page_query};
use crate::model::AgentId;
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::clients::Clients;
use crate::providers::credentials::RetellCredentials;
use crate::providers::failure::Failure;
use crate::providers::http::{Ask, Connection};
use crate::providers::paging::SeenPages;
use crate::providers::progress::Progress;
use crate::providers::reads;
use crate::reconcile::live::{ListedAgents, Read};

/// Takes an agent with its name, and says whether more are wanted.
type TakeAgent<'a> = dyn FnMut(AgentId, Option<String>) -> ControlFlow<()> + 'a;

/// Asks which agents the key's workspace has.
pub async fn read_agents(
    clients: &Clients,
    credentials: &RetellCredentials,
    progress: &Progress,
) -> Read<ListedAgents> {
    let connection = super::connect(clients, credentials, progress);
    let mut found = ListedAgents::new();
    let mut take = |agent, name| {
        found.insert(agent, name);
        ControlFlow::Continue(())
    };
    let result = pages(&connection, &credentials.base, &mut take).await;
    reads::finish(&connection, result.map(|()| found))
}

/// Asks for the names of `wanted`, page by page until all are known; an agent without a name is left out.
pub(super) async fn names(
    connection: &Connection<'_>,
    base: &BaseUrl,
    wanted: BTreeSet<AgentId>,
) -> Result<BTreeMap<AgentId, String>, Failure> {
    let mut names = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(names);
    }
    pages(connection, base, &mut |agent, name| {
        if let Some(name) = name.filter(|_| wanted.contains(&agent)) {
            names.insert(agent, name);
        }
        if names.len() == wanted.len() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .await?;
    Ok(names)
}

/// `POST /v2/list-agents`, which changes nothing although it is a POST.
async fn pages(connection: &Connection<'_>, base: &BaseUrl, take: &mut TakeAgent<'_>) -> Result<(), Failure> {
    let mut seen = SeenPages::default();
    let mut key: Option<String> = None;
    loop {
        let ask = Ask {
            method: Method::POST,
            body: Some(b"{}".to_vec()),
            ..Ask::get(base, base.at(&["v2", "list-agents"], &page_query(key.as_deref())))
        };
        let fail = |cause| Failure::new(cause, ask.endpoint());
        let answer = connection.read(&ask).await?;
        let (wanted, next) = page(connection, &answer, take).map_err(fail)?;
        key = next;
        match &key {
            Some(key) if wanted.is_continue() => seen.admit(key).map_err(fail)?,
            _ => return Ok(()),
        }
    }
}

/// Takes a page's agents; says whether more are wanted, and the key of the next page.
fn page(
    connection: &Connection<'_>,
    answer: &Value,
    take: &mut TakeAgent<'_>,
) -> Field<(ControlFlow<()>, Option<String>)> {
    let page = Object::whole(answer)?;
    let items = page.required_objects("items")?;
    connection.arrived(items.len());
    let mut wanted = ControlFlow::Continue(());
    for item in &items {
        let agent = item.required_parsed("agent_id", |text| AgentId::parse(text).ok(), AgentId::EXPECTED)?;
        wanted = take(agent, item.owned("agent_name")?);
    }
    Ok((wanted, next_key(&page)?))
}

//! Finds the names of agents that no folder of the repository describes.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::Value;

use super::numbers::{next_key, page_query};
use crate::model::AgentId;
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::failure::Failure;
use crate::providers::http::{Ask, Connection};
use crate::providers::paging::SeenPages;

/// Asks for the names of `wanted`, page by page until all are known; an agent without a name is left out.
pub(super) async fn names(
    connection: &Connection<'_>,
    base: &BaseUrl,
    wanted: BTreeSet<AgentId>,
) -> Result<BTreeMap<AgentId, String>, Failure> {
    let mut search = Search { wanted, names: BTreeMap::new() };
    if search.wanted.is_empty() {
        return Ok(search.names);
    }
    pages(connection, base, &mut search).await?;
    Ok(search.names)
}

/// `POST /v2/list-agents`, which changes nothing although it is a POST.
async fn pages(connection: &Connection<'_>, base: &BaseUrl, search: &mut Search) -> Result<(), Failure> {
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
        key = search.take_page(connection, &answer).map_err(fail)?;
        match &key {
            Some(key) if !search.is_over() => seen.admit(key).map_err(fail)?,
            _ => return Ok(()),
        }
    }
}

struct Search {
    wanted: BTreeSet<AgentId>,
    names: BTreeMap<AgentId, String>,
}

impl Search {
    fn is_over(&self) -> bool {
        self.names.len() == self.wanted.len()
    }

    fn take_page(&mut self, connection: &Connection<'_>, answer: &Value) -> Field<Option<String>> {
        let page = Object::whole(answer)?;
        let items = page.required_objects("items")?;
        connection.arrived(items.len());
        items.iter().try_for_each(|item| self.take(item))?;
        next_key(&page)
    }

    fn take(&mut self, item: &Object<'_>) -> Field<()> {
        let agent = item.required_parsed("agent_id", |text| AgentId::parse(text).ok(), AgentId::EXPECTED)?;
        if let Some(name) = item.owned("agent_name")?
            && self.wanted.contains(&agent)
        {
            self.names.insert(agent, name);
        }
        Ok(())
    }
}

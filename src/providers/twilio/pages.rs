//! Walks Twilio's two kinds of lists page by page, on the host that was asked and nowhere else.

use serde_json::Value;
use tokio::sync::Semaphore;
use url::Url;

use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::failure::{Cause, Failure};
use crate::providers::http::{Ask, Connection};
use crate::providers::paging::{SeenPages, while_taking};

pub(super) use crate::providers::answer::Object as Item;

/// What taking an item gives.
pub(super) type Taken = Field<()>;

/// How a list names its items and its next page.
pub(super) enum List<'a> {
    /// `next_page_uri`, a path on the same host.
    Api2010 { base: &'a BaseUrl, items: &'static str },
    /// `meta.next_page_url`, an absolute address.
    Trunking { base: &'a BaseUrl, items: &'static str },
}

impl<'a> List<'a> {
    fn base(&self) -> &'a BaseUrl {
        match self {
            Self::Api2010 { base, .. } | Self::Trunking { base, .. } => base,
        }
    }

    fn items(&self) -> &'static str {
        match self {
            Self::Api2010 { items, .. } | Self::Trunking { items, .. } => items,
        }
    }

    /// The link to the next page; like the providers' own clients, this takes a page without the field for the last.
    fn next<'b>(&self, page: &Object<'b>) -> Field<Option<&'b str>> {
        match self {
            Self::Api2010 { .. } => page.text("next_page_uri"),
            Self::Trunking { .. } => page.object("meta")?.map_or(Ok(None), |meta| meta.text("next_page_url")),
        }
    }
}

/// Which of the side-by-side requests these are.
pub(super) enum Lane<'a> {
    /// A lane of its own, so that nothing else makes this chain wait.
    Own,
    /// One of a bounded number.
    Shared(&'a Semaphore),
}

/// Takes every item of every page, in order.
pub(super) async fn walk(
    connection: &Connection<'_>,
    list: &List<'_>,
    first: Url,
    lane: Lane<'_>,
    mut each: impl FnMut(&Item<'_>) -> Taken,
) -> Result<(), Failure> {
    let mut seen = SeenPages::default();
    let mut asked = Ask::get(list.base(), first);
    seen.admit(asked.url.as_str()).map_err(|cause| Failure::new(cause, asked.endpoint()))?;
    let mut answer = ask_in(&lane, connection, &asked).await?;
    loop {
        let fail = |cause| Failure::new(cause, asked.endpoint());
        let page = Object::whole(&answer).map_err(fail)?;
        let items = page.required_objects(list.items()).map_err(fail)?;
        // Counted before the items are judged: the page did arrive, so the read is partial and not failed.
        connection.arrived(items.len());
        let mut take = || items.iter().try_for_each(&mut each).map_err(fail);
        let Some(link) = list.next(&page).map_err(fail)? else { return take() };
        let next = Ask::get(list.base(), list.base().follow(link).map_err(|link| fail(Cause::ForeignLink(link)))?);
        seen.admit(next.url.as_str()).map_err(|cause| Failure::new(cause, next.endpoint()))?;
        answer = while_taking(ask_in(&lane, connection, &next), take).await?;
        asked = next;
    }
}

async fn ask_in(lane: &Lane<'_>, connection: &Connection<'_>, ask: &Ask<'_>) -> Result<Value, Failure> {
    let _permit = match lane {
        Lane::Own => None,
        Lane::Shared(lanes) => Some(lanes.acquire().await.expect("the semaphore is never closed")),
    };
    connection.read(ask).await
}

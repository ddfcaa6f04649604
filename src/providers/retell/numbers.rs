//! Walks the pages of a workspace's numbers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{PAGE_LIMIT, wire};
use crate::model::PhoneNumber;
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::failure::{Cause, Failure};
use crate::providers::http::{Ask, Connection};
use crate::providers::paging::SeenPages;
use crate::reconcile::live::{Oddity, RetellNumber, RetellWorkspace};

/// Reads every page of `GET /v2/list-phone-numbers`.
pub(super) async fn read(connection: &Connection<'_>, base: &BaseUrl) -> Result<RetellWorkspace, Failure> {
    let mut found = ImportedNumbers::default();
    let mut seen = SeenPages::default();
    let mut key: Option<String> = None;
    loop {
        let ask = Ask::get(base, base.at(&["v2", "list-phone-numbers"], &page_query(key.as_deref())));
        let fail = |cause| Failure::new(cause, ask.endpoint());
        let answer = connection.read(&ask).await?;
        key = found.take(connection, &answer).map_err(fail)?;
        match &key {
            Some(key) => seen.admit(key).map_err(fail)?,
            None => return Ok(found.workspace()),
        }
    }
}

/// The query of the page after `key`.
pub(super) fn page_query(key: Option<&str>) -> Vec<(&'static str, &str)> {
    let mut query = vec![PAGE_LIMIT];
    query.extend(key.map(|key| ("pagination_key", key)));
    query
}

/// The key of the next page; none where this is the last one.
///
/// Without `has_more`, which the published description leaves optional, the key alone decides.
pub(super) fn next_key(page: &Object<'_>) -> Field<Option<String>> {
    let key = page.owned("pagination_key")?;
    match page.flag("has_more")? {
        Some(false) => Ok(None),
        Some(true) => key.map(Some).ok_or(Cause::MissingPageKey),
        None => Ok(key),
    }
}

#[derive(Default)]
struct ImportedNumbers {
    numbers: BTreeMap<PhoneNumber, RetellNumber>,
    left_out: Vec<String>,
    oddities: Vec<Oddity>,
}

impl ImportedNumbers {
    fn take(&mut self, connection: &Connection<'_>, answer: &Value) -> Field<Option<String>> {
        let page = Object::whole(answer)?;
        let items = page.required_objects("items")?;
        connection.arrived(items.len());
        for item in &items {
            self.add(item)?;
        }
        next_key(&page)
    }

    fn add(&mut self, item: &Object<'_>) -> Field<()> {
        let Some(number) = wire::number(item, &mut self.oddities)? else {
            self.left_out.push(item.required("phone_number")?.to_owned());
            return Ok(());
        };
        let subject = number.phone_number.to_string();
        if self.numbers.insert(number.phone_number, number).is_some() {
            self.oddities
                .push(Oddity { subject, message: "Retell lists this number twice; the last entry counts".into() });
        }
        Ok(())
    }

    /// The workspace, its agents' names still unknown.
    fn workspace(self) -> RetellWorkspace {
        RetellWorkspace {
            numbers: self.numbers.into_values().collect(),
            left_out: self.left_out,
            oddities: self.oddities,
            ..RetellWorkspace::default()
        }
    }
}

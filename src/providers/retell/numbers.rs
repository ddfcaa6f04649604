//! Walks the pages of a workspace's numbers.

use std::collections::BTreeMap;

use super::{PAGE_LIMIT, wire};
use crate::model::PhoneNumber;
use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::failure::{Cause, Failure};
use crate::providers::http::{Ask, Connection};
use crate::providers::paging::{SeenPages, while_taking};
use crate::reconcile::live::{Oddity, RetellNumber, RetellWorkspace};

/// Reads every page of `GET /v2/list-phone-numbers`.
pub(super) async fn read(connection: &Connection<'_>, base: &BaseUrl) -> Result<RetellWorkspace, Failure> {
    let ask = |key: Option<&str>| Ask::get(base, base.at(&["v2", "list-phone-numbers"], &page_query(key)));
    let mut found = ImportedNumbers::default();
    let mut seen = SeenPages::default();
    let mut asked = ask(None);
    let mut answer = connection.read(&asked).await?;
    loop {
        let fail = |cause| Failure::new(cause, asked.endpoint());
        let page = Object::whole(&answer).map_err(fail)?;
        let items = page.required_objects("items").map_err(fail)?;
        connection.arrived(items.len());
        let mut take = || items.iter().try_for_each(|item| found.add(item)).map_err(fail);
        let Some(key) = next_key(&page).map_err(fail)? else {
            take()?;
            return Ok(found.workspace());
        };
        seen.admit(&key).map_err(fail)?;
        let next = ask(Some(&key));
        answer = while_taking(connection.read(&next), take).await?;
        asked = next;
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

//! Reads a whole Twilio account: numbers, trunks, origination URLs, credential lists and their user names.
//!
//! The numbers' pages follow one another; beside them, at most seven requests at a time bring the rest. No
//! number needs a request of its own, because each carries its trunk's SID.

pub mod billing;
pub mod offers;
mod pages;
mod wire;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join, try_join_all};
use tokio::sync::Semaphore;

use self::pages::{Lane, List};
use super::clients::Clients;
use super::credentials::TwilioCredentials;
use super::failure::{Failure, Whom, shown};
use super::http::{Authorization, Connection, Tally};
use super::progress::Progress;
use super::reads;
use crate::model::sid::{AccountSid, CredentialListSid, TrunkSid};
use crate::model::trunks::{CredentialList, OriginationUrl, Trunk, TrunkNumber};
use crate::reconcile::live::{Oddity, ProviderName, Read, TwilioAccount, TwilioNumber};

/// Requests at a time besides the numbers' pages, which have a lane of their own: 8 in all.
const SIDE_LANES: usize = 7;
const PAGE_SIZE: [(&str, &str); 1] = [("PageSize", "1000")];

/// What is said of an account whose trunks came in place of those that were meant.
const OF_OTHER_ACCOUNT: &str = "the trunks are this account's, not those of `TWILIO_ACCOUNT_SID`, since the key belongs to it; a subaccount \
    needs its own auth token, or an API key that was made in it";

/// Reads the account. The read is complete only when every page of every list arrived.
pub async fn read_account(
    clients: &Clients,
    credentials: &TwilioCredentials,
    progress: &Progress,
) -> Read<TwilioAccount> {
    let connection = connect(clients, credentials, progress);
    let reader = TwilioReader {
        connection: &connection,
        credentials,
        lanes: Semaphore::new(SIDE_LANES),
        known_lists: RefCell::default(),
        left_out: RefCell::default(),
        oddities: RefCell::default(),
    };
    let result = reader.account().await;
    reads::finish(&connection, result)
}

fn connect<'a>(clients: &'a Clients, credentials: &TwilioCredentials, progress: &Progress) -> Connection<'a> {
    Connection {
        clients,
        whom: Whom { provider: ProviderName::Twilio, workspace: None, source: credentials.source.clone() },
        authorization: Authorization::Basic(credentials.user.clone(), credentials.secret.clone()),
        line: progress.line("Twilio".to_owned()),
        tally: Tally::default(),
    }
}

struct TwilioReader<'a> {
    connection: &'a Connection<'a>,
    credentials: &'a TwilioCredentials,
    lanes: Semaphore,
    known_lists: RefCell<BTreeSet<CredentialListSid>>,
    left_out: RefCell<Vec<String>>,
    oddities: RefCell<Vec<Oddity>>,
}

/// A trunk, with the credential lists that it was the first to name.
type TrunkWithLists = (Trunk, Vec<CredentialList>);

impl TwilioReader<'_> {
    async fn account(&self) -> Result<TwilioAccount, Failure> {
        let (numbers, with_lists) = try_join(self.numbers(), self.trunks()).await?;
        let (mut trunks, lists): (Vec<_>, Vec<_>) = with_lists.into_iter().unzip();
        let mut credentials: Vec<CredentialList> = lists.into_iter().flatten().collect();
        credentials.sort_by_key(|list| list.credential_list_sid);
        trunks.sort_by_key(|trunk| trunk.trunk_sid);
        self.hang_numbers(&mut trunks, &numbers);
        let (left_out, oddities) = (self.left_out.take(), self.oddities.take());
        Ok(TwilioAccount { numbers, left_out, trunks, credentials, oddities })
    }

    async fn numbers(&self) -> Result<Vec<TwilioNumber>, Failure> {
        let account = self.credentials.account.to_string();
        let parts = ["2010-04-01", "Accounts", &account, "IncomingPhoneNumbers.json"];
        let first = self.credentials.api.at(&parts, &PAGE_SIZE);
        let mut numbers = BTreeMap::new();
        let list = List::Api2010 { base: &self.credentials.api, items: "incoming_phone_numbers" };
        pages::walk(self.connection, &list, first, Lane::Own, |item| {
            let mut oddities = self.oddities.borrow_mut();
            if let Some(number) = wire::number(item, &mut oddities)? {
                let subject = number.phone_number.to_string();
                if numbers.insert(number.phone_number, number).is_some() {
                    oddities.push(Oddity {
                        subject,
                        message: "Twilio lists this number twice; the last entry counts".into(),
                    });
                }
            } else {
                self.left_out.borrow_mut().push(item.required("phone_number")?.to_owned());
            }
            Ok(())
        })
        .await?;
        Ok(numbers.into_values().collect())
    }

    async fn trunks(&self) -> Result<Vec<TrunkWithLists>, Failure> {
        let mut trunks = BTreeMap::new();
        self.walk_trunking(&["v1", "Trunks"], "trunks", |item| {
            self.tell_other_account(item)?;
            let trunk = wire::trunk(item, &mut self.oddities.borrow_mut())?;
            trunks.insert(trunk.trunk_sid, trunk);
            Ok(())
        })
        .await?;
        try_join_all(trunks.into_values().map(|trunk| self.fill(trunk))).await
    }

    /// No address of trunks names an account: the key of a main account is answered with its own trunks, whatever
    /// subaccount is meant. Told once an account.
    fn tell_other_account(&self, item: &pages::Item<'_>) -> pages::Taken {
        let named = item.text("account_sid")?;
        let other = named.filter(|sid| AccountSid::parse(sid).is_ok_and(|account| account != self.credentials.account));
        if let Some(sid) = other {
            let oddity = Oddity { subject: shown(sid, &[]), message: OF_OTHER_ACCOUNT.to_owned() };
            let mut oddities = self.oddities.borrow_mut();
            if !oddities.contains(&oddity) {
                oddities.push(oddity);
            }
        }
        Ok(())
    }

    async fn fill(&self, mut trunk: Trunk) -> Result<TrunkWithLists, Failure> {
        let (urls, (sids, lists)) =
            try_join(self.origination_urls(trunk.trunk_sid), self.credential_lists(trunk.trunk_sid)).await?;
        trunk.origination_urls = urls;
        let mut sids = sids.into_iter();
        trunk.credential_list_sid = sids.next();
        trunk.credential_list_sids = Some(sids.collect::<Vec<_>>()).filter(|further| !further.is_empty());
        Ok((trunk, lists))
    }

    async fn origination_urls(&self, trunk: TrunkSid) -> Result<Vec<OriginationUrl>, Failure> {
        let mut urls = Vec::new();
        self.walk_trunking(&["v1", "Trunks", trunk.as_str(), "OriginationUrls"], "origination_urls", |item| {
            urls.push(wire::origination_url(item)?);
            Ok(())
        })
        .await?;
        urls.sort_by_key(|url| (url.priority, std::cmp::Reverse(url.weight), url.sid));
        urls.dedup_by_key(|url| url.sid);
        Ok(urls)
    }

    async fn credential_lists(
        &self,
        trunk: TrunkSid,
    ) -> Result<(Vec<CredentialListSid>, Vec<CredentialList>), Failure> {
        let mut lists: Vec<CredentialList> = Vec::new();
        self.walk_trunking(&["v1", "Trunks", trunk.as_str(), "CredentialLists"], "credential_lists", |item| {
            let list = wire::credential_list(item)?;
            if lists.iter().all(|known| known.credential_list_sid != list.credential_list_sid) {
                lists.push(list);
            }
            Ok(())
        })
        .await?;
        let sids = lists.iter().map(|list| list.credential_list_sid).collect();
        lists.retain(|list| self.known_lists.borrow_mut().insert(list.credential_list_sid));
        let named = try_join_all(lists.into_iter().map(|list| self.with_usernames(list))).await?;
        Ok((sids, named))
    }

    async fn with_usernames(&self, mut list: CredentialList) -> Result<CredentialList, Failure> {
        let account = self.credentials.account.to_string();
        let sid = list.credential_list_sid.to_string();
        let parts = ["2010-04-01", "Accounts", &account, "SIP", "CredentialLists", &sid, "Credentials.json"];
        let first = self.credentials.api.at(&parts, &PAGE_SIZE);
        let pages = List::Api2010 { base: &self.credentials.api, items: "credentials" };
        pages::walk(self.connection, &pages, first, Lane::Shared(&self.lanes), |item| {
            list.usernames.push(item.required("username")?.to_owned());
            Ok(())
        })
        .await?;
        Ok(list)
    }

    async fn walk_trunking(
        &self,
        parts: &[&str],
        items: &'static str,
        each: impl FnMut(&pages::Item<'_>) -> pages::Taken,
    ) -> Result<(), Failure> {
        let base = &self.credentials.trunking;
        let list = List::Trunking { base, items };
        pages::walk(self.connection, &list, base.at(parts, &PAGE_SIZE), Lane::Shared(&self.lanes), each).await
    }

    fn hang_numbers(&self, trunks: &mut [Trunk], numbers: &[TwilioNumber]) {
        for number in numbers {
            let Some(sid) = number.trunk_sid else { continue };
            match trunks.binary_search_by_key(&sid, |trunk| trunk.trunk_sid) {
                Ok(index) => trunks[index]
                    .phone_numbers
                    .push(TrunkNumber { phone_number_sid: number.sid, phone_number: number.phone_number }),
                Err(_) => self.oddities.borrow_mut().push(Oddity {
                    subject: number.phone_number.to_string(),
                    message: format!("is on trunk `{sid}`, which Twilio does not list"),
                }),
            }
        }
    }
}

/// Reads an answer as a page of each kind of record; for the fuzzing in `fuzz/` alone.
#[cfg(fuzzing)]
pub(super) fn read_answer(answer: &serde_json::Value) {
    let Ok(page) = super::answer::Object::whole(answer) else { return };
    let mut oddities = Vec::new();
    for item in page.required_objects("items").iter().flatten() {
        let _named_by_its_place = wire::number(item, &mut oddities);
        let _named_by_its_place = wire::trunk(item, &mut oddities);
        let _named_by_its_place = wire::origination_url(item);
        let _named_by_its_place = wire::credential_list(item);
    }
    let base = super::base_url::BaseUrl::known("https://api.twilio.com");
    if let Ok(Some(link)) = page.text("next_page_uri")
        && let Ok(url) = base.follow(link)
    {
        assert_eq!(url.host_str(), Some("api.twilio.com"), "{link:?}");
    }
}

//! Asks how many calls a workspace has at the moment, and how many it may have.

use serde_json::Value;

use crate::capacity::concurrency::LiveConcurrency;
use crate::providers::answer::{Field, Object};
use crate::providers::clients::Clients;
use crate::providers::credentials::RetellCredentials;
use crate::providers::failure::Failure;
use crate::providers::http::{Ask, Connection};
use crate::providers::progress::Progress;
use crate::providers::reads;
use crate::reconcile::live::Read;

/// Asks `GET /get-concurrency` for the key's workspace.
pub async fn read_concurrency(
    clients: &Clients,
    credentials: &RetellCredentials,
    progress: &Progress,
) -> Read<LiveConcurrency> {
    let connection = super::connect(clients, credentials, progress);
    let result = ask(&connection, credentials).await;
    reads::finish(&connection, result)
}

async fn ask(connection: &Connection<'_>, credentials: &RetellCredentials) -> Result<LiveConcurrency, Failure> {
    let ask = Ask::get(&credentials.base, credentials.base.at(&["get-concurrency"], &[]));
    let answer = connection.read(&ask).await?;
    concurrency(&answer).map_err(|cause| Failure::new(cause, ask.endpoint()))
}

fn concurrency(answer: &Value) -> Field<LiveConcurrency> {
    let object = Object::whole(answer)?;
    let count = |name: &str| {
        let whole = object.whole_number(name)?;
        whole.map(|count| u64::try_from(count).map_err(|_| object.wrong(name, "a whole number from 0"))).transpose()
    };
    let is_bursting = object.flag("concurrency_burst_enabled")?.unwrap_or(true);
    Ok(LiveConcurrency {
        current: count("current_concurrency")?,
        limit: count("concurrency_limit")?,
        reserved_inbound: count("reserved_inbound_concurrency")?,
        // It is 0 where bursts are off.
        burst_limit: count("concurrency_burst_limit")?.filter(|limit| *limit > 0 && is_bursting),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_figure_is_optional_and_a_burst_counts_only_where_it_is_on() {
        let answer = json!({
            "current_concurrency": 10, "concurrency_limit": 100.0, "reserved_inbound_concurrency": 5,
            "concurrency_burst_enabled": true, "concurrency_burst_limit": 300, "base_concurrency": 20,
        });
        let read = concurrency(&answer).unwrap();
        let all =
            LiveConcurrency { current: Some(10), limit: Some(100), reserved_inbound: Some(5), burst_limit: Some(300) };
        assert_eq!(read, all);
        let off = json!({"concurrency_burst_enabled": false, "concurrency_burst_limit": 300});
        assert_eq!(concurrency(&off).unwrap(), LiveConcurrency::default());
        assert_eq!(concurrency(&json!({"concurrency_burst_limit": 0})).unwrap().burst_limit, None);
        assert!(concurrency(&json!({"concurrency_limit": "20"})).is_err());
        assert!(concurrency(&json!({"concurrency_limit": -1})).is_err());
    }
}

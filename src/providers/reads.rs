//! Turns how a read ended into its outcome: complete, partial or failed.

use super::failure::Failure;
use super::http::Connection;
use crate::reconcile::live::{Outcome, Read};

/// Closes a read. Some page arrived: partial; none did: failed.
pub(crate) fn finish<T>(connection: &Connection<'_>, result: Result<T, Failure>) -> Read<T> {
    let tally = &connection.tally;
    let outcome = match result {
        Ok(value) => Outcome::Complete(value),
        Err(failure) if tally.pages.get() > 0 => Outcome::Partial(failure.describe_partial(&connection.whom)),
        Err(failure) => Outcome::Failed(failure.describe(&connection.whom)),
    };
    Read {
        provider: connection.whom.provider,
        workspace: connection.whom.workspace.clone(),
        outcome,
        items: tally.items.get(),
        requests: tally.requests.get(),
    }
}

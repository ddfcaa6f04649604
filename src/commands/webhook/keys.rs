//! The keys by which events are verified: each workspace's webhook key or API key, and the one before it.

use crate::activity::signature::SigningKey;
use crate::commands::Session;
use crate::commands::desk::calls::CallContext;
use crate::error::{Error, Result};
use crate::providers::credentials;

/// Collects the keys of the workspaces; one without any is named, and its events are refused.
pub fn of(context: &CallContext<'_>, session: &Session) -> Result<Vec<SigningKey>> {
    let environment = context.desk.environment();
    let settings = context.directory.settings.as_ref();
    let mut keys = Vec::new();
    for workspace in &context.workspaces {
        let before = keys.len();
        keys.extend(credentials::signing_keys(&environment, settings, workspace)?);
        if keys.len() == before {
            session.note(&format!("warning: there is no key of `{workspace}`, so its events are refused"));
        }
    }
    if keys.is_empty() {
        return Err(Error::failed("there is no key to verify events with")
            .hint("set `RETELL_<WORKSPACE>_WEBHOOK_KEY` to the API key with the webhook badge, for each workspace"));
    }
    let mut withheld = crate::model::run_keys::RunKeys::default();
    for key in &keys {
        withheld.learn(&key.key);
    }
    session.withhold(&withheld);
    refuse_shared(&keys)?;
    Ok(keys)
}

/// A key of two workspaces would name neither.
fn refuse_shared(keys: &[SigningKey]) -> Result<()> {
    for (at, one) in keys.iter().enumerate() {
        let is_twin = |other: &&SigningKey| other.workspace != one.workspace && other.key.reveal() == one.key.reveal();
        if let Some(other) = keys[..at].iter().find(is_twin) {
            return Err(Error::failed(format!(
                "the workspaces `{}` and `{}` have the same key, so it names neither",
                other.workspace, one.workspace
            ))
            .hint("give each workspace its own key, or serve one of them with `-w`"));
        }
    }
    Ok(())
}

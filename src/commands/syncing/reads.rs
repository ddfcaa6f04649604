//! How each read of a provider went, as the commands that read report it.

use serde::Serialize;

use crate::error::Error;
use crate::reconcile::live::{Outcome, ProviderName, Read};

/// One read, as it is reported.
pub struct ReadLine {
    provider: ProviderName,
    workspace: Option<String>,
    status: &'static str,
    items: usize,
    requests: usize,
    /// Why it did not arrive in full.
    pub error: Option<Error>,
}

impl ReadLine {
    /// The line of a read.
    pub fn of<T>(read: &Read<T>) -> Self {
        let (status, error) = match &read.outcome {
            Outcome::Complete(_) => ("complete", None),
            Outcome::Partial(error) => ("partial", Some(error)),
            Outcome::Failed(error) => ("failed", Some(error)),
        };
        Self {
            provider: read.provider,
            workspace: read.workspace.as_ref().map(ToString::to_string),
            status,
            items: read.items,
            requests: read.requests,
            error: error.cloned(),
        }
    }

    /// The line for people.
    pub fn human(&self) -> String {
        let workspace = self.workspace.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let plural = if self.requests == 1 { "" } else { "s" };
        format!(
            "{}{workspace}: {}, {} items, {} request{plural}\n",
            self.provider.title(),
            self.status,
            self.items,
            self.requests
        )
    }

    /// The entry of the `reads` array.
    pub fn json(&self) -> ReadJson<'_> {
        ReadJson {
            provider: self.provider.as_str(),
            workspace: self.workspace.as_deref(),
            status: self.status,
            items: self.items,
            requests: self.requests,
            error: self.error.as_ref().map(Error::message),
        }
    }
}

/// One entry of the `reads` array.
#[derive(Serialize)]
pub struct ReadJson<'a> {
    provider: &'static str,
    workspace: Option<&'a str>,
    status: &'static str,
    items: usize,
    requests: usize,
    error: Option<&'a str>,
}

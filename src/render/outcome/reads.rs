//! How each read of a provider went.

use serde::Serialize;

use crate::activity::pull::ReadCalls;
use crate::error::Error;
use crate::plural::counted;
use crate::reconcile::live::{Outcome, ProviderName, Read, RetellWorkspace, TwilioAccount};

/// What a read brought, for people.
pub trait ReadContent {
    /// What arrived of a read that is not complete, one of it.
    const ARRIVES: &'static str = "record";

    /// What a complete one brought.
    fn words(&self) -> String;
}

impl ReadContent for TwilioAccount {
    fn words(&self) -> String {
        let lists = counted(self.credentials.len(), "credential list");
        format!("{}, {}, {lists}", counted(self.numbers.len(), "number"), counted(self.trunks.len(), "trunk"))
    }
}

impl ReadContent for RetellWorkspace {
    fn words(&self) -> String {
        counted(self.numbers.len(), "number")
    }
}

impl ReadContent for ReadCalls {
    const ARRIVES: &'static str = "call";

    fn words(&self) -> String {
        counted(self.calls, "call")
    }
}

/// One read, as it is reported.
#[derive(Clone)]
pub struct ReadLine {
    provider: ProviderName,
    workspace: Option<String>,
    status: &'static str,
    items: usize,
    requests: usize,
    content: String,
    /// Why it did not arrive in full.
    pub error: Option<Error>,
}

impl ReadLine {
    pub fn of<T: ReadContent>(read: &Read<T>) -> Self {
        let arrived = || counted(read.items, T::ARRIVES);
        let (status, error, content) = match &read.outcome {
            Outcome::Complete(content) => ("complete", None, content.words()),
            Outcome::Partial(error) => ("partial", Some(error), arrived()),
            Outcome::Failed(error) => ("failed", Some(error), arrived()),
        };
        Self {
            provider: read.provider,
            workspace: read.workspace.as_ref().map(ToString::to_string),
            status,
            items: read.items,
            requests: read.requests,
            content,
            error: error.cloned(),
        }
    }

    /// Whether nothing of it arrived.
    pub fn is_failed(&self) -> bool {
        self.status == "failed"
    }

    pub fn human(&self) -> String {
        let workspace = self.workspace.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let requests = counted(self.requests, "request");
        format!("{}{workspace}: {}, {}, {requests}\n", self.provider.title(), self.status, self.content)
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

//! What should go wrong, and which requests it hits; `fault_spec` reads it from a line, `fault_effects` does it.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// This status, with the provider's form of an error.
    Status(u16),
    /// A TCP reset instead of an answer.
    Reset,
    /// Silence for this long.
    Hang(Duration),
    /// This pause before each 64 bytes of the body.
    Slow(Duration),
    /// An HTML page with status 200.
    Html,
    /// A body that is shorter than its `Content-Length`.
    Truncate,
    /// A complete answer with half of the JSON.
    HalfJson,
    /// A next page that is always the first one.
    RepeatPage,
    /// A next page on another host; none is `localhost` on the sandbox's port.
    ForeignPage(Option<String>),
    /// Status 307 to this address; none is a path of the sandbox.
    Redirect(Option<String>),
    /// A number where the identity's text belongs.
    WrongType,
    /// A value outside the documented enumeration.
    UnknownEnum,
    /// The first record twice.
    Duplicate,
    /// The next page's first number deleted.
    Vanish,
    /// A body of so many MiB.
    Oversized(u64),
    /// At most so many records a page, whatever was asked for.
    Pages(u64),
    /// No cost of a call until so long after its end.
    LateCost(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    Twilio,
    Trunking,
    Retell,
}

impl Provider {
    /// The provider that a path belongs to.
    pub fn of_path(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("2010-04-01") => Self::Twilio,
            Some("v1") => Self::Trunking,
            _ => Self::Retell,
        }
    }
}

/// Which of the matching requests are hit, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Every,
    Nth(u64),
    First(u64),
    From(u64),
}

/// One fault, as its line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) spec: String,
    pub(super) kind: FaultKind,
    pub(super) retry_after: Option<String>,
    pub(super) provider: Option<Provider>,
    pub(super) path: Option<String>,
    pub(super) method: Option<String>,
    pub(super) workspace: Option<String>,
    pub(super) turn: Turn,
}

impl Fault {
    pub fn kind(&self) -> &FaultKind {
        &self.kind
    }

    /// The `Retry-After` of a status fault.
    pub fn retry_after(&self) -> Option<&str> {
        self.retry_after.as_deref()
    }

    fn matches(&self, request: &FaultTarget<'_>) -> bool {
        let Self { provider, path, method, workspace, .. } = self;
        provider.is_none_or(|provider| provider == Provider::of_path(request.path))
            && path.as_ref().is_none_or(|path| request.path.contains(path))
            && method.as_ref().is_none_or(|method| method == request.method)
            && workspace.as_ref().is_none_or(|workspace| Some(workspace.as_str()) == request.workspace)
    }

    fn is_due(&self, count: u64) -> bool {
        match self.turn {
            Turn::Every => true,
            Turn::Nth(nth) => count == nth,
            Turn::First(last) => count <= last,
            Turn::From(first) => count >= first,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.spec)
    }
}

/// What a fault can tell requests apart by.
pub(super) struct FaultTarget<'a> {
    pub(super) method: &'a str,
    /// The path with its query.
    pub(super) path: &'a str,
    pub(super) workspace: Option<&'a str>,
}

/// The faults in force, each with how many requests it has matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<(Fault, u64)>);

impl Faults {
    /// Adds a fault behind those that are there.
    pub fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Each fault with how many requests it has matched, hit or not.
    pub fn iter(&self) -> impl Iterator<Item = (&Fault, u64)> {
        self.0.iter().map(|(fault, count)| (fault, *count))
    }

    /// Counts a request and returns the faults that hit it, in the order in which they were added.
    pub(super) fn hit(&mut self, request: &FaultTarget<'_>) -> Vec<Fault> {
        let matching = self.0.iter_mut().filter(|(fault, _)| fault.matches(request));
        let counted = matching.map(|(fault, count)| {
            *count += 1;
            (fault, *count)
        });
        counted.filter(|(fault, count)| fault.is_due(*count)).map(|(fault, _)| fault.clone()).collect()
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        Self(faults.into_iter().map(|fault| (fault, 0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: FaultTarget<'_> =
        FaultTarget { method: "GET", path: "/v2/list-phone-numbers?limit=50", workspace: Some("staging") };

    fn hits(spec: &str, requests: usize) -> Vec<bool> {
        let mut faults: Faults = [spec.parse().expect("the spec is valid")].into_iter().collect();
        (0..requests).map(|_| !faults.hit(&NUMBERS).is_empty()).collect()
    }

    #[test]
    fn a_fault_hits_every_request_or_the_ones_it_counts() {
        assert_eq!(hits("reset", 3), [true, true, true]);
        assert_eq!(hits("reset,nth=2", 3), [false, true, false]);
        assert_eq!(hits("reset,first=2", 3), [true, true, false]);
        assert_eq!(hits("reset,from=2", 3), [false, true, true]);
    }

    #[test]
    fn a_fault_hits_only_the_requests_that_it_names() {
        assert_eq!(hits("html,provider=retell,path=list-phone,method=get,workspace=staging", 1), [true]);
        for other in ["provider=trunking", "path=/list-agents", "method=POST", "workspace=production"] {
            assert_eq!(hits(&format!("html,{other}"), 1), [false], "{other}");
        }
    }
}

//! What should go wrong, said in one line: `KIND[:VALUE][,provider=P][,path=TEXT][,method=M][,workspace=W][,nth=N]`.
//!
//! This file reads such lines and decides which requests they hit; `fault_effects` makes the damage.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;

use crate::error::Error;

/// Every kind with its value and its effect: the table behind parsing, error messages and `--help`.
pub const FAULT_KINDS: [(&str, &str); 15] = [
    ("status:CODE", "answer with this status and the provider's error body; retry-after=SECONDS adds the header"),
    ("reset", "break the connection without an answer"),
    ("hang[:SECONDS]", "say nothing for so long (3600), then answer"),
    ("slow[:MILLISECONDS]", "send 64 bytes of the body at a time, with this pause (100) before each"),
    ("html", "answer with a web page and status 200"),
    ("truncate", "break the connection in the middle of the body"),
    ("half-json", "send a whole answer that holds half of the JSON"),
    ("repeat-page", "say of each page that the first one comes next"),
    ("foreign-page[:BASE]", "lead the next page to another host (`localhost` instead of `127.0.0.1`)"),
    ("redirect[:URL]", "answer 307 (to a path of the sandbox that logs who follows)"),
    ("wrong-type", "make the first record's identity a number"),
    ("unknown-enum", "give the first record a type that is not documented"),
    ("duplicate", "give the first record of a list twice"),
    ("vanish", "delete the number that would come first on the next page"),
    ("oversized[:MIB]", "answer with so much (64 MiB) JSON white space"),
];

/// What goes wrong.
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
}

/// Which provider's requests are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// api.twilio.com.
    Twilio,
    /// trunking.twilio.com.
    Trunking,
    /// Retell.
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
enum Turn {
    Every,
    Nth(u64),
    First(u64),
    From(u64),
}

/// One fault, as its line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    spec: String,
    kind: FaultKind,
    retry_after: Option<String>,
    provider: Option<Provider>,
    path: Option<String>,
    method: Option<String>,
    workspace: Option<String>,
    turn: Turn,
}

impl Fault {
    /// What goes wrong.
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

impl FromStr for Fault {
    type Err = Error;

    fn from_str(spec: &str) -> Result<Self, Error> {
        let invalid = |reason: String| bad_spec(spec, &reason);
        let mut parts = spec.split(',').map(str::trim);
        let kind = parse_kind(parts.next().unwrap_or_default()).map_err(invalid)?;
        let mut fault = Self {
            spec: spec.to_owned(),
            kind,
            retry_after: None,
            provider: None,
            path: None,
            method: None,
            workspace: None,
            turn: Turn::Every,
        };
        for part in parts {
            let (key, value) = part.split_once('=').ok_or_else(|| invalid(format!("`{part}` is not KEY=VALUE")))?;
            fault.set(key, value).map_err(invalid)?;
        }
        Ok(fault)
    }
}

impl Fault {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "provider" => self.provider = Some(parse_provider(value)?),
            "path" => self.path = Some(value.to_owned()),
            "method" => self.method = Some(value.to_ascii_uppercase()),
            "workspace" => self.workspace = Some(value.to_owned()),
            "retry-after" if matches!(self.kind, FaultKind::Status(_)) => self.retry_after = Some(value.to_owned()),
            "retry-after" => return Err("`retry-after` goes with `status` only".to_owned()),
            "nth" => self.turn = Turn::Nth(parse_count(key, value)?),
            "first" => self.turn = Turn::First(parse_count(key, value)?),
            "from" => self.turn = Turn::From(parse_count(key, value)?),
            _ => {
                let known = "provider, path, method, workspace, nth, first, from, retry-after";
                return Err(format!("`{key}` is none of {known}"));
            }
        }
        Ok(())
    }
}

fn parse_kind(text: &str) -> Result<FaultKind, String> {
    let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value)));
    let number = |default: u64| value.map_or(Ok(default), |value| parse_count(name, value));
    let text_value = value.map(str::to_owned);
    let kind = match name {
        "status" => return parse_status(value),
        "hang" => FaultKind::Hang(Duration::from_secs(number(3600)?)),
        "slow" => FaultKind::Slow(Duration::from_millis(number(100)?)),
        "oversized" => FaultKind::Oversized(number(64)?),
        "foreign-page" => return Ok(FaultKind::ForeignPage(text_value)),
        "redirect" => return Ok(FaultKind::Redirect(text_value)),
        _ => return parse_plain_kind(name, value),
    };
    Ok(kind)
}

/// The kinds without a value.
fn parse_plain_kind(name: &str, value: Option<&str>) -> Result<FaultKind, String> {
    let kind = match name {
        "reset" => FaultKind::Reset,
        "html" => FaultKind::Html,
        "truncate" => FaultKind::Truncate,
        "half-json" => FaultKind::HalfJson,
        "repeat-page" => FaultKind::RepeatPage,
        "wrong-type" => FaultKind::WrongType,
        "unknown-enum" => FaultKind::UnknownEnum,
        "duplicate" => FaultKind::Duplicate,
        "vanish" => FaultKind::Vanish,
        _ => return Err(format!("`{name}` is not a kind of fault")),
    };
    value.map_or(Ok(kind), |_| Err(format!("`{name}` takes no value")))
}

fn parse_status(value: Option<&str>) -> Result<FaultKind, String> {
    let code = value.and_then(|value| value.parse().ok()).filter(|code| (200..=599).contains(code));
    code.map(FaultKind::Status).ok_or_else(|| "`status` needs a code from 200 to 599, such as `status:503`".to_owned())
}

fn parse_provider(text: &str) -> Result<Provider, String> {
    match text {
        "twilio" => Ok(Provider::Twilio),
        "trunking" => Ok(Provider::Trunking),
        "retell" => Ok(Provider::Retell),
        _ => Err(format!("provider `{text}` is none of twilio, trunking, retell")),
    }
}

fn parse_count(name: &str, text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("`{name}` needs a whole number above 0"))
}

fn bad_spec(spec: &str, reason: &str) -> Error {
    let kinds: Vec<_> = FAULT_KINDS.iter().map(|(kind, _)| *kind).collect();
    Error::failed(format!("fault `{spec}` makes no sense: {reason}")).hint(format!(
        "the kinds are {}; an example is `status:429,retry-after=1,provider=twilio,nth=2`",
        kinds.join(", ")
    ))
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

    /// Removes all faults.
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

    #[test]
    fn every_kind_of_the_table_can_be_parsed_with_and_without_its_value() {
        for (kind, _) in FAULT_KINDS {
            let (name, value) = kind.split_once(['[', ':']).unwrap_or((kind, ""));
            let with_value = format!("{name}:429");
            assert_eq!(with_value.parse::<Fault>().is_ok(), !value.is_empty(), "{with_value}");
            assert_eq!(name.parse::<Fault>().is_ok(), name != "status", "{name}");
        }
    }

    #[test]
    fn a_bad_spec_says_what_is_wrong_and_lists_the_kinds() {
        for bad in
            ["", "explode", "status", "status:99", "reset:1", "reset,nth=0", "reset,color=red", "html,retry-after=1"]
        {
            let error = bad.parse::<Fault>().expect_err(bad);
            assert!(error.message().contains(&format!("`{bad}`")), "{error}");
            assert!(error.hint_text().is_some_and(|hint| hint.contains("foreign-page") && hint.contains("oversized")));
        }
    }
}

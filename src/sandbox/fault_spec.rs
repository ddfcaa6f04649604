//! Faults as people write them: `KIND[:VALUE][,provider=P][,path=TEXT][,method=M][,workspace=W][,nth=N]`.
//!
//! A path matches where it contains the text, query included. `nth`, `first` and `from` count the matching requests.

use std::str::FromStr;
use std::time::Duration;

use crate::error::Error;

use super::faults::{Fault, FaultKind, Provider, Turn};

/// Every kind with its value and its effect: the table behind parsing, error messages and `--help`.
pub const FAULT_KINDS: [(&str, &str); 17] = [
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
    ("pages[:RECORDS]", "give so few records (5) a page, however many were asked for"),
    ("late-cost[:SECONDS]", "say of a call that it cost nothing until so long (3600) after its end"),
];

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
        "pages" => FaultKind::Pages(number(5)?),
        "late-cost" => FaultKind::LateCost(Duration::from_secs(number(3600)?)),
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
        _ => return Err(format!("`{name}` is none of the kinds {}", kinds())),
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
    let hint = "an example is `status:429,retry-after=1,provider=twilio,nth=2`; the kinds are";
    Error::failed(format!("fault `{spec}` makes no sense: {reason}")).hint(format!("{hint} {}", kinds()))
}

fn kinds() -> String {
    FAULT_KINDS.map(|(kind, _)| kind).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

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

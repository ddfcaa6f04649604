//! Where the sandbox sends its events, and what goes wrong with them.

use std::str::FromStr;
use std::time::Duration;

use url::Url;

use crate::error::Error;

/// The address of a receiver on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookTarget {
    /// Host and port, to connect to.
    pub(super) authority: String,
    /// Path and query.
    pub(super) path: String,
}

impl FromStr for WebhookTarget {
    type Err = Error;

    /// Reads a plain address on loopback: made-up events, signed with made-up keys, are for no one else.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || {
            Error::failed(format!("`{}` is no address of a receiver on this machine", text.escape_debug()))
                .hint("give an address such as `http://127.0.0.1:8787/webhook/retell`")
        };
        let url = Url::parse(text).map_err(|_| refused())?;
        let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let host = url.host_str().filter(|_| url.scheme() == "http" && is_loopback).ok_or_else(refused)?;
        let authority = format!("{host}:{}", url.port_or_known_default().unwrap_or(80));
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(Self { authority, path: format!("{}{query}", url.path()) })
    }
}

/// What goes wrong with events on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookFault {
    /// The events of a call come in the wrong order.
    Reordered,
    Doubled,
    /// Each event comes so much later than it was signed.
    Delayed(Duration),
    /// Each event is changed behind its signature.
    Tampered,
    /// No event comes.
    Lost,
    /// Costs come with the last event, and not with the one before.
    LateCost,
}

/// The faults of events with their effects, as the help lists them.
pub const WEBHOOK_FAULTS: [(&str, &str); 6] = [
    ("reordered", "send the last event of a call first"),
    ("doubled", "send each event twice"),
    ("delayed[:SECONDS]", "send each event so much later (10) than it was signed"),
    ("tampered", "change each event after it was signed"),
    ("lost", "send no event"),
    ("late-cost", "say what a call cost in its last event only"),
];

impl FromStr for WebhookFault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (kind, value) = text.split_once(':').map_or((text, None), |(kind, value)| (kind, Some(value)));
        match (kind, value.map(str::parse::<u64>)) {
            ("reordered", None) => Ok(Self::Reordered),
            ("doubled", None) => Ok(Self::Doubled),
            ("delayed", None) => Ok(Self::Delayed(Duration::from_secs(10))),
            ("delayed", Some(Ok(seconds))) if seconds <= 3600 => Ok(Self::Delayed(Duration::from_secs(seconds))),
            ("tampered", None) => Ok(Self::Tampered),
            ("lost", None) => Ok(Self::Lost),
            ("late-cost", None) => Ok(Self::LateCost),
            _ => {
                let known: Vec<_> = WEBHOOK_FAULTS.iter().map(|(kind, _)| format!("`{kind}`")).collect();
                Err(Error::failed(format!("`{}` is no fault of events", text.escape_debug()))
                    .hint(format!("the faults are {}", known.join(", "))))
            }
        }
    }
}

impl std::fmt::Display for WebhookFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reordered => formatter.write_str("reordered"),
            Self::Doubled => formatter.write_str("doubled"),
            Self::Delayed(time) => write!(formatter, "delayed:{}", time.as_secs()),
            Self::Tampered => formatter.write_str("tampered"),
            Self::Lost => formatter.write_str("lost"),
            Self::LateCost => formatter.write_str("late-cost"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_stay_on_this_machine() {
        let target: WebhookTarget = "http://127.0.0.1:8787/webhook/retell".parse().unwrap();
        assert_eq!((target.authority.as_str(), target.path.as_str()), ("127.0.0.1:8787", "/webhook/retell"));
        assert_eq!("http://localhost/".parse::<WebhookTarget>().unwrap().authority, "localhost:80");
        for bad in ["", "127.0.0.1:8787", "https://127.0.0.1/", "http://192.0.2.1/x", "http://127.0.0.1.example/"] {
            assert!(bad.parse::<WebhookTarget>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fault_of_events_is_read_as_it_is_written() {
        for text in ["reordered", "doubled", "delayed:30", "tampered", "lost", "late-cost"] {
            assert_eq!(text.parse::<WebhookFault>().unwrap().to_string(), text);
        }
        for bad in ["", "late", "delayed:x", "doubled:2", "delayed:9999999"] {
            assert!(bad.parse::<WebhookFault>().is_err(), "{bad}");
        }
    }
}

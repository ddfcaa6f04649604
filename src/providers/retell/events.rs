//! Reads an event that Retell sends: what it is, and of a call only what may be kept.

use serde_json::Value;

use super::calls::facts;
use crate::activity::call::{CallId, CallReport};
use crate::activity::rank::CallStage;
use crate::activity::time::Millis;
use crate::providers::answer::{Field, Object};
use crate::providers::failure::Cause;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetellEvent {
    Call(&'static str, CallReport),
    /// A number asks who is to answer: its own webhook was pointed here, and the caller waits.
    Inbound(&'static str),
    /// Something of which nothing is kept, by a name of ours.
    Other(&'static str),
}

impl RetellEvent {
    /// The event's name, for metrics: one of a fixed list.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Call(name, _) | Self::Inbound(name) | Self::Other(name) => name,
        }
    }
}

/// Why a body is no event: in our words, since its own may be a person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoEvent(pub String);

/// Reads a body that is exactly one JSON object.
pub fn event(body: &[u8]) -> Result<RetellEvent, NoEvent> {
    let no_event = |why: &str| NoEvent(why.to_owned());
    let value: Value = serde_json::from_slice(body).map_err(|_| no_event("it is not one JSON object"))?;
    read(&value).map_err(|cause| match cause {
        Cause::WrongType(place, expected) => NoEvent(format!("its `{place}` is not {expected}")),
        _ => no_event("it is not what Retell sends"),
    })
}

fn read(value: &Value) -> Field<RetellEvent> {
    let whole = Object::whole(value)?;
    let (name, stage) = match whole.required("event")? {
        "call_started" => ("call_started", CallStage::Started),
        "call_ended" => ("call_ended", CallStage::Ended),
        "call_analyzed" => ("call_analyzed", CallStage::Analyzed),
        "call_inbound" => return Ok(RetellEvent::Inbound("call_inbound")),
        "chat_inbound" => return Ok(RetellEvent::Inbound("chat_inbound")),
        "transcript_updated" => return Ok(RetellEvent::Other("transcript_updated")),
        "transfer_started" | "transfer_bridged" | "transfer_cancelled" | "transfer_ended" => {
            return Ok(RetellEvent::Other("transfer"));
        }
        "chat_started" | "chat_ended" | "chat_analyzed" => return Ok(RetellEvent::Other("chat")),
        _ => return Ok(RetellEvent::Other("unknown")),
    };
    let call = whole.object("call")?.ok_or_else(|| whole.wrong("call", "an object"))?;
    if call.text("call_type")? == Some("web_call") {
        return Ok(RetellEvent::Other("web_call"));
    }
    let call_id = call.required_parsed("call_id", CallId::parse, CallId::EXPECTED)?;
    Ok(RetellEvent::Call(name, CallReport { call_id, stage, asked: Millis(0), facts: facts(&call)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_json_object_with_a_name() {
        let name = |body: &str| event(body.as_bytes()).map(|event| event.name());
        let call =
            r#"{"event":"call_ended","call":{"call_id":"call_1","direction":"inbound","to_number":"+14155550101"}}"#;
        assert_eq!(name(call), Ok("call_ended"));
        assert_eq!(name(r#"{"event":"call_something_new","call":{}}"#), Ok("unknown"));
        assert_eq!(name(r#"{"event":"call_inbound","call_inbound":{}}"#), Ok("call_inbound"));
        assert_eq!(name(r#"{"event":"call_ended","call":{"call_type":"web_call"}}"#), Ok("web_call"));
        for bad in ["", "[]", "7", "{}", &format!("{call}1"), &format!("{call}{call}"), r#"{"event":"call_ended"}"#] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}

//! Sending events to a receiver on this machine: in their order, with Retell's patience, and with the faults that were
//! asked for.
//!
//! An event that is not answered with 2xx within ten seconds is sent again, three times at most; it holds back no other.
//! The pauses are not documented: here they are a second, doubling.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::Shared;
use super::webhook_events::{DueEvent, due, signature};
use super::webhook_spec::{WebhookFault, WebhookTarget};

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often an event is sent at most.
const TRIES: u32 = 4;
/// How often it is looked whether an event is due.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a call of the sandbox's own lasts.
const OWN_CALL_SECONDS: u32 = 25;
/// So many deliveries are remembered.
const REMEMBERED: usize = 10_000;

/// Where events go, and how.
#[derive(Clone, Debug)]
pub struct WebhookOptions {
    pub target: WebhookTarget,
    /// What goes wrong from the start.
    pub faults: Vec<WebhookFault>,
    /// How often a call begins beside those of the traffic, so that there is something to see; never, where it is none.
    pub call_every: Option<Duration>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    pub event: &'static str,
    pub call_id: String,
    /// Whose key signed it.
    pub workspace: &'static str,
    pub tries: u32,
    /// The last answer; none where none came in time.
    pub status: Option<u16>,
}

/// What is known of events: the faults in force, and the deliveries that have ended.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    faults: Mutex<Vec<WebhookFault>>,
    deliveries: Mutex<Vec<Delivery>>,
}

impl Outbox {
    pub(super) fn faults(&self) -> Vec<WebhookFault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_faults(&self, faults: Vec<WebhookFault>) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    pub(super) fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, delivery: Delivery) {
        let mut deliveries = self.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        if deliveries.len() < REMEMBERED {
            deliveries.push(delivery);
        }
    }
}

/// Sends the events of calls as they happen, until the sandbox ends.
pub(super) async fn send_events(shared: Arc<Shared>, options: WebhookOptions) {
    shared.outbox.set_faults(options.faults.clone());
    let target = Arc::new(options.target);
    let started = Instant::now();
    let (mut sent_ms, mut own_calls) = (shared.clock.began_ms(), 0);
    loop {
        let due_calls =
            options.call_every.map_or(0, |every| 1 + started.elapsed().as_millis() / every.as_millis().max(1));
        while own_calls < due_calls {
            shared.own_call(own_calls, OWN_CALL_SECONDS);
            own_calls += 1;
        }
        let now = shared.calls.present_ms(&shared.clock);
        let faults = shared.outbox.faults();
        let events = due(&shared.calls, sent_ms, now, faults.contains(&WebhookFault::Reordered));
        sent_ms = now;
        for event in events.into_iter().filter(|_| !faults.contains(&WebhookFault::Lost)) {
            let (shared, target, faults) = (Arc::clone(&shared), Arc::clone(&target), faults.clone());
            tokio::spawn(async move { deliver(&shared, &target, &event, &faults, now).await });
            // The next one is sent behind this one, though it does not wait for the answer.
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn deliver(shared: &Shared, target: &WebhookTarget, event: &DueEvent, faults: &[WebhookFault], now_ms: i64) {
    let mut body = event.body(faults.contains(&WebhookFault::LateCost));
    let signature = signature(event.workspace, &body, now_ms);
    if faults.contains(&WebhookFault::Tampered) {
        tamper(&mut body);
    }
    let delay = faults.iter().find_map(|fault| match fault {
        WebhookFault::Delayed(time) => Some(*time),
        _ => None,
    });
    tokio::time::sleep(delay.unwrap_or_default()).await;
    for _ in 0..if faults.contains(&WebhookFault::Doubled) { 2 } else { 1 } {
        let (tries, status) = send(target, &body, &signature).await;
        shared.outbox.note(Delivery {
            event: event.event.as_str(),
            call_id: event.call.id.clone(),
            workspace: event.workspace,
            tries,
            status,
        });
    }
}

/// Changes a digit, so that the body is JSON still.
fn tamper(body: &mut [u8]) {
    if let Some(digit) = body.iter_mut().rev().find(|byte| byte.is_ascii_digit()) {
        *digit = if *digit == b'9' { b'8' } else { *digit + 1 };
    }
}

/// Sends an event until it is taken; says how often it was sent, and the last answer.
async fn send(target: &WebhookTarget, body: &[u8], signature: &str) -> (u32, Option<u16>) {
    let mut pause = Duration::from_secs(1);
    for tries in 1.. {
        let answer = tokio::time::timeout(PATIENCE, post(target, body, signature)).await;
        let status = answer.ok().and_then(Result::ok).flatten();
        if status.is_some_and(|status| (200..300).contains(&status)) || tries == TRIES {
            return (tries, status);
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    (TRIES, None)
}

async fn post(target: &WebhookTarget, body: &[u8], signature: &str) -> std::io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(&target.authority).await?;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nX-Retell-Signature: {signature}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        target.path,
        target.authority,
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()))
}

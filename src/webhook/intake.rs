//! The course of one event: limits, signature, form, disk, answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::sync::Semaphore;

use super::Present;
use super::counters::{Counters, Refusal};
use super::writer::Writer;
use crate::activity::signature::{SigningKey, signed_by};
use crate::model::WorkspaceName;
use crate::providers::retell::events::{self, RetellEvent};
use crate::store::calls::ReceivedEvent;

/// The most requests that are worked on at a time.
pub const MOST_AT_WORK: usize = 64;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(5);
/// After how many seconds a sender may come again.
const RETRY_AFTER: &str = "2";
/// The header of Retell's signature.
const SIGNATURE: &str = "x-retell-signature";

pub struct Intake {
    pub keys: Vec<SigningKey>,
    pub max_body: usize,
    pub present: Present,
    pub counters: Arc<Counters>,
    pub writer: Writer,
    pub patience: Duration,
    pub working: Semaphore,
}

pub fn router(path: &str, intake: &Arc<Intake>) -> Router {
    Router::new().route(path, post(receive)).with_state(Arc::clone(intake))
}

async fn receive(State(intake): State<Arc<Intake>>, request: Request) -> Response {
    let Ok(_permit) = intake.working.try_acquire() else { return intake.busy() };
    match intake.take(request).await {
        Ok(response) => response,
        Err(refusal) => {
            intake.counters.refused(refusal);
            refused(refusal)
        }
    }
}

/// The answer to what is refused; it says no more than the status, since a stranger may read it.
fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Signature(_) => StatusCode::UNAUTHORIZED,
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Refusal::NoEvent => StatusCode::BAD_REQUEST,
    }
    .into_response()
}

impl Intake {
    async fn take(&self, request: Request) -> Result<Response, Refusal> {
        let (head, body) = request.into_parts();
        let body = self.body(body).await?;
        let signature = head.headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
        let now = (self.present)();
        let workspace = signed_by(signature, &body, &self.keys, now).map_err(Refusal::Signature)?;
        let event = events::event(&body).map_err(|_| Refusal::NoEvent)?;
        drop(body);
        Ok(self.keep(workspace, event).await)
    }

    async fn body(&self, body: Body) -> Result<Bytes, Refusal> {
        match tokio::time::timeout(BODY_TIME, to_bytes(body, self.max_body)).await {
            Err(_elapsed) => Err(Refusal::TooSlow),
            Ok(body) => body.map_err(|_| Refusal::TooLarge),
        }
    }

    async fn keep(&self, workspace: &WorkspaceName, event: RetellEvent) -> Response {
        let name = event.name();
        match event {
            RetellEvent::Call(event, report) => {
                let received = (self.present)();
                self.store(ReceivedEvent { workspace: workspace.clone(), event, received, report }).await
            }
            RetellEvent::Inbound(_) => {
                self.counters.received(workspace, name, "misused");
                // The caller hears it ring: the bound agent answers, without a word from here.
                ([(header::CONTENT_TYPE, "application/json")], format!("{{\"{name}\": {{}}}}")).into_response()
            }
            RetellEvent::Other(_) => {
                self.counters.received(workspace, name, "ignored");
                StatusCode::NO_CONTENT.into_response()
            }
        }
    }

    /// Waits until the event is on the disk.
    async fn store(&self, event: ReceivedEvent) -> Response {
        let (workspace, name, received) = (event.workspace.clone(), event.event, event.received);
        let started = Instant::now();
        let Some(stored) = self.writer.store(event) else { return self.busy() };
        match tokio::time::timeout(self.patience, stored).await {
            Ok(Ok(true)) => {
                self.counters.stored(&workspace, name, received, started.elapsed());
                StatusCode::NO_CONTENT.into_response()
            }
            // It was not stored, or may be later: sent again, it is one and the same event.
            _ => self.busy(),
        }
    }

    fn busy(&self) -> Response {
        self.counters.turned_away();
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER)]).into_response()
    }
}

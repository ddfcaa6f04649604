//! What a person and a monitor may see: metrics, and a page of the calls under way that keeps itself current.
//!
//! For this machine, or behind a token. It shows our numbers and agents, and nothing of those who call.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::stream;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::Present;
use super::connections::asked;
use super::counters::Counters;
use super::workspace_facts::WorkspaceFacts;
use crate::activity::live::LiveCalls;
use crate::error::{Error, Result};
use crate::model::workspaces_file::ApiKey;
use crate::render::usage::live::{self, LastError};
use crate::store::calls::{CallStore, StorePlace};

/// How often the page is told anew.
const PAUSE: Duration = Duration::from_secs(1);
/// The report's look, and what is this page's own.
const STYLE: &str = concat!(include_str!("../render/look.css"), include_str!("page.css"));
const SCRIPT: &str = include_str!("page.js");

/// What opens the page from another machine.
#[derive(Clone, Debug)]
pub struct AdminToken(pub ApiKey);

impl AdminToken {
    /// Whether a request has it, as `Authorization: Bearer` or as `?token=`. Digests are compared, so that how long it
    /// takes tells nothing of the token.
    fn admits(&self, request: &Request) -> bool {
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let query = request.uri().query().unwrap_or_default();
        let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
        let given = bearer.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
        let given = given.or_else(|| asked.map(|(_, value)| value.into_owned()));
        given.is_some_and(|given| Sha256::digest(given.as_bytes()) == Sha256::digest(self.0.reveal().as_bytes()))
    }
}

#[derive(Clone)]
pub struct Seen {
    pub counters: Arc<Counters>,
    pub facts: WorkspaceFacts,
    pub store: StorePlace,
    /// The connection to a server, kept from one question to the next.
    pub server: Arc<Mutex<Option<CallStore>>>,
    pub token: Option<AdminToken>,
    pub present: Present,
    pub stop: watch::Receiver<bool>,
}

pub fn router(seen: Seen) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/events", get(events))
        .route("/metrics", get(metrics))
        .layer(from_fn_with_state(seen.clone(), guard))
        .with_state(seen)
}

/// Refuses a request without a token, and a page of another site that asks through a browser of this machine.
async fn guard(State(seen): State<Seen>, request: Request, next: Next) -> Response {
    let is_local = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    };
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let admitted = match &seen.token {
        Some(token) => token.admits(&request),
        None => host.is_some_and(is_local),
    };
    if admitted { next.run(request).await } else { StatusCode::UNAUTHORIZED.into_response() }
}

async fn page() -> Response {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; connect-src 'self'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; \
         base-uri 'none';          form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let mut response = Html(live::page(STYLE, SCRIPT)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn metrics(State(seen): State<Seen>) -> Response {
    match seen.calls().await {
        Ok(calls) => {
            let text = seen.counters.metrics(&seen.facts.workspaces(&calls));
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Server-sent events: the whole state, once a second.
async fn events(State(seen): State<Seen>) -> Response {
    let told = stream::unfold((seen, Duration::ZERO), |(seen, pause)| async move {
        let mut stop = seen.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // The page ends with the receiver, and asks again when that is back.
            () = asked(&mut stop) => return None,
        }
        let text = match seen.calls().await {
            Ok(calls) => format!("data: {}\n\n", seen.told(&calls)),
            // The page says so, rather than to go on as if nothing happened.
            Err(_) => "event: unread\ndata: {}\n\n".to_owned(),
        };
        Some((Ok::<_, Infallible>(Bytes::from(text)), (seen, PAUSE)))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(told)).into_response()
}

impl Seen {
    fn told(&self, calls: &LiveCalls) -> String {
        let (workspaces, agents) = (self.facts.workspaces(calls), self.facts.agents());
        let failure = self.counters.last_failure();
        let failure = failure.as_ref().map(|failure| LastError {
            why: &failure.why,
            at: failure.at.to_string(),
            lasts: failure.lasts,
        });
        live::json(calls, &workspaces, &agents, failure)
    }

    /// Asks the store on a thread that may wait: a server's answer stops no event.
    async fn calls(&self) -> Result<LiveCalls> {
        let seen = self.clone();
        let asked = tokio::task::spawn_blocking(move || seen.ask()).await;
        asked.unwrap_or_else(|_| Err(Error::failed("the calls under way were not asked for to the end")))
    }

    fn ask(&self) -> Result<LiveCalls> {
        let now = (self.present)();
        let told = |store: Option<&CallStore>| store.map_or_else(|| Ok(LiveCalls::at(now)), |store| store.live(now));
        if !self.store.is_server() {
            return told(CallStore::open_to_ask(&self.store)?.as_ref());
        }
        let mut open = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        if open.is_none() {
            *open = CallStore::open_to_ask(&self.store)?;
        }
        told(open.as_ref())
    }
}

//! Sends requests and judges what comes back.
//!
//! No body is read without a limit, and nothing that is not whole JSON from the address that was asked counts as
//! an answer.

use std::cell::Cell;
use std::error::Error as StdError;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::Utc;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use tokio::time::{Duration, Instant};
use url::Url;

use super::base_url::{self, BaseUrl};
use super::clients::Clients;
use super::failure::{Cause, Failure, Whom, shown};
use super::progress::ProgressLine;
use super::proxy::{self, ProxyFailure, ProxyInForce};
use super::retry::retry_after;
use crate::model::workspaces_file::ApiKey;

/// The bytes of a refusal that are read for the provider's own words.
const REFUSAL_LIMIT: usize = 64 << 10;

#[derive(Debug)]
pub(crate) enum Authorization {
    Basic(String, ApiKey),
    /// `Authorization: Bearer`.
    Bearer(ApiKey),
}

impl Authorization {
    /// The texts that give the secret away: itself, and what stands in the header.
    fn secrets(&self) -> Vec<String> {
        match self {
            Self::Basic(user, secret) => {
                let header = BASE64_STANDARD.encode(format!("{user}:{}", secret.reveal()));
                vec![header, secret.reveal().to_owned()]
            }
            Self::Bearer(key) => vec![key.reveal().to_owned()],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Json,
    Nothing,
}

/// One request, which may be sent several times. It has no `Debug`, because its body may hold a password.
pub(crate) struct Ask<'a> {
    pub base: &'a BaseUrl,
    pub method: Method,
    pub url: Url,
    pub body: Option<Vec<u8>>,
    /// A secret in the body, which no message may repeat.
    pub secret: Option<&'a ApiKey>,
    pub expected: Expected,
}

impl<'a> Ask<'a> {
    pub(crate) fn get(base: &'a BaseUrl, url: Url) -> Self {
        Self { base, method: Method::GET, url, body: None, secret: None, expected: Expected::Json }
    }

    /// Method and path, without the query.
    pub(crate) fn endpoint(&self) -> String {
        format!("{} {}", self.method, self.url.path())
    }
}

/// The requests of one read or of one change, and their count.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    pub clients: &'a Clients,
    pub whom: Whom,
    pub authorization: Authorization,
    pub line: ProgressLine,
    pub tally: Tally,
}

/// What a read has used and brought so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub requests: Cell<usize>,
    pub pages: Cell<usize>,
    pub items: Cell<usize>,
}

impl Connection<'_> {
    /// Counts a page that arrived whole.
    pub(crate) fn arrived(&self, items: usize) {
        self.tally.pages.set(self.tally.pages.get() + 1);
        self.tally.items.set(self.tally.items.get() + items);
        self.line.advance(items);
    }

    /// Sends something that changes nothing, again if need be, within [`Limits`].
    pub(crate) async fn read(&self, ask: &Ask<'_>) -> Result<Value, Failure> {
        let limits = self.clients.limits();
        let start = Instant::now();
        let left = || limits.total.saturating_sub(start.elapsed());
        for sent in 1.. {
            let mut failure = match self.attempt(ask, left().min(limits.attempt)).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            failure.attempts = sent;
            if !failure.is_passing() {
                return Err(failure);
            }
            match limits.next_delay(sent, failure.asked_wait(), left()) {
                Some(delay) => tokio::time::sleep(delay).await,
                None => return Err(failure),
            }
        }
        unreachable!("`next_delay` ends the attempts")
    }

    /// Sends something that changes nothing, and that can be done without: once.
    pub(crate) async fn read_once(&self, ask: &Ask<'_>) -> Result<Value, Failure> {
        self.attempt(ask, self.clients.limits().attempt).await
    }

    /// Sends something that changes data: exactly once.
    pub(crate) async fn change(&self, ask: &Ask<'_>) -> Result<Value, Failure> {
        self.attempt(ask, self.clients.limits().total).await
    }

    async fn attempt(&self, ask: &Ask<'_>, time: Duration) -> Result<Value, Failure> {
        self.tally.requests.set(self.tally.requests.get() + 1);
        match tokio::time::timeout(time, self.exchange(ask)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(Failure::new(Cause::TimedOut, ask.endpoint())),
        }
    }

    async fn exchange(&self, ask: &Ask<'_>) -> Result<Value, Failure> {
        let fail = |cause| Failure::new(cause, ask.endpoint());
        let client =
            self.clients.of(ask.base).map_err(|_| fail(Cause::Tls("no trusted certificates are installed")))?;
        let mut request = client.request(ask.method.clone(), ask.url.clone()).header(ACCEPT, "application/json");
        request = match &self.authorization {
            Authorization::Basic(user, secret) => request.basic_auth(user, Some(secret.reveal())),
            Authorization::Bearer(key) => request.bearer_auth(key.reveal()),
        };
        if let Some(body) = &ask.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let response = request.send().await.map_err(|error| fail(through_proxy(ask, &error, unsent(&error))))?;
        let status = response.status();
        let result = if status.is_success() {
            self.accept(response, ask.expected).await.map_err(fail)
        } else {
            Err(self.refusal(response, ask).await)
        };
        result.map_err(|failure| Failure { status: Some(status.as_u16()), ..failure })
    }

    async fn accept(&self, mut response: Response, expected: Expected) -> Result<Value, Cause> {
        if expected == Expected::Nothing {
            return Ok(Value::Null);
        }
        let says_html = is_html(&response);
        let body = whole_body(&mut response, self.clients.limits().body).await?;
        if says_html || body.trim_ascii_start().starts_with(b"<") {
            return Err(Cause::Html);
        }
        serde_json::from_slice(&body).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => Cause::Truncated,
            _ => Cause::NotJson(error.line(), error.column()),
        })
    }

    async fn refusal(&self, mut response: Response, ask: &Ask<'_>) -> Failure {
        let wait = header(&response, RETRY_AFTER).and_then(|value| retry_after(value, Utc::now()));
        let cause = match response.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Cause::Unauthorized,
            StatusCode::NOT_FOUND => Cause::NotFound,
            StatusCode::TOO_MANY_REQUESTS => Cause::Throttled(wait),
            status if status.is_redirection() => Cause::Redirect(self.shown(&target(&response, &ask.url), ask)),
            status if status.is_server_error() => Cause::Server(wait),
            _ => Cause::Rejected,
        };
        let mut failure = Failure::new(cause, ask.endpoint());
        // Without its body a refusal is still the same refusal, only without the provider's words.
        if let Ok(body) = whole_body(&mut response, REFUSAL_LIMIT).await {
            failure.said = self.words(&body, ask);
        }
        failure
    }

    /// What a provider said, without the secrets that it was told.
    fn shown(&self, text: &str, ask: &Ask<'_>) -> String {
        let secrets = self.authorization.secrets();
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).chain(ask.secret.map(ApiKey::reveal)).collect();
        shown(text, &secrets)
    }

    /// The `message` of both providers' errors, and Twilio's `code`.
    fn words(&self, body: &[u8], ask: &Ask<'_>) -> Option<String> {
        let answer: Value = serde_json::from_slice(body).ok()?;
        let message = answer.get("message")?.as_str()?;
        let words = format!("\"{}\"", self.shown(message, ask));
        Some(match answer.get("code").and_then(Value::as_u64) {
            Some(code) => format!("{words} (code {code})"),
            None => words,
        })
    }
}

fn header(response: &Response, name: reqwest::header::HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

fn is_html(response: &Response) -> bool {
    header(response, CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
}

fn target(response: &Response, asked: &Url) -> String {
    match header(response, LOCATION).and_then(|location| asked.join(location).ok()) {
        Some(url) => base_url::authority(&url),
        None => "an unknown host".to_owned(),
    }
}

async fn whole_body(response: &mut Response, limit: usize) -> Result<Vec<u8>, Cause> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(Cause::TooLarge(limit));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Cause::Truncated)? {
        if body.len() + chunk.len() > limit {
            return Err(Cause::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Names the proxy where it is what cannot be reached, or what said no.
fn through_proxy(ask: &Ask<'_>, error: &reqwest::Error, cause: Cause) -> Cause {
    let Cause::Unreachable(reason) = cause else { return cause };
    if ask.base.is_loopback() {
        return cause;
    }
    match ProxyInForce::before(&ask.url) {
        None => cause,
        Some(proxy) => {
            let failure = proxy::refusal(error).map_or(ProxyFailure::Unreachable(reason), ProxyFailure::Refused);
            Cause::Proxy(proxy, failure)
        }
    }
}

/// Why no answer's head arrived. Only before a connection stands is it certain that nothing was received.
fn unsent(error: &reqwest::Error) -> Cause {
    if error.is_builder() {
        return Cause::Unsendable;
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return Cause::Tls(match tls {
            rustls::Error::InvalidCertificate(_) => "its certificate is not trusted",
            _ => "the encrypted connection could not be set up",
        });
    }
    if error.is_dns() {
        return Cause::Unreachable("its host name was not found");
    }
    if error.is_connect() {
        return Cause::Unreachable(match find::<std::io::Error>(error).map(std::io::Error::kind) {
            Some(std::io::ErrorKind::ConnectionRefused) => "the connection was refused",
            _ if error.is_timeout() => "no connection was made in time",
            _ => "no connection could be made",
        });
    }
    Cause::Broken
}

/// Looks for a cause of one type, also inside an I/O error, whose `source` skips what it wraps.
fn find<T: StdError + 'static>(error: &reqwest::Error) -> Option<&T> {
    let mut next: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        next = match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => cause.source(),
        };
    }
    None
}

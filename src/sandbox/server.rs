//! The routes together, and what every request passes: the log, the latency, the faults.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::account::Account;
use super::calls::Calls;
use super::clock::RunningClock;
use super::connection::ResetSwitch;
use super::credentials::SUBACCOUNT_SID;
use super::fault_effects::{Asked, FOLLOWED, last_of_page, replacement, spoil};
use super::faults::{Fault, FaultKind, FaultTarget, Faults, Provider};
use super::paging::{Keyed, Ordered};
use super::request_log::RequestLog;
use super::retell_answer::{RetellError, workspace_of_request};
use super::running::SandboxOptions;
use super::seed::subaccount;
use super::twilio_answer::{TwilioError, TwilioRequest};
use super::webhook_sender::Outbox;
use super::{billing, capacity, control, retell, retell_agents, retell_calls, trunking, twilio};

pub(super) type SandboxState = State<Arc<Shared>>;

pub(super) struct Shared {
    account: Mutex<Account>,
    subaccount: Mutex<Account>,
    faults: Mutex<Faults>,
    pub(super) log: Arc<RequestLog>,
    pub(super) clock: RunningClock,
    pub(super) calls: Calls,
    /// The events of calls on their way.
    pub(super) outbox: Outbox,
    pub(super) latency: Duration,
    pub(super) port: u16,
}

impl Shared {
    pub(super) fn new(options: &SandboxOptions, account: Account, port: u16) -> Self {
        let clock = RunningClock::new(options.clock);
        let calls = Calls::new(options.calls, &account, clock.present().timestamp_millis());
        Self {
            account: Mutex::new(account),
            subaccount: Mutex::new(subaccount()),
            faults: Mutex::new(options.faults.clone()),
            log: Arc::new(RequestLog::new(options.on_answer)),
            clock,
            calls,
            outbox: Outbox::default(),
            latency: options.latency,
            port,
        }
    }

    /// The providers' records; a request that panicked left them whole, because each changes them last.
    pub(super) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The records of the Twilio account that a request asks for.
    pub(super) fn account_of(&self, request: &TwilioRequest) -> MutexGuard<'_, Account> {
        if request.account != SUBACCOUNT_SID {
            return self.account();
        }
        self.subaccount.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds the application: both providers behind the faults, and the sandbox's own controls beside them.
pub(super) fn application(shared: &Arc<Shared>) -> Router {
    Router::new()
        .merge(twilio::routes())
        .merge(trunking::routes())
        .merge(billing::routes())
        .merge(capacity::routes())
        .merge(retell::routes())
        .merge(retell_agents::routes())
        .merge(retell_calls::routes())
        .fallback(unknown_path)
        .layer(from_fn_with_state(Arc::clone(shared), intercept))
        .merge(control::routes())
        .with_state(Arc::clone(shared))
}

async fn unknown_path(uri: Uri) -> Response {
    match Provider::of_path(uri.path()) {
        Provider::Retell => RetellError::unknown_path(uri.path()).into_response(),
        Provider::Twilio | Provider::Trunking => TwilioError::not_found(uri.path()).into_response(),
    }
}

/// Logs a request, delays it, and lets the faults that it hits happen.
async fn intercept(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<ResetSwitch>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let authorized = request.headers().contains_key(header::AUTHORIZATION);
    let entry = shared.log.enter(request.method().as_str(), &path, authorized);
    let faults = faults_of(&shared, &request, &path);
    // The time of an answer includes the work on it, as the latency of a real provider does.
    let due = tokio::time::Instant::now() + shared.latency;
    let asked = Asked { path, port: shared.port, now_ms: shared.clock.present().timestamp_millis() };
    let response = answer(&shared, &connection, &faults, &asked, request, next).await;
    tokio::time::sleep_until(due).await;
    entry.answered(response.status().as_u16());
    response
}

/// The faults that a request hits; one that follows a redirect or a foreign page only leaves its trace in the log.
fn faults_of(shared: &Shared, request: &Request, path: &str) -> Vec<Fault> {
    if path.starts_with(FOLLOWED) {
        return Vec::new();
    }
    let workspace = workspace_of_request(request.headers());
    shared.faults().hit(&FaultTarget { method: request.method().as_str(), path, workspace })
}

async fn answer(
    shared: &Shared,
    connection: &ResetSwitch,
    faults: &[Fault],
    asked: &Asked,
    request: Request,
    next: Next,
) -> Response {
    for fault in faults {
        match fault.kind() {
            FaultKind::Hang(silence) => tokio::time::sleep(*silence).await,
            FaultKind::Reset => {
                connection.reset();
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            _ => {}
        }
        if let Some(response) = replacement(fault, asked) {
            return response;
        }
    }
    let workspace = workspace_of_request(request.headers());
    let mut response = next.run(with_short_pages(request, faults)).await;
    for fault in faults {
        response = match fault.kind() {
            FaultKind::Hang(_) | FaultKind::Pages(_) => response,
            FaultKind::Vanish => vanish(shared, workspace, response).await,
            _ => spoil(fault, asked, response).await,
        };
    }
    response
}

/// The same request, for fewer records.
fn with_short_pages(mut request: Request, faults: &[Fault]) -> Request {
    let most = faults.iter().find_map(|fault| match fault.kind() {
        FaultKind::Pages(most) => Some(most.to_string()),
        _ => None,
    });
    let Some(most) = most else { return request };
    // The lists whose size stands in the body take the smaller of both.
    let sized = format!("limit={most}");
    let of_body = Some(sized.as_str()).filter(|_| request.method() == Method::POST);
    let Some(query) = request.uri().query().or(of_body) else { return request };
    let mut shorter = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let is_size = matches!(name.as_ref(), "PageSize" | "limit");
        shorter.append_pair(&name, if is_size { &most } else { &value });
    }
    if let Ok(uri) = format!("{}?{}", request.uri().path(), shorter.finish()).parse() {
        *request.uri_mut() = uri;
    }
    request
}

/// Deletes the number that comes first behind this page, so that it is on no page at all.
async fn vanish(shared: &Shared, workspace: Option<&str>, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if let Some(last) = last_of_page(&body) {
        delete_behind(&mut shared.account(), workspace, &last);
    }
    Response::from_parts(parts, Body::from(body))
}

fn delete_behind(account: &mut Account, workspace: Option<&str>, last: &str) {
    if let Some(workspace) = workspace.and_then(|name| account.workspaces.get_mut(name)) {
        if let Some(next) = key_behind(&workspace.numbers, |number| number.phone_number == last) {
            workspace.numbers.remove(&next);
        }
    } else if let Some(next) = key_behind(&account.numbers, |number| number.phone_number == last) {
        account.numbers.remove(&next);
    }
}

/// The key of the row that follows the one that `is_last` finds, from the newest to the oldest.
fn key_behind<T: Keyed>(rows: &Ordered<T>, is_last: impl Fn(&T) -> bool) -> Option<String> {
    rows.iter().rev().skip_while(|row| !is_last(row)).nth(1).map(|row| row.key().to_owned())
}

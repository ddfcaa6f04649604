//! What all of Retell's endpoints share: bearer keys, errors, page parameters.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::account::{Account, SandboxWorkspace};
use super::credentials::workspace_of;
use super::paging::{Cursor, Order};
use super::twilio_answer::REPEATED_PAGE;

/// What a request is answered with.
pub(super) type RetellAnswer = Result<Json<Value>, RetellError>;

/// An error as Retell answers it: `{status: "error", message}`.
#[derive(Debug)]
pub(super) struct RetellError {
    status: StatusCode,
    message: String,
}

impl RetellError {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// The answer to a number or agent that the workspace has not.
    pub(super) fn unknown_asset() -> Self {
        let message = "Cannot find requested asset under given api key.".to_owned();
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, message }
    }

    pub(super) fn unknown_path(path: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: format!("{path} was not found") }
    }

    /// The same error as status 400, for endpoints that document no 422.
    pub(super) fn into_bad_request(self) -> Self {
        Self { status: StatusCode::BAD_REQUEST, ..self }
    }

    fn unauthorized() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, message: "API key is missing or invalid.".to_owned() }
    }
}

impl IntoResponse for RetellError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "status": "error", "message": self.message }))).into_response()
    }
}

/// A Retell request whose key belongs to a workspace.
#[derive(Debug)]
pub(super) struct RetellRequest {
    workspace: &'static str,
    query: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for RetellRequest {
    type Rejection = RetellError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RetellError> {
        let workspace = workspace_of_request(&parts.headers).ok_or_else(RetellError::unauthorized)?;
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Ok(Self { workspace, query })
    }
}

/// The workspace that a request's bearer key opens.
pub(super) fn workspace_of_request(headers: &header::HeaderMap) -> Option<&'static str> {
    workspace_of(headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?)
}

/// What a list request asks for.
#[derive(Debug)]
pub(super) struct PageQuery {
    pub(super) limit: usize,
    pub(super) order: Order,
    pub(super) cursor: Cursor,
}

impl RetellRequest {
    pub(super) fn workspace<'a>(&self, account: &'a Account) -> Result<&'a SandboxWorkspace, RetellError> {
        account.workspaces.get(self.workspace).ok_or_else(RetellError::unauthorized)
    }

    /// The name of the caller's workspace.
    pub(super) fn workspace_name(&self) -> &'static str {
        self.workspace
    }

    /// The caller's workspace, to change it.
    pub(super) fn workspace_mut<'a>(&self, account: &'a mut Account) -> Result<&'a mut SandboxWorkspace, RetellError> {
        account.workspaces.get_mut(self.workspace).ok_or_else(RetellError::unauthorized)
    }

    /// A parameter of the query, unless it is empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The page parameters of the v2 lists.
    pub(super) fn page_query(&self, default_limit: usize) -> Result<PageQuery, RetellError> {
        let order = match self.parameter("sort_order") {
            None | Some("descending") => Order::NewestFirst,
            Some("ascending") => Order::OldestFirst,
            Some(other) => return Err(RetellError::bad_request(format!("sort_order {other} is not known"))),
        };
        Ok(PageQuery { limit: self.limit(default_limit)?, order, cursor: self.cursor()? })
    }

    /// The parameter `limit`, from 1 to 1000.
    pub(super) fn limit(&self, default: usize) -> Result<usize, RetellError> {
        let limit = self.parameter("limit").map_or(Some(default), |limit| limit.parse().ok());
        limit
            .filter(|limit| (1..=1000).contains(limit))
            .ok_or_else(|| RetellError::bad_request("limit must be a whole number from 1 to 1000"))
    }

    fn cursor(&self) -> Result<Cursor, RetellError> {
        let Some(key) = self.parameter("pagination_key").filter(|key| *key != REPEATED_PAGE) else {
            return Ok(Cursor::Start);
        };
        key.strip_prefix("pk_")
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(Cursor::After)
            .ok_or_else(|| RetellError::bad_request("pagination_key is invalid"))
    }

    /// The key of the page behind the row with this sequence number.
    pub(super) fn pagination_key(row: u64) -> String {
        format!("pk_{row:08x}")
    }
}

//! What both Twilio hosts share: authentication, errors, page parameters and page links.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::credentials::{twilio_account_of, twilio_opens};
use super::paging::{Cursor, Order, Page, page};

/// What a request is answered with.
pub(super) type TwilioAnswer = Result<Json<Value>, TwilioError>;

/// The page token that the fault `repeat-page` hands out: it leads back to the first page.
pub(super) const REPEATED_PAGE: &str = "sandbox-repeat";

/// An error as Twilio answers it: `{code, message, more_info, status}`.
#[derive(Debug)]
pub(super) struct TwilioError {
    status: u16,
    code: u32,
    message: String,
}

impl TwilioError {
    pub(super) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn not_found(path: &str) -> Self {
        Self::new(404, 20404, format!("The requested resource {path} was not found"))
    }

    fn unauthorized() -> Self {
        Self::new(401, 20003, "Authenticate")
    }
}

impl IntoResponse for TwilioError {
    fn into_response(self) -> Response {
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        });
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = header::HeaderValue::from_static("Basic realm=\"Twilio API\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A Twilio request that has proved who it is, and that asks for an account that its key opens.
#[derive(Debug)]
pub(super) struct TwilioRequest {
    /// The account whose records are asked for: the one that the path names, else the key's own.
    pub(super) account: &'static str,
    /// The path without its query.
    pub(super) path: String,
    /// The scheme and host that the client used, so that absolute links lead back the same way.
    pub(super) origin: String,
    query: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for TwilioRequest {
    type Rejection = TwilioError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, TwilioError> {
        let key = authenticate(parts)?;
        let path = parts.uri.path().to_owned();
        let named = path.strip_prefix("/2010-04-01/Accounts/").and_then(|rest| rest.split('/').next());
        let account = named.map_or(Some(key), |wanted| twilio_opens(key, wanted));
        let account = account.ok_or_else(TwilioError::unauthorized)?;
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Ok(Self { account, path, origin: format!("http://{host}"), query })
    }
}

/// The account that the request's key belongs to.
fn authenticate(parts: &Parts) -> Result<&'static str, TwilioError> {
    let pair = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|encoded| String::from_utf8(STANDARD.decode(encoded).ok()?).ok());
    let pair = pair.as_deref().and_then(|pair| pair.split_once(':'));
    pair.and_then(|(user, password)| twilio_account_of(user, password)).ok_or_else(TwilioError::unauthorized)
}

/// One page's records and the links around it, before they take either host's form.
pub(super) struct PageAnswer {
    records: Vec<Value>,
    number: usize,
    size: usize,
    this: String,
    first: String,
    previous: Option<String>,
    next: Option<String>,
}

impl TwilioRequest {
    /// A parameter of the query, unless it is empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The error for something that this request names and the account has not.
    pub(super) fn not_found(&self) -> TwilioError {
        TwilioError::not_found(&self.path)
    }

    /// Cuts the page that was asked for out of all rows, oldest first; lists run from the newest to the oldest.
    pub(super) fn page<T>(
        &self,
        rows: impl DoubleEndedIterator<Item = (u64, T)>,
        record: impl Fn(T) -> Value,
    ) -> Result<PageAnswer, TwilioError> {
        let size = self.whole_number("PageSize", 50)?;
        if !(1..=1000).contains(&size) {
            return Err(TwilioError::new(400, 20007, "Page size must be between 1 and 1000"));
        }
        let number = self.whole_number("Page", 0)?;
        let Page { rows, previous, next } = page(rows, Order::NewestFirst, self.cursor(number)?, size);
        Ok(PageAnswer {
            records: rows.into_iter().map(record).collect(),
            number,
            size,
            this: self.link(size, number, self.parameter("PageToken")),
            first: self.link(size, 0, None),
            previous: previous.map(|row| self.link(size, number.saturating_sub(1), Some(&format!("PB{row:08x}")))),
            next: next.map(|row| self.link(size, number + 1, Some(&format!("PA{row:08x}")))),
        })
    }

    fn whole_number(&self, name: &str, default: usize) -> Result<usize, TwilioError> {
        let invalid = |_| TwilioError::new(400, 20001, format!("{name} must be a whole number"));
        self.parameter(name).map_or(Ok(default), |value| value.parse().map_err(invalid))
    }

    fn cursor(&self, number: usize) -> Result<Cursor, TwilioError> {
        let row = |digits| u64::from_str_radix(digits, 16).ok();
        match self.parameter("PageToken") {
            None if number == 0 => Ok(Cursor::Start),
            None => Err(TwilioError::new(400, 20001, "PageToken is required for paging.")),
            Some(REPEATED_PAGE) => Ok(Cursor::Start),
            Some(token) => None
                .or_else(|| token.strip_prefix("PA").and_then(row).map(Cursor::After))
                .or_else(|| token.strip_prefix("PB").and_then(row).map(Cursor::Before))
                .ok_or_else(|| TwilioError::new(400, 20001, "PageToken is invalid.")),
        }
    }

    /// A link to a page of the same list, with the same filters.
    fn link(&self, size: usize, number: usize, token: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let filters = self.query.iter().filter(|(key, _)| !["PageSize", "Page", "PageToken"].contains(&key.as_str()));
        query.extend_pairs(filters).append_pair("PageSize", &size.to_string()).append_pair("Page", &number.to_string());
        if let Some(token) = token {
            query.append_pair("PageToken", token);
        }
        format!("{}?{}", self.path, query.finish())
    }
}

impl PageAnswer {
    /// The form of api.twilio.com: links are paths on the same host.
    pub(super) fn with_paths(self, key: &str) -> Json<Value> {
        let start = self.number * self.size;
        Json(json!({
            key: self.records,
            "start": start,
            "end": (start + self.records.len()).saturating_sub(1),
            "page": self.number,
            "page_size": self.size,
            "uri": self.this,
            "first_page_uri": self.first,
            "previous_page_uri": self.previous,
            "next_page_uri": self.next,
        }))
    }

    /// The form of trunking.twilio.com: links are absolute, in `meta`.
    pub(super) fn with_meta(self, key: &str, origin: &str) -> Json<Value> {
        let absolute = |path: String| format!("{origin}{path}");
        Json(json!({
            key: self.records,
            "meta": {
                "page": self.number,
                "page_size": self.size,
                "key": key,
                "url": absolute(self.this),
                "first_page_url": absolute(self.first),
                "previous_page_url": self.previous.map(absolute),
                "next_page_url": self.next.map(absolute),
            },
        }))
    }
}

/// The fields of a form-encoded body.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field's text, which may be empty: Twilio clears a field that way.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field's text, where it must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, TwilioError> {
        self.text(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| TwilioError::new(400, 20001, format!("Missing required parameter {name} in the post body")))
    }

    /// A field that must be a value of `T`, if it is there.
    pub(super) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, TwilioError> {
        let invalid = || TwilioError::new(400, 20001, format!("Invalid parameter {name}"));
        self.text(name).map(|value| value.parse().map_err(|_| invalid())).transpose()
    }
}

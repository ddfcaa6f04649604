//! The lists of calls that Retell is asked for: those that start within a time, and those that came to nothing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::activity::pull::PullWindow;
use crate::providers::base_url::BaseUrl;
use crate::providers::http::Ask;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListEnd {
    Newest,
    Oldest,
}

/// A list of calls, as far as it was read.
pub(super) struct CallList {
    criteria: Value,
    end: ListEnd,
    /// The key of the next page; none for the first.
    pub(super) key: Option<String>,
    /// The most calls of a page.
    pub(super) limit: u32,
}

impl CallList {
    /// The calls that start within a window.
    pub(super) fn of(window: &PullWindow) -> Self {
        let bounds = json!({ "type": "range", "op": "bt", "value": [window.from.0, window.until.0] });
        let criteria = json!({ "start_timestamp": bounds });
        Self { criteria, end: ListEnd::Oldest, key: window.key.clone(), limit: window.limit }
    }

    /// The calls that came to nothing.
    pub(super) fn of_unconnected(end: ListEnd) -> Self {
        let statuses = json!({ "type": "enum", "op": "in", "value": ["not_connected", "error"] });
        Self { criteria: json!({ "call_status": statuses }), end, key: None, limit: PullWindow::LIMIT }
    }

    /// `POST /v3/list-calls`, which changes nothing although it is a POST.
    pub(super) fn ask<'a>(&self, base: &'a BaseUrl) -> Ask<'a> {
        let mut criteria = self.criteria.clone();
        criteria["call_type"] = json!({ "type": "enum", "op": "in", "value": ["phone_call"] });
        let order = if self.end == ListEnd::Oldest { "ascending" } else { "descending" };
        let mut body = json!({ "filter_criteria": criteria, "sort_order": order, "limit": self.limit });
        if let Some(key) = &self.key {
            body["pagination_key"] = json!(key);
        }
        let body = Some(body.to_string().into_bytes());
        Ask { method: Method::POST, body, ..Ask::get(base, base.at(&["v3", "list-calls"], &[])) }
    }
}

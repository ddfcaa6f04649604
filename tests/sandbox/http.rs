//! A plain HTTP client for the tests, and a sandbox to talk to.

use std::sync::Once;
use std::time::Duration;

use phone_dir::sandbox::{
    ACCOUNT_SID, AUTH_TOKEN, RETELL_PRODUCTION_KEY, RETELL_STAGING_KEY, RunningSandbox, Sandbox, SandboxOptions,
};
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// The path of the account's numbers.
pub fn numbers_path() -> String {
    format!("/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json")
}

/// Who a request says it is.
#[derive(Clone, Copy)]
pub enum Caller {
    Nobody,
    Twilio,
    TwilioPair(&'static str, &'static str),
    Staging,
    Production,
    RetellKey(&'static str),
}

/// An answer: its status, its headers and its body, which is `null` unless it is JSON.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub json: Value,
}

/// A sandbox with a client.
pub struct Http {
    pub sandbox: RunningSandbox,
    client: Client,
    runtime: Runtime,
}

impl Http {
    pub fn start() -> Self {
        Self::with(SandboxOptions::default())
    }

    pub fn with_faults(specs: &[&str]) -> Self {
        let faults = specs.iter().map(|spec| spec.parse().expect("the spec is valid")).collect();
        Self::with(SandboxOptions { faults, ..SandboxOptions::default() })
    }

    pub fn with(options: SandboxOptions) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // Another part of this test program may have been first; it is the same one.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .expect("the client can be built");
        let runtime = Builder::new_current_thread().enable_all().build().expect("the runtime can be built");
        Self { sandbox: Sandbox::start(options).expect("the sandbox starts"), client, runtime }
    }

    fn request(&self, method: Method, path: &str, caller: Caller) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.sandbox.base_url()) };
        let request = self.client.request(method, url);
        match caller {
            Caller::Nobody => request,
            Caller::Twilio => request.basic_auth(ACCOUNT_SID, Some(AUTH_TOKEN)),
            Caller::TwilioPair(user, password) => request.basic_auth(user, Some(password)),
            Caller::Staging => request.bearer_auth(RETELL_STAGING_KEY),
            Caller::Production => request.bearer_auth(RETELL_PRODUCTION_KEY),
            Caller::RetellKey(key) => request.bearer_auth(key),
        }
    }

    /// Sends a request; an error is a connection that broke or timed out.
    fn send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        self.runtime.block_on(async {
            let response = request.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let text = response.text().await?;
            let json = serde_json::from_str(&text).unwrap_or(Value::Null);
            Ok(Answer { status, headers, text, json })
        })
    }

    pub fn try_get(&self, path: &str, caller: Caller, timeout: Duration) -> reqwest::Result<Answer> {
        self.send(self.request(Method::GET, path, caller).timeout(timeout))
    }

    pub fn get(&self, path: &str, caller: Caller) -> Answer {
        self.send(self.request(Method::GET, path, caller)).expect("the sandbox answers")
    }

    pub fn delete(&self, path: &str, caller: Caller) -> Answer {
        self.send(self.request(Method::DELETE, path, caller)).expect("the sandbox answers")
    }

    pub fn json(&self, method: Method, path: &str, caller: Caller, body: &Value) -> Answer {
        self.send(self.request(method, path, caller).json(body)).expect("the sandbox answers")
    }

    pub fn text(&self, method: Method, path: &str, body: &str) -> Answer {
        self.send(self.request(method, path, Caller::Nobody).body(body.to_owned())).expect("the sandbox answers")
    }

    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path, Caller::Twilio).form(fields)).expect("the sandbox answers")
    }

    /// Follows a Twilio list to its end and returns every record.
    pub fn twilio_list(&self, path: &str, key: &str) -> Vec<Value> {
        let (mut records, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next {
            let page = self.get(&path, Caller::Twilio).json;
            records.extend(page[key].as_array().expect("the page has its list").clone());
            let link = [&page["next_page_uri"], &page["meta"]["next_page_url"]];
            next = link.iter().find_map(|link| link.as_str()).map(str::to_owned);
        }
        records
    }

    /// Follows Retell's list of numbers to its end.
    pub fn retell_numbers(&self, caller: Caller, limit: usize) -> Vec<String> {
        let (mut numbers, mut key) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/v2/list-phone-numbers?limit={limit}&pagination_key={key}"), caller).json;
            let items = page["items"].as_array().expect("the page has items");
            numbers.extend(items.iter().map(|item| item["phone_number"].as_str().unwrap_or_default().to_owned()));
            if page["has_more"] != Value::Bool(true) {
                return numbers;
            }
            page["pagination_key"].as_str().expect("more pages have a key").clone_into(&mut key);
        }
    }
}

//! Why a request brought no answer, and what a person can do about it. Nothing here holds a key, a query or a
//! body; what a provider says of its refusal is shown only after [`shown`].

use std::fmt::Write as _;
use std::time::Duration;

use super::credentials::KeySource;
use super::proxy::{ProxyFailure, ProxyInForce, unusable_variable};
use crate::error::Error;
use crate::inert::inert;
use crate::model::WorkspaceName;
use crate::reconcile::live::ProviderName;

/// Whom a request goes to, for messages.
#[derive(Clone, Debug)]
pub(crate) struct Whom {
    pub provider: ProviderName,
    pub workspace: Option<WorkspaceName>,
    pub source: KeySource,
}

/// What went wrong with one request, after its retries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// 401 or 403.
    Unauthorized,
    /// 404.
    NotFound,
    /// Another 4xx.
    Rejected,
    /// 429, with the wait that the provider asked for.
    Throttled(Option<Duration>),
    /// 5xx.
    Server(Option<Duration>),
    /// 3xx, to this host.
    Redirect(String),
    /// No connection; the reason in words.
    Unreachable(&'static str),
    /// A proxy stands in between, and nothing came through it.
    Proxy(ProxyInForce, ProxyFailure),
    /// The certificate is not trusted, or the other side speaks no TLS.
    Tls(&'static str),
    /// The connection broke before the answer's head.
    Broken,
    TimedOut,
    /// A web page instead of JSON.
    Html,
    Truncated,
    /// The body is larger than this many bytes.
    TooLarge(usize),
    /// The body is not JSON, at this line and column.
    NotJson(usize, usize),
    /// A field is not what the API documents: where, and what was expected.
    WrongType(String, &'static str),
    /// The key or link of a page came a second time.
    RepeatedPage,
    /// More pages are announced, without a key for the next one.
    MissingPageKey,
    /// More pages than any account has.
    EndlessPages,
    /// A page's link leads to this other host.
    ForeignLink(String),
    /// The request could not be built.
    Unsendable,
}

/// A request that brought no usable answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub cause: Cause,
    /// Method and path, such as `GET /v2/list-phone-numbers`.
    pub endpoint: String,
    pub status: Option<u16>,
    pub attempts: u32,
    /// The provider's own words, already safe to show.
    pub said: Option<String>,
}

impl Failure {
    pub(crate) fn new(cause: Cause, endpoint: impl Into<String>) -> Self {
        Self { cause, endpoint: endpoint.into(), status: None, attempts: 1, said: None }
    }

    /// Whether asking once more may help.
    pub(crate) fn is_passing(&self) -> bool {
        match self.cause {
            Cause::Throttled(_) | Cause::Server(_) | Cause::Unreachable(_) | Cause::Broken | Cause::TimedOut => true,
            Cause::Proxy(_, failure) => matches!(failure, ProxyFailure::Unreachable(_)),
            Cause::Truncated => self.status.is_some_and(|status| status < 300),
            _ => false,
        }
    }

    /// The least wait that the provider asked for.
    pub(crate) fn asked_wait(&self) -> Option<Duration> {
        match self.cause {
            Cause::Throttled(wait) | Cause::Server(wait) => wait,
            _ => None,
        }
    }

    /// Whether the provider may have done what was asked, although no answer says so.
    pub(crate) fn is_ambiguous(&self) -> bool {
        match self.cause {
            Cause::Unauthorized
            | Cause::NotFound
            | Cause::Throttled(_)
            | Cause::Redirect(_)
            | Cause::Unreachable(_)
            | Cause::Proxy(..)
            | Cause::Tls(_)
            | Cause::Unsendable => false,
            // A request timeout of a gateway says nothing of what stands behind it.
            Cause::Rejected => self.status == Some(408),
            _ => true,
        }
    }

    /// Puts the failure into words, as an error of exit code 2.
    pub(crate) fn describe(&self, whom: &Whom) -> Error {
        Error::failed(self.sentence(whom)).hint(self.hint(whom))
    }

    /// As [`describe`](Self::describe), for a read of which a part arrived: exit code 3.
    pub(crate) fn describe_partial(&self, whom: &Whom) -> Error {
        Error::cannot_tell(self.sentence(whom)).hint(self.hint(whom))
    }

    /// As [`describe`](Self::describe), for a change that may or may not have been made: exit code 3.
    pub(crate) fn describe_unknown(&self, whom: &Whom) -> Error {
        Error::cannot_tell(format!("{}; it is unknown whether the change was made", self.sentence(whom)))
            .hint("it was not sent again; look at the number in Retell, or sync the workspace, before repeating it")
    }

    fn sentence(&self, whom: &Whom) -> String {
        let mut sentence = whom.provider.title().to_owned();
        if let Some(workspace) = &whom.workspace {
            let _ = write!(sentence, " (workspace `{workspace}`)");
        }
        let _ = write!(sentence, " {}, asked for `{}`", self.what(), self.endpoint);
        if self.attempts > 1 {
            let _ = write!(sentence, " {} times", self.attempts);
        }
        if let Some(said) = &self.said {
            let _ = write!(sentence, "; it said: {said}");
        }
        sentence
    }

    fn what(&self) -> String {
        let status = self.status.unwrap_or_default();
        match &self.cause {
            Cause::Unauthorized => format!("refused the key with status {status}"),
            Cause::NotFound => "found nothing (status 404)".to_owned(),
            Cause::Rejected => format!("refused the request with status {status}"),
            Cause::Throttled(_) => format!("is answering too many requests (status {status})"),
            Cause::Server(_) => format!("failed with status {status}"),
            Cause::Redirect(host) => {
                format!("answered with a redirect to `{host}` (status {status}), which is not followed")
            }
            Cause::Unreachable(reason) => format!("cannot be reached: {reason}"),
            Cause::Proxy(ProxyInForce { variable, authority }, did) => {
                let place = variable.map_or("the system's settings".to_owned(), |name| format!("`{name}`"));
                let did = match did {
                    ProxyFailure::Refused(what) => (*what).to_owned(),
                    ProxyFailure::Unreachable(reason) => format!("cannot be reached: {reason}"),
                };
                format!("cannot be reached: the proxy in {place} ({authority}) {did}")
            }
            Cause::Tls(reason) => format!("cannot be reached safely: {reason}"),
            Cause::Broken => "closed the connection without an answer".to_owned(),
            Cause::TimedOut => "did not answer in time".to_owned(),
            Cause::Html => format!("answered HTML instead of JSON with status {status}"),
            Cause::Truncated => format!("sent an answer that ends early (status {status})"),
            Cause::TooLarge(limit) => format!("sent an answer of more than {limit} bytes"),
            Cause::NotJson(line, column) => {
                format!("sent an answer that is not JSON, at line {line}, column {column} (status {status})")
            }
            Cause::WrongType(field, expected) => format!("sent a wrong `{field}`, expected {expected}"),
            Cause::RepeatedPage => "sent the key of a page for a second time".to_owned(),
            Cause::MissingPageKey => "announced more pages without the key of the next one".to_owned(),
            Cause::EndlessPages => "sent pages without end".to_owned(),
            Cause::ForeignLink(host) => format!("sent a page link to another address, `{host}`, which is not followed"),
            Cause::Unsendable => "could not be asked: the request cannot be built".to_owned(),
        }
    }

    fn hint(&self, whom: &Whom) -> String {
        let provider = whom.provider.title();
        match self.cause {
            Cause::Unauthorized => {
                format!("the key comes from {}; check that it is current and may read and change numbers", whom.source)
            }
            Cause::NotFound if whom.provider == ProviderName::Twilio => {
                "check `TWILIO_ACCOUNT_SID`, and that the key belongs to that account".to_owned()
            }
            Cause::NotFound => "check the number, and that the base address is the API's own".to_owned(),
            Cause::Throttled(Some(wait)) => {
                format!("{provider} asks to wait {} s; try again after that", wait.as_secs().max(1))
            }
            Cause::Throttled(None) | Cause::Server(_) => {
                format!("try again in a few minutes, and look at {provider}'s status page")
            }
            Cause::Rejected | Cause::Unsendable => "check what was asked for; repeating it will not help".to_owned(),
            Cause::Redirect(_) | Cause::Html | Cause::ForeignLink(_) => {
                "check the base address, and whether a proxy or a sign-in page stands in between".to_owned()
            }
            Cause::Unreachable(_) | Cause::TimedOut | Cause::Broken | Cause::Truncated => {
                let unusable =
                    unusable_variable().map(|name| format!("; `{name}` is not used: it is no proxy's address"));
                format!("check the network and the base address, then try again{}", unusable.unwrap_or_default())
            }
            Cause::Proxy(..) => {
                "check the proxy: its user and password stand in the variable, as in `http://USER:PASSWORD@HOST:PORT`; \
                 `NO_PROXY` names hosts that are reached without it"
                    .to_owned()
            }
            Cause::Tls(_) => "check the clock, the base address, and whether a proxy opens the connection; \
                 `SSL_CERT_FILE` names further trusted certificates"
                .to_owned(),
            Cause::RepeatedPage | Cause::MissingPageKey | Cause::EndlessPages => {
                "the list may have changed while it was read: try again".to_owned()
            }
            Cause::TooLarge(_) | Cause::NotJson(..) | Cause::WrongType(..) => {
                format!(
                    "check the base address; if it is {provider}'s own, its API may have changed: upgrade phone-dir"
                )
            }
        }
    }
}

/// Makes a provider's words safe to show: secrets cut out, at most 200 characters, and none that
/// acts.
pub(crate) fn shown(text: &str, secrets: &[&str]) -> String {
    const LIMIT: usize = 200;
    // Shorter ones are no secrets, and cutting them would tear words apart.
    const SHORTEST_SECRET: usize = 4;
    let cut = secrets
        .iter()
        .filter(|secret| secret.len() >= SHORTEST_SECRET)
        .fold(text.to_owned(), |text, secret| text.replace(secret, "…"));
    let mut words: String = cut.chars().take(LIMIT).collect();
    if words.len() < cut.len() {
        words.push('…');
    }
    inert(&words).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::environment::VariablePlace;

    fn whom() -> Whom {
        Whom {
            provider: ProviderName::Retell,
            workspace: Some(WorkspaceName::parse("staging").unwrap()),
            source: KeySource::Variable { name: "RETELL_STAGING_API_KEY".into(), place: VariablePlace::DotEnv },
        }
    }

    #[test]
    fn a_refused_key_is_named_by_where_it_came_from() {
        let mut failure = Failure::new(Cause::Unauthorized, "GET /v2/list-phone-numbers");
        failure.status = Some(401);
        let error = failure.describe(&whom());
        assert_eq!(
            error.message(),
            "Retell (workspace `staging`) refused the key with status 401, asked for `GET /v2/list-phone-numbers`"
        );
        assert!(error.hint_text().unwrap().contains("`RETELL_STAGING_API_KEY` in `.env`"));
    }

    #[test]
    fn a_providers_words_cannot_act_on_the_terminal_or_repeat_a_key() {
        assert_eq!(shown("no\u{1b}[31m\u{202e}key_1 \n", &["key_1"]), "no\\u{1b}[31m\\u{202e}… \\u{a}");
        assert_eq!(shown(&"x".repeat(500), &[]).chars().count(), 201);
    }
}

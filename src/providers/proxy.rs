//! The proxy that the environment puts before an address, for messages alone: connections go through it by themselves.

use std::error::Error as StdError;

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// A proxy, as a message names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProxyInForce {
    /// The variable that names it; none where the system's settings do.
    pub variable: Option<&'static str>,
    /// Its host and port: never a user or a password.
    pub authority: String,
}

/// The variables in which a proxy for encrypted connections is looked for, the first that is set first.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

impl ProxyInForce {
    /// The proxy before an address, if there is one.
    pub(crate) fn before(address: &Url) -> Option<Self> {
        let proxy = Matcher::from_system().intercept(&address.as_str().parse().ok()?)?;
        let host = proxy.uri().host()?.to_owned();
        let authority = proxy.uri().port_u16().map_or(host.clone(), |port| format!("{host}:{port}"));
        let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Some(Self { variable: VARIABLES.into_iter().find(|name| is_set(name)), authority })
    }
}

/// The variable that should name a proxy for encrypted connections and does not: what stands in it is no address, and connections are
/// made as if it were empty.
pub(crate) fn unusable_variable() -> Option<&'static str> {
    let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (name, value) = VARIABLES.into_iter().find_map(|name| Some((name, value(name)?)))?;
    (!is_address(&value)).then_some(name)
}

fn is_address(value: &str) -> bool {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-._:[]".contains(letter);
    let written = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    Url::parse(&written).is_ok_and(|address| address.host_str().is_some_and(|host| host.chars().all(is_of_name)))
}

/// Why nothing came through a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyFailure {
    /// It said no, and would say it again; what it did.
    Refused(&'static str),
    /// It was not reached; why.
    Unreachable(&'static str),
}

/// What a proxy did instead of connecting, where the failure is its own.
pub(crate) fn refusal(error: &(dyn StdError + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(cause) = next {
        // The type is private to the library, so that only its words are there.
        if let Some(what) = cause.to_string().strip_prefix("tunnel error: ") {
            return match what {
                "proxy authorization required" => Some("asks for a user and a password (status 407)"),
                "unsuccessful" => Some("refused to connect to it"),
                "unexpected end of file" | "io error establishing tunnel" => Some("closed the connection"),
                // The proxy itself was not reached.
                _ => None,
            };
        }
        next = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn what_can_name_a_proxy_is_an_address_with_a_scheme_or_without() {
        for value in
            ["http://127.0.0.1:9", "proxy.corp", "proxy.corp:3128", "http://user:word@proxy.corp/", "socks5://h:1"]
        {
            assert!(is_address(value), "{value}");
        }
        for value in ["::::", "\"http://127.0.0.1:9\"", "http://", "a b"] {
            assert!(!is_address(value), "{value}");
        }
    }
}

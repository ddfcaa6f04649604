//! Base addresses of the providers' APIs: which ones may receive a key. It opens no connection.

use std::net::IpAddr;

use url::{Host, Url};

use crate::error::{Error, Result};

/// The scheme, host and port that requests go to; no path, no user, plain HTTP only to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Parses an address; `origin` says where it was read, for the error.
    pub fn parse(text: &str, origin: &str) -> Result<Self> {
        // The text itself is not repeated: it may hold a user and a password.
        let url = Url::parse(text.trim()).map_err(|source| {
            Error::failed(format!("{origin} is not a web address"))
                .caused_by(source)
                .hint("write it like `https://api.example.com` or `http://127.0.0.1:4010`")
        })?;
        if let Some(problem) = problem(&url) {
            return Err(Error::failed(format!("{origin} {problem}"))
                .hint("give only the scheme, the host and a port; `https`, unless it is on this machine"));
        }
        Ok(Self(url))
    }

    pub(crate) fn known(text: &'static str) -> Self {
        Self(Url::parse(text).expect("the providers' own addresses are well formed"))
    }

    /// Whether requests stay on this machine: 127.0.0.0/8, `[::1]` or `localhost`.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether the connection is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether this is `https` to exactly `host`, on the usual port.
    pub fn is_host(&self, host: &str) -> bool {
        self.is_encrypted() && self.0.host_str() == Some(host) && self.0.port().is_none()
    }

    /// The host and port, for messages.
    pub fn authority(&self) -> String {
        authority(&self.0)
    }

    /// The address of the resource whose path has these parts, each escaped.
    pub(crate) fn at(&self, parts: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        url.path_segments_mut().expect("`problem` refuses addresses without a host").clear().extend(parts);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Resolves a link of an answer; on another scheme, host or port, or with a user, it is that host instead.
    pub(crate) fn follow(&self, link: &str) -> Result<Url, String> {
        let url = self.0.join(link).map_err(|_| "an address that cannot be read".to_owned())?;
        let plain = url.username().is_empty() && url.password().is_none();
        if plain && url.origin() == self.0.origin() { Ok(url) } else { Err(authority(&url)) }
    }
}

fn problem(url: &Url) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        Some("is not a web address")
    } else if !url.username().is_empty() || url.password().is_some() {
        Some("carries a user name or a password")
    } else if url.scheme() == "http" && !is_loopback(url) {
        Some("is plain `http` to another machine, which would send the key unencrypted")
    } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        Some("has more than a scheme, a host and a port")
    } else {
        None
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// The host and port of an address, and nothing that a query or a user part could carry.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or("an unknown host");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<BaseUrl> {
        BaseUrl::parse(text, "`TWILIO_API_URL`")
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in ["http://127.0.0.1:4010", "http://127.9.9.9", "http://[::1]:80/", "http://localhost:1"] {
            assert!(parse(good).unwrap().is_loopback(), "{good}");
        }
        for bad in [
            "http://api.twilio.com",
            "http://10.0.0.1",
            "http://[::ffff:127.0.0.1]",
            "http://localhost.example.com",
            "http://0.0.0.0",
        ] {
            assert!(parse(bad).unwrap_err().message().contains("unencrypted"), "{bad}");
        }
    }

    #[test]
    fn a_base_address_has_no_user_path_query_or_other_scheme() {
        for bad in [
            "https://user:hunter2@api.twilio.com",
            "https://user@localhost",
            "https://api.twilio.com/v1",
            "https://api.twilio.com/?a=b",
            "https://api.twilio.com/#f",
            "ftp://localhost",
            "file:///etc/passwd",
            "api.twilio.com",
            "",
        ] {
            let error = parse(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{bad}");
        }
    }

    #[test]
    fn only_the_exact_host_over_https_is_the_providers_own() {
        assert!(parse("https://api.retellai.com/").unwrap().is_host("api.retellai.com"));
        for other in ["https://api.retellai.com:8443", "https://api.retellai.com.example.org", "https://retellai.com"] {
            assert!(!parse(other).unwrap().is_host("api.retellai.com"), "{other}");
        }
    }

    #[test]
    fn a_link_to_another_scheme_host_port_or_user_is_not_followed() {
        let base = parse("https://api.twilio.com").unwrap();
        assert_eq!(
            base.follow("/2010-04-01/x.json?Page=1").unwrap().as_str(),
            "https://api.twilio.com/2010-04-01/x.json?Page=1"
        );
        for foreign in [
            "//evil.example/x",
            "https://evil.example/x",
            "http://api.twilio.com/x",
            "https://api.twilio.com:444/x",
            "https://user@api.twilio.com/x",
            "\\\\evil.example/x",
        ] {
            assert!(base.follow(foreign).is_err(), "{foreign}");
        }
    }

    #[test]
    fn the_parts_of_a_path_are_escaped() {
        let base = parse("https://api.retellai.com").unwrap();
        let url = base.at(&["get-phone-number", "+14155550123/../x?y"], &[("limit", "1"), ("k", "a&b")]);
        assert_eq!(url.as_str(), "https://api.retellai.com/get-phone-number/+14155550123%2F..%2Fx%3Fy?limit=1&k=a%26b");
    }
}

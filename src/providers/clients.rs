//! The HTTP clients: where they connect to and what they trust. They send nothing by themselves.
//!
//! No redirect is followed and nothing is repeated behind the caller's back. Connections to this machine never go
//! through a proxy; to any other they are encrypted, and follow `HTTPS_PROXY` and `SSL_CERT_FILE`.

use std::cell::OnceCell;

use reqwest::{Client, ClientBuilder};

use super::base_url::BaseUrl;
use super::retry::RetryLimits;

/// The HTTP clients of one run, made when they are first needed.
#[derive(Debug, Default)]
pub struct Clients {
    limits: RetryLimits,
    plain: OnceCell<Client>,
    local: OnceCell<Client>,
    outside: OnceCell<Client>,
}

impl Clients {
    /// Starts without any connection.
    pub fn new(limits: RetryLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    pub(crate) fn limits(&self) -> &RetryLimits {
        &self.limits
    }

    /// The client for one base address.
    pub(crate) fn of(&self, base: &BaseUrl) -> Result<&Client, reqwest::Error> {
        let (cell, build): (_, fn(ClientBuilder) -> ClientBuilder) = match (base.is_loopback(), base.is_encrypted()) {
            (true, false) => (&self.plain, |builder| without_tls(builder).no_proxy()),
            (true, true) => (&self.local, ClientBuilder::no_proxy),
            (false, _) => (&self.outside, |builder| builder.https_only(true)),
        };
        if cell.get().is_none() {
            let client = build(self.builder()).build()?;
            return Ok(cell.get_or_init(|| client));
        }
        Ok(cell.get().expect("checked above, and a cell is never emptied"))
    }

    fn builder(&self) -> ClientBuilder {
        // An error means that a provider of cryptography is already installed, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::builder()
            .user_agent(concat!("phone-dir/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.limits.connect)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
    }
}

/// Plain HTTP needs no trusted certificates, and a container may have none installed.
fn without_tls(builder: ClientBuilder) -> ClientBuilder {
    let nothing_trusted = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring supports rustls' own default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    builder.tls_backend_preconfigured(nothing_trusted)
}

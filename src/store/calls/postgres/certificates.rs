//! How far the certificate of a PostgreSQL server is trusted: the words of libpq, judged by rustls.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;

use crate::error::{Error, Result};
use crate::store::regular_file::{self, Links};

/// What is demanded of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTrust {
    mode: TrustMode,
    roots: TrustRoots,
}

/// `sslmode`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TrustMode {
    /// No TLS.
    Disable,
    /// TLS where the server has it; its identity is not checked.
    Prefer,
    /// TLS; the identity of the server is not checked.
    Require,
    /// A certificate that a known authority signed.
    VerifyChain,
    /// Such a certificate, for the host's name.
    VerifyFull,
}

/// `sslrootcert`
#[derive(Clone, Debug, PartialEq, Eq)]
enum TrustRoots {
    System,
    File(PathBuf),
}

impl ServerTrust {
    /// Reads the settings of an address.
    pub(super) fn of(settings: &[(String, String)]) -> Result<Self> {
        let last = |name: &str| settings.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        if last("sslcert").or(last("sslkey")).is_some() {
            return Err(Error::failed(
                "`PHONE_DIR_STORE` names a client certificate, which this phone-dir does not use",
            )
            .hint("let the server ask for a password, and leave out `sslcert` and `sslkey`"));
        }
        let roots = match last("sslrootcert") {
            None | Some("system") => TrustRoots::System,
            Some(file) => TrustRoots::File(PathBuf::from(file)),
        };
        let mode = match (last("sslmode"), last("sslrootcert")) {
            (None, Some("system")) | (Some("verify-full"), _) => TrustMode::VerifyFull,
            (Some(_), Some("system")) => return Err(weak()),
            (Some("disable"), _) => TrustMode::Disable,
            (None | Some("prefer"), _) => TrustMode::Prefer,
            // As with libpq, an authority that is named is asked.
            (Some("require"), Some(_)) | (Some("verify-ca"), _) => TrustMode::VerifyChain,
            (Some("require"), None) => TrustMode::Require,
            // Not repeated: it may be another part of the address.
            (Some(_), _) => {
                return Err(Error::failed("`PHONE_DIR_STORE` has a `sslmode` that this phone-dir does not know")
                    .hint("it knows `disable`, `prefer`, `require`, `verify-ca` and `verify-full`"));
            }
        };
        Ok(Self { mode, roots })
    }

    pub(super) fn mode(&self) -> SslMode {
        match self.mode {
            TrustMode::Disable => SslMode::Disable,
            TrustMode::Prefer => SslMode::Prefer,
            TrustMode::Require | TrustMode::VerifyChain | TrustMode::VerifyFull => SslMode::Require,
        }
    }

    /// What rustls is told.
    pub(super) fn client(&self) -> Result<ClientConfig> {
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = match self.mode {
            TrustMode::Disable | TrustMode::Prefer | TrustMode::Require => Arc::new(AnyServer(provider.clone())),
            TrustMode::VerifyChain => Arc::new(AnyName(self.verifier(&provider)?)),
            TrustMode::VerifyFull => self.verifier(&provider)?,
        };
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports rustls' own default versions")
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth())
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
        match &self.roots {
            TrustRoots::System => match rustls_platform_verifier::Verifier::new(provider.clone()) {
                Ok(verifier) => Ok(Arc::new(verifier)),
                Err(error) => Err(Error::failed("the certificates that this system trusts cannot be read")
                    .caused_by(error)
                    .hint("name a file of them: `sslrootcert=/path/to/root.crt`")),
            },
            TrustRoots::File(file) => {
                let roots = Arc::new(roots(file)?);
                let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build();
                Ok(verifier.map_err(|error| unusable(file).caused_by(error))?)
            }
        }
    }
}

fn weak() -> Error {
    Error::failed("`PHONE_DIR_STORE` has `sslrootcert=system` with a `sslmode` that does not look at the host's name")
        .hint("with the certificates of the system, use `sslmode=verify-full`")
}

fn unusable(file: &Path) -> Error {
    Error::failed(format!(
        "`sslrootcert` of `PHONE_DIR_STORE`, `{}`, has no certificate that can be used",
        file.display()
    ))
    .hint("name a PEM file with the certificate of the authority that signed the server's")
}

fn roots(file: &Path) -> Result<RootCertStore> {
    let text = regular_file::read(file, Links::Follow, regular_file::MOST_TEXT)
        .map_err(|error| Error::io("read", file, error))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| unusable(file).caused_by(error))?;
        roots.add(certificate).map_err(|error| unusable(file).caused_by(error))?;
    }
    if roots.is_empty() { Err(unusable(file)) } else { Ok(roots) }
}

/// Encrypts, and does not check who the server is.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

/// Asks who signed, and not for whom.
#[derive(Debug)]
struct AnyName(Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.0.verify_server_cert(certificate, between, name, stapled, now) {
            // The chain is judged before the name.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust(settings: &str) -> Result<ServerTrust> {
        ServerTrust::of(&url::form_urlencoded::parse(settings.as_bytes()).into_owned().collect::<Vec<_>>())
    }

    #[test]
    fn every_word_of_libpq_demands_what_it_does_there() {
        let mode = |settings: &str| trust(settings).unwrap().mode;
        assert_eq!(mode(""), TrustMode::Prefer);
        assert_eq!(mode("sslmode=disable"), TrustMode::Disable);
        assert_eq!(mode("sslmode=require"), TrustMode::Require);
        assert_eq!(mode("sslmode=require&sslrootcert=/root.crt"), TrustMode::VerifyChain);
        assert_eq!(mode("sslmode=verify-ca"), TrustMode::VerifyChain);
        assert_eq!(mode("sslrootcert=system"), TrustMode::VerifyFull);
        for refused in ["sslmode=allow", "sslmode=require&sslrootcert=system", "sslcert=/me.crt", "sslmode="] {
            assert!(trust(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn authorities_that_cannot_be_read_are_an_error_and_never_nobody() {
        assert!(trust("sslmode=verify-full&sslrootcert=/nowhere/root.crt").unwrap().client().is_err());
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let error = trust(&format!("sslmode=verify-ca&sslrootcert={manifest}")).unwrap().client().unwrap_err();
        assert!(error.message().contains("has no certificate"), "{error}");
        assert!(trust("sslmode=require").unwrap().client().is_ok());
    }
}

//! A connection that is not safe is not used, and asking again would not make it safe.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::providers::{ending, quick, read_retell};

/// Accepts connections for ever and gives each to `serve`; the answer is the `https` address.
fn listen(serve: impl Fn(std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    base
}

#[test]
fn a_server_that_speaks_no_tls_is_not_used_and_asked_once() {
    let base = listen(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let read = read_retell(&base, quick(), &|_| false);
    assert!(ending(&read).contains("cannot be reached safely: the encrypted connection could not be set up"));
    assert_eq!(read.requests, 1);
}

#[test]
fn a_certificate_that_nobody_trusts_is_not_used_and_asked_once() {
    let folder = tempfile::tempdir().unwrap();
    let Some(config) = untrusted(folder.path()) else {
        eprintln!("skipped: there is no `openssl` to make a certificate with");
        return;
    };
    let base = listen(move |stream| {
        let session = ServerConnection::new(Arc::clone(&config)).unwrap();
        // The client hangs up as soon as it sees the certificate.
        let _ = StreamOwned::new(session, stream).read(&mut [0; 64]);
    });
    let read = read_retell(&base, quick(), &|_| false);
    assert!(ending(&read).contains("its certificate is not trusted"), "{}", ending(&read));
    assert_eq!(read.requests, 1);
}

/// A server with a fresh certificate that it signed itself, for `127.0.0.1`.
fn untrusted(folder: &Path) -> Option<Arc<ServerConfig>> {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .output()
        .ok()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let certificate = CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Some(Arc::new(config))
}

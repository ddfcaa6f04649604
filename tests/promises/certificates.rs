//! A provider whose certificate does not fit hears nothing: no key, and no request.
//!
//! The authority of these certificates is trusted here, so that each is refused for what is wrong with it alone.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use phone_dir::sandbox::{AUTH_TOKEN, RETELL_PRODUCTION_KEY, RETELL_STAGING_KEY};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fixture::Project;

/// Who signed a certificate, for whom, and from which year to which.
struct Certificate {
    name: &'static str,
    signer: Signer,
    host: &'static str,
    years: [u16; 2],
}

#[derive(PartialEq)]
enum Signer {
    Authority,
    Itself,
}

use Signer::{Authority, Itself};

const NOW: [u16; 2] = [2020, 2049];

const FITTING: Certificate = Certificate { name: "fits", signer: Authority, host: "IP:127.0.0.1", years: NOW };

const UNFIT: [Certificate; 5] = [
    Certificate { name: "another host", signer: Authority, host: "DNS:api.retellai.com", years: NOW },
    Certificate { name: "another address", signer: Authority, host: "IP:127.0.0.2", years: NOW },
    Certificate { name: "expired", signer: Authority, host: "IP:127.0.0.1", years: [2019, 2020] },
    Certificate { name: "not valid yet", signer: Authority, host: "IP:127.0.0.1", years: [2048, 2049] },
    Certificate { name: "signed by itself", signer: Itself, host: "IP:127.0.0.1", years: NOW },
];

/// What `openssl ca` has to be told before it signs anything.
const RULES: &str = "[ca]\ndefault_ca = a\n[a]\ndatabase = index.txt\nnew_certs_dir = .\ndefault_md = sha256\n\
    policy = p\ncopy_extensions = copy\nrand_serial = yes\nunique_subject = no\n[p]\ncommonName = supplied\n";

/// Calls `openssl`; none where there is none.
fn openssl(folder: &Path, words: &[&str]) -> Option<()> {
    let made = Command::new("openssl").args(words).current_dir(folder).output().ok()?;
    assert!(made.status.success(), "{words:?}: {}", String::from_utf8_lossy(&made.stderr));
    Some(())
}

const NEW_KEY: [&str; 6] = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

fn authority(folder: &Path) -> Option<()> {
    let words = ["-x509", "-days", "9", "-subj", "/CN=Authority", "-keyout", "authority.key", "-out", "authority.pem"];
    fs::write(folder.join("rules"), RULES).unwrap();
    fs::write(folder.join("index.txt"), "").unwrap();
    openssl(folder, &[&NEW_KEY[..], &words].concat())
}

fn server(folder: &Path, certificate: &Certificate) -> Option<Arc<ServerConfig>> {
    let name = format!("subjectAltName={}", certificate.host);
    let words = ["-new", "-subj", "/CN=Server", "-addext", &name, "-keyout", "key.pem", "-out", "request.pem"];
    openssl(folder, &[&NEW_KEY[..], &words].concat())?;
    let [start, end] = certificate.years.map(|year| format!("{year}0101000000Z"));
    let dates = ["-startdate", &start, "-enddate", &end];
    let signer: &[&str] = match certificate.signer {
        Authority => &["-cert", "authority.pem", "-keyfile", "authority.key"],
        Itself => &["-selfsign", "-keyfile", "key.pem"],
    };
    let words = ["ca", "-batch", "-notext", "-config", "rules", "-in", "request.pem", "-out", "certificate.pem"];
    openssl(folder, &[&words[..], &dates, signer].concat())?;
    let chain = vec![CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    Some(Arc::new(config))
}

/// Answers every request with 500, and keeps what it heard; the address is the first.
fn listen(config: Arc<ServerConfig>) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(&config, stream, &ears)));
    (base, heard)
}

fn answer(config: &Arc<ServerConfig>, stream: TcpStream, heard: &Mutex<Vec<u8>>) {
    let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream);
    let mut buffer = [0; 4096];
    // Whoever distrusts the certificate hangs up in the middle of the greeting.
    let Ok(count) = stream.read(&mut buffer) else { return };
    heard.lock().unwrap().extend_from_slice(&buffer[..count]);
    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

#[test]
fn a_provider_whose_certificate_does_not_fit_hears_nothing() {
    let folder = tempfile::tempdir().unwrap();
    if authority(folder.path()).is_none() {
        eprintln!("skipped: there is no `openssl` to make certificates with");
        return;
    }
    let mut project = Project::synced();
    project.place.set("SSL_CERT_FILE", folder.path().join("authority.pem").to_str().unwrap());
    for certificate in UNFIT.iter().chain([&FITTING]) {
        let (base, heard) = listen(server(folder.path(), certificate).unwrap());
        for name in ["TWILIO_API_URL", "TWILIO_TRUNKING_URL", "RETELL_BASE_URL"] {
            project.place.set(name, &base);
        }
        let before = project.git(&["rev-parse", "HEAD"]);
        let run = project.run(&["sync", "--all", "--json"]);
        let heard = String::from_utf8_lossy(&heard.lock().unwrap()).into_owned();
        if certificate.name == FITTING.name {
            // Its authority is trusted, so that the others were refused for themselves.
            assert!(heard.contains(RETELL_STAGING_KEY), "{run}");
            continue;
        }
        assert_eq!(heard, "", "{}: {run}", certificate.name);
        assert_eq!(run.code, 2, "{}: {run}", certificate.name);
        assert!(run.stdout.contains("certificate is not trusted"), "{}: {run}", certificate.name);
        for key in [AUTH_TOKEN, RETELL_STAGING_KEY, RETELL_PRODUCTION_KEY] {
            assert!(!format!("{run}").contains(key), "{}", certificate.name);
        }
        assert_eq!(project.git(&["rev-parse", "HEAD"]), before);
    }
}

//! Prism, a mock server made from the providers' published descriptions, behind a small relay that keeps count of
//! what it refuses.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

/// The folder of the descriptions: `PHONE_DIR_OPENAPI`, or else beside the project.
pub fn documents() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/openapi");
    let folder = std::env::var_os("PHONE_DIR_OPENAPI").map_or(beside, PathBuf::from);
    folder.join("retell.json").is_file().then_some(folder)
}

/// The program, which is never fetched from here: a test leaves nothing but loopback to anybody.
pub fn program() -> Option<OsString> {
    std::env::var_os("PHONE_DIR_PRISM").filter(|program| !program.is_empty())
}

/// A running mock server; it ends with this value.
pub struct Prism {
    child: Child,
    address: String,
}

impl Prism {
    pub fn start(program: &OsStr, document: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .args(["mock", "-p", &port.to_string()])
            .arg(document)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It starts children of its own; they all have to end.
            .process_group(0)
            .spawn()
            .unwrap();
        let prism = Self { child, address: format!("127.0.0.1:{port}") };
        let start = Instant::now();
        while TcpStream::connect(&prism.address).is_err() {
            assert!(start.elapsed() < PATIENCE, "prism did not start within {PATIENCE:?}");
            thread::sleep(Duration::from_millis(100));
        }
        prism
    }

    /// The address without the relay.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
        let _ = self.child.wait();
    }
}

/// One exchange: method and target, the status, and what Prism found wrong with the request.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub asked: String,
    pub status: u16,
    pub violations: String,
}

/// Passes requests on to Prism, and lets its lists come to an end: it is stateless and would answer
/// `has_more: true` for ever.
pub struct Relay {
    pub base: String,
    log: Arc<Mutex<Vec<Exchange>>>,
}

impl Relay {
    pub fn start(prism: &Prism) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let (address, relay_log) = (prism.address.clone(), Arc::clone(&log));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (address, log) = (address.clone(), Arc::clone(&relay_log));
                thread::spawn(move || pass_on(client, &address, &log));
            }
        });
        Self { base, log }
    }

    pub fn exchanges(&self) -> Vec<Exchange> {
        self.log.lock().unwrap().clone()
    }
}

fn pass_on(mut client: TcpStream, address: &str, log: &Mutex<Vec<Exchange>>) {
    let Some((line, headers, body)) = receive(&mut BufReader::new(&client)) else { return };
    let asked = line.trim_end_matches(" HTTP/1.1").to_owned();
    let mut prism = TcpStream::connect(address).unwrap();
    let kept: Vec<_> = headers.into_iter().filter(|header| !header.starts_with("connection:")).collect();
    let kept = kept.join("\r\n");
    prism.write_all(format!("{line}\r\n{kept}\r\nconnection: close\r\n\r\n{body}").as_bytes()).unwrap();
    let Some((status_line, headers, body)) = receive(&mut BufReader::new(&prism)) else { return };
    let status = status_line.split(' ').nth(1).unwrap().parse().unwrap();
    let violations =
        headers.iter().find_map(|header| header.strip_prefix("sl-violations: ")).unwrap_or_default().to_owned();
    log.lock().unwrap().push(Exchange { asked, status, violations });
    let body = ended(&body);
    let head = format!(
        "{status_line}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = client.write_all((head + &body).as_bytes());
}

/// A page without another behind it.
fn ended(body: &str) -> String {
    let Ok(mut page) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    for (name, end) in [("has_more", Value::Bool(false)), ("next_page_uri", Value::Null)] {
        if let Some(more) = page.get_mut(name) {
            *more = end;
        }
    }
    page.to_string()
}

/// The first line, the headers with their names in lower case, and the body.
fn receive(reader: &mut BufReader<&TcpStream>) -> Option<(String, Vec<String>, String)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let first = lines.remove(0);
    let headers: Vec<String> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| format!("{}: {value}", name.to_ascii_lowercase()))
        .collect();
    let length = headers.iter().find_map(|header| header.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((first, headers, String::from_utf8(body).ok()?))
}

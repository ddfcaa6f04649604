//! A receiver that runs beside a test, and a sender of signed events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use phone_dir::activity::signature::signature;
use phone_dir::activity::time::Millis;
use phone_dir::model::workspaces_file::ApiKey;
use phone_dir::sandbox::{RETELL_PRODUCTION_KEY, SandboxOptions};
use serde_json::{Value, json};

use crate::cli::fixture::Project;

/// The moment at which the tests' clock stands (`LATER`).
pub const NOW_MS: i64 = 1_763_640_000_000;
pub const PATH: &str = "/webhook/retell";

/// A project with a receiver, on a clock that stands.
pub struct Receiver {
    pub project: Project,
    running: Running,
    output: BufReader<ChildStdout>,
    pub address: String,
    pub admin: String,
}

/// An answer of HTTP.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Receiver {
    pub fn start() -> Self {
        Self::of(Project::synced_with(SandboxOptions::default()), &[])
    }

    /// Starts the receiver of a project, with further options.
    pub fn of(project: Project, options: &[&str]) -> Self {
        let words = ["webhook", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
        let mut command = project.command(cargo_bin("phone-dir"), &[&words, options].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut address = |end: &str| {
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            let (_, rest) = line.split_once("http://").unwrap_or_else(|| panic!("{line:?}"));
            rest.trim_end().strip_suffix(end).unwrap().to_owned()
        };
        let (address, admin) = (address(PATH), address("/"));
        Self { project, running: Running(child), output, address, admin }
    }

    /// Sends an event of production, signed now.
    pub fn send(&self, event: &Value) -> Answer {
        let body = event.to_string();
        self.deliver(body.as_bytes(), Some(&signed(body.as_bytes(), NOW_MS)))
    }

    pub fn deliver(&self, body: &[u8], signature: Option<&str>) -> Answer {
        try_deliver(&self.address, body, signature).unwrap()
    }

    pub fn signal(&self, name: &str) {
        let id = self.running.0.id().to_string();
        assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    #[allow(dead_code)] // what is promised of memory needs it
    pub fn id(&self) -> u32 {
        self.running.0.id()
    }

    /// Waits for the end, and says with which exit code it came.
    pub fn end(self) -> (Project, Option<i32>) {
        let Self { project, mut running, mut output, .. } = self;
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        let code = running.0.wait().unwrap().code();
        (project, code)
    }

    /// Asks for what the page shows.
    pub fn get(&self, path: &str) -> Answer {
        let host = self.admin.clone();
        exchange(&self.admin, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), b"")
            .unwrap()
    }
}

/// A process that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Waits for what has to come by itself.
pub fn until(what: &str, mut came: impl FnMut() -> Result<(), String>) {
    let start = Instant::now();
    while let Err(told) = came() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} did not come: {told}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Signs a body with production's key.
pub fn signed(body: &[u8], at: i64) -> String {
    signature(&ApiKey::new(RETELL_PRODUCTION_KEY), body, Millis(at))
}

/// Posts a body; an error is a connection that broke.
pub fn try_deliver(address: &str, body: &[u8], signature: Option<&str>) -> std::io::Result<Answer> {
    let signature = signature.map(|text| format!("X-Retell-Signature: {text}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{signature}\r\n"
    );
    exchange(address, &head, body)
}

pub fn exchange(address: &str, head: &str, body: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(head.as_bytes())?;
    // The receiver may have answered already, and closed its side.
    let _refused_early = stream.write_all(body);
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if bytes.is_empty() => return Err(error),
        _ => {}
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    Ok(Answer { status, head: head.to_lowercase(), body: body.to_owned() })
}

/// The three events of a call, as Retell sends them: with everything that nobody may keep.
pub fn events_of(id: &str) -> [Value; 3] {
    let start = NOW_MS - 120_000;
    let started = json!({
        "call_type": "phone_call", "call_id": id, "agent_id": "agent_production_x", "agent_version": 3,
        "call_status": "ongoing", "direction": "inbound", "from_number": "+12025550123", "to_number": "+14155550101",
        "start_timestamp": start, "metadata": {"customer": "Customer Ada Example"},
        "retell_llm_dynamic_variables": {"customer_name": "Ada Example"},
        "transcript": "Agent: Hello.\nUser: I asked about an order.",
    });
    let mut ended = started.clone();
    for (name, value) in [
        ("call_status", json!("ended")),
        ("end_timestamp", json!(start + 60_000)),
        ("duration_ms", json!(60_000)),
        ("disconnection_reason", json!("user_hangup")),
        ("call_cost", json!({"combined_cost": 0})),
    ] {
        ended[name] = value;
    }
    let mut analyzed = ended.clone();
    analyzed["call_cost"] = json!({"combined_cost": 14.28});
    analyzed["call_analysis"] = json!({"call_summary": "Ada Example asked about an order."});
    [("call_started", started), ("call_ended", ended), ("call_analyzed", analyzed)]
        .map(|(event, call)| json!({ "event": event, "call": call }))
}

//! A scripted HTTP server on loopback, down to the bytes, so that it can also misbehave. It is not the sandbox:
//! it knows nothing of the providers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// The path with the query.
    pub target: String,
    pub authorization: String,
    pub body: String,
    pub at: Instant,
}

impl Request {
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// A parameter of the query, undecoded.
    pub fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Status, further headers, body.
    Full(u16, Vec<(&'static str, String)>, String),
    /// These bytes, and the end of the connection.
    Raw(Vec<u8>),
    /// Nothing, and the end of the connection.
    Close,
    /// Nothing, for this long.
    Hang(Duration),
}

impl Reply {
    pub fn json(value: &Value) -> Self {
        Self::Full(200, Vec::new(), value.to_string())
    }

    pub fn status(status: u16, body: &str) -> Self {
        Self::Full(status, Vec::new(), body.to_owned())
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Full(_, headers, _) = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Full(status, headers, body) => {
                let kind = if headers.iter().any(|(name, _)| *name == "content-type") {
                    ""
                } else {
                    "content-type: application/json\r\n"
                };
                let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
                let headers = headers.concat();
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\n{kind}{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
                );
                (head + &body).into_bytes()
            }
            Self::Raw(bytes) => bytes,
            Self::Close | Self::Hang(_) => Vec::new(),
        }
    }
}

/// Where the organisation of a key is asked for.
const KEY_INFO: &str = "/get-api-key-info";

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    under_way: usize,
    most_under_way: usize,
    key_infos: usize,
}

/// A server that runs until the test's process ends.
pub struct Server {
    pub base: String,
    log: Arc<Mutex<Log>>,
}

impl Server {
    /// Starts a server; `script` gets each request and how many came before it on the same path.
    pub fn start(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(Reply::status(404, "{}"), script)
    }

    /// The same with an answer to the question for the key's organisation, which a read asks once and beside: it is
    /// neither in the script nor among the requests.
    pub fn start_with(key_info: Reply, script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log::default()));
        let (script, server_log) = (Arc::new((script, key_info)), Arc::clone(&log));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, log) = (Arc::clone(&script), Arc::clone(&server_log));
                thread::spawn(move || serve(stream, &script.0, &script.1, &log));
            }
        });
        Self { base, log }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().requests.clone()
    }

    /// How often the question for the key's organisation came.
    pub fn key_infos(&self) -> usize {
        self.log.lock().unwrap().key_infos
    }

    pub fn most_under_way(&self) -> usize {
        self.log.lock().unwrap().most_under_way
    }
}

fn serve(mut stream: TcpStream, script: &dyn Fn(&Request, usize) -> Reply, key_info: &Reply, log: &Mutex<Log>) {
    let Some(request) = receive(&stream) else { return };
    if request.path() == KEY_INFO {
        log.lock().unwrap().key_infos += 1;
        let reply = key_info.clone();
        let _ = stream.write_all(&reply.bytes());
        return;
    }
    let before = {
        let mut log = log.lock().unwrap();
        log.under_way += 1;
        log.most_under_way = log.most_under_way.max(log.under_way);
        let before = log.requests.iter().filter(|earlier| earlier.path() == request.path()).count();
        log.requests.push(request.clone());
        before
    };
    let reply = script(&request, before);
    log.lock().unwrap().under_way -= 1;
    if let Reply::Hang(time) = reply {
        thread::sleep(time);
    }
    // The client may have given up by now, which is its right.
    let _ = stream.write_all(&reply.bytes());
}

fn receive(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.clone_into(&mut authorization),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, target, authorization, body: String::from_utf8(body).ok()?, at: Instant::now() })
}

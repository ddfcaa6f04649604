//! A PostgreSQL server of the tests' own: in a temporary folder, on loopback, as a user who is not root.
//!
//! A shell starts it, waits for the end of its input, and takes it away again. That input ends with this process, however
//! this process ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What must be printed nowhere.
pub const PASSWORD: &str = "hunter2-of-the-tests";
/// Names the folder of the server's programs, or is `required`.
const VARIABLE: &str = "PHONE_DIR_POSTGRES";

/// `$1` the programs, `$2` the folder, `$3` the port, `$4` the password, and whatever runs a program as another user.
const COURSE: &str = r#"
set -eu
programs=$1 folder=$2 port=$3 password=$4; shift 4
umask 077
printf %s "$password" >"$folder/password"
new_key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
{
    openssl req -x509 $new_key -days 2 -subj /CN=authority -keyout "$folder/authority.key" -out "$folder/root.crt"
    openssl req -new $new_key -subj /CN=calls -keyout "$folder/server.key" -out "$folder/request"
    echo subjectAltName=DNS:localhost >"$folder/names"
    openssl x509 -req -in "$folder/request" -CA "$folder/root.crt" -CAkey "$folder/authority.key" -CAcreateserial \
        -days 2 -extfile "$folder/names" -out "$folder/server.crt"
} 2>"$folder/openssl.log"
[ $# = 0 ] || chown -R nobody "$folder"
cd "$folder"
trap '"$@" "$programs/pg_ctl" stop -s -w -m immediate -D "$folder/data" >/dev/null 2>&1; rm -rf "$folder"' EXIT
"$@" "$programs/initdb" --pgdata "$folder/data" --username calls --auth scram-sha-256 --pwfile "$folder/password" \
    --encoding UTF8 --locale C.UTF-8 --locale-provider icu --icu-locale en-US --no-sync >"$folder/initdb.log" 2>&1
"$@" "$programs/pg_ctl" start -s -w -D "$folder/data" -l "$folder/server.log" -o "-p $port -k $folder -c fsync=off \
    -c listen_addresses=127.0.0.1 -c ssl=on -c ssl_cert_file=$folder/server.crt -c ssl_key_file=$folder/server.key"
echo ready
cat >/dev/null
"#;

/// A running server.
pub struct Server {
    /// Its shell ends when this does.
    _shell: Child,
    pub port: u16,
    folder: PathBuf,
    programs: PathBuf,
}

/// The server of this process; none where its programs are not installed and nobody demands them.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| programs().map(|programs| Server::start(&programs))).as_ref()
}

/// The address of a database that nothing is in; none where there is no server.
pub fn new_database() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = server()?;
    let name = format!("calls_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    server.psql("postgres", &format!("CREATE DATABASE {name}"));
    Some(server.address(&name))
}

fn programs() -> Option<PathBuf> {
    let named = std::env::var(VARIABLE).unwrap_or_default();
    if !named.is_empty() && named != "required" {
        return Some(PathBuf::from(named));
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect();
    found.sort();
    let newest = found.pop();
    assert!(newest.is_some() || named != "required", "no PostgreSQL server is installed below /usr/lib/postgresql");
    if newest.is_none() {
        eprintln!("skipped: no PostgreSQL server is installed; {VARIABLE} can name the folder of its programs");
    }
    newest
}

impl Server {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // The server refuses to run as root.
        let other_user: &[&str] =
            if is_root() { &["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] } else { &[] };
        let mut shell = Command::new("sh")
            .args(["-c", COURSE, "server"])
            .args([programs, &folder])
            .args([&port.to_string(), PASSWORD])
            .args(other_user)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n", "the server did not start; see what it printed above");
        Self { _shell: shell, port, folder, programs: programs.to_owned() }
    }

    /// The address of a database, over TCP.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://calls:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// The authority that signed its certificate, which is for `localhost`.
    pub fn certificate(&self) -> String {
        std::fs::read_to_string(self.folder.join("root.crt")).unwrap()
    }

    /// What the server wrote down: what it was asked, where a database says so.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap()
    }

    /// Everything in a database, as text.
    pub fn dump(&self, database: &str) -> String {
        let mut command = Command::new(self.programs.join("pg_dump"));
        let output = command.args(["--inserts", &self.address(database)]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Says something to a database as its owner.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .args(["-AtqX", "--command", sql, &self.address(database)])
            .output()
            .unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout == b"0\n"
}

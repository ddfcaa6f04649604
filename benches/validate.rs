//! How long `validate` takes and how much memory, beside the least that any check of the same files needs: one pass
//! that parses every field into its type and keeps nothing. And what the hook and any command cost at the least.
//!
//! `cargo bench --bench validate`. Every line is of one run, and the quickest of a few rounds counts, because only that one
//! was not disturbed. The schema's time is that of the `jsonschema` crate for `directory.json` alone, from its bytes to
//! its verdict.
//!
//! - `VALIDATE_NUMBERS=10000,100000` are the sizes of the made-up projects; empty for none.
//! - `VALIDATE_FOLDER=DIR` measures a project that somebody else made, too.
//! - `VALIDATE_PEER="node_modules/.bin/jsonschema validate --fast"` (of the npm package `@sourcemeta/jsonschema`) names
//!   another checker, which is given the schema and `directory.json`, and is measured as a whole program.

#![allow(clippy::unwrap_used)] // a benchmark should stop where it fails
#![allow(clippy::cast_precision_loss)] // megabytes with one decimal

#[path = "../tests/generator/mod.rs"]
mod generator;
mod peak;

use std::collections::BTreeMap;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use generator::repository::{git, sealed};
use generator::varied;
use generator::wide::{self, Routing};
use phone_dir::model::master::Metadata;
use phone_dir::model::registry::Summary;
use phone_dir::model::{Assignment, NumberEntry, RegistryEntry, Timestamp, WorkspaceName};
use phone_dir::store::worktree;
use phone_dir::validate::{self, Occasion, Settings, Source};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

const PROGRAM: &str = env!("CARGO_BIN_EXE_phone-dir");
/// The largest file.
const DIRECTORY: &str = "phone-numbers/directory.json";
const ROUNDS: usize = 7;
/// Tells this program to validate in its own process, and to say how much memory that took.
const WEIGH: &str = "--weigh";

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let Some(at) = words.iter().position(|word| word == WEIGH) {
        return weigh(Path::new(&words[at + 1]));
    }
    start_up();
    hook();
    let peer = Peer::of_environment();
    if let Some(folder) = std::env::var_os("VALIDATE_FOLDER") {
        println!("{}", Path::new(&folder).display());
        measure(Path::new(&folder), peer.as_ref());
    }
    let sizes = std::env::var("VALIDATE_NUMBERS").unwrap_or_else(|_| "10000,100000".to_owned());
    for numbers in sizes.split(',').filter(|text| !text.is_empty()) {
        let numbers = numbers.parse().unwrap();
        for routing in [Routing::Same, Routing::Mixed] {
            made_up(&format!("{numbers} numbers, routing: {routing:?}"), wide::files(numbers, routing), peer.as_ref());
        }
        made_up(&format!("{numbers} numbers of all kinds"), varied::files(numbers), peer.as_ref());
    }
}

/// Another checker of JSON Schemas.
struct Peer {
    program: String,
    words: Vec<String>,
    version: String,
}

impl Peer {
    fn of_environment() -> Option<Self> {
        let command = std::env::var("VALIDATE_PEER").ok()?;
        let mut words = command.split_whitespace().map(str::to_owned);
        let program = words.next()?;
        let said = Command::new(&program).arg("--version").output().unwrap();
        let version = String::from_utf8(said.stdout).unwrap().trim().to_owned();
        Some(Self { program, words: words.collect(), version })
    }

    /// Its verdict on the largest file.
    fn accept(&self, folder: &Path) {
        let mut command = Command::new(&self.program);
        command.args(&self.words).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/directory.schema.json"));
        command.arg(folder.join(DIRECTORY)).stdout(Stdio::null());
        assert!(command.status().unwrap().success());
    }
}

/// The version of the `jsonschema` crate that this was built with.
fn crate_version() -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let (_, package) = lock.split_once("name = \"jsonschema\"\nversion = \"").unwrap();
    package.split('"').next().unwrap()
}

/// The least that any command takes.
fn start_up() {
    let version = || assert!(Command::new(PROGRAM).arg("--version").output().unwrap().status.success());
    let quickest = (0..5 * ROUNDS).map(|_| time(version)).min().unwrap();
    println!("start-up: {quickest:.1?} (goal: 10 ms)");
}

/// The installed hook where nothing of the directory is staged, beside the one question that it asks of git.
fn hook() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in wide::files(1_000, Routing::Same) {
        put(folder.path(), &path, &text);
    }
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message=All"]);
    let installed = Command::new(PROGRAM).args(["hook", "install"]).current_dir(folder.path()).output().unwrap();
    assert!(installed.status.success());
    put(folder.path(), "notes.txt", "not of the directory\n");
    git(folder.path(), &["add", "notes.txt"]);
    let quick = |program: &str, words: &[&str]| {
        let mut command = Command::new(program);
        sealed(&mut command, folder.path()).args(words).env("GIT_INDEX_FILE", ".git/index");
        time(|| drop(command.output().unwrap()))
    };
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 * ROUNDS {
        ours = ours.min(quick(".git/hooks/pre-commit", &[]));
        theirs = theirs.min(quick("git", &["diff", "--cached", "--quiet"]));
    }
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("hook, nothing of ours staged: {ours:.1?}, {ratio:.2} times `git diff --cached --quiet` (goal: 3)");
}

fn put(folder: &Path, path: &str, text: &str) {
    let place = folder.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

fn made_up(name: &str, files: BTreeMap<String, String>, peer: Option<&Peer>) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(folder.path(), &path, &text);
    }
    println!("{name}");
    measure(folder.path(), peer);
}

fn measure(folder: &Path, peer: Option<&Peer>) {
    let size: usize = parsed_files().iter().map(|(path, _)| fs::read(folder.join(path)).unwrap().len()).sum();
    let [mut floor, mut whole, mut schema, mut other] = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        floor = floor.min(time(|| pass(folder)));
        whole = whole.min(time(|| run(folder)));
        schema = schema.min(time(|| accept(folder)));
        other = peer.map_or(other, |peer| other.min(time(|| peer.accept(folder))));
    }
    let ratio = |time: Duration| time.as_secs_f64() / floor.as_secs_f64();
    println!("  {:.1} MB, {} findings", size as f64 / 1e6, findings(folder));
    println!("  one pass that keeps nothing: {floor:.1?}");
    println!("  validate, whole program:     {whole:.1?}, {:.2} times the pass (goal: 2.5)", ratio(whole));
    let schema_of = |peer: &str, time: Duration| {
        let ratio = ratio(time);
        println!(
            "  schema of directory.json:    {time:.1?}, {ratio:.2} times the pass, by {peer} (goal: more than validate)"
        );
    };
    schema_of(&format!("the crate jsonschema {}", crate_version()), schema);
    if let Some(peer) = peer {
        schema_of(&format!("{} {}", peer.program, peer.version), other);
    }
    let memory = peak(folder);
    println!(
        "  memory of a validation:      {:.1} MB, {:.2} times the bytes (goal: 3)",
        memory / 1e6,
        memory / size as f64
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn findings(folder: &Path) -> usize {
    let output = Command::new(PROGRAM).args(["validate", "--json"]).current_dir(folder).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    report["diagnostics"].as_array().unwrap().len()
}

fn run(folder: &Path) {
    let status = Command::new(PROGRAM).arg("validate").current_dir(folder).stdout(Stdio::null()).status();
    assert!(status.unwrap().success());
}

/// The verdict of the schema alone on the largest file.
fn accept(folder: &Path) {
    let bytes = fs::read(folder.join(DIRECTORY)).unwrap();
    assert!(phone_dir::schema::named("directory").unwrap().accepts(&serde_json::from_slice(&bytes).unwrap()));
}

/// Reads every file of the directory once and parses each field.
fn pass(folder: &Path) {
    for (path, parse) in parsed_files() {
        parse(&fs::read_to_string(folder.join(path)).unwrap());
    }
}

type Parse = fn(&str);

/// The large files, and what parses each.
fn parsed_files() -> Vec<(String, Parse)> {
    let mut files: Vec<(String, Parse)> = vec![(DIRECTORY.to_owned(), of::<Master>)];
    for workspace in generator::world::workspaces() {
        files.push((format!("phone-numbers/{workspace}/numbers.json"), of::<Registry>));
        files.push((format!("phone-numbers/{workspace}/assignments.json"), of::<Bindings>));
    }
    files
}

fn of<T: DeserializeOwned>(text: &str) {
    std::hint::black_box(serde_json::from_str::<T>(text).unwrap());
}

#[derive(Deserialize)]
#[allow(dead_code)] // read, and dropped
struct Master {
    version: String,
    last_updated: Option<Timestamp>,
    numbers: Each<NumberEntry>,
    metadata: Metadata,
}

#[derive(Deserialize)]
#[allow(dead_code)] // read, and dropped
struct Registry {
    workspace: WorkspaceName,
    last_sync: Option<Timestamp>,
    numbers: Each<RegistryEntry>,
    summary: Summary,
}

#[derive(Deserialize)]
#[allow(dead_code)] // read, and dropped
struct Bindings {
    workspace: WorkspaceName,
    last_updated: Option<Timestamp>,
    assignments: Each<Assignment>,
    by_agent: IgnoredAny,
    unassigned: IgnoredAny,
}

/// The elements of a list or the values of a map: each is parsed and forgotten.
struct Each<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self(PhantomData))
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Each<T> {
    type Value = Self;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list or a map")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self, A::Error> {
        while access.next_element::<T>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self, A::Error> {
        while access.next_entry::<phone_dir::model::PhoneNumber, T>()?.is_some() {}
        Ok(self)
    }
}

/// The most memory, in bytes, that a process holds which reads the files and validates them.
fn peak(folder: &Path) -> f64 {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).arg(WEIGH).arg(folder).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn weigh(folder: &Path) {
    let snapshot = worktree::read(&folder.canonicalize().unwrap()).unwrap();
    let now = Timestamp::from_datetime(chrono::Utc::now());
    let report = validate::validate(&snapshot, &Settings::of(None), &Occasion::new(Source::Worktree, now)).unwrap();
    std::hint::black_box(report);
    println!("{}", peak::of_process("self").unwrap());
}

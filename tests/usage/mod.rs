//! Calls from outside: read from the sandbox into the store, counted, joined with git's history, and forgotten.

#![cfg(unix)]

mod answering;
mod calling;
mod elsewhere;
mod forgetting;
mod parquet;
pub mod privacy;
mod pulling;
mod undated;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use phone_dir::sandbox::{CallTraffic, SandboxOptions};
use serde_json::Value;

use crate::cli::fixture::{Place, Project};

/// Where the store lies in a project of git.
pub const STORE: &str = ".git/phone-dir/usage.sqlite3";

/// A synced project on whose lines so many calls a day happened for so many days.
pub fn with_calls(per_day: u32, days: u32) -> Project {
    Project::synced_with(options(per_day, days))
}

/// A sandbox on whose lines so many calls a day happened for so many days.
pub fn options(per_day: u32, days: u32) -> SandboxOptions {
    SandboxOptions { calls: Some(CallTraffic { per_day, days }), ..SandboxOptions::default() }
}

/// The rows of an answer as `workspace number calls seconds cost`, sorted.
pub fn rows(answer: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let row = |row: &Value| {
        let (calls, seconds) = (&row["calls"], &row["seconds"]);
        format!("{} {} {calls} {seconds} {}", text(&row["workspace"]), text(&row["phone_number"]), text(&row["cost"]))
    };
    let mut rows: Vec<String> = answer["rows"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

/// Asks the database with SQLite's own program.
pub fn sql(place: &Place, query: &str) -> String {
    let output = Command::new("sqlite3").arg("-readonly").arg(place.path(STORE)).arg(query).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A process that writes to the store, and does not come to an end before it is dropped.
pub struct OtherWriter(Child);

/// Lets another process hold the store's lock.
pub fn another_writer(place: &Place) -> OtherWriter {
    let mut command = Command::new("sqlite3");
    let mut child =
        command.arg("-bail").arg(place.path(STORE)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(b".timeout 20000\nBEGIN IMMEDIATE;\nSELECT 'held';\n").unwrap();
    let mut held = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut held).unwrap();
    assert_eq!(held, "held\n");
    OtherWriter(child)
}

impl Drop for OtherWriter {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

/// Whether a program that judges is on this machine; a test without its judge says so.
pub fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

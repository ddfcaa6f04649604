//! A crash leaves no core file: whoever holds events or lists of calls forbids it.

use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

use super::receiver::{Receiver, until};
use crate::usage::with_calls;

fn core_limit(id: u32) -> String {
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap().to_owned()
}

fn is_forbidden(id: u32) -> bool {
    core_limit(id).split_whitespace().take(2).eq(["0", "0"])
}

#[test]
fn neither_a_receiver_nor_a_reading_may_leave_a_core_file() {
    let receiver = Receiver::start();
    assert!(is_forbidden(receiver.id()), "{}", core_limit(receiver.id()));
    let project = with_calls(10, 2);
    project.fault("hang,path=list-calls");
    // The shell allows what the command has to take back.
    let words = ["usage", "pull", "--quiet"];
    let mut command = project.command(cargo_bin("phone-dir"), &words);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the question for calls", || if project.sandbox.requests().is_empty() { Err(String::new()) } else { Ok(()) });
    let limit = core_limit(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(limit.split_whitespace().take(2).eq(["0", "0"]), "{limit}");
}

#[test]
fn an_aborted_receiver_leaves_no_core_file() {
    let receiver = Receiver::start();
    receiver.signal("-ABRT");
    let (project, code) = receiver.end();
    assert_eq!(code, None, "a signal ended it");
    let found = Command::new("find").arg(project.path(".")).args(["-name", "core*", "-size", "+64k"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}

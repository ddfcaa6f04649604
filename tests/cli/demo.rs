//! The demo: where it may run, and what it says to type next.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use assert_cmd::cargo::cargo_bin;

use crate::cli::fixture::{Place, Project, files_below};

#[test]
fn inside_of_another_project_it_leaves_that_one_alone() {
    let project = Project::synced();
    let before = files_below(&project.root, &project.root.join("phone-numbers"));
    let run = project.run(&["demo", "play"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(project.root.join("play/phone-numbers/directory.json").is_file());
    assert_eq!(files_below(&project.root, &project.root.join("phone-numbers")), before);
}

#[test]
fn it_runs_again_in_its_own_folder_and_in_no_other() {
    let place = Place::empty();
    assert_eq!(place.run(&["demo"]).code, 0);
    fs::write(place.root.join("phone-dir-demo/played.txt"), "with").unwrap();
    let again = place.run(&["demo"]);
    assert_eq!(again.code, 0, "{again}");
    assert!(!place.root.join("phone-dir-demo/played.txt").exists());
    fs::create_dir(place.root.join("mine")).unwrap();
    fs::write(place.root.join("mine/kept.txt"), "mine").unwrap();
    let run = place.run(&["demo", "mine"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("is not empty"), "{run}");
    assert!(place.root.join("mine/kept.txt").is_file());
}

#[test]
fn it_says_what_to_type_where_the_path_does_not_lead_to_it() {
    let place = Place::empty();
    let output = place.command(cargo_bin("phone-dir"), &["demo"]).env("PATH", "/usr/bin:/bin").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let next = text.lines().find(|line| line.trim_end().ends_with("every number, in every workspace")).unwrap();
    assert!(next.trim_start().starts_with(cargo_bin("phone-dir").to_str().unwrap()), "{next}");
}

#[test]
fn the_sandbox_shows_each_request_where_that_is_asked_for() {
    let place = Place::empty();
    let mut command = place.command(cargo_bin("phone-dir"), &["sandbox", "--port", "0", "-v"]);
    let mut sandbox = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(sandbox.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = printed.find_map(|line| Some(line.split_once("RETELL_BASE_URL=")?.1.to_owned())).unwrap();
    let asked = place.command("curl", &["--silent", &format!("{address}/get-api-key-info")]).output().unwrap();
    assert!(asked.status.success());
    let mut shown = BufReader::new(sandbox.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(shown.next().unwrap(), "GET /get-api-key-info 401");
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    let help = place.succeed(&["sandbox", "--help"]);
    assert!(help.contains("With `-v` it") && help.contains("shows each request"), "{help}");
}

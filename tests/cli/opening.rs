//! Files that are links to devices or pipes: each is an error that names it, and nobody waits.

#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::cli::fixture::{DIRECTORY, Place, Project};

/// Puts a link to a device that never ends, or a pipe that nobody writes to, in the place of a file.
fn replace(place: &Place, path: &str, kind: &str) {
    let path = place.path(path);
    let _was_there = std::fs::remove_file(&path);
    if kind == "pipe" {
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    } else {
        symlink("/dev/zero", &path).unwrap();
    }
}

fn with_a_directory(has_git: bool) -> Place {
    let place = if has_git { Place::with_git() } else { Place::empty() };
    place.succeed(&["init", "--quiet"]);
    place
}

#[test]
fn files_beside_the_directory_are_named_and_not_waited_for() {
    for kind in ["device", "pipe"] {
        for (has_git, file, words) in [
            (false, ".env", ["sync", "--all"].as_slice()),
            (true, ".env", &["drift"]),
            (true, ".env", &["doctor"]),
            (false, ".gitignore", &["init"]),
            (true, ".gitattributes", &["doctor"]),
            (true, ".gitattributes", &["setup"]),
            (true, ".gitignore", &["status"]),
            (true, "phone-numbers/.gitattributes", &["doctor"]),
            (true, ".git/info/attributes", &["doctor"]),
            (true, ".git/info/exclude", &["doctor"]),
            (true, ".git/shallow", &["history"]),
            (true, ".git/objects/info/alternates", &["validate", "--staged"]),
            (true, ".git/config", &["status"]),
            (true, ".git/refs/heads/main", &["history"]),
            (true, ".git/packed-refs", &["diff"]),
            (true, "agents/.gitignore", &["sync", "--all"]),
            (true, "phone-numbers/staging/.gitattributes", &["doctor"]),
        ] {
            let place = with_a_directory(has_git);
            for folder in [".git/info", "agents"] {
                std::fs::create_dir_all(place.path(folder)).unwrap();
            }
            if !has_git {
                std::fs::remove_dir_all(place.path(".git")).unwrap();
            }
            replace(&place, file, kind);
            let said = place.run(words);
            // `doctor` lists it among what is wrong with the clone where the repository cannot be opened for it.
            let is_told = if said.code == 1 { said.stdout.contains(file) } else { said.stderr.contains(file) };
            assert!(said.code != 0 && is_told, "{kind}, {file}, {words:?}: {said}");
        }
    }
}

#[test]
fn the_directorys_own_files_are_findings_or_errors_and_completion_proposes_nothing() {
    for kind in ["device", "pipe"] {
        let project = Project::synced();
        let place: &Place = &project;
        for file in [DIRECTORY, "workspaces.json", "phone-dir.toml", "agents/sales-agent/staging.json"] {
            replace(place, file, kind);
        }
        assert_ne!(place.run(&["list"]).code, 0);
        assert_ne!(place.run(&["validate"]).code, 0);
        let mut completion =
            place.command(assert_cmd::cargo::cargo_bin("phone-dir"), &["--", "phone-dir", "show", "+1"]);
        completion.env("PHONE_DIR_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "2").env("_CLAP_IFS", "\n");
        completion.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "true");
        assert_eq!(String::from_utf8(completion.output().unwrap().stdout).unwrap(), "");
    }
}

#[test]
fn a_list_may_come_from_a_pipe_that_the_user_names() {
    let project = Project::synced();
    let list = "phone_number,workspace,inbound_agent\n+14155550101,production,agents/survey\n";
    for source in [
        "printf '%s' \"$LIST\" | \"$PD\" bulk-assign - --dry-run",
        "printf '%s' \"$LIST\" | \"$PD\" bulk-assign /dev/stdin --dry-run",
    ] {
        let mut command = project.command("sh", &["-c", source]);
        let output = command.env("LIST", list).env("PD", assert_cmd::cargo::cargo_bin("phone-dir")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("+14155550101"), "{source}: {output:?}");
    }
}

#[test]
fn a_file_that_gits_settings_name_is_not_waited_for() {
    for (key, value) in [("core.excludesFile", "pipe"), ("core.attributesFile", "pipe"), ("include.path", "../pipe")] {
        let place = with_a_directory(true);
        replace(&place, "pipe", "pipe");
        place.git(&["config", key, value]);
        let said = place.run(&["history"]);
        assert!(said.code >= 2 && said.stderr.contains("pipe"), "{key}: {said}");
    }
}

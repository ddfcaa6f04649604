//! The program `retell`: its groups, and what it hands on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use assert_cmd::cargo::cargo_bin;
use insta::assert_snapshot;

use crate::cli::fixture::{Place, Project, Run};

fn retell(place: &Place, path: &str, words: &[&str]) -> Run {
    place.finish(words, &place.command(cargo_bin("retell"), words).env("PATH", path).output().unwrap())
}

/// Puts another program of the same name into a folder for the PATH.
fn other_retell(place: &Place) -> String {
    let folder = place.home.join("bin");
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("retell");
    fs::write(&program, "#!/bin/sh\nprintf 'other:'\nprintf ' <%s>' \"$@\"\necho\nexit 7\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let ours = cargo_bin("retell");
    format!("{}:{}:/usr/bin:/bin", ours.parent().unwrap().display(), folder.display())
}

#[test]
fn the_group_phone_dir_is_the_program_phone_dir() {
    let project = Project::synced();
    let path = project.variables["PATH"].clone();
    for words in [&["list"][..], &["show", "+14155550101", "--json"], &["list", "--workspace", "prod"]] {
        let through = retell(&project, &path, &[&["phone-dir"], words].concat());
        let direct = project.run(words);
        assert_eq!((through.code, through.stdout, through.stderr), (direct.code, direct.stdout, direct.stderr));
    }
}

#[test]
fn another_group_is_handed_to_the_next_retell_with_its_words_and_its_exit_code() {
    let place = Place::empty();
    let run = retell(&place, &other_retell(&place), &["push", "agents/sales", "--message", "two words"]);
    assert_eq!(run.stdout, "other: <push> <agents/sales> <--message> <two words>\n");
    assert_eq!(run.code, 7);
}

#[test]
fn a_group_that_nobody_knows_is_named() {
    let place = Place::empty();
    assert_snapshot!(retell(&place, "/usr/bin:/bin", &["push", "agents/sales"]));
}

#[test]
fn a_copy_of_itself_on_the_path_is_not_another_retell() {
    let place = Place::empty();
    let folder = place.home.join("bin");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(cargo_bin("retell"), folder.join("retell")).unwrap();
    let run = retell(&place, &format!("{}:/usr/bin:/bin", folder.display()), &["push"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("unknown group `push`"), "{run}");
}

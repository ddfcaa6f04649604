//! The program `retell`: its groups, and what it hands on.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    copy_launcher(&folder);
    let run = retell(&place, &format!("{}:/usr/bin:/bin", folder.display()), &["push"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("unknown group `push`"), "{run}");
}

/// A folder with the launcher alone.
fn launcher_alone(place: &Place, name: &str) -> PathBuf {
    let folder = place.home.join(name);
    fs::create_dir_all(&folder).unwrap();
    copy_launcher(&folder);
    folder.join("retell")
}

/// Copies by a program of its own: a process that another test starts at that moment would hold a file open that this one
/// writes, and what is written to cannot be started.
fn copy_launcher(folder: &Path) {
    let status = Command::new("cp").arg(cargo_bin("retell")).arg(folder).status().unwrap();
    assert!(status.success());
}

#[test]
fn only_the_phone_dir_beside_it_is_started() {
    let place = Place::empty();
    let program = launcher_alone(&place, "alone");
    let beside_tests = cargo_bin("phone-dir").parent().unwrap().to_owned();
    let path = format!("{}:/usr/bin:/bin", beside_tests.display());
    let words = ["phone-dir", "version"];
    let run = place.finish(&words, &place.command(program, &words).env("PATH", path).output().unwrap());
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("/alone/phone-dir`, which `retell` starts"), "{run}");
}

#[test]
fn usage_lines_name_what_was_typed() {
    let place = Place::empty();
    let run = retell(&place, "/usr/bin:/bin", &["phone-dir", "show", "--help"]);
    assert!(run.stdout.contains("Usage: retell phone-dir show"), "{run}");
    let run = retell(&place, "/usr/bin:/bin", &["phone", "get", "--help"]);
    assert!(run.stdout.contains("Usage: retell phone get"), "{run}");
}

#[test]
fn phone_create_belongs_to_the_other_retell() {
    let place = Place::empty();
    let run = retell(&place, &other_retell(&place), &["phone", "create", "415"]);
    assert_eq!((run.code, run.stdout.as_str()), (7, "other: <phone> <create> <415>\n"), "{run}");
    let run = retell(&place, "/usr/bin:/bin", &["phone", "create", "415"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("`retell phone import`"), "{run}");
}

#[test]
fn commands_of_one_workspace_are_about_staging_where_none_is_given() {
    let project = Project::synced();
    let path = project.variables["PATH"].clone();
    for words in [&["phone", "list"][..], &["phone", "get", "+14155550101"]] {
        let usual = retell(&project, &path, words);
        let said = retell(&project, &path, &[words, &["-w", "staging"]].concat());
        assert_eq!((usual.code, &usual.stdout), (0, &said.stdout), "{usual}");
        let other = retell(&project, &path, &[words, &["--workspace=production"]].concat());
        assert!(other.code == 0 && other.stdout != usual.stdout, "{other}");
    }
    let updated = retell(&project, &path, &["phone", "update", "+14155550101", "--nickname", "Desk"]);
    assert!(updated.code == 0 && updated.stdout.contains("staging"), "{updated}");
}

#[test]
fn other_commands_of_phone_go_to_the_other_retell_and_are_explained_without_one() {
    let place = Place::empty();
    let run = retell(&place, &other_retell(&place), &["phone", "release", "415"]);
    assert_eq!((run.code, run.stdout.as_str()), (7, "other: <phone> <release> <415>\n"), "{run}");
    let run = retell(&place, "/usr/bin:/bin", &["phone", "updat", "415"]);
    assert!(run.code == 2 && run.stderr.contains("update"), "{run}");
}

#[test]
fn two_launchers_of_different_versions_do_not_hand_a_command_to_each_other_for_ever() {
    let place = Place::empty();
    let other = launcher_alone(&place, "other-version");
    let bytes = [fs::read(&other).unwrap(), b"another version".to_vec()].concat();
    fs::write(&other, bytes).unwrap();
    let ours = cargo_bin("retell");
    let folders = [ours.parent().unwrap(), other.parent().unwrap()].map(|folder| folder.display().to_string());
    let run = retell(&place, &format!("{}:/usr/bin:/bin", folders.join(":")), &["push"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("unknown group `push`"), "{run}");
}

#[test]
fn the_launcher_is_no_second_copy_of_the_program() {
    let length = |name: &str| cargo_bin(name).metadata().unwrap().len();
    assert!(length("retell") * 10 < length("phone-dir"), "the launcher links the library");
}

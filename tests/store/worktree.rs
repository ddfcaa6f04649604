//! Reading the working tree: what belongs to a project, and what is never opened.

use std::fs;
use std::process::Command;

use phone_dir::error::ErrorKind;
use phone_dir::snapshot::Content;
use phone_dir::store::project::Project;
use phone_dir::store::worktree;

use crate::store::fixture::{DIRECTORY, Fixture};

fn reason(fixture: &Fixture, path: &str) -> &'static str {
    match worktree::read(&fixture.root).unwrap().files.get(path) {
        Some(Content::Irregular(reason)) => reason,
        other => panic!("{path}: {other:?}"),
    }
}

#[test]
fn everything_below_phone_numbers_and_the_json_of_agents_is_read() {
    let fixture = Fixture::plain();
    for path in
        [DIRECTORY, "phone-numbers/a/b/notes.txt", "agents/sales/agent.json", "workspaces.json", "phone-dir.toml"]
    {
        fixture.write(path, path);
    }
    for path in [
        "agents/sales/notes.md",
        "agents/sales/old/x.json",
        "agents/x.json",
        "phone-numbers.backup.1/directory.json",
        "other.json",
    ] {
        fixture.write(path, "not ours");
    }
    let snapshot = worktree::read(&fixture.root).unwrap();
    let paths: Vec<&str> = snapshot.files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        ["agents/sales/agent.json", "phone-dir.toml", "phone-numbers/a/b/notes.txt", DIRECTORY, "workspaces.json"]
    );
    assert_eq!(snapshot.bytes(DIRECTORY), Some(DIRECTORY.as_bytes()));
}

#[cfg(unix)]
#[test]
fn links_are_named_and_not_followed() {
    let fixture = Fixture::plain();
    fixture.write("elsewhere/staging.json", "secret");
    fixture.write(DIRECTORY, "{}");
    fs::create_dir_all(fixture.root.join("agents")).unwrap();
    for (target, link) in [
        ("../elsewhere", "phone-numbers/staging"),
        ("/etc/passwd", "phone-numbers/passwd.json"),
        ("../elsewhere", "agents/sales"),
        ("elsewhere/staging.json", "workspaces.json"),
    ] {
        std::os::unix::fs::symlink(target, fixture.root.join(link)).unwrap();
    }
    for path in ["phone-numbers/staging", "phone-numbers/passwd.json", "agents/sales", "workspaces.json"] {
        assert_eq!(reason(&fixture, path), "a symbolic link", "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_linked_directory_is_found_and_named() {
    let fixture = Fixture::plain();
    fixture.write("elsewhere/directory.json", "{}");
    std::os::unix::fs::symlink("elsewhere", fixture.root.join("phone-numbers")).unwrap();
    assert_eq!(fixture.project().root(), fixture.root);
    assert_eq!(reason(&fixture, "phone-numbers"), "a symbolic link");
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_socket_does_not_make_it_wait() {
    let fixture = Fixture::plain();
    fixture.write(DIRECTORY, "{}");
    let pipe = fixture.root.join("phone-numbers/pipe.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(fixture.root.join("phone-numbers/socket")).unwrap();
    for path in ["phone-numbers/pipe.json", "phone-numbers/socket"] {
        assert_eq!(reason(&fixture, path), "a device, pipe or socket");
    }
}

#[test]
fn a_repository_inside_and_a_folder_in_place_of_a_file_are_named() {
    let fixture = Fixture::plain();
    fixture.write("phone-numbers/inner/.git", "gitdir: /nowhere\n");
    fixture.write("workspaces.json/x", "");
    assert_eq!(reason(&fixture, "phone-numbers/inner"), "a submodule");
    assert_eq!(reason(&fixture, "workspaces.json"), "a folder where a file belongs");
}

#[cfg(unix)]
#[test]
fn a_file_above_the_size_limit_is_not_loaded() {
    let fixture = Fixture::plain();
    fixture.write("phone-numbers/huge.json", "");
    let file = fs::File::options().write(true).open(fixture.root.join("phone-numbers/huge.json")).unwrap();
    file.set_len(phone_dir::snapshot::MAX_FILE_BYTES + 1).unwrap();
    assert_eq!(reason(&fixture, "phone-numbers/huge.json"), "a file above the size limit");
}

#[test]
fn folders_nested_without_end_are_named() {
    let fixture = Fixture::plain();
    let deep = format!("phone-numbers/{}x.json", "d/".repeat(200));
    fixture.write(&deep, "");
    let snapshot = worktree::read(&fixture.root).unwrap();
    let found: Vec<_> = snapshot.files.values().collect();
    assert_eq!(found, [&Content::Irregular("a folder nested too deeply")]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let fixture = Fixture::plain();
    fixture.write(DIRECTORY, "{}");
    let name = std::ffi::OsStr::from_bytes(b"phone-numbers/\xff.json");
    fs::write(fixture.root.join(name), "").unwrap();
    assert_eq!(reason(&fixture, "phone-numbers/\u{fffd}.json"), "a file whose name is not UTF-8");
}

#[test]
fn without_a_directory_nothing_can_be_told() {
    let fixture = Fixture::plain();
    let error = Project::find(&fixture.root).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.hint_text().unwrap().contains("phone-dir init"));
}

#[test]
fn the_root_is_the_nearest_folder_with_a_directory_and_init_falls_back_to_the_git_root() {
    let fixture = Fixture::unborn();
    fixture.write("deep/er/file", "");
    let below = fixture.root.join("deep/er");
    assert_eq!(Project::for_init(&below).unwrap().root(), fixture.root);
    fixture.write("deep/phone-numbers/directory.json", "{}");
    assert_eq!(Project::find(&below).unwrap().root(), fixture.root.join("deep"));
    assert_eq!(Project::for_init(&below).unwrap().root(), fixture.root.join("deep"));
    let plain = Fixture::plain();
    assert_eq!(Project::for_init(&plain.root).unwrap().root(), plain.root);
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_to_read_is_an_error_that_names_it() {
    use std::os::unix::fs::PermissionsExt;
    for path in [DIRECTORY, "phone-numbers/staging"] {
        let fixture = Fixture::plain();
        fixture.write(DIRECTORY, "{}");
        fixture.write("phone-numbers/staging/numbers.json", "{}");
        let place = fixture.root.join(path);
        let before = fs::metadata(&place).unwrap().permissions();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o0)).unwrap();
        let found = worktree::read(&fixture.root);
        fs::set_permissions(&place, before).unwrap();
        match found {
            Err(error) => assert!(error.message().contains(path), "{error}"),
            Ok(_) => eprintln!("skipped: the superuser may read everything"),
        }
    }
}

#[test]
fn a_directory_that_is_not_checked_out_is_not_begun_anew() {
    let fixture = Fixture::committed();
    fs::remove_dir_all(fixture.root.join("phone-numbers")).unwrap();
    for found in
        [Project::find(&fixture.root), Project::for_init(&fixture.root), Project::find(&fixture.root.join("agents"))]
    {
        let error = found.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CannotTell);
        assert!(error.hint_text().unwrap().contains("git checkout HEAD -- phone-numbers"), "{error:?}");
    }
    fixture.git(&["checkout", "HEAD", "--", "phone-numbers"]);
    assert_eq!(Project::find(&fixture.root).unwrap().root(), fixture.root);
}

//! A disk that refuses to be written: the tests mount one in a namespace of their own, and say so where they cannot.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use assert_cmd::cargo::cargo_bin;

use crate::cli::fixture::{Project, Run, differences, files_below};

/// Runs a script that may mount things which nobody else sees; none where the system does not allow that.
fn in_own_mounts(project: &Project, script: &str) -> Option<Run> {
    let namespace = ["--map-root-user", "--mount"];
    let probe = [&namespace[..], &["mount", "-t", "tmpfs", "tmpfs", "/mnt"]].concat();
    if !project.command("unshare", &probe).output().is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: this system lets no test mount a disk (`unshare --map-root-user --mount`)");
        return None;
    }
    let program = cargo_bin("phone-dir");
    let words = [&namespace[..], &["sh", "-c", script]].concat();
    let output = project.command("unshare", &words).env("PHONE_DIR", program).output().unwrap();
    Some(project.finish(&["sync", "--all"], &output))
}

#[test]
fn a_read_only_disk_is_an_error_that_names_the_file() {
    let project = Project::synced();
    project.sandbox.reassign("production", "+14155550101", "sales-agent").unwrap();
    let script = "mount --bind . . && mount -o remount,ro,bind . && cd \"$PWD\" && exec \"$PHONE_DIR\" sync --all";
    let Some(run) = in_own_mounts(&project, script) else { return };
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("error: cannot ") && run.stderr.contains("`[project]"), "{run}");
    assert!(run.stderr.contains("Read-only file system"), "{run}");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_folder_without_write_permission_is_an_error_that_names_it() {
    let project = Project::synced();
    let folder = project.path("phone-numbers");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        fs::remove_file(folder.join("probe")).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        eprintln!("skipped: permissions do not bind this user");
        return;
    }
    let run = project.run(&["sync", "--all"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("`[project]") && run.stderr.contains("ermission denied"), "{run}");
}

#[test]
fn a_full_disk_is_an_error_and_leaves_every_file_whole() {
    let project = Project::synced();
    project.sandbox.reassign("production", "+14155550101", "sales-agent").unwrap();
    let before = project.files("phone-numbers");
    let (small, after) = (project.home.join("small"), project.home.join("after"));
    fs::create_dir_all(&small).unwrap();
    fs::create_dir_all(&after).unwrap();
    let script = format!(
        "set -e
        mount -t tmpfs -o size=1m tmpfs '{small}'
        cp -a . '{small}'
        cd '{small}'
        dd if=/dev/zero of=fill bs=1024 2>/dev/null || true
        code=0
        \"$PHONE_DIR\" sync --all || code=$?
        rm fill
        git status --porcelain
        cp -a phone-numbers '{after}'
        exit $code",
        small = small.display(),
        after = after.display(),
    );
    let Some(run) = in_own_mounts(&project, &script) else { return };
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("No space left"), "{run}");
    assert_eq!(run.stdout, "", "git sees no change");
    assert_eq!(differences(&before, &files_below(&after, &after.join("phone-numbers"))), "");
}

//! Where hooks are, and where projects are: `core.hooksPath`, linked working trees, `$GIT_DIR`, projects below the top.

use std::fs;

use crate::hook::fixture::{DIRECTORY, Repository, STAGING, said, script};

/// Whether a bad commit is refused and a good one made.
fn is_guarded(repository: &Repository) -> bool {
    repository.edit_badly(20);
    let bad = repository.try_git(&["commit", "-q", "-a", "-m", "bad"]).status.success();
    repository.edit_well(21);
    let good = repository.try_git(&["commit", "-q", "-a", "-m", "good"]).status.success();
    !bad && good
}

#[test]
fn a_hooks_path_is_honoured_absolute_relative_and_below_home() {
    type Place = fn(&Repository) -> String;
    let shared = |repository: &Repository| repository.outside().join("shared hooks");
    let cases: [(&str, Place); 3] = [
        ("shared", |repository| repository.outside().join("shared hooks").display().to_string()),
        ("team", |_| ".githooks".to_owned()),
        ("shared", |_| "~/hooks".to_owned()),
    ];
    for (reach, path) in cases {
        let repository = Repository::committed();
        fs::create_dir(shared(&repository)).unwrap();
        repository.git(&["config", "core.hooksPath", &path(&repository)]);
        repository.phone_dir(&["hook", "install"]);
        assert!(!repository.hooks().join("pre-commit").exists());
        assert!(is_guarded(&repository), "{reach}");
        let status = repository.phone_dir(&["hook", "status", "--json"]);
        assert!(status.contains(&format!("\"reach\": \"{reach}\"")), "{status}");
        repository.phone_dir(&["hook", "uninstall"]);
        assert!(!is_guarded(&repository), "{reach}");
    }
}

#[test]
fn a_hook_for_every_repository_of_a_user_works_in_one_without_a_directory() {
    let repository = Repository::committed();
    let global = repository.outside().join("gitconfig");
    let hooks = repository.outside().join("hooks");
    fs::write(&global, format!("[core]\n\thooksPath = {}\n", hooks.display())).unwrap();
    let run = |program: &str, arguments: &[&str], place: &std::path::Path| {
        let mut command = repository.command(program, place);
        command.env("GIT_CONFIG_GLOBAL", &global).args(arguments).output().unwrap()
    };
    for words in [&["hook", "install"][..], &["setup"]] {
        let asked = run("phone-dir", words, &repository.root);
        assert!(said(&asked).contains("every repository") && !hooks.exists(), "{}", said(&asked));
    }
    let installed = run("phone-dir", &["hook", "install", "--everywhere"], &repository.root);
    assert!(installed.status.success() && said(&installed).contains("other repositories"), "{}", said(&installed));
    let other = repository.outside().join("other");
    assert!(run("git", &["init", "-q", other.to_str().unwrap()], &repository.top).status.success());
    fs::write(other.join(".env"), "A=1\n").unwrap();
    assert!(run("git", &["add", "-A"], &other).status.success());
    let committed = run("git", &["commit", "-q", "-m", "an .env of a project that is none of ours"], &other);
    assert!(committed.status.success(), "{}", said(&committed));
    let removed = run("phone-dir", &["setup", "--remove"], &repository.root);
    assert!(removed.status.success() && hooks.join("pre-commit").exists(), "others use it too: {}", said(&removed));
}

#[test]
fn where_phone_dir_is_missing_only_a_repository_with_a_directory_waits_for_it() {
    let repository = Repository::hooked();
    fs::remove_file(repository.outside().join("bin/phone-dir")).unwrap();
    repository.edit_well(2);
    assert!(repository.refused(&["-a", "-m", "unchecked"]).contains("not on the PATH"));
    repository.git(&["checkout", "-q", "-f", "HEAD"]);
    fs::remove_dir_all(repository.root.join("phone-numbers")).unwrap();
    repository.refused(&["-a", "-m", "gone, unchecked"]);
    let hooks = repository.hooks();
    let other = Repository::empty();
    fs::remove_file(other.outside().join("bin/phone-dir")).unwrap();
    other.git(&["config", "core.hooksPath", hooks.to_str().unwrap()]);
    other.write(".env", "A=1\n");
    other.write("agents/bot/config.json", "{}\n");
    other.git(&["add", "-A"]);
    other.git(&["commit", "-q", "-m", "nothing of phone-dir"]);
}

#[test]
fn every_form_of_trust_that_git_takes_is_taken() {
    let repository = Repository::committed();
    let give = |place: &std::path::Path| std::os::unix::fs::chown(place, Some(4242), Some(4242));
    if give(&repository.top).and_then(|()| give(&repository.top.join(".git"))).is_err() {
        eprintln!("skipped: only the superuser can give a folder away");
        return;
    }
    let global = repository.outside().join("gitconfig");
    let run = |program: &str, words: &[&str], safe: &str| {
        fs::write(&global, format!("[safe]\n\tdirectory = \"{safe}\"\n")).unwrap();
        repository.command(program, &repository.top).env("GIT_CONFIG_GLOBAL", &global).args(words).output().unwrap()
    };
    let (outside, top) = (repository.outside(), repository.top.display().to_string());
    let forms = [
        top.clone(),
        format!("{top}/"),
        "*".to_owned(),
        format!("{}/*", outside.display()),
        "~/../project".to_owned(),
        "/nowhere".to_owned(),
    ];
    let mut taken = 0;
    for safe in forms {
        let by_git = run("git", &["rev-parse", "HEAD"], &safe).status.success();
        for words in [&["validate", "--rev", "HEAD"][..], &["status"], &["history"]] {
            let ours = run("phone-dir", words, &safe);
            assert_eq!(ours.status.success(), by_git, "{safe} {words:?}: {}", said(&ours));
        }
        taken += usize::from(by_git);
    }
    assert!((1..6).contains(&taken));
    let counted = repository
        .command("phone-dir", &repository.top)
        .envs([("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "safe.directory"), ("GIT_CONFIG_VALUE_0", "*")])
        .args(["validate", "--rev", "HEAD"])
        .output()
        .unwrap();
    assert!(counted.status.success(), "{}", said(&counted));
}

#[test]
fn a_linked_working_tree_is_judged_by_its_own_index() {
    let mut repository = Repository::hooked();
    let linked = repository.outside().join("linked");
    repository.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let main = repository.top.clone();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    (repository.top, repository.root) = (linked.clone(), linked);
    assert!(is_guarded(&repository), "the linked working tree");
    assert!(repository.phone_dir(&["hook", "status"]).contains("pre-commit: installed"));
    (repository.top, repository.root) = (main.clone(), main);
    repository.refused(&["-m", "still bad here"]);
}

#[test]
fn a_linked_working_tree_can_have_hooks_of_its_own() {
    let mut repository = Repository::committed();
    let linked = repository.outside().join("linked");
    repository.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    repository.git(&["config", "extensions.worktreeConfig", "true"]);
    let own = repository.outside().join("own");
    repository.git(&["-C", linked.to_str().unwrap(), "config", "--worktree", "core.hooksPath", own.to_str().unwrap()]);
    let main = std::mem::replace(&mut repository.top, linked.clone());
    repository.root = linked;
    repository.phone_dir(&["hook", "install"]);
    assert!(own.join("pre-commit").exists() && !main.join(".git/hooks/pre-commit").exists());
    assert!(is_guarded(&repository));
}

#[test]
fn a_git_folder_elsewhere_is_honoured() {
    let repository = Repository::committed();
    let elsewhere = repository.outside().join("elsewhere.git");
    fs::rename(repository.top.join(".git"), &elsewhere).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let mut command = repository.command(program, &repository.top);
        command.env("GIT_DIR", &elsewhere).env("GIT_WORK_TREE", &repository.top).args(arguments).output().unwrap()
    };
    let installed = run("phone-dir", &["hook", "install"]);
    assert!(installed.status.success(), "{}", said(&installed));
    assert!(elsewhere.join("hooks/pre-commit").exists());
    repository.edit_badly(2);
    assert!(!run("git", &["commit", "-q", "-a", "-m", "bad"]).status.success());
    repository.edit_well(2);
    assert!(run("git", &["commit", "-q", "-a", "-m", "good"]).status.success());
}

#[test]
fn a_project_below_the_top_is_judged_and_its_neighbours_are_not() {
    let repository = Repository::empty().with_project("apps/voice");
    repository.phone_dir(&["hook", "install"]);
    assert!(is_guarded(&repository));
    fs::write(repository.top.join(".env"), "A=1\n").unwrap();
    repository.git(&["add", "-f", ".env"]);
    repository.accepted(&["-m", "an .env that is not the project's"]);
    fs::remove_dir_all(repository.root.join("phone-numbers")).unwrap();
    assert!(repository.refused(&["-a", "-m", "gone"]).contains("apps/voice/phone-numbers/"));
}

#[test]
fn each_of_several_projects_is_judged_and_named() {
    let repository = Repository::empty().with_project("eu").with_project("us");
    repository.phone_dir(&["hook", "install"]);
    repository.edit_badly(2);
    let words = repository.refused(&["-a", "-m", "bad"]);
    assert!(words.contains("In `us/`") && !words.contains("In `eu/`"), "{words}");
}

#[test]
fn a_bare_repository_in_a_folder_is_refused_where_git_refuses_it() {
    let repository = Repository::committed();
    let inner = repository.top.join("inner");
    fs::create_dir(&inner).unwrap();
    for name in ["phone-numbers", ".git/HEAD", ".git/objects", ".git/refs", ".git/index"] {
        let done = repository.command("cp", &repository.top).args(["-r", name, "inner/"]).status().unwrap();
        assert!(done.success());
    }
    let (hook, ran) = (inner.join("hooks/reference-transaction"), repository.outside().join("ran"));
    fs::write(inner.join("config"), "[core]\n repositoryformatversion = 0\n bare = false\n worktree = .\n").unwrap();
    script(&hook, &format!("#!/bin/sh\ntouch {}\n", ran.display()), 0o755);
    for arguments in
        [["history", "-q"], ["status", "-q"], ["validate", "--staged"], ["hook", "run"], ["hook", "install"]]
    {
        let mut command = repository.command("phone-dir", &inner);
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "safe.bareRepository");
        let output = command.env("GIT_CONFIG_VALUE_0", "explicit").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?} {}", said(&output));
        assert!(said(&output).contains("safe.bareRepository"), "{arguments:?} {}", said(&output));
    }
    assert!(!ran.exists());
    let trusting = repository.command("phone-dir", &inner).args(["history", "-q"]).output().unwrap();
    assert_eq!(trusting.status.code(), Some(0), "git works there, and so do we: {}", said(&trusting));
}

#[test]
fn a_directory_among_the_tests_of_a_project_can_be_ignored() {
    let repository = Repository::hooked();
    repository.write("phone-dir.toml", "[projects]\nignore = [\"tests/**\"]\n");
    repository.git(&["add", "-A"]);
    repository.accepted(&["-m", "tests are no projects"]);
    repository.write(&format!("tests/broken/{DIRECTORY}"), "not JSON");
    repository.write(&format!("tests/broken/{STAGING}"), "[");
    repository.git(&["add", "-A"]);
    repository.accepted(&["-m", "a fixture"]);
}

#[test]
fn where_hooks_are_switched_off_questions_and_setup_go_on_and_say_so() {
    let repository = Repository::committed();
    let run = |arguments: &[&str]| {
        let output = repository.command("phone-dir", &repository.top).args(arguments).output().unwrap();
        (output.status.code(), said(&output))
    };
    for path in ["/dev/null", ""] {
        repository.git(&["config", "core.hooksPath", path]);
        let (code, status) = run(&["status"]);
        assert!(code == Some(0) && status.contains("not installed: git's hooks are switched off"), "{path}: {status}");
        assert!(status.contains("git config --unset core.hooksPath"), "{path}: {status}");
        let doctor = run(&["doctor"]).1;
        assert!(doctor.contains("hooks are switched off here: `core.hooksPath` is"), "{path}: {doctor}");
        let (code, hook) = run(&["hook", "status"]);
        assert!(code == Some(0) && hook.contains("set in `.git/config`"), "{path}: {hook}");
        let (code, hook) = run(&["hook", "status", "--json"]);
        assert!(code == Some(0) && hook.contains("\"scope\": \"local\""), "{path}: {hook}");
        let (code, setup) = run(&["setup", "--dry-run"]);
        assert!(code == Some(0) && setup.contains("switched off"), "{path}: {setup}");
    }
}

#[test]
fn hooks_that_a_users_own_setting_switches_off_are_told_with_its_file_and_what_lets_them_run() {
    let repository = Repository::committed();
    let own = repository.outside().join("own.gitconfig");
    fs::write(&own, "[core]\n\thooksPath = /dev/null\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = repository.command("phone-dir", &repository.top);
        let output = command.env("GIT_CONFIG_GLOBAL", &own).args(arguments).output().unwrap();
        (output.status.code(), said(&output))
    };
    let (code, status) = run(&["hook", "status"]);
    let place = format!("`core.hooksPath` is `/dev/null`, set in `{}`", own.display());
    assert!(code == Some(0) && status.contains(&place), "{status}");
    let (code, refused) = run(&["hook", "install"]);
    let is_told = refused.contains(&place) && refused.contains("git config core.hooksPath .git/hooks");
    assert!(code == Some(2) && is_told, "{refused}");
    repository.git(&["config", "core.hooksPath", ".git/hooks"]);
    assert_eq!(run(&["hook", "install"]).0, Some(0));
    assert!(is_guarded(&repository));
}

#[test]
fn places_without_hooks_are_explained() {
    let repository = Repository::committed();
    let refusal = |arguments: &[&str], words: &str| {
        let output = repository.command("phone-dir", &repository.top).args(arguments).output().unwrap();
        assert!(!output.status.success() && said(&output).contains(words), "{arguments:?}: {}", said(&output));
    };
    for path in ["/dev/null", ""] {
        repository.git(&["config", "core.hooksPath", path]);
        refusal(&["hook", "install"], "switched off");
    }
    let file = repository.outside().join("file");
    script(&file, "", 0o644);
    repository.git(&["config", "core.hooksPath", file.join("hooks").to_str().unwrap()]);
    refusal(&["hook", "install"], "hook run");
    let bare = repository.outside().join("bare.git");
    repository.git(&["init", "-q", "--bare", bare.to_str().unwrap()]);
    refusal(&["-C", bare.to_str().unwrap(), "hook", "install"], "bare");
    refusal(&["-C", repository.outside().to_str().unwrap(), "hook", "install"], "not in a git repository");
}

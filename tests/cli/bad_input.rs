//! Input that is wrong: each says what, where and what to do next, with the contract's exit code.

use std::process::Stdio;

use assert_cmd::cargo::cargo_bin;
use insta::assert_snapshot;

use crate::cli::fixture::{DIRECTORY, Place, Project};

#[test]
fn a_folder_without_a_project_cannot_be_told_anything_about() {
    let place = Place::empty();
    assert_snapshot!(place.run(&["list"]));
    assert_snapshot!(place.run(&["show", "+14155550101", "--json"]));
    assert_eq!(place.run(&["sync", "--all"]).code, 3);
    assert!(place.files("").is_empty(), "asking leaves nothing behind");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    assert_snapshot!(Place::empty().run(&["-C", "nowhere", "list"]));
}

#[test]
fn a_half_initialised_project_names_the_file_that_is_missing() {
    let place = Place::with_git();
    place.succeed(&["init", "--quiet"]);
    std::fs::remove_file(place.path("phone-numbers/staging/assignments.json")).unwrap();
    assert_snapshot!("half_initialised_workspace", place.run(&["list"]));
    std::fs::remove_file(place.path(DIRECTORY)).unwrap();
    assert_snapshot!("half_initialised_master", place.run(&["list"]));
    place.succeed(&["init", "--quiet"]);
    place.succeed(&["list"]);
}

#[test]
fn broken_json_is_shown_with_its_place() {
    let project = Project::synced();
    let before = project.read(DIRECTORY);
    project.edit(DIRECTORY, "\"numbers\": {", "\"numbers\": {,");
    assert_snapshot!(project.run(&["list"]));
    let broken = project.files("phone-numbers");
    assert_eq!(project.run(&["sync", "--all"]).code, 2);
    assert_eq!(project.files("phone-numbers"), broken, "a sync writes nothing over what it cannot read");
    project.write(DIRECTORY, &before);
    project.succeed(&["list"]);
}

#[test]
fn a_merge_conflict_in_a_file_is_broken_json() {
    let project = Project::synced();
    project.edit(DIRECTORY, "  \"numbers\": {", "<<<<<<< ours\n  \"numbers\": {");
    assert_snapshot!(project.run(&["list"]));
}

#[test]
fn a_wrong_type_deep_in_a_file_is_shown_with_its_place() {
    let project = Project::synced();
    project.edit("phone-numbers/staging/numbers.json", "\"assigned\": true", "\"assigned\": \"yes\"");
    assert_snapshot!(project.run(&["list", "--json"]));
}

#[test]
fn a_file_of_a_newer_major_version_asks_for_an_upgrade_and_is_left_alone() {
    let project = Project::synced();
    project.edit(DIRECTORY, "\"version\": \"1.", "\"version\": \"2.");
    let before = project.files("phone-numbers");
    assert_snapshot!(project.run(&["sync", "--all", "--allow-dirty"]));
    assert_eq!(project.run(&["fmt"]).code, 2);
    assert_eq!(project.files("phone-numbers"), before);
}

#[test]
fn an_unknown_workspace_is_answered_with_the_known_ones() {
    let project = Project::synced();
    assert_snapshot!(project.run(&["list", "--workspace", "prod"]));
    assert_eq!(project.run(&["sync", "--workspace", "prod"]).code, 2);
    assert!(project.sandbox.requests().is_empty(), "no provider is asked");
}

#[test]
fn a_number_that_is_not_in_the_directory_is_answered_with_the_nearest() {
    let project = Project::synced();
    assert_snapshot!(project.run(&["show", "+14155550191"]));
    assert!(project.run(&["show", "(415) 555-0101"]).stdout.starts_with("Phone Number: +14155550101"));
}

#[test]
fn an_unknown_command_or_option_is_a_usage_error() {
    let place = Place::empty();
    assert_eq!(place.run(&["lst"]).code, 2);
    assert_eq!(place.run(&["sync", "--alll"]).code, 2);
    let both = place.run(&["sync", "--all", "--workspace", "staging"]);
    assert_eq!(both.code, 2);
    assert!(both.stderr.contains("cannot be used with"), "{both}");
}

#[test]
fn without_a_git_repository_files_are_written_and_history_is_not_known() {
    let project = Project::new(phone_dir::sandbox::SandboxOptions::default());
    std::fs::remove_dir_all(project.path(".git")).unwrap();
    project.succeed(&["init", "--quiet"]);
    let run = project.run(&["sync", "--all"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains("this is not a git repository"), "{run}");
    assert_snapshot!(project.run(&["list", "--at", "HEAD"]));
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let project = Project::synced_with(phone_dir::sandbox::SandboxOptions { numbers: 500, ..Default::default() });
    let mut command = project.command(cargo_bin("phone-dir"), &["list"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_was_found_is_told_by_the_exit_code_although_the_reader_went_away() {
    let project = Project::synced();
    project.edit(DIRECTORY, "\"total_numbers\": 15", "\"total_numbers\": 16");
    let mut command = project.command(cargo_bin("phone-dir"), &["validate"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}

#[test]
fn a_missing_variable_is_named_before_anybody_is_asked() {
    let mut project = Project::synced();
    project.place.variables.remove("RETELL_PRODUCTION_API_KEY");
    assert_snapshot!("missing_retell_key", project.run(&["sync", "--all"]));
    project.place.variables.remove("TWILIO_AUTH_TOKEN");
    assert_snapshot!("missing_twilio_token", project.run(&["sync-twilio", "--json"]));
    project.place.variables.remove("TWILIO_ACCOUNT_SID");
    assert_eq!(project.run(&["sync-twilio"]).code, 2);
    assert!(project.sandbox.requests().is_empty());
    project.succeed(&["list"]);
    project.succeed(&["sync-retell", "--workspace", "staging"]);
}

#[test]
fn keys_may_stand_in_an_ignored_env_file_and_are_refused_in_a_tracked_one() {
    let mut project = Project::synced();
    let key = project.place.variables.remove("RETELL_PRODUCTION_API_KEY").unwrap();
    project.write(".env", &format!("RETELL_PRODUCTION_API_KEY={key}\n"));
    project.succeed(&["sync", "--all"]);
    project.git(&["add", "--force", ".env"]);
    project.sandbox.clear_requests();
    let run = project.run(&["sync", "--all"]);
    assert!(!run.to_string().contains(&key), "a key is never printed");
    assert_snapshot!(run);
    assert!(project.sandbox.requests().is_empty());
}

#[test]
fn a_wrong_key_is_an_answer_of_the_provider_and_harms_nothing() {
    let mut project = Project::synced();
    let before = project.files("phone-numbers/staging");
    project.place.set("RETELL_STAGING_API_KEY", "key_expired");
    let run = project.run(&["sync-retell", "--workspace", "staging"]);
    assert!(!run.to_string().contains("key_expired"), "a key is never printed");
    assert_snapshot!(run);
    assert_eq!(project.files("phone-numbers/staging"), before);
}

#[test]
fn fmt_rewrites_what_it_can_read_and_names_every_file_that_it_cannot() {
    let project = Project::synced();
    std::fs::remove_file(project.path("phone-numbers/production/assignments.json")).unwrap();
    std::fs::remove_file(project.path("phone-numbers/staging/assignments.json")).unwrap();
    project.edit("phone-numbers/staging/numbers.json", "{", "{,");
    let sound = project.read(DIRECTORY);
    project.write(DIRECTORY, &sound.replacen("{\n", "{\n\n", 1));
    for words in [["fmt", "--check"].as_slice(), &["fmt"]] {
        let run = project.run(words);
        assert_eq!((run.code, run.stdout.as_str()), (2, "phone-numbers/directory.json\n"), "{run}");
        for line in [
            "3 files cannot be read",
            "`phone-numbers/production/assignments.json` is missing",
            "`phone-numbers/staging/assignments.json` is missing",
            "`phone-numbers/staging/numbers.json` cannot be read: line 1, column 2",
        ] {
            assert!(run.stderr.contains(line), "{line}\n{run}");
        }
    }
    assert_eq!(project.read(DIRECTORY), sound);
    assert!(project.read("phone-numbers/staging/numbers.json").starts_with("{,"), "it is left alone");
    assert!(!project.path("phone-numbers/staging/assignments.json").exists(), "nothing is made up");
}

#[test]
fn a_broken_commit_and_a_wrong_moment_are_answered_with_what_helps_there() {
    let project = Project::synced();
    let sound = project.read(DIRECTORY);
    project.write(DIRECTORY, "{");
    project.git(&["commit", "--quiet", "--all", "-m", "broken"]);
    let broken = project.git(&["rev-parse", "--short=10", "HEAD"]);
    project.write(DIRECTORY, &sound);
    let advice = format!("phone-dir validate --rev {}", broken.trim());
    for words in [&["list", "--at", "HEAD"][..], &["report", "--at", "2999-01-01"]] {
        let run = project.run(words);
        assert!(run.code == 2 && run.stderr.contains(&advice), "{run}");
    }
    let run = project.run(&["diff", "HEAD"]);
    assert!(run.code == 3 && run.stderr.contains("phone-dir validate --rev HEAD"), "{run}");
    for moment in ["2026-02-30", "2026-03-01T12:00", "no-such-branch"] {
        let run = project.run(&["list", "--at", moment]);
        assert!(run.code == 2 && run.stderr.contains("a date in UTC such as `2026-03-01`"), "{run}");
    }
    for words in [["history", "--limit", "0"], ["history", "--author", ""]] {
        let run = project.run(&words);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
    }
}

#[test]
fn before_the_first_commit_nothing_can_be_told_of_head() {
    let place = Place::with_git();
    place.succeed(&["init", "--quiet"]);
    for words in [&["list", "--at", "HEAD"][..], &["diff", "HEAD"], &["diff", "--staged"], &["history"]] {
        let run = place.run(words);
        assert!(run.code == 3 && run.stderr.contains("no commit yet"), "{run}");
    }
}

/// What clap quotes is typed by others as soon as a script passes it on.
#[test]
fn what_a_usage_error_quotes_is_inert_and_holds_no_key() {
    let place = Place::empty();
    let hostile = "::error::x ##vso[task]\u{202e}\u{1b}[2J\n::warning::y";
    for words in [
        vec![hostile],
        vec!["list", hostile],
        vec!["list", "--columns", hostile],
        vec!["validate", "--rev", hostile, "--nothing"],
        vec!["validate", "--output", hostile],
        vec!["list", "--colour\n::error::x"],
        vec!["-C"],
    ] {
        let run = place.run(&words);
        assert!(run.code >= 2, "{run}");
        assert!(!run.stderr.lines().any(|line| line.trim_start().starts_with("::")), "{run}");
        assert!(!run.stderr.contains("##vso[") && !run.stderr.contains(['\u{202e}', '\u{1b}']), "{run}");
    }
    let key = format!("key_{}", "0a1b2c3d".repeat(4));
    let quoted = [
        vec![key.as_str()],
        vec!["list", "--columns", key.as_str()],
        vec!["list", "-w", key.as_str()],
        vec!["-C", key.as_str(), "list"],
    ];
    for words in quoted {
        let run = place.run(&words);
        assert!(run.code != 0 && !run.stderr.contains(&key), "{run}");
    }
    let mut command = place.command(cargo_bin("phone-dir"), &["list", "our plain words"]);
    let output = command.env("RETELL_STAGING_API_KEY", "our plain words").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("[a key]") && !said.contains("plain"), "{said}");
}

#[test]
fn a_word_that_is_not_understood_shows_no_key_of_the_projects_own_files() {
    let project = Project::synced();
    project.write(".env", "RETELL_OTHER_API_KEY='our plain words'\n");
    project.write("workspaces.json", "{\"extra\": {\"api_key\": \"their plain words\"}}");
    let folder = project.path("");
    let folder = folder.to_str().unwrap();
    let elsewhere = Place::empty();
    for words in ["our plain words", "THEIR PLAIN WORDS"] {
        for run in [
            project.run(&["list", words]),
            project.run(&["list", "--columns", words]),
            project.run(&["show", words]),
            project.run(&["-C", words, "list"]),
            elsewhere.run(&["-C", folder, "list", words]),
            elsewhere.run(&["list", &format!("-qC{folder}"), words]),
        ] {
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(run.code == 2 && said.contains("[a key]") && !said.to_lowercase().contains("plain"), "{run}");
        }
    }
}

#[test]
fn what_is_mistyped_is_answered_with_what_is_near_and_else_with_what_to_give() {
    let project = Project::synced();
    let said = |words: &[&str]| {
        let run = project.run(words);
        assert_eq!(run.code, 2, "{run}");
        run.stderr
    };
    for command in ["bulk-assign", "bulk-import"] {
        assert!(said(&[command, "nowhere.csv"]).contains("hint: give the path of a list"), "{command}");
    }
    for words in [&["apply", "nowhere.json"][..], &["plan", "show", "nowhere.json"]] {
        assert!(said(words).contains("hint: `phone-dir plan --output FILE` writes one"), "{words:?}");
    }
    let agent = said(&["history", "--agent", "agnets/survey"]);
    assert!(agent.contains("hint: the nearest is `agents/survey`"), "{agent}");
    let command = said(&["lsit"]);
    assert!(command.contains("'list'") && !command.contains("'validate'"), "{command}");
    assert!(said(&["list", "--colums"]).contains("'--columns'"));
    assert!(!said(&["list", "--everything"]).contains("similar"));
}

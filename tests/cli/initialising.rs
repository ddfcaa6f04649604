//! `init`: what it makes, what it leaves alone, and what it adopts.

use insta::assert_snapshot;
use phone_dir::sandbox::SandboxOptions;

use crate::cli::fixture::{DIRECTORY, Place, Project, differences, write_agents};

const SETTINGS: &str = r#"{
  "acceptance": {"name": "Acceptance", "api_key_env": "RETELL_ACCEPTANCE_API_KEY", "base_url": "https://api.retellai.com"},
  "live": {"name": "Live", "api_key": "key_made_up"}
}
"#;

#[test]
fn a_new_project_gets_structure_ignore_rules_and_empty_files() {
    let place = Place::with_git();
    assert_snapshot!(place.run(&["init"]));
    assert_snapshot!("empty_directory", place.read(DIRECTORY));
    place.git(&["add", "."]);
    let tracked = place.git(&["ls-files"]);
    assert!(!tracked.contains("twilio/"), "run-time data is ignored:\n{tracked}");
    assert!(tracked.contains("phone-numbers/.gitignore"), "the rules travel along:\n{tracked}");
}

#[test]
fn a_second_run_changes_nothing() {
    let place = Place::with_git();
    place.succeed(&["init"]);
    let before = place.files("");
    assert_snapshot!(place.run(&["init"]));
    assert_eq!(differences(&before, &place.files("")), "");
}

#[test]
fn a_run_in_a_full_project_overwrites_nothing() {
    let project = Project::synced();
    project.write(DIRECTORY, &project.read(DIRECTORY).replace('\n', "\n "));
    std::fs::remove_file(project.path("phone-numbers/production/numbers.json")).unwrap();
    let before = project.files("");
    project.succeed(&["init"]);
    assert_eq!(differences(&before, &project.files("")), "added phone-numbers/production/numbers.json\n");
}

#[test]
fn a_project_of_the_other_tool_is_adopted_with_its_workspaces() {
    let place = Place::with_git();
    write_agents(&place);
    place.write("workspaces.json", SETTINGS);
    let before = place.files("");
    place.succeed(&["init"]);
    let after = place.files("");
    assert!(!differences(&before, &after).contains("changed"), "{}", differences(&before, &after));
    for workspace in ["acceptance", "live"] {
        assert!(after.contains_key(&format!("phone-numbers/{workspace}/numbers.json")), "{workspace}");
    }
    assert!(!after.contains_key("phone-numbers/staging/numbers.json"), "only workspaces that exist");
    assert_eq!(place.git(&["check-ignore", "workspaces.json"]), "workspaces.json\n");
}

#[test]
fn rules_of_the_users_own_are_kept_and_not_repeated() {
    let place = Place::with_git();
    place.write(".gitignore", "node_modules/\n.env");
    place.succeed(&["init"]);
    let rules = place.read(".gitignore");
    assert!(rules.starts_with("node_modules/\n.env\n"), "{rules}");
    assert_eq!(rules.lines().filter(|line| line.contains(".env")).count(), 1, "{rules}");
    assert!(rules.contains("/workspaces.json\n"), "{rules}");
}

#[test]
fn the_root_of_the_repository_is_chosen_from_a_folder_below_it() {
    let place = Place::with_git();
    std::fs::create_dir_all(place.path("agents/sales")).unwrap();
    place.succeed(&["-C", "agents/sales", "init"]);
    assert!(place.path(DIRECTORY).is_file());
}

#[test]
fn the_first_commit_of_a_sync_brings_the_roots_ignore_rules_along() {
    for (committed, edited, travels) in
        [(None, "", true), (Some("node_modules/\n"), "", true), (Some("node_modules/\n"), "mine/\n", false)]
    {
        let project = Project::new(SandboxOptions::default());
        if let Some(rules) = committed {
            project.write(".gitignore", rules);
        }
        project.git(&["add", "--all"]);
        project.git(&["commit", "--quiet", "--message", "Agents"]);
        project.succeed(&["init"]);
        project.write(".gitignore", &format!("{}{edited}", project.read(".gitignore")));
        let run = project.run(&["sync", "--all", "--commit"]);
        assert_eq!(run.code, 0, "{run}");
        let files = project.git(&["show", "--name-only", "--format=", "HEAD"]);
        assert_eq!(files.lines().any(|path| path == ".gitignore"), travels, "{committed:?} {edited:?}: {files}");
        let left = project.git(&["status", "--porcelain"]);
        assert_eq!(left.contains(".gitignore"), !travels, "{left}");
    }
}

#[test]
fn ignore_rules_that_a_first_commit_by_hand_left_behind_are_named_by_status() {
    let project = Project::new(SandboxOptions::default());
    project.succeed(&["init"]);
    let first = project.run(&["sync", "--all"]);
    assert!(first.stderr.contains("git add phone-numbers/ .gitignore"), "{first}");
    project.git(&["add", "phone-numbers", "agents"]);
    project.git(&["commit", "--quiet", "--message", "By hand"]);
    let (_, status) = project.json(&["status"]);
    assert_eq!(status["git"]["untracked"], serde_json::json!([".gitignore"]), "{status:#}");
    assert!(status["next"].to_string().contains("git add .gitignore"), "{status:#}");
    project.git(&["add", ".gitignore"]);
    project.git(&["commit", "--quiet", "--message", "Rules"]);
    let (_, status) = project.json(&["status"]);
    assert_eq!(status["git"]["untracked"], serde_json::json!([]));
}

#[test]
fn what_setup_wrote_at_the_root_is_named_by_status_until_it_is_committed() {
    let project = Project::synced();
    project.write(".prettierrc", "{}\n");
    project.succeed(&["setup"]);
    let named = |list: &str| {
        let (_, status) = project.json(&["status"]);
        let step = status["next"][0]["command"].as_str().unwrap().to_owned();
        (status["git"][list].clone(), step)
    };
    let both = serde_json::json!([".gitattributes", ".prettierignore"]);
    assert_eq!(named("untracked"), (both.clone(), "git add .gitattributes .prettierignore".to_owned()));
    project.git(&["add", ".gitattributes", ".prettierignore"]);
    let (edited, step) = named("uncommitted");
    assert_eq!((edited, step.as_str()), (both, "git commit .gitattributes .prettierignore"));
    assert_eq!(named("untracked").0, serde_json::json!([]));
    project.git(&["commit", "--quiet", "--message", "Drivers"]);
    project.write(".gitattributes", &format!("{}*.png binary\n", project.read(".gitattributes")));
    assert_eq!(named("uncommitted").0, serde_json::json!([]), "edits of other lines are no business of ours");
}

#[test]
fn a_further_workspace_in_a_project_that_is_there_leaves_it_valid() {
    let project = Project::synced();
    project.succeed(&["init", "--workspace", "eu"]);
    project.succeed(&["validate", "--rev", "HEAD"]);
    let directory: serde_json::Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    assert_eq!(directory["metadata"]["by_workspace"]["eu"], 0);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    assert!(project.succeed(&["init", "--workspace", "eu"]).contains("Nothing changed"));
    let (_, listed) = project.json(&["workspaces"]);
    let names: Vec<_> = listed["workspaces"].as_array().unwrap().iter().map(|it| it["workspace"].clone()).collect();
    assert_eq!(names, ["staging", "production", "eu"]);
}

#[test]
fn a_further_workspace_that_is_refused_leaves_everything_as_it_was() {
    for file in ["phone-numbers/staging/numbers.json", "phone-numbers/production/assignments.json"] {
        let project = Project::synced();
        std::fs::remove_file(project.path(file)).unwrap();
        std::fs::remove_file(project.path(".gitignore")).unwrap();
        let before = project.files("");
        let refused = project.run(&["init", "--workspace", "eu"]);
        assert!(refused.code == 2 && refused.stderr.contains(&format!("`{file}` is missing")), "{refused}");
        assert_eq!((differences(&before, &project.files("")).as_str(), project.commits()), ("", 1));
    }
}

#[test]
fn a_rule_that_ignores_the_directory_is_named_with_its_file_and_line() {
    let named = "by line 2 of `.gitignore`: `phone-numbers/`";
    let project = Project::new(SandboxOptions::default());
    project.git(&["add", "agents"]);
    project.git(&["commit", "--quiet", "--message", "Agents"]);
    project.write(".gitignore", "node_modules/\nphone-numbers/\n");
    let init = project.run(&["init"]);
    assert!(init.code == 0 && init.stderr.contains(named), "{init}");
    let status = project.run(&["status"]);
    assert!(status.stdout.contains("Ignored by git") && status.stdout.contains(named), "{status}");
    let (_, status) = project.json(&["status"]);
    assert!(status["git"]["ignored"].to_string().contains(DIRECTORY), "{status:#}");
    let doctor = project.run(&["doctor"]);
    assert!(doctor.code == 1 && doctor.stdout.contains(named), "{doctor}");
    let sync = project.run(&["sync", "--all"]);
    assert!(sync.code == 0 && sync.stderr.contains(named), "{sync}");
    let sync = project.run(&["sync", "--all", "--commit"]);
    assert!(sync.code == 2 && sync.stderr.contains(named) && project.commits() == 1, "{sync}");
    project.write(".gitignore", "node_modules/\n/workspaces.json\n/.env\nphone-numbers.backup.*/\n");
    let sync = project.run(&["sync", "--all", "--commit"]);
    assert!(sync.code == 0 && project.commits() == 2, "{sync}");
    assert!(!project.run(&["status"]).stdout.contains("Ignored by git"));
}

#[test]
fn a_rule_about_one_file_of_the_directory_is_named_wherever_it_stands() {
    let project = Project::new(SandboxOptions::default());
    project.write(".git/info/exclude", "assignments.json\n");
    let named = "git ignores `phone-numbers/production/assignments.json` and 1 more, by line 1 of `.git/info/exclude`";
    let init = project.run(&["init"]);
    assert!(init.stderr.contains(named) && !init.stderr.contains("trunks.json"), "{init}");
    let sync = project.run(&["sync", "--all", "--commit"]);
    assert!(sync.code == 2 && sync.stderr.contains(named), "{sync}");
}

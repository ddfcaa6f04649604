//! Workspaces that are added, renamed and removed.

use serde_json::Value;

use crate::cli::fixture::{DIRECTORY, Project, differences};

const SETTINGS: &str = "{\n  \"mode\": \"single-production\",\n  \"staging\": {\"api_key_env\": \"RETELL_STAGING_API_KEY\"},\n  \
                        \"production\": {\"api_key_env\": \"RETELL_PRODUCTION_API_KEY\"}\n}\n";

fn by_workspace(project: &Project) -> Value {
    let directory: Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    directory["metadata"]["by_workspace"].clone()
}

#[test]
fn a_renamed_workspace_keeps_its_numbers_its_agents_and_its_key() {
    let project = Project::synced();
    project.write("workspaces.json", SETTINGS);
    let (_, before) = project.json(&["list", "--workspace", "staging"]);
    let preview = project.succeed(&["workspaces", "rename", "staging", "test", "--dry-run"]);
    assert!(preview.contains("remove phone-numbers/staging/numbers.json") && project.commits() == 1, "{preview}");
    project.succeed(&["workspaces", "rename", "staging", "test"]);
    assert_eq!((project.commits(), project.git(&["status", "--porcelain"]).as_str()), (2, ""));
    assert_eq!(project.git(&["log", "-1", "--format=%s"]), "phone-dir: rename the workspace staging to test\n");
    project.succeed(&["validate", "--rev", "HEAD"]);
    assert!(project.read("workspaces.json").contains("\"test\": {\"api_key_env\": \"RETELL_STAGING_API_KEY\"}"));
    assert!(!project.path("phone-numbers/staging/numbers.json").exists());
    assert!(project.path("agents/sales-agent/test.json").exists());
    let (_, after) = project.json(&["list", "--workspace", "test"]);
    assert_eq!(before.to_string().replace("\"staging\"", "\"test\""), after.to_string());
    let sync = project.run(&["sync", "--all"]);
    assert!(sync.code == 0 && sync.stdout.contains("Nothing changed"), "{sync}");
}

#[test]
fn a_removed_workspace_goes_with_a_flag_and_its_numbers_stay() {
    let project = Project::synced();
    project.write("workspaces.json", SETTINGS);
    let before = project.files("phone-numbers");
    let refused = project.run(&["workspaces", "remove", "staging"]);
    assert!(refused.code == 2 && refused.stderr.contains("--yes"), "{refused}");
    assert_eq!(differences(&before, &project.files("phone-numbers")), "");
    project.succeed(&["workspaces", "remove", "staging", "--yes"]);
    assert_eq!(by_workspace(&project), serde_json::json!({"production": by_workspace(&project)["production"]}));
    assert!(!project.read("workspaces.json").contains("\"staging\""));
    project.succeed(&["validate", "--rev", "HEAD"]);
    let sync = project.run(&["sync", "--all"]);
    // One number was bought elsewhere, and no other workspace has it.
    assert!(sync.code == 0 && sync.stdout.contains("Changed: 1 left the directory"), "{sync}");
    assert_eq!(project.run(&["list", "--workspace", "staging"]).code, 2);
}

#[test]
fn what_cannot_be_renamed_says_why_and_changes_nothing() {
    let project = Project::synced();
    let before = project.files("");
    for (words, why) in [
        (&["workspaces", "rename", "staging", "production"][..], "already"),
        (&["workspaces", "rename", "stagin", "test"], "staging"),
        (&["workspaces", "rename", "staging", "twilio"], "twilio"),
        (&["workspaces", "remove", "eu", "--yes"], "eu"),
    ] {
        let run = project.run(words);
        assert!(run.code == 2 && run.stderr.contains(why), "{words:?} {run}");
    }
    assert_eq!(differences(&before, &project.files("")), "");
}

#[test]
fn the_workspaces_are_listed_with_the_place_of_their_key_and_no_key() {
    let project = Project::synced();
    let listed = project.succeed(&["workspaces"]);
    assert!(listed.contains("`RETELL_STAGING_API_KEY` in the environment"), "{listed}");
    project.write("workspaces.json", "{\"eu\": {\"api_key\": \"key_made_up\"}}");
    let (_, listed) = project.json(&["workspaces"]);
    assert!(!listed.to_string().contains("key_made_up"), "{listed:#}");
    let eu = listed["workspaces"].as_array().unwrap().iter().find(|it| it["workspace"] == "eu").unwrap().clone();
    assert_eq!((&eu["in_directory"], &eu["numbers"]), (&false.into(), &0.into()));
}

#[test]
fn a_name_that_differs_in_capitals_alone_is_refused_everywhere() {
    let project = Project::synced();
    let before = project.files("");
    for words in [
        &["init", "--workspace", "Staging"][..],
        &["workspaces", "add", "PRODUCTION"],
        &["workspaces", "add", "eu", "EU"],
        &["workspaces", "rename", "staging", "Staging"],
        &["workspaces", "rename", "staging", "Production"],
    ] {
        let refused = project.run(words);
        assert!(refused.code == 2 && refused.stderr.contains("one name on disks"), "{words:?}: {refused}");
        assert!(!refused.stderr.contains("Next:"), "{refused}");
    }
    assert_eq!((differences(&before, &project.files("")).as_str(), project.commits()), ("", 1));
}

#[test]
fn a_workspaces_folder_that_was_copied_beside_it_is_named_by_sync_and_status() {
    let project = Project::synced();
    for file in ["numbers.json", "assignments.json"] {
        project.write(
            &format!("phone-numbers/staging.bak/{file}"),
            &project.read(&format!("phone-numbers/staging/{file}")),
        );
    }
    let sync = project.run(&["sync", "--all"]);
    let told = "`phone-numbers/staging.bak` is a copy of the workspace `staging`";
    assert!(
        sync.code == 2 && sync.stderr.contains(told) && sync.stderr.contains("`mv phone-numbers/staging.bak .`"),
        "{sync}"
    );
    assert!(project.succeed(&["status"]).contains("mv phone-numbers/staging.bak ."));
    assert_eq!(project.run(&["sync", "--workspace", "staging"]).code, 0);
}

#[test]
fn a_renamed_workspace_whose_key_moves_along_asks_for_no_key() {
    let project = Project::synced();
    project.write("workspaces.json", SETTINGS);
    assert!(!project.run(&["workspaces", "rename", "staging", "test"]).stderr.contains("Next:"));
    std::fs::remove_file(project.path("workspaces.json")).unwrap();
    let renamed = project.run(&["workspaces", "rename", "production", "live"]);
    assert!(renamed.stderr.contains("RETELL_LIVE_API_KEY"), "{renamed}");
}

#[test]
fn a_name_of_several_workspaces_that_each_have_their_own_leaves_the_directory_and_not_the_other_tools_file() {
    let project = Project::synced();
    let settings = "{\"staging\": {\"api_key_env\": \"RETELL_STAGING_API_KEY\"}, \"production\": [{\"id\": \"east\", \
                    \"api_key_env\": \"RETELL_PRODUCTION_API_KEY\"}], \"east\": {\"api_key_env\": \"RETELL_PRODUCTION_API_KEY\"}}";
    project.write("workspaces.json", settings);
    for path in project.files("agents").into_keys().filter(|path| path.ends_with("/production.json")) {
        let mut entry: Value = serde_json::from_str(&project.read(&path)).unwrap();
        entry["workspace_id"] = "east".into();
        project.write(&path, &Value::from(vec![entry]).to_string());
    }
    project.git(&["commit", "--quiet", "--all", "--message", "Lists of agents", "--no-verify"]);
    let refused = project.run(&["sync", "--all"]);
    assert!(refused.code == 2 && refused.stderr.contains("workspaces remove production --yes"), "{refused}");
    project.succeed(&["workspaces", "remove", "production", "--yes"]);
    assert_eq!(project.read("workspaces.json"), settings);
    let sync = project.run(&["sync", "--all"]);
    assert_eq!(sync.code, 0, "{sync}");
    assert!(by_workspace(&project)["east"].as_u64() > Some(0) && by_workspace(&project)["production"].is_null());
    project.succeed(&["validate", "--rev", "HEAD"]);
}

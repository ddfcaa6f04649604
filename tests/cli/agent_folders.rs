//! Agents' folders that are not here, or not committed: a sync unmaps no number, and commits nothing that contradicts them.

use crate::cli::fixture::{Project, Run, differences};

const NUMBER: &str = "+14155550101";

/// Nothing of the directory changed, and nothing was committed.
fn untouched(project: &Project, before: &std::collections::BTreeMap<String, Vec<u8>>, run: &Run) {
    let changed = differences(before, &project.files("phone-numbers"));
    assert!(["", "changed phone-numbers/twilio/sync.json\n"].contains(&changed.as_str()), "{changed}{run}");
    assert_eq!(
        project.git(&["log", "--format=%s", "-1", "--", "phone-numbers"]).trim(),
        "Start the phone number directory"
    );
}

fn refused(project: &Project, hint: &str) {
    let before = project.files("phone-numbers");
    for words in [&["sync", "--all"][..], &["sync-retell", "-w", "staging", "--no-commit"], &["drift"]] {
        let run = project.run(words);
        assert_eq!(run.code, 3, "{run}");
        assert!(run.stderr.contains("not checked out") && run.stderr.contains(hint), "{run}");
        untouched(project, &before, &run);
    }
}

#[test]
fn a_sparse_checkout_without_agents_cannot_tell() {
    let project = Project::synced();
    project.git(&["sparse-checkout", "set", "phone-numbers"]);
    assert!(!project.path("agents").exists());
    refused(&project, "git sparse-checkout add agents");
}

#[test]
fn a_change_without_agents_at_hand_keeps_the_folder_of_every_agent_that_it_does_not_change() {
    let edit: &[&str] = &["edit", NUMBER, "-w", "production", "--nickname", "Front door"];
    let update = &["phone", "update", NUMBER, "-w", "production", "--nickname", "Front door"];
    for words in [edit, update] {
        for lacking in [&["sparse-checkout", "set", "phone-numbers"][..], &["rm", "-rq", "agents"]] {
            let project = Project::synced();
            project.git(lacking);
            project.succeed(words);
            assert!(!project.git(&["diff", "HEAD~1"]).contains("agent_path"), "{words:?} after git {lacking:?}");
        }
    }
}

#[test]
fn an_agent_that_is_not_checked_out_can_be_chosen_and_one_that_was_taken_out_cannot() {
    let project = Project::synced();
    let words = ["edit", NUMBER, "-w", "production", "--inbound-agent", "agents/survey"];
    std::fs::remove_dir_all(project.path("agents/survey")).unwrap();
    assert_eq!(project.run(&words).code, 2);
    project.git(&["checkout", "--quiet", "--", "agents"]);
    project.git(&["sparse-checkout", "set", "phone-numbers"]);
    let said = project.run(&words);
    assert!(said.code == 0 && !said.stdout.contains("error"), "{said}");
    assert!(project.git(&["show", "--no-ext-diff"]).contains("+      \"agent_path\": \"agents/survey\""));
}

#[test]
fn an_apply_without_agents_at_hand_keeps_their_folders() {
    let project = Project::synced();
    project.succeed(&["edit", NUMBER, "-w", "production", "--nickname", "Front door"]);
    project.git(&["sparse-checkout", "set", "phone-numbers"]);
    project.succeed(&["apply", "--yes"]);
    assert!(!project.git(&["show", "--no-ext-diff", "HEAD"]).contains("agent_path"));
}

#[test]
fn folders_that_were_removed_without_a_commit_cannot_tell() {
    let project = Project::synced();
    for agent in ["sales-agent", "support-tier1"] {
        std::fs::remove_dir_all(project.path("agents").join(agent)).unwrap();
    }
    refused(&project, "git restore");
    project.git(&["add", "--all"]);
    refused(&project, "git restore");
    project.git(&["restore", "--source=HEAD", "--staged", "--worktree", "agents"]);
    project.succeed(&["sync", "--all"]);
}

#[test]
fn a_submodule_that_was_not_fetched_cannot_tell() {
    let project = Project::synced();
    let other = project.home.join("agents");
    let other = other.to_str().unwrap();
    let moved = project.shell(&format!(
        "cp -r agents {other} && git init -q {other} && cd {other} && git add . && git commit -qm agents"
    ));
    assert_eq!(moved.code, 0, "{moved}");
    project.git(&["rm", "-r", "--quiet", "agents"]);
    project.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "agents"]);
    project.git(&["commit", "--quiet", "--message", "Agents in a repository of their own"]);
    let whole = project.run(&["sync", "--all"]);
    assert!(whole.code == 0 && whole.stdout.contains("Nothing changed"), "{whole}");
    project.git(&["submodule", "--quiet", "deinit", "--force", "agents"]);
    refused(&project, "git submodule update --init agents");
}

#[test]
fn folders_that_git_ignores_and_this_clone_lacks_are_kept_as_they_are() {
    let project = Project::synced();
    project.git(&["rm", "-r", "--quiet", "--cached", "agents"]);
    project.write(".gitignore", &format!("{}agents/\n", project.read(".gitignore")));
    project.git(&["add", ".gitignore"]);
    project.git(&["commit", "--quiet", "--message", "Ignore agents"]);
    let before = project.files("phone-numbers");
    for _ in 0..2 {
        let run = project.run(&["sync", "--all"]);
        assert!(run.code == 0 && run.stdout.contains("Nothing changed"), "{run}");
        untouched(&project, &before, &run);
        assert_eq!(project.run(&["drift"]).code, 0);
        let _gone_in_the_second_round = std::fs::remove_dir_all(project.path("agents"));
    }
}

#[test]
fn folders_whose_removal_was_committed_are_lost_by_the_flag_alone() {
    let project = Project::synced();
    // The folder has a name of its own, so that its removal changes the name as well.
    project.write("agents/sales-agent/agent.json", "{\"agent_name\": \"Our sales\"}\n");
    project.git(&["commit", "--quiet", "--no-verify", "--all", "--message", "Rename an agent"]);
    let renamed = project.run(&["drift"]);
    assert!(renamed.code == 1 && renamed.stdout.contains("agent_name: "), "{renamed}");
    assert!(!renamed.stdout.to_lowercase().contains("the provider moved"), "{renamed}");
    project.succeed(&["sync", "--all"]);
    project.git(&["rm", "-r", "--quiet", "agents"]);
    project.git(&["commit", "--quiet", "--no-verify", "--message", "Remove the agents"]);
    let before = project.files("phone-numbers");
    let drift = project.run(&["drift"]);
    assert!(drift.code == 1 && drift.stdout.contains("agent_name: "), "{drift}");
    let said = drift.stdout.to_lowercase();
    assert!(said.contains("only the agents' folders differ") && !said.contains("the provider moved"), "{drift}");
    let run = project.run(&["sync", "--all"]);
    assert_eq!(run.code, 2, "{run}");
    let flags = ["--allow-unknown-agents=production", "--allow-unknown-agents=staging"];
    assert!(run.stderr.contains("agents that no folder has"), "{run}");
    assert!(flags.iter().any(|flag| run.stderr.contains(flag)), "{run}");
    assert_eq!(differences(&before, &project.files("phone-numbers")), "changed phone-numbers/twilio/sync.json\n");
    project.succeed(&["sync", "--all", flags[0], flags[1]]);
    assert!(project.read("phone-numbers/staging/assignments.json").contains("\"agent_path\": null"));
}

#[test]
fn a_folder_that_is_not_committed_is_in_no_commit_of_a_sync() {
    let project = Project::synced();
    let ids = project.read("agents/survey/production.json");
    project.git(&["rm", "-r", "--quiet", "agents/survey"]);
    project.git(&["commit", "--quiet", "--no-verify", "--message", "Remove an agent"]);
    project.write("agents/new-survey/production.json", &ids);
    project.sandbox.reassign("production", NUMBER, "survey").unwrap();
    let run = project.run(&["sync", "--all"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains("`agents/new-survey` is not committed"), "{run}");
    let orphans = project.run(&["validate", "--rev", "HEAD"]);
    assert!(!orphans.stdout.contains("agents/new-survey"), "{orphans}");
    project.git(&["add", "agents"]);
    project.git(&["commit", "--quiet", "--no-verify", "--message", "A new agent"]);
    project.succeed(&["sync", "--all"]);
    assert!(project.read("phone-numbers/production/assignments.json").contains("agents/new-survey"));
}

#[test]
fn a_renamed_folder_is_followed_by_its_id_in_the_same_commit() {
    let project = Project::synced();
    project.succeed(&["hook", "install"]);
    project.git(&["mv", "agents/sales-agent", "agents/sales"]);
    let (code, told) = project.json(&["validate"]);
    assert!(code == 1 && told.to_string().contains("`agents/sales` has the agent's id"), "{told}");
    project.succeed(&["validate", "--fix", "--staged"]);
    let committed = project.shell("git commit --quiet --message 'Rename an agent'");
    assert_eq!(committed.code, 0, "{committed}");
    project.succeed(&["validate", "--rev", "HEAD"]);
    let changed = project.succeed(&["diff", "HEAD~1..HEAD"]);
    assert!(changed.contains("agents/sales-agent → agents/sales"), "{changed}");
    let sync = project.run(&["sync", "--all"]);
    assert!(sync.code == 0 && sync.stdout.contains("Nothing changed"), "{sync}");
}

#[test]
fn a_commit_that_names_a_folder_which_git_does_not_have_is_refused_before_it_is_made() {
    let project = Project::synced();
    std::fs::rename(project.path("agents/sales-agent"), project.path("agents/sales")).unwrap();
    let before = project.files("phone-numbers");
    for words in [
        &["phone", "update", NUMBER, "-w", "production", "--inbound-agent", "agents/sales"][..],
        &["bulk-assign", "--from-agent", "agents/customer-service", "--to-agent", "agents/sales", "--yes"],
        &["sync", "--all"],
    ] {
        let run = project.run(words);
        assert!(run.code >= 2 && run.stderr.contains("agents/"), "{words:?} {run}");
        assert_eq!(project.sandbox.requests().iter().filter(|it| it.method != "GET").count(), 0, "{words:?}");
    }
    assert!(!differences(&before, &project.files("phone-numbers")).contains("directory.json"));
    project.succeed(&["validate", "--fix"]);
    assert!(project.read("phone-numbers/directory.json").contains("\"agents/sales\""));
    let edit = project.run(&["edit", NUMBER, "--add-tag", "vip", "--allow-dirty"]);
    assert!(edit.code == 2 && edit.stderr.contains("agents/sales/"), "{edit}");
    assert_eq!(project.commits(), 1);
    project.git(&["add", "agents"]);
    project.git(&["commit", "--quiet", "--no-verify", "--message", "Rename", "--", "agents"]);
    project.succeed(&["edit", NUMBER, "--add-tag", "vip", "--allow-dirty"]);
    project.succeed(&["validate", "--rev", "HEAD"]);
}

#[test]
fn a_change_beside_a_rename_that_is_not_committed_keeps_the_committed_paths() {
    let project = Project::synced();
    std::fs::rename(project.path("agents/sales-agent"), project.path("agents/sales")).unwrap();
    project.succeed(&["phone", "update", NUMBER, "-w", "production", "--nickname", "Desk"]);
    project.succeed(&["validate", "--rev", "HEAD"]);
    assert!(!project.git(&["show", "HEAD:phone-numbers/production/assignments.json"]).contains("agents/sales\""));
}

/// Puts the id of another agent into a folder's file, without committing it.
fn edit_id(project: &Project) -> [String; 2] {
    let id = |agent: &str| {
        let file: serde_json::Value =
            serde_json::from_str(&project.read(&format!("agents/{agent}/staging.json"))).unwrap();
        file["agent_id"].as_str().unwrap().to_owned()
    };
    let ids = [id("sales-agent"), "agent_of_somebody_else".to_owned()];
    project.edit("agents/sales-agent/staging.json", &ids[0], &ids[1]);
    ids
}

#[test]
fn a_folder_that_stands_for_another_agent_is_told_to_reviewers() {
    let project = Project::synced();
    let [before, after] = edit_id(&project);
    project.git(&["commit", "--quiet", "--no-verify", "--all", "--message", "Another agent"]);
    let told = project.succeed(&["diff", "HEAD~1..HEAD"]);
    assert!(told.contains("1 agent id changed"), "{told}");
    assert!(told.contains(&format!("agents/sales-agent {before} → {after} (Staging)")), "{told}");
    let comment = project.succeed(&["diff", "HEAD~1..HEAD", "--format", "markdown"]);
    assert!(comment.contains(&format!("| `agents/sales-agent` | `staging` | `{before}` | `{after}` |")), "{comment}");
    let (code, json) = project.json(&["diff", "HEAD~1..HEAD", "--exit-code"]);
    let expected =
        serde_json::json!([{"agent_path": "agents/sales-agent", "workspace": "staging", "from": before, "to": after}]);
    assert_eq!((code, &json["agent_ids"]), (1, &expected));
    for (option, value, is_told) in [
        ("-w", "staging", true),
        ("-w", "production", false),
        ("--agent", "agents/survey", false),
        ("--agent", "agents/sales-agent", true),
        ("--number", NUMBER, false),
    ] {
        let told = project.succeed(&["diff", "HEAD~1..HEAD", option, value]);
        assert_eq!(told.contains(&after), is_told, "{option} {value}: {told}");
    }
    assert!(project.succeed(&["diff", "HEAD~1..HEAD", "--stat"]).contains("1 agent id changed"));
}

#[test]
fn an_id_that_is_not_committed_is_told_where_it_is_used() {
    let project = Project::synced();
    let [before, after] = edit_id(&project);
    let words = format!(
        "`agents/sales-agent/staging.json` has the agent `{after}`, which is not committed; HEAD has `{before}`"
    );
    let sync = project.run(&["sync", "--all"]);
    assert!(sync.code == 0 && sync.stderr.contains(&words) && sync.stderr.contains("goes by HEAD"), "{sync}");
    let drift = project.run(&["drift"]);
    assert!(format!("{}{}", drift.stdout, drift.stderr).contains(&words), "{drift}");
    assert_eq!(drift.code, 0, "no number is blamed for it: {drift}");
    let update = project.run(&[
        "phone",
        "update",
        NUMBER,
        "-w",
        "staging",
        "--inbound-agent",
        "agents/sales-agent",
        "--dry-run",
    ]);
    assert!(update.stderr.contains(&words), "{update}");
    let other =
        project.run(&["phone", "update", NUMBER, "-w", "staging", "--inbound-agent", "agents/survey", "--dry-run"]);
    assert!(!other.stderr.contains("not committed"), "{other}");
    let elsewhere = project.run(&["sync", "-w", "production"]);
    assert!(!elsewhere.stderr.contains("not committed"), "{elsewhere}");
}

//! The specification's migration of an existing setup, as it stands there.

use phone_dir::sandbox::SandboxOptions;

use crate::cli::fixture::{Project, differences};

/// The block of the section "Migration from Existing Setup".
const STEPS: &str = r#"
# 1. Initialize directory
retell phone-dir init

# 2. Sync from Twilio
retell phone-dir sync-twilio --all

# 3. Sync from Retell
retell phone-dir sync-retell --all

# 4. Validate
retell phone-dir validate

# 5. Review and fix any issues
retell phone-dir list --unassigned

# 6. Commit to git
git add phone-numbers/
git commit -m "Initialize phone number directory"
"#;

/// An existing setup: agents' folders and `workspaces.json` are there, some of it committed.
fn existing_setup() -> Project {
    let project = Project::new(SandboxOptions::default());
    project.write(
        "workspaces.json",
        r#"{"staging": {"name": "Staging", "api_key_env": "RETELL_STAGING_API_KEY", "base_url": "https://api.retellai.com"},
            "production": {"name": "Production", "api_key_env": "RETELL_PRODUCTION_API_KEY", "base_url": "https://api.retellai.com"}}"#,
    );
    project.git(&["add", "agents"]);
    project.git(&["commit", "--quiet", "--message", "Agents"]);
    project
}

#[test]
fn the_six_steps_work_as_written_and_the_commit_is_the_last() {
    let project = existing_setup();
    let run = project.shell(STEPS);
    assert_eq!(run.code, 0, "{run}");
    assert!(!run.stderr.contains("error:"), "{run}");
    assert_eq!(project.git(&["log", "--format=%s"]), "Initialize phone number directory\nAgents\n");
    let committed = project.git(&["show", "--name-only", "--format=", "HEAD"]);
    assert_eq!(
        committed,
        "phone-numbers/.gitignore\nphone-numbers/directory.json\nphone-numbers/production/assignments.json\n\
         phone-numbers/production/numbers.json\nphone-numbers/staging/assignments.json\n\
         phone-numbers/staging/numbers.json\n"
    );
}

#[test]
fn two_syncs_of_one_provider_give_the_directory_of_one_sync_of_both() {
    let (apart, together) = (existing_setup(), existing_setup());
    for words in [&["init"][..], &["sync-twilio", "--all"], &["sync-retell", "--all"]] {
        apart.succeed(words);
    }
    together.succeed(&["init"]);
    together.succeed(&["sync", "--all"]);
    let (mut apart, mut together) = (apart.files("phone-numbers"), together.files("phone-numbers"));
    for files in [&mut apart, &mut together] {
        files.remove("phone-numbers/twilio/sync.json").unwrap();
    }
    assert_eq!(differences(&apart, &together), "");
}

#[test]
fn from_then_on_a_sync_commits_what_it_finds() {
    let project = existing_setup();
    let moved = project.shell(STEPS);
    assert_eq!(moved.code, 0, "{moved}");
    project.sandbox.reassign("production", "+14155550101", "sales-agent").unwrap();
    let run = project.shell("retell phone-dir sync --workspace production");
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(project.git(&["log", "-1", "--format=%s"]), "phone-dir: sync production (1 reassigned)\n");
}

/// The blocks of commands in a section of a page, one after another, but for those that only set keys.
fn commands_of(page: &str, heading: &str) -> String {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    let text = std::fs::read_to_string(file).unwrap();
    let section = text.split("\n## ").find(|part| part.starts_with(heading)).unwrap().to_owned();
    let blocks = section.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script: String = blocks.filter(|block| !block.contains('…')).collect();
    assert!(!script.is_empty(), "{heading}");
    format!("set -e\n{script}")
}

/// A repository with keys and nothing else.
fn without_agents() -> Project {
    let project = Project::new(SandboxOptions::default());
    std::fs::remove_dir_all(project.path("agents")).unwrap();
    project
}

#[test]
fn the_page_of_migrations_works_as_it_stands() {
    for (heading, project, is_there) in [
        ("From nothing", without_agents(), "phone-numbers/directory.json"),
        ("From spreadsheets", existing_setup(), "staging.csv"),
        ("Without agents/", without_agents(), "agents/customer-service/production.json"),
        ("From the `retell` tool of npm", existing_setup(), "phone-numbers/production/numbers.json"),
    ] {
        let run = project.shell(&commands_of("migration.md", heading));
        assert_eq!(run.code, 0, "{heading}: {run}");
        assert!(project.path(is_there).exists(), "{heading}: {run}");
        project.succeed(&["validate", "--rev", "HEAD"]);
        let clean = project.git(&["status", "--porcelain", "--", "phone-numbers", ".gitignore"]);
        assert_eq!(clean, "", "{heading}");
    }
}

#[test]
fn the_pages_commands_do_what_it_says() {
    let project = Project::new(SandboxOptions::default());
    assert_eq!(project.shell(&commands_of("migration.md", "From spreadsheets")).code, 0);
    let (_, shown) = project.json(&["show", "+14155550103"]);
    assert_eq!((&shown["tags"], &shown["notes"]), (&serde_json::json!(["vip", "west"]), &"Call the desk first".into()));
    let project = without_agents();
    assert_eq!(project.shell(&commands_of("migration.md", "Without agents/")).code, 0);
    let production = project.json(&["show", "+14155550101"]).1["workspaces"]["production"].clone();
    assert_eq!(production["agent_path"], "agents/customer-service", "{production}");
}

#[test]
fn the_page_of_workspaces_works_as_it_stands() {
    let project = Project::synced();
    let text =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/workspaces.md")).unwrap();
    let script = text.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let run = project.shell(&format!("set -e\n{script}"));
    assert_eq!((run.code, project.commits()), (0, 4), "{run}");
    let run = project.shell(&commands_of("workspaces.md", "Several Twilio accounts"));
    assert!(run.code == 0 && project.path("eu/phone-numbers/directory.json").exists(), "{run}");
}

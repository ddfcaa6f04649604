//! A number that is away for one sync and back in the next has what people wrote, and its dates.

use phone_dir::sandbox::{self, SandboxOptions};
use serde_json::Value;

use crate::cli::fixture::{DIRECTORY, Project};

fn entries(project: &Project) -> serde_json::Map<String, Value> {
    let file: Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    file["numbers"].as_object().unwrap().clone()
}

#[test]
fn notes_tags_and_dates_come_back_with_their_number() {
    let mut project = Project::synced_with(SandboxOptions { numbers: 40, ..SandboxOptions::default() });
    let smaller = Project::synced();
    let there = entries(&smaller);
    let is_away = |(number, entry): &(&String, &Value)| {
        !there.contains_key(*number) && entry["workspaces"].as_object().is_some_and(|all| !all.is_empty())
    };
    let all = entries(&project);
    let number = all.iter().find(is_away).unwrap().0.clone();
    project.succeed(&["edit", &number, "--notes", "never release", "--add-tag", "vip"]);
    let known = entries(&project)[&number].clone();
    let own = sandbox::environment(&project.sandbox);
    for (name, value) in sandbox::environment(&smaller.sandbox) {
        project.place.set(name, value);
    }
    let allow = ["--allow-removals=staging", "--allow-removals=production", "--allow-twilio-loss"];
    let names = ["--allow-unknown-agents=staging", "--allow-unknown-agents=production"];
    project.succeed(&[&["sync", "--all"][..], &allow, &names].concat());
    assert!(!entries(&project).contains_key(&number));
    for (name, value) in own {
        project.place.set(name, value);
    }
    project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:00Z");
    project.succeed(&["sync", "--all", names[0], names[1]]);
    assert_eq!(entries(&project)[&number], known);
}

/// The files alone lose the number: the last commit still has it.
#[test]
fn where_syncs_do_not_commit_the_last_commit_gives_the_notes_back() {
    let mut project = Project::synced_with(SandboxOptions { numbers: 40, ..SandboxOptions::default() });
    let smaller = Project::synced();
    let there = entries(&smaller);
    let all = entries(&project);
    let number = all.keys().find(|number| !there.contains_key(*number)).unwrap().clone();
    project.succeed(&["edit", &number, "--notes", "never release", "--add-tag", "vip"]);
    let known = entries(&project)[&number].clone();
    project.git(&["config", "phone-dir.commit", "false"]);
    let own = sandbox::environment(&project.sandbox);
    for (name, value) in sandbox::environment(&smaller.sandbox) {
        project.place.set(name, value);
    }
    let allow = ["--allow-removals=staging", "--allow-removals=production", "--allow-twilio-loss"];
    let names = ["--allow-unknown-agents=staging", "--allow-unknown-agents=production"];
    project.succeed(&[&["sync", "--all"][..], &allow, &names].concat());
    assert!(!entries(&project).contains_key(&number));
    for (name, value) in own {
        project.place.set(name, value);
    }
    project.succeed(&["sync", "--all", names[0], names[1]]);
    assert_eq!(entries(&project)[&number], known);
}

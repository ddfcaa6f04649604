//! A number that is away for one sync and back in the next has what people wrote, and its dates.

use phone_dir::sandbox::{self, SandboxOptions};
use serde_json::{Map, Value};

use crate::cli::fixture::{DIRECTORY, Project};

fn entries(project: &Project) -> Map<String, Value> {
    let file: Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    file["numbers"].as_object().unwrap().clone()
}

/// A project of forty numbers, and one of the providers' accounts that have fewer.
fn two_accounts() -> (Project, Project) {
    (Project::synced_with(SandboxOptions { numbers: 40, ..SandboxOptions::default() }), Project::synced())
}

/// Writes on a number, lets it be away for one sync, and compares what is there after the next.
fn comes_back(mut project: Project, smaller: &Project, number: &str, before_it_leaves: impl FnOnce(&Project)) {
    project.succeed(&["edit", number, "--notes", "never release", "--add-tag", "vip"]);
    let known = entries(&project)[number].clone();
    before_it_leaves(&project);
    let own = sandbox::environment(&project.sandbox);
    for (name, value) in sandbox::environment(&smaller.sandbox) {
        project.place.set(name, value);
    }
    let allow = ["--allow-removals=staging", "--allow-removals=production", "--allow-twilio-loss"];
    let names = ["--allow-unknown-agents=staging", "--allow-unknown-agents=production"];
    project.succeed(&[&["sync", "--all"][..], &allow, &names].concat());
    assert!(!entries(&project).contains_key(number));
    for (name, value) in own {
        project.place.set(name, value);
    }
    project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:00Z");
    project.succeed(&["sync", "--all", names[0], names[1]]);
    assert_eq!(entries(&project)[number], known);
}

#[test]
fn notes_tags_and_dates_come_back_with_their_number() {
    let (project, smaller) = two_accounts();
    let there = entries(&smaller);
    let is_away = |(number, entry): &(&String, &Value)| {
        !there.contains_key(*number) && entry["workspaces"].as_object().is_some_and(|all| !all.is_empty())
    };
    let number = entries(&project).iter().find(is_away).unwrap().0.clone();
    comes_back(project, &smaller, &number, |_| {});
}

/// The files alone lose the number: the last commit still has it.
#[test]
fn where_syncs_do_not_commit_the_last_commit_gives_the_notes_back() {
    let (project, smaller) = two_accounts();
    let there = entries(&smaller);
    let number = entries(&project).keys().find(|number| !there.contains_key(*number)).unwrap().clone();
    comes_back(project, &smaller, &number, |project| {
        project.git(&["config", "phone-dir.commit", "false"]);
    });
}

//! Decisions that meet other people's commits: merges with and without the driver, rebases, shallow clones, overtaken
//! pushes.

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value, json};

use crate::cli::fixture::{Place, Project};

const LINE: &str = "+14155550101";
const OTHER: &str = "+17025550115";
const NUMBERS: &str = "phone-numbers/production/numbers.json";

/// Whether git knows how the directory is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drivers {
    Installed,
    Missing,
}

/// A project with a decision on a branch of its own, and `main` behind it.
fn with_a_decision(drivers: Drivers, words: &[&str]) -> Project {
    let project = Project::synced();
    if drivers == Drivers::Installed {
        project.succeed(&["setup"]);
        project.git(&["add", "."]);
        project.git(&["commit", "--quiet", "--message", "Drivers"]);
    }
    project.git(&["checkout", "--quiet", "-b", "decision"]);
    project.succeed(&[&["edit", LINE, "-w", "production"], words].concat());
    project.git(&["checkout", "--quiet", "main"]);
    project
}

fn registered(place: &Place, number: &str) -> Value {
    let file: Value = serde_json::from_str(&place.read(NUMBERS)).unwrap();
    let entries = file["numbers"].as_array().unwrap();
    entries.iter().find(|entry| entry["phone_number"] == number).cloned().unwrap_or_default()
}

fn rename_live(project: &Project, name: &str) {
    let address = format!("{}/update-phone-number/{LINE}", project.sandbox.base_url());
    let key = format!("Authorization: Bearer {}", project.variables["RETELL_PRODUCTION_API_KEY"]);
    let body = json!({ "nickname": name }).to_string();
    let words = ["--silent", "--fail", "--request", "PATCH", "--header", &key, "--header"];
    let rest = ["Content-Type: application/json", "--data", &body, &address];
    assert!(project.command("curl", &[&words[..], &rest[..]].concat()).output().unwrap().status.success());
}

/// Merges the decision into `main`; whether git did it without a conflict.
fn merges(project: &Project) -> bool {
    project.shell("git merge --quiet --no-edit decision").code == 0
}

/// What is pending after a sync in which nothing is in conflict.
fn pending(project: &Project, what: &str) -> Vec<(String, String)> {
    let (code, report) = project.json(&["sync", "--all"]);
    assert_eq!((code, &report["conflicts"]), (0, &json!([])), "{what} {report:#}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pending = report["pending"].as_array().unwrap().iter();
    pending.map(|held| (text(&held["phone_number"]), text(&held["field"]))).collect()
}

#[test]
fn a_decision_and_a_sync_of_different_numbers_merge_with_and_without_the_driver() {
    for drivers in [Drivers::Installed, Drivers::Missing] {
        let project = with_a_decision(drivers, &["--inbound-agent", "agents/emergency-line"]);
        project.sandbox.reassign("production", OTHER, "survey").unwrap();
        project.succeed(&["sync", "--all", "--quiet"]);
        assert!(merges(&project), "{drivers:?}");
        let waiting = [(LINE.to_owned(), "inbound_agents".to_owned())];
        assert_eq!(pending(&project, "different numbers"), waiting, "{drivers:?}");
        assert_eq!(project.run(&["validate", "--range", "HEAD~1..HEAD"]).code, 0, "{drivers:?}");
        let shown = project.succeed(&["show", OTHER]);
        assert!(shown.contains("Agent Path: agents/survey"), "{drivers:?} {shown}");
    }
}

#[test]
fn a_decision_and_a_sync_of_another_field_of_the_number_are_never_merged_wrongly() {
    for drivers in [Drivers::Installed, Drivers::Missing] {
        let project = with_a_decision(drivers, &["--nickname", "Front Desk"]);
        project.sandbox.reassign("production", LINE, "survey").unwrap();
        project.succeed(&["sync", "--all", "--quiet"]);
        let is_merged = merges(&project);
        assert!(is_merged || drivers == Drivers::Missing, "the driver merges by field");
        if !is_merged {
            // Git's own merge goes by lines, and both wrote into one entry: a person decides, and neither side is lost.
            assert!(project.read(NUMBERS).contains("<<<<<<<"), "{drivers:?}");
            continue;
        }
        let waiting = [(LINE.to_owned(), "nickname".to_owned())];
        assert_eq!(pending(&project, "another field"), waiting, "{drivers:?}");
        let shown = project.succeed(&["show", LINE]);
        assert!(shown.contains("Agent Path: agents/survey"), "{drivers:?} {shown}");
        assert_eq!(registered(&project, LINE)["nickname"], "Front Desk", "{drivers:?}");
    }
}

#[test]
fn a_decision_and_a_sync_of_the_same_field_are_a_conflict_that_either_side_settles() {
    for drivers in [Drivers::Installed, Drivers::Missing] {
        let project = with_a_decision(drivers, &["--nickname", "Front Desk"]);
        rename_live(&project, "Dashboard");
        project.succeed(&["sync", "--all", "--quiet"]);
        assert!(!merges(&project), "{drivers:?}");
        let run = project.run(&["sync", "--all"]);
        assert!(run.code == 2 && run.stderr.contains("merge"), "{drivers:?} {run}");
    }
}

#[test]
fn the_side_that_is_taken_in_a_conflict_of_a_decision_and_a_sync_is_what_counts() {
    for (side, name) in [("--theirs", "Front Desk"), ("--ours", "Dashboard")] {
        let project = with_a_decision(Drivers::Installed, &["--nickname", "Front Desk"]);
        rename_live(&project, "Dashboard");
        project.succeed(&["sync", "--all", "--quiet"]);
        assert!(!merges(&project));
        project.succeed(&["resolve", LINE, side]);
        let run = project.shell("git add phone-numbers && git commit --quiet --no-edit");
        assert_eq!(run.code, 0, "{side} {run}");
        let entry = registered(&project, LINE);
        assert_eq!(entry["nickname"], name, "{side}");
        let (code, report) = project.json(&["sync", "--all"]);
        // Who takes the decision knows what HEAD says that Retell has, and decides over that.
        let open: Vec<_> = report["pending"].as_array().unwrap().iter().map(|held| held["git"].clone()).collect();
        let expected = if side == "--theirs" { vec![json!(name)] } else { Vec::new() };
        assert_eq!((code, open), (0, expected), "{side} {report:#}");
        project.succeed(&["apply", "--yes"]);
        assert!(project.succeed(&["drift"]).contains("In step"), "{side}");
        assert_eq!(registered(&project, LINE)["nickname"], name, "{side}");
    }
}

#[test]
fn a_decision_stays_one_in_a_rebased_branch_a_merge_commit_and_a_fast_forward() {
    for (name, script) in [
        (
            "rebase",
            "git checkout -q decision && git rebase -q main && git checkout -q main && git merge -q --ff-only decision",
        ),
        ("merge commit", "git merge -q --no-ff --no-edit decision"),
        ("squash", "git merge -q --squash decision && git commit -q -m 'Name the line (#12)'"),
        ("cherry-pick", "git cherry-pick decision"),
    ] {
        // By hand, as a person edits who does not know of records.
        let project = Project::synced();
        project.git(&["checkout", "--quiet", "-b", "decision"]);
        project.edit(NUMBERS, "\"nickname\": \"Customer Service Line\"", "\"nickname\": \"Front Desk\"");
        project.git(&["commit", "--quiet", "--all", "--message", "Name the line"]);
        project.git(&["checkout", "--quiet", "main"]);
        project.sandbox.reassign("production", OTHER, "survey").unwrap();
        project.succeed(&["sync", "--all", "--quiet"]);
        let run = project.shell(script);
        assert_eq!(run.code, 0, "{name} {run}");
        assert_eq!(pending(&project, name), [(LINE.to_owned(), "nickname".to_owned())], "{name}");
        let record = json!({ "was": "Customer Service Line", "is": "Customer Service Line" });
        assert_eq!(registered(&project, LINE)["live"]["nickname"], record, "{name}");
    }
}

#[test]
fn in_a_shallow_clone_a_recorded_decision_stays_and_one_that_nothing_tells_of_is_said_to_be_followed() {
    for (recorded, name) in [(true, "Front Desk"), (false, "Customer Service Line")] {
        let mut project = Project::synced();
        project.edit(NUMBERS, "\"nickname\": \"Customer Service Line\"", "\"nickname\": \"Front Desk\"");
        if recorded {
            project.succeed(&["validate", "--fix"]);
        }
        project.git(&["commit", "--quiet", "--all", "--message", "Name the line"]);
        let clone = project.home.join("shallow");
        let address = format!("file://{}", project.root.display());
        project.git(&["clone", "--quiet", "--depth", "1", &address, clone.to_str().unwrap()]);
        project.place.root = clone;
        // Another field moves the stamp, so that only the past could tell who named the line.
        project.sandbox.reassign("production", LINE, "survey").unwrap();
        let run = project.run(&["sync", "--all"]);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(registered(&project, LINE)["nickname"], name, "{run}");
        let told = run.stdout.split("Pending").next().unwrap();
        let taken = told.split_once("Taken from Retell, though nothing tells which side moved last").unwrap().1;
        assert_eq!(taken.contains("nickname: git Front Desk"), !recorded, "{run}");
    }
}

#[test]
fn an_apply_whose_push_is_overtaken_is_written_down_anew_with_its_plan() {
    let project = Project::synced();
    project.succeed(&["edit", LINE, "-w", "production", "--nickname", "Front Desk"]);
    let remote = project.home.join("remote.git");
    let remote = remote.to_str().unwrap();
    project.git(&["init", "--quiet", "--bare", "--initial-branch=main", remote]);
    project.git(&["remote", "add", "origin", remote]);
    project.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    let theirs = project.home.join("theirs");
    let theirs = theirs.to_str().unwrap();
    project.git(&["clone", "--quiet", remote, theirs]);
    std::fs::write(project.home.join("theirs/README"), "beside").unwrap();
    project.git(&["-C", theirs, "add", "README"]);
    project.git(&["-C", theirs, "commit", "--quiet", "--message", "beside"]);
    // Git runs this hook after it has asked the remote where the branch is.
    project.write(
        ".git/hooks/pre-push",
        &format!("#!/bin/sh\nunset $(git rev-parse --local-env-vars)\ncd {theirs} && git push -q\n"),
    );
    assert_eq!(project.shell("chmod +x .git/hooks/pre-push").code, 0);
    let (code, report) = project.json(&["apply", "--yes", "--push"]);
    assert_eq!((code, &report["items"][0]["outcome"]), (0, &"changed".into()), "{report:#}");
    let tip = project.git(&["--git-dir", remote, "log", "-1", "--format=%H%n%B", "main"]);
    assert!(tip.starts_with(report["commit"].as_str().unwrap()), "{tip}");
    assert!(tip.contains(&format!("Phone-Dir-Plan: {}", report["id"].as_str().unwrap())), "{tip}");
    let below = project.git(&["--git-dir", remote, "log", "-1", "--format=%s", "main~1"]);
    assert_eq!((below.trim(), project.git(&["rev-parse", "HEAD"]).trim()), ("beside", &tip[..40]));
    assert!(project.succeed(&["drift"]).contains("In step"));
}

/// A remote, and a second clone of it.
fn team(project: &Project) -> [String; 2] {
    let [remote, theirs] = ["remote.git", "theirs"].map(|name| project.home.join(name).to_str().unwrap().to_owned());
    project.git(&["init", "--quiet", "--bare", "--initial-branch=main", &remote]);
    project.git(&["remote", "add", "origin", &remote]);
    project.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    project.git(&["clone", "--quiet", &remote, &theirs]);
    [remote, theirs]
}

/// Lets this happen in the other clone once, after git asked the remote where the branch is and before it pushes.
fn overtake(project: &Project, theirs: &str, script: &str) {
    let exports =
        project.variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect::<String>();
    let program = cargo_bin("phone-dir");
    let script = script.replace("phone-dir", program.to_str().unwrap());
    let hook =
        format!("#!/bin/sh\nrm -- \"$0\"\nunset $(git rev-parse --local-env-vars)\n{exports}cd {theirs} && {script}\n");
    project.write(".git/hooks/pre-push", &hook);
    assert_eq!(project.shell("chmod +x .git/hooks/pre-push").code, 0);
}

#[test]
fn a_sync_that_an_apply_overtakes_does_not_write_its_older_read_over_what_was_applied() {
    let project = Project::synced();
    project.succeed(&["edit", LINE, "-w", "production", "--nickname", "Front Desk"]);
    let [remote, theirs] = team(&project);
    project.sandbox.reassign("production", OTHER, "survey").unwrap();
    overtake(&project, &theirs, "phone-dir apply --yes --push");
    let (code, report) = project.json(&["sync", "--all", "--push"]);
    assert_eq!((code, &report["pending"], &report["conflicts"]), (0, &json!([]), &json!([])), "{report:#}");
    let entry = registered(&project, LINE);
    assert_eq!((&entry["nickname"], &entry["live"]), (&json!("Front Desk"), &Value::Null), "{entry:#}");
    assert!(project.succeed(&["drift"]).contains("In step"));
    let tip = project.git(&["--git-dir", &remote, "log", "-2", "--format=%s", "main"]);
    assert_eq!(tip, "phone-dir: sync staging, production (1 reassigned)\nphone-dir: apply production (1 updated)\n");
}

#[test]
fn an_apply_that_a_merged_decision_and_a_later_sync_overtake_takes_neither_back() {
    let project = Project::synced();
    for line in [LINE, "+14155550103"] {
        project.succeed(&["edit", line, "-w", "production", "--nickname", "Front Desk"]);
    }
    let [_, theirs] = team(&project);
    // Retell has what was applied by then; one line is decided anew, and the dashboard renames the other.
    let address = format!("{}/update-phone-number/+14155550103", project.sandbox.base_url());
    let rename = format!(
        "curl --silent --fail --request PATCH --header \"Authorization: Bearer $RETELL_PRODUCTION_API_KEY\" \
         --header 'Content-Type: application/json' --data '{{\"nickname\": \"Dashboard\"}}' {address} >/dev/null"
    );
    let decide = format!("phone-dir edit {LINE} -w production --nickname Later && git push --quiet");
    overtake(&project, &theirs, &format!("{rename} && {decide} && phone-dir sync --all --push; true"));
    let (code, report) = project.json(&["apply", "--yes", "--push"]);
    assert_eq!((code, report["items"].as_array().unwrap().len()), (0, 2), "{report:#}");
    let names = [LINE, "+14155550103"].map(|line| registered(&project, line));
    assert_eq!((&names[0]["nickname"], &names[0]["live"]["nickname"]["is"]), (&json!("Later"), &json!("Front Desk")));
    assert_eq!(names[1]["live"]["nickname"]["is"], "Dashboard", "{:#}", names[1]);
    let before = project.git(&["rev-parse", "HEAD"]);
    let _ = project.run(&["sync", "--all"]);
    assert_eq!(project.git(&["rev-parse", "HEAD"]), before, "the tree says already what callers hear");
}

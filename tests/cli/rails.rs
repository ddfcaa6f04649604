//! Syncs that look like an accident are refused, with the list and the flag that allows exactly that.

use insta::assert_snapshot;
use phone_dir::sandbox::SandboxOptions;

use crate::cli::fixture::{LATER, Place, Project, differences};

/// A project whose staging key has become production's: staging would shrink and change its agents.
fn with_swapped_keys() -> Project {
    let mut project = Project::synced();
    let production = project.variables["RETELL_PRODUCTION_API_KEY"].clone();
    project.place.set("RETELL_STAGING_API_KEY", production);
    project
}

#[test]
fn swapped_keys_are_refused_with_the_numbers_and_the_flags() {
    let project = with_swapped_keys();
    let before = project.files("phone-numbers");
    assert_snapshot!(project.run(&["sync-retell", "--workspace", "staging"]));
    assert_eq!(differences(&before, &project.files("phone-numbers")), "changed phone-numbers/twilio/sync.json\n");
    let (code, report) = project.json(&["sync-retell", "--workspace", "staging"]);
    assert_eq!((code, report["status"].as_str()), (2, Some("refused")));
    assert!(report["error"]["allow_flag"].as_str().unwrap().starts_with("--allow-"), "{report}");
}

#[test]
fn the_flag_of_a_rail_allows_that_rail_and_no_other() {
    let project = with_swapped_keys();
    let (_, report) = project.json(&["sync-retell", "-w", "staging"]);
    let flags: Vec<_> = report["error"]["allow_flag"].as_str().unwrap().split(' ').map(str::to_owned).collect();
    assert!(flags.len() > 1, "two rails are hit: {flags:?}");
    for flag in &flags {
        assert_eq!(project.run(&["sync-retell", "-w", "staging", flag]).code, 2, "{flag} alone is not enough");
        assert_eq!(project.run(&["sync-retell", "-w", "staging", &flag.replace("staging", "production")]).code, 2);
    }
    let mut words = vec!["sync-retell", "-w", "staging"];
    words.extend(flags.iter().map(String::as_str));
    project.succeed(&words);
    assert_eq!(project.commits(), 2);
}

#[test]
fn a_shallow_clone_does_not_know_what_was_taken_and_takes_nothing_more_without_its_flag() {
    let mut project = Project::synced();
    project.place.set("GIT_COMMITTER_DATE", LATER);
    project.git(&["commit", "--quiet", "--allow-empty", "--message", "Something else"]);
    let place = project.home.join("shallow");
    let address = format!("file://{}", project.root.display());
    project.git(&["clone", "--quiet", "--depth", "1", &address, place.to_str().unwrap()]);
    let words = |more: &[&'static str]| [&["-C", place.to_str().unwrap(), "sync", "--all"], more].concat();
    project.succeed(&words(&[]));
    project.succeed(&["phone", "delete", "+16505550114", "-w", "staging", "--yes"]);
    let run = project.run(&words(&[]));
    assert_eq!(run.code, 3, "{run}");
    assert!(run.stderr.contains("this clone is shallow") && run.stderr.contains("--allow-removals=staging"), "{run}");
    project.succeed(&words(&["--allow-removals=staging"]));
}

#[test]
fn an_account_that_lost_its_numbers_is_refused() {
    let project = Project::synced_with(SandboxOptions { numbers: 40, ..SandboxOptions::default() });
    // Another Twilio account: the small one of a second sandbox.
    let other = Project::new(SandboxOptions::default());
    let mut place = project.place;
    place.set("TWILIO_API_URL", other.variables["TWILIO_API_URL"].clone());
    place.set("TWILIO_TRUNKING_URL", other.variables["TWILIO_TRUNKING_URL"].clone());
    let run = place.run(&["sync-twilio"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("--allow-twilio-loss"), "{run}");
    assert_eq!(place.git(&["status", "--porcelain"]), "");
    place.succeed(&["sync-twilio", "--allow-twilio-loss"]);
}

#[test]
fn a_dry_run_is_refused_by_the_same_rails_and_shows_the_changes() {
    let project = with_swapped_keys();
    let before = project.files("phone-numbers");
    let run = project.run(&["sync-retell", "-w", "staging", "--dry-run"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stdout.contains("Would change: ") && run.stdout.contains("+14155550110 removed"), "{run}");
    assert_eq!(differences(&before, &project.files("phone-numbers")), "");
}

/// A project from whose production others delete numbers, two at a time; this project only hears of it.
struct Losing {
    project: Project,
    elsewhere: Place,
    numbers: Vec<String>,
}

const STEP: usize = 2;
const SYNC: [&str; 3] = ["sync-retell", "-w", "production"];

impl Losing {
    fn new() -> Self {
        let mut project = Project::synced();
        project.place.set("GIT_COMMITTER_DATE", LATER);
        let registry: serde_json::Value =
            serde_json::from_str(&project.read("phone-numbers/production/numbers.json")).unwrap();
        let entries = registry["numbers"].as_array().unwrap();
        let numbers = entries.iter().map(|it| it["phone_number"].as_str().unwrap().to_owned()).collect();
        let elsewhere = project.place.copy();
        Self { project, elsewhere, numbers }
    }

    fn take(&self, at: usize) {
        delete(&self.elsewhere, &self.numbers[at * STEP..(at + 1) * STEP]);
    }
}

/// What a user does with a sync: how it is called, its flags, and what happens to what it wrote.
type Way<'a> = (&'a str, &'a [&'a str], &'a dyn Fn(&Place));

fn delete(place: &Place, numbers: &[String]) {
    for number in numbers {
        place.succeed(&["phone", "delete", number, "-w", "production", "--yes", "--allow-delete"]);
    }
}

fn assert_refused(place: &Place, words: &[&str], how: &str) {
    let run = place.run(words);
    assert_eq!(run.code, 2, "{how}: {run}");
    assert!(run.stderr.contains("--allow-removals=production"), "{how}: {run}");
}

#[test]
fn small_losses_of_a_day_are_counted_together_until_a_flag_allows_them() {
    let mut it = Losing::new();
    it.take(0);
    it.project.succeed(&SYNC);
    it.take(1);
    let run = it.project.run(&SYNC);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains(&format!("{STEP} of them in the last 24 hours")), "{run}");
    let flag = "--allow-removals=production";
    it.project.succeed(&[SYNC.as_slice(), &[flag]].concat());
    assert!(it.project.git(&["log", "-1", "--format=%B"]).contains(&format!("Phone-Dir-Allowed: {flag}\n")));
    it.take(2);
    it.project.succeed(&SYNC);
    it.take(3);
    assert_refused(&it.project, &SYNC, "after the flag");
    it.project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:01Z");
    it.project.succeed(&SYNC);
}

#[test]
fn no_way_of_committing_a_sync_takes_its_losses_out_of_the_count() {
    let by_hand = |place: &Place| {
        place.git(&["add", "phone-numbers"]);
        place.git(&["commit", "--quiet", "--message", "Numbers of this morning"]);
    };
    let amend = |place: &Place| {
        place.git(&["commit", "--quiet", "--amend", "--message", "Tidy up"]);
    };
    let squash = |place: &Place| {
        place.git(&["reset", "--quiet", "--soft", "HEAD~1"]);
        place.git(&["commit", "--quiet", "--message", "Everything of today"]);
    };
    let nothing = |_: &Place| ();
    let ways: [Way; 4] = [
        ("amended", &[], &amend),
        ("squashed", &[], &squash),
        ("committed by hand", &["--no-commit"], &by_hand),
        ("not committed", &["--no-commit"], &nothing),
    ];
    for (how, flags, then) in ways {
        let it = Losing::new();
        it.take(0);
        it.project.succeed(&[SYNC.as_slice(), flags].concat());
        then(&it.project);
        it.take(1);
        assert_refused(&it.project, &[SYNC.as_slice(), flags].concat(), how);
        // In another clone, only what is committed is known.
        if how != "not committed" {
            assert_refused(&it.project.place.copy(), &SYNC, &format!("{how}, in another clone"));
        }
    }
}

#[test]
fn where_commits_are_off_the_losses_of_a_day_are_remembered_and_older_ones_forgotten() {
    let mut it = Losing::new();
    it.project.git(&["config", "phone-dir.commit", "false"]);
    it.take(0);
    it.project.succeed(&SYNC);
    it.take(1);
    assert_refused(&it.project, &SYNC, "without commits");
    it.project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:01Z");
    it.project.succeed(&SYNC);
    it.project.place.set("PHONE_DIR_NOW", "2025-11-22T12:00:02Z");
    it.take(2);
    it.project.succeed(&SYNC);
}

#[test]
fn what_a_person_deleted_is_no_loss_of_a_sync() {
    let it = Losing::new();
    it.project.succeed(&SYNC);
    delete(&it.project, &it.numbers[..STEP]);
    it.take(1);
    it.project.succeed(&SYNC);
}

#[test]
fn edits_that_are_committed_along_hide_no_loss() {
    let it = Losing::new();
    it.take(0);
    it.take(1);
    // The files as somebody edited them: without the numbers that are gone.
    let edited = it.project.place.copy();
    edited.succeed(&[SYNC.as_slice(), &["--no-commit", "--allow-removals=production"]].concat());
    for (path, bytes) in edited.files("phone-numbers") {
        it.project.write_bytes(&path, &bytes);
    }
    assert_refused(&it.project, &[SYNC.as_slice(), &["--allow-dirty"]].concat(), "edited");
}

/// Gives each workspace the other one's key.
fn swap_keys(project: &mut Project) {
    let keys = ["STAGING", "PRODUCTION"].map(|name| format!("RETELL_{name}_API_KEY"));
    let [staging, production] = keys.clone().map(|name| project.variables[&name].clone());
    project.place.set(&keys[0], production);
    project.place.set(&keys[1], staging);
}

#[test]
fn swapped_keys_are_told_by_the_agents_where_no_organisation_was_written_down() {
    let mut project = Project::new(SandboxOptions::default());
    project.fault("status:404,path=get-api-key-info");
    project.succeed(&["init", "--quiet"]);
    project.succeed(&["sync", "--all", "--quiet"]);
    project.git(&["add", "."]);
    project.git(&["commit", "--quiet", "--message", "Start"]);
    project.sandbox.clear_requests();
    assert!(!project.read("phone-numbers/staging/numbers.json").contains("org_id"));
    swap_keys(&mut project);
    let words = "answer, and none of its own; are two keys swapped?";
    for command in [
        &["sync", "--all"] as &[&str],
        &["sync-retell", "-w", "staging", "--dry-run"],
        &["plan"],
        &["bulk-assign", "--from-agent", "agents/sales-agent", "--to-agent", "agents/survey", "-w", "staging", "--yes"],
    ] {
        let run = project.run(command);
        assert!(run.code == 2 && run.stderr.contains(words), "{run}");
        let is_change = |method: &str| ["PATCH", "DELETE"].contains(&method);
        assert!(!project.sandbox.requests().iter().any(|it| is_change(&it.method)), "{command:?}");
    }
    assert_eq!(project.commits(), 1);
    let run = project.run(&["drift"]);
    assert!(run.code == 1 && run.stdout.contains(words), "{run}");
}

#[test]
fn swapped_keys_change_nothing_and_questions_say_so() {
    let mut project = Project::synced();
    swap_keys(&mut project);
    let before = project.files("phone-numbers");
    let words = "are two keys swapped?";
    for command in [
        &["phone", "update", "+14155550110", "-w", "staging", "--nickname", "Desk"] as &[&str],
        &["phone", "delete", "+14155550110", "-w", "staging", "--yes"],
        &["promote", "--from", "staging", "--to", "production", "--all", "--dry-run"],
    ] {
        let run = project.run(command);
        assert!(run.code == 2 && run.stderr.contains(words) && run.stderr.contains("--allow-org-change="), "{run}");
    }
    assert_eq!(differences(&before, &project.files("phone-numbers")), "");
    let run = project.run(&["drift"]);
    assert!(run.code == 1 && run.stdout.contains(words), "{run}");
    for question in [&["diff", "HEAD", "@live"] as &[&str], &["phone", "list", "-w", "staging"]] {
        let run = project.run(question);
        assert!(run.stderr.contains(words), "{run}");
    }
}

#[test]
fn settings_that_cannot_be_understood_are_told_before_anything_is_changed_without_them() {
    let project = Project::synced();
    let told = |run: &crate::cli::fixture::Run| run.stderr.contains("warning: `phone-dir.toml`: ");
    for words in
        [&["sync", "--all", "--dry-run"] as &[&str], &["edit", "+14155550110", "--add-tag", "vip", "--dry-run"]]
    {
        project.write("phone-dir.toml", "[rails]\nremovals = 0.1\n");
        let run = project.run(words);
        assert!(run.code == 0 && !told(&run), "{run}");
        for broken in ["[[[\n", "[rails]\nremovals = \"few\"\n", "[workspaces]\nprotected = \"production\"\n"] {
            project.write("phone-dir.toml", broken);
            let run = project.run(words);
            assert!(told(&run) && run.stderr.contains("a default stands in"), "{broken}: {run}");
        }
        std::fs::remove_file(project.path("phone-dir.toml")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", project.path("phone-dir.toml")).unwrap();
        let run = project.run(words);
        assert!(told(&run), "{run}");
        std::fs::remove_file(project.path("phone-dir.toml")).unwrap();
    }
}

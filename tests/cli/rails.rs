//! Syncs that look like an accident are refused, with the list and the flag that allows exactly that.

use insta::assert_snapshot;
use phone_dir::sandbox::SandboxOptions;

use crate::cli::fixture::{Project, differences};

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

#[test]
fn small_losses_of_a_day_are_counted_together_until_a_flag_allows_them() {
    let mut project = Project::synced();
    let registry: serde_json::Value =
        serde_json::from_str(&project.read("phone-numbers/production/numbers.json")).unwrap();
    let entries = registry["numbers"].as_array().unwrap();
    let numbers: Vec<&str> = entries.iter().map(|it| it["phone_number"].as_str().unwrap()).collect();
    // Somebody else deletes them, and this project only hears of it.
    let elsewhere = project.place.copy();
    let step = 2;
    let take = |at: usize| {
        for number in &numbers[at * step..(at + 1) * step] {
            elsewhere.succeed(&["phone", "delete", number, "-w", "production", "--yes", "--allow-delete"]);
        }
    };
    let sync = ["sync-retell", "-w", "production"];
    take(0);
    project.succeed(&sync);
    take(1);
    let run = project.run(&sync);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains(&format!("{step} of them by syncs of the last 24 hours")), "{run}");
    let flag = "--allow-removals=production";
    project.succeed(&[sync.as_slice(), &[flag]].concat());
    assert!(project.git(&["log", "-1", "--format=%B"]).contains(&format!("Phone-Dir-Allowed: {flag}\n")));
    project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:01Z");
    take(2);
    project.succeed(&sync);
}

//! A team's days: pull requests that decide, a dashboard that people use, and a job that runs `sync --push` every hour.

use serde_json::{Value, json};

use crate::cli::fixture::{Project, Run};

const NUMBERS: &str = "phone-numbers/production/numbers.json";

/// What the dashboard is used for, day by day.
const COUNTRIES: [&[&str]; 3] = [&["US"], &["CA", "US"], &["GB"]];

/// How a hosting service merges a pull request; none of them knows of merge drivers.
#[derive(Clone, Copy, Debug)]
enum Merging {
    Commit,
    Squash,
    Rebase,
}

/// A bare remote; the job's clone of it (the project), one of people, and one in which pull requests are merged.
struct Team {
    project: Project,
    remote: String,
    people: String,
    host: String,
}

impl Team {
    fn new() -> Self {
        let project = Project::synced();
        let place = |name: &str| project.home.join(name).to_str().unwrap().to_owned();
        let (remote, people, host) = (place("remote.git"), place("people"), place("host"));
        project.git(&["init", "--quiet", "--bare", "--initial-branch=main", &remote]);
        project.git(&["remote", "add", "origin", &remote]);
        project.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        for clone in [&people, &host] {
            project.git(&["clone", "--quiet", &remote, clone]);
        }
        Self { project, remote, people, host }
    }

    /// A person opens a pull request from what the remote has now.
    fn propose(&self, branch: &str, words: &[&str]) {
        let git = |words: &[&str]| self.project.git(&[&["-C", &self.people], words].concat());
        git(&["fetch", "--quiet"]);
        git(&["checkout", "--quiet", "-b", branch, "origin/main"]);
        self.project.succeed(&[&["-C", &self.people, "edit", "-w", "production"], words].concat());
        git(&["push", "--quiet", "origin", branch]);
    }

    /// The hosting service merges it.
    fn merge(&self, branch: &str, merging: Merging) {
        let how = match merging {
            Merging::Commit => format!("git merge -q --no-ff --no-edit origin/{branch}"),
            Merging::Squash => format!("git merge -q --squash origin/{branch} && git commit -q -m '{branch} (#1)'"),
            Merging::Rebase => format!("git cherry-pick origin/{branch}"),
        };
        let begin = "git fetch -q && git checkout -q -B main origin/main";
        let run = self.project.shell(&format!("cd {} && {begin} && {how} && git push -q origin main", self.host));
        assert_eq!(run.code, 0, "{branch} {merging:?} {run}");
    }

    /// What somebody does in the dashboard.
    fn dashboard(&self, number: &str, settings: &Value) {
        let address = format!("{}/update-phone-number/{number}", self.project.sandbox.base_url());
        let key = format!("Authorization: Bearer {}", self.project.variables["RETELL_PRODUCTION_API_KEY"]);
        let body = settings.to_string();
        let words = ["--silent", "--fail", "--request", "PATCH", "--header", &key, "--header"];
        let rest = ["Content-Type: application/json", "--data", &body, &address];
        let done = self.project.command("curl", &[&words[..], &rest[..]].concat()).output().unwrap();
        assert!(done.status.success());
    }

    /// The hour has passed.
    fn sync(&self) -> Value {
        let (code, report) = self.project.json(&["sync", "--all", "--push"]);
        assert_eq!((code, &report["conflicts"]), (0, &json!([])), "{report:#}");
        assert_eq!(self.published_commit(), self.project.git(&["rev-parse", "HEAD"]), "everything is pushed");
        report
    }

    fn published_commit(&self) -> String {
        self.project.git(&["--git-dir", &self.remote, "rev-parse", "main"])
    }

    /// A number's entry as the remote's branch has it.
    fn published(&self, number: &str) -> Value {
        let text = self.project.git(&["--git-dir", &self.remote, "show", &format!("main:{NUMBERS}")]);
        let file: Value = serde_json::from_str(&text).unwrap();
        file["numbers"].as_array().unwrap().iter().find(|entry| entry["phone_number"] == number).unwrap().clone()
    }

    fn run(&self, words: &[&str]) -> Run {
        self.project.run(words)
    }
}

#[test]
fn an_hourly_sync_beside_pull_requests_and_a_dashboard_loses_neither_side_and_an_apply_ends_in_step() {
    let team = Team::new();
    // Open from the first day on, and merged on the last one.
    team.propose("old", &["+14155550104", "--nickname", "Decided on the first day"]);
    let days = [
        (Merging::Commit, ["+14155550101", "--nickname", "Front Desk"], "+17025550115"),
        (Merging::Squash, ["+14155550103", "--webhook", "https://hooks.example.com/in"], "+14155550101"),
        (Merging::Rebase, ["+12125550105", "--inbound-agent", "agents/survey"], "+14155550103"),
    ];
    for (day, (merging, decision, moved)) in days.iter().enumerate() {
        let branch = format!("day-{day}");
        team.propose(&branch, decision);
        // While it is reviewed, people use the dashboard: also on lines of which a decision waits.
        team.dashboard(moved, &json!({ "allowed_inbound_country_list": COUNTRIES[day] }));
        team.sync();
        team.merge(&branch, *merging);
        let pending = team.sync()["pending"].as_array().unwrap().len();
        assert_eq!(pending, day + 1, "{branch}: what was merged waits, and nothing else");
        assert_eq!(team.sync()["commit"], Value::Null, "{branch}: the next hour finds nothing new");
    }
    team.merge("old", Merging::Commit);
    team.sync();
    for (day, (.., moved)) in days.iter().enumerate() {
        assert_eq!(team.published(moved)["allowed_inbound_country_list"], json!(COUNTRIES[day]), "followed, and kept");
    }
    let run = team.run(&["apply", "--yes", "--push"]);
    assert_eq!(run.code, 0, "{run}");
    let drift = team.run(&["drift"]);
    assert!(drift.code == 0 && drift.stdout.contains("In step"), "{drift}");
    for (number, field, value) in [
        ("+14155550101", "nickname", "Front Desk"),
        ("+14155550103", "inbound_webhook_url", "https://hooks.example.com/in"),
        ("+14155550104", "nickname", "Decided on the first day"),
    ] {
        let entry = team.published(number);
        assert_eq!((&entry[field], &entry["live"]), (&json!(value), &Value::Null), "{number}");
    }
    let shown = team.run(&["show", "+12125550105"]);
    assert!(shown.stdout.contains("Agent Path: agents/survey"), "{shown}");
    let checked = team.run(&["validate", "--range", "HEAD~8..HEAD"]);
    assert_eq!((checked.code, team.published_commit()), (0, team.project.git(&["rev-parse", "HEAD"])), "{checked}");
}

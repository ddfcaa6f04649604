//! Allocations at once over clones: no number ends up with two purposes, and the clone that lost is told.

use std::collections::BTreeSet;
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::SandboxOptions;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::fixture::{Project, Run};

/// Each clone allocates for an agent of its own.
const AGENTS: [&str; 4] = ["agents/survey", "agents/sales-agent", "agents/customer-service", "agents/support-tier1"];

struct Race {
    project: Project,
    clones: Vec<String>,
    _folder: TempDir,
}

impl Race {
    fn new(clones: usize) -> Self {
        let project = Project::synced_with(SandboxOptions { numbers: 300, ..SandboxOptions::default() });
        project.succeed(&["pools", "create", "sales", "--purpose", "campaigns", "-w", "staging", "--quiet"]);
        project.succeed(&["pools", "add", "sales", "--unassigned", "--workspace", "staging", "--quiet"]);
        let folder = TempDir::new().unwrap();
        let clone = |at: usize| {
            let path = folder.path().join(format!("clone-{at}")).to_str().unwrap().to_owned();
            project.git(&["clone", "--quiet", ".", &path]);
            path
        };
        let clones = (0..clones).map(clone).collect();
        Self { project, clones, _folder: folder }
    }

    fn in_clone(&self, at: usize, words: &[&str]) -> Command {
        self.project.command(cargo_bin("phone-dir"), &[&["-C", self.clones[at].as_str()], words].concat())
    }

    fn run(&self, at: usize, words: &[&str]) -> Run {
        self.project.finish(words, &self.in_clone(at, words).output().unwrap())
    }

    /// What Retell has, as a clone that nothing is decided in reads it.
    fn agent(&self, number: &str) -> Value {
        self.project.succeed(&["sync", "--workspace", "staging", "--quiet"]);
        let text = self.project.read("phone-numbers/staging/assignments.json");
        let file: Value = serde_json::from_str(&text).unwrap();
        let found = file["assignments"].as_array().unwrap().iter().find(|entry| entry["phone_number"] == number);
        found.map_or(Value::Null, |entry| entry["agent_path"].clone())
    }

    /// Lets every clone allocate at once. Those that have the number have it for one agent: two clones may want the same.
    fn round(&self) {
        let everyone = 0..self.clones.len();
        for at in everyone.clone() {
            let run = self.run(at, &["sync", "--workspace", "staging", "--quiet"]);
            assert_eq!(run.code, 0, "{run}");
        }
        let words = |at: usize| ["pools", "allocate", "sales", "--agent", AGENTS[at % AGENTS.len()], "--yes", "--json"];
        let start = |at: usize| {
            let mut command = self.in_clone(at, &words(at));
            (at, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        };
        let running: Vec<_> = everyone.map(start).collect();
        let finished = running.into_iter().map(|(at, child)| (at, child.wait_with_output().unwrap()));
        let outputs: Vec<(usize, Output)> = finished.collect();
        let holds = |(at, output): &(usize, Output)| self.holds(*at, &self.project.finish(&words(*at), output));
        let holders = outputs.iter().filter(|output| holds(output)).map(|(at, _)| AGENTS[at % AGENTS.len()]);
        assert_eq!(holders.collect::<BTreeSet<_>>().len(), 1);
    }

    /// Whether a clone has the number that it was told it has; where it has not, it is told at the latest by its next sync.
    fn holds(&self, at: usize, run: &Run) -> bool {
        if run.code != 0 {
            let reasons = ["is taken", "did not keep", "moved in Retell", "in the meantime"];
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(run.code == 2 && reasons.iter().any(|reason| said.contains(reason)), "{run}");
            return false;
        }
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        let number = answer["rows"][0]["phone_number"].as_str().unwrap_or_else(|| panic!("{run}")).to_owned();
        if self.agent(&number) == AGENTS[at % AGENTS.len()] {
            return true;
        }
        let told = self.run(at, &["sync", "--workspace", "staging"]);
        assert!(told.stdout.contains(&number), "the clone believes that it has {number}: {told}");
        false
    }
}

#[test]
fn of_allocations_at_once_one_has_the_number_and_the_others_are_told() {
    let race = Race::new(3);
    (0..2).for_each(|_| race.round());
}

#[test]
#[ignore = "two hundred allocations take minutes"]
fn of_two_hundred_allocations_none_shares_a_number() {
    let race = Race::new(8);
    (0..25).for_each(|_| race.round());
}

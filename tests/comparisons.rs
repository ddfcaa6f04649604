//! `diff`, `history` and `blame` as their users run them: the built program on real git repositories.

#![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::generator::past::files_of;
use crate::generator::random::Random;
use crate::generator::repository::{git, sealed};
use crate::generator::world::{World, number};
use phone_dir::model::{AgentPath, WorkspaceName};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A project of three numbers with one commit, and the world that it shows.
struct Project {
    folder: TempDir,
    world: World,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), world: World::new(3, &mut Random::new(7)) };
        git(project.path(), &["init", "--quiet", "--initial-branch=main"]);
        project.commit("start");
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self) {
        for (path, file) in files_of(&self.world) {
            let place = self.path().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, &*file).unwrap();
        }
    }

    fn commit(&self, message: &str) -> String {
        self.write();
        git(self.path(), &["add", "."]);
        git(self.path(), &["commit", "--quiet", "--allow-empty", "--message", message]);
        git(self.path(), &["rev-parse", "HEAD"])
    }

    /// Binds a number to an agent's folder in one workspace, in both files.
    fn assign(&mut self, workspace: &str, at: usize, agent: &str) {
        let name = WorkspaceName::parse(workspace).unwrap();
        let (id, path) = (format!("agent_{workspace}_{agent}"), AgentPath::of_folder(agent).unwrap());
        let assignment = serde_json::from_value(json!({
            "phone_number": number(at), "agent_path": path, "agent_name": "An agent", "agent_id": id,
            "assignment_type": "inbound-only", "inbound_agent_id": id, "outbound_agent_id": null,
            "assigned_date": null, "last_modified": null,
        }));
        let assignments = &mut self.world.directory.workspace_mut(&name).assignments.assignments;
        assignments.retain(|known| known.phone_number != number(at));
        assignments.push(assignment.unwrap());
        assignments.sort_by_key(|known| known.phone_number);
        let entry = self.world.directory.master.numbers.get_mut(&number(at)).unwrap();
        let binding = entry.workspaces.get_mut(&name).unwrap();
        binding.agent_path = Some(path);
        binding.agent_id = Some(id.parse().unwrap());
        binding.assignment_type = Some(phone_dir::model::AssignmentType::InboundOnly);
    }

    fn note(&mut self, at: usize, text: &str) {
        self.world.directory.master.numbers.get_mut(&number(at)).unwrap().notes = text.into();
    }

    #[must_use]
    fn run(&self, words: &[&str]) -> Output {
        run(self.path(), words)
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}: {output:?}"))
    }
}

#[must_use]
fn run(folder: &Path, words: &[&str]) -> Output {
    sealed(&mut Command::new(env!("CARGO_BIN_EXE_phone-dir")), folder).args(words).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A project whose second commit moves a line in production and whose working tree has a note on top.
fn edited() -> Project {
    let mut project = Project::new();
    project.assign("production", 0, "sales");
    project.commit("first binding");
    project.assign("production", 0, "survey");
    project.commit("move a line");
    project.note(1, "uncommitted");
    project.write();
    project
}

#[test]
fn one_change_over_two_files_is_one_change_in_every_state() {
    let project = edited();
    let value = project.json(&["diff", "HEAD~1", "HEAD", "--json"]);
    assert_eq!((&value["from"], &value["to"], &value["format_version"]), (&"HEAD~1".into(), &"HEAD".into(), &1.into()));
    assert_eq!(value["summary"], json!({"reassigned": 1}));
    let change = &value["changes"][0];
    assert_eq!((&change["workspace"], &change["kind"]), (&"production".into(), &"reassigned".into()));
    let fields: Vec<_> =
        change["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["agent_path", "agent_id", "inbound_agent_id"]);

    assert_eq!(project.json(&["diff", "HEAD", "--json"])["summary"], json!({"updated": 1}));
    assert_eq!(project.json(&["diff", "--json"])["summary"], json!({"updated": 1}));
    assert_eq!(project.json(&["diff", "--staged", "--json"])["changes"], json!([]));
    assert_eq!(project.json(&["diff", "HEAD~1..HEAD", "--json"])["summary"], json!({"reassigned": 1}));
    assert_eq!(project.json(&["diff", "HEAD~1", "@index", "--json"])["to"], "@index");
}

#[test]
fn the_text_names_what_happened_and_the_exit_code_is_asked_for() {
    let project = edited();
    let output = project.run(&["diff", "HEAD~1", "--exit-code"]);
    assert_eq!(code(&output), 1);
    let expected = "HEAD~1 → @worktree: 1 reassigned, 1 updated\n\nDirectory:\n  +14155550001 updated\n    notes: empty → uncommitted\n\nProduction:\n  +14155550000 reassigned agents/sales → agents/survey\n";
    assert_eq!(text(&output), expected);
    assert_eq!(code(&project.run(&["diff", "HEAD", "HEAD", "--exit-code"])), 0);
    assert_eq!(text(&project.run(&["diff", "HEAD~1", "--name-only"])), "+14155550000\n+14155550001\n");
    let limited = project.run(&["diff", "HEAD~1", "--workspace", "production", "--stat"]);
    assert_eq!(text(&limited), "  production  1 reassigned\n1 number changed\n");
    assert_eq!(text(&project.run(&["diff", "HEAD~1", "--agent", "agents/survey", "--name-only"])), "+14155550000\n");
    assert_eq!(text(&project.run(&["diff", "HEAD~1", "--number", "+14155550001", "--name-only"])), "+14155550001\n");
}

#[test]
fn a_workspace_wins_over_a_branch_and_is_never_compared_with_a_revision() {
    let project = edited();
    git(project.path(), &["branch", "staging"]);
    assert_eq!(code(&project.run(&["diff", "staging", "HEAD"])), 2);
    assert_eq!(project.json(&["diff", "staging", "production", "--json"])["from"], "staging");
    assert_eq!(project.json(&["diff", "refs/heads/staging", "HEAD", "--json"])["changes"], json!([]));
    assert_eq!(code(&project.run(&["diff", "staging", "production", "--at", "HEAD~1"])), 0);
}

#[test]
fn three_dots_start_at_the_merge_base() {
    let mut project = Project::new();
    git(project.path(), &["checkout", "--quiet", "-b", "topic"]);
    project.note(0, "topic");
    project.commit("topic");
    git(project.path(), &["checkout", "--quiet", "main"]);
    project.note(0, "");
    project.note(1, "main");
    project.commit("main");
    assert_eq!(project.json(&["diff", "main...topic", "--json"])["changes"].as_array().unwrap().len(), 1);
    assert_eq!(project.json(&["diff", "main..topic", "--json"])["changes"].as_array().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_told_is_exit_code_3_and_never_no_differences() {
    let project = edited();
    let clone = tempfile::tempdir().unwrap();
    let source = format!("file://{}", project.path().display());
    git(clone.path(), &["clone", "--quiet", "--depth", "1", &source, "."]);
    let output = run(clone.path(), &["diff", "HEAD~1", "HEAD"]);
    assert_eq!((code(&output), text(&output).as_str()), (3, ""));
    assert!(String::from_utf8_lossy(&output.stderr).contains("fetch-depth: 0"), "{output:?}");
    let history = run(clone.path(), &["history", "--json"]);
    let value: Value = serde_json::from_slice(&history.stdout).unwrap();
    assert_eq!((code(&history), &value["complete"]), (3, &false.into()));
    assert_eq!(value["commits"], json!([]), "a shallow clone does not say that everything began at its edge");

    git(project.path(), &["checkout", "--quiet", "--orphan", "empty"]);
    git(project.path(), &["rm", "--quiet", "-r", "--force", "--cached", "."]);
    git(project.path(), &["commit", "--quiet", "--allow-empty", "--message", "nothing"]);
    let output = project.run(&["diff", "HEAD", "main"]);
    assert_eq!((code(&output), text(&output).as_str()), (3, ""));
    assert_eq!(code(&project.run(&["diff", "empty...main"])), 3, "no merge base");

    fs::write(project.path().join("phone-numbers/directory.json"), "{").unwrap();
    git(project.path(), &["add", "phone-numbers"]);
    git(project.path(), &["commit", "--quiet", "--message", "broken"]);
    let output = project.run(&["diff", "main", "HEAD", "--json"]);
    assert_eq!(code(&output), 3);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["status"], "incomplete");
}

#[test]
fn history_tells_who_changed_what_newest_first() {
    let project = edited();
    let value = project.json(&["history", "--json"]);
    assert_eq!((&value["complete"], &value["stopped"]), (&true.into(), &Value::Null));
    let commits = value["commits"].as_array().unwrap();
    let summaries: Vec<_> = commits.iter().map(|commit| commit["summary"].as_str().unwrap()).collect();
    assert_eq!(summaries, ["move a line", "first binding", "start"]);
    assert_eq!(commits[0]["author"], "Ada Example <ada@example.com>");
    assert_eq!(commits[0]["changes"][0]["kind"], "reassigned");
    assert_eq!(commits[0]["parents"], json!([git(project.path(), &["rev-parse", "HEAD~1"])]));
    let of_number = project.json(&["history", "+14155550000", "--limit", "1", "--json"]);
    assert_eq!(of_number["commits"].as_array().unwrap().len(), 1);
    let output = project.run(&["history", "--agent", "agents/survey", "--workspace", "production", "--format", "csv"]);
    assert!(text(&output).starts_with("date,commit,author,"), "{output:?}");
    for format in ["human", "markdown", "jsonl"] {
        let output = project.run(&["history", "--format", format]);
        assert!(code(&output) == 0 && text(&output).contains("agents/survey"), "{format}: {output:?}");
    }
    assert_eq!(code(&project.run(&["history", "+14155559999"])), 2, "an unknown number is a mistake");
    assert_eq!(project.json(&["history", "--author", "nobody", "--json"])["commits"], json!([]));
}

#[test]
fn a_broken_commit_is_a_gap_and_what_changed_across_it_is_told_where_it_ends() {
    let mut project = Project::new();
    fs::write(project.path().join("phone-numbers/directory.json"), "<<<<<<< HEAD\n").unwrap();
    git(project.path(), &["commit", "--quiet", "--all", "--message", "oops"]);
    project.note(0, "mended");
    project.commit("mend");
    let value = project.json(&["history", "--json"]);
    let commits = value["commits"].as_array().unwrap();
    assert_eq!(commits[0]["changes"][0]["kind"], "updated");
    assert!(commits[1]["gap"].as_str().unwrap().contains("phone-numbers/directory.json"));
    assert_eq!(commits.len(), 3);
}

#[test]
fn a_malformed_header_is_marked_and_the_walk_goes_on() {
    let mut project = Project::new();
    project.note(0, "malformed");
    project.commit("to be malformed");
    let raw = git(project.path(), &["cat-file", "commit", "HEAD"]);
    let author = raw.lines().find(|line| line.starts_with("author ")).unwrap();
    let broken = raw.replace(author, "author Ada <<ada> 99999999999999999999 +9999") + "\n";
    let place = project.path().join("commit.txt");
    fs::write(&place, broken).unwrap();
    let id = git(project.path(), &["hash-object", "-t", "commit", "-w", "--literally", "commit.txt"]);
    git(project.path(), &["update-ref", "HEAD", &id]);
    let value = project.json(&["history", "--json"]);
    let commits = value["commits"].as_array().unwrap();
    assert_eq!(commits.len(), 2);
    assert!(commits[0]["gap"].as_str().unwrap().contains("author"));
    assert_eq!(commits[0]["changes"][0]["kind"], "updated");
}

#[test]
fn blame_names_the_commit_that_set_each_field() {
    let project = edited();
    let value = project.json(&["blame", "+14155550000", "--json"]);
    let of = |workspace: &str, name: &str| {
        let fields = value["fields"].as_array().unwrap();
        let found = fields.iter().find(|field| field["workspace"] == workspace && field["field"] == name).unwrap();
        (found["summary"].as_str().unwrap().to_owned(), found["value"].clone())
    };
    assert_eq!(of("production", "agent_path"), ("move a line".to_owned(), "agents/survey".into()));
    assert_eq!(of("production", "nickname").0, "start");
    assert!(text(&project.run(&["blame", "+14155550000"])).contains("Production:"));
    assert_eq!(code(&project.run(&["blame", "+14155559999"])), 2);
}

#[test]
fn a_weighted_list_is_told_by_folder_and_share_in_every_output() {
    let mut project = Project::new();
    for agent in ["sales", "survey"] {
        let place = project.path().join(format!("agents/{agent}/production.json"));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, format!("{{\"agent_id\": \"agent_production_{agent}\"}}\n")).unwrap();
    }
    project.assign("production", 0, "sales");
    let share = |agent: &str, weight: f64| json!({"agent_id": format!("agent_production_{agent}"), "weight": weight});
    let list = serde_json::from_value(json!([share("sales", 0.8), share("survey", 0.2)])).unwrap();
    let production = WorkspaceName::parse("production").unwrap();
    let assignments = &mut project.world.directory.workspace_mut(&production).assignments.assignments;
    assignments.iter_mut().find(|known| known.phone_number == number(0)).unwrap().inbound_agents = Some(list);
    project.commit("share");
    project.assign("production", 0, "survey");
    project.commit("one for all");
    let words = "reassigned agents/sales 80 %, agents/survey 20 % → agents/survey";
    for command in [&["diff", "HEAD~1", "HEAD"][..], &["history"], &["history", "--format", "markdown"]] {
        let output = text(&project.run(command));
        assert!(output.contains(words), "{command:?}: {output}");
    }
    let markdown = text(&project.run(&["diff", "HEAD~1", "HEAD", "--format", "markdown"]));
    assert!(markdown.contains("| `agents/sales 80 %, agents/survey 20 % → agents/survey` |"), "{markdown}");
}

#[test]
fn an_agent_edited_beside_a_stale_list_is_reassigned() {
    let mut project = Project::new();
    project.assign("production", 0, "sales");
    let production = WorkspaceName::parse("production").unwrap();
    let list = json!([{"agent_id": "agent_production_sales", "weight": 1, "agent_version": 2}]);
    let binding = |project: &mut Project, agent: &str| {
        project.assign("production", 0, agent);
        let assignments = &mut project.world.directory.workspace_mut(&production).assignments.assignments;
        let known = assignments.iter_mut().find(|known| known.phone_number == number(0)).unwrap();
        known.inbound_agents = Some(serde_json::from_value(list.clone()).unwrap());
    };
    binding(&mut project, "sales");
    project.commit("a version");
    binding(&mut project, "survey");
    project.commit("by hand");
    let value = project.json(&["diff", "HEAD~1", "HEAD", "--json"]);
    assert_eq!(value["summary"], json!({"reassigned": 1}), "another agent is named, whatever the list says");
}

#[test]
fn a_report_of_the_past_tells_what_had_changed_by_then() {
    let project = edited();
    let of = |words: &[&str]| {
        let report = project.json(words);
        let recent = report["recent_changes"].as_array().unwrap().iter();
        recent.map(|change| change["commit"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let short = |revision: &str| git(project.path(), &["rev-parse", "--short=10", revision]);
    assert_eq!(of(&["report", "--json", "--at", "HEAD~1"]), [short("HEAD~1"), short("HEAD~2")]);
    assert_eq!(of(&["report", "--json"]), [short("HEAD"), short("HEAD~1"), short("HEAD~2")]);
}

#[test]
fn nothing_is_printed_of_a_number_that_nobody_knows() {
    let project = Project::new();
    fs::write(project.path().join("phone-numbers/directory.json"), "{").unwrap();
    git(project.path(), &["commit", "--quiet", "--all", "--message", "a gap"]);
    project.write();
    git(project.path(), &["commit", "--quiet", "--all", "--message", "mended"]);
    for format in ["human", "jsonl", "csv", "markdown"] {
        let output = project.run(&["history", "+14155559999", "--format", format]);
        assert_eq!((code(&output), text(&output).as_str()), (2, ""), "{format}");
    }
    assert_eq!(project.json(&["history", "+14155559999", "--json"])["status"], "failed");
    assert!(text(&project.run(&["history", "+14155550000"])).contains("gap:"), "of a known one the gaps are told");
}

#[test]
fn a_long_first_commit_is_told_in_pieces_that_make_one_document() {
    let project = Project { folder: tempfile::tempdir().unwrap(), world: World::new(1_100, &mut Random::new(7)) };
    git(project.path(), &["init", "--quiet", "--initial-branch=main"]);
    project.commit("start");
    let whole = project.json(&["history", "--json"]);
    let changes = whole["commits"][0]["changes"].as_array().unwrap();
    let numbers: Vec<_> = changes.iter().map(|change| change["phone_number"].as_str().unwrap()).collect();
    assert!(numbers.is_sorted() && numbers.len() == 3 * 1_100, "each number, and each in two workspaces");
    let lines = text(&project.run(&["history", "--format", "jsonl"]));
    let line: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(line["changes"], whole["commits"][0]["changes"]);
    let csv = text(&project.run(&["history", "--format", "csv"]));
    let fields: usize = changes.iter().map(|change| change["fields"].as_array().unwrap().len()).sum();
    assert_eq!(csv.lines().count(), fields + 1);
}

#[test]
fn an_agent_that_is_not_there_may_be_gone_or_a_typing_error_and_is_named_with_the_nearest() {
    let project = edited();
    fs::create_dir_all(project.path().join("agents/survey")).unwrap();
    let write = |file: &str, text: &str| fs::write(project.path().join("agents/survey").join(file), text).unwrap();
    write("agent.json", r#"{"agent_name": "Opinions"}"#);
    write("production.json", r#"{"agent_id": "agent_production_survey"}"#);
    for written in ["agents/survey", "survey", "Opinions", "agent_production_survey"] {
        let output = project.run(&["history", "--agent", written, "--format", "csv"]);
        assert!(output.stderr.is_empty() && text(&output).contains("agents/survey"), "{written}: {output:?}");
    }
    for words in [["history", "--agent", "survye"].as_slice(), &["diff", "HEAD", "--agent", "survye"]] {
        let output = project.run(words);
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert!(said.contains("there is no `agents/survye` here now; the nearest is `agents/survey`"), "{said}");
        assert_eq!(code(&output), 0, "it may have been there once");
    }
}

#[test]
fn a_partial_clone_is_told_what_brings_the_rest_and_claims_nothing() {
    let project = edited();
    git(project.path(), &["config", "uploadpack.allowFilter", "true"]);
    let origin = format!("file://{}", project.path().canonicalize().unwrap().display());
    for filter in ["blob:none", "tree:0"] {
        let elsewhere = tempfile::tempdir().unwrap();
        let clone = elsewhere.path().join("clone");
        git(elsewhere.path(), &["clone", "--quiet", &format!("--filter={filter}"), &origin, clone.to_str().unwrap()]);
        for words in [["history"].as_slice(), &["blame", "+14155550000"]] {
            let output = run(&clone, words);
            let said = String::from_utf8(output.stderr.clone()).unwrap();
            assert_eq!(code(&output), 3, "{filter} {words:?}: {said}");
            assert!(said.contains("git fetch --refetch --no-filter") && !said.contains("unshallow"), "{said}");
            assert!(!text(&output).contains("imported"), "{filter}: {}", text(&output));
        }
        assert_eq!(code(&run(&clone, &["report", "--format", "markdown"])), 0);
    }
}

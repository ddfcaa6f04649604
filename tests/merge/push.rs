//! `sync --push` against a bare repository and the sandbox: nothing lost, nothing forced, nobody else's commit touched.

use std::process::{Child, Command, Stdio};

use phone_dir::inert::is_treacherous;
use phone_dir::sandbox::{self, RunningSandbox, Sandbox, SandboxOptions};

use crate::merge::project::{PRODUCTION, Project, STAGING, text_of};

const ONE: &str = "+14155550101";
const TWO: &str = "+14155550102";

/// A remote repository, and clones of it that sync with one sandbox.
struct Team {
    sandbox: RunningSandbox,
    remote: Project,
    first: Project,
    second: Project,
}

impl Team {
    fn new() -> Self {
        let sandbox = Sandbox::start(SandboxOptions::default()).unwrap();
        let remote = Project::empty();
        remote.git(&["init", "-q", "--bare", "-b", "main"]);
        let first = Project::empty();
        first.git(&["init", "-q", "-b", "main"]);
        for agent in sandbox::agent_folders() {
            first.write(&format!("{}/agent.json", agent.path), &format!("{{\"agent_name\": \"{}\"}}\n", agent.name));
            for (workspace, id) in &agent.ids {
                first.write(&format!("{}/{workspace}.json", agent.path), &format!("{{\"agent_id\": \"{id}\"}}\n"));
            }
        }
        let second = Project::empty();
        let team = Self { sandbox, remote, first, second };
        assert!(team.first.phone_dir(&["init"]).status.success());
        assert_eq!(team.sync(&team.first, &["--all"]), 0);
        team.first.commit("start");
        let url = team.remote.root.to_str().unwrap();
        team.first.git(&["remote", "add", "origin", url]);
        team.first.git(&["push", "-q", "-u", "origin", "main"]);
        team.second.git(&["clone", "-q", url, "."]);
        team
    }

    fn command(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
        project.seal(&mut command, &project.root);
        command.envs(sandbox::environment(&self.sandbox)).arg("sync").args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs a sync and gives its exit code.
    #[must_use]
    fn sync(&self, project: &Project, arguments: &[&str]) -> i32 {
        let output = self.command(project, arguments).output().unwrap();
        println!("{}", text_of(&output));
        output.status.code().unwrap()
    }

    fn start(&self, project: &Project, arguments: &[&str]) -> Child {
        self.command(project, arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn tip(&self) -> String {
        self.remote.git(&["rev-parse", "main"])
    }

    /// A file as the remote branch has it.
    fn published(&self, path: &str) -> String {
        self.remote.git(&["show", &format!("main:{path}")])
    }

    fn agent_of(&self, workspace: &str, number: &str) -> String {
        let text = self.published(&format!("phone-numbers/{workspace}/assignments.json"));
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let entries = file["assignments"].as_array().unwrap();
        let entry = entries.iter().find(|entry| entry["phone_number"] == number).unwrap();
        entry["agent_path"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_sync_on_a_stale_clone_is_put_on_top_of_what_others_pushed() {
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 0);
    let before = team.tip();
    team.sandbox.reassign(STAGING, TWO, "support-tier1").unwrap();
    assert_eq!(team.sync(&team.second, &["--all", "--push"]), 0);
    assert_eq!(team.remote.git(&["rev-parse", "main~1"]), before, "nothing was rewritten");
    assert_eq!(team.agent_of(PRODUCTION, ONE), "agents/sales-agent");
    assert_eq!(team.agent_of(STAGING, TWO), "agents/support-tier1");
    assert_eq!(team.second.git(&["rev-parse", "HEAD"]), team.tip());
    assert_eq!(team.second.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_commit_that_was_not_pushed_is_made_anew_on_top_by_number_and_field() {
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.first, &["--all"]), 0);
    let text = team.second.read("phone-numbers/directory.json");
    team.second.write("phone-numbers/directory.json", &text.replacen("\"notes\": \"\"", "\"notes\": \"a note\"", 1));
    team.second.commit("a note by hand");
    team.second.git(&["push", "-q"]);
    let noted = team.tip();
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 0);
    assert_eq!(team.remote.git(&["rev-parse", "main~1"]), noted);
    assert!(team.published("phone-numbers/directory.json").contains("\"notes\": \"a note\""));
    assert_eq!(team.agent_of(PRODUCTION, ONE), "agents/sales-agent");
    assert!(team.remote.git(&["log", "-1", "--format=%B", "main"]).contains("Phone-Dir-Source: sync --all"));
    assert_eq!(team.first.git(&["rev-parse", "HEAD"]), team.tip());
}

#[test]
fn the_same_find_of_two_clones_is_committed_once() {
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.second, &["--all"]), 0);
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 0);
    let tip = team.tip();
    assert_eq!(team.sync(&team.second, &["--all", "--push"]), 0);
    assert_eq!(team.tip(), tip);
    assert_eq!(team.second.git(&["rev-parse", "HEAD"]), tip);
}

#[test]
fn clones_that_push_at_the_same_time_lose_no_update() {
    let team = Team::new();
    let agents = ["sales-agent", "support-tier1", "customer-service"];
    for round in 0..4 {
        let agent = agents[round % agents.len()];
        team.sandbox.reassign(STAGING, ONE, agent).unwrap();
        team.sandbox.reassign(PRODUCTION, TWO, agent).unwrap();
        let before = team.tip();
        let running = [
            team.start(&team.first, &["--workspace", STAGING, "--push"]),
            team.start(&team.second, &["--workspace", PRODUCTION, "--push"]),
        ];
        for child in running {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", text_of(&output));
        }
        team.remote.git(&["merge-base", "--is-ancestor", &before, "main"]);
        assert_eq!(team.agent_of(STAGING, ONE), format!("agents/{agent}"), "round {round}");
        assert_eq!(team.agent_of(PRODUCTION, TWO), format!("agents/{agent}"), "round {round}");
    }
    team.first.git(&["pull", "-q", "--rebase"]);
    let checked = team.first.phone_dir(&["validate"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text_of(&checked));
}

#[test]
fn a_push_that_another_overtakes_is_tried_again_on_top_of_it() {
    let team = Team::new();
    team.sandbox.reassign(STAGING, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.second, &["--workspace", STAGING]), 0);
    // git runs this hook after it has asked the remote where the branch is.
    let other = team.second.root.display();
    let overtake = format!(
        "#!/bin/sh\nunset $(git rev-parse --local-env-vars)\necho >> {other}/../overtaken\ncd {other} && git push -q\n"
    );
    team.first.write(".git/hooks/pre-push", &overtake);
    let hook = team.first.root.join(".git/hooks/pre-push");
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    team.sandbox.reassign(PRODUCTION, TWO, "support-tier1").unwrap();
    assert_eq!(team.sync(&team.first, &["--workspace", PRODUCTION, "--push"]), 0);
    let tries = std::fs::read_to_string(team.second.root.join("../overtaken")).unwrap();
    assert_eq!(tries.lines().count(), 2, "the first try lost, the second won");
    assert_eq!(team.remote.git(&["rev-parse", "main~1"]), team.second.git(&["rev-parse", "HEAD"]));
    assert_eq!(team.agent_of(STAGING, ONE), "agents/sales-agent");
    assert_eq!(team.agent_of(PRODUCTION, TWO), "agents/support-tier1");
}

#[test]
fn other_peoples_commits_are_neither_pushed_nor_made_anew() {
    let team = Team::new();
    team.first.write("README.md", "mine\n");
    team.first.commit("my own work");
    let (tip, head) = (team.tip(), team.first.git(&["rev-parse", "HEAD"]));
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 2);
    assert_eq!((team.tip(), team.first.git(&["rev-parse", "HEAD"])), (tip, head));
}

#[test]
fn staged_and_unstaged_work_survives_being_brought_up_to_the_remote() {
    let team = Team::new();
    team.second.write("README.md", "theirs\n");
    team.second.commit("a file");
    team.second.git(&["push", "-q"]);
    team.first.write("staged.txt", "staged\n");
    team.first.git(&["add", "staged.txt"]);
    team.first.write(".gitignore", &format!("{}# unstaged\n", team.first.read(".gitignore")));
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 0);
    assert_eq!(team.first.git(&["status", "--porcelain"]), " M .gitignore\nA  staged.txt");
    assert_eq!(team.first.read("README.md"), "theirs\n");
}

/// A `git` that does something else in the same clone right after each fetch, as an editor's own fetches do.
fn git_with_a_fetch_beside(project: &Project, then: &str) -> String {
    let found = Command::new("sh").args(["-c", "command -v git"]).output().unwrap();
    let real = String::from_utf8(found.stdout).unwrap().trim().to_owned();
    let script = format!(
        "#!/bin/sh\n{real} \"$@\"; status=$?\ncase \" $* \" in *\" fetch \"*) unset $({real} rev-parse --local-env-vars); \
         {real} -C {} {then};; esac\nexit $status\n",
        project.root.display()
    );
    project.write("../beside/git", &script);
    let place = project.root.join("../beside/git");
    std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    format!("{}:{}", place.parent().unwrap().display(), std::env::var("PATH").unwrap())
}

#[test]
fn a_fetch_of_another_branch_at_the_same_time_publishes_nothing() {
    let team = Team::new();
    team.second.git(&["checkout", "-q", "-b", "feature"]);
    team.second.write("feature.txt", "unreviewed\n");
    team.second.commit("unreviewed");
    team.second.git(&["push", "-q", "origin", "feature"]);
    let before = team.tip();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    let path = git_with_a_fetch_beside(&team.first, "fetch -q origin feature");
    let output = team.command(&team.first, &["--all", "--push"]).env("PATH", path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    assert_eq!(team.remote.git(&["rev-parse", "main~1"]), before);
    assert!(!team.remote.git(&["ls-tree", "--name-only", "main"]).contains("feature.txt"));
}

/// Puts a note into the first number's entry, as an editor does.
fn note(project: &Project, words: &str) {
    let text = project.read("phone-numbers/directory.json");
    project.write(
        "phone-numbers/directory.json",
        &text.replacen("\"notes\": \"\"", &format!("\"notes\": \"{words}\""), 1),
    );
}

#[test]
fn a_commit_that_a_person_amended_or_whose_words_quote_a_sync_is_neither_pushed_nor_left_aside() {
    let quoting = "my own edit\n\nfollows up on\nPhone-Dir-Source: sync --all of this morning";
    let copied =
        "phone-dir: sync production, staging (1 reassigned)\n\nPhone-Dir-Source: sync --all\nPhone-Dir-Status: success";
    for words in [None, Some(quoting), Some(copied)] {
        let team = Team::new();
        team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
        assert_eq!(team.sync(&team.first, &["--all"]), 0);
        note(&team.first, "a draft");
        match words {
            None => team.first.git(&["commit", "-q", "-a", "--no-verify", "--amend", "--no-edit"]),
            Some(words) => team.first.git(&["commit", "-q", "-a", "--no-verify", "-m", words]),
        };
        note(&team.second, "theirs");
        team.second.commit("a note by hand");
        team.second.git(&["push", "-q"]);
        let (tip, head) = (team.tip(), team.first.git(&["rev-parse", "HEAD"]));
        assert_eq!(team.sync(&team.first, &["--all", "--push"]), 2);
        assert_eq!((team.tip(), team.first.git(&["rev-parse", "HEAD"])), (tip, head), "{words:?}");
    }
}

#[test]
fn what_this_sync_did_not_read_is_not_left_aside() {
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.first, &["--all"]), 0);
    note(&team.second, "theirs");
    team.second.commit("a note by hand");
    team.second.git(&["push", "-q"]);
    let (tip, head) = (team.tip(), team.first.git(&["rev-parse", "HEAD"]));
    let output = team.command(&team.first, &["--workspace", STAGING, "--push"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text_of(&output));
    assert!(text_of(&output).contains("sync --all --push"), "{}", text_of(&output));
    assert_eq!((team.tip(), team.first.git(&["rev-parse", "HEAD"])), (tip, head));
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 0);
    assert_eq!(team.agent_of(PRODUCTION, ONE), "agents/sales-agent");
}

#[test]
fn an_assignment_keeps_the_time_at_which_it_was_first_seen() {
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    assert_eq!(team.sync(&team.first, &["--all"]), 0);
    let dates = |text: &str| -> Vec<String> {
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        let entries = file["assignments"].as_array().unwrap();
        entries.iter().map(|entry| entry["assigned_date"].as_str().unwrap().to_owned()).collect()
    };
    let seen = dates(&team.first.read("phone-numbers/production/assignments.json"));
    note(&team.second, "theirs");
    team.second.commit("a note by hand");
    team.second.git(&["push", "-q"]);
    // Dates have whole seconds: a new one has to be another.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(team.sync(&team.first, &["--all", "--push"]), 0);
    assert_eq!(dates(&team.published("phone-numbers/production/assignments.json")), seen);
    assert!(team.published("phone-numbers/directory.json").contains("\"notes\": \"theirs\""));
}

#[test]
fn a_remote_that_refuses_and_a_branch_without_one_are_explained() {
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    team.remote.write("hooks/pre-receive", "#!/bin/sh\necho no >&2\nexit 1\n");
    let hook = team.remote.root.join("hooks/pre-receive");
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let output = team.command(&team.first, &["--all", "--push"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text_of(&output));
    assert!(text_of(&output).contains("pull request"), "{}", text_of(&output));
    team.first.git(&["branch", "--unset-upstream"]);
    let output = team.command(&team.first, &["--all", "--push"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text_of(&output).contains("git push -u origin main"), "{}", text_of(&output));
    std::fs::remove_file(hook).unwrap();
    assert_eq!(team.sync(&team.first, &["--all", "--push", "--remote", "origin"]), 0);
    assert_eq!(team.agent_of(PRODUCTION, ONE), "agents/sales-agent");
}

#[test]
fn a_push_that_is_overtaken_every_time_gives_up_after_five_and_keeps_its_commit() {
    let team = Team::new();
    let other = team.second.root.display();
    let overtake = format!(
        "#!/bin/sh\nunset $(git rev-parse --local-env-vars)\necho >> {other}/../overtaken\ncd {other} && git pull -q --rebase \
         && git commit -q --allow-empty --no-verify -m overtaken && git push -q\n"
    );
    team.first.write(".git/hooks/pre-push", &overtake);
    let hook = team.first.root.join(".git/hooks/pre-push");
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    team.sandbox.reassign(PRODUCTION, TWO, "support-tier1").unwrap();
    let output = team.command(&team.first, &["--workspace", PRODUCTION, "--push"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text_of(&output));
    assert!(text_of(&output).contains("moved on 5 times"), "{}", text_of(&output));
    assert_eq!(std::fs::read_to_string(team.second.root.join("../overtaken")).unwrap().lines().count(), 5);
    assert_eq!(team.tip(), team.second.git(&["rev-parse", "HEAD"]), "nothing was forced");
    // The commit is kept, and the next run brings it along.
    assert!(team.first.git(&["log", "-1", "--format=%B"]).contains("Phone-Dir-Source: sync"));
    std::fs::remove_file(hook).unwrap();
    assert_eq!(team.sync(&team.first, &["--workspace", PRODUCTION, "--push"]), 0);
    assert_eq!(team.agent_of(PRODUCTION, TWO), "agents/support-tier1");
}

/// What a server says, what a branch is called and what a commit's subject is are texts of others.
#[test]
fn what_a_push_says_holds_nothing_that_acts() {
    let hostile = "\u{202e}\u{1b}[2J ##[error]x ##vso[y]";
    let team = Team::new();
    team.sandbox.reassign(PRODUCTION, ONE, "sales-agent").unwrap();
    team.remote
        .write("hooks/pre-receive", &format!("#!/bin/sh\nprintf '%s\\n' '::error::forged' '{hostile}' >&2\nexit 1\n"));
    let hook = team.remote.root.join("hooks/pre-receive");
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let refused = team.command(&team.first, &["--all", "--push"]).output().unwrap();
    std::fs::remove_file(hook).unwrap();
    // A person's commit in the way is named by its subject.
    team.first.write("README.md", "mine\n");
    team.first.commit(&format!("::error::forged {hostile}"));
    team.sandbox.reassign(PRODUCTION, ONE, "survey").unwrap();
    let in_the_way = team.command(&team.first, &["--all", "--push"]).output().unwrap();
    let branch = "b-\u{202e}\u{2066}\u{e0041}";
    team.first.git(&["checkout", "-q", "-b", branch]);
    let without_upstream = team.command(&team.first, &["--all", "--push"]).output().unwrap();
    for output in [&refused, &in_the_way, &without_upstream] {
        let said = text_of(output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let acts = |line: &str| {
            line.chars().any(is_treacherous)
                || line.contains("##[")
                || line.contains("##vso[")
                || line.trim_start().starts_with("::")
        };
        assert!(!said.lines().any(acts), "{said:?}");
    }
}

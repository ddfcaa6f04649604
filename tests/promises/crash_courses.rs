//! The commands that write, each with the project that gives it something to do.

use phone_dir::sandbox::SandboxOptions;

use crate::fixture::{DIRECTORY, Project};

/// A number of both workspaces, and one that no workspace has imported.
const LINE: &str = "+14155550101";
const SPARE: &str = "+13125550107";

/// What a course has changed when it is done, beside files of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaches {
    /// Nothing: the same command gives the same files, however often it was begun.
    Files,
    /// Retell, which stays changed when the command is killed.
    Provider,
}

/// Who writes files of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writers {
    PhoneDir,
    /// Git writes what others pushed, in place.
    GitToo,
}

pub struct Course {
    pub name: &'static str,
    pub words: &'static [&'static str],
    pub reaches: Reaches,
    prepare: fn(&Project),
    pub writers: Writers,
}

const fn course(name: &'static str, words: &'static [&'static str], prepare: fn(&Project)) -> Course {
    Course { name, words, reaches: Reaches::Files, prepare, writers: Writers::PhoneDir }
}

const fn change(name: &'static str, words: &'static [&'static str], prepare: fn(&Project)) -> Course {
    Course { name, words, reaches: Reaches::Provider, prepare, writers: Writers::PhoneDir }
}

pub static COURSES: [Course; 24] = [
    course("sync", &["sync", "--all"], moved),
    course("sync --no-commit", &["sync", "--all", "--no-commit"], moved),
    Course { writers: Writers::GitToo, ..course("sync --push", &["sync", "--all", "--push"], behind_its_remote) },
    course("sync --allow-dirty", &["sync", "--all", "--allow-dirty"], edited),
    course("edit", &["edit", LINE, "--add-tag", "crash", "--notes", "Mine"], nothing),
    course("edit -w", &["edit", LINE, "-w", "production", "--inbound-agent", "agents/survey"], nothing),
    course("fmt", &["fmt"], not_canonical),
    course("validate --fix", &["validate", "--fix"], wrong_count),
    course("validate --fix --staged", &["validate", "--fix", "--staged"], wrong_count_staged),
    course("setup", &["setup"], nothing),
    course("setup --remove", &["setup", "--remove"], set_up),
    course("hook install", &["hook", "install"], foreign_hook),
    course("hook uninstall", &["hook", "uninstall"], hook_before_hook),
    course("init", &["init"], partly_there),
    course("sync-retell", &["sync-retell", "--all"], moved),
    change(
        "phone import",
        &["phone", "import", SPARE, "main-retell.pstn.twilio.com", "-w", "staging", "--nickname", "Spare"],
        nothing,
    ),
    change("phone update", &["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"], nothing),
    change("bulk-assign", &["bulk-assign", "list.csv", "--yes"], list),
    change("bulk-import", &["bulk-import", "imports.csv", "--yes"], imports),
    change("rollback", &["rollback", LINE, "--to", "good", "--yes"], gone_wrong),
    change("promote", &["promote", LINE, "--from", "staging", "--to", "production", "--yes"], staging_moved),
    change("apply", &["apply", "--yes"], decided),
    Course { writers: Writers::GitToo, ..change("apply --push", &["apply", "--yes", "--push"], merged) },
    change("phone delete", &["phone", "delete", LINE, "-w", "staging", "--yes"], nothing),
];

impl Course {
    /// A copy of the template in which the command has something to do.
    pub fn begin(&self, template: &Project) -> Project {
        let project = template.copy(SandboxOptions::default());
        (self.prepare)(&project);
        project
    }
}

/// A synced project in which a user has work of every kind under way.
pub fn template() -> Project {
    let project = Project::synced();
    project.write("README.md", "one\n");
    project.write("gone.txt", "gone\n");
    project.write("old.txt", "old\n");
    project.git(&["add", "README.md", "gone.txt", "old.txt"]);
    project.git(&["commit", "--quiet", "--message", "Mine"]);
    project.write("README.md", "one\ntwo\n");
    project.git(&["add", "README.md"]);
    project.write("README.md", "one\ntwo\nthree\n");
    project.git(&["rm", "--quiet", "gone.txt"]);
    project.write("notes.txt", "not added\n");
    project
}

fn nothing(_: &Project) {}

fn moved(project: &Project) {
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    project.sandbox.reassign("staging", LINE, "survey").unwrap();
}

/// A branch with a sync of its own that was not pushed, and a remote branch with somebody else's work.
fn behind_its_remote(project: &Project) {
    const REMOTE: &str = ".git/remote.git";
    const THEIRS: &str = ".git/theirs";
    project.git(&["init", "--quiet", "--bare", "--initial-branch=main", REMOTE]);
    project.git(&["remote", "add", "origin", REMOTE]);
    project.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    project.git(&["clone", "--quiet", REMOTE, THEIRS]);
    let theirs = |path: &str| format!("{THEIRS}/{path}");
    project.edit(&theirs(DIRECTORY), "\"notes\": \"\"", "\"notes\": \"Theirs\"");
    project.write(&theirs("docs/theirs.txt"), &"a long file of somebody else\n".repeat(20_000));
    project.edit(&theirs("agents/survey/agent.json"), "}", ", \"voice_id\": \"theirs\"}");
    project.git(&["-C", THEIRS, "rm", "--quiet", "old.txt"]);
    project.git(&["-C", THEIRS, "add", "."]);
    project.git(&["-C", THEIRS, "commit", "--quiet", "--message", "Theirs"]);
    project.git(&["-C", THEIRS, "push", "--quiet"]);
    std::fs::remove_dir_all(project.path(THEIRS)).unwrap();
    project.sandbox.reassign("staging", "+14155550103", "sales-agent").unwrap();
    project.succeed(&["sync", "--all"]);
    moved(project);
}

fn edited(project: &Project) {
    moved(project);
    project.edit(DIRECTORY, "\"notes\": \"\"", "\"notes\": \"Edited\"");
}

fn not_canonical(project: &Project) {
    for path in [DIRECTORY, "phone-numbers/staging/numbers.json", "phone-numbers/production/assignments.json"] {
        project.write(path, &project.read(path).replace("  \"", "\t\""));
    }
}

fn wrong_count(project: &Project) {
    project.edit(DIRECTORY, "\"total_numbers\": 15", "\"total_numbers\": 16");
    project.edit("phone-numbers/staging/numbers.json", "\"total\": ", "\"total\": 1");
}

fn wrong_count_staged(project: &Project) {
    wrong_count(project);
    project.git(&["add", "phone-numbers"]);
}

fn set_up(project: &Project) {
    project.succeed(&["setup"]);
}

fn foreign_hook(project: &Project) {
    project.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
}

fn hook_before_hook(project: &Project) {
    foreign_hook(project);
    project.succeed(&["hook", "install"]);
}

fn partly_there(project: &Project) {
    std::fs::remove_dir_all(project.path("phone-numbers/production")).unwrap();
    std::fs::remove_file(project.path("phone-numbers/.gitignore")).unwrap();
}

fn imports(project: &Project) {
    let rows = ["staging", "production"].map(|name| format!("{SPARE},{name},main-retell.pstn.twilio.com\n")).concat();
    project.write("imports.csv", &format!("phone_number,workspace,termination_uri\n{rows}"));
}

fn gone_wrong(project: &Project) {
    project.git(&["tag", "good"]);
    project.succeed(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/survey"]);
    project.succeed(&["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
}

fn list(project: &Project) {
    project.write("list.csv", &format!("phone_number,workspace,inbound_agent\n{LINE},production,agents/survey\n+14155550103,production,agents/sales-agent\n"));
}

/// Two decisions that Retell does not have.
fn decided(project: &Project) {
    project.succeed(&["edit", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    project.succeed(&["edit", "+14155550104", "-w", "production", "--nickname", "Decided"]);
}

fn merged(project: &Project) {
    decided(project);
    project.git(&["init", "--quiet", "--bare", "--initial-branch=main", ".git/remote.git"]);
    project.git(&["remote", "add", "origin", ".git/remote.git"]);
    project.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
}

fn staging_moved(project: &Project) {
    project.succeed(&["phone", "update", LINE, "-w", "staging", "--inbound-agent", "agents/survey"]);
}

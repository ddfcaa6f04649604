//! What git says of a clone, and what is to be done about it.

use crate::plural::counted;

/// Something to do, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The command to type.
    pub command: String,
    pub why: String,
}

/// What git says of the clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloneState {
    /// The directory's files with edits that are not committed, and the root's with such edits of phone-dir's.
    pub uncommitted: Vec<String>,
    /// The directory's files that git does not track yet, and the root's that phone-dir wrote.
    pub untracked: Vec<String>,
    /// The directory's files that no commit takes, since git ignores them.
    pub ignored: Vec<String>,
    /// What git's ignore files say of them, and what to do about each.
    pub ignoring: Vec<Step>,
    /// Whether the hook judges every commit.
    pub has_hook: bool,
    /// What lets hooks run, and why none does, where git's hooks are switched off.
    pub hooks_off: Option<Step>,
    /// Whether the diff and merge drivers are set up.
    pub has_drivers: bool,
    /// The merge, rebase or the like that is unfinished.
    pub operation: Option<UnfinishedOperation>,
}

impl CloneState {
    /// What ends an operation of git; what is decided and not added stands in its way.
    pub(super) fn end_of_operation(&self) -> Option<Vec<Step>> {
        let operation = self.operation?;
        let why = format!("{} that the end of {} needs", counted(self.uncommitted.len(), "file"), operation.name);
        let add = Step { command: format!("git add{}", to_name(&self.uncommitted)), why };
        let add = (!self.uncommitted.is_empty()).then_some(add);
        Some(add.into_iter().chain(operation.steps(false)).collect())
    }

    /// What is to be set up once in a clone: one command does all of it, where nothing keeps the hook away.
    pub(super) fn setup(&self) -> Vec<Step> {
        let step = |command: &str, why: &str| Step { command: command.to_owned(), why: why.to_owned() };
        let drivers = "git cannot diff or merge the directory in words yet";
        let hook = "no hook checks commits here";
        match (self.has_hook, self.has_drivers, &self.hooks_off) {
            (true, true, _) => Vec::new(),
            (true, false, _) => vec![step("phone-dir setup", drivers)],
            (false, true, None) => vec![step("phone-dir hook install", hook)],
            (false, true, Some(off)) => vec![off.clone()],
            (false, false, None) => vec![step("phone-dir setup", &format!("{hook}, and {drivers}"))],
            (false, false, Some(off)) => vec![off.clone(), step("phone-dir setup", drivers)],
        }
    }
}

/// A merge, a rebase or the like that waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfinishedOperation {
    /// What it is: `a merge`.
    pub name: &'static str,
    /// What ends it, in words: "`git merge --continue` or `--abort`".
    pub ends_with: &'static str,
}

impl UnfinishedOperation {
    /// The commands that go on: the conflicts first, where files have some.
    pub fn steps(self, has_conflicts: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        if has_conflicts {
            let why = "decides the conflicts, for one number or for all".to_owned();
            steps.push(Step { command: "phone-dir resolve NUMBER --ours|--theirs".to_owned(), why });
        }
        let command = self.ends_with.split('`').nth(1).unwrap_or_default().to_owned();
        steps.push(Step { command, why: format!("ends {}, once everything is decided and added", self.name) });
        steps
    }
}

/// What a command of git is given for these files: the directory's folder for all in it, and those at the root by name.
pub(super) fn to_name(files: &[String]) -> String {
    let (at_root, below): (Vec<&String>, Vec<&String>) = files.iter().partition(|path| !path.contains('/'));
    let folder = if below.is_empty() { "" } else { " phone-numbers/" };
    std::iter::once(folder.to_owned()).chain(at_root.iter().map(|path| format!(" {path}"))).collect()
}

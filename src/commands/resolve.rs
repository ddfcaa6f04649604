//! `phone-dir resolve`

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;

use super::desk::commits::as_far_as_readable;
use super::desk::{Desk, names};
use super::{Exit, Session, completing};
use crate::decision::merged::settle_records;
use crate::error::{Error, Result};
use crate::merge::propagation::{self, Decided, Texts};
use crate::merge::resolution::{self, Resolved, Selection};
use crate::merge::{Side, copies, stored};
use crate::model::paths::FileKind;
use crate::model::{AgentFolders, Directory, PhoneNumber, derive};
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{CommitId, GitRepository, Stages};
use crate::store::path::ProjectPath;
use crate::store::transaction::{FileChange, Purpose, Transaction};

/// Decide the conflicts of a merge for one number, or for all
///
/// Every file that has the number in conflict gets the chosen side's values; other conflicts stay as they are. Where one
/// side took the number out and the other edited it, all of its files follow the decision, also those that git merged
/// cleanly. As in git, `ours` is the branch that is merged into; in a rebase that is the branch below, and `theirs` the
/// commit that is put on top. When the last conflict is gone, derived values and what the files repeat of each other,
/// such as the agent in directory.json, are brought in line.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("side").required(true))]
pub struct Arguments {
    /// The number
    #[arg(value_name = "NUMBER", required_unless_present = "all", conflicts_with = "all", add = completing::numbers())]
    number: Option<String>,
    /// Every number, and everything else in the directory's files
    #[arg(long)]
    all: bool,
    /// Take our side
    #[arg(long, group = "side")]
    ours: bool,
    /// Take their side
    #[arg(long, group = "side")]
    theirs: bool,
}

impl Arguments {
    /// What is decided. The files are in conflict, so a number as people write it is looked for in what HEAD has.
    fn selection(&self, repository: &GitRepository) -> Result<Selection> {
        let Some(written) = &self.number else { return Ok(Selection::All) };
        if let Ok(number) = PhoneNumber::parse(written) {
            return Ok(Selection::Number(number));
        }
        let head = repository.commits().head()?.commit();
        let known = head.map_or_else(|| Ok(Directory::empty()), |commit| directory_of(repository, &commit))?;
        names::entry(&known, written).map(|entry| Selection::Number(entry.phone_number))
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_change(session)?;
    let mut transaction = desk.begin(Purpose::Change)?;
    let repository = desk.repository()?;
    let side = if arguments.ours { Side::Ours } else { Side::Theirs };
    let decision =
        ConflictDecision { selection: arguments.selection(&repository)?, side, snapshot: transaction.read()? };
    let outcome = decision.apply(&repository)?;
    if outcome.files.iter().all(|(_, resolved)| !resolved.changed) {
        return Err(nothing_in_conflict(arguments.number.as_deref()));
    }
    let texts = outcome.texts();
    let propagation = decision.propagation(&repository, &outcome, &texts)?;
    let brought: Vec<String> = propagation.iter().flat_map(Texts::keys).cloned().collect();
    let all: Texts = texts.into_iter().chain(propagation.clone().unwrap_or_default()).collect();
    transaction.write(&FileChange::writes(all)?)?;
    let recomputed = if outcome.is_done() { recompute(&repository, &mut transaction)? } else { Vec::new() };
    session.print(&session.fitted(&outcome.report(&brought, &recomputed)))?;
    if propagation.is_none() {
        session.complain(
            "warning: no merge is in progress, so only the files in conflict follow this decision\n  hint: run \
             `phone-dir validate`; it names the files that disagree",
        );
    }
    Ok(Exit::Done)
}

fn nothing_in_conflict(number: Option<&str>) -> Error {
    let what = number.map_or_else(|| "no file of the directory".to_owned(), |number| format!("`{number}` is not"));
    let words = if number.is_some() { format!("{what} in conflict") } else { format!("{what} is in conflict") };
    Error::failed(words).hint("`git status` lists what is; files that are resolved need `git add`")
}

struct ConflictDecision {
    selection: Selection,
    side: Side,
    snapshot: Snapshot,
}

impl ConflictDecision {
    fn folders(&self) -> AgentFolders {
        AgentFolders::in_files(&self.snapshot)
    }

    fn apply(&self, repository: &GitRepository) -> Result<ResolveOutcome> {
        let folders = self.folders();
        let mut outcome = ResolveOutcome::default();
        for (path, stages) in repository.index().unmerged()? {
            let Some(kind) = FileKind::of(path.as_str()).filter(stored::is_keyed) else { continue };
            if !has_markers(stages) {
                outcome.whole.push(path);
                continue;
            }
            let bytes = self.snapshot.bytes(path.as_str()).unwrap_or_default();
            let text = String::from_utf8_lossy(bytes);
            let resolved = resolution::resolve(&kind, &text, self.selection, self.side, &folders);
            let resolved = resolved.map_err(|error| unreadable(&path, &error))?;
            outcome.decided.add(&kind, &resolved.in_or_out);
            outcome.files.insert(path, resolved);
        }
        Ok(outcome)
    }

    /// The files that have to follow the decision beside those in conflict; none where the chosen side is not known.
    fn propagation(
        &self,
        repository: &GitRepository,
        outcome: &ResolveOutcome,
        decided: &Texts,
    ) -> Result<Option<Texts>> {
        if outcome.decided.is_empty() {
            return Ok(Some(Texts::new()));
        }
        let commit = match self.side {
            Side::Ours => repository.commits().head()?.commit(),
            Side::Theirs => repository.commits().incoming()?,
        };
        let Some(commit) = commit else { return Ok(None) };
        let chosen = directory_of(repository, &commit)?;
        let mut texts = Texts::new();
        for (path, content) in &self.snapshot.files {
            let is_keyed = FileKind::of(path).is_some_and(|kind| stored::is_keyed(&kind));
            if let (true, Content::Bytes(bytes)) = (is_keyed, content) {
                texts.insert(path.clone(), String::from_utf8_lossy(bytes).into_owned());
            }
        }
        texts.extend(decided.clone());
        propagation::changed(&texts, &outcome.decided, &chosen, &self.folders()).map(Some)
    }
}

/// A file that one side deleted has no markers; git keeps the other side's version whole.
fn has_markers(stages: Stages) -> bool {
    stages.ours && stages.theirs
}

fn unreadable(path: &ProjectPath, error: &Error) -> Error {
    Error::failed(format!("`{path}` cannot be resolved by number: {error}"))
        .hint(format!("edit it by hand, or start over with `git checkout --merge -- {path}`"))
}

/// Brings what files repeat of each other and what follows from the rest in line, once every file can be read again.
fn recompute(repository: &GitRepository, transaction: &mut Transaction) -> Result<Vec<String>> {
    let Ok(before) = Directory::load(&transaction.read()?) else { return Ok(Vec::new()) };
    let mut after = before.clone();
    copies::agree(&mut after);
    if let (Some(ours), Some(theirs)) = (repository.commits().head()?.commit(), repository.commits().incoming()?) {
        let [ours, theirs] = [directory_of(repository, &ours)?, directory_of(repository, &theirs)?];
        settle_records(&mut after, [&ours, &theirs]);
    }
    derive::recompute(&mut after);
    let changes = FileChange::writes(after.files_changed_since(&before))?;
    transaction.write(&changes)?;
    Ok(changes.iter().map(|change| change.path.to_string()).collect())
}

fn directory_of(repository: &GitRepository, commit: &CommitId) -> Result<Directory> {
    Ok(as_far_as_readable(repository, commit)?.unwrap_or_else(Directory::empty))
}

#[derive(Default)]
struct ResolveOutcome {
    files: BTreeMap<ProjectPath, Resolved>,
    /// Files that one side deleted as a whole.
    whole: Vec<ProjectPath>,
    /// The numbers that were put back or taken out.
    decided: Decided,
}

impl ResolveOutcome {
    fn is_done(&self) -> bool {
        self.files.values().all(Resolved::is_done)
    }

    fn texts(&self) -> Texts {
        self.files.iter().map(|(path, file)| (path.as_str().to_owned(), file.text.clone())).collect()
    }

    fn report(&self, brought: &[String], recomputed: &[String]) -> String {
        let mut text = String::new();
        for (path, file) in &self.files {
            let state = match (file.is_done(), file.remaining.len()) {
                (true, _) => "resolved".to_owned(),
                (false, 0) => "a field of the file itself is in conflict; edit it, or use `--all`".to_owned(),
                (false, _) => {
                    let numbers: Vec<_> = file.remaining.iter().map(ToString::to_string).collect();
                    format!("still in conflict: {}", numbers.join(", "))
                }
            };
            text.push_str(&format!("{path}: {state}\n"));
        }
        for path in brought.iter().filter(|path| self.files.keys().all(|known| known.as_str() != *path)) {
            text.push_str(&format!("{path}: brought in line, though it was not in conflict\n"));
        }
        for path in &self.whole {
            text.push_str(&format!("{path}: one side deleted the file; choose with `git add` or `git rm`\n"));
        }
        if self.is_done() {
            let touched = self.files.keys().map(ProjectPath::as_str).chain(brought.iter().map(String::as_str));
            let paths: BTreeSet<&str> = touched.chain(recomputed.iter().map(String::as_str)).collect();
            let paths: Vec<_> = paths.into_iter().collect();
            text.push_str(&format!("Next: `phone-dir validate`, then `git add {}`\n", paths.join(" ")));
        }
        text
    }
}

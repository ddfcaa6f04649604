//! `phone-dir edit NUMBER…`

mod deciding;
mod editor;

use std::collections::BTreeSet;

use clap::Args;

use deciding::{DecisionOptions, EditedText};

use super::desk::findings;
use super::desk::publishing::{CommitMode, WritingOptions};
use super::desk::{WritingDesk, names};
use super::{Exit, Session, completing};
use crate::decision::decide::decide;
use crate::diff::{self, Changes};
use crate::error::{Error, Result};
use crate::model::annotation::{Annotation, Tag};
use crate::model::{Directory, PhoneNumber};
use crate::render::changes::commit_message::{self, Occasion};
use crate::render::outcome;
use crate::store::git::Committed;
use crate::store::transaction::{FileChange, Purpose};
use crate::validate::Diagnostic;

/// Decide in git: what Retell can be told of numbers, and the tags and notes that people write on them
///
/// No provider is asked, and no key is needed: the decision stands in every file that has to agree, with a record of what
/// Retell has, ready for a pull request; `apply` brings it to Retell, and syncs keep it until then. Without any option, on
/// a terminal, the settings of one number are opened in `$VISUAL` or `$EDITOR`. No sync changes tags and notes.
/// What is there already is no change; nothing changed is no commit.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", required_unless_present = "list", add = completing::numbers())]
    numbers: Vec<String>,
    #[command(flatten)]
    decisions: DecisionOptions,
    /// Add this tag
    #[arg(long, value_name = "TAG", add = completing::tags())]
    add_tag: Vec<Tag>,
    /// Remove this tag
    #[arg(long, value_name = "TAG", add = completing::tags())]
    remove_tag: Vec<Tag>,
    /// Replace the notes; an empty text removes them
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    notes: Option<String>,
    #[command(flatten)]
    writing: WritingOptions,
}

impl Arguments {
    fn annotation(&self) -> Result<Annotation> {
        if let Some(tag) = self.add_tag.iter().find(|tag| self.remove_tag.contains(tag)) {
            return Err(Error::failed(format!("the tag `{tag}` is to be added and removed"))
                .hint("give it to one of `--add-tag` and `--remove-tag`"));
        }
        let annotation =
            Annotation { add: self.add_tag.clone(), remove: self.remove_tag.clone(), notes: self.notes.clone() };
        Ok(annotation)
    }

    /// What there is to do without any option: one number in an editor, where a person is there to see it.
    ///
    /// The lock is not held meanwhile: that may take the person long, and a sync is due every hour.
    fn in_editor(&self, session: &Session) -> Result<EditedText> {
        if !editor::is_possible(session) {
            return Err(Error::failed("nothing to edit was given, and no terminal is here to edit on")
                .hint("give `--inbound-agent` or another option; `phone-dir edit --help` lists them"));
        }
        let ([number], Some(_)) = (self.numbers.as_slice(), self.decisions.workspace()) else {
            return Err(Error::failed("an editor shows the settings of one number in one workspace").hint(
                "name one number and give `--workspace NAME`, or give options; `phone-dir edit --help` lists them",
            ));
        };
        let WritingDesk { desk, before, transaction, .. } = WritingDesk::open(session, self.purpose())?;
        if !self.writing.dry_run {
            desk.prepare(&self.writing.commit)?;
        }
        drop(transaction);
        self.decisions.in_editor(&before, number, session)
    }

    fn purpose(&self) -> Purpose {
        Purpose::of(self.writing.dry_run)
    }
}

#[derive(Default)]
struct Done {
    changes: Changes,
    commit: Option<Committed>,
    /// What the validator finds in the new files and did not find before.
    findings: Vec<Diagnostic>,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let annotation = arguments.annotation()?;
    let in_editor = annotation.is_empty() && !arguments.decisions.is_given();
    let text = in_editor.then(|| arguments.in_editor(session)).transpose()?;
    let locked = WritingDesk::open(session, arguments.purpose())?;
    let settings = locked.settings();
    let WritingDesk { desk, mut transaction, snapshot, before } = locked;
    let numbers = numbers(&before, &arguments.numbers)?;
    let mode = if arguments.writing.dry_run { None } else { Some(desk.prepare(&arguments.writing.commit)?) };
    let guard = desk.guard(&settings);
    let edits = arguments.decisions.edits(&before, &numbers, (session, &guard), text.as_ref())?;
    let decided = decide(&before, &before, &edits);
    let after = if annotation.is_empty() { decided } else { edited(&decided, &numbers, &annotation, session) };
    let mut done = Done { changes: diff::revisions::between(&before, &after), ..Done::default() };
    guard.check(&done.changes)?;
    if let Some(mode) = mode.filter(|_| !done.changes.is_empty()) {
        let files = FileChange::writes(after.files_changed_since(&before))?;
        done.findings = findings::new_since(session, &snapshot, &settings, &files)?;
        done.commit = mode.write(session, &mut transaction, &files, &message(&done.changes, &mode))?;
    }
    print(&done, arguments, session)
}

fn edited(before: &Directory, numbers: &[PhoneNumber], annotation: &Annotation, session: &Session) -> Directory {
    let mut after = before.clone();
    for number in numbers {
        after.master.numbers.entry(*number).and_modify(|entry| annotation.apply(entry));
    }
    after.master.last_updated = Some(session.now);
    after
}

fn numbers(directory: &Directory, written: &[String]) -> Result<Vec<PhoneNumber>> {
    written.iter().map(|text| Ok(names::entry(directory, text)?.phone_number)).collect()
}

fn message(changes: &Changes, mode: &CommitMode) -> String {
    let along = mode.along();
    let occasion = Occasion {
        allowed: &[],
        action: "edit",
        workspaces: changes
            .list
            .iter()
            .filter_map(|change| change.workspace.as_ref())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        source: "edit".to_owned(),
        status: "success",
        along: &along,
        unrecorded: &[],
        plan: None,
    };
    commit_message::write(&occasion, changes)
}

fn print(done: &Done, arguments: &Arguments, session: &Session) -> Result<Exit> {
    let (changes, commit, findings) = (&done.changes, done.commit.as_ref(), &done.findings);
    let verb = if arguments.writing.dry_run { "Would change" } else { "Changed" };
    session.answer(
        arguments.writing.output,
        || outcome::edit_json(changes, commit, findings),
        || outcome::edit_text(verb, changes, commit, findings),
    )?;
    Ok(Exit::Done)
}

//! `phone-dir edit NUMBER…`

use clap::Args;
use serde::Serialize;

use super::completing;
use super::publish::{self, CommitOptions, Mode};
use super::{Exit, PrintsJson, Session, number_argument};
use crate::cli::OutputFormat;
use crate::diff::{self, Changes};
use crate::error::{Error, Result};
use crate::model::annotation::{Annotation, Tag};
use crate::model::{Directory, PhoneNumber, canonical};
use crate::render::changes::commit_message::{self, Occasion};
use crate::render::changes::{json, text, words};
use crate::render::failure::FORMAT_VERSION;
use crate::render::inert;
use crate::store::git::Committed;
use crate::store::project::Project;
use crate::store::transaction::Transaction;

/// Edit what people write on numbers, their tags and notes, and commit it
///
/// No sync ever changes them. What is there already is no change; nothing changed is no commit.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", required = true, add = completing::numbers())]
    numbers: Vec<String>,
    /// Add this tag
    #[arg(long, value_name = "TAG", add = completing::tags())]
    add_tag: Vec<Tag>,
    /// Remove this tag
    #[arg(long, value_name = "TAG", add = completing::tags())]
    remove_tag: Vec<Tag>,
    /// Replace the notes; an empty text removes them
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    notes: Option<String>,
    /// Print what would change, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    commit: CommitOptions,
    #[command(flatten)]
    output: OutputFormat,
}

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.output.is_json()
    }
}

impl Arguments {
    fn annotation(&self) -> Result<Annotation> {
        if let Some(tag) = self.add_tag.iter().find(|tag| self.remove_tag.contains(tag)) {
            return Err(Error::failed(format!("the tag `{tag}` is to be added and removed"))
                .hint("give it to one of `--add-tag` and `--remove-tag`"));
        }
        let annotation =
            Annotation { add: self.add_tag.clone(), remove: self.remove_tag.clone(), notes: self.notes.clone() };
        if annotation.is_empty() {
            return Err(Error::failed("nothing to edit").hint("give `--add-tag`, `--remove-tag` or `--notes`"));
        }
        Ok(annotation)
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let annotation = arguments.annotation()?;
    let project = Project::find(&session.start)?;
    let mut transaction = Transaction::begin(&project)?;
    session.note_recovery(&transaction);
    let before = Directory::load(&transaction.read()?)?;
    let numbers = numbers(&before, &arguments.numbers)?;
    let mode = if arguments.dry_run { None } else { Some(publish::prepare(&project, &arguments.commit)?) };
    let mut after = before.clone();
    for number in &numbers {
        after.master.numbers.entry(*number).and_modify(|entry| annotation.apply(entry));
    }
    let changes = diff::revisions::between(&before, &after);
    let mut commit = None;
    if let Some(mode) = mode.filter(|_| !changes.is_empty()) {
        after.master.last_updated = Some(session.now);
        commit = publish(&before, &after, &changes, &mode, session, &mut transaction)?;
    }
    print(&changes, commit.as_ref(), arguments, session)
}

fn numbers(directory: &Directory, written: &[String]) -> Result<Vec<PhoneNumber>> {
    written.iter().map(|text| Ok(number_argument::entry(directory, text)?.phone_number)).collect()
}

fn publish(
    before: &Directory,
    after: &Directory,
    changes: &Changes,
    mode: &Mode,
    session: &Session,
    transaction: &mut Transaction,
) -> Result<Option<Committed>> {
    let along = mode.along();
    let occasion = Occasion {
        action: "edit",
        workspaces: Vec::new(),
        source: "edit".to_owned(),
        status: "success",
        along: &along,
    };
    let message = commit_message::write(&occasion, changes);
    mode.write(session, transaction, &after.files_changed_since(before), &message)
}

#[derive(Serialize)]
struct EditJson<'a> {
    format_version: u32,
    status: &'static str,
    commit: Option<String>,
    changes: Vec<json::ChangeJson<'a>>,
}

fn print(changes: &Changes, commit: Option<&Committed>, arguments: &Arguments, session: &Session) -> Result<Exit> {
    if arguments.prints_json() {
        let edit = EditJson {
            format_version: FORMAT_VERSION,
            status: if changes.is_empty() { "unchanged" } else { "success" },
            commit: commit.map(|commit| commit.id.to_string()),
            changes: json::list(changes),
        };
        session.print(&inert::json(canonical::to_text(&edit)))?;
        return Ok(Exit::Done);
    }
    let mut shown = if changes.is_empty() {
        "Nothing changed.\n".to_owned()
    } else {
        let verb = if arguments.dry_run { "Would change" } else { "Changed" };
        format!("{verb}: {}\n{}", words::counts(changes), text::lines(changes))
    };
    if let Some(commit) = commit {
        shown.push_str(&format!("Committed {}.\n", commit.id.short()));
    }
    session.print(&shown)?;
    Ok(Exit::Done)
}

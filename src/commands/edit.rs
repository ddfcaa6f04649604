//! `phone-dir edit NUMBER…`

use clap::Args;
use serde::Serialize;

use super::completing;
use super::publish::{self, CommitOptions, Mode};
use super::{Exit, PrintsJson, Session, new_findings, number_argument};
use crate::change::secrets::Guard;
use crate::cli::OutputFormat;
use crate::diff::{self, Changes};
use crate::error::{Error, Result};
use crate::model::annotation::{Annotation, Tag};
use crate::model::{Directory, PhoneNumber, canonical, paths};
use crate::render::changes::commit_message::{self, Occasion};
use crate::render::changes::{json, text, words};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;
use crate::render::validate::json::DiagnosticOutput;
use crate::store::git::Committed;
use crate::store::project::Project;
use crate::store::transaction::Purpose;
use crate::validate::{Diagnostic, Settings};

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

/// What an edit did.
#[derive(Default)]
struct Done {
    changes: Changes,
    commit: Option<Committed>,
    /// What the validator finds in the new files and did not find before.
    findings: Vec<Diagnostic>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let annotation = arguments.annotation()?;
    let project = Project::find(&session.start)?;
    let mut transaction = session.begin(Purpose::of(arguments.dry_run), &project)?;
    let snapshot = transaction.read()?;
    let settings = Settings::of(snapshot.bytes(paths::SETTINGS));
    let before = publish::load(&project, &snapshot)?;
    session.note_unread(&before);
    let numbers = numbers(&before, &arguments.numbers)?;
    let mode = if arguments.dry_run { None } else { Some(publish::prepare(&project, &arguments.commit)?) };
    let after = edited(&before, &numbers, &annotation, session);
    let mut done = Done { changes: diff::revisions::between(&before, &after), ..Done::default() };
    Guard { settings: &settings, now: session.now, keys: session.keys() }.check(&done.changes)?;
    if let Some(mode) = mode.filter(|_| !done.changes.is_empty()) {
        let files = after.files_changed_since(&before);
        done.findings = new_findings::find(session, &snapshot, &settings, &files)?;
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
    written.iter().map(|text| Ok(number_argument::entry(directory, text)?.phone_number)).collect()
}

fn message(changes: &Changes, mode: &Mode) -> String {
    let along = mode.along();
    let occasion = Occasion {
        allowed: &[],
        action: "edit",
        workspaces: Vec::new(),
        source: "edit".to_owned(),
        status: "success",
        along: &along,
        unrecorded: &[],
    };
    commit_message::write(&occasion, changes)
}

#[derive(Serialize)]
struct EditJson<'a> {
    format_version: u32,
    status: &'static str,
    commit: Option<String>,
    changes: Vec<json::ChangeJson<'a>>,
    findings: Vec<DiagnosticOutput<'a>>,
}

fn print(done: &Done, arguments: &Arguments, session: &Session) -> Result<Exit> {
    session.print(&if arguments.prints_json() { as_json(done) } else { as_text(done, arguments) })?;
    Ok(Exit::Done)
}

fn as_json(done: &Done) -> String {
    let edit = EditJson {
        format_version: FORMAT_VERSION,
        status: if done.changes.is_empty() { "unchanged" } else { "success" },
        commit: done.commit.as_ref().map(|commit| commit.id.to_string()),
        changes: json::list(&done.changes),
        findings: done.findings.iter().map(DiagnosticOutput::of).collect(),
    };
    escape::json(canonical::to_text(&edit))
}

fn as_text(done: &Done, arguments: &Arguments) -> String {
    if done.changes.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let verb = if arguments.dry_run { "Would change" } else { "Changed" };
    let mut text = format!("{verb}: {}\n{}", words::counts(&done.changes), text::lines(&done.changes));
    if let Some(commit) = &done.commit {
        text.push_str(&format!("Committed {}.\n", commit.id.short()));
    }
    text.push_str(&new_findings::lines(&done.findings));
    text
}

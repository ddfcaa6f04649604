//! `phone-dir validate`

mod output;
mod range;
mod source;

use clap::Args;

use self::output::{FileOutput, ReportFormat};
use self::source::Look;
use super::desk::{Desk, judged};
use super::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::Day;
use crate::snapshot::Snapshot;
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::transaction::{FileChange, Purpose, Transaction};
use crate::validate::fix::{self, Repair};
use crate::validate::{Strictness, ValidationReport};

/// Check everything: each file, the files against each other, and the agents' folders
///
/// Exits with 1 if there is an error (`--strict`: any finding), and with 3 if there is nothing to check. With `--staged`,
/// `--rev` and `--range`, projects inside of this one that are touched are checked too; `phone-dir.toml` may ignore some:
/// `[projects] ignore = ["tests/**"]`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    look: Look,
    /// Exit with 1 on warnings too
    #[arg(long)]
    strict: bool,
    /// Repair what has one right answer, and show the diff: derived values, pretty forms, canonical form, edits by hand
    ///
    /// An edit of what Retell can be told is written into all of its files, with a record of what Retell has; the field
    /// that differs from HEAD says what is meant.
    /// With `--staged`, what is staged is repaired too, from what is staged: unstaged edits stay unstaged.
    #[arg(long, conflicts_with_all = ["rev", "range"])]
    fix: bool,
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print; without it, for people
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<ReportFormat>,
    /// Write the report to a file as well, such as `sarif=report.sarif`; `-` is standard output; may be given several
    /// times
    #[arg(long, value_name = "FORMAT=FILE")]
    output: Vec<FileOutput>,
}

impl Arguments {
    pub fn is_json(&self) -> bool {
        self.format() == ReportFormat::Json
    }
}

impl Arguments {
    fn format(&self) -> ReportFormat {
        let printed = || self.printed().next();
        let given = if self.json { Some(ReportFormat::Json) } else { self.format };
        given.or_else(printed).unwrap_or(ReportFormat::Human)
    }

    /// The formats that `--output` sends to standard output.
    fn printed(&self) -> impl Iterator<Item = ReportFormat> {
        self.output.iter().filter(|output| output.is_printed()).map(FileOutput::format)
    }

    fn check_output(&self) -> Result<()> {
        let asked = self.printed().count() + usize::from(self.json || self.format.is_some());
        if asked < 2 || self.printed().next().is_none() {
            return Ok(());
        }
        Err(Error::failed("standard output can hold one report only")
            .hint("give one of `--format`, `--json` and `--output FORMAT=-`, and files to the others"))
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    arguments.check_output()?;
    let desk = if arguments.fix { Desk::to_change(session)? } else { Desk::to_ask(session)? };
    tell_project(&desk.project, session);
    if arguments.fix {
        let mut transaction = desk.begin(Purpose::Change)?;
        let is_staged = arguments.look.is_staged();
        let today = Day::of(session.now);
        let mut repairs = if is_staged { repair_index(&desk, &mut transaction, today)? } else { Vec::new() };
        let mut on_disk = repair(&desk, &mut transaction, today)?;
        // Mostly the same; the working tree's are shown where it has edits of its own.
        on_disk.retain(|repair| !repairs.contains(repair));
        repairs.append(&mut on_disk);
        drop(transaction);
        show(&repairs, arguments.format(), session)?;
    }
    let report = arguments.look.report(&desk)?;
    for output in arguments.output.iter().filter(|output| !output.is_printed()) {
        output.write(&report, &desk)?;
    }
    let text = arguments.format().text(&report, session.verbosity)?;
    let is_for_people = matches!(arguments.format(), ReportFormat::Human);
    session.print(&if is_for_people { session.fitted(&text) } else { text })?;
    Ok(verdict(&report, arguments.strict))
}

/// Says which project is judged where the command was started further in.
fn tell_project(project: &Project, session: &Session) {
    let is_here = session.start.canonicalize().is_ok_and(|start| start == project.root());
    if !is_here {
        let root = project.root().display().to_string();
        session.note(&format!("checking the project in `{}`", crate::render::escape::terminal(&root)));
    }
}

fn verdict(report: &ValidationReport, strict: bool) -> Exit {
    let strictness = if strict { Strictness::Everything } else { Strictness::Errors };
    if report.refuses(strictness) { Exit::Found } else { Exit::Done }
}

/// Repairs the working tree's files, all of them or none.
fn repair(desk: &Desk<'_>, transaction: &mut Transaction, today: Day) -> Result<Vec<Repair>> {
    let snapshot: Snapshot = transaction.read()?;
    let git = desk.git()?;
    let head = git.as_deref().map(judged::head).transpose()?.flatten();
    let repairs = fix::repairs(&snapshot, head.as_ref(), today)?;
    let changes: Result<Vec<_>> =
        repairs.iter().map(|repair| FileChange::write(&repair.path, repair.after.clone())).collect();
    transaction.write(&changes?)?;
    Ok(repairs)
}

/// Repairs the staged files, all of them or none.
fn repair_index(desk: &Desk<'_>, transaction: &mut Transaction, today: Day) -> Result<Vec<Repair>> {
    let repository = desk.repository()?;
    let head = judged::head(&repository)?;
    let repairs = fix::repairs(&repository.index().read_index()?, head.as_ref(), today)?;
    let files: Result<Vec<_>> =
        repairs.iter().map(|repair| Ok((ProjectPath::parse(&repair.path)?, repair.after.as_bytes()))).collect();
    transaction.restage(&repository, &files?)?;
    Ok(repairs)
}

/// Shows what was repaired: beside the report where that is for programs.
fn show(repairs: &[Repair], format: ReportFormat, session: &Session) -> Result<()> {
    let diff: String = repairs.iter().map(Repair::diff).collect();
    let diff = crate::render::escape::lines(&diff);
    match format {
        _ if repairs.is_empty() => session.note("nothing to fix"),
        ReportFormat::Human => session.print(&format!("{diff}\n"))?,
        _ => session.note(&diff),
    }
    Ok(())
}

//! The check list of the specification, with places; in detail, with the lines themselves.

mod excerpt;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::render::escape;
use crate::validate::bounded::MOST_OF_RULE;
use crate::validate::diagnostic::Location;
use crate::validate::report::{Check, CheckOutcome};
use crate::validate::rule::Shown;
use crate::validate::{Diagnostic, Severity, ValidationReport};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The specification's checks, what failed, and a place for each finding.
    Brief,
    /// Every check, and the source lines of each finding.
    Full,
    /// What failed only, with source lines: for the hook, which says nothing when all is well.
    Failures,
}

/// How many findings of one check are listed in brief, a line each.
const LISTED: usize = 100;
/// How many findings of one check a hook shows with their lines: what was wrong before, too, fills no screen.
const SHOWN: usize = 10;
/// How many characters of a commit's id are shown.
const SHORT_ID: usize = 10;

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// Writes the check list and, at its end, how many checks failed.
pub fn write(report: &ValidationReport, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Validating phone number directory...\n")?;
    let mut ends_blank = true;
    for check in report.checks.iter().filter(|check| is_shown(check, detail)) {
        ends_blank = write_check(report, check, detail, out)?;
    }
    if !ends_blank {
        writeln!(out)?;
    }
    if report.waived > 0 {
        writeln!(out, "Waived: {}", report.waived)?;
    }
    writeln!(out, "Errors: {}", report.failed_checks(Severity::Error))?;
    writeln!(out, "Warnings: {}", report.failed_checks(Severity::Warning))
}

fn is_shown(check: &Check, detail: Detail) -> bool {
    match detail {
        Detail::Full => true,
        Detail::Brief => check.status == CheckOutcome::Failed || check.rule.shown == Shown::Always,
        Detail::Failures => check.status == CheckOutcome::Failed,
    }
}

/// Writes a check and its findings; says whether a blank line is at the end.
fn write_check(report: &ValidationReport, check: &Check, detail: Detail, out: &mut dyn Write) -> io::Result<bool> {
    match &check.status {
        CheckOutcome::Passed => writeln!(out, "{GREEN}✓{GREEN:#} {}", check.summary)?,
        CheckOutcome::Skipped(reason) => writeln!(out, "{DIM}- {} (skipped: {reason}){DIM:#}", check.rule.passed)?,
        CheckOutcome::Failed => {
            let (style, mark) = mark(check.severity);
            writeln!(out, "{style}{mark}{style:#} {}", escape::terminal(&check.summary))?;
            write_findings(report, check, detail, out)?;
            writeln!(out)?;
        }
    }
    Ok(check.status == CheckOutcome::Failed)
}

fn mark(severity: Severity) -> (Style, char) {
    match severity {
        Severity::Error => (RED, '✗'),
        Severity::Warning => (YELLOW, '⚠'),
    }
}

fn write_findings(report: &ValidationReport, check: &Check, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    let (limit, all) = match detail {
        Detail::Brief => (LISTED, "; `-v` lists them all"),
        Detail::Full => (MOST_OF_RULE, "; mend some of these, and run it again"),
        Detail::Failures => (SHOWN, "; `phone-dir validate --staged -v` lists them all"),
    };
    for diagnostic in report.of_rule(check.rule).take(limit) {
        let words = escape::terminal(diagnostic.item.as_deref().unwrap_or(&diagnostic.message));
        writeln!(out, "  - {words}  {DIM}{}{}{DIM:#}", place(&diagnostic.location), commit(diagnostic))?;
        if detail != Detail::Brief {
            write_details(diagnostic, out)?;
        }
    }
    match report.count_of(check.rule).saturating_sub(limit) {
        0 => Ok(()),
        more => writeln!(out, "  {DIM}… and {more} more{all}{DIM:#}"),
    }
}

fn write_details(diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    if let Some(excerpt) = &diagnostic.excerpt {
        let lines = excerpt::render(excerpt, diagnostic);
        out.write_all(lines.as_bytes())?;
    }
    for related in &diagnostic.related {
        let message = escape::terminal(&related.message);
        writeln!(out, "    {DIM}see {}: {message}{DIM:#}", place(&related.location))?;
    }
    if let Some(help) = &diagnostic.help {
        writeln!(out, "    {BOLD}help:{BOLD:#} {}", escape::terminal(help))?;
    }
    writeln!(out, "    {DIM}{}: `phone-dir explain {}`{DIM:#}", diagnostic.severity, diagnostic.rule.code)
}

/// A place as editors and terminals recognize it.
pub fn place(location: &Location) -> String {
    format!("{}:{}:{}", escape::terminal(&location.file), location.start.line, location.start.column)
}

fn commit(diagnostic: &Diagnostic) -> String {
    let id = diagnostic.commit.as_deref().unwrap_or_default();
    if id.is_empty() { String::new() } else { format!(" in {}", id.get(..SHORT_ID).unwrap_or(id)) }
}

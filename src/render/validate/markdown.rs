//! A summary in Markdown, for a job's page or a comment.

use std::io::{self, Write};

use super::human;
use crate::plural::counted;
use crate::render::escape;
use crate::validate::report::{Check, CheckOutcome};
use crate::validate::{Diagnostic, Severity, ValidationReport};

/// How many findings of one check are listed: a job's summary ends at one mebibyte, and no reader gets so far.
const LISTED: usize = 50;

/// Writes the verdict, and the findings of every failed check.
pub fn write(report: &ValidationReport, out: &mut dyn Write) -> io::Result<()> {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    writeln!(out, "## Phone number directory\n")?;
    writeln!(out, "{}\n", verdict(errors, warnings))?;
    for check in report.checks.iter().filter(|check| check.status == CheckOutcome::Failed) {
        write_check(report, check, out)?;
    }
    let skipped = report.checks.iter().filter(|check| matches!(check.status, CheckOutcome::Skipped(_))).count();
    let passed = report.checks.iter().filter(|check| check.status == CheckOutcome::Passed).count();
    writeln!(out, "{passed} checks passed, {skipped} skipped, {} findings waived.", report.waived)
}

fn verdict(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, 0) => "✓ No findings.".to_owned(),
        (0, _) => format!("⚠ {}.", counted(warnings, "warning")),
        _ => format!("✗ {}, {}.", counted(errors, "error"), counted(warnings, "warning")),
    }
}

fn write_check(report: &ValidationReport, check: &Check, out: &mut dyn Write) -> io::Result<()> {
    let mark = if check.severity == Severity::Error { '✗' } else { '⚠' };
    writeln!(out, "### {mark} {} ({})\n", check.summary, escape::markdown(check.rule.code))?;
    for diagnostic in report.of_rule(check.rule).take(LISTED) {
        writeln!(out, "- {}", finding(diagnostic))?;
    }
    match report.count_of(check.rule).saturating_sub(LISTED) {
        0 => writeln!(out),
        more => writeln!(out, "- … and {more} more\n"),
    }
}

fn finding(diagnostic: &Diagnostic) -> String {
    let commit = diagnostic.commit.as_deref().map(|id| format!(" in {}", escape::markdown(id))).unwrap_or_default();
    let help =
        diagnostic.help.as_deref().map(|help| format!("  \n  Help: {}", escape::markdown(help))).unwrap_or_default();
    let place = escape::markdown(&human::place(&diagnostic.location));
    format!("{}  \n  at {place}{commit}{help}", escape::markdown(&diagnostic.message))
}

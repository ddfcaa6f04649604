//! Annotations: GitHub's workflow commands, which a job prints and the pull request shows at the lines.

use std::io::{self, Write};

use crate::render::escape;
use crate::validate::{Diagnostic, RULES, Severity, ValidationReport};

/// GitHub shows no more annotations of one level from one step.
const PER_LEVEL: usize = 10;

/// Writes at most ten commands per level, the most important first, and how many more there are.
pub fn write(report: &ValidationReport, out: &mut dyn Write) -> io::Result<()> {
    for severity in [Severity::Error, Severity::Warning] {
        let mut found: Vec<&Diagnostic> =
            report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).collect();
        // The table starts with what makes everything else uncertain; the sort keeps the order within a rule.
        found.sort_by_key(|diagnostic| RULES.iter().position(|rule| rule.code == diagnostic.rule.code));
        for diagnostic in found.iter().take(PER_LEVEL) {
            write_annotation(diagnostic, out)?;
        }
        let more = report.count(severity).saturating_sub(PER_LEVEL);
        if more > 0 {
            writeln!(out, "+{more} more {severity}s; run `phone-dir validate` to see them all")?;
        }
    }
    Ok(())
}

fn write_annotation(diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let location = &diagnostic.location;
    let (start, end) = (location.start, location.end);
    write!(out, "::{} file={},line={}", diagnostic.severity, escape::workflow_property(&location.file), start.line)?;
    // GitHub ignores columns of a range over several lines.
    if start.line == end.line {
        write!(out, ",endLine={},col={},endColumn={}", end.line, start.column, end.column.max(start.column))?;
    } else {
        write!(out, ",endLine={}", end.line)?;
    }
    writeln!(out, ",title={}::{}", escape::workflow_property(diagnostic.rule.code), message(diagnostic))
}

fn message(diagnostic: &Diagnostic) -> String {
    let message = escape::workflow_message(&diagnostic.message);
    let commit = diagnostic.commit.as_deref().map(|id| format!(" (commit {id})")).unwrap_or_default();
    match &diagnostic.help {
        Some(help) => format!("{message}{commit}%0A{}", escape::workflow_message(help)),
        None => format!("{message}{commit}"),
    }
}

//! The contract's JSON of a validation: a frozen shape of its own, with a version.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::model::{PhoneNumber, WorkspaceName};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;
use crate::validate::diagnostic::RelatedLocation;
use crate::validate::report::Check;
use crate::validate::{Diagnostic, Severity, ValidationReport};

#[derive(Serialize)]
struct Output<'a> {
    format_version: u32,
    source: String,
    errors: usize,
    warnings: usize,
    checks: Vec<CheckOutput<'a>>,
    diagnostics: Diagnostics<'a>,
    /// How many findings are counted above, and not among the diagnostics; only where there are any.
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Worded one by one as they are written: there may be many thousands.
struct Diagnostics<'a>(&'a [Diagnostic]);

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(DiagnosticOutput::of))
    }
}

#[derive(Serialize)]
struct CheckOutput<'a> {
    rule: &'a str,
    severity: Severity,
    status: &'a str,
    summary: &'a str,
}

/// One finding of the validator, as every JSON output words it.
#[derive(Serialize)]
pub struct DiagnosticOutput<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    pointer: Option<&'a str>,
    phone_number: Option<PhoneNumber>,
    workspace: Option<&'a WorkspaceName>,
    commit: Option<&'a str>,
    help: Option<&'a str>,
    related: Vec<RelatedOutput<'a>>,
}

#[derive(Serialize)]
struct RelatedOutput<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
}

/// Writes the report as one JSON object and a newline.
pub fn write(report: &ValidationReport, out: &mut dyn Write) -> io::Result<()> {
    let output = Output {
        format_version: FORMAT_VERSION,
        source: report.source.to_string(),
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        checks: report.checks.iter().map(check).collect(),
        diagnostics: Diagnostics(&report.diagnostics),
        left_out: report.unlisted.len(),
    };
    write!(out, "{}", escape::json_of(&output))
}

fn check(check: &Check) -> CheckOutput<'_> {
    CheckOutput {
        rule: check.rule.code,
        severity: check.severity,
        status: check.status.as_str(),
        summary: &check.summary,
    }
}

impl<'a> DiagnosticOutput<'a> {
    pub fn of(diagnostic: &'a Diagnostic) -> Self {
        let location = &diagnostic.location;
        Self {
            rule: diagnostic.rule.code,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            file: &location.file,
            line: location.start.line,
            column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
            pointer: location.pointer.as_deref(),
            phone_number: diagnostic.phone_number,
            workspace: diagnostic.workspace.as_ref(),
            commit: diagnostic.commit.as_deref(),
            help: diagnostic.help.as_deref(),
            related: diagnostic.related.iter().map(related).collect(),
        }
    }
}

fn related(related: &RelatedLocation) -> RelatedOutput<'_> {
    let RelatedLocation { location, message } = related;
    RelatedOutput { file: &location.file, line: location.start.line, column: location.start.column, message }
}

//! A finding at its place, as every output format shows it.

use super::bounded::fingerprint;
use super::rule::{Rule, Severity};
use crate::document::Position;
use crate::model::{PhoneNumber, WorkspaceName};

/// The lines of a file around a diagnostic, with secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub first_line: usize,
    /// The lines, each cut where it is very long.
    pub text: String,
    /// The bytes of `text` that are meant.
    pub span: std::ops::Range<usize>,
}

/// A place as people and programs look it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file's path from the project's root.
    pub file: String,
    pub start: Position,
    /// The character behind the last one.
    pub end: Position,
    /// The JSON pointer; none for bytes that are no JSON.
    pub pointer: Option<String>,
    /// The byte offset of the first character, by which diagnostics are ordered.
    pub offset: usize,
}

/// Another place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLocation {
    pub location: Location,
    pub message: String,
}

/// A finding at its resolved place, with the severity in force.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: &'static Rule,
    pub severity: Severity,
    /// What is wrong, standing alone.
    pub message: String,
    /// The words below the check's heading.
    pub item: Option<String>,
    pub location: Location,
    pub related: Vec<RelatedLocation>,
    pub phone_number: Option<PhoneNumber>,
    pub workspace: Option<WorkspaceName>,
    pub commit: Option<String>,
    pub help: Option<String>,
    /// The lines around it; none for a file that is not there and for secrets.
    pub excerpt: Option<Excerpt>,
}

impl Diagnostic {
    /// What stays the same when lines move or a file is reformatted: the rule, the number or place, and the field.
    pub fn identity(&self) -> String {
        let pointer = self.location.pointer.as_deref().unwrap_or_default();
        identity(self.rule, &self.location.file, pointer, self.phone_number, self.workspace.as_ref())
    }

    pub(super) fn fingerprint(&self) -> u64 {
        fingerprint(&self.identity())
    }
}

/// What stays the same about something at a place.
pub(super) fn identity(
    rule: &Rule,
    file: &str,
    pointer: &str,
    number: Option<PhoneNumber>,
    workspace: Option<&WorkspaceName>,
) -> String {
    let rule = rule.code;
    let Some(number) = number else { return format!("{rule}/{file}#{pointer}") };
    let workspace = workspace.map(ToString::to_string).unwrap_or_default();
    // A list's index moves with every number that comes or goes.
    let field = pointer.rsplit('/').find(|token| token.parse::<usize>().is_err()).unwrap_or_default();
    format!("{rule}/{number}/{workspace}/{field}")
}

//! Reading the files for validation: what is wrong with their texts, and everything that can be read all the same.
//!
//! The typed parse of the model is the check; only a file that fails it is looked at more closely. Its broken
//! entries are reported and cut out, so that the rules still see the others.

mod salvage;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Part, Pointer};
use super::rules;
use crate::error::{Error, Result};
use crate::model::PhoneNumber;
use crate::model::directory::{FailureReason, Reading};
use crate::model::paths::FileKind;
use crate::schema::{self, Values};
use crate::secrets;
use crate::snapshot::{Content, Snapshot};
use salvage::Salvage;
use text::FileText;

/// What came in, and what was wrong with it.
pub struct Intake {
    /// Everything that could be read.
    pub reading: Reading,
    /// What is wrong with files as such.
    pub findings: Vec<Finding>,
    /// The files that were read without their broken parts, and whose parts those were.
    pub partial: BTreeMap<String, Cut>,
    removed: BTreeMap<String, Removed>,
}

/// Whose entries were cut out of a file, so that nothing can be said of them there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The numbers of the entries that still had one.
    pub numbers: BTreeSet<PhoneNumber>,
    /// Whether an entry of an unknown number was among them: then no number's absence means anything.
    pub unknown: bool,
}

/// The elements that were cut out of a file's lists: their indices in the file, by the list's pointer, sorted.
pub type Removed = BTreeMap<String, Vec<usize>>;

impl Intake {
    /// Looks closer at what could not be read of a snapshot.
    ///
    /// # Errors
    /// Fails for a directory of a newer format, about which nothing can be said.
    pub fn of(snapshot: &Snapshot, reading: Reading) -> Result<Self> {
        let mut intake = Self { reading, findings: Vec::new(), partial: BTreeMap::new(), removed: BTreeMap::new() };
        intake.look_closer(snapshot)?;
        intake.report_files(snapshot);
        Ok(intake)
    }

    /// Moves a finding's places from the files as they were read to the files as they are.
    pub fn place_in_files(&self, finding: &mut Finding) {
        let related = finding.related.iter_mut().map(|related| &mut related.place);
        for place in std::iter::once(&mut finding.place).chain(related) {
            let Some(removed) = self.removed.get(&place.file) else { continue };
            if let Part::Key(pointer) | Part::Value(pointer) = &mut place.part {
                *pointer = original(pointer, removed);
            }
        }
    }

    fn look_closer(&mut self, snapshot: &Snapshot) -> Result<()> {
        let failed: Vec<String> = self.reading.failures.iter().map(|failure| failure.path.clone()).collect();
        self.reading.refuse_newer()?;
        for path in failed {
            if let (Some(kind), Some(bytes)) = (FileKind::of(&path), snapshot.bytes(&path)) {
                self.examine(&path, &kind, bytes)?;
            }
        }
        self.reading.note_missing_again();
        Ok(())
    }

    fn examine(&mut self, path: &str, kind: &FileKind, bytes: &[u8]) -> Result<()> {
        let Some(text) = FileText::examine(path, bytes, &mut self.findings) else { return Ok(()) };
        let before = self.findings.len();
        text.report_duplicates(&mut self.findings);
        let schema = schema::of(kind);
        let values = if secrets::all(bytes).is_empty() { schema.values } else { Values::Masked };
        let violations = schema.violations(&text.value, values);
        if let (FileKind::Master, Some(version)) = (kind, newer_version(&text.value)) {
            return Err(Error::failed(format!("`{path}` has version {version}, which this phone-dir does not know"))
                .hint("upgrade phone-dir; the file was not touched"));
        }
        // A file of another tool is told once: it is that tool's to repair.
        let told = violations.iter().take(if is_agents(path) { 1 } else { usize::MAX });
        self.findings.extend(told.map(|violation| rules::schema::finding(path, kind, &text.value, violation)));
        let salvage = Salvage::of(kind, &text.value, &violations);
        let read = salvage.as_ref().is_some_and(|salvage| self.reading.retry(path, salvage.text.as_bytes()));
        if self.findings.len() == before && (!read || !text.has_mark) {
            self.findings.push(text.disagreement());
        }
        if let Some(salvage) = salvage.filter(|_| read) {
            let spotless = self.findings.len() == before;
            if !spotless {
                self.partial.insert(path.to_owned(), salvage.cut);
                self.removed.insert(path.to_owned(), salvage.removed);
            }
        }
        Ok(())
    }

    fn report_files(&mut self, snapshot: &Snapshot) {
        for failure in &self.reading.failures {
            if matches!(failure.reason, FailureReason::Missing) {
                self.findings.push(rules::missing_file::finding(&failure.path, snapshot));
            }
        }
        for (path, content) in &snapshot.files {
            match content {
                Content::Irregular(what) => self.findings.push(rules::irregular_file::finding(path, what)),
                Content::Bytes(bytes)
                    if is_agents(path) && self.reading.holds(path) && !self.partial.contains_key(path) =>
                {
                    // The model reads two fields of an agent's file; its other bytes are JSON's business too.
                    FileText::examine_encoding(path, bytes, &mut self.findings);
                }
                Content::Bytes(_) => {}
            }
        }
    }
}

fn is_agents(path: &str) -> bool {
    matches!(FileKind::of(path), Some(FileKind::Agent(_) | FileKind::AgentWorkspace(..) | FileKind::Workspaces))
}

fn newer_version(value: &serde_json::Value) -> Option<String> {
    let version = crate::model::version::FormatVersion::parse(value.get("version")?.as_str()?).ok()?;
    (!version.is_known()).then(|| version.to_string())
}

/// The pointer that an element had before others of its list were cut out.
fn original(pointer: &Pointer, removed: &Removed) -> Pointer {
    let mut list = String::new();
    for token in pointer.as_str().split('/').skip(1) {
        let index = removed.get(&list).and_then(|gone| Some(original_index(token.parse().ok()?, gone)));
        list.push('/');
        match index {
            Some(index) => list.push_str(&index.to_string()),
            None => list.push_str(token),
        }
    }
    Pointer::from_text(list)
}

fn original_index(index: usize, gone: &[usize]) -> usize {
    gone.iter().fold(index, |index, gone| if *gone <= index { index + 1 } else { index })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_after_removed_elements_is_the_index_in_the_file() {
        let removed = Removed::from([("/numbers".to_owned(), vec![0, 2, 3])]);
        let moved = |pointer: &str| original(&Pointer::from_text(pointer), &removed).as_str().to_owned();
        assert_eq!(moved("/numbers/0/assigned"), "/numbers/1/assigned");
        assert_eq!(moved("/numbers/1"), "/numbers/4");
        assert_eq!(moved("/other/1"), "/other/1");
    }
}

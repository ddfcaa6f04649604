//! Projects merged in memory, file by file as git does it, and decided as `phone-dir resolve --all` does it.

use std::collections::{BTreeMap, BTreeSet};

use phone_dir::merge::propagation::{self, Decided};
use phone_dir::merge::resolution::{self, Selection};
use phone_dir::merge::stored::{self, Versions};
use phone_dir::merge::text::Labels;
use phone_dir::merge::{Side, copies};
use phone_dir::model::directory::Reading;
use phone_dir::model::paths::FileKind;
use phone_dir::model::{AgentFolders, Directory, derive};
use phone_dir::snapshot::Snapshot;
use phone_dir::validate::{Occasion, Settings, Severity, Source, validate};

use crate::merge::project::{Edit, agent_files, time};

pub type Files = BTreeMap<String, String>;

/// Three versions of a project's files.
pub struct ThreeProjects {
    pub base: Files,
    pub ours: Files,
    pub theirs: Files,
    folders: AgentFolders,
}

/// The merged files, and which numbers are in conflict in which of them.
pub struct Outcome {
    pub files: Files,
    pub conflicts: BTreeMap<String, BTreeSet<String>>,
}

impl ThreeProjects {
    pub fn of(base: &Edit, ours: &Edit, theirs: &Edit) -> Self {
        let folders = base.directory.agents.clone();
        Self { base: base.files(), ours: ours.files(), theirs: theirs.files(), folders }
    }

    pub fn merge(&self) -> Outcome {
        let (mut files, mut conflicts) = (Files::new(), BTreeMap::new());
        for (path, base) in &self.base {
            let (ours, theirs) = (&self.ours[path], &self.theirs[path]);
            // git asks the driver only for what both sides changed.
            if ours == base || theirs == base || ours == theirs {
                files.insert(path.clone(), if ours == base { theirs } else { ours }.clone());
                continue;
            }
            let versions = Versions { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
            let kind = FileKind::of(path).unwrap();
            let merged = stored::merge(&kind, versions, &self.folders, &Labels::default()).unwrap();
            files.insert(path.clone(), merged.text);
            let numbers = merged.conflicts.iter().filter_map(|conflict| conflict.phone_number);
            let numbers: BTreeSet<String> = numbers.map(|number| number.to_string()).collect();
            if !numbers.is_empty() {
                conflicts.insert(path.clone(), numbers);
            }
        }
        Outcome { files, conflicts }
    }
}

/// The errors of a project's validation.
pub fn errors(files: &Files) -> Vec<String> {
    let occasion = Occasion::new(Source::Worktree, time("2026-03-01T00:00:00Z"));
    let report = validate(&snapshot(files), &Settings::of(None), &occasion).unwrap();
    let errors = report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|diagnostic| diagnostic.message.clone()).collect()
}

pub fn snapshot(files: &Files) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (path, text) in files.iter().chain(&agent_files()) {
        snapshot.insert(path.clone(), text.as_bytes());
    }
    snapshot
}

/// Decides every conflict for one side, as `phone-dir resolve --all` does.
pub fn decide(versions: &ThreeProjects, merged: &Outcome, side: Side) -> Files {
    let (mut files, mut decided) = (merged.files.clone(), Decided::default());
    for path in merged.conflicts.keys() {
        let kind = FileKind::of(path).unwrap();
        let resolved = resolution::resolve(&kind, &files[path], Selection::All, side, &versions.folders).unwrap();
        assert!(resolved.is_done());
        decided.add(&kind, &resolved.in_or_out);
        files.insert(path.clone(), resolved.text);
    }
    let chosen = if side == Side::Ours { &versions.ours } else { &versions.theirs };
    let mut chosen = Reading::of(&snapshot(chosen)).directory;
    chosen.sort();
    files.extend(propagation::changed(&files, &decided, &chosen, &versions.folders).unwrap());
    let before = Directory::load(&snapshot(&files)).unwrap();
    let mut after = before.clone();
    copies::agree(&mut after);
    derive::recompute(&mut after);
    files.extend(after.files_changed_since(&before));
    files
}

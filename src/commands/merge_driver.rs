//! `phone-dir merge-driver`, which git calls for each file that both sides changed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, Session};
use crate::error::{Error, Result};
use crate::merge::stored::{self, MergedText, Versions};
use crate::merge::text::Labels;
use crate::model::AgentFolders;
use crate::model::paths::{self, FileKind};
use crate::render::conflicts;
use crate::render::escape::terminal;
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::git::{MergeFiles, merge_by_lines};
use crate::store::regular_file::{self, Links};
use crate::store::worktree;

/// Merge three versions of a file by number and field, for git
///
/// git calls it as `phone-dir setup` registers it. Exit codes are git's: 0 for a clean merge, 1 for a conflict.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The common ancestor's version (%O); empty where both sides added the file
    base: PathBuf,
    /// Our version (%A), which takes the result
    ours: PathBuf,
    /// Their version (%B)
    theirs: PathBuf,
    /// The file's path from the root of the working tree (%P)
    path: String,
    /// How many characters a conflict marker has (%L)
    #[arg(long, default_value = "7")]
    marker_size: String,
    /// The name of our side (%X)
    #[arg(long, default_value = "")]
    ours_label: String,
    /// The name of their side (%Y)
    #[arg(long, default_value = "")]
    theirs_label: String,
}

impl Arguments {
    /// A git that does not know a placeholder hands it over as it stands.
    fn labels(&self) -> Labels {
        let known = |label: &'_ str| if label.starts_with('%') { String::new() } else { label.to_owned() };
        let size = self.marker_size.parse().unwrap_or_else(|_| Labels::default().marker_size);
        Labels::new(&known(&self.ours_label), &known(&self.theirs_label), size)
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let labels = arguments.labels();
    let place = |path: &Path| session.start.join(path);
    let [base, ours, theirs] = [&arguments.base, &arguments.ours, &arguments.theirs].map(|path| place(path));
    let read = |path: &Path| {
        regular_file::read(path, Links::Refuse, MAX_FILE_BYTES).map_err(|error| Error::io("read", path, error))
    };
    let contents = [read(&base)?, read(&ours)?, read(&theirs)?];
    let versions = Versions { base: &contents[0], ours: &contents[1], theirs: &contents[2] };
    let (root, path) = split(&session.start, &arguments.path);
    let merged = match FileKind::of(path).filter(stored::is_keyed) {
        Some(kind) => folders(&kind, &root).and_then(|folders| stored::merge(&kind, versions, &folders, &labels)),
        None => Err(Error::failed(
            "only directory.json, numbers.json, assignments.json and pools.json are merged by number",
        )),
    };
    let shown = terminal(&arguments.path);
    match merged {
        Ok(merged) => finish(&merged, &ours, &shown, session),
        Err(reason) => {
            session.complain(&format!("phone-dir: `{shown}` cannot be merged by number: {reason}"));
            merge_by_lines(
                MergeFiles { base: &base, ours: &ours, theirs: &theirs },
                [&labels.ours, "common ancestor", &labels.theirs],
                labels.marker_size,
            )?;
            session.complain("phone-dir: merged by lines instead; check it, also where it has no conflict markers");
            Ok(Exit::Found)
        }
    }
}

fn finish(merged: &MergedText, ours: &Path, path: &str, session: &Session) -> Result<Exit> {
    fs::write(ours, &merged.text).map_err(|error| Error::io("write", ours, error))?;
    if merged.conflicts.is_empty() {
        return Ok(Exit::Done);
    }
    session.complain(&conflicts::list(path, &merged.conflicts));
    Ok(Exit::Found)
}

/// The project's root, and the path from there: git names files from the root of its working tree.
fn split<'a>(top: &Path, path: &'a str) -> (PathBuf, &'a str) {
    let folder = format!("{}/", paths::FOLDER);
    let start = path.rfind(&format!("/{folder}")).map_or(0, |at| at + 1);
    (top.join(&path[..start]), &path[start..])
}

/// The agents' folders as they lie in the working tree, where a file needs them.
fn folders(kind: &FileKind, root: &Path) -> Result<AgentFolders> {
    if !matches!(kind, FileKind::Assignments(_)) {
        return Ok(AgentFolders::default());
    }
    Ok(AgentFolders::in_files(&worktree::read(root)?))
}

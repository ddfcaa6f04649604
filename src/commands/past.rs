//! What `history` and `blame` share: the commits behind HEAD, and what each of them changed.

use chrono::{DateTime, NaiveDate, Utc};

use super::queries;
use crate::error::{Error, Result};
use crate::history::{self, Contents, Graph, History, Listing, Row, Stored};
use crate::model::paths::FileKind;
use crate::snapshot::Content;
use crate::store::git::{ContentId, ContentReader, GitRepository, Header, StoredFile, StoredKind, Walk, WalkedCommit};
use crate::store::project::Project;

/// The history behind HEAD, walked and not yet read.
pub struct Past {
    /// The repository.
    pub repository: GitRepository,
    walk: Walk,
    graph: Graph<ContentId>,
}

/// One commit with what it changed.
pub struct Event {
    /// The commit's full id.
    pub commit: String,
    /// Its people, time and subject.
    pub header: Header,
    /// Why something in it could not be read.
    pub gap: Option<String>,
    /// What it changed.
    pub changes: crate::diff::Changes,
}

/// Contents from git's object store.
struct Blobs<'a>(ContentReader<'a>);

impl Contents<ContentId> for Blobs<'_> {
    fn read(&mut self, id: ContentId) -> Result<Content> {
        self.0.read(id)
    }
}

impl Past {
    /// Walks the history behind HEAD.
    pub fn of(project: &Project) -> Result<Self> {
        let repository = queries::repository(project)?;
        let tip = repository.head()?.commit().ok_or_else(|| {
            Error::cannot_tell("this repository has no commit yet")
                .hint("history begins with the first commit of `phone-numbers/`")
        })?;
        let walk = repository.walk(&tip)?;
        let graph = graph(&walk);
        Ok(Self { repository, walk, graph })
    }

    /// Whether any commit has files of a workspace.
    pub fn knows(&self, workspace: &crate::model::WorkspaceName) -> bool {
        let is_of = |kind: &FileKind| matches!(kind, FileKind::Numbers(name) | FileKind::Assignments(name) if name == workspace);
        self.graph.listings.iter().any(|listing| listing.keys().any(is_of))
    }

    /// Why the history ends early; none where it is whole.
    pub fn cut_off(&self) -> Option<String> {
        let edge = self.walk.commits.iter().find(|commit| commit.is_cut_off)?;
        let what = if self.repository.is_shallow() { "this clone is shallow" } else { "parents are missing" };
        Some(format!("{what}: nothing is known of what {} and the commits before it changed", edge.id.short()))
    }

    /// Visits what each commit changed, newest first, until `visit` has enough; says why it stopped early.
    ///
    /// `wanted` looks at a commit's header before its files are read.
    pub fn visit(
        &self,
        wanted: &dyn Fn(&Header) -> bool,
        visit: &mut dyn FnMut(Event) -> Reading,
    ) -> Result<Option<String>> {
        let mut history = History::new(&self.graph, Blobs(self.repository.reader()));
        for (at, commit) in self.walk.commits.iter().enumerate() {
            if !history.may_have_row(at) {
                continue;
            }
            let header = self.header(commit)?;
            if !wanted(&header) {
                continue;
            }
            match history.row(at) {
                Ok(None) => {}
                Ok(Some(row)) => {
                    if visit(event(commit, header, row)) == Reading::Enough {
                        return Ok(None);
                    }
                }
                Err(error) => return Ok(Some(format!("{} cannot be read: {}", commit.id.short(), error.message()))),
            }
        }
        Ok(self.cut_off())
    }

    fn header(&self, commit: &WalkedCommit) -> Result<Header> {
        match self.repository.header(&commit.id) {
            // The commit's row will be a gap, and say why.
            Err(_) if commit.listing.is_err() => Ok(Header::default()),
            header => header,
        }
    }
}

fn event(commit: &WalkedCommit, header: Header, row: Row) -> Event {
    let malformed = header.malformed.map(str::to_owned);
    Event { commit: commit.id.to_string(), header, gap: row.gap.or(malformed), changes: row.changes }
}

/// Whether a visitor wants to see more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The next, too.
    GoesOn,
    /// No more.
    Enough,
}

fn graph(walk: &Walk) -> Graph<ContentId> {
    let commit = |commit: &WalkedCommit| history::Commit {
        parents: commit.parents.clone(),
        is_cut_off: commit.is_cut_off,
        listing: commit.listing.clone(),
    };
    Graph {
        commits: walk.commits.iter().map(commit).collect(),
        listings: walk.listings.iter().map(|files| listing(files)).collect(),
    }
}

fn listing(files: &[StoredFile]) -> Listing<ContentId> {
    let of_history =
        |kind: &FileKind| matches!(kind, FileKind::Master | FileKind::Numbers(_) | FileKind::Assignments(_));
    let entry = |file: &StoredFile| {
        let kind = FileKind::of(&file.path).filter(of_history)?;
        let stored = match file.kind {
            StoredKind::File(id) => Stored::File(id),
            StoredKind::Irregular(what) => Stored::Irregular(what),
        };
        Some((kind, stored))
    };
    files.iter().filter_map(entry).collect()
}

/// Which end of a day a date stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfDay {
    /// 00:00:00.
    First,
    /// 23:59:59.
    Last,
}

/// Reads a date (`2026-03-01`, in UTC) or a time of RFC 3339.
pub fn moment(text: &str, end: EndOfDay) -> Result<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let time = day.and_then(|day| match end {
        EndOfDay::First => day.and_hms_opt(0, 0, 0),
        EndOfDay::Last => day.and_hms_opt(23, 59, 59),
    });
    time.map(|time| time.and_utc()).ok_or_else(|| {
        Error::failed(format!("`{}` is not a date", text.escape_debug()))
            .hint("give a day such as `2026-03-01` or a time such as `2026-03-01T12:00:00Z`, in UTC")
    })
}

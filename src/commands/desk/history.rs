//! The commits behind one of them, and what each of them changed.

mod contents;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use chrono::{DateTime, Utc};

use self::contents::Blobs;
use super::Desk;
use crate::commands::Session;
use crate::commands::session::OutputReader;
use crate::diff::{Changes, PoolDefinitionChange};
use crate::error::{Error, Result};
use crate::history::blame::Blame;
use crate::history::{self, CommitChanges, Graph, History, HistoryRow, Stored};
use crate::model::moment::{self, EndOfDay};
use crate::model::paths::FileKind;
use crate::model::{AgentFolders, PhoneNumber, WorkspaceName};
use crate::providers::progress::{Progress, ProgressLine};
use crate::store::comparisons::Comparisons;
use crate::store::git::{CommitId, ContentId, GitRepository, Header, StoredKind, Walk, WalkedCommit};

/// The history behind a commit, walked and not yet read.
pub struct WalkedHistory {
    pub repository: Rc<GitRepository>,
    ids: Vec<CommitId>,
    graph: Graph<ContentId>,
    /// The agents' folders as the first commit of the walk has them.
    folders: OnceCell<AgentFolders>,
    comparisons: RefCell<Comparisons>,
    /// Which pairs of contents were looked for among them, and may be believed.
    known: RefCell<HashMap<[ContentId; 2], bool>>,
    progress: Progress,
}

/// One commit with what it changed.
pub struct HistoryEvent {
    pub commit: String,
    /// Its people, time and subject.
    pub header: Header,
    /// Why something in it could not be read.
    pub gap: Option<String>,
    /// The pools that it made, changed or deleted.
    pub pools: Vec<PoolDefinitionChange>,
    /// What it changed of numbers; without a gap, this may turn out to be nothing.
    pub changes: CommitChanges,
    /// Why what it changed may have happened before; none where it did not.
    pub uncertain: Option<String>,
    /// What a merge's sides had changed, and it does not have.
    pub dropped: Changes,
}

/// What each commit changed, newest first, read one commit at a time.
pub struct HistoryEvents<'a> {
    past: &'a WalkedHistory,
    commits: std::vec::IntoIter<usize>,
    history: History<'a, ContentId, Blobs<'a>>,
    line: ProgressLine,
    /// Why the history ends early; known when the last event was read.
    pub stopped: Option<String>,
}

impl Iterator for HistoryEvents<'_> {
    type Item = Result<HistoryEvent>;

    fn next(&mut self) -> Option<Self::Item> {
        for at in self.commits.by_ref() {
            self.line.advance(1);
            match self.history.row(at) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(self.past.event(at, row)),
                Err(error) => {
                    self.stopped = Some(self.past.unreadable(at, &error));
                    self.commits = Vec::new().into_iter();
                    return None;
                }
            }
        }
        self.stopped = self.stopped.take().or_else(|| self.past.cut_off());
        None
    }
}

impl WalkedHistory {
    pub fn of(desk: &Desk<'_>) -> Result<Self> {
        let tip = desk.repository()?.commits().head()?.commit().ok_or_else(|| {
            Error::cannot_tell("this repository has no commit yet")
                .hint("history begins with the first commit of `phone-numbers/`")
        })?;
        Self::behind(desk, &tip)
    }

    /// Walks the history behind a commit.
    pub fn behind(desk: &Desk<'_>, tip: &CommitId) -> Result<Self> {
        let repository = desk.repository()?;
        let progress = desk.session.progress();
        let walk = repository.commits().walk(tip)?;
        refuse_unlisted(&repository, &walk)?;
        let (ids, graph) = graph(walk);
        let now = u64::try_from(desk.session.now.to_datetime().timestamp()).unwrap_or_default();
        let comparisons = RefCell::new(Comparisons::open(repository.shared_folder(), now));
        Ok(Self { repository, ids, graph, folders: OnceCell::new(), comparisons, known: RefCell::default(), progress })
    }

    /// Whether any commit has files of a workspace.
    pub fn knows(&self, workspace: &WorkspaceName) -> bool {
        let is_of = |kind: &FileKind| matches!(kind, FileKind::Numbers(name) | FileKind::Assignments(name) if name == workspace);
        self.graph.kinds.iter().any(is_of)
    }

    /// Why the history ends early; none where it is whole.
    pub fn cut_off(&self) -> Option<String> {
        let edge = self.graph.commits.iter().position(|commit| commit.is_cut_off)?;
        let what = if self.repository.commits().is_shallow() {
            "this clone is shallow"
        } else {
            "objects are missing or damaged"
        };
        Some(format!("{what}: nothing is known of what {} and the commits before it changed", self.ids[edge].short()))
    }

    /// What each commit changed, as far as it is about some numbers: a history of one is read faster.
    pub fn events_of(&self, mut numbers: impl Iterator<Item = PhoneNumber>) -> Result<HistoryEvents<'_>> {
        let first = numbers.next();
        self.events(first.filter(|first| numbers.all(|number| number == *first)))
    }

    /// What each commit changed, of one number or of all.
    pub fn events(&self, number: Option<PhoneNumber>) -> Result<HistoryEvents<'_>> {
        self.events_where(number, None)
    }

    /// The events of the commits whose headers are wanted, or of all; no files of any other are read.
    pub fn events_where(
        &self,
        number: Option<PhoneNumber>,
        is_wanted: Option<&dyn Fn(&Header) -> bool>,
    ) -> Result<HistoryEvents<'_>> {
        let mut commits = Vec::new();
        for at in (0..self.ids.len()).filter(|at| self.graph.may_have_row(*at)) {
            // Where all are wanted, each header is read when its commit is told.
            if is_wanted.map_or(Ok(true), |is_wanted| self.header(at).map(|header| is_wanted(&header)))? {
                commits.push(at);
            }
        }
        let history = self.history(commits.iter().copied()).about(number);
        let line = self.line(commits.len());
        Ok(HistoryEvents { past: self, commits: commits.into_iter(), history, line, stopped: None })
    }

    /// Finds for each field of a number the commit that its present value came from; says why it stopped early.
    pub fn blame(&self, blame: &mut Blame) -> Option<String> {
        let mut history = self.history(0..self.ids.len()).about(Some(blame.number));
        let line = self.line(self.ids.len());
        match blame.trace(&mut history, &mut |_| line.advance(1)) {
            Ok(()) if blame.is_done() => None,
            Ok(()) => self.cut_off(),
            Err(error) => Some(format!("a commit cannot be read: {}", error.message())),
        }
    }

    fn history(&self, commits: impl Iterator<Item = usize>) -> History<'_, ContentId, Blobs<'_>> {
        let order = self.graph.reading_order(commits, |of| self.is_known(of));
        History::new(&self.graph, Blobs { reader: self.repository.objects().reader_ahead(order), past: self })
    }

    /// Whether an earlier question compared two contents, neither of which was written again since. It is asked of most
    /// pairs twice, and git's files are looked at once.
    fn is_known(&self, of: [ContentId; 2]) -> bool {
        *self.known.borrow_mut().entry(of).or_insert_with(|| {
            let seen = self.comparisons.borrow().seen_at(&of.map(ContentId::bytes));
            seen.is_some_and(|second| of.into_iter().all(|id| self.repository.objects().is_older(id, second)))
        })
    }

    fn line(&self, commits: usize) -> ProgressLine {
        self.progress.line_of("Reading the history".to_owned(), commits)
    }

    fn unreadable(&self, at: usize, error: &Error) -> String {
        format!("{} cannot be read: {}", self.ids[at].short(), error.message())
    }

    /// Prints, with no line of progress in the way.
    pub fn print(&self, session: &Session, text: &str) -> Result<OutputReader> {
        self.progress.aside(|| session.print_piece(text))
    }

    /// The header of a commit of the walk.
    pub fn header(&self, at: usize) -> Result<Header> {
        match self.repository.commits().header(&self.ids[at]) {
            // The commit's row will be a gap, and say why.
            Err(_) if self.graph.commits[at].listing.is_err() => Ok(Header::default()),
            header => header,
        }
    }

    /// The full id of a commit of the walk.
    pub fn id(&self, at: usize) -> String {
        self.ids[at].to_string()
    }

    fn event(&self, at: usize, mut row: HistoryRow) -> Result<HistoryEvent> {
        let pools = row.changes.take_pools();
        let header = self.header(at)?;
        let malformed = header.malformed.map(str::to_owned);
        let dropped = self.named(row.dropped);
        let uncertain = self.uncertain(&row.unread)?;
        let gap = row.gap.or(malformed);
        Ok(HistoryEvent { commit: self.id(at), header, gap, pools, changes: row.changes, uncertain, dropped })
    }

    /// The pieces of an event, with the folders of all agents that they name.
    pub fn pieces(&self, changes: CommitChanges) -> impl Iterator<Item = Changes> {
        changes.pieces().map(|changes| self.named(changes))
    }

    /// Changes with the folders of all agents that they name.
    pub fn named(&self, mut changes: Changes) -> Changes {
        if changes.has_unnamed_agents() {
            changes.name_agents(self.folders());
        }
        changes
    }

    /// Says which commits cannot be read, and whose changes the next one that can be read therefore seems to have made.
    fn uncertain(&self, unread: &[usize]) -> Result<Option<String>> {
        let who = |at: &usize| {
            let author = self.header(*at)?.author.unwrap_or_else(|| "no author".to_owned());
            Ok(format!("{} ({author})", self.ids[*at].short()))
        };
        let named: Vec<String> = unread.iter().map(who).collect::<Result<_>>()?;
        Ok((!named.is_empty())
            .then(|| format!("what changed here may have happened in {}, which cannot be read", named.join(", "))))
    }

    fn folders(&self) -> &AgentFolders {
        self.folders.get_or_init(|| {
            let snapshot = self.ids.first().map(|tip| self.repository.objects().read_agents(tip));
            // Without them an agent is called by its id.
            snapshot.and_then(Result::ok).map(|files| AgentFolders::in_files(&files)).unwrap_or_default()
        })
    }
}

impl Drop for WalkedHistory {
    /// However a question ends: what was learned spares the next one the reading.
    fn drop(&mut self) {
        self.comparisons.get_mut().save();
    }
}

/// Refuses a partial clone that left the commits' trees on the server: nothing is known of them, and whatever came after
/// them would seem to be new.
fn refuse_unlisted(repository: &GitRepository, walk: &Walk) -> Result<()> {
    // A commit that is malformed itself is a gap of the history, here as elsewhere.
    let is_unlisted =
        |commit: &&WalkedCommit| commit.listing.is_err() && repository.commits().parents(&commit.id).is_ok();
    match walk.commits.iter().filter(is_unlisted).count() {
        count if count > 0 && repository.configuration().is_partial_clone() => {
            Err(Error::cannot_tell(format!("this clone does not have the files of {count} commits"))
                .hint(repository.objects().how_to_complete()))
        }
        _ => Ok(()),
    }
}

/// The ids and the graph of a walk.
fn graph(walk: Walk) -> (Vec<CommitId>, Graph<ContentId>) {
    let stored = |(kind, stored): &(usize, StoredKind)| match stored {
        StoredKind::File(id) => (*kind, Stored::File(*id)),
        StoredKind::Irregular(what) => (*kind, Stored::Irregular(what)),
    };
    let listings = walk.listings.into_iter().map(|files| files.iter().map(stored).collect()).collect();
    let mut ids = Vec::with_capacity(walk.commits.len());
    let commit = |commit: WalkedCommit| {
        ids.push(commit.id);
        history::Commit { parents: commit.parents, is_cut_off: commit.is_cut_off, listing: commit.listing }
    };
    let commits = walk.commits.into_iter().map(commit).collect();
    (ids, Graph { commits, kinds: walk.kinds, listings })
}

/// Reads a day, a time or a phrase, counted back from the command's time.
pub fn moment(text: &str, end: EndOfDay, session: &Session) -> Result<DateTime<Utc>> {
    moment::read(text, session.now.to_datetime(), end).ok_or_else(|| {
        Error::failed(format!("`{}` is not a date", text.escape_debug())).hint(format!("give {}", moment::EXPECTED))
    })
}

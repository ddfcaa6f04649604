//! What every command about calls starts from: the project, its settings and workspaces, and the store.

use super::{AsOf, Desk, history, names};
use crate::activity::coverage::{AnswerSpan, CallCoverage};
use crate::activity::time::{Millis, length, start_of};
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::model::moment::EndOfDay;
use crate::model::{Directory, WorkspaceName};
use crate::store::calls::{CallStore, StorePlace};
use crate::validate::Settings;

/// Names another file for the store; from the environment only.
pub(super) const STORE_VARIABLE: &str = "PHONE_DIR_STORE";

/// Which workspaces are asked about.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct WorkspaceChoice {
    /// Only this workspace; may be given several times
    #[arg(short, long, value_name = "NAME", conflicts_with = "all", add = completing::workspaces())]
    workspace: Vec<String>,
    /// Every workspace; the default
    #[arg(long)]
    all: bool,
}

/// The surroundings of a question about calls.
pub struct CallContext<'a> {
    pub desk: Desk<'a>,
    pub directory: Directory,
    pub settings: Settings,
    pub workspaces: Vec<WorkspaceName>,
    pub place: StorePlace,
}

impl<'a> CallContext<'a> {
    /// Looks at the project, and changes nothing.
    pub fn of(choice: &WorkspaceChoice, session: &'a Session) -> Result<Self> {
        let desk = Desk::to_ask(session)?;
        let (snapshot, directory) = desk.read(&AsOf::default())?;
        session.note_unread(&directory);
        let settings = Settings::in_snapshot(&snapshot);
        let place = StorePlace::of(&desk.project, session.variable(STORE_VARIABLE))?;
        let workspaces = if choice.workspace.is_empty() {
            directory.workspace_names().into_iter().collect()
        } else {
            choice.workspace.iter().map(|name| names::workspace(&directory, name)).collect::<Result<_>>()?
        };
        drop(snapshot);
        Ok(Self { desk, directory, settings, workspaces, place })
    }

    /// What is known of each workspace; nothing of any where there is no store.
    pub fn coverage(&self, store: Option<&CallStore>) -> Result<Vec<CallCoverage>> {
        let unknown = |workspace: &WorkspaceName| CallCoverage {
            workspace: workspace.clone(),
            complete: None,
            erased_before: None,
        };
        match store {
            Some(store) => store.coverage(&self.workspaces),
            None => Ok(self.workspaces.iter().map(unknown).collect()),
        }
    }
}

pub fn now(session: &Session) -> Millis {
    Millis::of(session.now.to_datetime())
}

/// Reads `30d` (so long ago), a day (its first moment) or a time.
pub fn since(text: &str, session: &Session) -> Result<Millis> {
    match length(text) {
        Some(length) => Ok(now(session).minus(length)),
        None => history::moment(text, EndOfDay::First, session).map(Millis::of).map_err(|error| error.hint(SINCE_HINT)),
    }
}

/// Reads a day (up to its end) or a time, up to which and without which calls count.
pub fn until(text: &str, session: &Session) -> Result<Millis> {
    match start_of(text) {
        Some(day) => Ok(day.plus(1).next_day_start()),
        None => history::moment(text, EndOfDay::Last, session).map(Millis::of),
    }
}

const SINCE_HINT: &str = "give a length of time such as `30d`, a day such as `2026-03-01`, or a time such as \
    `2026-03-01T12:00:00Z`, in UTC";

/// Reads a length of time, such as `30d`.
pub fn span(text: &str) -> Result<i64, String> {
    length(text).ok_or_else(|| "give a length of time such as `30d`, `12h` or `15m`".to_owned())
}

/// The error of a question without a store.
pub fn no_store() -> Error {
    Error::cannot_tell("no calls were read yet").hint("run `phone-dir usage pull`")
}

/// Says on standard error what the answer cannot tell.
pub fn end(span: &AnswerSpan, session: &Session) -> Exit {
    if span.gaps.is_empty() {
        return Exit::Done;
    }
    for gap in &span.gaps {
        session.complain(&format!("incomplete: {gap}"));
    }
    session.complain("  hint: run `phone-dir usage pull`, or ask for a time that is known");
    Exit::CannotTell
}

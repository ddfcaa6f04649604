//! Many changes of a workspace's numbers side by side: each is sent once, and what is under way is always awaited.

use std::cell::{Cell, RefCell};
use std::future::ready;

use futures_util::stream::{self, StreamExt};

use super::requests::ChangeBody;
use super::workspace::{ChangeError, Workspace};
use crate::change::{Action, Edit};
use crate::providers::interruption;
use crate::providers::progress::Progress;
use crate::reconcile::live::RetellNumber;

/// Changes that are under way at a time.
const AT_A_TIME: usize = 8;
/// After so many failures in a row the provider is not asked any further.
const FAILURES_IN_A_ROW: usize = 8;

/// What a provider answered to one change: the number, or none where it was deleted.
pub type Answered = Result<Option<RetellNumber>, ChangeError>;

/// Why changes were not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The user pressed Ctrl-C, or the process was asked to end.
    Interrupted,
    /// Too many failed, one after the other.
    TooManyFailures,
}

#[derive(Debug)]
pub struct Changed {
    /// The answers in the order of the edits; none where nothing was sent.
    pub answers: Vec<Option<Answered>>,
    /// Why nothing more may be sent, though all of these may have been sent by then.
    pub stopped: Option<Stopped>,
}

/// One change, as it is sent.
#[derive(Clone, Debug)]
pub(super) enum Request {
    /// An import, and what is set after it because it cannot carry it.
    Import(ChangeBody, Option<ChangeBody>),
    Update(ChangeBody),
    Delete,
}

impl Request {
    fn of(edit: &Edit) -> Self {
        match edit.action {
            Action::Import => Self::Import(ChangeBody::import(edit), ChangeBody::later(edit)),
            Action::Update => Self::Update(ChangeBody::update(edit)),
            Action::Delete => Self::Delete,
        }
    }
}

impl Workspace {
    /// Sends each edit once, a few at a time. Being asked to end, or a row of failures, ends the sending; what is under way
    /// then is awaited.
    pub fn change_each(&self, edits: &[&Edit], progress: &Progress) -> Changed {
        let stopped = Cell::new(None);
        let failures = Cell::new(0);
        let answers = RefCell::new(edits.iter().map(|_| None).collect::<Vec<_>>());
        let connection = self.connect(progress);
        let interrupted = async {
            interruption::asked_to_end().await;
            stopped.set(Some(Stopped::Interrupted));
        };
        let goes_on = |_: &(usize, &&Edit)| {
            if failures.get() >= FAILURES_IN_A_ROW {
                stopped.set(Some(Stopped::TooManyFailures));
            }
            ready(stopped.get().is_none())
        };
        let one = |(index, edit): (usize, &&Edit)| {
            let request = Request::of(edit);
            let (number, connection, failures, answers) = (edit.phone_number, &connection, &failures, &answers);
            async move {
                let answer = self.answer(connection, number, &request).await;
                failures.set(if answer.is_ok() { 0 } else { failures.get() + 1 });
                connection.line.advance(1);
                answers.borrow_mut()[index] = Some(answer);
            }
        };
        let sending = stream::iter(edits.iter().enumerate()).take_until(interrupted).take_while(goes_on);
        self.runtime.block_on(sending.map(one).buffer_unordered(AT_A_TIME).collect::<Vec<()>>());
        Changed { answers: answers.into_inner(), stopped: stopped.get() }
    }
}

//! Reads contents on a thread of its own, so that reading and comparing go on side by side: what is asked for at
//! once, and otherwise ahead of its reader. Who waits for a content reads loose ones ahead in the meantime: each of them
//! stands by itself, while those of a pack are made from each other, and from what one thread keeps of them.
//!
//! What was read and not asked for yet is bounded: the thread waits when it is too far ahead.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::GitObjects;
use super::packs::Expecting;
use crate::error::{Error, Result};
use crate::snapshot::Content;
use crate::store::git::{ContentId, GitRepository};

/// How many bytes may wait to be asked for.
const MOST_WAITING: usize = 4 << 20;

/// Reads contents by their ids, most of which were announced.
pub struct ReaderAhead<'r> {
    /// For the case that the thread cannot open the repository.
    objects: GitObjects<'r>,
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

/// What passes between the two threads.
#[derive(Default)]
struct Queue {
    state: Mutex<ReadAheadState>,
    changed: Condvar,
}

#[derive(Default)]
struct ReadAheadState {
    announced: VecDeque<ContentId>,
    /// What the reader waits for.
    asked: Option<ContentId>,
    /// What the thread is reading.
    in_hand: Option<ContentId>,
    /// What was asked for before it was read ahead.
    overtaken: HashSet<ContentId>,
    read: HashMap<ContentId, Result<Content>>,
    /// The size of what was read.
    bytes: usize,
    /// The reading has ended, or the reader wants no more.
    is_over: bool,
}

impl<'r> GitObjects<'r> {
    /// Prepares to read many contents; `ids` names most of them, each once, in the order in which they will be asked for.
    pub fn reader_ahead(self, ids: Vec<ContentId>) -> ReaderAhead<'r> {
        let queue = Arc::new(Queue::default());
        queue.state().announced = ids.into();
        let root = self.git.workdir().join(&self.git.prefix);
        let shared = Arc::clone(&queue);
        let thread = std::thread::spawn(move || shared.serve(&root));
        ReaderAhead { objects: self, queue, thread: Some(thread) }
    }
}

impl ReaderAhead<'_> {
    /// A content's bytes, or why it is not read.
    pub fn read(&self, id: ContentId) -> Result<Content> {
        loop {
            match self.queue.take(id, |other| !self.objects.is_packed(other.0)) {
                Awaited::Content(content) => return content,
                Awaited::Work(other) => self.queue.put(other, self.objects.stored_content(other)),
                Awaited::Nothing => return self.objects.stored_content(id),
            }
        }
    }
}

impl Drop for ReaderAhead<'_> {
    fn drop(&mut self) {
        drop(Over(&self.queue));
        if let Some(thread) = self.thread.take() {
            // Whatever became of it, nothing waits for it any more.
            let _ = thread.join();
        }
    }
}

/// What comes of asking for a content.
enum Awaited {
    Content(Result<Content>),
    /// It is not there yet, and this one may be read until it is.
    Work(ContentId),
    /// The thread has ended.
    Nothing,
}

/// Tells the other side, however this one ended, that nothing more is coming or wanted.
struct Over<'a>(&'a Queue);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.state().is_over = true;
        self.0.changed.notify_all();
    }
}

impl Queue {
    /// A panic on the other side is reported where it is joined.
    fn state(&self) -> MutexGuard<'_, ReadAheadState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'q>(&self, state: MutexGuard<'q, ReadAheadState>) -> MutexGuard<'q, ReadAheadState> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads until no more is wanted.
    fn serve(&self, root: &Path) {
        let _over = Over(self);
        // Without a second view of the repository, the first reads everything by itself.
        let Ok(Some(repository)) = GitRepository::discover(root) else { return };
        repository.objects().packs(Expecting::Many);
        while let Some(id) = self.next() {
            self.put(id, repository.objects().stored_content(id));
        }
    }

    fn put(&self, id: ContentId, content: Result<Content>) {
        let mut state = self.state();
        state.in_hand = state.in_hand.filter(|in_hand| *in_hand != id);
        state.bytes += size(&content);
        state.read.insert(id, content);
        self.changed.notify_all();
    }

    /// Waits for something to read; none once no more is wanted.
    fn next(&self) -> Option<ContentId> {
        let mut state = self.state();
        while !state.is_over {
            state.in_hand = state.next(|_| true);
            if state.in_hand.is_some() {
                return state.in_hand;
            }
            state = self.wait(state);
        }
        None
    }

    /// Waits for a content, unless there is something to read that its reader can read as well.
    fn take(&self, id: ContentId, is_for_reader: impl Fn(ContentId) -> bool) -> Awaited {
        let mut state = self.state();
        loop {
            if let Some(content) = state.read.remove(&id) {
                state.bytes -= size(&content);
                state.asked = None;
                self.changed.notify_all();
                return Awaited::Content(content);
            }
            if state.is_over {
                return Awaited::Nothing;
            }
            state.asked = Some(id).filter(|_| state.in_hand != Some(id));
            if let Some(work) = state.next(&is_for_reader) {
                return Awaited::Work(work);
            }
            self.changed.notify_all();
            state = self.wait(state);
        }
    }
}

impl ReadAheadState {
    /// What is to be read now by one of the two threads, if anything is.
    fn next(&mut self, is_for_it: impl Fn(ContentId) -> bool) -> Option<ContentId> {
        // It may have been read between the question and now.
        self.asked = self.asked.filter(|id| !self.read.contains_key(id));
        if let Some(id) = self.asked.take_if(|id| is_for_it(*id)) {
            self.overtaken.insert(id);
            return Some(id);
        }
        while self.bytes <= MOST_WAITING {
            let id = *self.announced.front()?;
            let is_open = !self.overtaken.contains(&id);
            if is_open && !is_for_it(id) {
                return None;
            }
            self.announced.pop_front();
            if is_open {
                return Some(id);
            }
        }
        None
    }
}

fn size(content: &Result<Content, Error>) -> usize {
    match content {
        Ok(Content::Bytes(bytes)) => bytes.len(),
        _ => 0,
    }
}

//! Reads contents ahead of whoever needs them, so that reading and comparing go on side by side.
//!
//! What was read and not asked for yet is bounded: the thread waits when it is too far ahead.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::{ContentId, GitRepository};
use crate::error::{Error, Result};
use crate::snapshot::Content;

/// How many bytes may wait to be asked for.
const MOST_WAITING: usize = 8 << 20;

/// Reads contents by their ids, most of which were named before.
pub struct ReaderAhead<'r> {
    /// For what nobody announced.
    repository: &'r GitRepository,
    announced: HashSet<ContentId>,
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread has read.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    read: HashMap<ContentId, Result<Content>>,
    bytes: usize,
    /// The thread has read everything, or nobody wants more.
    is_over: bool,
    /// Somebody waits for a content that is not here yet: then no bound holds.
    is_awaited: bool,
}

impl GitRepository {
    /// Prepares to read many contents; `ids` names them, each once, in the order in which they will be asked for.
    pub fn reader_ahead(&self, ids: Vec<ContentId>) -> ReaderAhead<'_> {
        let (queue, announced) = (Arc::new(Queue::default()), ids.iter().copied().collect());
        let root = self.workdir().join(&self.prefix);
        let shared = Arc::clone(&queue);
        let thread = std::thread::spawn(move || shared.fill(&root, &ids));
        ReaderAhead { repository: self, announced, queue, thread: Some(thread) }
    }
}

impl ReaderAhead<'_> {
    /// A content's bytes, or why it is not read.
    pub fn read(&mut self, id: ContentId) -> Result<Content> {
        let ahead = if self.announced.remove(&id) { self.queue.take(id) } else { None };
        ahead.unwrap_or_else(|| self.repository.stored_content(id))
    }
}

impl Drop for ReaderAhead<'_> {
    fn drop(&mut self) {
        drop(Over(&self.queue));
        if let Some(thread) = self.thread.take() {
            // Whatever became of it, nobody waits for it any more.
            let _ = thread.join();
        }
    }
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
    /// A panic on the other side is reported by whoever joins it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fill(&self, root: &Path, ids: &[ContentId]) {
        let _over = Over(self);
        // Without a second view of the repository, the first reads everything by itself.
        if let Ok(Some(repository)) = GitRepository::discover(root) {
            for id in ids {
                let content = repository.stored_content(*id);
                if !self.put(*id, content) {
                    break;
                }
            }
        }
    }

    /// Hands a content over; false once nobody wants more.
    fn put(&self, id: ContentId, content: Result<Content>) -> bool {
        let mut state = self.state();
        state.bytes += size(&content);
        state.read.insert(id, content);
        self.changed.notify_all();
        while state.bytes > MOST_WAITING && !state.is_over && !state.is_awaited {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.is_over
    }

    /// Waits for a content; none where the thread ended without it.
    fn take(&self, id: ContentId) -> Option<Result<Content>> {
        let mut state = self.state();
        loop {
            if let Some(content) = state.read.remove(&id) {
                state.bytes -= size(&content);
                state.is_awaited = false;
                self.changed.notify_all();
                return Some(content);
            }
            if state.is_over {
                return None;
            }
            state.is_awaited = true;
            self.changed.notify_all();
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn size(content: &Result<Content, Error>) -> usize {
    match content {
        Ok(Content::Bytes(bytes)) => bytes.len(),
        _ => 0,
    }
}

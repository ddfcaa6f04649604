//! The contents that a history compares: from git's object store, or as an earlier question has compared them.

use super::WalkedHistory;
use crate::error::Result;
use crate::history::Contents;
use crate::snapshot::Content;
use crate::store::git::{ContentId, ReaderAhead};

/// Contents from git's object store, and what earlier questions learned of them.
pub(super) struct Blobs<'a> {
    pub(super) reader: ReaderAhead<'a>,
    pub(super) past: &'a WalkedHistory,
}

impl Contents<ContentId> for Blobs<'_> {
    fn read(&mut self, id: ContentId) -> Result<Content> {
        self.reader.read(id)
    }

    fn recall(&mut self, of: [ContentId; 2]) -> Option<Vec<u8>> {
        if !self.past.is_known(of) {
            return None;
        }
        self.past.comparisons.borrow_mut().recall(&of.map(ContentId::bytes)).map(<[u8]>::to_vec)
    }

    fn keep(&mut self, of: [ContentId; 2], seen: &[u8]) {
        self.past.comparisons.borrow_mut().keep(&of.map(ContentId::bytes), seen);
        // They were read just now.
        self.past.known.borrow_mut().insert(of, true);
    }
}

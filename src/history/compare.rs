//! Compares versions of files by their ids, reading and parsing as little as it can.

mod seen;

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use super::{Contents, FileId};
use crate::diff::delta::{self, Delta, Pair, Pairs};
use crate::diff::listed::Listed;
use crate::diff::pools;
use crate::diff::text;
use crate::error::Result;
use crate::model::directory::{FailureReason, ReadFailure};
use crate::model::paths::{self, FileKind};
use crate::model::{AssignmentsFile, MasterFile, NumbersFile, PhoneNumber, PoolsFile};
use crate::snapshot::Content;

/// What is known of a content.
#[derive(Clone, Debug)]
enum Verdict {
    /// It can be read, and is in canonical form.
    Canonical,
    Readable,
    /// It cannot be read, and why.
    Unreadable(Rc<str>),
}

/// The most bytes of contents that are kept for the next comparison.
const KEPT_BYTES: usize = 8 << 20;

/// The contents that were read last, and of each file in any case the one that was read last.
struct Recent<K> {
    contents: VecDeque<(FileKind, K, Content)>,
    bytes: usize,
}

/// Compares files, and remembers of each whether it can be read.
pub(super) struct Comparer<K, C> {
    contents: C,
    recent: Recent<K>,
    verdicts: HashMap<K, Verdict>,
    /// The last comparison, which is mostly asked for again.
    last: Option<(K, K, Delta)>,
    /// The only number that is asked for: of others, what an earlier run saw need not be parsed.
    pub(super) only: Option<PhoneNumber>,
}

impl<K: FileId, C: Contents<K>> Comparer<K, C> {
    pub(super) fn new(contents: C) -> Self {
        let recent = Recent { contents: VecDeque::new(), bytes: 0 };
        Self { contents, recent, verdicts: HashMap::new(), last: None, only: None }
    }

    /// Looks at two versions of a file together, where that is cheaper than looking at each.
    pub(super) fn meet(&mut self, kind: &FileKind, from: Option<K>, to: Option<K>) -> Result<()> {
        if let (Some(one), Some(other)) = (from, to) {
            let mut delta = Delta::default();
            self.relate(kind, from, to, &mut delta)?;
            self.last = Some((one, other, delta));
        }
        Ok(())
    }

    /// Why a content cannot be read; none where it can.
    pub(super) fn problem(&mut self, kind: &FileKind, id: K) -> Result<Option<String>> {
        if !self.verdicts.contains_key(&id) {
            self.add(kind, None, Some(id), &mut Delta::default())?;
        }
        Ok(match self.verdicts.get(&id) {
            Some(Verdict::Unreadable(why)) => Some(why.to_string()),
            _ => None,
        })
    }

    /// Adds what differs between two versions of a file, one of which may be absent; unreadable ones add nothing.
    pub(super) fn add(&mut self, kind: &FileKind, from: Option<K>, to: Option<K>, delta: &mut Delta) -> Result<()> {
        match self.last.take() {
            Some((one, other, known)) if (Some(one), Some(other)) == (from, to) => {
                absorb(delta, known);
                Ok(())
            }
            _ => self.relate(kind, from, to, delta),
        }
    }

    fn relate(&mut self, kind: &FileKind, from: Option<K>, to: Option<K>, delta: &mut Delta) -> Result<()> {
        match kind {
            FileKind::Master => delta.numbers = self.pairs::<MasterFile>(kind, from, to)?,
            FileKind::Numbers(name) => {
                let pairs = self.pairs::<NumbersFile>(kind, from, to)?;
                delta.workspaces.entry(name.clone()).or_default().registry = pairs;
            }
            FileKind::Assignments(name) => {
                let pairs = self.pairs::<AssignmentsFile>(kind, from, to)?;
                delta.workspaces.entry(name.clone()).or_default().assignments = pairs;
            }
            FileKind::Pools => self.pools(kind, from, to, delta)?,
            _ => {}
        }
        Ok(())
    }

    /// The file is small, and is read whole.
    fn pools(&mut self, kind: &FileKind, from: Option<K>, to: Option<K>, delta: &mut Delta) -> Result<()> {
        let before = from.map(|id| self.parsed::<PoolsFile>(kind, id)).transpose()?;
        let after = to.map(|id| self.parsed::<PoolsFile>(kind, id)).transpose()?;
        // Of one that cannot be read, nothing is said.
        if matches!(before, Some(None)) || matches!(after, Some(None)) {
            return Ok(());
        }
        let (before, after) = (before.flatten(), after.flatten());
        delta.members = delta::members(before.as_ref(), after.as_ref());
        delta.pools = pools::between(before.as_ref(), after.as_ref());
        Ok(())
    }

    fn pairs<F: Listed>(&mut self, kind: &FileKind, from: Option<K>, to: Option<K>) -> Result<Pairs<F::Entry>> {
        match (from, to) {
            (Some(from), Some(to)) => self.both::<F>(kind, from, to),
            (from, to) => self.alone::<F>(kind, from, to),
        }
    }

    fn both<F: Listed>(&mut self, kind: &FileKind, from: K, to: K) -> Result<Pairs<F::Entry>> {
        if let Some(pairs) = self.recalled::<F>(from, to) {
            return Ok(pairs);
        }
        let Some(pairs) = self.compared::<F>(kind, from, to)? else { return Ok(Pairs::new()) };
        self.keep::<F>(from, to, &pairs);
        Ok(pairs)
    }

    /// What differs; none where one of the two cannot be read.
    fn compared<F: Listed>(&mut self, kind: &FileKind, from: K, to: K) -> Result<Option<Pairs<F::Entry>>> {
        if let Some(pairs) = self.by_text::<F>(kind, from, to)? {
            return Ok(Some(pairs));
        }
        let (before, after) = (self.parsed::<F>(kind, from)?, self.parsed::<F>(kind, to)?);
        let (Some(before), Some(after)) = (before, after) else { return Ok(None) };
        let (before, after) = (before.into_entries(), after.into_entries());
        Ok(Some(delta::pairs(before.iter(), after.iter())))
    }

    /// What an earlier run saw when it compared the two, which it could only where both can be read.
    fn recalled<F: Listed>(&mut self, from: K, to: K) -> Option<Pairs<F::Entry>> {
        let (canonical, pairs) = seen::read(&self.contents.recall([from, to])?, self.only)?;
        for (id, is_canonical) in [from, to].into_iter().zip(canonical) {
            let verdict = if is_canonical { Verdict::Canonical } else { Verdict::Readable };
            self.verdicts.entry(id).or_insert(verdict);
        }
        Some(pairs)
    }

    fn keep<F: Listed>(&mut self, from: K, to: K, pairs: &Pairs<F::Entry>) {
        let is_canonical = |id| matches!(self.verdicts.get(id), Some(Verdict::Canonical));
        if let Some(seen) = seen::write([&from, &to].map(is_canonical), pairs) {
            self.contents.keep([from, to], &seen);
        }
    }

    /// Walks the two texts side by side, if one is known to be canonical and the other proves to be.
    fn by_text<F: Listed>(&mut self, kind: &FileKind, from: K, to: K) -> Result<Option<Pairs<F::Entry>>> {
        let is_canonical = |id: &K| matches!(self.verdicts.get(id), Some(Verdict::Canonical));
        let (known, other, is_reversed) = match (is_canonical(&from), is_canonical(&to)) {
            (true, _) => (from, to, false),
            (false, true) => (to, from, true),
            (false, false) => return Ok(None),
        };
        if self.verdicts.get(&other).is_some_and(|verdict| !matches!(verdict, Verdict::Canonical)) {
            return Ok(None);
        }
        let (known, content) = (self.content(kind, known)?, self.content(kind, other)?);
        let (Content::Bytes(known), Content::Bytes(text)) = (&known, &content) else { return Ok(None) };
        let Some(pairs) = text::pairs::<F>(known, text) else { return Ok(None) };
        self.verdicts.insert(other, Verdict::Canonical);
        let turned = |pair: Pair<F::Entry>| if is_reversed { pair.reversed() } else { pair };
        Ok(Some(pairs.into_iter().map(|(number, pair)| (number, turned(pair))).collect()))
    }

    fn alone<F: Listed>(&mut self, kind: &FileKind, from: Option<K>, to: Option<K>) -> Result<Pairs<F::Entry>> {
        let mut entries = |id: Option<K>| -> Result<_> {
            let file = id.map(|id| self.parsed::<F>(kind, id)).transpose()?.flatten();
            Ok(file.map(F::into_entries).unwrap_or_default())
        };
        let (before, after) = (entries(from)?.into_iter(), entries(to)?.into_iter());
        let before = before.map(|(number, entry)| (number, Pair { from: Some(entry), to: None }));
        let after = after.map(|(number, entry)| (number, Pair { from: None, to: Some(entry) }));
        // One of the two is always nothing.
        Ok(before.chain(after).collect())
    }

    /// Parses a content whole, and notes what came of it; none where it cannot be read.
    fn parsed<F: Listed>(&mut self, kind: &FileKind, id: K) -> Result<Option<F>> {
        let content = self.content(kind, id)?;
        let result = parse::<F>(&content);
        let verdict = match (&result, &content) {
            (Ok(file), Content::Bytes(text)) if text::is_canonical(file, text) => Verdict::Canonical,
            (Ok(_), _) => Verdict::Readable,
            (Err(_), _) => Verdict::Unreadable("".into()),
        };
        let (verdict, file) = match result {
            Ok(file) => (verdict, Some(file)),
            Err(reason) => (Verdict::Unreadable(failure(kind, reason).into()), None),
        };
        self.verdicts.insert(id, verdict);
        Ok(file)
    }

    fn content(&mut self, kind: &FileKind, id: K) -> Result<Content> {
        if let Some((_, _, content)) = self.recent.contents.iter().rev().find(|(_, known, _)| *known == id) {
            return Ok(content.clone());
        }
        let content = self.contents.read(id)?;
        self.recent.keep(kind, id, content.clone());
        Ok(content)
    }
}

impl<K> Recent<K> {
    fn keep(&mut self, kind: &FileKind, id: K, content: Content) {
        self.bytes += size(&content);
        self.contents.push_back((kind.clone(), id, content));
        while self.bytes > KEPT_BYTES
            && let Some(at) = self.oldest_of_several()
        {
            self.bytes -= self.contents.remove(at).map_or(0, |(_, _, content)| size(&content));
        }
    }

    /// The oldest content of a file of which two newer ones are here: the newest two may be under comparison, and
    /// the last one is what the next commit that changes the file is compared with, however far away that is.
    fn oldest_of_several(&self) -> Option<usize> {
        let newer = |at: usize| self.contents.range(at + 1..).filter(|(kind, ..)| *kind == self.contents[at].0).count();
        (0..self.contents.len()).find(|at| newer(*at) >= 2)
    }
}

fn size(content: &Content) -> usize {
    match content {
        Content::Bytes(bytes) => bytes.len() + 64,
        Content::Irregular(_) => 64,
    }
}

fn parse<F: Listed>(content: &Content) -> Result<F, FailureReason> {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Irregular(what) => return Err(FailureReason::Irregular(what)),
    };
    let file: F = serde_json::from_slice(bytes).map_err(|error| FailureReason::unreadable(bytes, &error))?;
    if file.is_known() { Ok(file) } else { Err(FailureReason::Newer("a newer major".to_owned())) }
}

fn absorb(delta: &mut Delta, more: Delta) {
    delta.numbers.extend(more.numbers);
    delta.members.extend(more.members);
    delta.pools.extend(more.pools);
    for (name, files) in more.workspaces {
        let known = delta.workspaces.entry(name).or_default();
        known.registry.extend(files.registry);
        known.assignments.extend(files.assignments);
    }
}

fn path(kind: &FileKind) -> String {
    match kind {
        FileKind::Numbers(name) => paths::numbers(name),
        FileKind::Assignments(name) => paths::assignments(name),
        FileKind::Pools => paths::POOLS.to_owned(),
        _ => paths::MASTER.to_owned(),
    }
}

fn failure(kind: &FileKind, reason: FailureReason) -> String {
    ReadFailure { path: path(kind), reason }.into_error().message().to_owned()
}

/// Why something that is not a regular file is a gap.
pub(super) fn irregular(kind: &FileKind, what: &'static str) -> String {
    failure(kind, FailureReason::Irregular(what))
}

#[cfg(test)]
mod tests;

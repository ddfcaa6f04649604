//! Compares two texts of one file without parsing what they share.
//!
//! A text in canonical form is a sequence of entries in a known layout, so two of them can be walked side by side:
//! what is equal is skipped at the speed of comparing bytes, and only the entries that differ are parsed. The walk
//! relies on the canonical form, so it is used only where that is proven: the one text is known to be canonical
//! (it was parsed whole and written again to the same bytes), and of the other text every part that is not in the first
//! is parsed and written again. Then the other text is canonical too. Where anything is otherwise, the walk
//! gives up, and the caller parses both texts whole.

use std::ops::Range;

use super::delta::{Pair, Pairs};
use super::listed::Listed;
use crate::model::{PhoneNumber, canonical};
use memchr::memmem;

/// Whether a text is the canonical form of the file that was parsed from it.
pub fn is_canonical<F: Listed>(file: &F, text: &[u8]) -> bool {
    file.is_ordered() && canonical::first_difference(file, text).is_none()
}

/// Whether a text is a file that can be read, and in canonical form.
///
/// It is read entry by entry, none of which is kept: that takes a fraction of the memory of the whole file, and less time.
pub fn is_whole<F: Listed>(text: &[u8]) -> bool {
    Layout::of::<F>(text).is_some_and(|layout| is_frame::<F>(&layout) && has_whole_entries::<F>(layout.entries()))
}

fn has_whole_entries<F: Listed>(entries: &[u8]) -> bool {
    let (mut at, mut last) = (0, None);
    while let Some(next) = slice::<F>(entries, at) {
        let Some(next) = next else { return true };
        let follows = last.is_none_or(|last| last < next.number);
        if !follows || !entry::<F>(&next).is_ok_and(|entry| is_canonical_entry::<F>(&next, &entry)) {
            return false;
        }
        (at, last) = (next.next, Some(next.number));
    }
    false
}

/// Pairs the entries that differ; `None` unless `other` is proven to be canonical, as `known` has to be.
pub fn pairs<F: Listed>(known: &[u8], other: &[u8]) -> Option<Pairs<F::Entry>> {
    let (known, other) = (Layout::of::<F>(known)?, Layout::of::<F>(other)?);
    if known.frame() != other.frame() && !is_frame::<F>(&other) {
        return None;
    }
    let mut walk =
        Walk::<F> { from: known.entries(), to: other.entries(), at: (0, 0), last: None, pairs: Pairs::new() };
    walk.run()?;
    Some(walk.pairs)
}

struct Layout<'a> {
    text: &'a [u8],
    entries: Range<usize>,
}

impl<'a> Layout<'a> {
    fn of<F: Listed>(text: &'a [u8]) -> Option<Self> {
        let start = memmem::find(text, F::OPEN.as_bytes())? + F::OPEN.len();
        let end = start + memmem::rfind(&text[start..], F::CLOSE.as_bytes())?;
        Some(Self { text, entries: start..end })
    }

    fn entries(&self) -> &'a [u8] {
        &self.text[self.entries.clone()]
    }

    fn frame(&self) -> (&'a [u8], &'a [u8]) {
        (&self.text[..self.entries.start], &self.text[self.entries.end..])
    }
}

/// Whether what stands around the entries is the canonical form of a file without entries.
fn is_frame<F: Listed>(layout: &Layout<'_>) -> bool {
    frame::<F>(layout)
        .is_some_and(|(file, text)| file.is_known() && canonical::first_difference(&file, &text).is_none())
}

/// The file without its entries, and its text.
fn frame<F: Listed>(layout: &Layout<'_>) -> Option<(F, Vec<u8>)> {
    let (head, tail) = layout.frame();
    let text = [head.strip_suffix(b"\n")?, tail.strip_prefix(b"\n  ")?].concat();
    Some((serde_json::from_slice(&text).ok()?, text))
}

/// The file without its entries, as far as its text has the canonical layout: what it says of itself and counts.
pub fn without_entries<F: Listed>(text: &[u8]) -> Option<F> {
    frame(&Layout::of::<F>(text)?).map(|(file, _)| file)
}

/// The end of an entry: a brace where only entries have one.
const END: &[u8] = b"\n    }";
const BETWEEN: &[u8] = b"\n    },\n";

struct Walk<'a, F: Listed> {
    from: &'a [u8],
    to: &'a [u8],
    /// Both places are starts of entries, or ends.
    at: (usize, usize),
    /// The number before `at` in `to`.
    last: Option<PhoneNumber>,
    pairs: Pairs<F::Entry>,
}

/// One entry: its number, its text, and where the next begins.
struct Slice<'a> {
    number: PhoneNumber,
    text: &'a [u8],
    next: usize,
}

impl<F: Listed> Walk<'_, F> {
    fn run(&mut self) -> Option<()> {
        loop {
            self.skip_common()?;
            let (from, to) = (slice::<F>(self.from, self.at.0)?, slice::<F>(self.to, self.at.1)?);
            match (from, to) {
                (None, None) => return Some(()),
                (Some(from), Some(to)) if from.text == to.text => {
                    self.enter(&to)?;
                    self.at = (from.next, to.next);
                }
                (Some(from), to) if to.as_ref().is_none_or(|to| from.number < to.number) => {
                    self.take(Some(&from), None)?;
                }
                (from, Some(to)) if from.as_ref().is_none_or(|from| to.number < from.number) => {
                    self.take(None, Some(&to))?;
                }
                (from, to) => self.take(from.as_ref(), to.as_ref())?,
            }
        }
    }

    /// Skips whole entries that are equal on both sides.
    fn skip_common(&mut self) -> Option<()> {
        let (from, to) = (&self.from[self.at.0..], &self.to[self.at.1..]);
        let common = common_prefix(from, to);
        let Some(boundary) = memmem::rfind(&from[..common], BETWEEN) else { return Some(()) };
        // The entries in between come from the known text, so among themselves they are in order.
        self.follows(number::<F>(from)?)?;
        let last = memmem::rfind(&from[..boundary], BETWEEN).map_or(0, |end| end + BETWEEN.len());
        self.last = Some(number::<F>(&from[last..])?);
        let length = boundary + BETWEEN.len();
        self.at = (self.at.0 + length, self.at.1 + length);
        Some(())
    }

    fn take(&mut self, from: Option<&Slice<'_>>, to: Option<&Slice<'_>>) -> Option<()> {
        let number = to.or(from)?.number;
        let before = from.map(|slice| entry::<F>(slice)).transpose().ok()?;
        let after = to.map(|slice| entry::<F>(slice)).transpose().ok()?;
        if let (Some(slice), Some(entry)) = (to, &after) {
            self.enter(slice)?;
            is_canonical_entry::<F>(slice, entry).then_some(())?;
        }
        self.pairs.insert(number, Pair { from: before, to: after });
        self.at = (from.map_or(self.at.0, |slice| slice.next), to.map_or(self.at.1, |slice| slice.next));
        Some(())
    }

    fn enter(&mut self, to: &Slice<'_>) -> Option<()> {
        self.follows(to.number)?;
        self.last = Some(to.number);
        Some(())
    }

    fn follows(&self, number: PhoneNumber) -> Option<()> {
        self.last.is_none_or(|last| last < number).then_some(())
    }
}

/// The entry that starts at a place: `Some(None)` at the end, `None` where the layout is another.
#[allow(clippy::option_option)] // the outer one is the walk's way to give up
fn slice<F: Listed>(entries: &[u8], at: usize) -> Option<Option<Slice<'_>>> {
    let rest = &entries[at..];
    if rest.is_empty() {
        return Some(None);
    }
    let end = memmem::find(rest, END)? + END.len();
    let next = match &rest[end..] {
        [] => end,
        // A comma promises one more entry.
        [b',', b'\n', _, ..] => end + 2,
        _ => return None,
    };
    Some(Some(Slice { number: number::<F>(rest)?, text: &rest[..end], next: at + next }))
}

fn number<F: Listed>(entry: &[u8]) -> Option<PhoneNumber> {
    let rest = entry.strip_prefix(F::BEFORE_NUMBER.as_bytes())?;
    let end = rest.iter().take(20).position(|byte| *byte == b'"')?;
    PhoneNumber::parse(std::str::from_utf8(&rest[..end]).ok()?).ok()
}

fn entry<F: Listed>(slice: &Slice<'_>) -> serde_json::Result<F::Entry> {
    let before = F::before_object(slice.number).len().min(slice.text.len());
    serde_json::from_slice(&slice.text[before..])
}

/// How deep an entry lies in its file.
const DEPTH: usize = 2;

fn is_canonical_entry<F: Listed>(slice: &Slice<'_>, entry: &F::Entry) -> bool {
    let object = slice.text.strip_prefix(F::before_object(slice.number).as_bytes());
    object.is_some_and(|object| canonical::is_nested(entry, DEPTH, object))
}

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    const CHUNK: usize = 4096;
    let chunks = one.chunks_exact(CHUNK).zip(other.chunks_exact(CHUNK));
    let whole = chunks.take_while(|(one, other)| one == other).count() * CHUNK;
    let bytes = one[whole..].iter().zip(&other[whole..]);
    whole + bytes.take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests;

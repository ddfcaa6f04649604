//! From places to lines and columns: each file with findings is indexed once, when its first finding asks.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use super::Source;
use super::bounded::Sorting;
use super::context::Context;
use super::diagnostic::{Diagnostic, Excerpt, Location, RelatedLocation};
use super::finding::{Finding, Part, Place};
use crate::document::{Document, Layout, LineIndex};
use crate::model::paths;
use crate::secrets::{self, Secret};
use crate::side_by_side;

/// How much of a line an excerpt shows, in bytes: a minified file is one line of megabytes.
const LONGEST_LINE: usize = 160;
/// How many findings of a rule are shown with their lines: no person reads more, and a million of them fill the memory.
const MOST_EXCERPTS: usize = 1_000;
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How many findings make it worth to look through their files first, on two threads.
const MANY: usize = 1_000;

/// Resolves the places of findings in a project's files.
pub struct Resolver<'a> {
    context: &'a Context<'a>,
    sorting: &'a Sorting<'a>,
    sources: BTreeMap<&'a str, OnceLock<SourceText<'a>>>,
}

struct SourceText<'a> {
    bytes: &'a [u8],
    lines: LineIndex<'a>,
    /// None where the text is not UTF-8, in which no pointer leads anywhere.
    document: Option<Document<'a>>,
    base: usize,
    secrets: Cow<'a, [Secret]>,
}

impl<'a> Resolver<'a> {
    /// Resolves in the files of a project, and in the `phone-dir.toml` that is in force.
    pub fn new(context: &'a Context<'a>, sorting: &'a Sorting<'a>) -> Self {
        let files = context.snapshot.files.keys().map(String::as_str);
        let sources = files.chain([paths::SETTINGS]).map(|file| (file, OnceLock::new())).collect();
        Self { context, sorting, sources }
    }

    /// Resolves findings and gives them their severities, in their order.
    pub fn diagnostics(&self, findings: &[Finding]) -> Vec<Diagnostic> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let numbered: Vec<(&Finding, usize)> = findings
            .iter()
            .map(|finding| {
                let count = counts.entry(finding.rule.code).or_default();
                *count += 1;
                (finding, *count)
            })
            .collect();
        let resolve = |(finding, count): &(&Finding, usize)| self.diagnostic(finding, *count <= MOST_EXCERPTS);
        if findings.len() >= MANY {
            self.prepare(findings);
        }
        side_by_side::each_of_many(&numbered, resolve)
    }

    /// Looks through the files that findings name, the large ones first.
    fn prepare(&self, findings: &[Finding]) {
        let related = findings.iter().flat_map(|finding| finding.related.iter().map(|related| &related.place));
        let places = findings.iter().map(|finding| &finding.place).chain(related);
        let files: BTreeSet<&str> = places.map(|place| place.file.as_str()).collect();
        let mut files: Vec<&str> = files.into_iter().collect();
        files.sort_by_key(|file| Reverse(self.context.snapshot.bytes(file).map_or(0, <[u8]>::len)));
        side_by_side::each(&files, |file| {
            if let Some(document) = self.source(file).and_then(|source| source.document.as_ref()) {
                document.prepare();
            }
        });
    }

    fn diagnostic(&self, finding: &Finding, has_excerpt: bool) -> Diagnostic {
        let (location, range) = self.location(&finding.place);
        let has_excerpt = has_excerpt && !matches!(finding.place.part, Part::WholeFile);
        let excerpt = range.filter(|_| has_excerpt).and_then(|range| self.source(&finding.place.file)?.excerpt(&range));
        let related = finding.related.iter().map(|related| RelatedLocation {
            location: self.location(&related.place).0,
            message: hidden(&related.message),
        });
        Diagnostic {
            rule: finding.rule,
            severity: self.sorting.severity(finding),
            message: hidden(&finding.message),
            item: finding.item.as_deref().map(hidden),
            related: related.collect(),
            location,
            phone_number: finding.phone_number,
            workspace: finding.workspace.clone(),
            commit: match &self.context.occasion.source {
                Source::Commit(id) => Some(id.clone()),
                Source::Worktree | Source::Index | Source::Range(_) => None,
            },
            help: finding.help.as_deref().map(hidden),
            excerpt,
        }
    }

    fn location(&self, place: &Place) -> (Location, Option<Range<usize>>) {
        let source = self.source(&place.file);
        let range = source.as_ref().and_then(|source| source.range(&place.part));
        let at = |offset: usize| {
            source
                .as_ref()
                .map_or(crate::document::Position { line: 1, column: 1 }, |source| source.lines.position(offset))
        };
        let span = range.clone().unwrap_or(0..0);
        let pointer = match &place.part {
            Part::Key(pointer) | Part::Value(pointer) => Some(hidden(pointer.as_str())),
            Part::WholeFile | Part::Offset(_) => None,
        };
        let location = Location {
            file: place.file.clone(),
            start: at(span.start),
            end: at(span.end),
            pointer,
            offset: span.start,
        };
        (location, range)
    }

    fn source(&self, file: &str) -> Option<&SourceText<'a>> {
        let source = self.sources.get(file)?;
        if file == paths::SETTINGS {
            let settings = &self.sorting.settings.text;
            let secrets = || Cow::Owned(secrets::all(settings));
            return Some(source.get_or_init(|| SourceText::new(settings, secrets(), None)));
        }
        let bytes = self.context.snapshot.bytes(file)?;
        let layout = if self.context.known.is_canonical(file) { Layout::Canonical } else { Layout::Any };
        let layout = Some(layout).filter(|_| self.context.reads(file));
        Some(source.get_or_init(|| SourceText::new(bytes, Cow::Borrowed(self.context.secrets(file)), layout)))
    }
}

/// A text without the secrets that it quotes from a file.
fn hidden(text: &str) -> String {
    secrets::masked(text).into_owned()
}

impl<'a> SourceText<'a> {
    /// Wraps a file; its layout is known where it could be read.
    fn new(bytes: &'a [u8], secrets: Cow<'a, [Secret]>, layout: Option<Layout>) -> Self {
        let text = std::str::from_utf8(bytes).ok();
        let base = text.filter(|text| text.starts_with(BYTE_ORDER_MARK)).map_or(0, |_| BYTE_ORDER_MARK.len());
        let document = text.map(|text| &text[base..]);
        let document = document.map(|text| layout.map_or_else(|| Document::new(text), |it| Document::known(text, it)));
        Self { bytes, lines: LineIndex::new(bytes), document, base, secrets }
    }

    fn range(&self, part: &Part) -> Option<Range<usize>> {
        let moved = |range: Range<usize>| range.start + self.base..range.end + self.base;
        match part {
            Part::WholeFile => None,
            Part::Offset(range) => Some(range.start.min(self.bytes.len())..range.end.min(self.bytes.len())),
            Part::Key(pointer) => {
                let spans = self.document.as_ref()?.nearest(pointer.as_str())?;
                Some(moved(spans.key.unwrap_or_else(|| opening(&spans.value))))
            }
            Part::Value(pointer) => {
                let document = self.document.as_ref()?;
                let spans = document.nearest(pointer.as_str())?;
                // A container is shown by its key, in place of forty marked lines.
                let container = matches!(self.bytes.get(spans.value.start + self.base), Some(b'{' | b'['));
                let opening = || spans.key.clone().unwrap_or_else(|| opening(&spans.value));
                Some(moved(if container { opening() } else { spans.value.clone() }))
            }
        }
    }

    /// The line of a range with one before and one after, cut where they are long, secrets masked.
    fn excerpt(&self, range: &Range<usize>) -> Option<Excerpt> {
        let line = self.lines.position(range.start).line;
        let first_line = line.saturating_sub(1).max(1);
        let (mut text, mut span) = (String::new(), 0..0);
        for number in first_line..=line + 1 {
            let bytes = self.lines.line(number);
            if number > line && bytes.is_empty() {
                break;
            }
            let start = self.lines.start_of(number);
            // A byte order mark lies before the start of its line.
            let meant = range.start.max(start);
            let window = window(bytes, (number == line).then(|| meant - start));
            let (from, to) = (start + window.start, start + window.end);
            if number == line {
                span.start = text.len() + self.shown(from..meant.min(to)).len();
                span.end = span.start + self.shown(meant.min(to)..range.end.clamp(meant.min(to), to)).len();
            }
            text.push_str(&self.shown(from..to));
            text.push('\n');
        }
        (!text.trim().is_empty()).then_some(Excerpt { first_line, text, span })
    }

    fn shown(&self, range: Range<usize>) -> String {
        let mut bytes = self.bytes[range.start.min(range.end)..range.end].to_vec();
        // None overlap, so their ends are in order too.
        let from = self.secrets.partition_point(|secret| secret.range.end <= range.start);
        for secret in self.secrets[from..].iter().take_while(|secret| secret.range.start < range.end) {
            let hidden = secret.range.start.max(range.start)..secret.range.end.min(range.end);
            for at in hidden {
                bytes[at - range.start] = b'*';
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn opening(value: &Range<usize>) -> Range<usize> {
    value.start..(value.start + 1).min(value.end)
}

/// The part of a line that is shown: around the given byte where the line is long.
fn window(line: &[u8], around: Option<usize>) -> Range<usize> {
    if line.len() <= LONGEST_LINE {
        return 0..line.len();
    }
    let start = boundary(line, around.unwrap_or_default().saturating_sub(LONGEST_LINE / 4));
    start..boundary(line, (start + LONGEST_LINE).min(line.len()))
}

/// The start of the character that holds a byte.
fn boundary(line: &[u8], at: usize) -> usize {
    (0..=at).rev().find(|at| line.get(*at).is_none_or(|byte| byte & 0b1100_0000 != 0b1000_0000)).unwrap_or_default()
}

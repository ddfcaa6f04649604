//! JSON text to byte spans: where a key or a value of a JSON pointer stands in a file.
//!
//! Whether a text is JSON says `serde_json`; only in one that is does anything look for [children]. A container is listed
//! when something in it is first asked for, so a file without findings costs nothing. What the values mean is the
//! [model](crate::model)'s business.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::value::RawValue;

pub use self::children::closing_quote;
use self::children::{Children, ClosingLines, value_end};
pub use self::lines::{LineIndex, Position};

mod children;
pub mod encoding;
mod lines;

/// Deeper containers are not looked into: `serde_json` itself reads no deeper, and each level is scanned anew.
const MAX_DEPTH: usize = 128;

/// A container of no more bytes is listed anew for each question, which costs less than remembering it: a directory
/// has one such entry for every number.
const SMALL: usize = 4096;

/// The byte ranges of one value and of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spans {
    /// The key with its quotes; none for an array element and for the root.
    pub key: Option<Range<usize>>,
    /// The value, without blanks around it.
    pub value: Range<usize>,
}

/// A key that stands twice in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The pointer that both keys have.
    pub pointer: String,
    /// The earlier key, with its quotes.
    pub first: Range<usize>,
    /// The later key, with its quotes.
    pub again: Range<usize>,
}

/// How a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Any,
    /// In canonical form, in which the line that ends a container is known by how far in it begins.
    Canonical,
}

/// A JSON text that can say where things stand in it.
pub struct Document<'a> {
    text: &'a str,
    layout: Layout,
    root: OnceLock<Option<Range<usize>>>,
    containers: Mutex<HashMap<usize, Arc<Container<'a>>>>,
}

/// The children of one large object or array, in the order of the text.
struct Container<'a> {
    children: Vec<Spans>,
    /// Where a name's last child is; empty for an array.
    by_name: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Document<'a> {
    /// Wraps a text; it need not be JSON, but then nothing is found in it.
    pub fn new(text: &'a str) -> Self {
        Self { text, layout: Layout::Any, root: OnceLock::new(), containers: Mutex::default() }
    }

    /// Wraps a text that was read as JSON already, so that nothing of it has to be checked again.
    pub fn known(text: &'a str, layout: Layout) -> Self {
        let document = Self { layout, ..Self::new(text) };
        document.root.get_or_init(|| Some(document.range_of(trimmed(text))));
        document
    }

    /// Lists what the text holds, for those who will ask for many places in it.
    pub fn prepare(&self) {
        self.root().and_then(|root| self.container(&root));
    }

    /// The spans of exactly what a JSON pointer (RFC 6901) names.
    ///
    /// Of a key that stands twice, the last one is meant, as it is for `serde_json`.
    pub fn find(&self, pointer: &str) -> Option<Spans> {
        let (spans, rest) = self.walk(pointer)?;
        rest.is_empty().then_some(spans)
    }

    /// The spans of what a pointer names or, where that is not there, of the nearest container around it.
    pub fn nearest(&self, pointer: &str) -> Option<Spans> {
        self.walk(pointer).map(|(spans, _)| spans)
    }

    /// Every key that stands twice in its object, in the order of the text.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let mut found = Vec::new();
        let mut open: Vec<(String, Range<usize>, usize)> =
            self.root().map(|root| (String::new(), root, 0)).into_iter().collect();
        while let Some((pointer, range, depth)) = open.pop() {
            let Some(children) = self.children(&range).filter(|_| depth < MAX_DEPTH) else { continue };
            let children: Vec<Spans> = children.collect();
            self.duplicates_among(&children, &pointer, &mut found);
            for (index, child) in children.into_iter().enumerate() {
                if self.children(&child.value).is_some() {
                    let token = child.key.map_or_else(|| index.to_string(), |key| escape(&self.name(&key)));
                    open.push((format!("{pointer}/{token}"), child.value, depth + 1));
                }
            }
        }
        found.sort_by_key(|duplicate: &Duplicate| duplicate.again.start);
        found
    }

    fn duplicates_among(&self, children: &[Spans], pointer: &str, found: &mut Vec<Duplicate>) {
        let mut seen: HashMap<Cow<'_, str>, &Range<usize>> = HashMap::new();
        for key in children.iter().filter_map(|child| child.key.as_ref()) {
            match seen.entry(self.name(key)) {
                MapEntry::Vacant(entry) => {
                    entry.insert(key);
                }
                MapEntry::Occupied(entry) => found.push(Duplicate {
                    pointer: format!("{pointer}/{}", escape(entry.key())),
                    first: (*entry.get()).clone(),
                    again: key.clone(),
                }),
            }
        }
    }

    fn walk<'p>(&self, pointer: &'p str) -> Option<(Spans, &'p str)> {
        let mut spans = Spans { key: None, value: self.root()? };
        let mut rest = pointer;
        for _ in 0..MAX_DEPTH {
            let Some(tail) = rest.strip_prefix('/') else { break };
            let token = tail.split('/').next().unwrap_or_default();
            let Some(child) = self.child(&spans.value, token) else { break };
            spans = child;
            rest = &tail[token.len()..];
        }
        Some((spans, rest))
    }

    /// The value that the whole text is; none where the text is no JSON.
    fn root(&self) -> Option<Range<usize>> {
        let find = || {
            let trimmed = trimmed(self.text);
            serde_json::from_str::<&RawValue>(trimmed).is_ok().then(|| self.range_of(trimmed))
        };
        self.root.get_or_init(find).clone()
    }

    /// What a pointer's token names in the container at a place.
    fn child(&self, range: &Range<usize>, token: &str) -> Option<Spans> {
        if range.len() > SMALL {
            return self.container(range)?.child(token);
        }
        let mut children = self.children(range)?;
        match self.text.as_bytes()[range.start] {
            b'{' => {
                let name = unescape(token);
                let has_name = |child: &Spans| child.key.as_ref().is_some_and(|key| self.name(key) == name);
                children.filter(has_name).last()
            }
            _ => children.nth(token.parse().ok()?),
        }
    }

    fn container(&self, range: &Range<usize>) -> Option<Arc<Container<'a>>> {
        let known = || self.containers.lock().unwrap_or_else(PoisonError::into_inner).get(&range.start).cloned();
        known().or_else(|| {
            // A file's entries stand in what its root holds, so that one pass over the text lists both.
            let is_root = self.root() == Some(range.clone());
            let depth = (is_root && self.layout == Layout::Canonical).then_some(1);
            self.list(range.start, usize::from(is_root), depth)?;
            known()
        })
    }

    /// Lists the container at an offset if it is not small, and so many levels below it; gives its end.
    ///
    /// `depth` is that of its children, where the text is in canonical form.
    fn list(&self, start: usize, levels: usize, depth: Option<usize>) -> Option<usize> {
        let text = self.text.as_bytes();
        let lines = depth.map(ClosingLines::at_depth);
        let mut open = Children::of(text, start)?;
        let mut children = Vec::new();
        while let Some((key, start)) = open.begin() {
            let below = levels.checked_sub(1).and_then(|levels| self.list(start, levels, depth.map(|depth| depth + 1)));
            let by_line = || lines.as_ref().map(|lines| lines.value_end(text, start));
            let end = below.or_else(by_line).unwrap_or_else(|| value_end(text, start));
            open.go_on(end);
            children.push(Spans { key, value: start..end });
        }
        let end = open.end();
        if end - start > SMALL {
            let keys = children.iter().enumerate();
            let by_name = keys.filter_map(|(at, child)| Some((self.name(child.key.as_ref()?), at))).collect();
            let container = Arc::new(Container { children, by_name });
            self.containers.lock().unwrap_or_else(PoisonError::into_inner).insert(start, container);
        }
        Some(end)
    }

    /// The children of the container at a place; none where a value of another kind stands there.
    fn children(&self, range: &Range<usize>) -> Option<Children<'a>> {
        Children::of(self.text.as_bytes(), range.start)
    }

    /// A key's text without quotes and escapes.
    fn name(&self, key: &Range<usize>) -> Cow<'a, str> {
        name(&self.text[key.clone()])
    }

    /// Where a part of the text stands in it; `part` borrows from the text.
    fn range_of(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }
}

impl Container<'_> {
    fn child(&self, token: &str) -> Option<Spans> {
        let is_object = self.children.first()?.key.is_some();
        let at = if is_object { *self.by_name.get(unescape(token).as_ref())? } else { token.parse().ok()? };
        self.children.get(at).cloned()
    }
}

/// A text without the blanks around its value.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\n', '\r', '\t'])
}

/// A key's text without quotes and escapes; an escape that is no character stays as it is written.
fn name(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(inner), Cow::Owned)
}

/// Writes a key as one token of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Reads one token of a JSON pointer.
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    const TEXT: &str = "{\"a\": {\"b/c\": [1, {\"d\\u0065\": \"x\"}]}, \"ü\": null}";

    fn key_and_value(pointer: &str) -> (Option<&str>, &str) {
        let spans = Document::new(TEXT).find(pointer).unwrap();
        (spans.key.map(|key| &TEXT[key]), &TEXT[spans.value])
    }

    #[test]
    fn a_pointer_finds_keys_and_values_to_the_byte() {
        assert_eq!(key_and_value(""), (None, TEXT));
        assert_eq!(key_and_value("/a/b~1c/0"), (None, "1"));
        assert_eq!(key_and_value("/a/b~1c/1/de"), (Some("\"d\\u0065\""), "\"x\""));
        assert_eq!(key_and_value("/ü"), (Some("\"ü\""), "null"));
    }

    #[test]
    fn in_canonical_form_everything_is_found_where_it_is_found_otherwise() {
        let entry = json!({"a": {}, "b": [], "c": [{"d": "}\n    }"}], "e": "\\", "f": [[1], {"g": {"h": null}}]});
        let entries: Map<String, Value> = (0..100).map(|at| (format!("/{at}"), entry.clone())).collect();
        let value = json!({"empty": {}, "list": vec![&entry; 100], "entries": entries, "last": 1});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let (known, any) = [Layout::Canonical, Layout::Any].map(|layout| Document::known(&text, layout)).into();
        for pointer in ["", "/empty", "/list", "/list/0", "/list/99/f/1/g/h", "/entries", "/last", "/none"] {
            assert_eq!(known.find(pointer), any.find(pointer), "{pointer}");
        }
        for at in 0..100 {
            let pointer = format!("/entries/~1{at}");
            assert!(known.find(&pointer).is_some_and(|spans| spans.value.len() > 100));
            assert_eq!(known.find(&pointer), any.find(&pointer));
        }
    }

    #[test]
    fn what_is_not_there_is_near_its_container() {
        let document = Document::new(TEXT);
        assert_eq!(document.find("/a/nothing/here"), None);
        assert_eq!(document.nearest("/a/nothing/here"), document.find("/a"));
        assert_eq!(document.nearest("/a/b~1c/7"), document.find("/a/b~1c"));
    }

    #[test]
    fn keys_that_stand_twice_are_seen_at_every_level() {
        let text = r#"{"a": 1, "n": [{"x": 1, "\u0078": 2}], "a": {}, "a": 3}"#;
        let found: Vec<_> =
            Document::new(text).duplicates().into_iter().map(|twice| (twice.pointer, twice.again)).collect();
        let again: Vec<_> = found.iter().map(|(pointer, range)| (pointer.as_str(), &text[range.clone()])).collect();
        assert_eq!(again, [("/n/0/x", r#""\u0078""#), ("/a", "\"a\""), ("/a", "\"a\"")]);
    }

    #[test]
    fn deep_nesting_and_texts_that_are_no_json_end_quietly() {
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(Document::new(&deep).duplicates().is_empty());
        assert!(Document::new(&deep).nearest(&"/0".repeat(5_000)).is_some());
        for broken in ["", "\u{feff}{}", "{", "<<<<<<< ours\n{}", "{\"a\": 1,}", "\0"] {
            assert_eq!(Document::new(broken).nearest("/a"), None, "{broken:?}");
        }
    }
}

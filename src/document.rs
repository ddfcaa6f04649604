//! JSON text to byte spans: where a key or a value of a JSON pointer stands in a file.
//!
//! It is no parser of its own: `serde_json`'s raw values borrow from the text, and their addresses are the
//! spans. A container is listed when something in it is first asked for, so a file without findings
//! costs nothing. What the values mean is the [model](crate::model)'s business.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

pub use self::lines::{LineIndex, Position};

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

/// A JSON text that can say where things stand in it.
pub struct Document<'a> {
    text: &'a str,
    root: OnceCell<Option<Range<usize>>>,
    containers: RefCell<HashMap<usize, Rc<Container<'a>>>>,
}

struct Child<'a> {
    name: Option<Cow<'a, str>>,
    spans: Spans,
}

/// The children of one object or array, in the order of the text.
struct Container<'a> {
    children: Vec<Child<'a>>,
    /// Where a name's last child is; none in a container that is [small](SMALL) enough to look through.
    by_name: Option<HashMap<Cow<'a, str>, usize>>,
}

impl<'a> Document<'a> {
    /// Wraps a text; it need not be JSON, but then nothing is found in it.
    pub fn new(text: &'a str) -> Self {
        Self { text, root: OnceCell::new(), containers: RefCell::default() }
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
            let Some(container) = self.list(&range).filter(|_| depth < MAX_DEPTH) else { continue };
            container.duplicates(&pointer, &mut found);
            for (index, child) in container.children.iter().enumerate() {
                if self.is_container(&child.spans.value) {
                    let token = child.name.as_deref().map_or_else(|| index.to_string(), escape);
                    open.push((format!("{pointer}/{token}"), child.spans.value.clone(), depth + 1));
                }
            }
        }
        found.sort_by_key(|duplicate: &Duplicate| duplicate.again.start);
        found
    }

    fn walk<'p>(&self, pointer: &'p str) -> Option<(Spans, &'p str)> {
        let mut spans = Spans { key: None, value: self.root()? };
        let mut rest = pointer;
        for _ in 0..MAX_DEPTH {
            let Some(tail) = rest.strip_prefix('/') else { break };
            let token = tail.split('/').next().unwrap_or_default();
            let Some(child) = self.container(&spans.value).and_then(|container| container.child(token)) else { break };
            spans = child;
            rest = &tail[token.len()..];
        }
        Some((spans, rest))
    }

    /// The value that the whole text is; none where the text is no JSON.
    fn root(&self) -> Option<Range<usize>> {
        let find = || {
            let trimmed = self.text.trim_matches([' ', '\n', '\r', '\t']);
            let range = self.range_of(trimmed);
            let is_json = if self.is_container(&range) {
                // One pass lists it and shows that it is whole.
                self.container(&range).is_some()
            } else {
                serde_json::from_str::<&RawValue>(trimmed).is_ok()
            };
            is_json.then_some(range)
        };
        self.root.get_or_init(find).clone()
    }

    fn container(&self, range: &Range<usize>) -> Option<Rc<Container<'a>>> {
        if let Some(known) = self.containers.borrow().get(&range.start) {
            return Some(Rc::clone(known));
        }
        let container = Rc::new(self.list(range)?);
        if range.len() > SMALL {
            self.containers.borrow_mut().insert(range.start, Rc::clone(&container));
        }
        Some(container)
    }

    fn list(&self, range: &Range<usize>) -> Option<Container<'a>> {
        if !self.is_container(range) {
            return None;
        }
        let Children(raw) = serde_json::from_str(&self.text[range.clone()]).ok()?;
        let children: Vec<_> = raw.into_iter().map(|(key, value)| self.child(key, value)).collect();
        let index = || {
            let names = children.iter().enumerate();
            names.filter_map(|(at, child)| Some((child.name.clone()?, at))).collect()
        };
        let by_name = (range.len() > SMALL).then(index);
        Some(Container { children, by_name })
    }

    fn child(&self, key: Option<&'a RawValue>, value: &'a RawValue) -> Child<'a> {
        let spans = Spans { key: key.map(|key| self.range_of(key.get())), value: self.range_of(value.get()) };
        Child { name: key.map(|key| name(key.get())), spans }
    }

    fn is_container(&self, range: &Range<usize>) -> bool {
        matches!(self.text.as_bytes().get(range.start), Some(b'{' | b'['))
    }

    /// Where a part of the text stands in it; `part` borrows from the text.
    fn range_of(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }
}

impl Container<'_> {
    fn duplicates(&self, pointer: &str, found: &mut Vec<Duplicate>) {
        let mut seen: HashMap<&str, Range<usize>> = HashMap::new();
        for child in &self.children {
            let (Some(name), Some(key)) = (&child.name, &child.spans.key) else { continue };
            match seen.entry(name) {
                MapEntry::Vacant(entry) => {
                    entry.insert(key.clone());
                }
                MapEntry::Occupied(entry) => found.push(Duplicate {
                    pointer: format!("{pointer}/{}", escape(name)),
                    first: entry.get().clone(),
                    again: key.clone(),
                }),
            }
        }
    }

    fn child(&self, token: &str) -> Option<Spans> {
        let is_object = self.children.first()?.name.is_some();
        let at = if is_object { self.position(unescape(token).as_ref())? } else { token.parse().ok()? };
        self.children.get(at).map(|child| child.spans.clone())
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.by_name {
            Some(by_name) => by_name.get(name).copied(),
            None => self.children.iter().rposition(|child| child.name.as_deref() == Some(name)),
        }
    }
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

/// The raw children of a container, with their keys where it is an object.
struct Children<'a>(Vec<(Option<&'a RawValue>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Children<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Raw;

        impl<'de> Visitor<'de> for Raw {
            type Value = Children<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object or an array")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut children = Vec::new();
                while let Some((key, value)) = access.next_entry::<&RawValue, &RawValue>()? {
                    children.push((Some(key), value));
                }
                Ok(Children(children))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut children = Vec::new();
                while let Some(value) = access.next_element::<&RawValue>()? {
                    children.push((None, value));
                }
                Ok(Children(children))
            }
        }

        deserializer.deserialize_any(Raw)
    }
}

#[cfg(test)]
mod tests {
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

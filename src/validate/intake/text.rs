//! What can be wrong with a file before anything is known of its kind: encoding, conflict markers, JSON itself.

use std::ops::Range;

use serde_json::Value;
use serde_json::error::Category;

use crate::document::encoding::WideEncoding;
use crate::document::{Document, LineIndex};
use crate::validate::finding::{Finding, Part, Place, Pointer};
use crate::validate::rules::{conflict_marker, duplicate_key, encoding, not_json, schema};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file that is JSON.
pub struct FileText<'a> {
    /// The JSON value; of a key that stands twice, the last.
    pub value: Value,
    /// Whether a byte order mark, which is not JSON, stands before it.
    pub has_mark: bool,
    path: &'a str,
    json: &'a str,
}

impl<'a> FileText<'a> {
    /// Reports what keeps a file from being JSON; nothing comes back where that is final.
    pub fn examine(path: &'a str, bytes: &'a [u8], findings: &mut Vec<Finding>) -> Option<Self> {
        let text = Self::examine_encoding(path, bytes, findings)?;
        if let Some(finding) = conflicts(path, text) {
            findings.push(finding);
            return None;
        }
        let json = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        match serde_json::from_str(json) {
            Ok(value) => Some(Self { value, has_mark: json.len() < text.len(), path, json }),
            Err(error) => {
                findings.push(syntax(path, text, json, &error));
                None
            }
        }
    }

    /// Reports a wrong encoding; nothing comes back where the text is unknown.
    pub fn examine_encoding(path: &str, bytes: &'a [u8], findings: &mut Vec<Finding>) -> Option<&'a str> {
        match std::str::from_utf8(bytes) {
            // Without a mark, UTF-16 or UTF-32 of plain letters is UTF-8 with zeros between them.
            Ok(_) if WideEncoding::of(bytes).is_some() => {
                findings.push(encoding::finding(path, bytes, 0));
                None
            }
            Ok(text) => {
                // Where nothing follows, that is what is wrong.
                if text.strip_prefix(BYTE_ORDER_MARK).is_some_and(|json| !json.trim_ascii().is_empty()) {
                    findings.push(encoding::byte_order_mark(path));
                }
                Some(text)
            }
            Err(error) => {
                findings.push(encoding::finding(path, bytes, error.valid_up_to()));
                None
            }
        }
    }

    /// Reports every key that stands twice.
    pub fn report_duplicates(&self, findings: &mut Vec<Finding>) {
        let base = if self.has_mark { BYTE_ORDER_MARK.len() } else { 0 };
        let moved = |range: Range<usize>| range.start + base..range.end + base;
        for duplicate in Document::new(self.json).duplicates() {
            let (first, again) = (moved(duplicate.first), moved(duplicate.again));
            findings.push(duplicate_key::finding(self.path, &duplicate.pointer, first, again));
        }
    }

    /// Reports that the typed parse refused what the schema accepts: never expected, and never passed over.
    pub fn disagreement(&self) -> Finding {
        Finding::new(
            &schema::RULE,
            Place { file: self.path.to_owned(), part: Part::Value(Pointer::root()) },
            "a value is not of the shape that the schema asks for",
        )
    }
}

/// Finds the markers that git leaves in a file when a merge conflicts.
fn conflicts(path: &str, text: &str) -> Option<Finding> {
    let mut offset = 0;
    let mut markers = Vec::new();
    for line in text.split_inclusive('\n') {
        if ["<<<<<<< ", ">>>>>>> "].iter().any(|marker| line.starts_with(marker)) || line.trim_end() == "=======" {
            markers.push(offset..offset + line.trim_end().len());
        }
        offset += line.len();
    }
    // Seven equals signs alone are no conflict: they only tell the two sides apart.
    let is_side = |range: &Range<usize>| !text[range.clone()].starts_with('=');
    let first = markers.iter().position(is_side)?;
    Some(conflict_marker::finding(path, &markers[first..]))
}

fn syntax(path: &str, text: &str, json: &str, error: &serde_json::Error) -> Finding {
    if json.trim_ascii().is_empty() {
        return not_json::finding(path, 0..0, "the file is empty");
    }
    let base = text.len() - json.len();
    let offset = base + LineIndex::new(json.as_bytes()).offset(error.line(), error.column());
    let end = text[offset.min(text.len())..].chars().next().map_or(offset, |letter| offset + letter.len_utf8());
    let what = match error.classify() {
        Category::Eof => "the JSON ends too early".to_owned(),
        _ if ["//", "/*", "#"].iter().any(|mark| text[offset.min(text.len())..].starts_with(mark)) => {
            "comments are no part of it".to_owned()
        }
        // Syntax messages name what was expected, and quote nothing.
        _ => without_position(&error.to_string()),
    };
    not_json::finding(path, offset..end, &what)
}

fn without_position(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(what, _)| what).to_owned()
}

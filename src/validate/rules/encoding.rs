//! Texts that are not UTF-8, or start with a byte order mark.

use crate::document::encoding::WideEncoding;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "encoding",
    severity: Severity::Error,
    summary: "Files are UTF-8 without a byte order mark",
    passed: "All files are UTF-8",
    heading: Heading::Counted("file is not plain UTF-8", "files are not plain UTF-8"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Every JSON file is UTF-8 text, without a byte order mark at its start.",
        why: "JSON is defined as UTF-8 (RFC 8259); a byte order mark or another encoding makes other readers fail, and a git diff unreadable.",
        example: "An editor on Windows saved `directory.json` as \"UTF-16\" or \"UTF-8 with BOM\".",
        fix: "Save the file as UTF-8 without a byte order mark. `phone-dir validate --fix` repairs a file that differs only by the mark.",
    },
    check: Check::Reading,
};

/// Reports a byte order mark at the start of a file.
pub fn byte_order_mark(path: &str) -> Finding {
    Finding::new(&RULE, Place::bytes(path, 0..3), format!("`{path}` starts with a byte order mark"))
        .help("save it as UTF-8 without a byte order mark")
}

/// Reports bytes that are not UTF-8; the first `valid` bytes are.
pub fn finding(path: &str, bytes: &[u8], valid: usize) -> Finding {
    let what = WideEncoding::of(bytes)
        .map_or("holds bytes that are not UTF-8".to_owned(), |wide| format!("is {}, not UTF-8", wide.name()));
    Finding::new(&RULE, Place::bytes(path, valid..valid + 1), format!("`{path}` {what}"))
        .help("save it as UTF-8 without a byte order mark")
}

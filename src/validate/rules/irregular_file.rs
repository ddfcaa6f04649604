//! Links, submodules and other things that are no regular files.

use crate::model::scope::reason;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "irregular-file",
    severity: Severity::Error,
    summary: "The directory's files are regular files",
    passed: "All files are regular files",
    heading: Heading::Counted("path is not a regular file", "paths are not regular files"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Every path of the directory is a regular file: no symbolic link, submodule, device, pipe, or file of absurd size.",
        why: "A link may lead out of the repository, to a file outside of review; such paths are never read or written.",
        example: "`phone-numbers/staging/numbers.json` is a symbolic link to `/etc/passwd`.",
        fix: "Replace it with a regular file.",
    },
    check: Check::Reading,
};

/// Reports what stands at a path instead of a file.
pub fn finding(path: &str, what: &str) -> Finding {
    Finding::new(&RULE, Place::file(path), format!("`{path}` is {what}, which is not read")).help(reason::remedy(what))
}

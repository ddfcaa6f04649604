//! Why a file of a directory could not be read, and how a command that needed it says so.
//!
//! What is wrong with the values in a file that could be read is the validator's business.

use serde_json::error::Category;

use crate::document::encoding::WideEncoding;
use crate::document::{Document, LineIndex, Position};
use crate::error::Error;
use crate::model::paths::FileKind;
use crate::model::scope::reason;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// It has to be there, and is not.
    Missing,
    /// It is not a regular file: what it is instead.
    Irregular(&'static str),
    /// It is not JSON, or not of its kind's shape: what is wrong, and where.
    Unreadable(Flaw, Position),
    /// It was written by a newer program.
    Newer(String),
}

/// Why a text could not be parsed. The parser's message would quote values, which in some files are secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Syntax,
    /// It is JSON that stops before its end.
    End,
    /// It is JSON of another shape.
    Shape,
    /// It holds both sides of a merge.
    Conflict,
    /// There is nothing in it.
    Empty,
    /// A byte order mark stands before it.
    Mark,
    /// It is in another encoding.
    Wide(WideEncoding),
}

impl Flaw {
    fn words(self) -> &'static str {
        match self {
            Self::Syntax => "it is not JSON",
            Self::End => "the JSON ends too early",
            Self::Shape => "a value is not of the shape that the schema asks for",
            Self::Empty => "it is empty",
            Self::Mark => "it starts with a byte order mark, which is not JSON",
            Self::Wide(WideEncoding::Utf16) => "it is UTF-16, not UTF-8",
            Self::Wide(WideEncoding::Utf32) => "it is UTF-32, not UTF-8",
            Self::Conflict => "a merge stopped here, and no side is chosen yet",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Conflict => {
                "choose with `phone-dir resolve`, or edit the file; `git status` lists what is in conflict"
            }
            Self::Mark | Self::Wide(_) => {
                "save it as UTF-8 without a byte order mark; `phone-dir validate --fix` removes a mark"
            }
            _ => "run `phone-dir validate` to see every problem with its place",
        }
    }
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFailure {
    /// The file's path from the project's root.
    pub path: String,
    pub reason: FailureReason,
}

impl ReadFailure {
    /// All failures as the error that ends a command, one line each; none where there is none.
    pub fn all_as_error(mut failures: Vec<Self>) -> Option<Error> {
        if failures.len() < 2 {
            return failures.pop().map(Self::into_error);
        }
        let errors: Vec<_> = failures.into_iter().map(Self::into_error).collect();
        let shared = errors[0].hint_text().filter(|hint| errors.iter().all(|error| error.hint_text() == Some(*hint)));
        let hint = shared.unwrap_or(
            "`git checkout -- PATH` brings a missing file back, and `phone-dir init` makes it empty; `phone-dir validate` \
             shows every other problem with its place",
        );
        let lines: Vec<_> = errors.iter().map(|error| error.message().to_owned()).collect();
        let (listed, rest) = lines.split_at(lines.len().min(LISTED));
        let more = if rest.is_empty() { String::new() } else { format!("\n… and {} more", rest.len()) };
        let message = format!("{} files cannot be read\n{}{more}", lines.len(), listed.join("\n"));
        Some(Error::failed(message).hint(hint))
    }

    /// Whether the file belongs to another tool.
    pub fn is_foreign(&self) -> bool {
        FileKind::of(&self.path).is_some_and(|kind| !kind.is_owned())
    }

    /// The failure as the error that ends a command.
    pub fn into_error(self) -> Error {
        let path = self.path;
        match self.reason {
            FailureReason::Missing => Error::failed(format!("`{path}` is missing"))
                .hint(format!("restore it with `git checkout -- {path}`, or create it empty with `phone-dir init`")),
            FailureReason::Irregular(what) => Error::failed(format!("`{path}` is {what}")).hint(reason::remedy(what)),
            FailureReason::Unreadable(flaw, Position { line, column }) => {
                let what = flaw.words();
                Error::failed(format!("`{path}` cannot be read: line {line}, column {column}: {what}"))
                    .hint(flaw.hint())
            }
            FailureReason::Newer(version) => {
                Error::failed(format!("`{path}` has version {version}, which this phone-dir does not know"))
                    .hint("upgrade phone-dir; the file was not touched")
            }
        }
    }
}

/// The most files that one error lists.
const LISTED: usize = 20;

impl FailureReason {
    /// The reason why `text` was not parsed.
    pub fn unreadable(text: &[u8], error: &serde_json::Error) -> Self {
        let at = twice(text, error).unwrap_or_else(|| Position::of_error(text, error));
        let line = LineIndex::new(text).line(at.line);
        let is_conflict = [&b"<<<<<<< "[..], b">>>>>>> "].iter().any(|marker| line.starts_with(marker));
        let wide = WideEncoding::of(text);
        let flaw = match error.classify() {
            _ if is_conflict => Flaw::Conflict,
            _ if text.trim_ascii().is_empty() => Flaw::Empty,
            _ if text.starts_with("\u{feff}".as_bytes()) => Flaw::Mark,
            Category::Data if wide.is_none() => Flaw::Shape,
            Category::Eof if wide.is_none() => Flaw::End,
            _ => wide.map_or(Flaw::Syntax, Flaw::Wide),
        };
        Self::Unreadable(flaw, at)
    }
}

/// Where a key stands for the second time, if that is why the text was not parsed: such an error has no place of its own.
fn twice(text: &[u8], error: &serde_json::Error) -> Option<Position> {
    let text = std::str::from_utf8(text).ok().filter(|_| error.line() == 0)?;
    let again = Document::new(text).duplicates().first()?.again.start;
    Some(LineIndex::new(text.as_bytes()).position(again))
}

//! Revisions as a user may type them, parsed before git sees them.
//!
//! git's own syntax also searches messages by regular expression (`:/text`, `^{/text}`), where a crafted text can
//! keep the engine busy for hours, and names files (`REV:path`). Those forms are refused here.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A branch, tag or other ref, or an id, followed by any of `~N`, `^N` and `@{…}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision(String);

impl Revision {
    /// Parses a revision; says what is accepted when it is something else.
    pub fn parse(text: &str) -> Result<Self> {
        if is_revision(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::failed(format!("`{}` is not a revision", text.escape_debug()))
            .hint("give a branch, a tag or a commit id, with `~N`, `^N` or `@{N}` behind it if you like"))
    }

    /// The revision that is checked out.
    pub fn head() -> Self {
        Self("HEAD".to_owned())
    }

    /// What it begins from, as git reads it, and the steps from there, as the last suffixes name them.
    pub fn steps(&self) -> (&str, Vec<RevisionStep>) {
        let mut steps = Vec::new();
        let mut start = self.0.as_str();
        loop {
            let before = start.trim_end_matches(|character: char| character.is_ascii_digit());
            let (count, step): (_, fn(usize) -> RevisionStep) = match before.as_bytes().last() {
                Some(b'~') => (&start[before.len()..], RevisionStep::Ancestor),
                Some(b'^') => (&start[before.len()..], RevisionStep::Parent),
                _ => break,
            };
            // Without a count it is one; one that was accepted has a few digits.
            steps.push(step(count.parse().unwrap_or(1)));
            start = &before[..before.len() - 1];
        }
        steps.reverse();
        (start, steps)
    }

    /// The text, as git reads it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A step back from a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionStep {
    /// `~N`: so many times to the first parent.
    Ancestor(usize),
    /// `^N`: to that parent, counted from 1; 0 is the commit itself.
    Parent(usize),
}

impl FromStr for Revision {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Which commits two revisions with dots between them mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeKind {
    /// `A..B`: from A to B.
    Direct,
    /// `A...B`: from where A and B parted to B.
    FromMergeBase,
}

/// Two revisions, as `A..B` or `A...B`; a side that is left out is HEAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionRange {
    pub from: Revision,
    pub to: Revision,
    /// Two dots or three.
    pub kind: RangeKind,
}

impl RevisionRange {
    /// Parses `A..B` or `A...B`; `None` when there are no two dots in the text.
    pub fn parse(text: &str) -> Option<Result<Self>> {
        let (dots, kind) = match text.find("...") {
            Some(_) => ("...", RangeKind::FromMergeBase),
            None => ("..", RangeKind::Direct),
        };
        let (from, to) = text.split_once(dots)?;
        Some(side(from).and_then(|from| Ok(Self { from, to: side(to)?, kind })))
    }
}

fn side(text: &str) -> Result<Revision> {
    if text.is_empty() { Ok(Revision::head()) } else { Revision::parse(text) }
}

fn is_revision(text: &str) -> bool {
    let end = text.find(['~', '^']).into_iter().chain(text.find("@{")).min().unwrap_or(text.len());
    let (name, suffixes) = text.split_at(end);
    let named = is_ref_name(name) || (name.is_empty() && suffixes.starts_with("@{"));
    named && are_suffixes(suffixes)
}

/// The rules of `git check-ref-format`, for a name that may be short.
fn is_ref_name(name: &str) -> bool {
    let forbidden =
        |character: char| character.is_control() || character.is_whitespace() || ":?*[\\~^{}".contains(character);
    !name.is_empty()
        && !name.starts_with(['-', '/', '.'])
        && !name.ends_with(['/', '.'])
        && !name.contains("..")
        && !name.contains("//")
        && !name.contains(forbidden)
}

fn are_suffixes(mut rest: &str) -> bool {
    while !rest.is_empty() {
        let Some(next) = after_suffix(rest) else { return false };
        rest = next;
    }
    true
}

/// What follows the first suffix; `None` when there is none that is accepted.
fn after_suffix(rest: &str) -> Option<&str> {
    if let Some(inner) = rest.strip_prefix("@{") {
        let (inside, after) = inner.split_once('}')?;
        return is_reflog_selector(inside).then_some(after);
    }
    let digits = rest.strip_prefix(['~', '^'])?;
    let after = digits.trim_start_matches(|character: char| character.is_ascii_digit());
    // A count that no history reaches is a mistake, and past 32 bits git and libgit2 disagree about it.
    (digits.len() - after.len() <= 7).then_some(after)
}

/// `@{1}`, `@{-1}`, `@{upstream}`, `@{push}`, or a date such as `@{2025-11-19 12:00}` or `@{yesterday}`.
fn is_reflog_selector(inside: &str) -> bool {
    !inside.is_empty()
        && inside.len() <= 64
        // No date has them, and elsewhere they mean a range and a search.
        && !inside.contains("..")
        && !inside.contains(":/")
        && inside.chars().all(|character| character.is_ascii_alphanumeric() || "-+:.,/ _".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_the_suffixes_behind_the_last_selector() {
        let steps = |text: &str| {
            let revision = Revision::parse(text).expect("a revision");
            let (start, steps) = revision.steps();
            (start.to_owned(), steps)
        };
        assert_eq!(steps("v1.2"), ("v1.2".to_owned(), vec![]));
        assert_eq!(
            steps("HEAD~3^2~^0"),
            (
                "HEAD".to_owned(),
                vec![
                    RevisionStep::Ancestor(3),
                    RevisionStep::Parent(2),
                    RevisionStep::Ancestor(1),
                    RevisionStep::Parent(0)
                ]
            )
        );
        assert_eq!(steps("main~2@{1}^"), ("main~2@{1}".to_owned(), vec![RevisionStep::Parent(1)]));
    }

    #[test]
    fn names_ids_and_the_plain_suffixes_are_revisions() {
        let accepted = [
            "main",
            "HEAD",
            "@",
            "@~1",
            "@{1}",
            "@{-1}",
            "origin/main",
            "refs/heads/x",
            "v1.0",
            "HEAD~3^2",
            "main@{upstream}",
            "main^^",
            "0123abc",
            "main@{2025-11-19 12:00:00}~2",
            "größe",
        ];
        for text in accepted {
            assert!(Revision::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn searches_paths_and_options_are_not_revisions() {
        let refused = [
            "",
            ":/(a+)+$",
            "HEAD^{/(a+)+$}",
            "HEAD^{tree}",
            "HEAD:file",
            ":0:file",
            "--upload-pack=x",
            "a..b",
            "a b",
            "a\nb",
            "~1",
            "^main",
            "main@{}",
            "main@{1",
            "HEAD~99999999",
            "main@{/x{}",
            "@{p.p..ct/s m}",
            "main@{1:/x}",
        ];
        for text in refused {
            assert!(Revision::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn ranges_have_two_dots_or_three() {
        let range = RevisionRange::parse("main...topic~1").expect("dots").expect("revisions");
        assert_eq!((range.kind, range.to.as_str()), (RangeKind::FromMergeBase, "topic~1"));
        let range = RevisionRange::parse("v1.0..").expect("dots").expect("revisions");
        assert_eq!((range.kind, range.from.as_str(), range.to.as_str()), (RangeKind::Direct, "v1.0", "HEAD"));
        assert!(RevisionRange::parse("main").is_none());
        assert!(RevisionRange::parse(":/x..main").expect("dots").is_err());
    }
}

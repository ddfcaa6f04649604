//! What a commit object says, read leniently: its people, its dates and its message may be anything, and what is wrong
//! with them is only marked.
//! Every walk reads commits here: a history, the bases of a comparison, the commits of a range.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use git2::{ObjectType, Oid};

use super::GitCommits;
use crate::error::{Error, Result};
use crate::store::git::objects::ObjectKind;
use crate::store::git::{CommitId, unexpected};

/// The part of a commit that a walk needs, read leniently: a broken author or an absurd date does not end a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store::git) struct Ancestor {
    pub(in crate::store::git) tree: Oid,
    /// Its parents, in order; in a shallow clone they may not be there.
    pub(super) parents: Vec<CommitId>,
    /// The committer's time, unless it makes no sense.
    pub(super) committed: Option<DateTime<Utc>>,
}

/// The parents of a commit, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parents {
    pub ids: Vec<CommitId>,
    /// Whether one of them is not in this clone: it is shallow, and ends here.
    pub is_cut_off: bool,
}

impl Parents {
    /// The parent of a commit that has just one, and has it in this clone.
    pub fn only(&self) -> Option<CommitId> {
        match self.ids.as_slice() {
            [parent] if !self.is_cut_off => Some(*parent),
            _ => None,
        }
    }
}

/// A commit's header, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The ids of all its parents, also of those that are not in this clone.
    pub parents: Vec<CommitId>,
    /// Who made the change: `Name <mail>`.
    pub author: Option<String>,
    pub committer: Option<String>,
    pub committed: Option<DateTime<Utc>>,
    /// The first line of the message.
    pub summary: String,
    /// What is malformed, if anything is.
    pub malformed: Option<&'static str>,
}

impl GitCommits<'_> {
    /// Reads the part of a commit that a walk needs.
    pub(in crate::store::git) fn ancestor(self, commit: &CommitId) -> Result<Ancestor> {
        self.read(commit, ancestor_of)?
            .ok_or_else(|| Error::failed(format!("the commit `{commit}` is malformed")).hint("run `git fsck`"))
    }

    /// The committer's time, unless it makes no sense.
    pub fn committed(self, commit: &CommitId) -> Result<Option<DateTime<Utc>>> {
        Ok(self.ancestor(commit)?.committed)
    }

    /// The parents of a commit, and whether they are here.
    pub fn parents(self, commit: &CommitId) -> Result<Parents> {
        let ids = self.ancestor(commit)?.parents;
        let odb = self.git.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        let is_cut_off = ids.iter().any(|parent| !odb.exists(parent.0));
        Ok(Parents { ids, is_cut_off })
    }

    pub fn header(self, commit: &CommitId) -> Result<Header> {
        self.read(commit, header_of)
    }

    /// The commit's message; what is not UTF-8 is replaced.
    pub fn message(self, commit: &CommitId) -> Result<String> {
        self.read(commit, message_of)
    }

    fn read<T>(self, commit: &CommitId, read: impl FnOnce(&[u8]) -> T) -> Result<T> {
        if let Some(data) = self.git.objects().data(commit.0, ObjectKind::Commit) {
            return Ok(read(&data));
        }
        let odb = self.git.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        self.git.objects().check_whole(commit.0)?;
        let object = odb.read(commit.0).map_err(|error| self.git.objects().missing(commit.0, &error))?;
        if object.kind() != ObjectType::Commit {
            return Err(Error::failed(format!("`{commit}` is not a commit")));
        }
        Ok(read(object.data()))
    }
}

/// The lines before the message, each with its keyword and the rest.
fn lines(data: &[u8]) -> impl Iterator<Item = (&[u8], Cow<'_, str>)> {
    let lines = data.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    lines.filter_map(|line| {
        let space = line.iter().position(|byte| *byte == b' ')?;
        Some((&line[..space], String::from_utf8_lossy(&line[space + 1..])))
    })
}

fn message_of(data: &[u8]) -> String {
    let text = String::from_utf8_lossy(data);
    text.split_once("\n\n").map(|(_, message)| message.to_owned()).unwrap_or_default()
}

fn ancestor_of(data: &[u8]) -> Option<Ancestor> {
    let mut ancestor = Ancestor { tree: Oid::ZERO_SHA1, parents: Vec::new(), committed: None };
    let mut tree = None;
    for (key, value) in lines(data) {
        match key {
            b"tree" => tree = Oid::from_str(&value).ok(),
            b"parent" => ancestor.parents.push(CommitId(Oid::from_str(&value).ok()?)),
            b"committer" => ancestor.committed = time(&value),
            _ => {}
        }
    }
    ancestor.tree = tree?;
    Some(ancestor)
}

fn header_of(data: &[u8]) -> Header {
    let mut header = Header::default();
    for (key, value) in lines(data) {
        match key {
            b"parent" => header.parents.extend(CommitId::parse(&value).ok()),
            b"author" => {
                header.author = Some(who(&value));
                let malformed = (!is_well_formed(&value)).then_some("the commit's author is malformed");
                header.malformed = header.malformed.or(malformed);
            }
            b"committer" => {
                header.committer = Some(who(&value));
                header.committed = time(&value);
            }
            _ => {}
        }
    }
    let summary = message_of(data).lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
    header.summary = summary.unwrap_or_default();
    header.malformed = header.malformed.or(missing(&header));
    header
}

fn missing(header: &Header) -> Option<&'static str> {
    match header {
        Header { author: None, .. } => Some("the commit has no author"),
        Header { committer: None, .. } => Some("the commit has no committer"),
        Header { committed: None, .. } => Some("the commit's date is malformed"),
        _ => None,
    }
}

/// `Name <mail>` without the time behind it; a line of another form as it stands.
fn who(person: &str) -> String {
    person.rsplit_once('>').map_or(person, |(who, _)| &person[..=who.len()]).trim().to_owned()
}

fn is_well_formed(person: &str) -> bool {
    let Some((name, rest)) = person.split_once('<') else { return false };
    let Some((mail, _)) = rest.split_once('>') else { return false };
    !name.trim().is_empty() && !mail.contains('<') && time(person).is_some()
}

/// The time in `Name <mail> 1700000000 +0100`.
fn time(person: &str) -> Option<DateTime<Utc>> {
    let (_, after) = person.rsplit_once('>')?;
    let seconds = after.split_whitespace().next()?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_header_is_read_and_a_broken_one_is_marked() {
        let header = header_of(b"tree x\nauthor A <a@b> 5 +0000\ncommitter C <c@d> 6 +0000\n\nsubject\n\nbody");
        assert_eq!((header.author.as_deref(), header.summary.as_str()), (Some("A <a@b>"), "subject"));
        assert_eq!((header.committed.unwrap().timestamp(), header.malformed), (6, None));
        for broken in [
            &b"tree x\nauthor A a@b 5 +0000\ncommitter C <c@d> 6 +0000\n\ns"[..],
            b"tree x\nauthor A <a@b> 5 +0000\ncommitter C <c@d> 99999999999999999999 +0000\n\ns",
            b"tree x\ncommitter C <c@d> 6 +0000\n\ns",
        ] {
            assert!(header_of(broken).malformed.is_some(), "{}", String::from_utf8_lossy(broken));
        }
    }

    const TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    #[test]
    fn a_commit_with_an_absurd_date_and_no_mail_still_has_its_tree_and_parents() {
        let text = format!(
            "tree {TREE}\nparent {TREE}\nauthor x\ncommitter <<> 99999999999999999999 +9999\n\nmessage\nparent no\n"
        );
        let commit = ancestor_of(text.as_bytes()).expect("a tree");
        assert_eq!((commit.parents.len(), commit.committed), (1, None));
    }

    #[test]
    fn a_commit_without_a_tree_is_malformed() {
        assert_eq!(ancestor_of(b"author x\n\nmessage"), None);
    }

    #[test]
    fn the_time_is_the_committers() {
        let text = format!("tree {TREE}\nauthor A <a@b> 5 +0000\ncommitter C <c@d> 1700000000 +0100\n\nm");
        let time = ancestor_of(text.as_bytes()).and_then(|commit| commit.committed).expect("a time");
        assert_eq!(time.timestamp(), 1_700_000_000);
    }
}

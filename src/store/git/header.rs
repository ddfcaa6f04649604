//! The people, the time and the subject of a commit, read leniently: whatever is wrong with them is only marked.

use chrono::{DateTime, Utc};
use git2::ObjectType;

use super::{CommitId, GitRepository, unexpected};
use crate::error::{Error, Result};

/// A commit's header, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The ids of all its parents, also of those that are not in this clone.
    pub parents: Vec<CommitId>,
    /// Who made the change: `Name <mail>`.
    pub author: Option<String>,
    /// Who made the commit.
    pub committer: Option<String>,
    /// The committer's time.
    pub committed: Option<DateTime<Utc>>,
    /// The first line of the message.
    pub summary: String,
    /// What is malformed, if anything is.
    pub malformed: Option<&'static str>,
}

impl GitRepository {
    /// Reads a commit's header.
    pub fn header(&self, commit: &CommitId) -> Result<Header> {
        let odb = self.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        self.check_whole(commit.0)?;
        let object = odb.read(commit.0).map_err(|error| self.missing(commit.0, &error))?;
        if object.kind() != ObjectType::Commit {
            return Err(Error::failed(format!("`{commit}` is not a commit")));
        }
        Ok(parse(object.data()))
    }
}

fn parse(data: &[u8]) -> Header {
    let mut header = Header::default();
    let mut lines = data.split(|byte| *byte == b'\n');
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        let text = String::from_utf8_lossy(line);
        match text.split_once(' ') {
            Some(("parent", id)) => header.parents.extend(CommitId::parse(id).ok()),
            Some(("author", person)) => header.author = Some(who(person)),
            Some(("committer", person)) => {
                header.committer = Some(who(person));
                header.committed = super::history::time(person);
            }
            _ => {}
        }
        if line.starts_with(b"author ") && !is_well_formed(&text["author ".len()..]) {
            header.malformed = header.malformed.or(Some("the commit's author is malformed"));
        }
    }
    let summary = lines.map(String::from_utf8_lossy).find(|line| !line.trim().is_empty());
    header.summary = summary.map(|line| line.trim().to_owned()).unwrap_or_default();
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
    !name.trim().is_empty() && !mail.contains('<') && super::history::time(person).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_header_is_read_and_a_broken_one_is_marked() {
        let header = parse(b"tree x\nauthor A <a@b> 5 +0000\ncommitter C <c@d> 6 +0000\n\nsubject\n\nbody");
        assert_eq!((header.author.as_deref(), header.summary.as_str()), (Some("A <a@b>"), "subject"));
        assert_eq!((header.committed.unwrap().timestamp(), header.malformed), (6, None));
        for broken in [
            &b"tree x\nauthor A a@b 5 +0000\ncommitter C <c@d> 6 +0000\n\ns"[..],
            b"tree x\nauthor A <a@b> 5 +0000\ncommitter C <c@d> 99999999999999999999 +0000\n\ns",
            b"tree x\ncommitter C <c@d> 6 +0000\n\ns",
        ] {
            assert!(parse(broken).malformed.is_some(), "{}", String::from_utf8_lossy(broken));
        }
    }
}

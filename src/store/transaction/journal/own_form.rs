//! What a journal may name: paths of the directory's own files, names of our own form, references and ids of git's.
//! Pure: whether links stand on the way is seen where the files are touched.

use std::path::{Component, Path};

use git2::Reference;

use super::{CommitRecord, FileRecord, HooksRecord, JournalEntry, MoveRecord};
use crate::clone::hook::NAMES;
use crate::error::{Error, Result};
use crate::model::scope::{self, Interest};
use crate::store::git::CommitId;
use crate::store::path::ProjectPath;
use crate::store::state::temporary_name;

/// The files at the root that commands write, beside those of a snapshot.
const AT_THE_ROOT: [&str; 3] = [".gitignore", ".gitattributes", ".prettierignore"];

/// Refuses a description that names anything which no change of ours names.
pub fn check(entry: &JournalEntry) -> Result<()> {
    check_id(&entry.id)?;
    if !entry.root.is_empty() {
        ProjectPath::parse(&entry.root)?;
    }
    entry.files.iter().enumerate().try_for_each(|(index, record)| check_file(&entry.id, index, record))?;
    entry.folders.iter().try_for_each(|folder| check_folder(folder, &entry.files))?;
    entry.commit.iter().try_for_each(check_commit)?;
    entry.moved.iter().try_for_each(check_move)?;
    entry.hooks.iter().try_for_each(check_hooks)?;
    entry.locks.iter().try_for_each(|lock| check_lock(lock))
}

fn foreign(what: &str, text: &str) -> Error {
    Error::failed(format!("`{}` is no {what} of phone-dir's", text.escape_debug()))
}

/// A process's number and a time, as `fresh_id` joins them.
fn check_id(id: &str) -> Result<()> {
    let is_number =
        |text: &str| !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_own = id.split_once('-').is_some_and(|(process, time)| is_number(process) && is_number(time));
    if is_own { Ok(()) } else { Err(foreign("change", id)) }
}

fn check_file(id: &str, index: usize, record: &FileRecord) -> Result<()> {
    ProjectPath::parse(&record.path)?;
    let is_own = scope::interest(&record.path) == Interest::Content || AT_THE_ROOT.contains(&record.path.as_str());
    if !is_own {
        return Err(foreign("file", &record.path));
    }
    if record.temporary != temporary_name(id, index) {
        return Err(foreign("temporary file", &record.temporary));
    }
    [&record.before, &record.after].into_iter().flatten().try_for_each(|id| check_object(id))
}

fn check_object(id: &str) -> Result<()> {
    CommitId::parse(id).map(drop)
}

fn check_folder(folder: &str, files: &[FileRecord]) -> Result<()> {
    ProjectPath::parse(folder)?;
    let holds = |record: &FileRecord| record.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    if files.iter().any(holds) { Ok(()) } else { Err(foreign("folder", folder)) }
}

fn check_reference(name: &str) -> Result<()> {
    let is_branch = name.starts_with("refs/heads/") && Reference::is_valid_name(name);
    if is_branch || name == "HEAD" { Ok(()) } else { Err(foreign("branch", name)) }
}

fn check_commit(commit: &CommitRecord) -> Result<()> {
    check_object(&commit.id)?;
    check_reference(&commit.reference)?;
    commit.base.iter().try_for_each(|id| check_object(id))?;
    for entry in &commit.entries {
        ProjectPath::parse(&entry.path)?;
        entry.stored.iter().try_for_each(|(_, id)| check_object(id))?;
    }
    Ok(())
}

fn check_move(moved: &MoveRecord) -> Result<()> {
    check_reference(&moved.reference)?;
    [&moved.from, &moved.to].into_iter().try_for_each(|id| check_object(id))
}

/// The folder is compared with git's, once a repository is open.
fn check_hooks(hooks: &HooksRecord) -> Result<()> {
    let foreign = |name: &&String| !NAMES.contains(&name.as_str());
    hooks.names.iter().find(foreign).map_or(Ok(()), |name| Err(self::foreign("hook", name)))
}

/// Whether it lies in git's folder is seen where it is released.
fn check_lock(lock: &str) -> Result<()> {
    let path = Path::new(lock);
    let is_plain = path.is_absolute() && !path.components().any(|part| part == Component::ParentDir);
    let is_lock = path.extension().is_some_and(|extension| extension == "lock");
    if is_plain && is_lock { Ok(()) } else { Err(foreign("lock", lock)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::state::StateOwner;
    use crate::store::transaction::journal::IndexRecord;

    const ID: &str = "123-18f";
    const OBJECT: &str = "0123456789012345678901234567890123456789";

    fn entry(change: impl FnOnce(&mut JournalEntry)) -> JournalEntry {
        let mut entry = JournalEntry::new(StateOwner::none(), ID.to_owned(), "apps/voice".to_owned());
        entry.files.push(FileRecord {
            path: "phone-numbers/staging/numbers.json".to_owned(),
            temporary: format!(".phone-dir.tmp-{ID}-0"),
            before: Some(OBJECT.to_owned()),
            after: None,
        });
        entry.folders.push("phone-numbers/staging".to_owned());
        entry.commit = Some(CommitRecord {
            id: OBJECT.to_owned(),
            reference: "refs/heads/main".to_owned(),
            base: None,
            entries: vec![IndexRecord { path: "phone-numbers/directory.json".to_owned(), stored: None }],
        });
        entry.locks.push("/project/.git/index.lock".to_owned());
        change(&mut entry);
        entry
    }

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn what_a_change_writes_down_is_accepted() {
        assert_eq!(check(&entry(|_| {})).map_err(|error| error.to_string()), Ok(()));
    }

    #[test]
    fn what_no_change_of_ours_names_is_refused() {
        type Forgery = fn(&mut JournalEntry);
        let foreign: [Forgery; 18] = [
            |entry| entry.id = text("../../x"),
            |entry| entry.root = text("../other"),
            |entry| entry.files[0].path = text("../.bashrc"),
            |entry| entry.files[0].path = text("src/main.rs"),
            |entry| entry.files[0].path = text(".git/config"),
            |entry| entry.files[0].temporary = text("../../.ssh/id_ed25519"),
            |entry| entry.files[0].temporary = text(".phone-dir.tmp-123-18f-1"),
            |entry| entry.files[0].before = Some(text("1")),
            |entry| entry.folders.push(text("src")),
            |entry| entry.folders.push(text("../x")),
            |entry| entry.locks.push(text("index.lock")),
            |entry| entry.locks.push(text("/project/.git/../../.ssh/id.lock")),
            |entry| entry.locks.push(text("/home/user/.bashrc")),
            |entry| entry.commit.as_mut().unwrap().reference = text("refs/heads/../../../x"),
            |entry| entry.commit.as_mut().unwrap().reference = text("refs/tags/v1"),
            |entry| entry.commit.as_mut().unwrap().entries[0].path = text("../x"),
            |entry| entry.commit.as_mut().unwrap().id = text("main"),
            |entry| entry.hooks = Some(HooksRecord { folder: text("/"), names: vec![text("post-checkout")] }),
        ];
        for (index, change) in foreign.into_iter().enumerate() {
            assert!(check(&entry(change)).is_err(), "{index}");
        }
    }
}

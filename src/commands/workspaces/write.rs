//! Adding, renaming and removing workspaces: one change of the files, and one commit of those that git keeps.

use crate::change::workspaces;
use crate::commands::desk::publishing::{CommitMode, WritingOptions};
use crate::commands::desk::{WritingDesk, names};
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::{Directory, WorkspaceName, paths};
use crate::plural::{counted, form};
use crate::providers::credentials::default_variable;
use crate::render::changes::commit_message;
use crate::render::workspaces::{Written, json_of_change, text_of_change};
use crate::snapshot::Content;
use crate::store::path::ProjectPath;
use crate::store::transaction::{FileChange, Purpose};

/// A project whose workspaces are about to change.
struct WorkspaceChange<'a> {
    writing: &'a WritingOptions,
    locked: WritingDesk<'a>,
}

pub fn add(names: &[WorkspaceName], writing: &WritingOptions, session: &Session) -> Result<Exit> {
    let change = WorkspaceChange::begin(writing, session)?;
    let is_new = |name: &&WorkspaceName| !change.locked.before.workspaces.contains_key(*name);
    let new: Vec<_> = names.iter().filter(is_new).cloned().collect();
    let known: Vec<_> = change.locked.before.workspace_names().into_iter().chain(new.iter().cloned()).collect();
    new.iter().try_for_each(|name| refuse_alike(&known, name))?;
    let after = workspaces::added(&change.locked.before, &new, session.now);
    let next: Vec<_> = new.iter().map(|name| change.next_for_the_key(name)).collect();
    let words: Vec<_> = new.iter().map(|name| format!("`{name}`")).collect();
    let exit = change.carry_out(&after, Vec::new(), &format!("add the workspace {}", words.join(", ")))?;
    for sentence in &next {
        session.note(sentence);
    }
    Ok(exit)
}

pub fn rename(from: &str, to: &WorkspaceName, writing: &WritingOptions, session: &Session) -> Result<Exit> {
    let change = WorkspaceChange::begin(writing, session)?;
    let from = names::workspace(&change.locked.before, from)?;
    if change.locked.before.workspace_names().contains(to) {
        return Err(Error::failed(format!("there is a workspace `{to}` already")).hint("give a name that is free"));
    }
    refuse_alike(&change.locked.before.workspace_names(), to)?;
    let after = workspaces::renamed(&change.locked.before, &from, to, session.now);
    let mut files = change.removals(&from)?;
    files.extend(change.agents_files(&from, to)?);
    files.extend(change.settings(|text| workspaces::settings_renamed(text, &from, to))?);
    change.note_settings_of_the_project(&from);
    let settings = change.locked.before.settings.as_ref().and_then(|file| file.workspaces.get(&from));
    let moves_along = settings.is_some_and(|settings| settings.key_place().is_some());
    let next = (!moves_along).then(|| change.next_for_the_key(to));
    let exit = change.carry_out(&after, files, &format!("rename the workspace `{from}` to `{to}`"))?;
    if let Some(sentence) = &next {
        session.note(sentence);
    }
    Ok(exit)
}

pub fn remove(name: &str, yes: bool, writing: &WritingOptions, session: &Session) -> Result<Exit> {
    let change = WorkspaceChange::begin(writing, session)?;
    let name = names::workspace(&change.locked.before, name)?;
    let numbers = change.locked.before.workspaces.get(&name).map_or(0, |files| files.numbers.numbers.len());
    if numbers > 0 && !yes && !writing.dry_run {
        let counted = format!("{} {}", counted(numbers, "number"), form(&numbers, "is", "are"));
        let message = format!("{counted} registered in `{name}`, and would be so no more");
        return Err(Error::refused(message, "--yes")
            .hint("look at them with `phone-dir list --workspace`; nothing of it is lost in git's history"));
    }
    let after = workspaces::removed(&change.locked.before, &name, session.now);
    let mut files = change.removals(&name)?;
    let stands_for_several = change.locked.before.settings.as_ref().is_some_and(|it| it.several.contains_key(&name));
    // A list of workspaces is read by the other tool alone.
    if !stands_for_several {
        files.extend(change.settings(|text| workspaces::settings_without(text, &name))?);
    }
    change.note_settings_of_the_project(&name);
    change.carry_out(&after, files, &format!("remove the workspace `{name}`"))
}

/// On the disks of Windows and macOS the folders of both would be one.
pub fn refuse_alike<'a>(known: impl IntoIterator<Item = &'a WorkspaceName>, new: &WorkspaceName) -> Result<()> {
    let Some(other) = workspaces::alike(known, new) else { return Ok(()) };
    Err(Error::failed(format!("`{new}` and the workspace `{other}` have one name on disks that fold letters"))
        .hint("choose a name that differs in more than its capitals"))
}

impl<'a> WorkspaceChange<'a> {
    fn begin(writing: &'a WritingOptions, session: &'a Session) -> Result<Self> {
        Ok(Self { writing, locked: WritingDesk::open(session, Purpose::of(writing.dry_run))? })
    }

    /// The workspace's own files go.
    fn removals(&self, name: &WorkspaceName) -> Result<Vec<FileChange>> {
        let files = [paths::numbers(name), paths::assignments(name)];
        let there = files.iter().filter(|path| self.locked.snapshot.files.contains_key(*path));
        there.map(|path| FileChange::remove(path)).collect()
    }

    /// The agents' files of the workspace under its new name; those that git does not track are left to the person who does.
    fn agents_files(&self, from: &WorkspaceName, to: &WorkspaceName) -> Result<Vec<FileChange>> {
        let repository = self.locked.desk.git()?;
        let (mut changes, mut left) = (Vec::new(), Vec::new());
        for (path, folder) in self.locked.snapshot.files.keys().filter_map(|path| {
            let folder = path.strip_suffix(&format!("/{from}.json"))?;
            folder.starts_with("agents/").then_some((path, folder))
        }) {
            let is_kept =
                repository.as_ref().map_or(Ok(true), |known| known.index().tracked(&ProjectPath::parse(path)?))?;
            match self.locked.snapshot.files.get(path) {
                Some(Content::Bytes(bytes)) if is_kept => {
                    changes.push(FileChange::write(&format!("{folder}/{to}.json"), bytes.clone())?);
                    changes.push(FileChange::remove(path)?);
                }
                _ => left.push(path.as_str()),
            }
        }
        if let Some(first) = left.first() {
            self.locked.desk.session.complain(&format!(
                "warning: git does not track {} of the agents' files, such as `{first}`: rename them to `{to}.json` yourself",
                left.len()
            ));
        }
        Ok(changes)
    }

    /// `workspaces.json` with its text changed, where it is there and has the workspace.
    fn settings(&self, change: impl FnOnce(&str) -> Option<String>) -> Result<Option<FileChange>> {
        let text = self.locked.snapshot.bytes(paths::WORKSPACES).and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.and_then(change).map(|text| FileChange::write(paths::WORKSPACES, text)).transpose()
    }

    fn note_settings_of_the_project(&self, name: &WorkspaceName) {
        let text = self.locked.snapshot.bytes(paths::SETTINGS).map(String::from_utf8_lossy);
        if text.is_some_and(|text| text.contains(&format!("\"{name}\""))) {
            self.locked
                .desk
                .session
                .complain(&format!("warning: `{}` names `{name}` too: change it there", paths::SETTINGS));
        }
    }

    fn next_for_the_key(&self, name: &WorkspaceName) -> String {
        let file = if self.locked.before.settings.is_some() { " or write it into `workspaces.json`" } else { "" };
        format!("Next: set `{}` to the workspace's key{file}, then `phone-dir sync -w {name}`.", default_variable(name))
    }

    fn carry_out(mut self, after: &Directory, mut files: Vec<FileChange>, sentence: &str) -> Result<Exit> {
        files.extend(FileChange::writes(after.files_changed_since(&self.locked.before))?);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let mut commit = None;
        if !files.is_empty() && !self.writing.dry_run {
            let mode = self.locked.desk.prepare(&self.writing.commit)?;
            let message = commit_message::of_workspaces(sentence, &mode.along());
            commit = self.write(&mode, &files, &message)?;
        }
        let paths = |goes: bool| {
            files.iter().filter(|file| file.content.is_none() == goes).map(|file| file.path.as_str()).collect()
        };
        let (written, removed) = (paths(false), paths(true));
        let written = Written { sentence, is_preview: self.writing.dry_run, written, removed, commit };
        let text = if self.writing.output.is_json() { json_of_change(&written) } else { text_of_change(&written) };
        self.locked.desk.session.print(&text)?;
        Ok(Exit::Done)
    }

    fn write(&mut self, mode: &CommitMode, files: &[FileChange], message: &str) -> Result<Option<String>> {
        let committed = mode.write(self.locked.desk.session, &mut self.locked.transaction, files, message)?;
        Ok(committed.map(|commit| commit.id.to_string()))
    }
}

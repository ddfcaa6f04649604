//! What was written down after something was read here: on a branch that moved on meanwhile, others may have read later.
//!
//! Retell's own time of change tells which read is the later one. Where the branch has the later one, that counts for what
//! callers hear, or an old state of Retell would be written over a newer one, and look like a decision.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::GivenUp;
use super::hold::known;
use crate::model::{Directory, Settings, WorkspaceName};
use crate::reconcile::Complete;
use crate::reconcile::answers::Answers;
use crate::reconcile::live::RetellNumber;

/// What was read, with the numbers that the branch knows from a later read as it has them.
pub fn read_before<'a>(branch: &Directory, complete: &'a Complete) -> Cow<'a, Complete> {
    let mut brought_up = Cow::Borrowed(complete);
    for (name, read) in &complete.retell {
        for (index, number) in read.numbers.iter().enumerate() {
            let Some(later) = later(branch, name, number) else { continue };
            if let Some(read) = brought_up.to_mut().retell.get_mut(name) {
                read.numbers[index] = later;
            }
        }
    }
    brought_up
}

/// The same for Retell's answers about single numbers.
pub fn answered_before(branch: &Directory, answers: &mut BTreeMap<WorkspaceName, Answers>) {
    for (name, answers) in answers {
        for number in answers.numbers.values_mut().flatten() {
            if let Some(later) = later(branch, name, number) {
                *number = later;
            }
        }
    }
}

/// Keeps the decisions that the branch has otherwise than the directory which an apply began with: they were merged since.
pub fn keep_merged(given_up: &mut GivenUp, branch: &Directory, begun: &Directory) {
    for ((name, number), settings) in given_up {
        let of = |directory| Settings::of_directory(directory, name, *number);
        let (Some(theirs), Some(ours)) = (of(branch), of(begun)) else { continue };
        settings.retain(|setting| theirs.agrees(&ours, *setting));
    }
}

/// The number as the branch has it, where that was read later.
fn later(branch: &Directory, workspace: &WorkspaceName, number: &RetellNumber) -> Option<RetellNumber> {
    let (entry, git) = known(branch, workspace, number.phone_number)?;
    number.last_modified.filter(|read| Some(*read) < entry.last_modified)?;
    let live = entry.live.as_deref().map_or_else(|| git.clone(), |record| record.live(&git));
    let mut later = number.clone();
    later.settings = live;
    later.last_modified = entry.last_modified;
    Some(later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up::{number, registry_entry, workspace};
    use crate::model::{Setting, Timestamp};
    use crate::reconcile::live::RetellWorkspace;

    fn time(hour: u32) -> Timestamp {
        Timestamp::parse(&format!("2026-01-01T{hour:02}:00:00Z")).unwrap()
    }

    fn named(name: &str, hour: u32) -> RetellNumber {
        let mut read = RetellNumber::bare(number(1));
        read.settings.nickname = Some(name.to_owned());
        read.last_modified = Some(time(hour));
        read
    }

    fn branch(record: Option<serde_json::Value>) -> Directory {
        let mut directory = Directory::empty();
        let mut entry = registry_entry(1);
        (entry.nickname, entry.last_modified) = (Some("Theirs".to_owned()), Some(time(2)));
        entry.live = record.map(|record| serde_json::from_value(record).unwrap());
        directory.workspace_mut(&workspace("staging")).numbers.numbers = vec![entry];
        directory
    }

    #[test]
    fn what_the_branch_has_from_a_later_read_counts_and_nothing_else_does() {
        let read = |hour| {
            let read = RetellWorkspace { numbers: vec![named("Ours", hour)], ..RetellWorkspace::default() };
            Complete { retell: [(workspace("staging"), read)].into(), ..Complete::default() }
        };
        let names = |branch: &Directory, hour| {
            let complete = read(hour);
            let number = read_before(branch, &complete).retell[&workspace("staging")].numbers[0].clone();
            (number.settings.nickname.unwrap(), number.last_modified)
        };
        let pending = || Some(serde_json::json!({"nickname": {"was": "Old", "is": "Live"}}));
        assert_eq!(names(&branch(None), 1), ("Theirs".into(), Some(time(2))));
        assert_eq!(
            names(&branch(pending()), 1),
            ("Live".into(), Some(time(2))),
            "what callers hear, and not what git says"
        );
        assert_eq!(names(&branch(None), 2), ("Ours".into(), Some(time(2))));
        assert_eq!(names(&branch(None), 3), ("Ours".into(), Some(time(3))));
        assert_eq!(names(&Directory::empty(), 1), ("Ours".into(), Some(time(1))));
        let answers = Answers { numbers: [(number(1), Some(named("Ours", 1)))].into(), ..Answers::default() };
        let mut answers = [(workspace("staging"), answers)].into();
        answered_before(&branch(None), &mut answers);
        let number = answers[&workspace("staging")].numbers[&number(1)].clone().unwrap();
        assert_eq!(number.settings.nickname.unwrap(), "Theirs");
    }

    #[test]
    fn a_decision_that_was_merged_since_is_not_given_up_for_what_was_applied() {
        let key = (workspace("staging"), number(1));
        let both = [Setting::Nickname, Setting::InboundWebhookUrl];
        let kept = |begun: &Directory| {
            let mut given_up: GivenUp = [(key.clone(), both.into())].into();
            keep_merged(&mut given_up, &branch(None), begun);
            given_up[&key].iter().copied().collect::<Vec<_>>()
        };
        assert_eq!(kept(&branch(None)).len(), 2);
        let mut begun = branch(None);
        begun.workspace_mut(&key.0).numbers.numbers[0].nickname = Some("Ours".to_owned());
        assert_eq!(kept(&begun), [Setting::InboundWebhookUrl]);
    }
}

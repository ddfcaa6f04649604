//! Which organisation a workspace belongs to: written down beside its numbers, and a rail against swapped keys.
//!
//! Where no organisation is known, the agents tell whose lines a key reads.

use std::collections::BTreeMap;

use super::live::RetellNumber;
use super::rails::{Hit, Rail};
use super::{Complete, RetellWorkspace};
use crate::model::{AgentId, Directory, LiveRecord, Setting, WorkspaceName};

/// The organisations that were read, by workspace.
pub(super) fn known(retell: &BTreeMap<WorkspaceName, RetellWorkspace>) -> BTreeMap<WorkspaceName, String> {
    let id = |read: &RetellWorkspace| read.organisation.id().map(str::to_owned);
    retell.iter().filter_map(|(name, read)| Some((name.clone(), id(read)?))).collect()
}

/// Writes the organisations into files that change anyway, so that an upgrade alone makes no commit.
///
/// One that contradicts what is written comes this far only if it was allowed, and is written at once: it would be
/// refused again otherwise.
pub(super) fn record(before: &Directory, after: &mut Directory, known: &BTreeMap<WorkspaceName, String>) {
    for (name, id) in known {
        // Of two that share one, both have to say so.
        let is_shared = known.values().filter(|other| *other == id).count() > 1;
        let is_odd = is_shared || contradiction(before, known, name, id).is_some();
        let Some(files) = after.workspaces.get_mut(name) else { continue };
        let changes = before.workspaces.get(name).is_none_or(|old| old.numbers != files.numbers);
        if changes || is_odd {
            files.numbers.org_id = Some(id.clone());
        }
    }
}

/// Lists the workspaces whose key belongs to another organisation than it should; `shared` are those that were read with
/// one and the same key, whose organisation is one even where Retell does not name it.
pub fn check(before: &Directory, complete: &Complete, shared: &[Vec<WorkspaceName>]) -> Vec<Hit> {
    let known = known(&complete.retell);
    let contradictions = known.iter().filter_map(|(name, id)| Some((name, contradiction(before, &known, name, id)?)));
    let unnamed = shared.iter().filter_map(|group| group.split_first()).flat_map(|(first, others)| {
        let others = others.iter().filter(|name| !known.contains_key(*name) && complete.retell.contains_key(*name));
        others.map(move |name| (name, format!("is that of `{first}` too")))
    });
    let by_agents =
        complete.retell.iter().filter(|(name, _)| !known.contains_key(*name) || written(before, name).is_none());
    let by_agents = by_agents.filter_map(|(name, read)| Some((name, answered_from_elsewhere(before, name, read)?)));
    let mut wrong: BTreeMap<&WorkspaceName, String> = by_agents.collect();
    wrong.extend(contradictions.chain(unnamed));
    // It is about the workspace as a whole: no number of it is to blame.
    let hit = |(name, why): (&WorkspaceName, String)| Hit {
        rail: Rail::OrgChange(name.clone(), why),
        numbers: Vec::new(),
        of: 0,
        earlier: 0,
    };
    wrong.into_iter().map(hit).collect()
}

/// Whose agents answer the lines that were read, where all of them are other workspaces': the key reads another one.
///
/// Lines that the files already bind in that way were allowed once, or taken over one by one.
fn answered_from_elsewhere(before: &Directory, name: &WorkspaceName, read: &RetellWorkspace) -> Option<String> {
    let mut other = None;
    for number in &read.numbers {
        for id in number.bound_agents() {
            if before.agents.path_of(name, id).is_some() {
                return None;
            }
            let owner = before.agents.anywhere(id).next().map(|(owner, _)| owner);
            other = other.or(owner.filter(|_| !is_known(before, name, number, id)));
        }
    }
    other.map(|other| format!("reads lines that agents of `{other}` answer, and none of its own"))
}

/// Whether the files say already that the number is bound to the agent, in git or live.
fn is_known(before: &Directory, name: &WorkspaceName, number: &RetellNumber, id: &AgentId) -> bool {
    let Some(files) = before.workspaces.get(name) else { return false };
    let decided = files.assignment(number.phone_number).is_some_and(|known| known.bound_agents().contains(id));
    let record = files.registered(number.phone_number).and_then(|entry| entry.live.as_deref());
    let is_live = |record: &LiveRecord| {
        Setting::decisions().flat_map(|setting| record.is().agents(setting)).any(|agent| agent.agent_id == *id)
    };
    decided || record.is_some_and(is_live)
}

fn written<'a>(before: &'a Directory, name: &WorkspaceName) -> Option<&'a str> {
    before.workspaces.get(name).and_then(|files| files.numbers.org_id.as_deref())
}

/// What is wrong with a workspace's organisation, in words.
fn contradiction(
    before: &Directory,
    known: &BTreeMap<WorkspaceName, String>,
    name: &WorkspaceName,
    id: &str,
) -> Option<String> {
    let written = |name: &WorkspaceName| written(before, name);
    if let Some(old) = written(name).filter(|old| *old != id) {
        return Some(format!("belongs to the organisation `{id}`, and its numbers.json says `{old}`"));
    }
    // What both files say already was allowed once.
    let is_settled = |other: &WorkspaceName| written(name) == Some(id) && written(other) == Some(id);
    let of = |other: &WorkspaceName| known.get(other).map(String::as_str).or_else(|| written(other));
    let others = before.workspaces.keys().chain(known.keys());
    let shares = |other: &&WorkspaceName| *other != name && of(other) == Some(id) && !is_settled(other);
    // Of two that are read, the second is the one that is refused.
    let other = others.filter(shares).find(|other| !known.contains_key(*other) || *other < name)?;
    Some(format!("belongs to the organisation `{id}`, and so does that of `{other}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up::registry_entry;
    use crate::model::{AgentPath, AgentWeight, PhoneNumber, RegistryEntry, Settings, Timestamp, WorkspaceFiles};
    use crate::reconcile::live::Organisation;
    use crate::reconcile::workspace::from_retell;

    fn workspace(name: &str) -> WorkspaceName {
        WorkspaceName::parse(name).unwrap()
    }

    fn written(organisations: &[(&str, Option<&str>)]) -> Directory {
        let mut directory = Directory::empty();
        for (name, id) in organisations {
            let mut files = WorkspaceFiles::empty(&workspace(name));
            files.numbers.org_id = id.map(str::to_owned);
            directory.workspaces.insert(workspace(name), files);
        }
        directory
    }

    fn refused(before: &Directory, read: &[(&str, &str)]) -> Vec<String> {
        let one = |(name, id): &(&str, &str)| {
            let organisation = Organisation::Known((*id).to_owned());
            (workspace(name), RetellWorkspace { organisation, ..RetellWorkspace::default() })
        };
        let complete = Complete { retell: read.iter().map(one).collect(), ..Complete::default() };
        check(before, &complete, &[]).iter().map(|hit| hit.rail.flag()).collect()
    }

    #[test]
    fn one_key_for_two_workspaces_is_refused_also_where_its_organisation_is_not_known() {
        let shared = [vec![workspace("staging"), workspace("production")]];
        let flags = |organisation: &dyn Fn() -> Organisation| {
            let one = |name| {
                (workspace(name), RetellWorkspace { organisation: organisation(), ..RetellWorkspace::default() })
            };
            let complete = Complete { retell: ["production", "staging"].map(one).into(), ..Complete::default() };
            let hits = check(&written(&[("production", None), ("staging", None)]), &complete, &shared);
            hits.iter().map(|hit| hit.rail.flag()).collect::<Vec<_>>()
        };
        assert_eq!(flags(&|| Organisation::NotKnown(None)), ["--allow-org-change=production"]);
        assert_eq!(flags(&|| Organisation::Known("org".to_owned())), ["--allow-org-change=production"]);
    }

    #[test]
    fn a_key_of_another_organisation_is_refused() {
        let before = written(&[("production", Some("org_p")), ("staging", Some("org_s"))]);
        assert!(refused(&before, &[("production", "org_p"), ("staging", "org_s")]).is_empty());
        let swapped = refused(&before, &[("production", "org_s"), ("staging", "org_p")]);
        assert_eq!(swapped, ["--allow-org-change=staging", "--allow-org-change=production"]);
        assert_eq!(refused(&before, &[("staging", "org_x")]), ["--allow-org-change=staging"]);
    }

    #[test]
    fn two_workspaces_with_one_organisation_are_refused_until_both_files_say_so() {
        let nothing = written(&[("production", None), ("staging", None)]);
        assert_eq!(refused(&nothing, &[("production", "org"), ("staging", "org")]), ["--allow-org-change=production"]);
        let half = written(&[("production", Some("org")), ("staging", None)]);
        assert_eq!(refused(&half, &[("staging", "org")]), ["--allow-org-change=staging"]);
        let both = written(&[("production", Some("org")), ("staging", Some("org"))]);
        assert!(refused(&both, &[("production", "org"), ("staging", "org")]).is_empty());
    }

    /// A workspace whose only line is bound to an agent, as it is read without an organisation.
    fn answered_by(name: &str, agent: &str) -> (WorkspaceName, RetellWorkspace) {
        let mut number = RetellNumber::bare(PhoneNumber::parse("+14155550101").unwrap());
        number.settings.inbound_agents = vec![AgentWeight::only(AgentId::parse(agent).unwrap())];
        (workspace(name), RetellWorkspace { numbers: vec![number], ..RetellWorkspace::default() })
    }

    #[test]
    fn lines_that_another_workspaces_agents_answer_tell_a_swapped_key_where_no_organisation_does() {
        let mut before = written(&[("production", None), ("staging", None)]);
        let sales = AgentPath::of_folder("sales").unwrap();
        for name in ["production", "staging"] {
            before.agents.add_id(&sales, &workspace(name), Some(AgentId::parse(&format!("{name}_sales")).unwrap()));
        }
        let flags = |before: &Directory, read: &[(&str, &str)]| {
            let retell = read.iter().map(|(name, agent)| answered_by(name, agent)).collect();
            let hits = check(before, &Complete { retell, ..Complete::default() }, &[]);
            hits.iter().map(|hit| hit.rail.flag()).collect::<Vec<_>>()
        };
        let own = [("production", "production_sales"), ("staging", "staging_sales")];
        assert_eq!(flags(&before, &own), [""; 0]);
        let swapped = [("production", "staging_sales"), ("staging", "production_sales")];
        assert_eq!(flags(&before, &swapped), ["--allow-org-change=staging", "--allow-org-change=production"]);
        assert_eq!(flags(&before, &[("staging", "production_sales")]), ["--allow-org-change=staging"]);
        assert_eq!(flags(&before, &[("staging", "of_nobody")]), [""; 0], "an agent of no folder tells nothing");
        // What a sync wrote down once, by the flag, is not asked for again.
        for (name, read) in swapped.map(|(name, agent)| answered_by(name, agent)) {
            before.workspaces.insert(name.clone(), from_retell(&name, &read, &before, Timestamp::EPOCH));
        }
        assert_eq!(flags(&before, &swapped), [""; 0]);
    }

    #[test]
    fn an_organisation_alone_changes_no_file_and_an_allowed_contradiction_does() {
        let known = BTreeMap::from([(workspace("staging"), "org".to_owned())]);
        for (old, new) in [(None, None), (Some("org"), Some("org")), (Some("other"), Some("org"))] {
            let before = written(&[("staging", old)]);
            let mut after = before.clone();
            record(&before, &mut after, &known);
            assert_eq!(after.workspaces[&workspace("staging")].numbers.org_id.as_deref(), new);
        }
        let before = written(&[("production", None), ("staging", None)]);
        let mut after = before.clone();
        let both = ["production", "staging"].map(|name| (workspace(name), "org".to_owned()));
        record(&before, &mut after, &BTreeMap::from(both));
        assert!(refused(&after, &[("production", "org"), ("staging", "org")]).is_empty(), "it is not asked twice");
    }

    #[test]
    fn a_record_of_another_setting_does_not_say_that_the_agent_is_known() {
        let mut before = written(&[("production", None), ("staging", None)]);
        let agent = AgentId::parse("production_sales").unwrap();
        before.agents.add_id(&AgentPath::of_folder("sales").unwrap(), &workspace("production"), Some(agent.clone()));
        let complete = Complete { retell: [answered_by("staging", "production_sales")].into(), ..Complete::default() };
        let named = Settings { nickname: Some("Front".to_owned()), ..Settings::default() };
        let bound = Settings { inbound_agents: vec![AgentWeight::only(agent)], ..Settings::default() };
        for (setting, live, expected) in [
            (Setting::Nickname, named, vec!["--allow-org-change=staging".to_owned()]),
            (Setting::InboundAgents, bound, Vec::new()),
        ] {
            let mut record = LiveRecord::default();
            record.set(setting, &Settings::default(), &live);
            let entry = RegistryEntry { live: Some(Box::new(record)), ..registry_entry(101) };
            before.workspace_mut(&workspace("staging")).numbers.numbers = vec![entry];
            let hits = check(&before, &complete, &[]);
            assert_eq!(hits.iter().map(|hit| hit.rail.flag()).collect::<Vec<_>>(), expected, "{setting:?}");
        }
    }
}

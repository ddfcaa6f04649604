//! Which organisation a workspace belongs to: written down beside its numbers, and a rail against swapped keys.

use std::collections::BTreeMap;

use super::rails::{Hit, Rail};
use super::{Complete, RetellWorkspace};
use crate::model::{Directory, WorkspaceName};

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
    // It is about the workspace as a whole: no number of it is to blame.
    let hit = |(name, why): (&WorkspaceName, String)| Hit {
        rail: Rail::OrgChange(name.clone(), why),
        numbers: Vec::new(),
        of: 0,
        earlier: 0,
    };
    contradictions.chain(unnamed).map(hit).collect()
}

/// What is wrong with a workspace's organisation, in words.
fn contradiction(
    before: &Directory,
    known: &BTreeMap<WorkspaceName, String>,
    name: &WorkspaceName,
    id: &str,
) -> Option<String> {
    let written = |name: &WorkspaceName| before.workspaces.get(name).and_then(|files| files.numbers.org_id.as_deref());
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
    use crate::model::WorkspaceFiles;
    use crate::reconcile::live::Organisation;

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
}

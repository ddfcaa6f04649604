//! Reading the index and commits.

use phone_dir::error::ErrorKind;
use phone_dir::snapshot::{Content, Snapshot};
use phone_dir::store::git::{CommitId, GitRepository, Head};
use phone_dir::store::path::ProjectPath;
use phone_dir::store::revision::Revision;
use phone_dir::store::worktree;

use crate::store::fixture::{DIRECTORY, Fixture, STAGING};

fn revision(text: &str) -> Revision {
    Revision::parse(text).unwrap()
}

fn text<'s>(snapshot: &'s Snapshot, path: &str) -> &'s str {
    std::str::from_utf8(snapshot.bytes(path).unwrap_or_else(|| panic!("{path}: {:?}", snapshot.files.get(path))))
        .unwrap()
}

#[test]
fn worktree_index_and_commit_each_give_their_own_version() {
    let fixture = Fixture::committed();
    fixture.write(DIRECTORY, "{\"v\": 2}\n");
    fixture.git(&["add", "."]);
    fixture.write(DIRECTORY, "{\"v\": 3}\n");
    let repository = fixture.repository();
    assert_eq!(text(&repository.objects().read_commit(&Revision::head()).unwrap(), DIRECTORY), "{\"v\": 1}\n");
    assert_eq!(text(&repository.index().read_index().unwrap(), DIRECTORY), "{\"v\": 2}\n");
    assert_eq!(text(&worktree::read(&fixture.root).unwrap(), DIRECTORY), "{\"v\": 3}\n");
}

#[test]
fn a_clean_project_reads_the_same_from_everywhere() {
    let fixture = Fixture::committed();
    fixture.write("agents/sales/notes.md", "x");
    fixture.write("agents/sales/deep/x.json", "x");
    fixture.write("agents/loose.json", "x");
    fixture.write("phone-numbers/a/b/c.txt", "x");
    fixture.write("phone-dir.toml", "");
    fixture.write("workspaces.json", "{}");
    fixture.commit_all("second");
    let repository = fixture.repository();
    let disk = worktree::read(&fixture.root).unwrap();
    assert_eq!(disk, repository.index().read_index().unwrap());
    assert_eq!(disk, repository.objects().read_commit(&revision("main")).unwrap());
    assert_eq!(disk.files.len(), 6);
}

#[test]
fn a_project_in_a_subfolder_sees_its_own_paths_only() {
    let fixture = Fixture::in_subfolder();
    let repository = fixture.repository();
    let disk = worktree::read(&fixture.root).unwrap();
    assert_eq!(disk.files.keys().collect::<Vec<_>>(), [DIRECTORY, STAGING]);
    assert_eq!(disk, repository.index().read_index().unwrap());
    assert_eq!(disk, repository.objects().read_commit(&Revision::head()).unwrap());
    assert!(repository.index().tracked(&ProjectPath::parse(DIRECTORY).unwrap()).unwrap());
    assert!(!repository.index().tracked(&ProjectPath::parse("workspaces.json").unwrap()).unwrap());
}

#[test]
fn announced_and_conflicting_files_links_and_submodules_are_irregular_in_the_index() {
    let fixture = Fixture::committed();
    fixture.git(&["checkout", "-q", "-b", "other"]);
    fixture.write(STAGING, "[2]\n");
    fixture.git(&["commit", "-qam", "other"]);
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write(STAGING, "[3]\n");
    fixture.git(&["commit", "-qam", "main"]);
    fixture.stops(&["merge", "other"]);
    let blob = fixture.git(&["rev-parse", &format!("HEAD:{DIRECTORY}")]);
    let commit = fixture.git(&["rev-parse", "HEAD"]);
    let info = |line: &str| fixture.git(&["update-index", "--add", "--cacheinfo", line]);
    info(&format!("120000,{blob},phone-numbers/link.json"));
    info(&format!("160000,{commit},agents/module"));
    fixture.write("phone-numbers/new.json", "[]");
    fixture.git(&["add", "-N", "phone-numbers/new.json"]);
    let repository = fixture.repository();
    let snapshot = repository.index().read_index().unwrap();
    for (path, words) in [
        ("phone-numbers/new.json", "announced"),
        ("phone-numbers/link.json", "symbolic link"),
        ("agents/module", "submodule"),
        (STAGING, "conflict"),
    ] {
        let Some(Content::Irregular(reason)) = snapshot.files.get(path) else {
            panic!("{path}: {:?}", snapshot.files.get(path))
        };
        assert!(reason.contains(words), "{path}: {reason}");
    }
    assert!(!repository.index().tracked(&ProjectPath::parse("phone-numbers/new.json").unwrap()).unwrap());
    assert!(repository.index().tracked(&ProjectPath::parse(STAGING).unwrap()).unwrap());
}

#[test]
fn a_directory_that_is_a_link_or_a_file_in_a_commit_is_irregular() {
    for (mode, words) in [("120000", "symbolic link"), ("100644", "file where a folder"), ("160000", "submodule")] {
        let fixture = Fixture::unborn();
        fixture.write("README.md", "x");
        fixture.commit_all("first");
        let id = fixture.git(&["rev-parse", if mode == "160000" { "HEAD" } else { "HEAD:README.md" }]);
        fixture.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{id},phone-numbers")]);
        fixture.git(&["commit", "-qm", "odd"]);
        let repository = fixture.repository();
        for snapshot in
            [repository.objects().read_commit(&Revision::head()).unwrap(), repository.index().read_index().unwrap()]
        {
            let Some(Content::Irregular(reason)) = snapshot.files.get("phone-numbers") else { panic!("{mode}") };
            assert!(reason.contains(words), "{mode}: {reason}");
        }
    }
}

#[test]
fn revisions_resolve_and_unknown_ones_say_so() {
    let fixture = Fixture::committed();
    fixture.git(&["tag", "-a", "v1", "-m", "tag"]);
    fixture.write("README.md", "two");
    fixture.commit_all("second");
    let repository = fixture.repository();
    let first = fixture.git(&["rev-parse", "HEAD~1"]);
    for text in ["HEAD~1", "HEAD^", "v1", "main@{1}", &first, &first[..8], "refs/tags/v1"] {
        assert_eq!(repository.commits().resolve(&revision(text)).unwrap().to_string(), first, "{text}");
    }
    let error = repository.commits().resolve(&revision("nowhere")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("`nowhere` is not a branch, tag or commit"), "{error}");
    let tree = fixture.git(&["rev-parse", "HEAD^{tree}"]);
    assert!(repository.commits().resolve(&revision(&tree)).unwrap_err().message().contains("is not a commit"));
}

#[test]
fn head_is_unborn_on_a_branch_or_detached() {
    let fixture = Fixture::unborn();
    fixture.write(DIRECTORY, "{}");
    let reference = "refs/heads/main".to_owned();
    assert_eq!(fixture.repository().commits().head().unwrap(), Head::Unborn { reference: reference.clone() });
    fixture.commit_all("first");
    let id = CommitId::parse(&fixture.git(&["rev-parse", "HEAD"])).unwrap();
    assert_eq!(fixture.repository().commits().head().unwrap(), Head::Branch { reference, id });
    fixture.git(&["checkout", "-q", "--detach"]);
    assert_eq!(fixture.repository().commits().head().unwrap(), Head::Detached { id });
}

/// Commits with a committer's date.
fn commit_on(fixture: &Fixture, date: &str, content: &str) -> String {
    fixture.write(DIRECTORY, content);
    fixture.git(&["add", "-A"]);
    let mut command = std::process::Command::new("git");
    crate::store::fixture::seal(&mut command, fixture.home());
    command.env("GIT_COMMITTER_DATE", date).args(["commit", "-qm", date]).current_dir(fixture.top());
    assert!(command.status().unwrap().success());
    fixture.git(&["rev-parse", "HEAD"])
}

fn at(fixture: &Fixture, date: &str) -> phone_dir::error::Result<String> {
    fixture.repository().commits().commit_at(date.parse().unwrap()).map(|id| id.to_string())
}

#[test]
fn the_commit_at_a_time_is_the_last_one_made_by_then() {
    let fixture = Fixture::unborn();
    let first = commit_on(&fixture, "2025-01-01T00:00:00Z", "1");
    let second = commit_on(&fixture, "2025-02-01T00:00:00Z", "2");
    assert_eq!(at(&fixture, "2025-01-31T23:59:59Z").unwrap(), first);
    assert_eq!(at(&fixture, "2025-02-01T00:00:00Z").unwrap(), second);
    assert_eq!(at(&fixture, "2024-12-31T00:00:00Z").unwrap_err().kind(), ErrorKind::CannotTell);
}

#[test]
fn a_shallow_clone_cannot_tell_what_came_before_it() {
    let fixture = Fixture::unborn();
    commit_on(&fixture, "2025-01-01T00:00:00Z", "1");
    let last = commit_on(&fixture, "2025-02-01T00:00:00Z", "2");
    let clone = Fixture::plain();
    let source = format!("file://{}", fixture.top().display());
    clone.git(&["clone", "-q", "--depth", "1", &source, "."]);
    assert!(clone.repository().commits().is_shallow());
    assert_eq!(at(&clone, "2025-02-02T00:00:00Z").unwrap(), last);
    for error in [
        at(&clone, "2025-01-15T00:00:00Z").unwrap_err(),
        clone.repository().commits().resolve(&revision("HEAD~1")).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::CannotTell, "{error}");
        assert!(error.hint_text().unwrap().contains("--unshallow"));
    }
}

#[test]
fn a_malformed_commit_does_not_stop_a_walk_or_a_read() {
    let fixture = Fixture::unborn();
    let first = commit_on(&fixture, "2025-01-01T00:00:00Z", "1");
    let tree = fixture.git(&["rev-parse", "HEAD^{tree}"]);
    fixture.write(
        "odd",
        format!("tree {tree}\nparent {first}\nauthor no-mail\ncommitter < 99999999999999999999 +9900\n\nodd\n"),
    );
    let odd = fixture.git(&["hash-object", "-t", "commit", "-w", "--literally", "odd"]);
    fixture.git(&["update-ref", "refs/heads/main", &odd]);
    assert_eq!(at(&fixture, "2025-03-01T00:00:00Z").unwrap(), first);
    let id = CommitId::parse(&odd).unwrap();
    assert_eq!(text(&fixture.repository().objects().read_commit_id(&id).unwrap(), DIRECTORY), "1");
}

#[test]
fn a_merge_base_is_found_and_its_absence_is_told() {
    let fixture = Fixture::committed();
    let base = fixture.repository().commits().resolve(&Revision::head()).unwrap();
    fixture.git(&["checkout", "-q", "-b", "topic"]);
    fixture.git(&["commit", "-q", "--allow-empty", "-m", "topic"]);
    fixture.git(&["checkout", "-q", "--orphan", "island"]);
    fixture.git(&["commit", "-q", "-m", "island"]);
    let repository = fixture.repository();
    let [main, topic, island] =
        ["main", "topic", "island"].map(|name| repository.commits().resolve(&revision(name)).unwrap());
    assert_eq!(repository.commits().merge_base(&main, &topic).unwrap(), base);
    assert_eq!(repository.commits().merge_base(&main, &island).unwrap_err().kind(), ErrorKind::CannotTell);
}

#[test]
fn a_partial_clone_names_the_command_that_brings_the_rest() {
    let fixture = Fixture::committed();
    fixture.git(&["config", "uploadpack.allowFilter", "true"]);
    fixture.write(DIRECTORY, "{\"v\": 2}\n");
    fixture.commit_all("second");
    let clone = Fixture::plain();
    let source = format!("file://{}", fixture.top().display());
    clone.git(&["clone", "-q", "--filter=blob:none", &source, "."]);
    let error = match GitRepository::discover(&clone.root) {
        Ok(repository) => repository.unwrap().objects().read_commit(&revision("HEAD~1")).unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.kind(), ErrorKind::CannotTell, "{error}");
    let hint = error.hint_text().unwrap();
    assert!(hint.contains("`git fetch --refetch --no-filter`"), "{error} {hint}");
    clone.git(&["fetch", "-q", "--refetch", "--no-filter"]);
    assert_eq!(
        text(&clone.repository().objects().read_commit(&revision("HEAD~1")).unwrap(), DIRECTORY),
        "{\"v\": 1}\n"
    );
}

#[test]
fn files_that_must_never_be_committed_are_found_in_index_and_commit() {
    let fixture = Fixture::committed();
    for path in [".env", "workspaces.json", "phone-numbers/twilio/sync.json", "phone-numbers.backup.1/directory.json"] {
        fixture.write(path, "x");
    }
    fixture.commit_all("oops");
    let repository = fixture.repository();
    let expected =
        [".env", "phone-numbers.backup.1/directory.json", "phone-numbers/twilio/sync.json", "workspaces.json"];
    assert_eq!(repository.index().never_committed_in_index().unwrap(), expected);
    let head = repository.commits().resolve(&Revision::head()).unwrap();
    assert_eq!(repository.objects().never_committed_in(&head).unwrap(), expected);
}

#[test]
fn ignored_files_and_sparse_ones_are_known() {
    let fixture = Fixture::committed();
    fixture.write(".gitignore", "workspaces.json\n");
    let repository = fixture.repository();
    assert!(repository.configuration().ignored(&ProjectPath::parse("workspaces.json").unwrap()).unwrap());
    assert!(!repository.configuration().ignored(&ProjectPath::parse("phone-dir.toml").unwrap()).unwrap());
    assert_eq!(repository.index().left_out_of_worktree().unwrap(), Vec::<String>::new());
    fixture.git(&["sparse-checkout", "set", "--no-cone", "/phone-numbers/"]);
    assert_eq!(fixture.repository().index().left_out_of_worktree().unwrap(), ["agents/sales/staging.json"]);
}

#[test]
fn steps_back_from_a_merge_are_those_of_git() {
    let fixture = Fixture::committed();
    for branch in ["one", "other"] {
        fixture.git(&["switch", "-q", "-c", branch, "main"]);
        for change in 0..3 {
            fixture.write(&format!("{branch}.txt"), change.to_string());
            fixture.commit_all(branch);
        }
    }
    fixture.git(&["merge", "-q", "--no-edit", "one"]);
    let repository = fixture.repository();
    let here = ["HEAD~1", "HEAD^", "HEAD^2", "HEAD^2~2", "HEAD^1^", "HEAD~0^0", "other@{1}~1", "one~3"];
    for text in here {
        let commit = repository.commits().resolve(&Revision::parse(text).unwrap()).unwrap();
        assert_eq!(commit.to_string(), fixture.git(&["rev-parse", "--verify", text]), "{text}");
    }
    for text in ["HEAD^3", "HEAD~9", "one~3^2", "main^"] {
        let error = repository.commits().resolve(&Revision::parse(text).unwrap()).unwrap_err();
        assert!(error.message().ends_with("is not a branch, tag or commit of this repository"), "{error:?}");
    }
}

#[test]
fn files_that_are_not_as_a_commit_has_them_are_known_without_reading_it() {
    for fixture in [Fixture::committed(), Fixture::in_subfolder()] {
        let repository = fixture.repository();
        let head = repository.commits().head().unwrap().commit().unwrap();
        let index = || repository.index().unlike(&head).unwrap().into_iter().collect::<Vec<_>>();
        let disk = || repository.index().unlike_on_disk(&head).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!((index(), disk()), (vec![], vec![]));
        // As long as before, and within the second in which the index was written.
        fixture.write(DIRECTORY, "{\"v\": 2}\n");
        fixture.write("phone-numbers/untracked.json", "x");
        assert_eq!((index(), disk()), (vec![], vec![DIRECTORY.to_owned()]));
        fixture.git(&["add", "--update"]);
        fixture.write(DIRECTORY, "{\"v\": 1}\n");
        fixture.git(&["rm", "-q", "--cached", "*staging/numbers.json"]);
        let both = vec![DIRECTORY.to_owned(), STAGING.to_owned()];
        assert_eq!((index(), disk()), (both.clone(), both));
    }
}

//! A number that one side took out and the other edited: whatever is decided, all of its files follow.

use phone_dir::merge::Side;
use phone_dir::model::Directory;

use crate::merge::in_memory::{Files, ThreeProjects, decide, errors, snapshot};
use crate::merge::project::{Edit, PRODUCTION, Project, STAGING, number, text_of, workspace};

const ONE: &str = "+14155550101";
const TWO: &str = "+14155550102";

type Change = fn(&mut Edit);

struct Case {
    name: &'static str,
    takes_out: Change,
    edits: Change,
    /// The workspaces that have the number when it is taken out, and when the edit is taken.
    places: [&'static [&'static str]; 2],
}

const CASES: [Case; 5] = [
    Case {
        name: "removed from a workspace, renamed there",
        takes_out: |edit| edit.remove(STAGING, ONE),
        edits: |edit| edit.nickname(STAGING, ONE, "Front desk"),
        places: [&[PRODUCTION], &[STAGING, PRODUCTION]],
    },
    Case {
        name: "moved to another agent elsewhere, renamed where it was",
        takes_out: |edit| {
            edit.remove(STAGING, ONE);
            edit.assign(PRODUCTION, ONE, "support");
        },
        edits: |edit| edit.nickname(STAGING, ONE, "Front desk"),
        places: [&[PRODUCTION], &[STAGING, PRODUCTION]],
    },
    Case {
        name: "removed from a workspace, reassigned there",
        takes_out: |edit| edit.remove(STAGING, ONE),
        edits: |edit| edit.assign(STAGING, ONE, "night"),
        places: [&[PRODUCTION], &[STAGING, PRODUCTION]],
    },
    Case {
        name: "released, renamed in one workspace",
        takes_out: |edit| edit.release(ONE),
        edits: |edit| edit.nickname(STAGING, ONE, "Front desk"),
        places: [&[], &[STAGING, PRODUCTION]],
    },
    Case {
        name: "released, given notes",
        takes_out: |edit| edit.release(ONE),
        edits: |edit| edit.notes(ONE, "the first line"),
        places: [&[], &[STAGING, PRODUCTION]],
    },
];

/// Which branch takes the number out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Remover {
    Main,
    Topic,
}

fn edits(case: &Case, remover: Remover) -> [Edit; 3] {
    let base = Edit::start(&[ONE, TWO]);
    let (main, topic) = match remover {
        Remover::Main => (case.takes_out, case.edits),
        Remover::Topic => (case.edits, case.takes_out),
    };
    let (mut ours, mut theirs) = (base.at("2026-02-01T00:00:00Z"), base.at("2026-02-02T00:00:00Z"));
    main(&mut ours);
    topic(&mut theirs);
    // Something else that both sides did, and that every decision has to keep.
    ours.nickname(STAGING, TWO, "Back office");
    theirs.assign(PRODUCTION, TWO, "night");
    [base, ours, theirs]
}

fn prepare(case: &Case, remover: Remover) -> Project {
    let [base, ours, theirs] = edits(case, remover);
    let project = Project::new(&base);
    project.diverge(&ours, &theirs);
    project
}

fn start(project: &Project, way: &str) {
    let output = match way {
        "merge" => project.try_git(&["merge", "-q", "--no-edit", "topic"]),
        "cherry-pick" => project.try_git(&["cherry-pick", "topic"]),
        _ => project.try_git(&["rebase", "main", "topic"]),
    };
    assert_eq!(output.status.code(), Some(1), "{way}: {}", text_of(&output));
}

fn finish(project: &Project, resolved: &str, way: &str) {
    let add = resolved.lines().find_map(|line| line.split_once("`git add ")).expect("it says what to add");
    let paths: Vec<&str> = add.1.trim_end_matches('`').split(' ').collect();
    project.git(&[&["add"], paths.as_slice()].concat());
    project.git(&["-c", "core.hooksPath=/dev/null", way, "--continue"]);
    assert_eq!(project.git(&["status", "--porcelain"]), "", "{way}: everything that changed was to be added");
}

fn directory(files: &Files) -> Directory {
    Directory::load(&snapshot(files)).unwrap()
}

fn is_in_step(directory: &Directory, expected: &[&str], what: &str) {
    let entry = directory.number(number(ONE));
    assert_eq!(entry.is_some(), !expected.is_empty(), "{what}: directory.json");
    for name in [STAGING, PRODUCTION] {
        let is_there = expected.contains(&name);
        let files = &directory.workspaces[&workspace(name)];
        assert_eq!(files.registered(number(ONE)).is_some(), is_there, "{what}: {name}/numbers.json");
        assert_eq!(files.assignment(number(ONE)).is_some(), is_there, "{what}: {name}/assignments.json");
        let binding = entry.is_some_and(|entry| entry.workspaces.contains_key(&workspace(name)));
        assert_eq!(binding, is_there, "{what}: {name} in directory.json");
    }
    let two = &directory.workspaces[&workspace(STAGING)].registered(number(TWO)).unwrap().nickname;
    assert_eq!(two.as_deref(), Some("Back office"), "{what}: the other number's change stays");
    let two = directory.workspaces[&workspace(PRODUCTION)].assignment(number(TWO)).unwrap();
    assert_eq!(two.agent_path.as_ref().unwrap().as_str(), "agents/night", "{what}: the other number's change stays");
}

#[test]
fn a_decision_is_followed_by_every_file_of_the_number() {
    for case in &CASES {
        for (remover, removes) in [(Remover::Main, Side::Ours), (Remover::Topic, Side::Theirs)] {
            let [base, ours, theirs] = edits(case, remover);
            let three = ThreeProjects::of(&base, &ours, &theirs);
            let merged = three.merge();
            for side in [Side::Ours, Side::Theirs] {
                let what = format!("{}: {remover:?} removes it, {side:?}", case.name);
                let decided = decide(&three, &merged, side);
                is_in_step(&directory(&decided), case.places[usize::from(side != removes)], &what);
                assert_eq!(errors(&decided), [] as [String; 0], "{what}");
            }
        }
    }
}

/// A case through git for each way and side.
const THROUGH_GIT: [(Remover, &str, &str); 5] = [
    (Remover::Main, "merge", "--ours"),
    (Remover::Main, "merge", "--theirs"),
    (Remover::Topic, "rebase", "--theirs"),
    (Remover::Topic, "cherry-pick", "--ours"),
    (Remover::Main, "merge", "--theirs"),
];

#[test]
fn the_command_knows_the_side_that_was_chosen_in_a_merge_a_rebase_and_a_pick() {
    for (case, (remover, way, side)) in CASES.iter().zip(THROUGH_GIT) {
        let what = format!("{}: {remover:?} removes it, {way}, {side}", case.name);
        let project = prepare(case, remover);
        start(&project, way);
        let number = if case.name.starts_with("released, given") { "--all" } else { ONE };
        let resolved = project.phone_dir(&["resolve", number, side]);
        assert!(resolved.status.success(), "{what}: {}", text_of(&resolved));
        finish(&project, &text_of(&resolved), way);
        let is_removed = (remover == Remover::Main) == (side == "--ours");
        is_in_step(&directory(&project.files()), case.places[usize::from(!is_removed)], &what);
        let checked = project.phone_dir(&["validate"]);
        assert_eq!(checked.status.code(), Some(0), "{what}: {}", text_of(&checked));
    }
}

#[test]
fn a_binding_that_one_side_dropped_comes_back_to_both_files() {
    let mut base = Edit::start(&[ONE, TWO]);
    base.now = crate::merge::project::time("2026-02-01T00:00:00Z");
    let project = Project::new(&base);
    let binding = |edit: &Edit| edit.directory.workspaces[&workspace(STAGING)].assignment(number(ONE)).cloned();
    let kept = binding(&base);
    let mut theirs = base.at("2026-02-02T00:00:00Z");
    let assignments = &mut theirs.directory.workspace_mut(&workspace(STAGING)).assignments;
    assignments.assignments[0].agent_name = Some("Sales and more".to_owned());
    let mut ours = base.at("2026-02-03T00:00:00Z");
    let assignments = &mut ours.directory.workspace_mut(&workspace(STAGING)).assignments;
    assignments.assignments.retain(|known| known.phone_number != number(ONE));
    project.diverge(&ours, &theirs);
    start(&project, "merge");
    let resolved = project.phone_dir(&["resolve", ONE, "--theirs"]);
    finish(&project, &text_of(&resolved), "merge");
    let directory = directory(&project.files());
    let entry = &directory.number(number(ONE)).unwrap().workspaces.get(&workspace(STAGING)).unwrap();
    assert_eq!(entry.agent_id, kept.unwrap().agent_id);
    let files = &directory.workspaces[&workspace(STAGING)];
    assert!(files.registered(number(ONE)).unwrap().assigned);
    assert_eq!(files.assignments.unassigned, []);
}

#[test]
fn without_a_merge_in_progress_it_says_that_other_files_may_disagree() {
    let case = &CASES[0];
    let project = prepare(case, Remover::Main);
    start(&project, "merge");
    // As after `git stash pop`: conflicts in the index, and no commit that they came from.
    std::fs::remove_file(project.root.join(".git/MERGE_HEAD")).unwrap();
    let resolved = project.phone_dir(&["resolve", ONE, "--theirs"]);
    assert!(text_of(&resolved).contains("phone-dir validate"), "{}", text_of(&resolved));
    assert!(text_of(&resolved).contains("no merge is in progress"), "{}", text_of(&resolved));
}

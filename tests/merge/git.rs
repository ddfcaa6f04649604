//! A table of cases: each in memory, and some through `git merge`, `git rebase` and `git cherry-pick` with the driver
//! installed.

use std::collections::BTreeMap;
use std::process::Output;

use phone_dir::inert::is_treacherous;
use phone_dir::merge::Side;

use crate::merge::in_memory::{ThreeProjects, decide, errors};
use crate::merge::project::{Edit, PRODUCTION, Project, STAGING, text_of};

const ONE: &str = "+14155550101";
const TWO: &str = "+14155550102";
const NEW: &str = "+14155550103";
const OURS_AT: &str = "2026-02-01T00:00:00Z";
const THEIRS_AT: &str = "2026-02-02T00:00:00Z";

const DIRECTORY: &str = "phone-numbers/directory.json";
const STAGING_NUMBERS: &str = "phone-numbers/staging/numbers.json";
const STAGING_ASSIGNMENTS: &str = "phone-numbers/staging/assignments.json";

type Change = fn(&mut Edit);

/// What git is to say, and what is to be in the files.
enum Expected {
    /// A clean merge, with both sides' changes as if one had been made after the other.
    Both,
    /// A conflict in these files, of this number.
    Conflict(&'static [&'static str], &'static str),
}

struct Case {
    name: &'static str,
    ours: Change,
    theirs: Change,
    expected: Expected,
}

const CASES: [Case; 14] = [
    Case {
        name: "edits of different numbers merge",
        ours: |edit| edit.assign(STAGING, ONE, "support"),
        theirs: |edit| edit.assign(STAGING, TWO, "night"),
        expected: Expected::Both,
    },
    Case {
        name: "edits of different fields of one number merge",
        ours: |edit| edit.assign(STAGING, ONE, "support"),
        theirs: |edit| {
            edit.nickname(STAGING, ONE, "Front desk");
            edit.notes(ONE, "the first line");
            edit.tag(ONE, "vip");
        },
        expected: Expected::Both,
    },
    Case {
        name: "edits of one number in different workspaces merge",
        ours: |edit| edit.assign(STAGING, ONE, "support"),
        theirs: |edit| edit.assign(PRODUCTION, ONE, "night"),
        expected: Expected::Both,
    },
    Case {
        name: "the same edit made twice, synced at different times, merges",
        ours: |edit| edit.nickname(STAGING, ONE, "Front desk"),
        theirs: |edit| edit.nickname(STAGING, ONE, "Front desk"),
        expected: Expected::Both,
    },
    Case {
        name: "one number reassigned twice is a conflict",
        ours: |edit| edit.assign(STAGING, ONE, "support"),
        theirs: |edit| edit.assign(STAGING, ONE, "night"),
        expected: Expected::Conflict(&[DIRECTORY, STAGING_ASSIGNMENTS], ONE),
    },
    Case {
        name: "different notes are a conflict",
        ours: |edit| edit.notes(ONE, "ours"),
        theirs: |edit| edit.notes(ONE, "theirs"),
        expected: Expected::Conflict(&[DIRECTORY], ONE),
    },
    Case {
        name: "tags are a set",
        ours: |edit| edit.tag(ONE, "b"),
        theirs: |edit| edit.tag(ONE, "c"),
        expected: Expected::Both,
    },
    Case {
        name: "different numbers added merge",
        ours: |edit| {
            edit.provision(NEW);
            edit.import(STAGING, NEW, "support");
        },
        theirs: |edit| {
            edit.provision("+14155550104");
            edit.import(STAGING, "+14155550104", "support");
        },
        expected: Expected::Both,
    },
    Case {
        name: "the same number added with different agents is a conflict",
        ours: |edit| {
            edit.provision(NEW);
            edit.import(STAGING, NEW, "support");
        },
        theirs: |edit| {
            edit.provision(NEW);
            edit.import(STAGING, NEW, "night");
        },
        expected: Expected::Conflict(&[DIRECTORY, STAGING_ASSIGNMENTS], NEW),
    },
    Case {
        name: "the same number added to different workspaces merges",
        ours: |edit| {
            edit.provision(NEW);
            edit.import(STAGING, NEW, "support");
        },
        theirs: |edit| {
            edit.provision(NEW);
            edit.import(PRODUCTION, NEW, "night");
        },
        expected: Expected::Both,
    },
    Case {
        name: "a number deleted and edited is a conflict",
        ours: |edit| edit.remove(STAGING, ONE),
        theirs: |edit| edit.assign(STAGING, ONE, "night"),
        expected: Expected::Conflict(&[DIRECTORY, STAGING_ASSIGNMENTS, STAGING_NUMBERS], ONE),
    },
    Case {
        name: "a number moved between workspaces and edited elsewhere merges",
        ours: |edit| {
            edit.remove(STAGING, ONE);
            edit.assign(PRODUCTION, ONE, "support");
        },
        theirs: |edit| {
            edit.nickname(PRODUCTION, ONE, "Front desk");
            edit.nickname(STAGING, TWO, "Back office");
        },
        expected: Expected::Both,
    },
    Case {
        name: "a number moved between workspaces and edited where it was is a conflict",
        ours: |edit| edit.remove(STAGING, ONE),
        theirs: |edit| edit.nickname(STAGING, ONE, "Front desk"),
        expected: Expected::Conflict(&[STAGING_NUMBERS], ONE),
    },
    Case {
        name: "two numbers swapped, and one of them edited, merge",
        ours: |edit| {
            edit.assign(STAGING, ONE, "support");
            edit.assign(STAGING, TWO, "sales");
        },
        theirs: |edit| edit.nickname(STAGING, TWO, "Back office"),
        expected: Expected::Both,
    },
];

/// Brings their branch to ours; in each way ours is what is checked out as `main`.
const WAYS: [&str; 3] = ["merge", "rebase", "cherry-pick"];

#[must_use]
fn run(project: &Project, way: &str) -> Output {
    match way {
        "merge" => project.try_git(&["merge", "-q", "--no-edit", "topic"]),
        "cherry-pick" => project.try_git(&["cherry-pick", "topic"]),
        _ => project.try_git(&["rebase", "main", "topic"]),
    }
}

/// The base, both sides, and their change as if it had been made after ours.
fn edits(case: &Case) -> [Edit; 4] {
    let mut base = Edit::start(&[ONE, TWO]);
    base.assign(STAGING, TWO, "support");
    base.tag(ONE, "a");
    let (mut ours, mut theirs) = (base.at(OURS_AT), base.at(THEIRS_AT));
    (case.ours)(&mut ours);
    (case.theirs)(&mut theirs);
    let mut both = ours.at(THEIRS_AT);
    (case.theirs)(&mut both);
    [base, ours, theirs, both]
}

fn prepare(case: &Case) -> (Project, Edit) {
    let [base, ours, theirs, both] = edits(case);
    let project = Project::new(&base);
    project.diverge(&ours, &theirs);
    (project, both)
}

/// A case for each way in which git merges; the driver is given the same three versions in every one of them.
fn through_git(is_chosen: impl Fn(&Expected) -> bool) -> impl Iterator<Item = (&'static Case, &'static str)> {
    CASES.iter().filter(move |case| is_chosen(&case.expected)).zip(WAYS)
}

/// A number that ours took out has to be put in again by more than a choice of their edit.
fn takes_out(case: &Case) -> bool {
    case.name.contains("moved") || case.name.contains("deleted")
}

/// The files without times, of which the merge takes the newest or the oldest.
fn timeless(files: &BTreeMap<String, String>) -> String {
    let lines = files.iter().flat_map(|(path, text)| std::iter::once(path.as_str()).chain(text.lines()));
    let is_time = |line: &&str| ["\"last_", "_date\""].iter().any(|name| line.contains(name));
    lines.filter(|line| !is_time(line)).map(|line| format!("{line}\n")).collect()
}

fn committed(edit: &Edit) -> BTreeMap<String, String> {
    let mut files = edit.files();
    files.retain(|path, _| !path.contains("twilio"));
    files
}

#[test]
fn clean_merges_hold_both_sides_changes_and_are_valid() {
    for case in CASES.iter().filter(|case| matches!(case.expected, Expected::Both)) {
        let [base, ours, theirs, both] = edits(case);
        let merged = ThreeProjects::of(&base, &ours, &theirs).merge();
        assert_eq!(merged.conflicts, BTreeMap::new(), "{}", case.name);
        assert_eq!(timeless(&merged.files), timeless(&both.files()), "{}", case.name);
        let updated = [&ours, &theirs].map(|side| side.directory.master.last_updated).into_iter().max().flatten();
        let updated = format!("\"last_updated\": \"{}\"", updated.unwrap());
        assert!(merged.files[DIRECTORY].contains(&updated), "{}", case.name);
        assert_eq!(errors(&merged.files), [] as [String; 0], "{}", case.name);
    }
}

#[test]
fn conflicts_are_those_of_the_number_and_resolved_as_if_their_change_came_after_ours() {
    for case in &CASES {
        let Expected::Conflict(files, number) = case.expected else { continue };
        let [base, ours, theirs, both] = edits(case);
        let three = ThreeProjects::of(&base, &ours, &theirs);
        let merged = three.merge();
        assert_eq!(merged.conflicts.keys().collect::<Vec<_>>(), files, "{}", case.name);
        for (path, numbers) in &merged.conflicts {
            assert_eq!(numbers.iter().collect::<Vec<_>>(), [number], "{}: {path}", case.name);
            assert!(merged.files[path].contains("<<<<<<< "), "{}: {path}", case.name);
        }
        let resolved = decide(&three, &merged, Side::Theirs);
        assert_eq!(errors(&resolved), [] as [String; 0], "{}", case.name);
        if !takes_out(case) {
            assert_eq!(timeless(&resolved), timeless(&both.files()), "{}", case.name);
        }
    }
}

#[test]
fn git_merges_rebases_and_picks_with_the_driver() {
    for (case, way) in through_git(|expected| matches!(expected, Expected::Both)) {
        let (project, both) = prepare(case);
        let output = run(&project, way);
        assert!(output.status.success(), "{} ({way}): {}", case.name, text_of(&output));
        assert_eq!(timeless(&project.files()), timeless(&committed(&both)), "{} ({way})", case.name);
        let checked = project.phone_dir(&["validate"]);
        assert_eq!(checked.status.code(), Some(0), "{} ({way}): {}", case.name, text_of(&checked));
    }
}

#[test]
fn conflicts_are_marked_reported_and_resolved_by_number() {
    for (case, way) in through_git(|expected| matches!(expected, Expected::Conflict(..))) {
        let Expected::Conflict(files, number) = case.expected else { continue };
        let (project, both) = prepare(case);
        let output = run(&project, way);
        assert_eq!(output.status.code(), Some(1), "{} ({way}): {}", case.name, text_of(&output));
        assert_eq!(project.unmerged(), files, "{} ({way})", case.name);
        for file in files {
            assert!(project.read(file).contains("<<<<<<< "), "{} ({way}): {file}", case.name);
            assert_eq!(project.git(&["ls-files", "-u", file]).lines().count(), 3, "{} ({way}): {file}", case.name);
        }
        assert!(text_of(&output).contains(&format!("phone-dir resolve {number}")), "{}", text_of(&output));
        assert_eq!(project.phone_dir(&["validate"]).status.code(), Some(1), "{} ({way})", case.name);
        resolve(&project, number, &both, case.name, way);
    }
}

fn resolve(project: &Project, number: &str, both: &Edit, name: &str, way: &str) {
    // As people write it, too: without the plus sign.
    let written = if way == "rebase" { &number[1..] } else { number };
    let resolved = project.phone_dir(&["resolve", written, "--theirs"]);
    assert!(resolved.status.success(), "{name} ({way}): {}", text_of(&resolved));
    let next = text_of(&resolved);
    let add = next.lines().find_map(|line| line.split_once("`git add ")).expect("it says what to add");
    let paths: Vec<&str> = add.1.trim_end_matches('`').split(' ').collect();
    project.git(&[&["add"], paths.as_slice()].concat());
    project.git(&["-c", "core.hooksPath=/dev/null", way, "--continue"]);
    assert_eq!(timeless(&project.files()), timeless(&committed(both)), "{name} ({way})");
    let checked = project.phone_dir(&["validate"]);
    assert_eq!(checked.status.code(), Some(0), "{name} ({way}): {}", text_of(&checked));
}

#[test]
fn without_the_driver_git_merges_a_number_in_twice_and_with_it_it_does_not() {
    let mut base = Edit::start(&["+14155550101", "+14155550105", "+14155550109"]);
    base.now = crate::merge::project::time(OURS_AT);
    let project = Project::new(&base);
    let path = STAGING_NUMBERS;
    let added = |project: &Project, before: &str| {
        let text = project.read(path);
        let entry = text.split("    {\n").nth(1).unwrap().replace("+14155550101", NEW);
        let place = text.find(&format!("    {{\n      \"phone_number\": \"{before}\"")).unwrap();
        let entry = entry.trim_end().trim_end_matches(',').to_owned();
        project.write(path, &format!("{}    {{\n{entry},\n{}", &text[..place], &text[place..]));
    };
    project.git(&["checkout", "-q", "-b", "topic"]);
    added(&project, "+14155550105");
    project.commit("theirs");
    project.git(&["checkout", "-q", "main"]);
    added(&project, "+14155550109");
    project.commit("ours");
    let count = |project: &Project| project.read(path).matches(&format!("\"phone_number\": \"{NEW}\"")).count();
    project.git(&[
        "-c",
        "merge.phone-dir.driver=git merge-file %A %O %B",
        "merge",
        "-q",
        "--no-verify",
        "--no-edit",
        "topic",
    ]);
    assert_eq!(count(&project), 2, "git's own merge is as bad as it is said to be");
    project.git(&["reset", "-q", "--hard", "HEAD~1"]);
    let output = run(&project, "merge");
    // What was pasted in by hand disagrees with the other files, which the hook says of the merge.
    assert_eq!(output.status.code(), Some(1), "{}", text_of(&output));
    assert!(text_of(&output).contains("pre-merge-commit: refused because of the errors above"), "{}", text_of(&output));
    assert_eq!(count(&project), 1);
}

#[test]
fn what_one_side_bound_to_an_agents_folder_follows_the_other_sides_new_name_of_it() {
    for (way, renames_in) in WAYS.iter().flat_map(|way| [(*way, "main"), (*way, "topic")]) {
        let mut base = Edit::start(&[ONE, TWO]);
        base.assign(STAGING, TWO, "support");
        let project = Project::new(&base);
        let mut bound = base.at(THEIRS_AT);
        bound.assign(STAGING, TWO, "sales");
        let rename = |project: &Project| {
            project.git(&["mv", "agents/sales", "agents/outreach"]);
            assert!(project.phone_dir(&["validate", "--fix"]).status.success());
        };
        project.git(&["checkout", "-q", "-b", "topic"]);
        if renames_in == "topic" {
            rename(&project);
        } else {
            project.put(&bound);
        }
        project.commit("theirs");
        project.git(&["checkout", "-q", "main"]);
        if renames_in == "main" {
            rename(&project);
        } else {
            project.put(&bound);
        }
        project.commit("ours");
        let output = run(&project, way);
        assert!(output.status.success(), "{way}, renamed in {renames_in}: {}", text_of(&output));
        let checked = project.phone_dir(&["validate"]);
        assert_eq!(checked.status.code(), Some(0), "{way}, renamed in {renames_in}: {}", text_of(&checked));
        let staged = project.read(STAGING_ASSIGNMENTS);
        assert!(!staged.contains("agents/sales") && staged.matches("agents/outreach").count() == 3, "{staged}");
    }
}

#[test]
fn a_broken_side_is_a_conflict_by_lines_and_never_a_clean_merge() {
    let base = Edit::start(&[ONE, TWO]);
    let project = Project::new(&base);
    project.git(&["checkout", "-q", "-b", "topic"]);
    let mut theirs = base.at(THEIRS_AT);
    theirs.nickname(STAGING, TWO, "Back office");
    project.put(&theirs);
    project.commit("theirs");
    project.git(&["checkout", "-q", "main"]);
    project.write(STAGING_NUMBERS, &project.read(STAGING_NUMBERS).replacen("\"numbers\": [", "\"numbers\": [,", 1));
    project.commit("ours");
    let output = run(&project, "merge");
    assert_eq!(output.status.code(), Some(1), "{}", text_of(&output));
    assert!(project.unmerged().contains(&STAGING_NUMBERS.to_owned()));
    assert!(text_of(&output).contains("cannot be merged by number"), "{}", text_of(&output));
    assert!(project.read(STAGING_NUMBERS).contains("Back office"));
    let refused = project.phone_dir(&["resolve", "--all", "--ours"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text_of(&refused).contains("git checkout --merge"), "{}", text_of(&refused));
}

/// Commit subjects and branch names are typed by others, and stand beside the markers and in what a merge says.
#[test]
fn labels_and_messages_of_a_conflict_hold_nothing_that_acts() {
    let subject = "fix \u{202e}\u{2066}\u{e0041} ::error::x ##[error]y ##vso[z]\u{1b}[2J";
    let branch = "topic-\u{202e}\u{2066}\u{e0041}";
    for way in ["merge", "rebase", "cherry-pick"] {
        let project = Project::new(&Edit::start(&[ONE, TWO]));
        let start = Edit::start(&[ONE, TWO]);
        project.git(&["checkout", "-q", "-b", branch]);
        let mut theirs = start.at(THEIRS_AT);
        theirs.notes(ONE, "theirs");
        project.put(&theirs);
        project.commit(subject);
        project.git(&["checkout", "-q", "main"]);
        let mut ours = start.at(OURS_AT);
        ours.notes(ONE, "ours");
        project.put(&ours);
        project.commit(subject);
        if way == "rebase" {
            project.git(&["checkout", "-q", branch]);
        }
        let onto = if way == "rebase" { "main" } else { branch };
        let said = text_of(&project.try_git(&[way, onto]));
        let written = project.read(DIRECTORY);
        assert!(written.contains("<<<<<<<") && written.contains(">>>>>>>"), "{way}: {said}");
        // Its progress ends in a carriage return, which is git's own.
        let own = said.split(['\n', '\r']).filter(|line| line.contains("phone-dir"));
        let listed = text_of(&project.phone_dir(&["resolve"]));
        for line in written.lines().chain(own).chain(listed.lines()) {
            let acts = line.chars().any(|letter| letter != '\t' && is_treacherous(letter))
                || line.contains("##[")
                || line.contains("##vso[");
            assert!(!acts && !line.trim_start().starts_with("::"), "{way}: {line:?}");
        }
    }
}

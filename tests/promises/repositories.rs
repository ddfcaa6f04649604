//! Every kind of repository against every command that asks: the same answer as in an ordinary one, or exit 3 with one
//! clear message and the command that helps; never libgit2's own words, never an empty success.

use std::collections::BTreeMap;
use std::fs;

use crate::fixture::{DIRECTORY, Place, Project, Run};

const LINE: &str = "+14155550101";

/// The questions, and what each needs of git.
const COMMANDS: [(&[&str], Needs); 17] = [
    (&["list"], Files),
    (&["show", LINE, "--json"], Files),
    (&["unassigned"], Files),
    (&["report", "--format", "csv"], Files),
    (&["agent-numbers", "agents/survey", "--json"], Files),
    (&["diff", "staging", "production"], Files),
    (&["validate", "--json"], Index),
    (&["validate", "--staged"], Index),
    (&["diff", "--staged"], Staged),
    (&["hook", "run"], Index),
    (&["status"], Git),
    (&["validate", "--rev", "HEAD"], Head),
    (&["list", "--at", "HEAD"], Head),
    (&["diff", "HEAD", "@worktree"], Head),
    (&["diff", "HEAD~1", "HEAD", "--json"], Past),
    (&["history", "--json"], Past),
    (&["blame", LINE], Past),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    Files,
    Git,
    Index,
    /// The index and the last commit.
    Staged,
    Head,
    Past,
}

use Needs::{Files, Git, Head, Index, Past, Staged};

/// A kind of repository, made out of an ordinary one, and what cannot be told there.
struct Kind {
    name: &'static str,
    make: fn(&Place) -> Place,
    untold: &'static [Needs],
}

const EVERYTHING_OF_GIT: &[Needs] = &[Git, Index, Staged, Head, Past];

const KINDS: [Kind; 23] = [
    Kind { name: "ordinary", make: ordinary, untold: &[] },
    Kind { name: "packed", make: packed, untold: &[] },
    Kind { name: "detached", make: |place| with_git(place, &["checkout", "--quiet", "--detach"]), untold: &[] },
    Kind { name: "linked worktree", make: linked, untold: &[] },
    Kind { name: "worktree of a bare repository", make: worktree_of_bare, untold: &[] },
    Kind { name: "separate git folder", make: separate, untold: &[] },
    Kind { name: "shared objects", make: |place| cloned(place, &["--shared"]), untold: &[] },
    Kind { name: "submodule", make: submodule, untold: &[] },
    Kind { name: "sparse checkout", make: sparse, untold: &[] },
    Kind {
        name: "commit-graph",
        make: |place| with_git(place, &["commit-graph", "write", "--reachable"]),
        untold: &[],
    },
    Kind {
        name: "index version 4",
        make: |place| with_git(place, &["update-index", "--index-version", "4"]),
        untold: &[],
    },
    Kind { name: "shallow", make: |place| cloned(place, &["--depth", "1"]), untold: &[Past] },
    Kind { name: "partial", make: |place| cloned(place, &["--filter", "blob:none"]), untold: &[Past] },
    Kind { name: "partial without trees", make: |place| cloned(place, &["--filter", "tree:0"]), untold: &[Past] },
    Kind { name: "no commit yet", make: unborn, untold: &[Staged, Head, Past] },
    Kind {
        name: "split index",
        make: |place| with_git(place, &["update-index", "--split-index"]),
        untold: &[Index, Staged],
    },
    Kind { name: "sparse index", make: sparse_index, untold: &[Index, Staged] },
    Kind { name: "SHA-256", make: |place| again(place, "--object-format=sha256"), untold: EVERYTHING_OF_GIT },
    Kind { name: "reftable", make: |place| again(place, "--ref-format=reftable"), untold: EVERYTHING_OF_GIT },
    Kind { name: "foreign owner", make: foreign, untold: EVERYTHING_OF_GIT },
    Kind { name: "bare", make: |place| with_git(place, &["config", "core.bare", "true"]), untold: EVERYTHING_OF_GIT },
    Kind { name: "lost tree", make: lost_tree, untold: &[Past] },
    Kind { name: "broken index", make: broken_index, untold: &[Git, Index, Staged] },
];

fn ordinary(place: &Place) -> Place {
    place.copy()
}

fn with_git(place: &Place, words: &[&str]) -> Place {
    let place = place.copy();
    place.git(words);
    place
}

fn packed(place: &Place) -> Place {
    let place = with_git(place, &["pack-refs", "--all"]);
    place.git(&["gc", "--quiet"]);
    place
}

/// The same place, moved to another folder.
fn moved(mut place: Place, folder: &str) -> Place {
    place.root = place.home.join(folder);
    place
}

fn cloned(place: &Place, options: &[&str]) -> Place {
    let source = with_git(place, &["config", "uploadpack.allowFilter", "true"]);
    let copy = place.copy();
    let url = format!("file://{}", source.root.display());
    let target = copy.home.join("clone");
    source.git(&[&["clone", "--quiet"], options, &[&url, target.to_str().unwrap()]].concat());
    moved(copy, "clone")
}

fn linked(place: &Place) -> Place {
    let place = place.copy();
    let target = place.home.join("linked");
    place.git(&["worktree", "add", "--quiet", "-b", "side", target.to_str().unwrap()]);
    keep(moved(place, "linked"))
}

/// The worktree's repository is in the same temporary folder, which lives as long as the place.
fn keep(place: Place) -> Place {
    assert!(place.path(DIRECTORY).is_file());
    place
}

fn worktree_of_bare(place: &Place) -> Place {
    let copy = place.copy();
    let (bare, target) = (copy.home.join("bare.git"), copy.home.join("work"));
    let (bare, target) = (bare.to_str().unwrap(), target.to_str().unwrap());
    copy.git(&["clone", "--quiet", "--bare", ".", bare]);
    copy.git(&["-C", bare, "worktree", "add", "--quiet", target, "main"]);
    keep(moved(copy, "work"))
}

fn separate(place: &Place) -> Place {
    let elsewhere = place.home.join("elsewhere.git");
    let place = with_git(place, &["init", "--quiet", "--separate-git-dir", elsewhere.to_str().unwrap()]);
    assert!(place.path(".git").is_file());
    place
}

/// Everything is staged, nothing is committed.
fn unborn(place: &Place) -> Place {
    let place = place.copy();
    fs::remove_dir_all(place.path(".git")).unwrap();
    place.git(&["init", "--quiet", "--initial-branch=main"]);
    place.git(&["add", "."]);
    place
}

fn submodule(place: &Place) -> Place {
    let copy = place.copy();
    let parent = copy.home.join("parent");
    fs::create_dir(&parent).unwrap();
    let (parent, source) = (parent.to_str().unwrap(), copy.root.to_str().unwrap());
    copy.git(&["-C", parent, "init", "--quiet"]);
    copy.git(&["-C", parent, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "numbers"]);
    moved(copy, "parent/numbers")
}

/// The agents' folders are checked out, another folder is not.
fn sparse(place: &Place) -> Place {
    with_git(place, &["sparse-checkout", "set", "--cone", "phone-numbers", "agents"])
}

fn sparse_index(place: &Place) -> Place {
    with_git(place, &["sparse-checkout", "set", "--cone", "--sparse-index", "phone-numbers", "agents"])
}

/// The same files in a new repository of another format, with as many commits.
fn again(place: &Place, option: &str) -> Place {
    let place = place.copy();
    fs::remove_dir_all(place.path(".git")).unwrap();
    place.git(&["init", "--quiet", "--initial-branch=main", option]);
    place.git(&["add", "."]);
    place.git(&["commit", "--quiet", "--message", "One"]);
    place.git(&["commit", "--quiet", "--allow-empty", "--message", "Two"]);
    place
}

fn foreign(place: &Place) -> Place {
    let place = place.copy();
    let output = place.command("chown", &["4242:4242", ".", ".git"]).output().unwrap();
    if !output.status.success() {
        eprintln!("only the superuser can give a folder away; the repository is an ordinary one");
    }
    place
}

/// A disk has lost what an earlier commit had.
fn lost_tree(place: &Place) -> Place {
    let place = place.copy();
    let id = place.git(&["rev-parse", "HEAD~1^{tree}"]);
    fs::remove_file(place.path(&format!(".git/objects/{}/{}", &id[..2], id[2..].trim()))).unwrap();
    place
}

fn broken_index(place: &Place) -> Place {
    let place = place.copy();
    fs::write(place.path(".git/index"), "DIRC but not for long").unwrap();
    place
}

/// A project with two commits and something beside the directory.
fn project() -> Project {
    let project = Project::synced();
    project.write("docs/guide/one.md", "One\n");
    project.git(&["add", "docs"]);
    project.git(&["commit", "--quiet", "--message", "Docs"]);
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    project.succeed(&["sync", "--all", "--quiet"]);
    // No clone has them.
    fs::remove_dir_all(project.path("phone-numbers/twilio")).unwrap();
    project
}

/// Whether the text is the words of a library and not of a person.
fn is_raw(text: &str) -> bool {
    ["class=", "code=", "libgit2", "Oid", "git2", "panicked"].iter().any(|word| text.contains(word))
}

/// Exit 3 with one message, and a hint that names a command.
fn cannot_tell(run: &Run) -> bool {
    let messages = run.stderr.lines().filter(|line| line.starts_with("error: ") || line.starts_with("incomplete: "));
    let hint = run.stderr.lines().find(|line| line.trim_start().starts_with("hint: "));
    run.code == 3 && messages.count() == 1 && hint.is_some_and(|hint| hint.contains('`'))
}

#[test]
fn each_kind_of_repository_answers_a_sample_of_questions_rightly_or_says_what_helps() {
    judge(|kind, number| (kind + number).is_multiple_of(4));
}

#[test]
#[ignore = "takes a minute: every question in every kind of repository"]
fn every_kind_of_repository_answers_rightly_or_says_what_helps() {
    judge(|_, _| true);
}

/// What a change must not touch when it is refused: the files, and where every ref points.
fn state(place: &Place) -> (BTreeMap<String, Vec<u8>>, Vec<u8>) {
    let refs = place.command("git", &["for-each-ref"]).output().unwrap().stdout;
    (place.files("phone-numbers"), refs)
}

#[test]
fn a_change_in_each_kind_of_repository_is_one_right_commit_or_is_refused_and_changes_nothing() {
    let project = project();
    let mut wrong = Vec::new();
    let mut made = 0;
    for kind in &KINDS {
        let place = (kind.make)(&project.place);
        let before = state(&place);
        let run = place.run(&["edit", LINE, "--add-tag", "kind"]);
        if is_raw(&format!("{}{}", run.stdout, run.stderr)) {
            wrong.push(format!("{} is in a library's words: {run}", kind.name));
        }
        if run.code != 0 {
            let says_how = run.stderr.contains("hint: ") && run.stderr.contains('`');
            if !says_how || state(&place) != before {
                wrong.push(format!("{} is not refused as it should be: {run}", kind.name));
            }
            continue;
        }
        made += 1;
        let git = |words: &[&str]| String::from_utf8(place.command("git", words).output().unwrap().stdout).unwrap();
        let changed = git(&["show", "--format=", "--name-only", "HEAD"]);
        let left = git(&["status", "--porcelain", "phone-numbers"]);
        let sound = place.command("git", &["fsck", "--no-dangling", "--no-progress"]).output().unwrap();
        let is_sound = sound.status.success() || kind.name == "lost tree";
        if changed.trim() != DIRECTORY || !left.is_empty() || !is_sound {
            wrong.push(format!("{}: changed {changed}, left {left}, {sound:?}: {run}", kind.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(made >= 10, "{made} commits");
}

/// Asks the chosen questions of each kind of repository; the ordinary one is asked them all.
fn judge(is_chosen: impl Fn(usize, usize) -> bool) {
    let project = project();
    let mut expected = BTreeMap::new();
    let mut wrong = Vec::new();
    for (kind_number, kind) in KINDS.iter().enumerate() {
        let place = (kind.make)(&project.place);
        let is_foreign = kind.name != "foreign owner"
            || place.command("git", &["status"]).output().unwrap().status.code() == Some(128);
        for (number, (words, needs)) in COMMANDS.into_iter().enumerate() {
            if kind_number > 0 && !is_chosen(kind_number, number) {
                continue;
            }
            let run = place.run(words);
            let cell = format!("{}: {}", kind.name, words.join(" "));
            if is_raw(&format!("{}{}", run.stdout, run.stderr)) {
                wrong.push(format!("{cell} is in a library's words: {run}"));
            }
            if kind.untold.contains(&needs) && is_foreign {
                if !cannot_tell(&run) {
                    wrong.push(format!("{cell} is not exit 3 with a way out: {run}"));
                }
                continue;
            }
            let answer = (run.code, run.stdout.clone());
            // There is nothing that could be committed otherwise than it is.
            let differs = kind.name == "no commit yet" && needs == Git;
            if differs && run.code == 0 {
                continue;
            }
            let right = expected.entry(words).or_insert_with(|| answer.clone());
            if *right != answer {
                wrong.push(format!("{cell} is another answer: {run}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

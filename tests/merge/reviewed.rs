//! What a reviewer is shown: who answers, and what a merge or a commit that cannot be read hides.

use crate::merge::project::{Edit, PRODUCTION, Project, START, text_of};

const ONE: &str = "+14155550101";
const TWO: &str = "+14155550102";

const DIRECTORY: &str = "phone-numbers/directory.json";
const ASSIGNMENTS: &str = "phone-numbers/production/assignments.json";

fn start() -> (Edit, Project) {
    let edit = Edit::start(&[ONE, TWO]);
    let project = Project::new(&edit);
    (edit, project)
}

/// The agent that production has bound to the first number.
fn bound(project: &Project) -> String {
    let text: serde_json::Value = serde_json::from_str(&project.read(ASSIGNMENTS)).unwrap();
    text["assignments"][0]["agent_id"].as_str().unwrap().to_owned()
}

#[test]
fn another_agent_of_the_same_folder_is_shown_with_both_ids() {
    let (_, project) = start();
    let old = bound(&project);
    for path in [DIRECTORY, ASSIGNMENTS] {
        project.write(path, &project.read(path).replace(&format!("\"{old}\""), "\"agent_other\""));
    }
    for words in [&["diff", "HEAD"][..], &["diff", "HEAD", "--format", "markdown"]] {
        let told = text_of(&project.phone_dir(words));
        assert!(told.contains(&format!("({old}) → agents/")) && told.contains("(agent_other)"), "{told}");
    }
}

#[test]
fn what_a_merge_dropped_is_told_where_it_happened() {
    let (edit, project) = start();
    let mut theirs = edit.at("2026-02-02T00:00:00Z");
    theirs.assign(PRODUCTION, ONE, "night");
    project.git(&["checkout", "-q", "-b", "topic"]);
    project.put(&theirs);
    project.commit("theirs");
    project.git(&["checkout", "-q", "main"]);
    project.write("README", "x\n");
    project.commit("readme");
    project.git(&["merge", "-q", "-s", "ours", "-m", "drop it", "topic"]);
    let told = text_of(&project.phone_dir(&["history", ONE]));
    let merge = told.split("\n\n").next().unwrap();
    assert!(merge.contains("drop it") && merge.contains("dropped:") && merge.contains("agents/night"), "{told}");
    for format in ["csv", "markdown", "json", "jsonl"] {
        let told = text_of(&project.phone_dir(&["history", "--format", format]));
        assert!(told.contains("dropped"), "{format}: {told}");
    }
    let told = text_of(&project.phone_dir(&["blame", ONE]));
    assert!(told.contains("the merge dropped: ") && told.contains("agents/night"), "{told}");
    // Of another number, the merge has nothing to tell.
    assert!(!text_of(&project.phone_dir(&["history", TWO])).contains("dropped"));
}

#[test]
fn a_merge_of_both_sides_drops_nothing() {
    let (edit, project) = start();
    let (mut ours, mut theirs) = (edit.at("2026-02-01T00:00:00Z"), edit.at("2026-02-02T00:00:00Z"));
    ours.assign(PRODUCTION, ONE, "night");
    ours.tag(ONE, "a");
    theirs.nickname(PRODUCTION, ONE, "Front desk");
    theirs.tag(ONE, "b");
    theirs.assign(PRODUCTION, TWO, "night");
    project.diverge(&ours, &theirs);
    // The edits are by hand, without the records that the hook asks for.
    project.git(&["merge", "-q", "--no-verify", "-m", "both", "topic"]);
    let told = text_of(&project.phone_dir(&["history"]));
    assert!(!told.contains("dropped") && !told.contains("uncertain"), "{told}");
}

#[test]
fn a_change_that_may_hide_in_a_commit_that_cannot_be_read_names_that_commit() {
    let (edit, project) = start();
    let mut next = edit.at(START);
    next.assign(PRODUCTION, ONE, "night");
    project.put(&next);
    let whole = [DIRECTORY, ASSIGNMENTS].map(|path| (path, project.read(path)));
    for (path, text) in &whole {
        project.write(path, &format!("{text},"));
    }
    project.commit("hidden");
    let hidden = project.git(&["rev-parse", "--short=10", "HEAD"]);
    for (path, text) in &whole {
        project.write(path, text);
    }
    project.commit("repaired");
    let told = text_of(&project.phone_dir(&["history", ONE]));
    let repaired = told.split("\n\n").next().unwrap();
    assert!(repaired.contains("uncertain:") && repaired.contains(&hidden), "{told}");
    let told = text_of(&project.phone_dir(&["blame", ONE]));
    assert!(told.contains(&format!("{hidden}  by Ada")), "{told}");
}

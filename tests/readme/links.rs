//! Links between the pages: every target is there, and so is the heading that a link names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{pages, root};

/// The lines that are prose: what stands in a fenced block is nobody's link or heading.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        !fenced && !is_fence
    })
}

/// The targets of a page's `[text](target)` links and images.
fn targets(text: &str) -> Vec<String> {
    let links = prose(text).flat_map(|line| line.split("](").skip(1).collect::<Vec<_>>());
    links.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    heading.trim().to_lowercase().chars().filter(kept).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    prose(text).filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#'))).collect()
}

/// What is wrong with a link of a page, if anything.
fn fault(page: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, heading) = target.split_once('#').map_or((target, None), |(path, heading)| (path, Some(heading)));
    let file = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
    let named = format!("{}: `{target}`", page.strip_prefix(root()).unwrap().display());
    let Ok(file) = file.canonicalize() else {
        return Some(format!("{named} leads nowhere"));
    };
    let missing = heading.filter(|heading| !anchors(&fs::read_to_string(&file).unwrap()).contains(*heading));
    missing.map(|_| format!("{named} names no heading there"))
}

fn documents() -> Vec<PathBuf> {
    pages().into_iter().chain(["CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name))).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let faults: Vec<_> = documents()
        .iter()
        .flat_map(|page| {
            let text = fs::read_to_string(page).unwrap();
            targets(&text).into_iter().filter_map(|target| fault(page, &target)).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_readme_links_every_page() {
    let linked = targets(&fs::read_to_string(root().join("README.md")).unwrap());
    for page in pages().iter().filter(|page| !page.ends_with("README.md")) {
        let name = page.strip_prefix(root()).unwrap().to_str().unwrap();
        assert!(linked.iter().any(|target| target == name), "the README does not link {name}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_seen() {
    let readme = root().join("README.md");
    assert_eq!(targets("[a](docs/a.md) ![b](b.svg)\n```\n[c](c)\n```\n"), ["docs/a.md", "b.svg"]);
    assert!(fault(&readme, "docs/nothing.md").is_some());
    assert!(fault(&readme, "docs/rules.md#no-such-rule").is_some());
    assert_eq!(fault(&readme, "docs/rules.md#orphaned-assignment"), None);
    assert_eq!(anchor(" Exit codes, and `--json`"), "exit-codes-and---json");
}

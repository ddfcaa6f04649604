//! What is linked into the programs, and what is run to build them: a tree of a known size, each direct dependency with
//! its reason, no `unsafe` of ours, and no build script that asks the network.
//!
//! Licences, bans and sources are `.ci/run deny`; advisories are checked on GitHub.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// More crates than this need a reason in the commit that raises it.
const MOST_CRATES: usize = 320;

/// Words by which a build script would ask the network.
const NETWORK: [&str; 12] = [
    "TcpStream",
    "UdpSocket",
    "ToSocketAddrs",
    "reqwest",
    "ureq",
    "curl::",
    "hyper::",
    "Command::new(\"curl",
    "Command::new(\"wget",
    "Command::new(\"git",
    "http://127",
    "std::net",
];

/// Build scripts that have such a word, and why they ask nobody all the same.
const EXCEPTIONS: [(&str, &str); 1] = [(
    "libgit2-sys",
    "it fetches its submodule where it is built from a git checkout; the published crate has it inside",
)];

fn manifest() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap()
}

/// What cargo knows of the tree; tests ask no registry for it.
fn metadata() -> Value {
    let words =
        ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", "x86_64-unknown-linux-gnu"];
    let output = Command::new(env!("CARGO")).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The crates that are linked into the programs or build them, without those of the tests: id → package.
fn linked(metadata: &Value) -> BTreeMap<String, &Value> {
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package))
        .collect();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let mut found = BTreeMap::new();
    let mut open = vec![metadata["resolve"]["root"].as_str().unwrap()];
    while let Some(id) = open.pop() {
        if found.insert(id.to_owned(), packages[id]).is_some() {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                open.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    found
}

#[test]
fn each_direct_dependency_stands_below_its_reason() {
    let manifest = manifest();
    let section = manifest.split("[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let mut has_reason = false;
    for line in section.lines().filter(|line| !line.is_empty()) {
        // Two crates of one library may share a reason.
        has_reason |= line.starts_with('#');
        assert!(has_reason, "no reason stands above `{line}`");
    }
    assert!(section.lines().filter(|line| line.starts_with('#')).count() >= 25);
}

#[test]
fn unsafe_code_is_forbidden() {
    assert!(manifest().contains("unsafe_code = \"forbid\""));
}

#[test]
fn the_tree_has_the_size_that_is_promised_and_comes_from_one_registry() {
    let metadata = metadata();
    let linked = linked(&metadata);
    eprintln!("{} crates are linked or build what is", linked.len() - 1);
    assert!(linked.len() <= MOST_CRATES, "{} crates", linked.len());
    for (id, package) in &linked {
        let is_ours = package["source"].is_null() && package["name"] == "phone-dir";
        let is_registry = package["source"].as_str().is_some_and(|source| source.starts_with("registry+"));
        assert!(is_ours || is_registry, "{id}");
    }
}

#[test]
fn no_build_script_asks_the_network() {
    let metadata = metadata();
    let mut scripts = 0;
    for (id, package) in linked(&metadata) {
        for target in package["targets"].as_array().unwrap() {
            if target["kind"] != serde_json::json!(["custom-build"]) {
                continue;
            }
            let text = fs::read_to_string(target["src_path"].as_str().unwrap()).unwrap();
            let found = NETWORK.iter().find(|word| text.contains(**word));
            let is_known = EXCEPTIONS.iter().any(|(name, _)| package["name"] == *name);
            assert!(found.is_none() || is_known, "the build script of {id} has `{}`", found.unwrap());
            scripts += 1;
        }
    }
    eprintln!("{scripts} build scripts were read");
    assert!(scripts > 0);
}

//! Guards the borders of the house: which part may use which library, and which way the arrows point.
//!
//! The rules read the source text, so a border is a line in a table here. What a name in a comment or in a test module
//! says does not count.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Words that only some places may use.
struct Border {
    words: &'static [&'static str],
    /// Beginnings of paths below `src/`.
    only_in: &'static [&'static str],
    because: &'static str,
}

const BORDERS: [Border; 10] = [
    Border { words: &["git2", "libgit2_sys"], only_in: &["store/"], because: "libgit2 stays behind the store" },
    Border {
        words: &["rusqlite", "libsqlite3_sys"],
        only_in: &["store/calls/sqlite/"],
        because: "one module opens the file of calls",
    },
    Border {
        words: &["tokio_postgres", "tokio_postgres_rustls", "rustls_platform_verifier"],
        only_in: &["store/calls/postgres/"],
        because: "one module speaks to the server of calls",
    },
    Border { words: &["reqwest"], only_in: &["providers/"], because: "HTTP stays behind the providers" },
    Border {
        words: &["rustls"],
        only_in: &["providers/", "store/calls/postgres/"],
        because: "TLS stays behind who connects",
    },
    Border { words: &["axum"], only_in: &["sandbox/", "webhook/"], because: "only the sandbox and the receiver serve" },
    Border { words: &["clap"], only_in: &["commands/"], because: "the command line is parsed at the edge" },
    Border {
        words: &[
            "fs::write",
            "fs::rename",
            "fs::remove_file",
            "fs::remove_dir",
            "fs::create_dir",
            "fs::copy",
            "fs::hard_link",
            "fs::set_permissions",
            "File::create",
            "File::options",
            "OpenOptions",
            "tempfile",
        ],
        // A report's file is one rename, outside of the project; the lock is a file that is opened and kept. The demo
        // lays out the project of somebody who is not there yet: agents' folders, which no command writes. A merge
        // driver writes its outcome over the temporary file that git hands it.
        only_in: &[
            "store/disk.rs",
            "store/artefact.rs",
            "store/lock.rs",
            "store/regular_file.rs",
            "commands/demo.rs",
            "commands/man.rs",
            "commands/merge_driver.rs",
        ],
        because: "files are written whole, through one journal, and each write is a point at which tests kill",
    },
    Border {
        words: &["fs::read", "fs::read_to_string", "File::open"],
        // A folder is opened to be written through; what the kernel says of the process is no file on a disk.
        only_in: &["store/regular_file.rs", "store/disk.rs", "providers/interruption.rs"],
        because: "a path may be a stranger's link to a device or pipe: `store::regular_file` opens, with type and size checked",
    },
    Border {
        words: &["Utc::now", "SystemTime::now"],
        only_in: &["commands/session.rs", "sandbox/clock.rs", "store/transaction/change.rs", "providers/"],
        because: "time is an input, so that a run can be repeated",
    },
];

/// Words that one place may not use, but for a part of it.
struct Ban {
    words: &'static [&'static str],
    within: &'static str,
    except: &'static [&'static str],
    because: &'static str,
}

const BANS: [Ban; 2] = [
    Ban {
        words: &["Serialize"],
        within: "commands/",
        except: &[],
        because: "commands sequence, and `render/` renders",
    },
    Ban {
        words: &["canonical::to_text", "to_string_pretty"],
        within: "render/",
        // Whether a file is as `fmt` writes it is seen by its bytes.
        except: &["render/escape.rs", "render/facts.rs"],
        because: "JSON is printed through `escape::json_of`, which leaves no character in it that acts",
    },
];

/// The parts that compute and do nothing else; a folder may not exist yet.
const PURE: [&str; 22] = [
    "activity/",
    "capacity/",
    "plan/",
    "model/",
    "decision/",
    "diff/",
    "reconcile/",
    "validate/",
    "history/",
    "merge/",
    "query/",
    "reporting/",
    "secrets/",
    "clone/",
    "change/",
    "drift/",
    "pools/",
    "document.rs",
    "inert.rs",
    "plural.rs",
    "snapshot.rs",
    "schema.rs",
];
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "Instant::now",
    "println!",
    "eprintln!",
    "anstream",
    "tokio",
    "std::io::stdout",
    "std::io::stdin",
];

/// Who may not know whom: the arrows run from right to left.
const ARROWS: [(&str, &[&str]); 11] = [
    ("document.rs", &["model", "diff", "reconcile", "validate", "store", "providers", "render", "commands", "sandbox"]),
    (
        "model/",
        &[
            "diff",
            "reconcile",
            "validate",
            "history",
            "merge",
            "query",
            "store",
            "providers",
            "render",
            "commands",
            "sandbox",
        ],
    ),
    ("diff/", &["reconcile", "store", "providers", "render", "commands", "sandbox"]),
    ("reconcile/", &["store", "providers", "render", "commands", "sandbox"]),
    ("decision/", &["store", "providers", "render", "commands", "sandbox"]),
    ("activity/", &["validate", "store", "providers", "render", "commands", "sandbox"]),
    ("capacity/", &["validate", "store", "providers", "render", "commands", "sandbox"]),
    ("store/", &["providers", "render", "commands", "sandbox"]),
    ("webhook/", &["commands", "sandbox"]),
    ("providers/", &["store", "render", "commands", "sandbox"]),
    // It stands in for the providers, so it must not share a mistake with the code that it is there to try.
    ("sandbox/", &["model", "providers", "reconcile", "store", "render", "commands"]),
];

/// What each command has of its own: its arguments.
const OF_EVERY_COMMAND: &str = "Arguments";

/// Past this, a file is split.
const LONGEST_FILE: usize = 450;
const NAMES_THAT_SAY_NOTHING: [&str; 5] = ["utils", "util", "helpers", "common", "manager"];

/// Every Rust file below a folder of the project, by its path from there.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The lines that do something: without comments, and without the tests at the end of a file.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let body = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    body.lines().zip(1..).map(|(line, number)| (number, line.split("//").next().unwrap_or_default()))
}

/// Whether a line uses a word as a word, so that `git2` is not found in `digit2x`.
fn uses(line: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(is_part);
        let after = line[at + word.len()..].chars().next().is_some_and(is_part);
        !before && !after
    })
}

fn is_in(path: &str, places: &[&str]) -> bool {
    // A unit test in a file of its own belongs to the tests.
    places.iter().any(|place| path.starts_with(place)) || path.ends_with("tests.rs")
}

fn trespasses(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |number: usize, word: &str, because: &str| {
        found.push(format!("src/{path}:{number} uses `{word}`: {because}"));
    };
    for (number, line) in code(text) {
        for border in BORDERS.iter().filter(|border| !is_in(path, border.only_in)) {
            border.words.iter().filter(|word| uses(line, word)).for_each(|word| note(number, word, border.because));
        }
        for ban in BANS.iter().filter(|ban| is_in(path, &[ban.within]) && !is_in(path, ban.except)) {
            ban.words.iter().filter(|word| uses(line, word)).for_each(|word| note(number, word, ban.because));
        }
        if is_in(path, &PURE) && !path.ends_with("tests.rs") {
            IMPURE.iter().filter(|word| line.contains(**word)).for_each(|word| note(number, word, "this part is pure"));
        }
        for (place, strangers) in ARROWS.iter().filter(|(place, _)| path.starts_with(place)) {
            let knows = |stranger: &&&str| uses(line, &format!("crate::{stranger}"));
            strangers.iter().filter(knows).for_each(|stranger| note(number, stranger, &format!("not from {place}")));
        }
    }
    found
}

#[test]
fn no_part_crosses_its_borders() {
    let found: Vec<_> = sources("src").iter().flat_map(|(path, text)| trespasses(path, text)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_trespass_is_seen_and_a_comment_is_none() {
    assert_eq!(trespasses("diff/fields.rs", "use git2::Oid;\nlet digit2x = 1; // git2\n").len(), 1);
    assert_eq!(trespasses("model/sid.rs", "use crate::store::project::Project;\nstd::fs::metadata(path)").len(), 2);
    assert_eq!(trespasses("store/disk.rs", "fs::rename(from, to)?;"), [""; 0]);
    assert_eq!(trespasses("commands/doctor.rs", "std::fs::read_to_string(place)?; fs::read_dir(place)").len(), 1);
    assert_eq!(trespasses("commands/rules.rs", "use serde::Serialize;\nuse serde::Deserialize;").len(), 1);
    assert_eq!(trespasses("render/doctor.rs", "canonical::to_text(&checks)").len(), 1);
    assert_eq!(trespasses("model/sid.rs", "\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"), [""; 0]);
}

#[test]
fn every_border_names_places_that_exist() {
    let sources = sources("src");
    let exists = |place: &str| sources.keys().any(|path| path.starts_with(place));
    let of_bans = BANS.iter().flat_map(|ban| ban.except.iter().chain([&ban.within]));
    for place in BORDERS.iter().flat_map(|border| border.only_in).chain(of_bans) {
        assert!(exists(place), "`src/{place}` is named in a rule and does not exist");
    }
}

#[test]
fn every_part_stands_in_the_map() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    for path in sources("src").keys().filter(|path| *path != "lib.rs") {
        let part = part(path);
        let is_there = ["/", ".rs`"].iter().any(|end| map.contains(&format!("`src/{part}{end}")));
        assert!(is_there, "`src/{part}` is missing in the map of CONTRIBUTING.md");
    }
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for folder in ["src", "tests"] {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//! "), "{folder}/{path} does not begin with `//!`");
        }
    }
}

#[test]
fn no_file_grows_past_what_one_reads_in_one_go() {
    for (path, text) in sources("src") {
        let length = text.lines().count();
        assert!(length <= LONGEST_FILE, "src/{path} has {length} lines: a name is missing");
    }
}

#[test]
fn every_file_has_a_name_that_says_something() {
    for (path, _) in sources("src") {
        let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
        // A hook manager is what git's users call such a program: here the word is the thing.
        let parts = stem.split('/').filter(|_| stem != "clone/hook/manager");
        let empty = parts.into_iter().find(|part| NAMES_THAT_SAY_NOTHING.contains(part));
        assert_eq!(empty, None, "src/{path}");
    }
}

/// The part of a folder that a path in it belongs to.
fn part(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

/// The names that stand behind a way such as `crate::`: one, or those of a group in braces.
fn names_behind<'t>(code: &'t str, way: &str) -> Vec<&'t str> {
    let name = |text: &'t str| text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next();
    let of = |rest: &'t str| -> Vec<&'t str> {
        let Some(group) = rest.strip_prefix('{') else { return name(rest).into_iter().collect() };
        let (mut depth, mut names) = (0, Vec::new());
        for piece in group.split_inclusive([',', '{', '}']) {
            names.extend(name(piece.trim_start()).filter(|name| depth == 0 && !name.is_empty()));
            depth += i32::from(piece.ends_with('{')) - i32::from(piece.ends_with('}'));
            if depth < 0 {
                break;
            }
        }
        names
    };
    code.split(way).skip(1).flat_map(of).collect()
}

/// Which parts of a folder each of its parts names: by the way from the root, and by as many `super::` as lead to the folder.
fn arrows(folder: &str, from_root: &str) -> BTreeMap<String, BTreeSet<String>> {
    let sources = sources(folder);
    let parts: BTreeSet<&str> = sources.keys().map(|path| part(path)).collect();
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources.iter().filter(|(path, _)| !path.ends_with("tests.rs") && *path != "mod.rs") {
        let code = code(text).map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        let up = "super::".repeat(path.trim_end_matches("/mod.rs").split('/').count());
        let named = names_behind(&code, from_root).into_iter().chain(names_behind(&code, &up));
        let known = named.filter(|name| parts.contains(name) && *name != part(path));
        arrows.entry(part(path).to_owned()).or_default().extend(known.map(str::to_owned));
    }
    arrows
}

/// All that can be reached from a part by its arrows.
fn reached<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(part) = open.pop() {
        let next = arrows.get(part).into_iter().flatten().map(String::as_str);
        open.extend(next.filter(|part| reached.insert(*part)));
    }
    reached
}

/// The parts that know each other in a circle.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<&str>> {
    let reached: BTreeMap<&str, _> = arrows.keys().map(|part| (part.as_str(), reached(arrows, part))).collect();
    let circle = |part: &str| -> Vec<&str> {
        reached[part].iter().filter(|other| reached[**other].contains(part)).copied().collect()
    };
    arrows.keys().map(|part| circle(part)).filter(|parts| parts.len() > 1).collect()
}

#[test]
fn no_parts_know_each_other_in_a_circle() {
    assert_eq!(circles(&arrows("src", "crate::")), BTreeSet::new());
}

#[test]
fn no_commands_know_each_other_in_a_circle_and_the_desk_knows_none() {
    let arrows = arrows("src/commands", "crate::commands::");
    assert_eq!(circles(&arrows), BTreeSet::new());
    let shared = ["completing", "known_keys", "options", "session"].map(str::to_owned).into();
    assert_eq!(arrows["desk"].difference(&shared).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_name_is_seen_alone_and_in_a_group() {
    let code = "use crate::{a::{b, c}, d};\nuse crate::e::f; crate::g::h()";
    assert_eq!(names_behind(code, "crate::"), ["a", "d", "e", "g"]);
    assert_eq!(names_behind("use super::{x, y::z};", "super::"), ["x", "y"]);
}

/// The modules that have a type of each name.
fn types() -> BTreeMap<String, usize> {
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        for (_, line) in code(&text) {
            let item = line.trim_start();
            let item = item.strip_prefix("pub ").or(item.split_once(") ").map(|(_, rest)| rest)).unwrap_or(item);
            let mut words = item.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let is_type = matches!(words.next(), Some("struct" | "enum" | "trait" | "union"))
                || (item.starts_with("type ") && !line.starts_with(' '));
            // What a macro defines under a name that it is given is found where it is given one.
            if let Some(name) = words.next().filter(|name| is_type && !name.is_empty()) {
                modules.entry(name.to_owned()).or_default().insert(path.clone());
            }
        }
    }
    modules.into_iter().map(|(name, modules)| (name, modules.len())).collect()
}

#[test]
fn a_types_name_stands_in_at_most_two_modules() {
    let ambiguous = types().into_iter().filter(|(name, count)| *count > 2 && name != OF_EVERY_COMMAND);
    assert_eq!(ambiguous.collect::<Vec<_>>(), []);
}

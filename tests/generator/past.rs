//! Random histories: commits with their parents and files, kept in memory.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::random::Random;
use super::world::World;

/// The directory's files by path from the project's root.
pub type Files = BTreeMap<String, Rc<Vec<u8>>>;

/// One commit.
#[derive(Clone)]
pub struct Commit {
    /// The places of its parents in the history, the first first.
    pub parents: Vec<usize>,
    /// The directory's files as they would be at the project's present place.
    pub files: Files,
    /// The folder that `phone-numbers` is in at this commit: empty, or ending in `/`.
    pub place: &'static str,
    /// Who wrote it: `Name <mail>`.
    pub author: &'static str,
    /// Who committed it.
    pub committer: &'static str,
    /// Seconds since 1970.
    pub time: u64,
}

const PEOPLE: [&str; 4] = [
    "Ada Example <ada@example.com>",
    "Bob Example <bob@example.com>",
    "phone-dir <bot@example.com>",
    "Zoë <z@example.com>",
];

/// A line of development: its last commit and the directory that its people have in mind.
#[derive(Clone)]
struct Line {
    tip: usize,
    world: World,
    /// Files that do not follow the world until they are written again.
    files: Files,
}

/// Every file of a world that git would hold.
pub fn files_of(world: &World) -> Files {
    let files = world.directory.to_files().into_iter();
    files.map(|(path, text)| (path, Rc::new(text.into_bytes()))).collect()
}

/// A linear history in which every commit is a sync that changes a few numbers.
pub fn linear(seed: u64, numbers: usize, commits: usize, mut add: impl FnMut(Commit)) {
    let mut random = Random::new(seed);
    let mut world = World::new(numbers, &mut random);
    for at in 0..commits {
        if at > 0 {
            let count = 1 + random.below(3);
            world.change(count, &mut random);
        }
        add(commit(at, at.checked_sub(1).into_iter().collect(), files_of(&world), "", &mut random));
    }
}

fn commit(at: usize, parents: Vec<usize>, files: Files, place: &'static str, random: &mut Random) -> Commit {
    let author = *random.choose(&PEOPLE);
    let committer = if random.once_in(4) { *random.choose(&PEOPLE) } else { author };
    Commit { parents, files, place, author, committer, time: 1_700_000_000 + at as u64 * 3600 }
}

/// A history with everything in it that happens to files in a repository; the last commit descends from all others.
pub fn eventful(seed: u64, numbers: usize, commits: usize) -> Vec<Commit> {
    let mut random = Random::new(seed);
    let world = World::new(numbers, &mut random);
    let files = files_of(&world);
    let moved_at = commits / 3;
    let mut past = vec![commit(0, Vec::new(), files.clone(), "old/place/", &mut random)];
    let mut lines = vec![Line { tip: 0, world, files }];
    while past.len() < commits {
        let place = if past.len() < moved_at { "old/place/" } else { "" };
        if past.len() == moved_at {
            // The folder moves on one line only: the others are merged first.
            lines = vec![gather(&mut past, lines, "old/place/", &mut random)];
            let line = &mut lines[0];
            past.push(commit(past.len(), vec![line.tip], line.files.clone(), "", &mut random));
            line.tip = past.len() - 1;
            continue;
        }
        step(&mut past, &mut lines, place, &mut random);
    }
    gather(&mut past, lines, "", &mut random);
    past
}

fn step(past: &mut Vec<Commit>, lines: &mut Vec<Line>, place: &'static str, random: &mut Random) {
    let at = random.below(lines.len());
    match random.below(10) {
        0 if lines.len() < 4 => lines.push(lines[at].clone()),
        1 if lines.len() > 1 => {
            let other = lines.swap_remove(at);
            let into = random.below(lines.len());
            merge(past, &mut lines[into], &other, place, random);
        }
        _ => {
            let line = &mut lines[at];
            edit(line, random);
            past.push(commit(past.len(), vec![line.tip], line.files.clone(), place, random));
            line.tip = past.len() - 1;
        }
    }
}

fn gather(past: &mut Vec<Commit>, mut lines: Vec<Line>, place: &'static str, random: &mut Random) -> Line {
    let mut main = lines.remove(0);
    for other in lines {
        merge(past, &mut main, &other, place, random);
    }
    main
}

/// Takes each file from one side or the other, and sometimes changes something that neither has.
fn merge(past: &mut Vec<Commit>, into: &mut Line, other: &Line, place: &'static str, random: &mut Random) {
    for path in into.files.keys().chain(other.files.keys()).cloned().collect::<Vec<_>>() {
        if random.once_in(2) {
            match other.files.get(&path) {
                Some(file) => into.files.insert(path, Rc::clone(file)),
                None => into.files.remove(&path),
            };
        }
    }
    if random.once_in(3) {
        edit(into, random);
    }
    let parents = if into.tip == other.tip { vec![into.tip] } else { vec![into.tip, other.tip] };
    past.push(commit(past.len(), parents, into.files.clone(), place, random));
    into.tip = past.len() - 1;
}

fn edit(line: &mut Line, random: &mut Random) {
    match random.below(16) {
        0 => reformat(line, random),
        1 => break_one(line, random),
        2 => by_hand(line, random),
        3 => {
            let paths: Vec<_> = line.files.keys().cloned().collect();
            if let Some(path) = paths.get(random.below(paths.len().max(1))) {
                line.files.remove(path);
            }
        }
        4 => rename_workspace(line),
        5 if random.once_in(4) => line.files.clear(),
        6 => shuffle(line, random),
        7 => stand_twice(line, random),
        8 => {
            // A commit that touches none of our files.
        }
        _ => {
            let count = 1 + random.below(4);
            line.world.change(count, random);
            line.files = files_of(&line.world);
        }
    }
}

fn any_file(line: &Line, random: &mut Random) -> Option<(String, Rc<Vec<u8>>)> {
    let files: Vec<_> = line.files.iter().collect();
    let (path, file) = files.get(random.below(files.len().max(1)))?;
    Some(((*path).clone(), Rc::clone(file)))
}

/// Another tool writes a file in its own form: compact, or with other blanks.
fn reformat(line: &mut Line, random: &mut Random) {
    let Some((path, file)) = any_file(line, random) else { return };
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(&file) else { return };
    let text = if random.once_in(2) {
        value.to_string()
    } else {
        serde_json::to_string_pretty(&value).expect("JSON").replace('\n', "\r\n")
    };
    line.files.insert(path, Rc::new(text.into_bytes()));
}

/// The entries of a list in another order, in canonical layout.
fn shuffle(line: &mut Line, random: &mut Random) {
    edit_list(line, random, |list, random| {
        let (one, other) = (random.below(list.len()), random.below(list.len()));
        list.swap(one, other);
    });
}

/// A number stands twice, with different values.
fn stand_twice(line: &mut Line, random: &mut Random) {
    edit_list(line, random, |list, random| {
        let mut copy = list[random.below(list.len())].clone();
        copy["last_modified"] = "2020-01-01T00:00:00Z".into();
        let at = random.below(list.len() + 1);
        list.insert(at, copy);
    });
}

fn edit_list(line: &mut Line, random: &mut Random, edit: impl Fn(&mut Vec<serde_json::Value>, &mut Random)) {
    let Some((path, file)) = any_file(line, random) else { return };
    let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(&file) else { return };
    let name = if path.ends_with("assignments.json") { "assignments" } else { "numbers" };
    let Some(list) = value[name].as_array_mut().filter(|list| !list.is_empty()) else { return };
    edit(list, random);
    let text = serde_json::to_string_pretty(&value).expect("JSON") + "\n";
    line.files.insert(path, Rc::new(text.into_bytes()));
}

fn break_one(line: &mut Line, random: &mut Random) {
    let Some((path, file)) = any_file(line, random) else { return };
    let text = String::from_utf8_lossy(&file).into_owned();
    let broken = match random.below(5) {
        0 => text[..text.len() / 2].to_owned(),
        1 => text.replacen("\n    {", "\n<<<<<<< HEAD\n    {", 1),
        2 => text.replacen("+1415", "+0", 1),
        3 => text.replacen("\"version\": \"1.", "\"version\": \"2.", 1).replacen("\"workspace\"", "\"workplace\"", 1),
        _ => String::new(),
    };
    line.files.insert(path, Rc::new(broken.into_bytes()));
}

/// Somebody changes one place of one file, and nothing that follows from it.
fn by_hand(line: &mut Line, random: &mut Random) {
    let Some((path, file)) = any_file(line, random) else { return };
    let text = String::from_utf8_lossy(&file).into_owned();
    let (from, to) = *random.choose(&[
        ("agents/sales", "agents/support-tier1"),
        ("agent_staging_survey", "agent_unknown"),
        ("\"notes\": \"\"", "\"notes\": \"by hand\""),
        ("\"sms\": true", "\"sms\": false"),
        ("\"imported\": true", "\"imported\": false"),
        ("\"nickname\": \"Line", "\"nickname\":   \"Leitung"),
        ("\"inbound-only\"", "\"outbound-only\""),
    ]);
    let places: Vec<_> = text.match_indices(from).map(|(at, _)| at).collect();
    let Some(at) = places.get(random.below(places.len().max(1))) else { return };
    let edited = format!("{}{to}{}", &text[..*at], &text[at + from.len()..]);
    line.files.insert(path, Rc::new(edited.into_bytes()));
}

fn rename_workspace(line: &mut Line) {
    let (from, to) = ("phone-numbers/staging/", "phone-numbers/eu/");
    let (from, to) = if line.files.keys().any(|path| path.starts_with(from)) { (from, to) } else { (to, from) };
    let old: Vec<_> = line.files.keys().filter(|path| path.starts_with(from)).cloned().collect();
    for path in old {
        let file = line.files.remove(&path).expect("it was just listed");
        line.files.insert(path.replace(from, to), file);
    }
}

//! Files that nobody should have made, against every command: each ends in time, by an exit code of the contract, without
//! a panic, and without a character that steers a terminal.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use phone_dir::render::escape::is_treacherous;

use crate::fixture::{DIRECTORY, Place, Project, Run};

const LINE: &str = "+14155550101";
const NUMBERS: &str = "phone-numbers/staging/numbers.json";
const AGENT: &str = "agents/survey/agent.json";

/// Longer than any answer takes, and far shorter than waiting for a pipe.
const PATIENCE: Duration = Duration::from_secs(20);

const COMMANDS: [&[&str]; 49] = [
    &["list"],
    &["list", "--json"],
    &["list", "--format", "csv"],
    &["list", "--format", "markdown"],
    // What was typed stands first on its line.
    &["list", "--columns", "nickname,number"],
    &["list", "--columns", "nickname,number", "--format", "csv"],
    &["show", LINE],
    &["show", LINE, "--json"],
    &["search", "--type", "local"],
    &["search", "--type", "local", "--json"],
    &["unassigned"],
    &["agent-numbers", "agents/survey"],
    &["agent-numbers", "agents/survey", "--json"],
    &["report"],
    &["report", "--format", "json"],
    &["report", "--format", "csv"],
    &["report", "--format", "markdown"],
    &["report", "--format", "html"],
    &["status"],
    &["status", "--json"],
    &["diff"],
    &["diff", "--json"],
    &["diff", "--format", "markdown"],
    &["diff", "--staged"],
    &["diff", "staging", "production"],
    &["history"],
    &["history", "--json"],
    &["history", "--format", "csv"],
    &["history", "--format", "markdown"],
    &["blame", LINE],
    &["blame", LINE, "--json"],
    &["validate"],
    &["validate", "--json"],
    &["validate", "--format", "sarif"],
    &["validate", "--format", "github"],
    &["validate", "--format", "markdown"],
    &["validate", "--staged"],
    &["hook", "run"],
    &["doctor"],
    &["fmt", "--check"],
    &["edit", LINE, "--add-tag", "x", "--dry-run"],
    &["sync", "--all", "--dry-run"],
    &["diff-driver", DIRECTORY],
    &["phone", "list", "-w", "staging"],
    &["drift"],
    &["setup", "--dry-run"],
    &["resolve", "--ours", "--all"],
    // These change what they find, and so come last.
    &["validate", "--fix", "--staged"],
    &["fmt"],
];

/// Something that is done to a file.
type Deed = fn(&Place, &str);

/// What is done to a file, by its name.
const DEEDS: [(&str, Deed); 17] = [
    ("nested", |place, path| write(place, path, "[".repeat(200_000).as_bytes())),
    ("nested objects", |place, path| write(place, path, "{\"a\":".repeat(100_000).as_bytes())),
    ("giant", |place, path| fs::File::create(place.path(path)).unwrap().set_len(3 << 30).unwrap()),
    ("zeroes", |place, path| write(place, path, &[0; 4096])),
    ("link to a device", |place, path| link(place, path, "/dev/zero")),
    ("link out", |place, path| link(place, path, "/etc/passwd")),
    ("link to itself", |place, path| link(place, path, path.rsplit('/').next().unwrap())),
    ("pipe", |place, path| special(place, path, &["mkfifo"])),
    ("device", |place, path| special(place, path, &["mknod", "c", "1", "5"])),
    ("folder", |place, path| fs::create_dir(gone(place, path)).unwrap()),
    ("UTF-16", |place, path| write(place, path, &utf16(&place.read(path)))),
    ("byte order mark", |place, path| write(place, path, format!("\u{feff}{}", place.read(path)).as_bytes())),
    ("Latin-1", |place, path| write(place, path, b"{\"agent_name\": \"caf\xe9\"}")),
    ("duplicate keys", |place, path| {
        write(place, path, b"{\"version\": \"1.0\", \"version\": \"2.0\", \"numbers\": [], \"numbers\": {}}");
    }),
    ("conflict markers", |place, path| {
        let text = place.read(path);
        write(place, path, format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n").as_bytes());
    }),
    ("great numbers", |place, path| {
        write(place, path, b"{\"version\": 1e999, \"numbers\": -123456789012345678901234567890}");
    }),
    ("empty", |place, path| write(place, path, b"")),
];

/// One of each class: terminal controls, bidirectional and unseen marks, build log commands, markup, formulas.
const TEXTS: [&str; 9] = [
    "\u{1b}[5;7;8m",
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m",
    "\u{202e}gnp.exe\u{2066}\u{200b}",
    "\n::error::forged\n ::set-output name=x::y\n##[error]forged",
    "</code></script><img src=x onerror=alert(1)><!-- --> [x](javascript:alert(1)) | @team",
    "=cmd|' /C calc'!A0",
    "\u{e0041}\u{2028}\u{0}\r\n%0A",
    "::add-mask::x ##vso[task.setvariable variable=PATH]x ##teamcity[message]",
    "\u{34f}\u{115f}\u{3164}\u{ffa0}\u{2800}\u{fe0f}\u{1d173}\u{e0100}",
];

fn gone(place: &Place, path: &str) -> std::path::PathBuf {
    let path = place.path(path);
    fs::remove_file(&path).unwrap();
    path
}

fn write(place: &Place, path: &str, bytes: &[u8]) {
    fs::write(place.path(path), bytes).unwrap();
}

fn link(place: &Place, path: &str, target: &str) {
    symlink(target, gone(place, path)).unwrap();
}

fn special(place: &Place, path: &str, words: &[&str]) {
    let made = Command::new(words[0]).arg(gone(place, path)).args(&words[1..]).output().unwrap();
    if !made.status.success() {
        eprintln!("this user may not make a device; the file is missing instead");
    }
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Runs a command, and stops it when it does not end.
fn patiently(place: &Place, words: &[&str], input: &[u8]) -> Run {
    // Nothing is taken out on its way, as it would be where no terminal is.
    let mut command = place.command(cargo_bin("phone-dir"), &[&["--color", "always"], words].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    // Whoever does not read its input may go on.
    let _ = child.stdin.take().unwrap().write_all(input);
    let killer = child.id();
    let watch = std::thread::spawn(move || {
        while start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(50));
            if !fs::exists(format!("/proc/{killer}")).unwrap() {
                return;
            }
        }
        Command::new("kill").args(["-KILL", &killer.to_string()]).output().unwrap();
    });
    let output = child.wait_with_output().unwrap();
    watch.join().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().unwrap_or(-1);
    Run { words: words.join(" "), code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Takes out the styles that are the tool's own.
fn without_styles(text: String) -> String {
    let own = (0..10).chain(30..38).chain(90..98).filter(|code| ![5, 7, 8].contains(code));
    own.map(|code| format!("\u{1b}[{code}m")).fold(text, |text, style| text.replace(&style, ""))
}

/// What is wrong with how a command ended; nothing, if it is as it should be.
fn fault_of(run: &Run) -> Option<&'static str> {
    let shown = without_styles(format!("{}{}", run.stdout, run.stderr));
    let steers = |letter: char| letter != '\n' && is_treacherous(letter);
    match () {
        () if !(0..=3).contains(&run.code) => Some("ends by a signal, a panic or in no time"),
        () if shown.contains("panicked at") || shown.contains("stack overflow") => Some("panics"),
        () if shown.chars().any(steers) && !run.words.contains("html") => Some("steers the terminal"),
        () if forges_a_command(run) => Some("forges a command of the build log"),
        () if run.code == 3 && run.stderr.is_empty() => Some("says nothing"),
        () => None,
    }
}

/// Build servers take `##[x]` and `##vso[x]` for commands anywhere, and `::x` at the start of a line. `validate --format
/// github` writes such lines itself, each with its file first.
fn forges_a_command(run: &Run) -> bool {
    let anywhere = |line: &str| ["##[", "##vso[", "##teamcity["].iter().any(|command| line.contains(command));
    let own = |line: &str| ["::error file=", "::warning file="].iter().any(|start| line.starts_with(start));
    let at_start = |line: &str| line.trim_start().starts_with("::") && !(run.words.contains("github") && own(line));
    run.stdout.lines().chain(run.stderr.lines()).any(|line| anywhere(line) || at_start(line))
}

fn judge(place: &Place, name: &str, commands: &[&[&str]], wrong: &mut Vec<String>) {
    for words in commands {
        let run = patiently(place, words, b"");
        if let Some(fault) = fault_of(&run) {
            let shown: String = run.to_string().escape_debug().take(1500).collect();
            wrong.push(format!("{name}: `{}` {fault}: {shown}", words.join(" ")));
        }
    }
}

fn template() -> Project {
    Project::synced()
}

/// Every deed to every kind of file, with some of the commands or all of them.
fn every_deed(files: &[&str], commands: impl Fn(usize) -> Vec<&'static [&'static str]>) {
    let template = template();
    let mut wrong = Vec::new();
    for (number, (name, deed)) in DEEDS.iter().enumerate() {
        for path in files {
            let place = template.place.copy();
            deed(&place, path);
            // Announced and staged where git can: then the index and commits have it too.
            place.command("git", &["add", "--", path]).output().unwrap();
            judge(&place, &format!("{name} {path}"), &commands(number), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sample_of_hostile_files_is_survived_by_every_command() {
    let files = [DIRECTORY];
    every_deed(&files, |number| COMMANDS.into_iter().skip(number % 12).step_by(12).collect());
}

#[test]
#[ignore = "takes minutes: every hostile file, every command"]
fn every_hostile_file_is_survived_by_every_command() {
    let files =
        [DIRECTORY, NUMBERS, "phone-numbers/production/assignments.json", AGENT, "phone-numbers/twilio/trunks.json"];
    every_deed(&files, |_| COMMANDS.to_vec());
}

/// Puts a text wherever a stranger could type one, and judges every command.
fn judge_text(template: &Project, text: &str) {
    let place = template.place.copy();
    let quoted = serde_json::to_string(text).unwrap();
    let inner = &quoted[1..quoted.len() - 1];
    for path in [DIRECTORY, NUMBERS] {
        let file = place.read(path).replace("Customer Service Line", inner);
        place.write(path, &file.replace("\"notes\": \"\"", &format!("\"notes\": {quoted}")));
    }
    place.write(AGENT, &format!("{{\"agent_name\": {quoted}}}\n"));
    place.write("phone-dir.toml", &format!("[rules]\n{quoted} = \"off\"\n"));
    place.git(&["add", "--all"]);
    place.git(&["commit", "--quiet", "--message", &text.replace('\0', "")]);
    let mut wrong = Vec::new();
    judge(&place, text, &COMMANDS, &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hostile_texts_are_inert_in_every_command_and_format() {
    judge_text(&template(), &TEXTS.concat());
}

#[test]
#[ignore = "takes a minute: each text alone"]
fn each_hostile_text_is_inert_in_every_command_and_format() {
    let template = template();
    for text in TEXTS {
        judge_text(&template, text);
    }
}

/// Flips, drops and adds bytes in one of git's packs, and asks what has to be read from there.
///
/// Not in a pack's index: no stranger writes that, because each git makes its own, and libgit2 takes it at its word.
fn damage_packs(rounds: usize) {
    const QUESTIONS: [&[&str]; 5] = [
        &["history", "--json"],
        &["blame", LINE],
        &["list", "--at", "HEAD~1"],
        &["diff", "HEAD~2", "HEAD", "--json"],
        &["validate", "--rev", "HEAD"],
    ];
    let (project, mut dice) = (template(), crate::dice());
    for tag in ["one", "two", "three"] {
        project.succeed(&["edit", LINE, "--add-tag", tag]);
    }
    project.git(&["repack", "-adfq", "--depth=50"]);
    let sound = QUESTIONS.map(|question| patiently(&project.place, question, b"").stdout);
    let mut wrong = Vec::new();
    for round in 0..rounds {
        let place = project.place.copy();
        let folder = place.path(".git/objects/pack");
        let mut files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let file = files.find(|path| path.extension().is_some_and(|end| end == "pack")).unwrap();
        let mut bytes = fs::read(&file).unwrap();
        for _ in 0..=dice.below(8) {
            let at = dice.below(bytes.len());
            match dice.below(6) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = 0xff,
                2 => bytes.insert(at, 0),
                _ => bytes[at] ^= 1 << dice.below(8),
            }
        }
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
        judge(&place, &format!("damaged pack, round {round}"), &QUESTIONS, &mut wrong);
        for (question, sound) in QUESTIONS.iter().zip(&sound) {
            let run = patiently(&place, question, b"");
            if run.code == 0 && run.stdout != *sound {
                wrong.push(format!("round {round}: another answer, as if it were whole: {run}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn damaged_packs_are_survived_by_every_question() {
    damage_packs(8);
}

#[test]
#[ignore = "takes minutes: hundreds of damaged packs"]
fn hundreds_of_damaged_packs_are_survived_by_every_question() {
    damage_packs(300);
}

#[test]
fn hostile_lists_are_refused_with_their_place() {
    let project = template();
    let deep = "[".repeat(100_000);
    let wide = format!("phone_number,agent\n{LINE},{}\n", "x".repeat(1 << 20));
    let inputs: [&[u8]; 7] = [
        b"",
        b"\xff\xfe\x00",
        deep.as_bytes(),
        wide.as_bytes(),
        b"\0\0\0",
        b"[{\"phone_number\": 5}]",
        b"a,b\n\"unclosed",
    ];
    for input in inputs {
        let run = patiently(&project.place, &["bulk-assign", "-", "-w", "staging", "--yes"], input);
        assert!(
            fault_of(&run).is_none() && run.code == 2,
            "{:?}: {run}",
            String::from_utf8_lossy(&input[..input.len().min(20)])
        );
    }
    assert_eq!(project.commits(), 1);
}

//! The `retell` program: a launcher. The groups `phone-dir` and `phone` start the `phone-dir` that lies beside it, never
//! one from the PATH; every other group belongs to the next `retell` on the PATH, because teams may have another tool of
//! that name.
//!
//! It uses nothing of the library, so that it is a small program of its own and no second copy of the first.

use std::env;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
Usage: retell phone-dir COMMAND   the phone number directory; the same as `phone-dir COMMAND`
       retell phone COMMAND       numbers in Retell; the same as `phone-dir phone COMMAND`

`retell phone list`, `get` and `update` without `--workspace` are about `staging`.
Every other group, and every other COMMAND of `phone`, is handed to the next `retell` on the PATH.
";

/// The launchers that have handed a command on already, as in `PATH`: two of different versions must not hand it to each
/// other for ever.
const HANDED_ON_BY: &str = "PHONE_DIR_RETELL_HANDED_ON_BY";

/// The commands of the group `phone` that phone-dir has. Of the others, another `retell` knows some, such as `create`.
const OWN_PHONE_COMMANDS: [&str; 6] = ["import", "update", "list", "get", "delete", "help"];

/// The commands of the group `phone` that the other tool takes for those of one workspace where none is given.
const OF_ONE_WORKSPACE: [&str; 3] = ["list", "get", "update"];
/// The workspace that it takes then.
const USUAL_WORKSPACE: &str = "staging";

fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    match words.first().and_then(|group| group.to_str()) {
        Some("phone-dir") => start_phone_dir("retell phone-dir", &words[1..]),
        Some("phone") if !is_foreign(&words) => start_phone_dir("retell", &with_workspace(words)),
        _ => hand_on(&words),
    }
}

/// Whether the word behind `phone` is a command that only another `retell` can know.
fn is_foreign(words: &[OsString]) -> bool {
    let Some(command) = words.get(1).and_then(|word| word.to_str()) else { return false };
    let is_own = OWN_PHONE_COMMANDS.contains(&command) || command.starts_with('-');
    // What none of them knows, phone-dir explains best, with the nearest of its own.
    !is_own && (command == "create" || next_retell(&handed_on_by()).is_some())
}

/// The words with the workspace that the other tool would take.
fn with_workspace(mut words: Vec<OsString>) -> Vec<OsString> {
    let text = |word: &OsString| word.to_string_lossy().into_owned();
    let takes_usual = words.get(1).is_some_and(|word| OF_ONE_WORKSPACE.contains(&text(word).as_str()));
    let says_more = words.iter().skip(2).map(text).any(|word| {
        let is_help = word == "-h" || word == "--help";
        is_help || word.starts_with("-w") || word.starts_with("--workspace")
    });
    if takes_usual && !says_more {
        words.extend(["--workspace", USUAL_WORKSPACE].map(OsString::from));
    }
    words
}

/// Starts the `phone-dir` beside this program, which calls itself by `name` in its usage lines.
fn start_phone_dir(name: &str, words: &[OsString]) -> ExitCode {
    let Some(own) = own_place() else { return fail("cannot tell where `retell` is", "start it by its full path") };
    let program = own.with_file_name(format!("phone-dir{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let message = format!("there is no `{}`, which `retell` starts", program.display());
        return fail(&message, "the two belong into one folder: install phone-dir again");
    }
    replace_by(named(Command::new(&program), name).args(words), &program)
}

#[cfg(unix)]
fn named(mut command: Command, name: &str) -> Command {
    use std::os::unix::process::CommandExt;
    command.arg0(name);
    command
}

#[cfg(not(unix))]
fn named(command: Command, _name: &str) -> Command {
    command
}

fn hand_on(words: &[OsString]) -> ExitCode {
    let tried = handed_on_by();
    let Some(program) = next_retell(&tried) else { return explain(words) };
    let Ok(tried) = env::join_paths(&tried) else {
        return fail("a folder of `retell` has a separator of the PATH in its name", "move it to another folder");
    };
    replace_by(Command::new(&program).args(words).env(HANDED_ON_BY, tried), &program)
}

/// This program, and the launchers before it.
fn handed_on_by() -> Vec<PathBuf> {
    let before = env::var_os(HANDED_ON_BY).unwrap_or_default();
    let own = own_place();
    let others = env::split_paths(&before).filter(|path| path.is_absolute() && Some(path) != own.as_ref());
    own.iter().cloned().chain(others).collect()
}

/// This program's file, with links followed.
fn own_place() -> Option<PathBuf> {
    env::current_exe().and_then(|path| path.canonicalize()).ok()
}

/// The first `retell` on the PATH that is none of those that were tried.
fn next_retell(tried: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let candidates = env::split_paths(&path).flat_map(|folder| names().iter().map(move |name| folder.join(name)));
    let is_new = |path: &PathBuf| path.canonicalize().is_ok_and(|found| !tried.contains(&found));
    candidates.filter(|path| is_program(path)).find(is_new)
}

/// What a program of this name may be called in a folder; npm writes `.cmd` files on Windows.
fn names() -> &'static [&'static str] {
    if cfg!(windows) { &["retell.exe", "retell.cmd", "retell.bat"] } else { &["retell"] }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Says what the groups are, where no other `retell` takes the words.
fn explain(words: &[OsString]) -> ExitCode {
    let group = words.first().map(|word| word.to_string_lossy().into_owned());
    match group.as_deref() {
        None => print(HELP, 2),
        Some("-h" | "--help" | "help") => print(HELP, 0),
        Some("phone") => fail(
            "`phone create` is a command of another `retell`, and none is on the PATH",
            "`retell phone import` brings a number into a workspace",
        ),
        Some(group) => fail(
            &format!("unknown group `{}`, and no other `retell` is on the PATH", group.escape_debug()),
            "the groups here are `retell phone-dir` and `retell phone`",
        ),
    }
}

/// Lets another program take this one's place, where the system can; else waits for it and ends as it did.
#[cfg(unix)]
fn replace_by(command: &mut Command, program: &Path) -> ExitCode {
    use std::os::unix::process::CommandExt;
    cannot_start(program, &command.exec())
}

#[cfg(not(unix))]
fn replace_by(command: &mut Command, program: &Path) -> ExitCode {
    match command.status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)),
        Err(error) => cannot_start(program, &error),
    }
}

fn cannot_start(program: &Path, error: &std::io::Error) -> ExitCode {
    fail(&format!("cannot start `{}`: {error}", program.display()), "see whether it is a program for this machine")
}

fn print(text: &str, code: u8) -> ExitCode {
    // A reader that closed the pipe does not want the rest.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::from(code)
}

/// Prints an error as phone-dir does.
fn fail(message: &str, hint: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "error: {message}\n  hint: {hint}");
    ExitCode::from(2)
}

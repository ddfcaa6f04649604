//! `retell phone-dir X` is `phone-dir X`, `retell phone X` is `phone-dir phone X`, and any other group is
//! handed to the next `retell` on the PATH, because teams may have another tool of that name.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::run;
use crate::error::Error;
use crate::model::run_keys::RunKeys;
use crate::store::regular_file::{self, Links};

/// The largest program that is compared with this one, in bytes.
const LARGEST_PROGRAM: u64 = 1 << 30;

const HELP: &str = "\
Usage: retell phone-dir COMMAND   the phone number directory; the same as `phone-dir COMMAND`
       retell phone COMMAND       numbers in Retell; the same as `phone-dir phone COMMAND`

Every other group is handed to the next `retell` on the PATH.
";

/// Runs `retell` with the words of its command line.
pub fn run(words: Vec<OsString>) -> ExitCode {
    match words.get(1).and_then(|group| group.to_str()) {
        Some("phone-dir") => {
            run::run(std::iter::once(OsString::from("retell phone-dir")).chain(words.into_iter().skip(2)))
        }
        Some("phone") => run::run(std::iter::once(OsString::from("retell")).chain(words.into_iter().skip(1))),
        _ => hand_on(&words),
    }
}

fn hand_on(words: &[OsString]) -> ExitCode {
    let group = words.get(1).map(|word| word.to_string_lossy().into_owned());
    match (next_retell(), group) {
        (Some(program), _) => hand_to(&program, &words[1..]),
        (None, None) => explain(2),
        (None, Some(help)) if matches!(help.as_str(), "-h" | "--help" | "help") => explain(0),
        (None, Some(group)) => {
            let error = Error::failed(format!("unknown group `{group}`, and no other `retell` is on the PATH"))
                .hint("the groups here are `retell phone-dir` and `retell phone`");
            run::fail(&error, false, &RunKeys::default())
        }
    }
}

fn explain(code: u8) -> ExitCode {
    print!("{HELP}");
    ExitCode::from(code)
}

/// The first `retell` on the PATH that is not this very program.
fn next_retell() -> Option<PathBuf> {
    let own = env::current_exe().and_then(|path| path.canonicalize()).ok()?;
    let candidates = env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join("retell")).collect::<Vec<_>>();
    candidates
        .into_iter()
        .find(|path| is_program(path) && path.canonicalize().is_ok_and(|found| !is_ours(&found, &own)))
}

/// Whether a found program is this one, or a copy of it: handing on to a copy would never end.
fn is_ours(found: &Path, own: &Path) -> bool {
    found == own || found.file_name() == own.file_name() && same_bytes(found, own)
}

fn same_bytes(left: &Path, right: &Path) -> bool {
    let length = |path: &Path| path.metadata().map(|data| data.len()).ok();
    let read = |path: &Path| regular_file::read(path, Links::Follow, LARGEST_PROGRAM);
    length(left) == length(right) && read(left).ok() == read(right).ok()
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

fn hand_to(program: &Path, words: &[impl AsRef<OsStr>]) -> ExitCode {
    match Command::new(program).args(words).status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)),
        Err(error) => run::fail(
            &Error::failed(format!("cannot run `{}`", program.display())).caused_by(error),
            false,
            &RunKeys::default(),
        ),
    }
}

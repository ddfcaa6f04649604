//! The `retell` program: the groups `phone-dir` and `phone`; every other group belongs to the next `retell`.

use std::process::ExitCode;

fn main() -> ExitCode {
    phone_dir::commands::retell::run(std::env::args_os().collect())
}

//! The `phone-dir` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    phone_dir::commands::run::run(std::env::args_os())
}

//! `phone-dir completions SHELL`

use std::ffi::OsString;

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::CompleteEnv;
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};

use super::{Exit, PrintsJson, Session};
use crate::cli::Cli;
use crate::error::{Error, Result};

/// Print the script that teaches a shell to complete phone-dir's words
///
/// Numbers, agents, workspaces and tags are completed from the directory of the current folder.
///
///   bash: echo 'source <(phone-dir completions bash)' >> ~/.bashrc
///   zsh:  echo 'source <(phone-dir completions zsh)' >> ~/.zshrc
///   fish: phone-dir completions fish > ~/.config/fish/completions/phone-dir.fish
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// Friendly interactive shell
    Fish,
}

/// The variable by which a shell asks for completions instead of running a command.
const VARIABLE: &str = "PHONE_DIR_COMPLETE";
const PROGRAM: &str = "phone-dir";

impl PrintsJson for Arguments {}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let shell: &dyn EnvCompleter = match arguments.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
    };
    let mut script = Vec::new();
    let written = shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script);
    written.map_err(|error| Error::failed("cannot write the script").caused_by(error))?;
    session.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// Answers a shell that asks for completions; says whether one did.
pub fn answer(words: &[OsString]) -> std::result::Result<bool, clap::Error> {
    if std::env::var_os(VARIABLE).is_none() {
        return Ok(false);
    }
    let folder = std::env::current_dir().ok();
    let complete = CompleteEnv::with_factory(Cli::command).var(VARIABLE).bin(PROGRAM).completer(PROGRAM);
    complete.try_complete(words, folder.as_deref())
}

//! `phone-dir completions SHELL`

use std::ffi::OsString;
use std::path::Path;

use clap::{Args, Command, CommandFactory, ValueEnum};
use clap_complete::CompleteEnv;
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};

use super::{Exit, Session};
use crate::commands::cli::Cli;
use crate::error::{Error, Result};

/// Print the script that teaches a shell to complete phone-dir's words
///
/// Numbers, agents, workspaces, tags and trunks are completed from the directory of the current folder, branches, tags
/// and the latest commits from its repository.
///
///   bash: echo 'source <(phone-dir completions bash)' >> ~/.bashrc
///   zsh:  echo 'source <(phone-dir completions zsh)' >> ~/.zshrc
///   fish: phone-dir completions fish > ~/.config/fish/completions/phone-dir.fish
///
/// `--for retell` does the same for `retell phone-dir …` and `retell phone …`. It is a script of its own, because it
/// replaces what another tool of that name may have taught the shell.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
    /// The program whose words are completed
    #[arg(long = "for", value_name = "PROGRAM", value_enum, default_value = "phone-dir")]
    program: CompletedProgram,
}

/// A program whose words can be completed; `phone-dir` answers for both, because another tool may be called `retell`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompletedProgram {
    /// `phone-dir COMMAND`
    PhoneDir,
    /// `retell phone-dir COMMAND` and `retell phone COMMAND`
    Retell,
}

impl CompletedProgram {
    fn name(self) -> &'static str {
        match self {
            Self::PhoneDir => PROGRAM,
            Self::Retell => RETELL,
        }
    }

    /// The program that a line to complete begins with.
    fn of_line(words: &[OsString]) -> Self {
        let typed = words.iter().skip_while(|word| *word != "--").nth(1);
        let name = typed.and_then(|word| Path::new(word).file_stem());
        if name.is_some_and(|name| name == RETELL) { Self::Retell } else { Self::PhoneDir }
    }

    fn command(self) -> Command {
        match self {
            Self::PhoneDir => Cli::command(),
            Self::Retell => retell(),
        }
    }
}

/// The words of `retell`: our groups only.
fn retell() -> Command {
    let own = Cli::command();
    let phone = own.find_subcommand("phone").cloned().unwrap_or_default();
    let global = own.get_arguments().filter(|argument| argument.is_global_set()).cloned();
    Command::new(RETELL).args(global).subcommand(own.clone().name(PROGRAM)).subcommand(phone)
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
const RETELL: &str = "retell";

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let shell: &dyn EnvCompleter = match arguments.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
    };
    let mut script = Vec::new();
    let name = arguments.program.name();
    let written = shell.write_registration(VARIABLE, name, name, PROGRAM, &mut script);
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
    let program = CompletedProgram::of_line(words);
    let complete = CompleteEnv::with_factory(|| program.command()).var(VARIABLE).bin(program.name()).completer(PROGRAM);
    complete.try_complete(words, folder.as_deref())
}

//! A pager as git's: long answers on a terminal go through the program that the user has chosen for them.
//!
//! It is started with the first text, never where standard output is no terminal, and never by what a repository's own
//! configuration names: what a repository says must not decide which program runs.

use std::io::{ErrorKind, IsTerminal, Write};
use std::process::{Child, Command, Stdio};
use std::sync::PoisonError;

use anstream::ColorChoice;

use super::{OutputReader, Session};
use crate::render::escape;
use crate::store::git::user_setting;

/// What is used where nothing was chosen, as in git.
const USUAL: &str = "less";
/// How less behaves where its user does not say: it ends by itself on one screen, keeps colours, and leaves the text there.
const LESS: &str = "FRX";

impl Session {
    /// Sends what is printed from now on through the user's pager, if standard output is a terminal.
    pub fn page(&self) {
        *self.pager.lock().unwrap_or_else(PoisonError::into_inner) = Pager::of(self);
    }

    /// Lets the user read to the end what went through a pager.
    pub fn end_paging(&self) {
        let pager = self.pager.lock().unwrap_or_else(PoisonError::into_inner).take();
        pager.into_iter().for_each(Pager::end);
    }

    /// Writes through the pager; none where there is none, or it cannot be started, which is said of one that was chosen.
    pub(super) fn write_to_pager(&self, text: &str) -> Option<std::io::Result<OutputReader>> {
        let mut pager = self.pager.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(command) = pager.as_mut()?.start() {
            *pager = None;
            drop(pager);
            // Nobody chose less: where it is not there, nothing is missing.
            if command != USUAL {
                self.note(&format!("warning: the pager `{}` cannot be started", escape::terminal(&command)));
            }
            return None;
        }
        pager.as_mut()?.write(text)
    }
}

/// A pager that is wanted, or runs.
#[derive(Debug)]
pub enum Pager {
    /// This command, when the first text comes.
    Wanted(String),
    /// It runs, and Ctrl-C is its own business.
    Running(Child, Option<tokio::runtime::Runtime>),
}

impl Pager {
    /// The pager of a command whose answer may be long; none where there is no terminal to scroll on.
    pub fn of(session: &Session) -> Option<Self> {
        let is_simple = session.variable("TERM").is_none_or(|terminal| terminal == "dumb");
        if !std::io::stdout().is_terminal() || cfg!(unix) && is_simple {
            return None;
        }
        let named = |name: &str| session.environment.get(std::ffi::OsStr::new(name)).and_then(|value| value.to_str());
        let chosen = named("PHONE_DIR_PAGER").or_else(|| named("GIT_PAGER")).map(str::to_owned);
        let chosen = chosen.or_else(|| user_setting("core.pager")).or_else(|| named("PAGER").map(str::to_owned));
        let command = chosen.unwrap_or_else(|| USUAL.to_owned());
        let is_none = command.trim().is_empty() || command == "cat";
        (!is_none).then_some(Self::Wanted(command))
    }

    /// Starts the pager, if it does not run yet; gives the command that cannot be started.
    pub fn start(&mut self) -> Result<(), String> {
        if let Self::Wanted(command) = self {
            *self = start(command).ok_or_else(|| command.clone())?;
        }
        Ok(())
    }

    /// Writes a text to a pager that runs.
    pub fn write(&mut self, text: &str) -> Option<std::io::Result<OutputReader>> {
        let Self::Running(child, _) = self else { return None };
        let stdin = child.stdin.as_mut()?;
        let written = if is_coloured() {
            stdin.write_all(text.as_bytes())
        } else {
            stdin.write_all(anstream::adapter::strip_str(text).to_string().as_bytes())
        };
        Some(match written {
            Ok(()) => Ok(OutputReader::Listens),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(OutputReader::Gone),
            Err(error) => Err(error),
        })
    }

    /// Lets the user read to the end.
    pub fn end(self) {
        if let Self::Running(mut child, interrupts) = self {
            drop(child.stdin.take());
            // It ends when its user is done; how it ended says nothing about the answer.
            let _ = child.wait();
            drop(interrupts);
        }
    }
}

fn is_coloured() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

/// What only a shell understands, but for the blanks between plain words.
const FOR_A_SHELL: &str = "|&;<>()$`\\\"'\n*?[#~=%";

/// Plain words name a program, of which it is known at once whether it is there; a shell would say so too late.
fn start(command: &str) -> Option<Pager> {
    let mut words = command.split_whitespace();
    let mut pager = if command.contains(|letter| FOR_A_SHELL.contains(letter)) {
        let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
        shell.args([if cfg!(windows) { "/C" } else { "-c" }, command]);
        shell
    } else {
        let mut program = Command::new(words.next()?);
        program.args(words);
        program
    };
    pager.stdin(Stdio::piped());
    for (name, value) in [("LESS", LESS), ("LV", "-c")] {
        if std::env::var_os(name).is_none() {
            pager.env(name, value);
        }
    }
    let child = pager.spawn().ok()?;
    Some(Pager::Running(child, without_interrupts()))
}

/// Leaves Ctrl-C to the pager, in which it ends a search, for as long as the runtime is kept.
#[cfg(unix)]
fn without_interrupts() -> Option<tokio::runtime::Runtime> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    {
        let _context = runtime.enter();
        signal(SignalKind::interrupt()).map(drop).ok()?;
    }
    Some(runtime)
}

#[cfg(not(unix))]
fn without_interrupts() -> Option<tokio::runtime::Runtime> {
    None
}

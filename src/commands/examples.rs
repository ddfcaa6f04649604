//! The examples at the end of each command's help and in its manual page. A test runs every line in the demo's project.

mod changes;
mod pools;
mod questions;

use clap::Command;

/// What a line of the shell is for, and the line.
pub type Example = (&'static str, &'static str);

pub type CommandExamples = (&'static str, &'static [Example]);

/// Every command's examples, in the order in which a test runs them.
pub fn all() -> impl Iterator<Item = &'static CommandExamples> {
    questions::QUESTIONS.iter().chain(pools::POOLS).chain(changes::CHANGES)
}

pub fn of(words: &str) -> &'static [Example] {
    all().find(|(command, _)| *command == words).map_or(&[], |(_, examples)| examples)
}

/// One example each of the commands of every day.
pub fn everyday() -> Vec<Example> {
    ["status", "sync", "show", "diff", "history"].iter().filter_map(|command| of(command).first()).copied().collect()
}

/// A command whose help, and that of those below it, ends with its examples; `words` are its own.
pub fn adorned(command: Command, words: &str) -> Command {
    let command = command.mut_subcommands(|inner| {
        let path = format!("{words} {}", inner.get_name());
        adorned(inner, path.trim_start())
    });
    match of(words) {
        [] => command,
        examples => command.after_help(text(examples)),
    }
}

fn text(examples: &[Example]) -> String {
    let lines = examples.iter().map(|(what, line)| format!("  # {what}\n  {line}\n"));
    format!("Examples:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
#[path = "examples_tests.rs"]
mod tests;

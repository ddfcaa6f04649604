//! The examples at the end of each command's help and in its manual page. A test runs every line in the demo's project.

mod table;

use clap::Command;

pub use self::table::EXAMPLES;

/// What a line of the shell is for, and the line.
pub type Example = (&'static str, &'static str);

/// The examples of a command.
pub fn of(words: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|(command, _)| *command == words).map_or(&[], |(_, examples)| examples)
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

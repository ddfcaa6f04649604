//! `phone-dir --help`: the commands in their groups, and each command's help with its examples.

use anstyle::Style;
use clap::{Command, CommandFactory, Subcommand};

use super::examples;
use crate::commands::cli::{Cli, Command as CliCommand, groups};

/// The widest help, in cells; clap's own lines are as wide.
const WIDEST: usize = 100;

/// The command line as it is parsed and shown.
pub fn command() -> Command {
    examples::adorned(Cli::command().help_template(template(width())), "")
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDEST, |(width, _)| usize::from(width.0)).min(WIDEST)
}

/// The whole page, with the groups where clap would list the commands in one row.
fn template(width: usize) -> String {
    let known = CliCommand::augment_subcommands(Command::new("commands"));
    let about = |name: &str| known.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
    let groups = groups();
    let indent = groups.iter().flat_map(|(_, names)| names).map(String::len).max().unwrap_or_default() + 4;
    let groups = groups.iter().map(|(heading, names)| {
        let lines = names.iter().map(|name| line(name, &about(name).unwrap_or_default(), indent, width));
        format!("{}\n{}", styled(heading), lines.collect::<String>())
    });
    format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}\n{}\n{{options}}\n\n\
         `phone-dir help COMMAND` says everything about a command, with examples.\n",
        groups.collect::<Vec<_>>().join("\n"),
        styled("Global options"),
    )
}

fn styled(heading: &str) -> String {
    let style = Style::new().bold().underline();
    format!("{style}{heading}:{style:#}")
}

/// A command's name and what it does, wrapped at words.
fn line(name: &str, about: &str, indent: usize, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = format!("  {bold}{name}{bold:#}{}", " ".repeat(indent - 2 - name.len()));
    let mut column = indent;
    for word in about.split(' ') {
        if column > indent && column + word.chars().count() >= width {
            text.push_str(&format!("\n{}", " ".repeat(indent)));
            column = indent;
        }
        let gap = usize::from(column > indent);
        text.push_str(&" ".repeat(gap));
        text.push_str(word);
        column += gap + word.chars().count();
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_name_every_command_by_its_own_name() {
        let known = CliCommand::augment_subcommands(Command::new("commands"));
        let mut shown: Vec<_> = known.get_subcommands().filter(|command| !command.is_hide_set()).collect();
        for (heading, names) in groups() {
            for name in names {
                let at = shown.iter().position(|command| command.get_name() == name);
                shown.remove(at.unwrap_or_else(|| panic!("`{name}` below `{heading}` is no command")));
            }
        }
        let left: Vec<_> = shown.iter().map(|command| command.get_name()).collect();
        assert!(left.is_empty(), "commands without a group: {left:?}");
    }

    #[test]
    fn a_line_is_wrapped_at_words() {
        let line = line("list", "one two three", 10, 20);
        assert_eq!(anstream::adapter::strip_str(&line).to_string(), "  list    one two\n          three\n");
    }
}

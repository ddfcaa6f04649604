//! Every command has examples, and every example is one of its command.

use clap::CommandFactory;

use super::*;
use crate::commands::cli::Cli;

fn commands(command: &Command, words: &str, found: &mut Vec<String>) {
    for inner in command.get_subcommands() {
        let path = format!("{words} {}", inner.get_name()).trim_start().to_owned();
        commands(inner, &path, found);
        found.push(path);
    }
}

#[test]
fn every_command_has_examples_and_every_example_a_command() {
    let mut known = Vec::new();
    commands(&Cli::command(), "", &mut known);
    known.retain(|words| !["merge-driver", "diff-driver"].contains(&words.as_str()));
    let mut shown: Vec<_> = all().map(|(words, _)| (*words).to_owned()).collect();
    known.sort();
    shown.sort();
    assert_eq!(known, shown, "src/commands/examples.rs has two or three lines for each command");
    for (words, examples) in all() {
        assert!(examples.iter().all(|(_, line)| line.contains(&format!(" {words}"))), "{words}");
        assert!((2..=3).contains(&examples.len()), "{words} has two or three examples");
    }
}

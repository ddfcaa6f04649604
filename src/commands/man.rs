//! `phone-dir man [DIR]`

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::reference::{ENVIRONMENT, EXIT_CODES, FILES};
use super::{Exit, Session, examples, overview};
use crate::error::{Error, Result};

/// Write the manual pages: one for phone-dir, and one for each command
///
/// Without DIR, phone-dir's own page is printed: `phone-dir man | man -l -`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder to write them to, such as ~/.local/share/man/man1
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints phone-dir's page, or writes all pages.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let mut root = overview::command().disable_help_subcommand(true);
    root.build();
    let pages = pages(&root);
    let Some(folder) = &arguments.folder else {
        let text = pages.first().map(|(_, text)| text.as_str()).unwrap_or_default();
        session.print(text)?;
        return Ok(Exit::Done);
    };
    let folder = session.start.join(folder);
    fs::create_dir_all(&folder).map_err(|error| Error::io("make", &folder, error))?;
    for (name, text) in pages {
        let place = folder.join(format!("{name}.1"));
        fs::write(&place, text).map_err(|error| Error::io("write", &place, error))?;
    }
    session.note(&format!("Wrote the manual pages to `{}`.", folder.display()));
    Ok(Exit::Done)
}

/// Every page by its name, phone-dir's own first.
fn pages(root: &Command) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![(root, String::new())];
    while let Some((command, words)) = open.pop() {
        for inner in command.get_subcommands() {
            open.push((inner, format!("{words} {}", inner.get_name()).trim_start().to_owned()));
        }
        found.push((page_name(&words), page(command, &words)));
    }
    found[1..].sort();
    found
}

fn page_name(words: &str) -> String {
    std::iter::once("phone-dir").chain(words.split_whitespace()).collect::<Vec<_>>().join("-")
}

fn page(command: &Command, words: &str) -> String {
    let name = page_name(words);
    // Examples have a section of their own below, and the overview's own layout is for terminals.
    let command = command.clone().display_name(name.clone()).after_help("").disable_help_subcommand(true);
    let mut page = Vec::new();
    let man = Man::new(command.clone()).title(name.to_uppercase());
    // Writing to memory does not fail.
    let _ = man.render_title(&mut page);
    let _ = man.render_name_section(&mut page);
    page.extend(synopsis(&command).into_bytes());
    let _ = man.render_description_section(&mut page);
    let _ = man.render_options_section(&mut page);
    if command.has_subcommands() {
        let _ = man.render_subcommands_section(&mut page);
    }
    String::from_utf8_lossy(&page).into_owned() + &sections(&command, words)
}

/// How the command is called, as its help says it.
fn synopsis(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let forms = usage.trim_start_matches("Usage:").lines().map(|line| escaped(line.trim()));
    format!(".SH SYNOPSIS\n{}\n", forms.filter(|form| !form.is_empty()).collect::<Vec<_>>().join("\n.br\n"))
}

fn sections(command: &Command, words: &str) -> String {
    let mut text = String::new();
    let examples = if words.is_empty() { examples::everyday() } else { examples::of(words).to_vec() };
    if !examples.is_empty() {
        let lines = examples.iter().map(|(what, line)| (format!("{what}:"), (*line).to_owned()));
        text.push_str(&section("EXAMPLES", lines));
    }
    let owned = |row: &(&str, &str)| (row.0.to_owned(), row.1.to_owned());
    text.push_str(&section("EXIT STATUS", EXIT_CODES.iter().map(owned)));
    text.push_str(&section("ENVIRONMENT", ENVIRONMENT.iter().map(owned)));
    text.push_str(&section("FILES", FILES.iter().map(|(file, what, _)| ((*file).to_owned(), (*what).to_owned()))));
    text.push_str(&see_also(command, words));
    text
}

/// A section of terms, each with its text.
fn section(heading: &str, terms: impl Iterator<Item = (String, String)>) -> String {
    let terms = terms.map(|(term, text)| format!(".TP\n\\fB{}\\fR\n{}\n", escaped(&term), escaped(&text)));
    format!(".SH \"{heading}\"\n{}", terms.collect::<String>())
}

fn see_also(command: &Command, words: &str) -> String {
    let above = words.rsplit_once(' ').map_or("", |(above, _)| above);
    let below = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    let mut named: Vec<_> = below.map(|inner| page_name(&format!("{words} {}", inner.get_name()))).collect();
    if !words.is_empty() {
        named.insert(0, page_name(above));
    }
    let named: Vec<_> = named.iter().map(|name| format!("\\fB{}\\fR(1)", escaped(name))).collect();
    format!(".SH \"SEE ALSO\"\n{}, \\fBgit\\fR(1)\n", named.join(", "))
}

/// A text as roff reads it: what would be a command or an escape stands for itself.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

//! The README and `docs/` show what the programs print, and their links lead somewhere.
//!
//! `UPDATE_README=1 cargo test --test end_to_end readme::` writes what is printed now into every page. In a `console`
//! block, lines that begin with `$ ` are commands of the shell, and what follows each is its output, both streams
//! together. The blocks of a page share one folder, one sandbox and one fixed clock, in the folder where `phone-dir demo`
//! has run. What stands between `<!-- NAME -->` and `<!-- /NAME -->` comes from the program as well.

#![cfg(unix)]

mod examples;
mod links;
mod sections;
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};

use terminal::Terminal;

/// The README is what a visitor reads before deciding; what is longer has a page in `docs/`.
const README_LINES: usize = 160;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and every page of `docs/`, in order of their names.
fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.sort();
    pages.insert(0, root().join("README.md"));
    pages
}

/// A page as the programs would have it, and the names of the generated parts that it has.
fn regenerated(text: &str) -> (String, Vec<&'static str>) {
    let mut terminal = Terminal::open();
    let demo = terminal.run("phone-dir demo");
    let mut real = terminal::with_real_output(text, &mut terminal);
    let mut used = Vec::new();
    for (name, content) in sections::all(&demo) {
        if let Some(written) = sections::with_section(&real, name, &content) {
            real = written;
            used.push(name);
        }
    }
    (real, used)
}

fn compare(page: &Path, text: &str, real: &str) {
    let name = page.strip_prefix(root()).unwrap().display();
    for (number, (written, real)) in (1..).zip(text.lines().zip(real.lines())) {
        assert_eq!(written, real, "{name}:{number} is not what is printed; `UPDATE_README=1` writes it anew");
    }
    assert_eq!(text, real, "{name} ends too early or too late; `UPDATE_README=1` writes it anew");
}

#[test]
fn the_pages_show_what_the_program_prints() {
    let mut shown = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        if !text.contains("```console") && !text.contains("<!-- ") {
            continue;
        }
        let (real, used) = regenerated(&text);
        shown.extend(used);
        if std::env::var_os("UPDATE_README").is_some() {
            fs::write(&page, real).unwrap();
        } else {
            compare(&page, &text, &real);
        }
    }
    for (name, _) in sections::all(&Terminal::open().run("phone-dir demo")) {
        assert!(shown.contains(&name), "no page has the generated part `<!-- {name} -->`");
    }
}

#[test]
fn the_readme_stays_short() {
    let lines = fs::read_to_string(root().join("README.md")).unwrap().lines().count();
    assert!(lines <= README_LINES, "the README has {lines} lines: what is longer has a page in docs/");
}

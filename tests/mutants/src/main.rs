//! Small faults for the code of phone-dir, many of them in one build, each behind a switch.
//!
//!     phone-dir-mutants list TREE PATH…        one line a fault: its index, size, forms, line and name
//!     phone-dir-mutants plant TREE OUT PATH…   reads `NUMBER INDEX FORM` by line, writes the changed files below OUT, and
//!                                              prints the bytes of each: `NUMBER START END PATH`
//!
//! A path is a file or a folder below TREE. `crate::mutant_is` is what the planted code asks; `tests/mutants/run` adds it.

mod fault;
mod find;
mod plant;
mod source;
mod values;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use fault::Fault;
use plant::Planted;
use source::{Names, Source};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &words[..] {
        ["list", tree, paths @ ..] => list(&found(Path::new(tree), paths)),
        ["plant", tree, out, paths @ ..] => write(&found(Path::new(tree), paths), Path::new(out)),
        _ => {
            eprintln!("phone-dir-mutants list TREE PATH… | plant TREE OUT PATH…");
            std::process::exit(2);
        }
    }
}

/// Every fault of the files that are asked for, in the order of their paths.
fn found(tree: &Path, paths: &[&str]) -> Vec<(Source, Vec<Fault>)> {
    let sources = source::read(tree);
    let names = Names::of(&sources);
    let is_asked = |source: &Source| paths.iter().any(|path| Path::new(&source.path).starts_with(path));
    let asked = sources.into_iter().filter(is_asked);
    asked.map(|source| (find::faults(&source, &names), source)).map(|(faults, source)| (source, faults)).collect()
}

fn list(found: &[(Source, Vec<Fault>)]) {
    for (index, fault) in found.iter().flat_map(|(_, faults)| faults).enumerate() {
        println!("{index}\t{}\t{}\t{}\t{}", fault.size.as_str(), fault.forms.len(), fault.line, fault.name);
    }
}

fn write(found: &[(Source, Vec<Fault>)], out: &Path) {
    let mut chosen = chosen();
    let mut first = 0;
    for (source, faults) in found {
        let mut planted = Vec::new();
        for (index, fault) in faults.iter().enumerate() {
            let Some((number, form)) = chosen.remove(&(first + index)) else { continue };
            planted.push(Planted { number, range: fault.range.clone(), form: &fault.forms[form] });
        }
        first += faults.len();
        let (text, places) = plant::plant(&source.text, &planted);
        for (number, place) in places {
            println!("{number}\t{}\t{}\t{}", place.start, place.end, source.path);
        }
        fs::write(out.join(&source.path), text).unwrap_or_else(|error| panic!("{}: {error}", source.path));
    }
    assert!(chosen.is_empty(), "no faults with the indexes {:?}", chosen.keys());
}

/// The faults that are to be written, by their indexes in the list: their numbers and forms.
fn chosen() -> BTreeMap<usize, (usize, usize)> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).expect("lines of numbers");
    let number = |word: &str| word.parse::<usize>().expect("a number");
    let line = |line: &str| {
        let words: Vec<usize> = line.split_whitespace().map(number).collect();
        (words[1], (words[0], words[2]))
    };
    text.lines().map(line).collect()
}

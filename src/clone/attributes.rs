//! What `.gitattributes` says of the directory's files: their line ends, and the drivers that merge and compare by number.

use super::drivers::NAME;

/// Every file of the directory: canonical form has line feeds, on Windows too.
const ALL: &str = "/phone-numbers/**/*.json";

/// The files that are merged and compared by number, from the project's root.
const BY_NUMBER: [&str; 4] = [
    "/phone-numbers/directory.json",
    "/phone-numbers/*/numbers.json",
    "/phone-numbers/*/assignments.json",
    "/phone-numbers/pools.json",
];

pub fn lines() -> String {
    let by_number = BY_NUMBER.iter().map(|pattern| format!("{pattern} diff={NAME} merge={NAME}\n"));
    std::iter::once(format!("{ALL} text eol=lf\n")).chain(by_number).collect()
}

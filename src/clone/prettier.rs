//! Prettier, which would write the directory's files in a form of its own at every save.

/// The file that names what prettier leaves alone, read in the folder where it is started.
pub const IGNORED: &str = ".prettierignore";

pub const LINES: &str = "/phone-numbers/\n";

/// The files of which any shows that a project uses prettier.
pub const SIGNS: [&str; 18] = [
    IGNORED,
    ".prettierrc",
    ".prettierrc.json",
    ".prettierrc.json5",
    ".prettierrc.yaml",
    ".prettierrc.yml",
    ".prettierrc.toml",
    ".prettierrc.js",
    ".prettierrc.mjs",
    ".prettierrc.cjs",
    ".prettierrc.ts",
    ".prettierrc.mts",
    ".prettierrc.cts",
    "prettier.config.js",
    "prettier.config.mjs",
    "prettier.config.cjs",
    "prettier.config.ts",
    "prettier.config.mts",
];

/// Whether a `package.json` names prettier, as a dependency or with its options.
pub fn is_in_package(text: &str) -> bool {
    text.contains("\"prettier\"")
}

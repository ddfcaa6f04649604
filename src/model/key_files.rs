//! Which files can hold keys, by their names: an environment file, `workspaces.json`, and the copies that editors and people
//! leave of them.

use super::names::folded;

/// What a copy of a file has at the end of its name.
const COPIES: [&str; 11] =
    ["~", ".bak", ".backup", ".orig", ".old", ".save", ".saved", ".copy", ".swp", ".swo", ".tmp"];
/// What marks an environment file as a template: it shows the names, and no values.
const TEMPLATES: [&str; 6] = ["example", "sample", "template", "dist", "tmpl", "tpl"];

/// Whether a file of this name, in whatever folder, can hold keys.
pub fn may_hold_keys(name: &str) -> bool {
    let name = folded(name);
    let original = original_of(&name);
    let parts: Vec<&str> = original.trim_start_matches('.').split('.').collect();
    if parts.iter().any(|part| TEMPLATES.contains(part)) {
        return false;
    }
    match parts.as_slice() {
        ["env" | "envrc", ..] => original.starts_with('.'),
        [_, .., "env"] | ["workspaces", .., "json"] => true,
        _ => false,
    }
}

/// The name of which this is a copy: `.env` for `.env.bak`, `.env~`, `.#.env`, `#.env#` and `..env.swp`.
fn original_of(name: &str) -> &str {
    let mut original = name.strip_prefix(".#").unwrap_or(name).trim_matches('#');
    while let Some(shorter) = COPIES.iter().find_map(|ending| original.strip_suffix(ending)) {
        original = shorter;
    }
    // vim's own files have a dot more at their start.
    if original.len() < name.len() && original.starts_with("..") { &original[1..] } else { original }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_files_and_their_copies_can_hold_keys() {
        for name in [
            ".env",
            ".ENV",
            ".env.production",
            ".env.local",
            ".envrc",
            "production.env",
            ".env.bak",
            ".env~",
            ".env.old.orig",
            "..env.swp",
            ".#.env",
            "#.env#",
            "workspaces.json",
            "Workspaces.JSON",
            "workspaces.local.json",
            "workspaces.json.bak",
            ".workspaces.json.swp",
            ".env.",
        ] {
            assert!(may_hold_keys(name), "{name}");
        }
    }

    #[test]
    fn templates_and_other_files_do_not() {
        for name in [
            ".env.example",
            ".env.sample",
            "example.env",
            "workspaces.example.json",
            "env",
            "env.rs",
            "environment.ts",
            ".environment",
            "workspaces.md",
            "my-workspaces.json",
            "README.md",
            "~",
            "x.bak",
            ".bak",
        ] {
            assert!(!may_hold_keys(name), "{name}");
        }
    }
}

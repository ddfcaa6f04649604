//! Patterns of paths, as `.gitignore` and CI services write them: `tests/**`, `*/fixtures`.

/// A pattern: `*` and `?` stand for what has no `/`, `**` for any number of folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    parts: Vec<String>,
}

impl PathPattern {
    /// Parses a pattern; none for one that could match nothing: empty, absolute, or with `.`, `..` or an empty part.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<String> = text.strip_suffix('/').unwrap_or(text).split('/').map(str::to_owned).collect();
        let is_sound = parts.iter().all(|part| !matches!(part.as_str(), "" | "." | ".."));
        is_sound.then_some(Self { parts })
    }

    /// Whether the path, or a folder above it, is meant.
    pub fn covers(&self, path: &str) -> bool {
        let path: Vec<&str> = path.split('/').collect();
        (1..=path.len()).any(|length| matches(&self.parts, &path[..length]))
    }
}

fn matches(parts: &[String], path: &[&str]) -> bool {
    match (parts.split_first(), path.split_first()) {
        (None, _) => path.is_empty(),
        (Some((part, rest)), _) if part == "**" => {
            matches(rest, path) || path.split_first().is_some_and(|(_, below)| matches(parts, below))
        }
        (Some((part, rest)), Some((name, below))) => {
            matches_name(part.as_bytes(), name.as_bytes()) && matches(rest, below)
        }
        (Some(_), None) => false,
    }
}

fn matches_name(part: &[u8], name: &[u8]) -> bool {
    match (part.split_first(), name.split_first()) {
        (None, _) => name.is_empty(),
        (Some((b'*', rest)), _) => {
            matches_name(rest, name) || name.split_first().is_some_and(|(_, below)| matches_name(part, below))
        }
        (Some((letter, rest)), Some((first, below))) => {
            (*letter == b'?' || letter == first) && matches_name(rest, below)
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        PathPattern::parse(pattern).unwrap().covers(path)
    }

    #[test]
    fn a_pattern_covers_what_it_names_and_everything_below() {
        for (pattern, path) in [
            ("tests/**", "tests/fixtures/eu/x.json"),
            ("tests", "tests/fixtures/x.json"),
            ("tests/", "tests/x"),
            ("**/fixtures", "a/b/fixtures/c"),
            ("**/fixtures/**", "fixtures/c"),
            ("a*/?b", "abc/xb/d"),
        ] {
            assert!(covers(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in
            [("tests/**", "testing/x"), ("a/*", "b/a/c"), ("*/x", "a/b/x"), ("te", "tests"), ("?", "ab")]
        {
            assert!(!covers(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_that_could_match_nothing_is_none() {
        for text in ["", "/tests", "../x", "a//b", "./a"] {
            assert_eq!(PathPattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn each_sign_of_a_pattern_stands_for_what_it_says() {
        let covers = |pattern: &str, path: &str| PathPattern::parse(pattern).unwrap().covers(path);
        for (pattern, path) in [
            ("a", "a"),
            ("a", "a/b/c"),
            ("a/", "a/b"),
            ("a/b", "a/b"),
            ("*", "abc"),
            ("a*c", "abbc"),
            ("a*c", "ac"),
            ("a?c", "abc"),
            ("**", "a/b"),
            ("**/c", "c"),
            ("**/c", "a/b/c"),
            ("a/**/c", "a/c"),
            ("a/**/c", "a/x/y/c/d"),
            ("*/b", "a/b"),
        ] {
            assert!(covers(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("a", "b"),
            ("a", "ab"),
            ("ab", "a"),
            ("a/b", "a"),
            ("a/b", "b"),
            ("a?c", "ac"),
            ("a?c", "abbc"),
            ("a*c", "abd"),
            ("*/b", "b"),
            ("*/b", "a/c/b"),
            ("a/**/c", "a/b"),
            ("**/c", "a/b"),
        ] {
            assert!(!covers(pattern, path), "{pattern} {path}");
        }
        assert!(["", "/", "/a", "a//b", "./a", "a/..", "a/."].iter().all(|text| PathPattern::parse(text).is_none()));
    }
}

//! Which names are one and the same on the file systems of macOS and Windows.

use unicode_normalization::UnicodeNormalization;

/// The name as a file system that knows neither case nor Unicode forms compares it: two names with the same folded form
/// are one file there. A path keeps its `/`.
pub fn folded(name: &str) -> String {
    let lower = if name.is_ascii() { name.to_ascii_lowercase() } else { folded_unicode(name) };
    if lower.split('/').any(|part| as_on_windows(part) != part) {
        lower.split('/').map(as_on_windows).collect::<Vec<_>>().join("/")
    } else {
        lower
    }
}

/// A name without what Windows drops at its end: dots, blanks, and the stream of a file that stands behind a colon.
fn as_on_windows(name: &str) -> &str {
    let file = name.split(':').next().filter(|file| !file.is_empty()).unwrap_or(name);
    // A name of dots alone leads elsewhere, and is no name.
    match file.trim_end_matches(['.', ' ']) {
        "" => name,
        shorter => shorter,
    }
}

/// A name that a file system which folds names takes for one of a project's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lookalike {
    /// The name, from the top of the repository.
    pub name: String,
    /// The project's own, from there too.
    pub ours: String,
    /// Where the name stands, from the project's root: `Phone-Numbers`, or `../EU/agents` for a project in `eu/`.
    pub place: String,
}

/// Whether two names are one on a file system that folds names.
pub fn are_one(left: &str, right: &str) -> bool {
    left == right || begin_alike(left, right) && folded(left) == folded(right)
}

/// Whether two names may be one as far as their first letters say: most differ there, and an index has many.
fn begin_alike(left: &str, right: &str) -> bool {
    let differ = |left: u8, right: u8| left.is_ascii() && right.is_ascii() && !left.eq_ignore_ascii_case(&right);
    left.bytes().next().zip(right.bytes().next()).is_none_or(|(left, right)| !differ(left, right))
}

/// Whether `name` is not `ours`, and the same on a file system that folds names.
pub fn is_lookalike(name: &str, ours: &str) -> bool {
    name != ours && (are_one(name, ours) || is_short_form(name, ours))
}

/// Whether `name` is what Windows may call `ours` in eight letters and an ending of three: `PHONE-~1`.
fn is_short_form(name: &str, ours: &str) -> bool {
    let (name, ours) = (folded(name), folded(ours));
    let split = |text: &str| {
        text.rsplit_once('.').map_or((text.to_owned(), String::new()), |(stem, end)| (stem.to_owned(), end.to_owned()))
    };
    let ((stem, ending), (our_stem, our_ending)) = (split(&name), split(&ours));
    let Some((start, number)) = stem.split_once('~') else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        && !start.is_empty()
        && start.len() <= 6
        && our_stem.starts_with(start)
        && our_ending.chars().take(3).eq(ending.chars())
}

fn folded_unicode(name: &str) -> String {
    let decomposed = name.nfd().filter(|letter| !is_ignored(*letter));
    decomposed.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfd().collect()
}

/// The invisible characters that HFS+ leaves out of comparisons.
fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_one_file_on_some_disk_fold_to_one() {
        for name in ["Sales", "SALES", "sale\u{17f}", "sal\u{200d}es", "sales.", "sales. "] {
            assert!(is_lookalike(name, "sales"), "{name}");
        }
        assert!(is_lookalike("des\u{212a}", "desk"), "the sign of Kelvin is a K");
        assert!(is_lookalike("sales::$INDEX_ALLOCATION", "sales"), "a stream of the folder on Windows");
        assert_eq!(folded("caf\u{e9}"), folded("cafe\u{301}"));
        assert_eq!(folded("Phone-Numbers./Production/x.json"), "phone-numbers/production/x.json");
    }

    #[test]
    fn the_short_form_of_a_long_name_is_that_name() {
        assert!(is_lookalike("PHONE-~1", "phone-numbers") && is_lookalike("worksp~12.jso", "workspaces.json"));
        for (name, ours) in [
            ("phone-~x", "phone-numbers"),
            ("~1", "agents"),
            ("PHONE-~1.TXT", "phone-numbers"),
            ("phone-1", "phone-numbers"),
        ] {
            assert!(!is_lookalike(name, ours), "{name}");
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for name in ["sales", "sale", "sales-2", "s\u{e4}les", "sales/x"] {
            assert!(!is_lookalike(name, "sales"), "{name}");
        }
        assert_ne!(folded("../x"), folded("x"));
    }
}

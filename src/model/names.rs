//! Which names are one and the same on the file systems of macOS and Windows.

use unicode_normalization::UnicodeNormalization;

/// The name as a file system that knows neither case nor Unicode forms compares it: two names with the same folded form
/// are one file there. A path keeps its `/`.
pub fn folded(name: &str) -> String {
    let lower = if name.is_ascii() { name.to_ascii_lowercase() } else { folded_unicode(name) };
    // Windows drops these at the end of a name.
    let dropped = ['.', ' '];
    if lower.split('/').any(|part| part.ends_with(dropped)) {
        lower.split('/').map(|part| part.trim_end_matches(dropped)).collect::<Vec<_>>().join("/")
    } else {
        lower
    }
}

/// Whether `name` is not `ours`, and the same on a file system that folds names.
pub fn is_lookalike(name: &str, ours: &str) -> bool {
    name != ours && folded(name) == ours
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
        assert_eq!(folded("caf\u{e9}"), folded("cafe\u{301}"));
        assert_eq!(folded("Phone-Numbers./Production/x.json"), "phone-numbers/production/x.json");
    }

    #[test]
    fn other_names_stay_apart() {
        for name in ["sales", "sale", "sales-2", "s\u{e4}les", "sales/x"] {
            assert!(!is_lookalike(name, "sales"), "{name}");
        }
        assert_ne!(folded("../x"), folded("x"));
    }
}

//! The comparison by text knows the layout of the canonical form. Here it meets every field that a file may have, so that a
//! new one cannot make every comparison parse both files whole, unnoticed.

use phone_dir::diff::listed::Listed;
use phone_dir::diff::text;
use phone_dir::model::canonical;
use phone_dir::model::version::FormatVersion;
use proptest::prelude::*;

use crate::strategies::files;

/// Compares two files, if both have entries; they are in order, and of a version that this program reads.
fn are_compared_by_text<F: Listed + Clone>(one: &F, other: &F) -> Result<(), TestCaseError> {
    let is_empty = |file: &F| file.clone().into_entries().is_empty();
    prop_assume!(!is_empty(one) && !is_empty(other));
    let texts = [one, other].map(canonical::to_text);
    for text in &texts {
        prop_assert!(text::is_whole::<F>(text.as_bytes()), "{}", text);
        prop_assert!(text::without_entries::<F>(text.as_bytes()).is_some(), "{}", text);
    }
    let pairs = text::pairs::<F>(texts[0].as_bytes(), texts[1].as_bytes());
    prop_assert!(pairs.is_some(), "{}\n{}", texts[0], texts[1]);
    Ok(())
}

proptest! {
    #[test]
    fn two_master_files_are_compared_by_text(mut one in files::master_file(), mut other in files::master_file()) {
        for file in [&mut one, &mut other] {
            file.version = FormatVersion::current();
        }
        are_compared_by_text(&one, &other)?;
    }

    #[test]
    fn two_registries_are_compared_by_text(mut one in files::numbers_file(), mut other in files::numbers_file()) {
        for file in [&mut one, &mut other] {
            file.numbers.sort_by_key(|entry| entry.phone_number);
            file.numbers.dedup_by_key(|entry| entry.phone_number);
        }
        are_compared_by_text(&one, &other)?;
    }

    #[test]
    fn two_lists_of_assignments_are_compared_by_text(
        mut one in files::assignments_file(), mut other in files::assignments_file(),
    ) {
        for file in [&mut one, &mut other] {
            file.assignments.sort_by_key(|entry| entry.phone_number);
            file.assignments.dedup_by_key(|entry| entry.phone_number);
        }
        are_compared_by_text(&one, &other)?;
    }
}

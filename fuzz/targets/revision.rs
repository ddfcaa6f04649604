//! The grammar of revisions: what is accepted is what it was, and reaches none of git's searches.

#![no_main]

use libfuzzer_sys::fuzz_target;
use phone_dir::model::{PhoneNumber, Timestamp};
use phone_dir::store::path::ProjectPath;
use phone_dir::store::revision::{Revision, RevisionRange};

fuzz_target!(|text: &str| {
    if let Ok(revision) = Revision::parse(text) {
        assert_eq!(revision.as_str(), text);
        assert!(!text.starts_with('-') && !text.contains(":/") && !text.contains("^{/"), "{text:?}");
        assert!(!text.contains("..") && !text.chars().any(char::is_control), "{text:?}");
        // A date in `@{…}` has blanks; nothing else has.
        let name = text.split("@{").next().unwrap_or_default();
        assert!(!name.contains(' '), "{text:?}");
    }
    let _none_without_dots = RevisionRange::parse(text);
    if let Ok(path) = ProjectPath::parse(text) {
        assert!(path.parts().all(|part| !part.is_empty() && part != ".." && !part.eq_ignore_ascii_case(".git")));
    }
    if let Ok(number) = PhoneNumber::parse(text) {
        assert_eq!(number.to_string(), text);
    }
    if let Ok(time) = Timestamp::parse(text) {
        assert_eq!(Timestamp::parse(&time.to_string()).ok(), Some(time));
    }
});

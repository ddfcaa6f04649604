//! The merge driver: three versions of a file, separated by a zero byte, behind a byte that says of which kind. Merging
//! never panics, and what merges without a conflict is a file of its kind again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use phone_dir::merge::stored::{Versions, merge};
use phone_dir::merge::text::{self, Labels};
use phone_dir::model::AgentFolders;
use phone_dir::model::paths::FileKind;

const PATHS: [&str; 3] =
    ["phone-numbers/directory.json", "phone-numbers/staging/numbers.json", "phone-numbers/staging/assignments.json"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let kind = FileKind::of(PATHS[usize::from(*first) % PATHS.len()]).expect("a file of the directory");
    let mut parts = rest.split(|byte| *byte == 0);
    let [base, ours, theirs] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let (folders, labels) = (AgentFolders::default(), Labels::default());
    let Ok(merged) = merge(&kind, Versions { base, ours, theirs }, &folders, &labels) else { return };
    if merged.conflicts.is_empty() {
        let bytes = merged.text.as_bytes();
        let again = merge(&kind, Versions { base: bytes, ours: bytes, theirs: bytes }, &folders, &labels);
        assert_eq!(again.expect("the result is a file of its kind").text, merged.text);
    } else {
        text::read(&merged.text, labels.marker_size).expect("the markers that were written are found");
    }
});

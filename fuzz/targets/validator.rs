//! The validator: whatever stands in a project's files, it ends, it says the same twice, and no format of its report
//! steers a terminal. Files are separated by a line `--- PATH`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use phone_dir::model::{Day, Timestamp};
use phone_dir::model::paths;
use phone_dir::render::escape::is_treacherous;
use phone_dir::render::validate::{Detail, FindingsFormat};
use phone_dir::snapshot::Snapshot;
use phone_dir::validate::{Occasion, Settings, Source, fix, validate};

fuzz_target!(|bytes: &[u8]| {
    let snapshot = project(bytes);
    let settings = Settings::of(snapshot.bytes(paths::SETTINGS));
    let now = Timestamp::parse("2025-11-19T12:00:00Z").expect("a time");
    for source in [Source::Worktree, Source::Index] {
        let occasion = Occasion::new(source, now);
        let Ok(report) = validate(&snapshot, &settings, &occasion) else { return };
        for format in [FindingsFormat::Human(Detail::Full), FindingsFormat::Json, FindingsFormat::Sarif, FindingsFormat::Github, FindingsFormat::Markdown] {
            let mut shown = Vec::new();
            format.write(&report, &mut shown).expect("writing to memory");
            let shown = without_styles(String::from_utf8(shown).expect("reports are UTF-8"));
            assert!(!shown.chars().any(|letter| letter != '\n' && is_treacherous(letter)), "{format:?}");
            assert!(!shown.contains("##["), "{format:?}");
        }
    }
    let _none_where_nothing_can_be_read = fix::repairs(&snapshot, None, Day::of(now));
});

/// Takes out the styles of the report itself, which are gone wherever no terminal shows them.
fn without_styles(text: String) -> String {
    ["0", "1", "2", "31", "32", "33"].iter().fold(text, |text, code| text.replace(&format!("\u{1b}[{code}m"), ""))
}

fn project(bytes: &[u8]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    let (mut path, mut start) = (paths::MASTER.to_owned(), 0);
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(b"--- ") {
            snapshot.insert(path, &bytes[start..at]);
            path = String::from_utf8_lossy(name.trim_ascii()).into_owned();
            start = at + line.len();
        }
        at += line.len();
    }
    snapshot.insert(path, &bytes[start..]);
    snapshot
}

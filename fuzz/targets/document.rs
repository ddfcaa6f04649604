//! The document reader: whatever the text, each place that it names lies in the text, between characters.

#![no_main]

use libfuzzer_sys::fuzz_target;
use phone_dir::document::{Document, escape, unescape};

fuzz_target!(|text: &str| {
    let document = Document::new(text);
    // The first line is a pointer too, so that the fuzzer can look for places.
    let pointer = text.lines().next().unwrap_or_default();
    for pointer in ["", "/numbers", "/0", pointer] {
        for spans in [document.find(pointer), document.nearest(pointer)].into_iter().flatten() {
            for span in [Some(spans.value), spans.key].into_iter().flatten() {
                assert!(text.get(span).is_some(), "a place outside of the text");
            }
        }
    }
    document.duplicates();
    assert_eq!(unescape(&escape(pointer)), pointer);
});

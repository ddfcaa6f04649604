//! The canonical form of a file: what `JSON.stringify(value, null, 2)` prints, and a newline.
//!
//! Key order is the order of the struct's fields and of the maps' keys, so every value of the model has
//! exactly one text.

use serde::Serialize;

/// Writes a value of the model in canonical form.
///
/// # Panics
/// Never for the model's types: their maps have text keys and nothing in them can fail to serialize.
pub fn to_text<T: Serialize>(value: &T) -> String {
    // serde_json's pretty form is JSON.stringify's: two blanks, one element a line, the same escapes, and
    // empty arrays and objects closed on the spot. `Weight` writes its own numbers.
    let mut text = serde_json::to_string_pretty(value).expect("the model's types always serialize");
    text.push('\n');
    text
}

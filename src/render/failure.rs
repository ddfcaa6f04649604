//! How an error reaches a person, and how it reaches a program.

use serde::Serialize;

use super::escape::{self, terminal};
use crate::error::{Error, ErrorKind};

/// The version of every JSON object that this program prints.
pub const FORMAT_VERSION: u32 = 1;

/// The error as text: what, why, and what to do next.
pub fn human(error: &Error) -> String {
    // Who says no has made no mistake.
    let heading = if error.kind() == ErrorKind::Declined { "" } else { "error: " };
    let mut text = format!("{heading}{}\n", terminal_lines(error.message()));
    for cause in error.causes() {
        text.push_str(&format!("  caused by: {}\n", terminal_lines(&cause)));
    }
    if let Some(hint) = error.hint_text() {
        text.push_str(&format!("  hint: {}\n", terminal_lines(hint)));
    }
    if let Some(flag) = error.allow_flag() {
        text.push_str(&format!("  to allow exactly this: {}\n", terminal(flag)));
    }
    text
}

/// Keeps the line breaks that the message itself has; nothing else in it may steer the terminal.
fn terminal_lines(text: &str) -> String {
    text.split('\n').map(|line| terminal(line).into_owned()).collect::<Vec<_>>().join("\n  ")
}

#[derive(Serialize)]
struct Failure<'a> {
    format_version: u32,
    status: &'static str,
    error: Details<'a>,
}

/// The `error` object of machine-readable output.
#[derive(Serialize)]
pub struct Details<'a> {
    message: &'a str,
    hint: Option<&'a str>,
    allow_flag: Option<&'a str>,
}

impl<'a> Details<'a> {
    pub fn of(error: &'a Error) -> Self {
        Self { message: error.message(), hint: error.hint_text(), allow_flag: error.allow_flag() }
    }
}

pub fn json(error: &Error) -> String {
    let failure = Failure { format_version: FORMAT_VERSION, status: error.kind().status(), error: Details::of(error) };
    escape::json_of(&failure)
}

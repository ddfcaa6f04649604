//! A fault: one small change of the code that a switch turns on, in one or several ways of writing it.

use std::ops::Range;

/// What the text of the switch says where the fault's number goes.
const NUMBER: &str = "\u{0}";

/// How large the damage is: the one that any test notices, and the one that needs a test of just this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Gross,
    Subtle,
}

impl Size {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gross => "gross",
            Self::Subtle => "subtle",
        }
    }
}

/// What stands before and behind the original text while the fault is in the code.
#[derive(Clone, Debug)]
pub struct Form {
    before: String,
    after: String,
}

impl Form {
    /// `match` rather than `if`: what it makes lives as long as what the original expression makes.
    pub fn instead(mutated: &str) -> Self {
        Self {
            before: format!("(match crate::mutant_is({NUMBER}) {{ false => "),
            after: format!(", true => {mutated} }})"),
        }
    }

    /// A place behind a reference, for what is read where it is.
    pub fn place(mutated: &str, reference: &str) -> Self {
        Self {
            before: format!("(*match crate::mutant_is({NUMBER}) {{ false => {reference} "),
            after: format!(", true => {reference} {mutated} }})"),
        }
    }

    /// Code at a place where there was none.
    pub fn inserted(text: &str) -> Self {
        Self { before: text.replace("MUTANT", &switch()), after: String::new() }
    }

    /// Any other text around the original.
    pub fn around(before: &str, after: &str) -> Self {
        Self { before: before.replace("MUTANT", &switch()), after: after.replace("MUTANT", &switch()) }
    }

    pub fn before(&self, number: usize) -> String {
        self.before.replace(NUMBER, &number.to_string())
    }

    pub fn after(&self, number: usize) -> String {
        self.after.replace(NUMBER, &number.to_string())
    }
}

fn switch() -> String {
    format!("crate::mutant_is({NUMBER})")
}

/// One fault of a file.
#[derive(Clone, Debug)]
pub struct Fault {
    pub line: usize,
    pub size: Size,
    /// The function, the kind of the fault and the text that it changes: the same when lines move.
    pub name: String,
    /// The bytes of the file around which the switch is written.
    pub range: Range<usize>,
    /// The first one that compiles is taken.
    pub forms: Vec<Form>,
}

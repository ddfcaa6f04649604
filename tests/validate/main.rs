//! The validator from outside: each rule with a project that breaks it and one that just does not, the texts
//! that are no JSON, the settings, and every output format.

mod cases;
mod formats;
mod hostile;
mod project;
mod ranges;
mod repairs;
mod rules;
mod settings;
mod texts;

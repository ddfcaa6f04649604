//! Output formats: from plain values of the library to bytes that a terminal, a program or a web page reads.

pub mod inert;
pub mod validate;
